import { limits, type Row } from './sheet.ts';

/** A merged block, 1-based and inclusive. */
export type Merge = { top: number; left: number; bottom: number; right: number };

export function parseRange(ref: string): Merge | undefined {
  const match = /^\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})$/.exec(ref);
  if (!match) return undefined;
  return {
    left: columnNumber(match[1]!),
    top: Number(match[2]),
    right: columnNumber(match[3]!),
    bottom: Number(match[4]),
  };
}

/** Rows above this line may be headers: there a block repeats its text to the right too. */
const headerZone = 30;

/**
 * Fills merged cells from their master. Downwards everywhere (a sub-district written once for its ten estates),
 * to the right only where headers live, so that a merged figure is never counted twice.
 */
export async function* fillMerges(rows: AsyncIterable<Row> | Iterable<Row>, merges: Merge[]): AsyncGenerator<Row> {
  const waiting = [...merges].sort((a, b) => a.top - b.top);
  let next = 0;
  let open: { merge: Merge; text: string }[] = [];
  for await (const row of rows) {
    while (next < waiting.length && waiting[next]!.top <= row.number) {
      const merge = waiting[next]!;
      open.push({ merge, text: merge.top === row.number ? (row.cells[merge.left - 1] ?? '') : '' });
      next += 1;
    }
    open = open.filter(({ merge }) => merge.bottom >= row.number);
    if (open.length > 0 && row.cells.some((cell) => cell !== '')) {
      for (const { merge, text } of open) {
        if (text === '') continue;
        const right = merge.top <= headerZone ? Math.min(merge.right, limits.columns) : merge.left;
        for (let column = merge.left; column <= right; column += 1) {
          while (row.cells.length < column) row.cells.push('');
          row.cells[column - 1] = text;
        }
      }
    }
    yield row;
  }
}

function columnNumber(letters: string): number {
  let number = 0;
  for (const letter of letters) number = number * 26 + letter.charCodeAt(0) - 64;
  return number;
}
