// What an upload can be made to do to us, asked the way it comes: over HTTP, read by the worker's own steps, looked at over HTTP again.

import iconv from 'iconv-lite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type District, password, testDistrict, today } from '../../../tests/district.ts';
import { handmade, zipOf } from '../../../tests/odd-workbooks.ts';
import { type Site, testSite } from '../../../tests/site.ts';
import { routes } from '../../app/routes.ts';
import { fixedClock } from '../../platform/clock.ts';
import { openFileStore } from '../../platform/files.ts';
import { jobs } from '../../platform/jobs.ts';
import { keysFrom } from '../../platform/keys.ts';
import { collectRows, readWorkbook } from '../../platform/spreadsheets/index.ts';
import type { System } from '../../platform/system.ts';
import { checkBatch, commitBatch, readBatch } from './commands.ts';
import { registerKinds as kinds } from './kinds.ts';

let district: District;
let site: Site;
let system: System;
let cookie: string;
beforeAll(async () => {
  district = await testDistrict();
  site = await testSite(district, routes);
  system = {
    database: district.database,
    clock: fixedClock(today),
    files: openFileStore({ folder: site.folder, keys: keysFrom(Buffer.alloc(32, 7)) }),
    sealing: district.sealing,
    signer: district.signer,
    jobs,
    demo: true,
    publicUrl: 'http://127.0.0.1:8080',
  };
  cookie = await site.signIn('区住建局', password);
});
afterAll(async () => {
  await site?.close();
  await district?.close();
});

const get = (url: string) => site.get(url, cookie);
const shown = async (id: number) => (await get(`/api/imports/${id}`)).json();

async function upload(name: string, bytes: Buffer): Promise<number> {
  const reply = await site.upload(`/api/imports?kind=estates&name=${encodeURIComponent(name)}`, bytes, cookie);
  expect(reply.statusCode, reply.body).toBe(200);
  const { id } = reply.json();
  await readBatch(system, kinds, id);
  return id;
}

/** Takes the suggested columns and has the rows checked. */
async function check(id: number) {
  const { sheet, headerRow, columns } = await shown(id);
  const mapping = columns.map(({ index, key }: { index: number; key: string | null }) => ({ index, key }));
  const reply = await site.post(`/api/imports/${id}/mapping`, { sheet, headerRow, columns: mapping }, cookie);
  expect(reply.statusCode, reply.body).toBe(200);
  await checkBatch(system, kinds, id);
  return shown(id);
}

async function write(id: number) {
  const reply = await site.post(`/api/imports/${id}/commit`, {}, cookie);
  expect(reply.statusCode, reply.body).toBe(200);
  await commitBatch(system, kinds, id);
  return shown(id);
}

/** Every cell of a workbook that came out, as text and as what a spreadsheet program would make of it. */
async function cellsOf(url: string) {
  const reply = await get(url);
  expect(reply.statusCode, reply.body.slice(0, 200)).toBe(200);
  const { default: excel } = await import('exceljs');
  const book = new excel.Workbook();
  await book.xlsx.load(reply.rawPayload as never);
  const cells: { text: string; formula: string | undefined; type: number }[] = [];
  for (const sheet of book.worksheets)
    sheet.eachRow((row) =>
      row.eachCell((cell) => void cells.push({ text: cell.text, formula: cell.formula, type: cell.type })),
    );
  return { cells, text: excel.ValueType.String };
}

describe('上传的文件（经接口）', () => {
  it.each([
    ['膨胀的压缩包', () => handmade(Buffer.alloc(64 * 1024 * 1024, 0x20)), /膨胀.*拒绝/],
    ['申报得小、实际大', () => handmade(Buffer.alloc(64 * 1024 * 1024, 0x20), [], { claim: 5_000 }), /比申报的大/],
    [
      '部件过多',
      () => zipOf(Array.from({ length: 2_001 }, (_, at) => ({ name: `xl/${at}`, body: '' }))),
      /2001 个部件/,
    ],
  ])('%s：不展开，说明为什么；什么也没有暂存，服务照常', async (_, file, reason) => {
    const bytes = file();
    expect(bytes.length).toBeLessThan(1024 * 1024);
    const id = await upload('名册.xlsx', bytes);
    expect(await shown(id)).toMatchObject({
      state: 'failed',
      problem: expect.stringMatching(reason),
      sample: [],
      sheets: [],
    });
    expect((await get(`/api/imports/${id}/rows`)).json().total).toBe(0);
    const commit = await site.post(`/api/imports/${id}/commit`, {}, cookie);
    expect([commit.statusCode, commit.json().refusals[0].reason]).toEqual([422, '这次导入现在是“未能读取”，不能写入']);
    expect((await get('/api/imports')).statusCode).toBe(200);
  });

  it.each(['gbk', 'utf8'])('csv（%s）：汉字不乱，写入以后查得到', async (encoding) => {
    const name = `镜湖雅苑${encoding}`;
    const lines = `小区名称,街道,社区,户数\r\n${name},东湖街道,镜湖社区,128\r\n`;
    const id = await upload('名册.csv', iconv.encode(lines, encoding));
    expect(await check(id)).toMatchObject({ state: 'checked', counts: { new: 1, wrong: 0 } });
    expect((await write(id)).state).toBe('committed');
    const found = (await get(`/api/estates?search=${encodeURIComponent(name)}`)).json();
    expect(found.rows).toMatchObject([{ name, communityName: '镜湖社区' }]);
  });

  it('像公式的文字原样收下，原样给出：导出、错误行、模板里都只是文字', async () => {
    const names = [
      '=HYPERLINK("http://x.example","点我")',
      '+1-1花园',
      '-2+3花园',
      '@SUM(1)花园',
      "=cmd|' /C calc'!A0",
    ];
    const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
    const rows = names.map((name) => [quoted(name), '东湖街道', '镜湖社区', '12'].join(','));
    const wrong = [quoted('=1+1错误的一行'), '东湖街道', '没有这个社区', '12'].join(',');
    const csv = (lines: string[]) => Buffer.from(['小区名称,街道,社区,户数', ...lines].join('\r\n'));

    const failed = await upload('有错.csv', csv([...rows, wrong]));
    expect((await check(failed)).counts).toMatchObject({ new: names.length, wrong: 1 });
    const errors = await cellsOf(`/api/imports/${failed}/errors`);
    expect(errors.cells.map((cell) => cell.text)).toContain('=1+1错误的一行');

    const id = await upload('名册.csv', csv(rows));
    await check(id);
    expect((await write(id)).state).toBe('committed');
    const exported = await cellsOf('/api/estates/export');
    for (const name of names) {
      const cell = exported.cells.find((one) => one.text === name);
      expect(cell, name).toEqual({ text: name, formula: undefined, type: exported.text });
    }
    for (const { cells } of [errors, exported]) expect(cells.filter((cell) => cell.formula)).toEqual([]);
    // And back in again: what went out is what is held, so nothing is to be changed.
    const again = await readWorkbook((await get('/api/estates/export')).rawPayload, { name: 'export.xlsx' });
    if (!again.ok) throw new Error(again.problem);
    const read = await collectRows(again.sheets[0]!);
    const flat = read.ok ? read.rows.flatMap((row) => row.cells) : [];
    expect(flat).toEqual(expect.arrayContaining(names));
  });
});
