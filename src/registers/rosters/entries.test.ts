// The rosters of the simple registers: pasted, checked in row and field, written, carried on, taken back.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type District, testDistrict, today } from '../../../tests/district.ts';
import { localDate } from '../../kernel/local-date.ts';
import { fixedClock } from '../../platform/clock.ts';
import type { Transaction } from '../../platform/database.ts';
import { openFileStore } from '../../platform/files.ts';
import type { Person } from '../../platform/http.ts';
import { jobs } from '../../platform/jobs.ts';
import { keysFrom } from '../../platform/keys.ts';
import type { System } from '../../platform/system.ts';
import { entryContracts, entryKinds } from '../entries/contract.ts';
import { listEntries } from '../entries/queries.ts';
import { resolvePerson } from '../people/index.ts';
import {
  askCommit,
  askUndo,
  checkBatch,
  commitBatch,
  mapColumns,
  readBatch,
  receiveFile,
  undoBatch,
} from './commands.ts';
import { mapImport } from './contract.ts';
import { kindNamed, registerKinds as kinds } from './kinds.ts';
import { findImportRows, readImport } from './queries.ts';

let district: District;
let system: System;
let folder: string;
let lin: Person;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gongzhi-entries-'));
});
beforeEach(async () => {
  district = await testDistrict();
  system = {
    database: district.database,
    clock: fixedClock(today),
    files: openFileStore({ folder, keys: keysFrom(Buffer.alloc(32, 7)) }),
    sealing: district.sealing,
    signer: district.signer,
    jobs,
    demo: false,
    publicUrl: 'http://localhost',
  };
  lin = await district.database.transaction(
    { standing: 'door', today },
    async (tx) => (await resolvePerson(tx, district.accounts.lin, null))!,
  );
  return () => district.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const on = localDate(today);
const act = <T>(work: (tx: Transaction) => Promise<T>) => district.database.transaction(lin.actor, work);
const about = () => ({ person: lin, today: on, now: system.clock.now() });

function sure<T extends object>(answer: T): Exclude<T, { allowed: false }> {
  if ('allowed' in answer) throw new Error(JSON.stringify(answer));
  return answer as Exclude<T, { allowed: false }>;
}

/** Pasted and checked under the columns suggested; what is wrong with which row and field. */
async function send(kind: string, rows: readonly (readonly string[])[]) {
  const file = {
    kind: kindNamed(kinds, kind)!,
    name: '粘贴',
    bytes: Buffer.from(rows.map((row) => row.join('\t')).join('\n')),
    media: 'text/plain',
    origin: 'paste' as const,
  };
  const { id } = sure(await act((tx) => receiveFile(tx, lin, file, system, on)));
  await readBatch(system, kinds, id);
  const { sheet, headerRow, columns } = sure(await act((tx) => readImport(tx, kinds, { id }, about())));
  const input = mapImport.input.parse({
    id,
    sheet,
    headerRow,
    columns: columns.map(({ index, key }) => ({ index, key })),
  });
  const mapped = await act((tx) => mapColumns(tx, lin, input, kinds, about()));
  if ('allowed' in mapped) return { id, refused: mapped.refusals.map((one) => one.reason), wrong: [], verdicts: [] };
  await checkBatch(system, kinds, id);
  const found = sure(await act((tx) => findImportRows(tx, kinds, { id, offset: 0, limit: 500 })));
  return {
    id,
    refused: [],
    verdicts: found.rows.map((one) => one.verdict),
    wrong: found.rows.flatMap((one) => one.problems.map((two) => `${one.row} ${two.title}：${two.problem}`)),
  };
}

async function commit(id: number): Promise<string | null> {
  sure(await act((tx) => askCommit(tx, lin, id, undefined, about())));
  await commitBatch(system, kinds, id);
  return sure(await act((tx) => readImport(tx, kinds, { id }, about()))).problem;
}

async function held(code: string, input: object = {}) {
  const kind = entryKinds.find((one) => one.code === code)!;
  const { rows } = await act((tx) =>
    listEntries(tx, kind, entryContracts[code]!.list.input.parse({ phase: 'all', ...input }), today),
  );
  return rows;
}

describe('其他底册的名册', () => {
  it('电梯：新增、再贴不变、变更另起一段、撤销回到从前', async () => {
    const header = ['小区', '名称', '类别', '楼栋', '状况', '责任单位', '自何日起'];
    const lift = ['春江花园', '1号电梯', '电梯', '1幢', '正常', '示范安居物业服务有限公司', '2024-01-01'];
    const first = await send('common-parts', [
      header,
      lift,
      ['春江花园', '生活水泵', '供水（二次供水）', '', '', '', ''],
    ]);
    expect(first).toMatchObject({ wrong: [], verdicts: ['new', 'new'] });
    expect(await commit(first.id)).toBeNull();
    expect(await send('common-parts', [header, lift])).toMatchObject({ verdicts: ['unchanged'] });
    const [, , , , , , ...none] = lift;
    expect(none).toEqual(['2024-01-01']);
    const later = await send('common-parts', [header, [...lift.slice(0, 4), '停用', lift[5]!, '2026-06-01']]);
    expect(later).toMatchObject({ wrong: [], verdicts: ['new'] });
    expect(await commit(later.id)).toBeNull();
    const periods = async () =>
      (await held('common-parts', { search: '1号电梯', sort: 'fromOn' })).map((one) => [
        one.fromOn,
        one.toOn,
        (one as Record<string, unknown>).state,
      ]);
    expect(await periods()).toEqual([
      ['2024-01-01', '2026-06-01', 'sound'],
      ['2026-06-01', null, 'stopped'],
    ]);
    sure(await act((tx) => askUndo(tx, lin, later.id, about())));
    await undoBatch(system, kinds, later.id);
    expect(await periods()).toEqual([['2024-01-01', null, 'sound']]);
  });

  it('隶属关系：登记的、前面几行的，合起来绕回自己的，说在哪一行', async () => {
    const header = ['上级单位', '关系', '下级单位', '起', '止'];
    const bureau = '示范区住房和城乡建设局';
    const [east, spring] = ['东湖街道办事处', '春江社区居委会'];
    const company = '示范安居物业服务有限公司';
    const answer = await send('organisation-relations', [
      header,
      [bureau, '具体管理', east, '2025-01-01', ''],
      [east, '领导', spring, '2025-01-01', ''],
      [spring, '领导', bureau, '2025-01-01', ''],
      [spring, '指导', bureau, '2025-01-01', ''],
      [east, '领导', spring, '2026-01-01', '2026-06-01'],
      ['东湖街道办', '领导', company, '', ''],
      [company, '双重管理', company, '', ''],
    ]);
    expect(answer.wrong).toEqual([
      `4 上级单位：这样登记，“${bureau}”就成了自己的上级（已登记的层级，自下而上：${spring}、${east}、${bureau}）`,
      '6 起：与第 3 行（2025-01-01 至 今）的时段重叠',
      expect.stringContaining('7 上级单位：没有登记单位“东湖街道办”'),
      '8 下级单位：上级和下级是同一个单位',
    ]);
  });

  it('管理区域、打包、改造：小区、面积、个数不对的，说在哪一行哪一栏', async () => {
    const bureau = '示范区住房和城乡建设局';
    const areas = await send('management-areas', [
      ['区域名称', '街道', '社区', '包含的小区', '总建筑面积', '划定单位', '文号'],
      ['甲', '东湖街道', '春江社区', '春江花园、老城里', '52000.04', bureau, '示范〔2026〕2号'],
      ['乙', '东湖街道', '春江社区', '春江花园', '52000.05', bureau, '示范〔2026〕2号'],
      ['丙', '东湖街道', '春江社区', '石桥新村', '', bureau, ''],
    ]);
    expect(areas.wrong).toEqual([
      '2 总建筑面积：所含小区登记的建筑面积合计 52,000.05 ㎡，大于所填的 52,000.04 ㎡',
      expect.stringContaining('4 包含的小区：“石桥新村”登记在西山街道石桥社区'),
    ]);
    const bundles = await send('bundles', [
      ['打包名称', '街道', '服务企业', '小区名单', '自何日起'],
      ['一片', '东湖街道', '示范安居物业服务有限公司', '春江花园', '2026-01-01'],
      ['二片', '', '示范安居物业服务有限公司', '春江花园、石桥新村', '2026-01-01'],
    ]);
    expect(bundles.wrong).toEqual(['2 小区名单：打包的小区至少要有 2 个']);
    const good = await send('bundles', [
      ['打包名称', '街道', '小区名单', '自何日起'],
      ['二片', '', '春江花园、石桥新村', '2026-01-01'],
    ]);
    expect(await commit(good.id)).toBeNull();
    const again = await send('bundles', [
      ['打包名称', '街道', '小区名单', '自何日起'],
      ['二片', '', '春江花园、老城里', '2026-01-01'],
      ['二片', '', '春江花园、老城里', '2026-05-01'],
    ]);
    expect(again.wrong).toEqual([
      '2 小区名单：小区与已登记的不同。有变的，请写明自何日起，作为新的一段',
      '3 自何日起：与第 2 行（2026-01-01 至 今）的时段重叠',
    ]);
  });

  it('列错了位：类别落在名称里、日期落在依据里，都认得出；监控不收取流地址', async () => {
    const shifted = await send('cameras', [
      ['小区', '安装位置', '设备编码', '保存天数', '是否接入'],
      ['春江花园', '南门', 'C-01', '30', '是'],
      ['春江花园', '北门', '30', '是', ''],
      ['南门', '春江花园', 'C-03', '0', '否'],
      ['春江花园', '东门', 'rtsp://10.0.0.8/live', '30', '否'],
    ]);
    expect(shifted.wrong).toEqual([
      expect.stringMatching(/^3 保存天数：/),
      expect.stringMatching(/^4 小区：您的辖区内没有登记“南门”/),
      '4 保存天数：保存天数不能为 0；不知道的写“待补”',
      '5 设备编码：这里只登记设备，不存取流地址、网址或 IP 地址',
    ]);
    expect(
      (
        await send('cameras', [
          ['小区', '位置说明'],
          ['春江花园', '南门'],
        ])
      ).refused[0],
    ).toContain('缺少必需的列：安装位置');
  });

  it.each(entryKinds.map((one) => [one.code, one.label] as const))(
    '%s（%s）的模板可以下载，贴空行不出错',
    async (code) => {
      const { fields } = kindNamed(kinds, code)!;
      expect(new Set(fields.map((one) => one.label)).size).toBe(fields.length);
      const answer = await send(code, [fields.map((one) => one.label), fields.map(() => ''), ['某']]);
      expect(answer.verdicts).toContain('wrong');
    },
  );
});
