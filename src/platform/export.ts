import { type FileOutput, splitTitles } from '../kernel/contract.ts';
import type { Asked, Refused } from './http.ts';
import {
  type ExportColumn,
  type ExportRow,
  type ExportSheet,
  type ExportValue,
  writeWorkbook,
} from './spreadsheets/index.ts';

/** The most rows a list export asks its query for: what one sheet holds. */
export const everything = { offset: 0, limit: 1_000_000 } as const;

/** Ours: nobody waits at a browser for more. */
const MOST_AT_ONCE = 5_000;

/**
 * A list as a workbook to download: who exported it in which post, when, and whether the data are a demonstration. A long one is left to
 * the worker, where whoever asks can have it done there.
 */
export async function exportOf(
  asked: Asked<unknown>,
  ...[first, ...others]: readonly [ExportSheet, ...ExportSheet[]]
): Promise<FileOutput | Refused> {
  const sheets = [wantedColumns(first, (asked.input as { columns?: string }).columns), ...others];
  if (asked.postponable && sheets.some(({ rows }) => Array.isArray(rows) && rows.length > MOST_AT_ONCE))
    return TOO_LONG;
  const { person, now, system, today } = asked;
  const bytes = await writeWorkbook({
    sheets,
    exportedBy: `${person.name}（${person.post.organisationName} ${person.post.title}）`,
    exportedAt: new Date(now.getTime() + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' '),
    demo: system.demo,
  });
  return {
    name: `${first.name}-${today}.xlsx`,
    mediaType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    bytes,
  };
}

/** Of a list laid out by its reader, the columns shown, in their order; the sheet says which were left out. Titles that mean nothing ask for nothing. */
function wantedColumns(sheet: ExportSheet, titles: string | undefined): ExportSheet {
  const order = titles === undefined ? [] : splitTitles(titles);
  const places = sheet.columns.map(({ title, under = title }, at) => ({ at, title, place: order.indexOf(under) }));
  const kept = places.filter(({ place }) => place >= 0).sort((a, b) => a.place - b.place || a.at - b.at);
  if (kept.length === 0) return sheet;
  const left = places.filter(({ place }) => place < 0).map(({ title }) => title);
  const of = <T>(row: readonly T[]): T[] => kept.map(({ at }) => row[at] as T);
  return {
    ...sheet,
    notes: [...(sheet.notes ?? []), ...(left.length > 0 ? [`按清单的列设置导出，没有写入：${left.join('、')}`] : [])],
    columns: of(sheet.columns),
    rows: Array.isArray(sheet.rows) ? (sheet.rows as ExportRow[]).map(of) : each(sheet.rows, of),
  };
}

async function* each(rows: ExportSheet['rows'], of: (row: ExportRow) => ExportRow): AsyncIterable<ExportRow> {
  for await (const row of rows) yield of(row);
}

const TOO_LONG: Refused = {
  allowed: false,
  refusals: [{ reason: `超过 ${MOST_AT_ONCE} 行，请到导出中心领取。` }],
  status: 413,
};

/** A column of a list and where its value comes from. */
export type ListColumn<Item> = ExportColumn & { of: (item: Item) => ExportValue };

/** A list as a sheet, one row an item. */
export function sheetOf<Item>(list: {
  title: string;
  notes?: readonly string[];
  columns: readonly ListColumn<Item>[];
  items: readonly Item[];
}): ExportSheet {
  return {
    name: list.title.slice(0, 31),
    title: list.title,
    notes: list.notes ?? [],
    columns: list.columns.map(({ of, ...column }) => column),
    rows: list.items.map((item) => list.columns.map((column) => column.of(item))),
  };
}
