/** The nouns of a workbook that came in: rows of cell texts that still know their row number. */

/** `number` is the row number the sender sees in Excel (1-based); `cells[0]` is column A. */
export type Row = { number: number; cells: string[] };

/** Rows arrive as a stream; iterating may throw `SpreadsheetRefused` when a limit is met on the way. */
export type Sheet = {
  name: string;
  hidden: boolean;
  /** About how many rows there are, known before they are read: for saying how far one has come, and for nothing else. */
  about: number;
  rows: AsyncIterable<Row>;
};

export type WorkbookKind = 'xlsx' | 'xls' | 'csv' | 'pasted';

export type WorkbookRead =
  | { ok: true; kind: WorkbookKind; sheets: Sheet[]; notes: string[] }
  | { ok: false; problem: string };

/** What one upload may weigh (ux.md 6.7). Title, key and header rows come on top of the 50,000. */
export const limits = {
  bytes: 20 * 1024 * 1024,
  rows: 50_000,
  headRows: 20,
  columns: 200,
  cells: 4_000_000,
  cellText: 32_767,
} as const;

/** Thrown inside the readers and out of a row stream, because a stream has no other way to say no; its message is for the sender. */
export class SpreadsheetRefused extends Error {
  override name = 'SpreadsheetRefused';
}

export const resave = '请用 Excel 或 WPS 打开，另存为“Excel 工作簿(*.xlsx)”后再上传';

/** All rows of one sheet; a limit met on the way comes back as a value. */
export async function collectRows(sheet: Sheet): Promise<{ ok: true; rows: Row[] } | { ok: false; problem: string }> {
  const rows: Row[] = [];
  try {
    for await (const row of sheet.rows) rows.push(row);
  } catch (error) {
    if (error instanceof SpreadsheetRefused) return { ok: false, problem: error.message };
    throw error;
  }
  return { ok: true, rows };
}

/** Passes rows on until one limit is crossed; empty rows are dropped but keep their number in the count of others. */
export async function* withinLimits(rows: AsyncIterable<Row> | Iterable<Row>): AsyncGenerator<Row> {
  let count = 0;
  let cells = 0;
  for await (const row of rows) {
    while (row.cells.length > 0 && row.cells[row.cells.length - 1] === '') row.cells.pop();
    if (row.cells.length === 0) continue;
    if (row.cells.length > limits.columns) {
      throw new SpreadsheetRefused(
        `第 ${row.number} 行有 ${row.cells.length} 列，超过 ${limits.columns} 列。请删去不需要的列后再上传`,
      );
    }
    count += 1;
    if (count > limits.rows + limits.headRows) {
      throw new SpreadsheetRefused(`超过 ${limits.rows} 行。请拆成几个文件分别上传`);
    }
    cells += row.cells.length;
    if (cells > limits.cells) throw new SpreadsheetRefused('单元格过多。请删去不需要的列，或拆成几个文件分别上传');
    yield row;
  }
}

/** 0 → A, 25 → Z, 26 → AA. */
export function columnLetters(index: number): string {
  let letters = '';
  for (let rest = index + 1; rest > 0; rest = Math.floor((rest - 1) / 26)) {
    letters = String.fromCharCode(65 + ((rest - 1) % 26)) + letters;
  }
  return letters;
}

/** “第 17 行 证件号码(I17)：校验位不对” — the one form in which a wrong cell is reported. */
export function describeProblem(place: { row: number; index: number; title: string }, problem: string): string {
  return `第 ${place.row} 行 ${place.title}(${columnLetters(place.index)}${place.row})：${problem}`;
}
