// What the kit of the console costs: a workbook written by the platform against the same cells handed to its library alone.

import type { stream } from 'exceljs';
import { type ExportColumn, type ExportValue, toBuffer, writeWorkbook } from '../src/platform/spreadsheets/write.ts';
import { type Result, sideBySide } from './measure.ts';

const kinds = ['text', 'integer', 'date', 'text', 'text'] as const;
const columns: ExportColumn[] = Array.from({ length: 20 }, (_, at) => ({
  title: `第${at + 1}列`,
  kind: kinds[at % kinds.length]!,
}));

function* rows(count: number): Generator<ExportValue[]> {
  for (let at = 0; at < count; at += 1)
    yield columns.map(({ kind }, column) =>
      kind === 'integer'
        ? at * column
        : kind === 'date'
          ? `2026-0${1 + (at % 9)}-1${column % 10}`
          : `量测 ${at}-${column}`,
    );
}

/** A date is a date in both files. */
const plain = (row: readonly ExportValue[]) =>
  row.map((value, column) => (columns[column]!.kind === 'date' ? new Date(`${value}T00:00:00Z`) : value));

async function byTheLibrary(count: number): Promise<Buffer> {
  const { default: excel } = await import('exceljs');
  return toBuffer(async (target) => {
    const options = { stream: target, useStyles: true, useSharedStrings: false };
    const writer: stream.xlsx.WorkbookWriter = new excel.stream.xlsx.WorkbookWriter(options);
    const sheet = writer.addWorksheet('量测');
    sheet.columns = columns.map(({ title, kind }) => ({
      header: title,
      ...(kind === 'date' && { style: { numFmt: 'yyyy-mm-dd' } }),
    }));
    for (const row of rows(count)) sheet.addRow(plain(row)).commit();
    sheet.commit();
    await writer.commit();
  });
}

export async function benchKit(count: number): Promise<Result[]> {
  const workbook = { exportedBy: '量测', exportedAt: '2026-11-22 09:00' };
  return [
    await sideBySide(`导出 ${count} 行 × ${columns.length} 列 ÷ 写表的库自己写`, {
      measured: () => writeWorkbook({ ...workbook, sheets: [{ name: '量测', columns, rows: rows(count) }] }),
      against: () => byTheLibrary(count),
      pairs: 3,
      bar: 1.5,
    }),
  ];
}
