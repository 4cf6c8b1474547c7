/** The door of spreadsheets: workbooks in as rows of texts, typed cells, workbooks out. */
export { type CellRead, type CellValue, isFormulaLike, readCell } from './cells.ts';
export type { Choice, Field, FieldKind, Unit } from './fields.ts';
export {
  type ColumnMatch,
  guessHeader,
  type Header,
  type HeaderColumn,
  headerAt,
  isSummaryRow,
  matchColumns,
  normaliseTitle,
  unitOf,
} from './header.ts';
export { readPasted, readWorkbook } from './read.ts';
export {
  collectRows,
  columnLetters,
  describeProblem,
  limits,
  type Row,
  type Sheet,
  SpreadsheetRefused,
  type WorkbookKind,
  type WorkbookRead,
} from './sheet.ts';
export { errorWorkbook, type FailedRow, type Template, templateWorkbook } from './template.ts';
export { decode } from './text-read.ts';
export {
  type ExportColumn,
  type ExportKind,
  type ExportRow,
  type ExportSheet,
  type ExportValue,
  type ExportWorkbook,
  streamWorkbook,
  writeWorkbook,
} from './write.ts';
export { decodeXml } from './xlsx-read.ts';
export { readDirectory, readEntryText } from './zip.ts';
