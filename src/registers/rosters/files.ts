/** From a sealed upload to sheets and rows. The file is the only place where the sender's own text is kept. */
import type { Transaction } from '../../platform/database.ts';
import type { FileStore } from '../../platform/files.ts';
import {
  guessHeader,
  headerAt,
  isSummaryRow,
  matchColumns,
  type Row,
  readCell,
  readPasted,
  readWorkbook,
  type Sheet,
  SpreadsheetRefused,
} from '../../platform/spreadsheets/index.ts';
import type { RosterKind } from './kind.ts';
import type { Batch, MappedColumn, Outline, SheetOutline } from './rosters.ts';
import { veilRows } from './rules.ts';

export async function openSheets(
  tx: Transaction,
  files: FileStore,
  batch: Batch,
  { ahead = false }: { ahead?: boolean } = {},
): Promise<{ sheets: Sheet[]; notes: string[] }> {
  const file = await files.get(tx, batch.fileDigest);
  if (!file) throw new SpreadsheetRefused('上传的文件已过保存期，请重新上传');
  const read =
    batch.origin === 'paste'
      ? readPasted(file.bytes.toString('utf8'))
      : await readWorkbook(file.bytes, { name: batch.fileName, ahead });
  if (!read.ok) throw new SpreadsheetRefused(read.problem);
  return read;
}

/**
 * The rows of the chosen sheet, and which of them are data: those below the header that say anything in a mapped column; totals and
 * signatures are passed over. Told apart by a function and not in a generator of its own, because every generator costs each row a turn.
 */
export function dataOf(
  sheets: readonly Sheet[],
  batch: Batch,
): { rows: AsyncIterable<Row>; isData: (row: Row) => boolean } {
  const sheet = sheets.find((one) => one.name === batch.sheet);
  const { mapping } = batch;
  if (!sheet || !mapping) throw new SpreadsheetRefused('找不到选定的工作表，请重新上传');
  const mapped = mapping.columns.filter((one) => one.key !== null).map((one) => one.index);
  return {
    rows: sheet.rows,
    isData: (row) =>
      row.number >= mapping.dataFrom && mapped.some((index) => (row.cells[index] ?? '') !== '') && !isSummaryRow(row),
  };
}

/** One field of every row, for what is never staged. */
export async function readField(
  sheets: readonly Sheet[],
  batch: Batch,
  kind: RosterKind,
  key: string,
): Promise<Map<number, string>> {
  const field = kind.fields.find((one) => one.key === key)!;
  const column = batch.mapping?.columns.find((one) => one.key === key);
  const found = new Map<number, string>();
  if (!column) return found;
  const { rows, isData } = dataOf(sheets, batch);
  for await (const row of rows) {
    if (!isData(row)) continue;
    const read = readCell(row.cells[column.index] ?? '', field, column.unit);
    if ('value' in read && typeof read.value === 'string') found.set(row.number, read.value);
  }
  return found;
}

const shownRows = 40;
const shownColumns = 80;
const shownText = 80;

/** The beginning of every sheet, with the header guessed. */
export async function outlineOf(
  read: { sheets: Sheet[]; notes: string[] },
  kind: RosterKind,
  remembered: Readonly<Record<string, string | null>>,
): Promise<Outline> {
  const sheets: SheetOutline[] = [];
  let best: { name: string; score: number } | undefined;
  let template: string | null = null;
  for (const sheet of read.sheets) {
    const rows: Row[] = [];
    for await (const row of sheet.rows) {
      rows.push(row);
      if (rows.length >= shownRows) break;
    }
    const header = guessHeader(rows, kind.fields) ?? null;
    if (header?.template) template ??= header.template.name;
    const score = header
      ? matchColumns(header.columns, kind.fields, remembered).length +
        (header.template ? 100 : 0) -
        (sheet.hidden ? 50 : 0)
      : -1;
    if (score > (best?.score ?? -1)) best = { name: sheet.name, score };
    sheets.push({
      name: sheet.name,
      hidden: sheet.hidden,
      header,
      rows: veilRows(rows).map(({ number, cells }) => ({
        number,
        cells: cells.slice(0, shownColumns).map((cell) => cell.slice(0, shownText)),
      })),
    });
  }
  return { kind: kind.code, sheets, suggestedSheet: best?.name ?? null, template, notes: read.notes };
}

/** The columns under a header row, each with the field it probably stands for. */
export function columnsOf(
  outline: Outline,
  sheetName: string,
  headerRow: number | undefined,
  kind: RosterKind,
  remembered: Readonly<Record<string, string | null>>,
): { headerRow: number; dataFrom: number; columns: (MappedColumn & { confidence: number })[] } | undefined {
  const sheet = outline.sheets.find((one) => one.name === sheetName);
  if (!sheet) return undefined;
  const header =
    headerRow === undefined || headerRow === sheet.header?.row ? sheet.header : headerAt(sheet.rows, headerRow);
  if (!header) return undefined;
  const matches = new Map(matchColumns(header.columns, kind.fields, remembered).map((match) => [match.index, match]));
  return {
    headerRow: header.row,
    dataFrom: header.dataFrom,
    columns: header.columns
      .filter((column) => !column.ignored)
      .map(({ index, title }) => {
        const match = matches.get(index);
        return { index, title, key: match?.key ?? null, unit: match?.unit, confidence: match?.confidence ?? 0 };
      }),
  };
}
