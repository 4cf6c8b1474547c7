/** Workbooks that leave the house: streamed, with real numbers and dates, and no cell that could run as a formula. */
import { Writable } from 'node:stream';
import type { AddWorksheetOptions, stream as ExcelStream, PaperSize, Style, Worksheet } from 'exceljs';
import { isFormulaLike } from './cells.ts';

export type ExportKind = 'text' | 'integer' | 'number' | 'area' | 'money' | 'date' | 'percent' | 'yesNo';

/**
 * area: bigint in 0.01 m²; money: bigint in fen; date: 'YYYY-MM-DD'; percent: a share of 1, or null when there is
 * nothing to divide by. `unknown` is written for null: '待补' where a fact is missing, '' (default) where none is due. `under`: the column
 * of the list it is shown in, where that one has another title.
 */
export type ExportColumn = { title: string; kind: ExportKind; width?: number; unknown?: string; under?: string };
export type ExportValue = string | number | bigint | boolean | null | undefined;
export type ExportRow = readonly ExportValue[];

export type ExportSheet = {
  name: string;
  title?: string;
  /** 口径 and filters: one line each above the table. */
  notes?: readonly string[];
  columns: readonly ExportColumn[];
  rows: Iterable<ExportRow> | AsyncIterable<ExportRow>;
};

export type ExportWorkbook = {
  sheets: readonly ExportSheet[];
  /** 导出人 with the post acted in, and the moment as it should read, e.g. 2026-11-22 14:05. */
  exportedBy: string;
  exportedAt: string;
  /** Writes the 演示数据 line on every sheet. */
  demo?: boolean;
};

type Writer = ExcelStream.xlsx.WorkbookWriter;

const rowsPerSheet = 1_048_575;
const rowsPerBreath = 1_000;

export async function writeWorkbook(workbook: ExportWorkbook): Promise<Buffer> {
  return await toBuffer(async (target) => await streamWorkbook(workbook, target));
}

export async function streamWorkbook(workbook: ExportWorkbook, target: Writable): Promise<void> {
  const writer = await openWriter(target, workbook.exportedBy);
  const names = new Set<string>();
  for (const sheet of workbook.sheets) await writeSheet(writer, sheet, workbook, names);
  await writer.commit();
}

/** Landscape, all columns on one page, the head on each; A3 where so many columns could not be read on A4. */
export function onPaper(headRow: number, columns: number): Pick<AddWorksheetOptions, 'pageSetup' | 'headerFooter'> {
  return {
    pageSetup: {
      // The library's types leave out A3.
      paperSize: (columns > 16 ? 8 : 9) as PaperSize,
      orientation: 'landscape',
      fitToPage: true,
      fitToWidth: 1,
      fitToHeight: 0,
      margins: { left: 0.5, right: 0.5, top: 0.6, bottom: 0.6, header: 0.3, footer: 0.3 },
      printTitlesRow: `${headRow}:${headRow}`,
    },
    headerFooter: { oddFooter: '&C第 &P 页，共 &N 页' },
  };
}

/** exceljs is loaded with the first workbook that is written, not with the server. */
export async function openWriter(target: Writable, creator: string): Promise<Writer> {
  const { default: excel } = await import('exceljs');
  const writer = new excel.stream.xlsx.WorkbookWriter({ stream: target, useStyles: true, useSharedStrings: false });
  writer.creator = creator;
  writer.lastModifiedBy = creator;
  markTextAsQuoted(writer);
  return writer;
}

export async function toBuffer(write: (target: Writable) => Promise<void>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const target = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      done();
    },
  });
  await write(target);
  return Buffer.concat(chunks);
}

