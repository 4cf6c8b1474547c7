/**
 * Reads an old xls workbook in a process of its own, limited in memory, time and rights by its parent, and prints
 * cell texts only: one JSON line per sheet head, row, and the end. Bytes come in on stdin; nothing else is touched.
 */
import { createRequire } from 'node:module';
import { lookOfCode, numberText, tidyText } from './cell-text.ts';
import { limits } from './sheet.ts';

type Cell = { t: string; v?: unknown; w?: string; z?: string | number };
type Merge = { s: { r: number; c: number }; e: { r: number; c: number } };
type Worksheet = { '!data'?: (Cell | undefined)[][]; '!merges'?: Merge[] };
type Workbook = {
  SheetNames: string[];
  Sheets: Record<string, Worksheet>;
  Workbook?: { WBProps?: { date1904?: boolean }; Sheets?: { Hidden?: number }[] };
};

const chunks: Buffer[] = [];
for await (const chunk of process.stdin) chunks.push(chunk as Buffer);

const lines: string[] = [];
try {
  const xlsx = createRequire(import.meta.url)('@e965/xlsx') as { read(data: Buffer, options: object): Workbook };
  const book = xlsx.read(Buffer.concat(chunks), {
    type: 'buffer',
    dense: true,
    cellNF: true,
    cellDates: false,
    cellFormula: false,
    cellHTML: false,
    cellText: false,
    bookVBA: false,
    sheetRows: 65_536,
  });
  const date1904 = book.Workbook?.WBProps?.date1904 ?? false;
  book.SheetNames.forEach((name, index) => {
    const sheet = book.Sheets[name] ?? {};
    const merges = (sheet['!merges'] ?? []).map(({ s, e }) => ({
      top: s.r + 1,
      left: s.c + 1,
      bottom: e.r + 1,
      right: e.c + 1,
    }));
    lines.push(JSON.stringify({ sheet: name, hidden: (book.Workbook?.Sheets?.[index]?.Hidden ?? 0) !== 0, merges }));
    sheet['!data']?.forEach((row, at) => {
      const cells: string[] = [];
      row?.forEach((cell, column) => {
        const text = cell ? cellText(cell, date1904) : '';
        if (text === '' || column > limits.columns) return;
        while (cells.length < column) cells.push('');
        cells[column] = text;
      });
      if (cells.length > 0) lines.push(JSON.stringify({ row: at + 1, cells }));
    });
  });
  lines.push(JSON.stringify({ end: true }));
} catch (error) {
  lines.length = 0;
  lines.push(JSON.stringify({ failed: /password|encrypt/i.test(String(error)) ? 'password' : 'damaged' }));
}
process.stdout.write(`${lines.join('\n')}\n`);

function cellText(cell: Cell, date1904: boolean): string {
  if (cell.t === 'n' && typeof cell.v === 'number') {
    return numberText(cell.v, typeof cell.z === 'string' ? lookOfCode(cell.z) : '', date1904);
  }
  if (cell.t === 's') return tidyText(String(cell.v ?? ''));
  if (cell.t === 'b') return cell.v ? 'TRUE' : 'FALSE';
  if (cell.t === 'e') return cell.w ?? '#N/A';
  return '';
}
