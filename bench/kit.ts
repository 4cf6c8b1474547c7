// What the kit of the console costs: a workbook written by the platform against the same cells handed to its library alone, a page of a ledger
// against a page of antd's own table.

import { join } from 'node:path';
import type { stream } from 'exceljs';
import { build } from 'vite';
import { type ExportColumn, type ExportValue, toBuffer, writeWorkbook } from '../src/platform/spreadsheets/write.ts';
import { openBrowser } from '../tests/browser/browser.ts';
import { median, type Result, sideBySide } from './measure.ts';

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
    await benchLedger(),
  ];
}

const PAIRS = 9;
const TURNS = 20;

/** In Chromium, with the program as the console runs it; the two ways in turn, so that what else the machine does falls on both. */
async function benchLedger(): Promise<Result> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    mode: 'production',
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      write: false,
      lib: { entry: join(import.meta.dirname, 'ledger-page.tsx'), formats: ['iife'], name: 'bench' },
    },
  });
  const [{ output }] = built as unknown as [{ output: ({ code: string } | { source: string })[] }];
  const browser = await openBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1366, height: 768 } });
    await page.setContent('<!doctype html><html lang="zh-CN"><body></body></html>');
    for (const part of output)
      await ('code' in part ? page.addScriptTag({ content: part.code }) : page.addStyleTag({ content: part.source }));
    const turn = async (way: 'ledger' | 'plain') =>
      median(await page.evaluate(([one, times]) => window.turnPages(one, times), [way, TURNS] as const));
    const times: { measured: number; against: number }[] = [];
    for (let pair = 0; pair <= PAIRS; pair += 1) {
      const [first, second] = pair % 2 === 0 ? (['ledger', 'plain'] as const) : (['plain', 'ledger'] as const);
      const taken = { [first]: await turn(first), [second]: await turn(second) } as Record<typeof first, number>;
      if (pair > 0) times.push({ measured: taken.ledger, against: taken.plain });
    }
    return {
      name: '清单翻一页（50 行 × 20 列）÷ antd 的表格',
      measured: median(times.map((one) => one.measured)),
      against: median(times.map((one) => one.against)),
      ratio: median(times.map((one) => one.measured / one.against)),
      bar: 1.5,
      pairs: PAIRS,
    };
  } finally {
    await browser.close();
  }
}