/** Sheet names that Excel accepts, no two alike. */
export function sheetName(wanted: string, taken: Set<string>): string {
  const base =
    wanted
      .replace(/[[\]:*?/\\']/g, ' ')
      .trim()
      .slice(0, 31) || '表';
  for (let number = 1; ; number += 1) {
    const suffix = number === 1 ? '' : `(${number})`;
    const name = base.slice(0, 31 - suffix.length) + suffix;
    if (taken.has(name.toLowerCase())) continue;
    taken.add(name.toLowerCase());
    return name;
  }
}

export const headerStyle: Partial<Style> = {
  font: { bold: true },
  fill: { type: 'pattern', pattern: 'solid', fgColor: { argb: 'FFF0EEE6' } },
  alignment: { vertical: 'middle', horizontal: 'center', wrapText: true },
  border: { bottom: { style: 'thin', color: { argb: 'FF8C8C8C' } } },
};

const LINE_POINTS = 15;
const wrapped: Partial<Style['alignment']> = { wrapText: true, vertical: 'middle' };
const centred: Partial<Style['alignment']> = { horizontal: 'center', vertical: 'middle' };

const formats: Record<ExportKind, string> = {
  text: '',
  yesNo: '',
  integer: '#,##0',
  number: '#,##0.##',
  area: '#,##0.00',
  money: '#,##0.00',
  date: 'yyyy-mm-dd',
  percent: '0.0%',
};

async function writeSheet(
  writer: Writer,
  sheet: ExportSheet,
  workbook: ExportWorkbook,
  names: Set<string>,
): Promise<void> {
  const head = [
    ...(sheet.notes ?? []).map((note) => `口径：${note.replace(/^口径[:：]/, '')}`),
    `导出人：${workbook.exportedBy}　导出时间：${workbook.exportedAt}`,
    ...(workbook.demo ? ['演示数据：均为虚构，不得作为依据'] : []),
  ];
  const headRows = 1 + head.length;
  const widths = sheet.columns.map(({ title, kind, width }) => width ?? defaultWidth(title, kind));
  const open = () => {
    const page = writer.addWorksheet(sheetName(sheet.name, names), {
      views: [{ state: 'frozen', ySplit: headRows + 1 }],
      ...onPaper(headRows + 1, sheet.columns.length),
    });
    page.columns = widths.map((width) => ({ width, style: { alignment: { vertical: 'middle' } } }));
    addLine(page, sheet.title ?? sheet.name, { bold: true, size: 14 });
    for (const line of head) addLine(page, line, { color: { argb: 'FF595959' } });
    const header = page.addRow(sheet.columns.map(({ title }) => title));
    header.eachCell((cell) => {
      cell.style = headerStyle;
      if (isFormulaLike(String(cell.value))) cell.numFmt = '@';
    });
    header.commit();
    return page;
  };

  let page = open();
  let onPage = headRows + 1;
  let written = 0;
  for await (const values of sheet.rows) {
    if (onPage >= rowsPerSheet) {
      page.commit();
      page = open();
      onPage = headRows + 1;
    }
    const row = page.addRow([]);
    let lines = 1;
    sheet.columns.forEach((column, index) => {
      const value = values[index];
      if (value === null || value === undefined) {
        if (column.unknown) row.getCell(index + 1).value = column.unknown;
        return;
      }
      const cell = row.getCell(index + 1);
      cell.value = exportValue(value, column.kind);
      if (typeof cell.value === 'string') {
        // On paper a long text goes on in the next line of its cell, not across its neighbours and the edge of the page.
        const share = widthOf(cell.value) / widths[index]!;
        if (share > 1) cell.alignment = wrapped;
        lines = Math.max(lines, Math.ceil(share));
        guardCell(cell, cell.value);
      } else {
        if (formats[column.kind] !== '') cell.numFmt = formats[column.kind];
        if (column.kind === 'date') cell.alignment = centred;
      }
    });
    // Told, because a file that was not made by Excel is not measured when it is opened.
    if (lines > 1) row.height = lines * LINE_POINTS;
    row.commit();
    onPage += 1;
    written += 1;
    if (written % rowsPerBreath === 0) await new Promise((resume) => setImmediate(resume));
  }
  page.commit();
}

/** The text format keeps a cell text when someone edits it; the quote prefix (below) says the same to Excel on opening. */
export function guardCell(cell: { numFmt: string }, text: string): void {
  if (isFormulaLike(text)) cell.numFmt = '@';
}

function exportValue(value: string | number | bigint | boolean, kind: ExportKind): string | number | Date {
  if (kind === 'area' || kind === 'money') return Number(value) / 100;
  if (kind === 'yesNo') return typeof value === 'boolean' ? (value ? '是' : '否') : String(value);
  if (kind === 'date') {
    const text = String(value);
    return /^\d{4}-\d{2}-\d{2}$/.test(text) && text >= '1900-03-01' ? new Date(`${text}T00:00:00Z`) : text;
  }
  if (kind === 'text') return cleanText(String(value));
  if (typeof value === 'string') return value;
  return Number(value);
}

/** What a cell can hold: no control characters, at most 32,767 characters. */
export function cleanText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML cannot carry
  return text.replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, '').slice(0, 32_767);
}

function addLine(page: Worksheet, text: string, font: Partial<Style['font']>): void {
  const row = page.addRow([cleanText(text)]);
  row.font = font;
  guardCell(row.getCell(1), text);
  row.commit();
}

function defaultWidth(title: string, kind: ExportKind): number {
  return Math.min(60, Math.max(widthOf(title) + 4, { text: 18, date: 12, area: 14, money: 14 }[kind as string] ?? 10));
}

/** In the width of a digit; a Chinese character is twice as wide. */
function widthOf(text: string): number {
  let width = 0;
  for (let at = 0; at < text.length; at += 1) width += text.charCodeAt(at) > 255 ? 2 : 1;
  return width;
}

/** exceljs does not know quotePrefix; every style with the text format gets it as the style sheet is written. */
function markTextAsQuoted(writer: Writer): void {
  const { styles } = writer as unknown as { styles: { xml: string } };
  const inherited = Object.getPrototypeOf(styles);
  Object.defineProperty(styles, 'xml', {
    get: () =>
      String(Reflect.get(inherited, 'xml', styles)).replace(/<xf numFmtId="49"/g, '<xf quotePrefix="1" numFmtId="49"'),
  });
}
