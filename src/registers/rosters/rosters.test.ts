import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { codes, type District, engine, testDistrict, today } from '../../../tests/district.ts';
import { creditCheckOf } from '../../kernel/identifiers.ts';
import { localDate } from '../../kernel/local-date.ts';
import { fixedClock } from '../../platform/clock.ts';
import { sql, type Transaction } from '../../platform/database.ts';
import { openFileStore } from '../../platform/files.ts';
import type { Person } from '../../platform/http.ts';
import { jobs, runWorker } from '../../platform/jobs.ts';
import {
  canonicalJson,
  encodeJournalPayload,
  genesisOf,
  type JournalFields,
  leafOf,
  linkOf,
  record,
} from '../../platform/journal.ts';
import { keysFrom } from '../../platform/keys.ts';
import { collectRows, readPasted, readWorkbook, writeWorkbook } from '../../platform/spreadsheets/index.ts';
import type { System } from '../../platform/system.ts';
import { resolvePerson } from '../people/index.ts';
import { askForDuties } from '../requirements/index.ts';
import {
  askCommit,
  askUndo,
  cancel,
  checkBatch,
  commitBatch,
  mapColumns,
  readBatch,
  receiveFile,
  undoBatch,
} from './commands.ts';
import { mapImport } from './contract.ts';
import { kindNamed, registerKinds } from './kinds.ts';
import { findImportRows, readImport, writeErrors, writeTemplate } from './queries.ts';
import { findBatch, readProgress } from './store.ts';

let district: District;
let system: System;
let folder: string;
let lin: Person; // 区住建局
let chen: Person; // 东湖街道

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gongzhi-rosters-'));
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
  const as = (account: number) =>
    district.database.transaction({ standing: 'door', today }, async (tx) => (await resolvePerson(tx, account, null))!);
  lin = await as(district.accounts.lin);
  chen = await as(district.accounts.chen);
  return () => district.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const on = localDate(today);
const kinds = registerKinds;
const page = { offset: 0, limit: 500 };
const act = <T>(person: Person, work: (tx: Transaction) => Promise<T>) =>
  district.database.transaction({ ...person.actor, today }, work);
const about = (person: Person) => ({ person, today: on, now: system.clock.now() });
const tabbed = (rows: readonly (readonly (string | number)[])[]) => rows.map((row) => row.join('\t')).join('\n');
const uscc = (serial: number) => {
  const body = `91350502MA${String(serial).padStart(7, '0')}`;
  return body + creditCheckOf(body);
};

/** Upload or paste, then what the worker does with it. */
async function send(person: Person, kind: string, content: string | Buffer): Promise<number> {
  const isText = typeof content === 'string';
  const answer = await act(person, (tx) =>
    receiveFile(
      tx,
      person,
      {
        kind: kindNamed(kinds, kind)!,
        name: isText ? '粘贴' : '名册.xlsx',
        bytes: Buffer.from(content),
        media: isText ? 'text/plain' : 'application/octet-stream',
        origin: isText ? 'paste' : 'workbook',
      },
      system,
      on,
    ),
  );
  if ('allowed' in answer) throw new Error(JSON.stringify(answer));
  await readBatch(system, kinds, answer.id);
  return answer.id;
}

async function show(person: Person, id: number) {
  const shown = await act(person, (tx) => readImport(tx, kinds, { id }, about(person)));
  if ('allowed' in shown) throw new Error(JSON.stringify(shown));
  return shown;
}

/** Takes the suggested columns and has the rows checked. */
async function check(
  person: Person,
  id: number,
  options: { createMissingAreas?: boolean; skipWrongRows?: boolean } = {},
) {
  const { sheet, headerRow, columns } = await show(person, id);
  const input = mapImport.input.parse({
    id,
    sheet,
    headerRow,
    columns: columns.map(({ index, key }) => ({ index, key })),
    ...options,
  });
  const answer = await act(person, (tx) => mapColumns(tx, person, input, kinds, about(person)));
  if ('allowed' in answer) return answer;
  await checkBatch(system, kinds, id);
  return show(person, id);
}

async function commit(person: Person, id: number, skip?: boolean) {
  const answer = await act(person, (tx) => askCommit(tx, person, id, skip, about(person)));
  if ('allowed' in answer) return answer;
  await commitBatch(system, kinds, id);
  return show(person, id);
}

async function undo(person: Person, id: number) {
  const answer = await act(person, (tx) => askUndo(tx, person, id, about(person)));
  if ('allowed' in answer) return answer;
  await undoBatch(system, kinds, id);
  return show(person, id);
}

async function rowsOf(person: Person, id: number, verdict?: 'new' | 'changed' | 'unchanged' | 'wrong') {
  const answer = await act(person, (tx) => findImportRows(tx, kinds, { id, ...page, ...(verdict && { verdict }) }));
  if ('allowed' in answer) throw new Error(JSON.stringify(answer));
  return answer.rows;
}

const sentences = async (person: Person, id: number) =>
  (await rowsOf(person, id, 'wrong')).flatMap((row) => row.problems.map((one) => one.sentence));
const engineRows = async <R>(statement: ReturnType<typeof sql<R>>) =>
  (await district.database.transaction(engine, (tx) => statement.execute(tx))).rows;

/** The queue belongs to a role of its own; only the administrator can look into it. */
async function queuedTasks(): Promise<string[]> {
  const [database] = await engineRows(sql<{ name: string }>`select current_database() as name`);
  const url = new URL(inject('testServer').adminUrls.postgres);
  url.pathname = `/${database!.name}`;
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  const { rows } = await client.query<{ task: string }>('select task_identifier as task from graphile_worker.jobs');
  await client.end();
  return rows.map((row) => row.task);
}

/** Everything the registers hold, to compare before and after. */
async function registersNow(): Promise<string> {
  const tables = [
    'area',
    'organisation',
    'company',
    'party_arrangement',
    'instructor',
    'person',
    'estate',
    'building',
    'unit',
    'ownership',
    'service_project',
    'committee',
    'committee_member',
  ];
  const parts: string[] = [];
  for (const table of tables) {
    const [row] = await engineRows(
      sql<{
        text: string;
      }>`select coalesce(jsonb_agg(to_jsonb(t) order by to_jsonb(t)::text), '[]')::text as text from ${sql.table(`registers.${table}`)} t`,
    );
    parts.push(`${table} ${row!.text}`);
  }
  return parts.join('\n');
}

const header = [
  '小区名称',
  '所属街道',
  '社区名称',
  '建筑面积(万平方米)',
  '总户数',
  '竣工年份',
  '物业公司',
  '社会信用代码',
  '进场日期',
  '是否成立业委会',
  '任期起',
  '任期止',
  '委员人数',
  '党员人数',
];
const roster = [
  header,
  [
    '春江花园',
    '东湖街道',
    '春江社区',
    '5.200005',
    '６户',
    '2008年',
    '示范安居物业服务有限公司',
    '',
    '2024-01-01',
    '是',
    '2024-09-01',
    '2029-09-01',
    '5',
    '3',
  ],
  ['老城里', '东湖', '春江社区居委会', '1.2', '120', '1992', '无', '', '', '否', '', '', '', ''],
  [
    '新湖湾',
    '东湖街道办事处',
    '镜湖',
    '12.34',
    '1,560',
    '2019',
    '湖湾物业有限公司',
    uscc(1),
    '2020.3.1',
    '有',
    '2023/5/6',
    '2028/5/6',
    '7',
    '待补',
  ],
  ['湖湾二期', '东湖街道', '镜湖社区', '', '待补', '', '湖湾物业有限公司', uscc(1), '', '', '', '', '', ''],
];

describe('小区名册', () => {
  it('外来表头自动对上字段；有错的行说明行、列和原因', async () => {
    const id = await send(chen, 'estates', tabbed(roster));
    expect((await show(chen, id)).columns.map((one) => [one.title, one.key])).toEqual([
      ['小区名称', 'name'],
      ['所属街道', 'street'],
      ['社区名称', 'community'],
      ['建筑面积(万平方米)', 'floorAreaCentiM2'],
      ['总户数', 'households'],
      ['竣工年份', 'completedYear'],
      ['物业公司', 'company'],
      ['社会信用代码', 'uscc'],
      ['进场日期', 'startedOn'],
      ['是否成立业委会', 'hasCommittee'],
      ['任期起', 'termFrom'],
      ['任期止', 'termTo'],
      ['委员人数', 'members'],
      ['党员人数', 'partyMembers'],
    ]);
    const checked = await check(chen, id);
    expect(checked).toMatchObject({ state: 'checked', problem: null });
    expect(await sentences(chen, id)).toEqual(['第 2 行 竣工年份(F2)：“2008年”不是整数，请只填数字，如 12']);
  });

  it('写入、再次上传、改动、清空、撤销', async () => {
    const sent = roster.map((row) => row.map((cell) => (cell === '2008年' ? '2008' : cell)));
    const before = await registersNow();
    const id = await send(chen, 'estates', tabbed(sent));
    const checked = await check(chen, id);
    expect(checked).toMatchObject({
      state: 'checked',
      counts: { total: 4, new: 2, changed: 2, unchanged: 0, wrong: 0 },
    });
    const changed = await rowsOf(chen, id, 'changed');
    expect(
      changed.map((row) => [row.label, row.fields.map((field) => [field.label, field.before, field.after])]),
    ).toEqual([
      ['春江社区·春江花园', [['建成年份', '待补', '2008']]],
      [
        '春江社区居委会·老城里',
        [
          ['建筑面积', '待补', '12,000.00'],
          ['户数', '待补', '120'],
          ['建成年份', '待补', '1992'],
        ],
      ],
    ]);
    expect(await commit(chen, id)).toMatchObject({ state: 'committed', problem: null });

    const estates = await engineRows(sql`
      select f.label, f.scope, f.households, f.floor_area_centi_m2 as area, f.served, f.has_committee as "hasCommittee", o.name as company, o.uscc, c.members, c.party_members as "partyMembers", e.enrolled_on as "enrolledOn"
      from registers.fact_estates(${today}::date) f join registers.estate e on e.id = f.estate_id left join registers.organisation o on o.id = f.company_id
      left join registers.fact_committees(${today}::date) c on c.committee_id = f.committee_id where left(f.scope, 9) = left(${codes.east}, 9) order by f.label collate "C"`);
    expect(estates).toEqual([
      {
        label: '新湖湾',
        scope: `${codes.lake}0002`,
        households: 1560,
        area: 12_340_000n,
        served: true,
        hasCommittee: true,
        company: '湖湾物业有限公司',
        uscc: uscc(1),
        members: 7,
        partyMembers: null,
        enrolledOn: today,
      },
      {
        label: '春江花园',
        scope: `${codes.spring}0001`,
        households: 6,
        area: 52_000_05n,
        served: true,
        hasCommittee: true,
        company: '示范安居物业服务有限公司',
        uscc: null,
        members: 5,
        partyMembers: 3,
        enrolledOn: '2026-01-01',
      },
      {
        label: '湖湾二期',
        scope: `${codes.lake}0003`,
        households: null,
        area: null,
        served: true,
        hasCommittee: null,
        company: '湖湾物业有限公司',
        uscc: uscc(1),
        members: null,
        partyMembers: null,
        enrolledOn: today,
      },
      {
        label: '老城里',
        scope: `${codes.spring}0002`,
        households: 120,
        area: 12_000_00n,
        served: false,
        hasCommittee: false,
        company: null,
        uscc: null,
        members: null,
        partyMembers: null,
        enrolledOn: '2026-01-01',
      },
      {
        label: '镜湖苑',
        scope: `${codes.lake}0001`,
        households: null,
        area: null,
        served: null,
        hasCommittee: null,
        company: null,
        uscc: null,
        members: null,
        partyMembers: null,
        enrolledOn: '2026-01-01',
      },
    ]);

    const events = await engineRows(sql<{
      chain: string;
      act: string;
      object: string;
      detail: string;
      personId: number;
    }>`
      select chain, act, object, detail, person_id as "personId" from platform.journal where act like 'rosters.%' order by chain, seq`);
    expect(events.map((one) => one.chain.split(':')[0])).toEqual([
      'estate',
      'estate',
      'estate',
      'estate',
      'organisation',
    ]);
    for (const event of events) {
      expect(event).toMatchObject({ act: 'rosters.imported', object: `import:${id}`, personId: chen.personId });
      expect(event.detail).toBe(canonicalJson(JSON.parse(event.detail)));
    }
    expect(await queuedTasks()).toEqual(
      expect.arrayContaining(['rosters:read', 'rosters:check', 'rosters:commit', 'duties:materialise']),
    );

    const again = await send(chen, 'estates', tabbed(sent));
    expect(await check(chen, again)).toMatchObject({
      counts: { total: 4, new: 0, changed: 0, unchanged: 4, wrong: 0 },
    });
    expect(await commit(chen, again)).toMatchObject({
      allowed: false,
      refusals: [{ reason: '没有要写入的内容：各行与系统中的一致，或都有错' }],
    });

    const written = await registersNow();
    const third = await send(
      chen,
      'estates',
      tabbed([
        ['小区名称', '街道', '社区', '户数', '建筑面积', '物业服务企业', '服务开始日期'],
        ['新湖湾', '东湖街道', '镜湖社区', '', '清空', '示范安居物业服务有限公司', '2026-10-01'],
      ]),
    );
    expect(await check(chen, third)).toMatchObject({ counts: { changed: 1, wrong: 0 } });
    expect(
      (await rowsOf(chen, third, 'changed'))[0]!.fields.map((field) => [field.label, field.before, field.after]),
    ).toEqual([
      ['建筑面积', '123,400.00', '（清空）'],
      ['物业服务企业', '湖湾物业有限公司', '示范安居物业服务有限公司'],
      ['服务开始日期', '2020-03-01', '2026-10-01'],
    ]);
    expect(await commit(chen, third)).toMatchObject({ state: 'committed' });
    expect(
      await engineRows(sql`
      select o.name, p.started_on as "startedOn", p.ended_on as "endedOn", e.households, e.floor_area_centi_m2 as area from registers.service_project p
      join registers.estate e on e.id = p.estate_id join registers.organisation o on o.id = p.company_id where e.name = '新湖湾' order by p.id`),
    ).toEqual([
      { name: '湖湾物业有限公司', startedOn: '2020-03-01', endedOn: '2026-10-01', households: 1560, area: null },
      { name: '示范安居物业服务有限公司', startedOn: '2026-10-01', endedOn: null, households: 1560, area: null },
    ]);

    expect(await undo(chen, id)).toMatchObject({
      state: 'committed',
      problem: expect.stringContaining('导入之后又被改动：镜湖·新湖湾（'),
    });
    expect(await undo(chen, third)).toMatchObject({ state: 'undone', problem: null });
    expect(await registersNow()).toBe(written);
    expect(await undo(chen, id)).toMatchObject({ state: 'undone', problem: null });
    expect(await registersNow()).toBe(before);
  });

  it('一次列出所有行的所有问题，说明行、列和该怎么办', async () => {
    const id = await send(
      lin,
      'estates',
      tabbed([
        [
          '小区名称',
          '街道',
          '社区',
          '社区代码',
          '户数',
          '物业服务企业',
          '统一社会信用代码',
          '业委会委员人数',
          '党员委员人数',
          '是否有业委会',
        ],
        ['', '东湖街道', '春江社区', '', 'abc', '', '', '', '', ''],
        ['甲园', '东胡街道', '春江社区', '', '', '', '', '', '', ''],
        ['乙园', '东湖街道', '春光社区', '', '', '', '', '', '', ''],
        ['丙园', '西山街道', '石桥社区', codes.spring, '', '', '', '', '', ''],
        ['丁园', '西山街道', '石桥社区', '350502001001', '', '', '', '', '', ''],
        [
          '戊园',
          '西山街道',
          '石桥社区',
          '',
          '',
          '新企业',
          `${uscc(2).slice(0, 17)}${uscc(2).endsWith('0') ? '1' : '0'}`,
          '',
          '',
          '',
        ],
        ['己园', '西山街道', '石桥社区', '', '', '', '', '3', '5', '否'],
        ['庚园', '西山街道', '石桥社区', '', '10', '', '', '', '', ''],
        ['庚园', '西山街道', '石桥社区', '', '11', '', '', '', '', ''],
        ['春江花园', '东湖街道', '春江社区', '', '', '', '', '', '', '否'],
        ['辛园', '西山街道', '石桥社区', '', '', '甲企业', uscc(3), '', '', ''],
        ['壬园', '西山街道', '石桥社区', '', '', '乙企业', uscc(3), '', '', ''],
      ]),
    );
    expect(await check(lin, id)).toMatchObject({ counts: { total: 12, new: 2, wrong: 10 } });
    expect(await sentences(lin, id)).toEqual([
      '第 2 行 小区名称(A2)：此列必填，还没有填写',
      '第 2 行 户数(E2)：“abc”不是整数，请只填数字，如 12',
      '第 3 行 街道(B3)：系统中没有“东胡街道”，是否为“东湖街道”？确是新的，请回到“对应列”，勾选“一并建立”。',
      '第 4 行 社区(C4)：系统中“东湖街道”下没有“春光社区”，是否为“春江社区”？确是新的，请回到“对应列”，勾选“一并建立”。',
      `第 5 行 社区代码(D5)：代码 ${codes.spring} 在系统中是“春江社区”，与所填“石桥社区”不符`,
      '第 6 行 社区代码(D6)：这个社区不在您的辖区内',
      '第 7 行 统一社会信用代码(G7)：统一社会信用代码校验位不符，请核对是否有误写',
      '第 8 行 是否有业委会(J8)：写了没有业委会，却又填了任期或人数',
      '第 8 行 党员委员人数(I8)：党员委员 5 人，多于委员 3 人',
      '第 10 行：与第 9 行重复：石桥社区·庚园。请删去其中一行',
      '第 11 行 是否有业委会(J11)：系统中已登记业主委员会；确已撤销的，请先在业主组织中办理',
      '第 13 行 统一社会信用代码(G13)：第 12 行把同一代码填给了“甲企业”',
    ]);
    expect(await commit(lin, id)).toMatchObject({
      allowed: false,
      refusals: [{ reason: '还有 10 行有错。请改正后重新上传，或选择“跳过错误行”' }],
    });
    expect(await commit(lin, id, true)).toMatchObject({ state: 'committed' });
    expect(await engineRows(sql`select name from registers.estate where batch_id = ${id} order by id`)).toEqual([
      { name: '庚园' },
      { name: '辛园' },
    ]);
  });

  it('街道看不到、也写不进别的街道；没有必需的列就不开始检查', async () => {
    const id = await send(
      chen,
      'estates',
      tabbed([
        ['小区名称', '街道', '社区'],
        ['石桥新村', '西山街道', '石桥社区'],
      ]),
    );
    await check(chen, id);
    expect(await sentences(chen, id)).toEqual(['第 2 行 街道(B2)：“西山街道”不在您的辖区内']);
    const other = await send(
      lin,
      'estates',
      tabbed([
        ['小区名称', '户数'],
        ['甲园', '3'],
      ]),
    );
    expect(await check(lin, other)).toMatchObject({
      allowed: false,
      refusals: [{ reason: '缺少必需的列：街道、社区。请指出它在文件的哪一列' }],
    });
    await expect(act(chen, (tx) => findBatch(tx, other))).resolves.toBeUndefined();
  });

  it('空的区：一份小区清单建起街道、社区及其单位，可整批撤销', async () => {
    const before = await registersNow();
    const text = tabbed([
      ['小区名称', '街道', '社区', '社区代码'],
      ['甲园', '南河街道', '河东社区居委会', '990102003001'],
      ['乙园', '南河街道', '河西社区', '990102003002'],
      ['丙园', '北岭镇', '岭上村', ''],
      ['丁园', '北岭镇', '岭下社区', ''],
    ]);
    const refused = await send(lin, 'estates', text);
    expect(await check(lin, refused)).toMatchObject({ counts: { wrong: 4 } });
    const id = await send(lin, 'estates', text);
    const checked = await check(lin, id, { createMissingAreas: true });
    expect(checked).toMatchObject({
      counts: { new: 4, wrong: 0 },
      newAreas: [
        { code: '990102003000', name: '南河街道', provisional: false },
        { code: '990102003001', name: '河东社区', provisional: false },
        { code: '990102003002', name: '河西社区', provisional: false },
        { code: '990102990000', name: '北岭镇', provisional: true },
        { code: '990102990900', name: '岭上村', provisional: true },
        { code: '990102990901', name: '岭下社区', provisional: true },
      ],
    });
    expect(await commit(lin, id)).toMatchObject({ state: 'committed', problem: null });
    expect(
      await engineRows(
        sql`select kind, name from registers.organisation where batch_id = ${id} and area_code in ('990102003001', '990102990000') order by id`,
      ),
    ).toEqual([
      { kind: 'residents-committee', name: '河东社区居民委员会' },
      { kind: 'community-party-organisation', name: '河东社区党组织' },
      { kind: 'subdistrict-office', name: '北岭镇人民政府' },
      { kind: 'subdistrict-party-committee', name: '北岭镇党委' },
    ]);
    const again = await send(lin, 'estates', text);
    expect(await check(lin, again, { createMissingAreas: true })).toMatchObject({
      counts: { unchanged: 4 },
      newAreas: [],
    });
    expect(await undo(lin, id)).toMatchObject({ state: 'undone', problem: null });
    expect(await registersNow()).toBe(before);
    const street = await send(chen, 'estates', text);
    expect(await check(chen, street, { createMissingAreas: true })).toMatchObject({
      allowed: false,
      refusals: [{ reason: '新建街道、社区由区级及以上部门或管理员办理' }],
    });
  });

  it('别处已经用到的，不能撤销，并说明是什么', async () => {
    const id = await send(
      chen,
      'estates',
      tabbed([
        ['小区名称', '街道', '社区'],
        ['甲园', '东湖街道', '镜湖社区'],
      ]),
    );
    await check(chen, id);
    await commit(chen, id);
    await district.database.transaction(engine, async (tx) => {
      await sql`insert into registers.building (estate_id, scope, name) select id, scope, '1幢' from registers.estate where batch_id = ${id}`.execute(
        tx,
      );
      await record(tx, {
        chain: `organisation:${district.organisations.bureau}`,
        act: 'tests.built',
        object: 'estate:0',
      });
    });
    expect(await undo(chen, id)).toMatchObject({
      state: 'committed',
      problem: '已有“楼栋”记录用到这次导入的内容，整批不能撤销，请逐项更正',
    });
    expect(await engineRows(sql`select name from registers.estate where batch_id = ${id}`)).toEqual([{ name: '甲园' }]);
  });

  it('检查之后有人改动，写入时拒绝，什么也不写', async () => {
    const id = await send(
      chen,
      'estates',
      tabbed([
        ['小区名称', '街道', '社区', '户数'],
        ['甲园', '东湖街道', '镜湖社区', '5'],
        ['老城里', '东湖街道', '春江社区', '120'],
      ]),
    );
    await check(chen, id);
    await district.database.transaction(engine, async (tx) => {
      await sql`update registers.estate set households = 99 where id = ${district.estates.oldTown}`.execute(tx);
      await record(tx, { chain: `estate:${district.estates.oldTown}`, act: 'tests.changed', object: 'estate:0' });
    });
    expect(await commit(chen, id)).toMatchObject({
      state: 'checked',
      problem: '检查之后系统中的内容有变动（春江社区·老城里），没有写入。请重新检查',
    });
    expect(await engineRows(sql`select from registers.estate where name = '甲园'`)).toHaveLength(0);
  });
});

describe('留痕', () => {
  it('一次写到多条链上的留痕，与逐条写的字节、摘要和链接一致；两次导入接在同一条链上', async () => {
    for (const households of ['5', '6']) {
      const id = await send(
        chen,
        'estates',
        tabbed([
          ['小区名称', '街道', '社区', '户数'],
          ['老城里', '东湖街道', '春江社区', households],
          ['镜湖苑', '东湖街道', '镜湖社区', households],
        ]),
      );
      await check(chen, id);
      expect(await commit(chen, id)).toMatchObject({ state: 'committed' });
    }
    const entries = await engineRows(sql<
      JournalFields & Record<'payload' | 'leaf' | 'prev' | 'hash', Buffer> & { deployment: string }
    >`
      select chain, seq, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at, act, object, person_id as "personId", organisation_id as "organisationId",
        post_id as "postId", reason, detail, request, rows_digest as "rowsDigest", 2 as format, payload, leaf, prev, hash,
        (select deployment from platform.journal_setting) as deployment
      from platform.journal where chain like 'estate:%' order by chain, seq`);
    expect(entries.map((one) => one.seq)).toEqual([1n, 2n, 1n, 2n]);
    let before: Buffer | undefined;
    for (const entry of entries) {
      expect(entry.payload).toEqual(encodeJournalPayload(entry));
      expect(entry.leaf).toEqual(leafOf(entry.payload));
      expect(entry.prev).toEqual(entry.seq === 1n ? genesisOf(entry.chain, entry.deployment) : before);
      expect(entry.hash).toEqual(linkOf(entry.prev, entry.leaf));
      expect(entry.request).toMatch(/^import-/);
      before = entry.hash;
    }
    const heads = await engineRows(
      sql<{
        seq: bigint;
        hash: Buffer;
      }>`select seq, hash from platform.journal_head where chain like 'estate:%' order by chain`,
    );
    expect(heads).toEqual([
      { seq: 2n, hash: entries[1]!.hash },
      { seq: 2n, hash: entries[3]!.hash },
    ]);
  });

  it('别的单位、别的辖区不能撤销这一批', async () => {
    const id = await send(
      chen,
      'estates',
      tabbed([
        ['小区名称', '街道', '社区'],
        ['甲园', '东湖街道', '镜湖社区'],
      ]),
    );
    await check(chen, id);
    await commit(chen, id);
    expect(await undo(lin, id)).toMatchObject({
      allowed: false,
      refusals: [{ reason: '这是其他单位的导入，只能由原单位办理' }],
    });
    await expect(act(lin, (tx) => sql`select registers.take_back(${id}::int)`.execute(tx))).rejects.toMatchObject({
      code: 'GZ002',
    });
    await expect(
      act(chen, (tx) => sql`delete from registers.estate where batch_id = ${id}`.execute(tx)),
    ).rejects.toMatchObject({ code: '42501' });
  });
});

describe('进度与取消', () => {
  const roster = (rows: number) =>
    tabbed([
      ['小区名称', '街道', '社区'],
      ...Array.from({ length: rows }, (_, at) => [`新建小区${at}`, '东湖街道', '春江社区']),
    ]);
  const names = () =>
    act(
      lin,
      async (tx) => (await sql`select from registers.estate where name like '新建小区%'`.execute(tx)).rows.length,
    );
  const stop = (person: Person, id: number) => act(person, (tx) => cancel(tx, person, id, about(person)));
  /** What the worker does to a batch it has in hand: it holds the row until the step is done. */
  async function inHand<T>(id: number, work: (worker: pg.Client) => Promise<T>): Promise<T> {
    const worker = new pg.Client({ connectionString: district.adminUrl });
    await worker.connect();
    try {
      await worker.query('begin');
      await worker.query('select from registers.import_batch where id = $1 for update', [id]);
      return await work(worker);
    } finally {
      await worker.query('rollback');
      await worker.end();
    }
  }
  /** Asks for the check, without the worker. */
  async function queued(rows: number): Promise<number> {
    const id = await send(lin, 'estates', roster(rows));
    const { sheet, headerRow, columns } = await show(lin, id);
    const input = mapImport.input.parse({
      id,
      sheet,
      headerRow,
      columns: columns.map(({ index, key }) => ({ index, key })),
    });
    await act(lin, (tx) => mapColumns(tx, lin, input, kinds, about(lin)));
    return id;
  }

  it('检查时别人看得到做到第几行；做完记着总行数', async () => {
    const id = await queued(4_500);
    expect((await show(lin, id)).progress).toEqual({ done: 0, total: null, cancelling: false });
    await checkBatch(system, kinds, id);
    expect((await show(lin, id)).progress).toBeNull();
    const said = await act(lin, (tx) => readProgress(tx, id));
    expect(said).toEqual({ done: 4_500, total: 4_500, cancelling: false });
  });

  const template = async () =>
    (await act(lin, (tx) => writeTemplate(tx, kindNamed(kinds, 'estates')!, system))).bytes as Uint8Array;
  it.each(['xlsx', '粘贴'])('读之前就知道大约多少行：%s', async (how) => {
    const read = how === 'xlsx' ? await readWorkbook(await template(), { name: 'x.xlsx' }) : readPasted(roster(3));
    if (!read.ok) throw new Error(read.problem);
    for (const sheet of read.sheets) {
      const rows = await collectRows(sheet);
      expect(rows.ok && rows.rows.length, sheet.name).toBe(sheet.about);
    }
  });

  it('还没有人动手的，当场取消；取消以后不再检查、不能写入', async () => {
    const id = await queued(3);
    expect(await stop(lin, id)).toEqual({ id });
    await checkBatch(system, kinds, id);
    expect(await show(lin, id)).toMatchObject({ state: 'cancelled', counts: null, progress: null });
    expect((await show(lin, id)).acts.filter((one) => one.allowed)).toEqual([]);
  });

  it.each(['checking', 'committing'] as const)('正在做的（%s），做到下一处停下，已做的一并撤回', async (step) => {
    const id = await queued(4_500);
    if (step === 'committing') {
      await checkBatch(system, kinds, id);
      await act(lin, (tx) => askCommit(tx, lin, id, false, about(lin)));
    }
    await inHand(id, async () => {
      expect(await stop(lin, id)).toEqual({ id });
      expect(await show(lin, id)).toMatchObject({ state: step, progress: { cancelling: true } });
    });
    await (step === 'checking' ? checkBatch : commitBatch)(system, kinds, id);
    expect((await show(lin, id)).state).toBe('cancelled');
    expect(await names()).toBe(0);
    const staged = await act(lin, (tx) =>
      sql<{ n: number }>`select count(*)::int as n from registers.import_row where batch_id = ${id}`.execute(tx),
    );
    expect(staged.rows[0]!.n).toBe(step === 'checking' ? 0 : 4_500);
  });

  it.each([
    ['committed', '已写入'],
    ['checked', null],
  ])('要求取消时那一步正好做完（%s）：写入了的如实说，没写入的照样取消', async (state, reason) => {
    const id = await queued(3);
    let asked: ReturnType<typeof stop> | undefined;
    await inHand(id, async (worker) => {
      await worker.query('select from registers.import_progress where batch_id = $1 for update', [id]);
      asked = stop(lin, id).catch((error) => error);
      // The asking waits for the step's last row; only then does the step end.
      await expect
        .poll(
          async () => (await worker.query(`select 1 from pg_stat_activity where wait_event_type = 'Lock'`)).rowCount,
        )
        .toBeGreaterThan(0);
      await worker.query('update registers.import_batch set state = $1 where id = $2', [state, id]);
      await worker.query('commit');
    });
    const answer = await asked!;
    if (reason === null) expect(answer).toEqual({ id });
    else expect(JSON.stringify(answer)).toContain(`这次导入现在是“${reason}”，不能取消`);
    expect((await show(lin, id)).state).toBe(reason === null ? 'cancelled' : state);
  });

  it('别的单位的导入不能取消；已写入、已取消的也不能', async () => {
    const id = await queued(3);
    expect(JSON.stringify(await stop(chen, id))).toContain('没有这次导入');
    await checkBatch(system, kinds, id);
    await commit(lin, id);
    expect(await names()).toBe(3);
    expect(JSON.stringify(await stop(lin, id))).toContain('不能取消');
  });
});

describe('排队', () => {
  it('导入和推算义务都在等，先办有人等着的导入', async () => {
    await act(lin, askForDuties);
    await send(lin, 'estates', tabbed([['小区名称'], ['柳岸小区']]));
    const seen: string[] = [];
    let done: () => void = () => undefined;
    const all = new Promise<void>((resolve) => {
      done = resolve;
    });
    const note = (task: string) => async () => {
      if (seen.push(task) === 2) done();
    };
    const tasks = Object.fromEntries(['duties:materialise', 'rosters:read'].map((one) => [one, note(one)]));
    const worker = await runWorker({ url: district.adminUrl, tasks, system, concurrency: 1 });
    await all;
    await worker.stop();
    expect(seen).toEqual(['rosters:read', 'duties:materialise']);
  });
});

describe('记住的对应关系', () => {
  it('同一单位下次自动沿用，包括留空不要的列', async () => {
    const text = tabbed([
      ['项目', '镇街', '居委', '备注户'],
      ['甲园', '东湖街道', '镜湖社区', '8'],
    ]);
    const id = await send(chen, 'estates', text);
    const input = mapImport.input.parse({
      id,
      sheet: '粘贴的内容',
      headerRow: 1,
      columns: [
        { index: 0, key: 'name' },
        { index: 1, key: 'street' },
        { index: 2, key: 'community' },
        { index: 3, key: 'households' },
      ],
    });
    await act(chen, (tx) => mapColumns(tx, chen, input, kinds, about(chen)));
    const second = await send(chen, 'estates', text);
    expect((await show(chen, second)).columns.map((one) => one.key)).toEqual([
      'name',
      'street',
      'community',
      'households',
    ]);
    const others = await send(lin, 'estates', text);
    expect((await show(lin, others)).columns.map((one) => one.key)).not.toEqual([
      'name',
      'street',
      'community',
      'households',
    ]);
  });
});

describe('房屋名册', () => {
  const text = tabbed([
    ['小区', '楼栋', '房号', '建筑面积', '用途', '业主姓名', '手机号'],
    ['春江花园', '1幢', '101', '89.34㎡', '住宅', '邓小舟', '139 1111 2222'],
    ['春江花园', '1幢', '102', '121', '住宅', '何文静', '13933334444'],
    ['春江花园', '3幢', '101', '66.5', '店面', '苏敏、罗平', '13900008888'],
    ['春江花园', '3幢', '102', '70', '', '苏敏', '13900008888'],
    ['老城里', '', '1', '50', '', '', ''],
    ['老城里', '甲栋', '1', '0', '', '', '13912345678'],
  ]);

  it('房屋、业主和加密的电话；暂存与留痕里没有电话原文；撤销后业主的密钥销毁', async () => {
    const before = await registersNow();
    const id = await send(chen, 'units', text);
    expect(await check(chen, id)).toMatchObject({ counts: { total: 6, new: 2, changed: 1, unchanged: 1, wrong: 2 } });
    expect(await sentences(chen, id)).toEqual([
      '第 6 行 楼栋(B6)：此列必填，还没有填写',
      '第 7 行 建筑面积(D7)：建筑面积不能为 0；不知道的写“待补”',
      '第 7 行 手机号(G7)：填了电话，没有填业主姓名',
    ]);
    expect((await rowsOf(chen, id, 'new'))[0]!.fields.at(-1)).toEqual({
      key: 'phone',
      label: '业主电话',
      before: null,
      after: '尾号 8888',
    });
    expect(await commit(chen, id, true)).toMatchObject({ state: 'committed', problem: null });

    const owners = await engineRows(sql<{
      unit: string;
      area: bigint;
      kind: string;
      name: string;
      sealed: Buffer | null;
      subject: string | null;
      personId: number;
      tail: string | null;
    }>`
      select b.name || u.name as unit, u.area_centi_m2 as area, u.kind, p.name, p.phone_sealed as sealed, p.subject, p.id as "personId", p.phone_tail as tail
      from registers.unit u join registers.building b on b.id = u.building_id left join registers.ownership w on w.unit_id = u.id and w.to_on is null
      left join registers.person p on p.id = w.person_id where u.estate_id = ${district.estates.garden} and u.kind <> 'parking' and b.name <> '2幢' order by 1, w.id`);
    expect(owners.map((one) => [one.unit, one.area, one.kind, one.name, one.tail])).toEqual([
      ['1幢101', 8934n, 'dwelling', '邓小舟', '2222'],
      ['1幢102', 12100n, 'dwelling', '何文静', '4444'],
      ['3幢101', 6650n, 'shop', '苏敏', '8888'],
      ['3幢101', 6650n, 'shop', '罗平', null],
      ['3幢102', 7000n, 'dwelling', '苏敏', '8888'],
    ]);
    expect(owners[4]!.personId).toBe(owners[2]!.personId);
    const opened = await act(chen, (tx) =>
      district.sealing.open(
        tx,
        { subject: owners[2]!.subject!, field: 'phone', sealed: owners[2]!.sealed! },
        { kind: 'browsing', reason: '测试' },
      ),
    );
    expect(opened).toBe('13900008888');

    const kept = await engineRows(sql<{ text: string }>`
      select (select string_agg(t::text, '') from registers.import_batch t) || (select string_agg(t::text, '') from registers.import_row t)
        || (select string_agg(detail, '') from platform.journal) || (select string_agg(to_jsonb(t)::text, '') from registers.person t) as text`);
    expect(kept[0]!.text).not.toMatch(/139\s?0000\s?8888|139\s?1111\s?2222/);
    expect(kept[0]!.text).toContain('8888');

    expect(await undo(chen, id)).toMatchObject({ state: 'undone', problem: null });
    expect(await registersNow()).toBe(before);
    const admin = new pg.Client({ connectionString: district.adminUrl });
    await admin.connect();
    const keys = await admin.query('select wrapped from platform.subject_key where subject = $1', [owners[2]!.subject]);
    await admin.end();
    expect(keys.rows).toEqual([{ wrapped: null }]);
  });

  it('换业主：旧的产权结束，新的开始，可以撤销', async () => {
    const before = await registersNow();
    const id = await send(
      chen,
      'units',
      tabbed([
        ['小区名称', '楼栋', '房号', '业主', '电话'],
        ['春江花园', '1幢', '101', '罗平', '13955556666'],
      ]),
    );
    expect(await check(chen, id)).toMatchObject({ counts: { changed: 1, wrong: 0 } });
    expect(await commit(chen, id)).toMatchObject({ state: 'committed', problem: null });
    expect(
      await engineRows(
        sql`select p.name, w.to_on as "toOn" from registers.ownership w join registers.person p on p.id = w.person_id where w.unit_id = ${district.units[0]} order by w.id`,
      ),
    ).toEqual([
      { name: '邓小舟', toOn: today },
      { name: '罗平', toOn: null },
    ]);
    expect(await undo(chen, id)).toMatchObject({ state: 'undone', problem: null });
    expect(await registersNow()).toBe(before);
  });
});

describe('其他名册', () => {
  it('企业：党建情况按人数，更新后可撤销；辖区外的企业不能改', async () => {
    const before = await registersNow();
    const id = await send(
      chen,
      'companies',
      tabbed([
        [
          '企业名称',
          '统一社会信用代码',
          '注册地',
          '成立日期',
          '党员人数',
          '是否具备组建条件',
          '组建方式',
          '党组织成立时间',
          '指导员',
          '派驻日期',
        ],
        ['安居物业', '', '东湖街道', '2020-05-06', '6', '是', '联合', '2025-07-01', '苏敏', '2025-03-01'],
        ['东湖物业有限公司', uscc(5), '东湖', '2021-01-01', '0', '否', '无', '', '王一', ''],
        ['示范宜家物业服务有限公司', '', '', '', '3', '', '', '', '', ''],
      ]),
    );
    expect(await check(chen, id)).toMatchObject({ counts: { total: 3, new: 1, changed: 1, wrong: 1 } });
    expect(await sentences(chen, id)).toEqual(['第 4 行 企业名称(A4)：这家企业登记在您的辖区之外，由登记地维护']);
    expect(await commit(chen, id, true)).toMatchObject({ state: 'committed', problem: null });
    expect(
      await engineRows(sql`
      select label, full_members as members, eligible, has_party_organisation as own, in_joint_organisation as joined, has_instructor as instructor
      from registers.fact_companies(${today}::date) where left(scope, 9) = left(${codes.east}, 9) order by label collate "C"`),
    ).toEqual([
      { label: '东湖物业有限公司', members: 0, eligible: false, own: false, joined: false, instructor: true },
      { label: '示范安居物业服务有限公司', members: 6, eligible: true, own: false, joined: true, instructor: true },
    ]);
    const again = await send(
      chen,
      'companies',
      tabbed([
        ['企业名称', '统一社会信用代码', '党员人数', '组建方式'],
        ['东湖物业有限公司', uscc(5), '0', '未组建'],
        ['安居物业', '', '6', '联合组建'],
      ]),
    );
    expect(await check(chen, again)).toMatchObject({ counts: { unchanged: 2 } });
    expect(await undo(chen, id)).toMatchObject({ state: 'undone', problem: null });
    expect(await registersNow()).toBe(before);
  });

  it('业主组织：届期、人数、名单', async () => {
    const before = await registersNow();
    const id = await send(
      chen,
      'committees',
      tabbed([
        ['小区名称', '组织类型', '任期起', '任期止', '委员人数', '党员人数', '是否有党小组', '成员名单'],
        ['春江花园', '业委会', '2026-09-01', '2031-09-01', '7', '4', '是', '何文静(主任)，苏敏（副主任）'],
        ['老城里', '物管会', '2026-01-01', '2028-01-01', '9', '', '', ''],
        ['镜湖苑', '', '2026-01-01', '2025-01-01', '5', '', '', '张三（组长）'],
      ]),
    );
    expect(await check(chen, id)).toMatchObject({ counts: { new: 1, changed: 1, wrong: 1 } });
    expect(await sentences(chen, id)).toEqual([
      '第 4 行 成员名单(H4)：“张三（组长）”认不出，请写成 姓名（主任）、姓名 的形式',
      '第 4 行 任期止(D4)：任期止 2025-01-01 不晚于任期起 2026-01-01',
    ]);
    expect(await commit(chen, id, true)).toMatchObject({ state: 'committed', problem: null });
    expect(
      await engineRows(sql`select name, title from registers.committee_member where to_on is null order by id`),
    ).toEqual([
      { name: '何文静', title: 'director' },
      { name: '苏敏', title: 'deputy-director' },
    ]);
    expect(await undo(chen, id)).toMatchObject({ state: 'undone', problem: null });
    expect(await registersNow()).toBe(before);
  });

  it('群台账：新增、不变、变更、有错；名称里的电话哪里也不留；撤销回到从前', async () => {
    const before = await registersNow();
    const groupsNow = () =>
      engineRows<{ name: string; kind: string; keeper: string }>(
        sql`select g.name, g.kind, o.name as keeper from registers.chat_group g join registers.organisation o on o.id = g.organisation_id order by g.id`,
      );
    const header = ['小区', '群名称', '类别', '管理单位'];
    const rows = [
      ['春江花园', '春江花园业主群', '业主', '安居物业'],
      ['老城里', '老城里1幢群', '楼栋群', ''],
    ];
    const id = await send(
      chen,
      'groups',
      tabbed([
        header,
        ...rows,
        ['春江花园', '宜家的群', '其他群', '示范宜家物业服务有限公司'],
        ['春江花园', '找 13800000000 进群', '其他群', ''],
        ['春江花园', '没有单位的群', '其他群', '安局物业'],
        ['石桥新村', '辖区外的群', '业主群', ''],
        ['春江花园', '没有类别', '', ''],
        ['春江花园', '春江花园业主群', '业主群', ''],
      ]),
    );
    expect(await check(chen, id)).toMatchObject({ counts: { new: 2, wrong: 6 } });
    expect(await sentences(chen, id)).toEqual([
      '第 4 行 管理单位(D4)：示范宜家物业服务有限公司不管这个小区，不能负责它的群。',
      '第 5 行 群名称(B5)：群的名称里不要写电话或证件号码。',
      expect.stringMatching(/^第 6 行 管理单位\(D6\)：没有登记单位“安局物业”/),
      expect.stringMatching(/^第 7 行 小区\(A7\)：您的辖区内没有登记“石桥新村”/),
      expect.stringMatching(/^第 8 行 类别\(C8\)：/),
      expect.stringMatching(/^第 9 行.*与第 2 行重复/),
    ]);
    const staged = await engineRows(sql`select label, after, before, problems from registers.import_row`);
    expect(JSON.stringify(staged)).not.toContain('13800000000');
    expect(await commit(chen, id, true)).toMatchObject({ state: 'committed', problem: null });
    const written = [
      { name: '春江花园业主群', kind: 'owners', keeper: '示范安居物业服务有限公司' },
      { name: '老城里1幢群', kind: 'building', keeper: '东湖街道办事处' },
    ];
    expect(await groupsNow()).toEqual(written);
    const again = await send(
      chen,
      'groups',
      tabbed([header, rows[0]!, ['老城里', '老城里1幢群', '工作群', '春江社区居委会']]),
    );
    expect(await check(chen, again)).toMatchObject({ counts: { unchanged: 1, changed: 1, wrong: 0 } });
    expect(await commit(chen, again)).toMatchObject({ state: 'committed', problem: null });
    expect(await groupsNow()).toEqual([written[0], { name: '老城里1幢群', kind: 'work', keeper: '春江社区居委会' }]);
    const refused = await undo(chen, id);
    expect(refused).toMatchObject({ state: 'committed', problem: expect.stringContaining('导入之后又被改动') });
    expect(await undo(chen, again)).toMatchObject({ state: 'undone', problem: null });
    expect(await groupsNow()).toEqual(written);
    expect(await undo(chen, id)).toMatchObject({ state: 'undone', problem: null });
    expect(await groupsNow()).toEqual([]);
    expect(await registersNow()).toBe(before);
    const events = await engineRows<{ chain: string; act: string }>(
      sql`select chain, act from platform.journal where object = ${`import:${id}`} order by chain, seq`,
    );
    const { garden, oldTown } = district.estates;
    for (const chain of [`estate:${garden}`, `estate:${oldTown}`, `organisation:${district.organisations.eastOffice}`])
      expect(events.filter((one) => one.chain === chain).map((one) => one.act)).toEqual([
        'rosters.imported',
        'rosters.undone',
      ]);
  });

  it('单位与区划', async () => {
    const before = await registersNow();
    const bodies = await send(
      lin,
      'organisations',
      tabbed([
        ['单位名称', '类别', '街道', '社区', '电话'],
        ['东湖街道办事处', '街道办', '东湖街道', '', '0595-22345678'],
        ['春江社区党委', '社区党委', '东湖街道', '春江社区', ''],
        ['示范区委组织部', '组织部', '', '', ''],
      ]),
    );
    expect(await check(lin, bodies)).toMatchObject({ counts: { new: 2, changed: 1, wrong: 0 } });
    expect(await commit(lin, bodies)).toMatchObject({ state: 'committed', problem: null });
    const areas = await send(
      lin,
      'areas',
      tabbed([
        ['代码', '名称'],
        ['990102003000', '南河街道'],
        ['990102003001', '河东社区'],
        ['990102004001', '无主社区'],
        [codes.lake, '镜湖新社区'],
      ]),
    );
    expect(await check(lin, areas)).toMatchObject({ counts: { new: 2, changed: 1, wrong: 1 } });
    expect(await sentences(lin, areas)).toEqual([
      '第 4 行 代码(A4)：没有登记它的上级街道（乡镇）。请把上级写在它的前面',
    ]);
    expect(await commit(lin, areas, true)).toMatchObject({ state: 'committed', problem: null });
    expect(
      await engineRows(sql`select kind from registers.organisation where area_code = '990102003001' order by id`),
    ).toEqual([{ kind: 'residents-committee' }, { kind: 'community-party-organisation' }]);
    expect(await undo(lin, areas)).toMatchObject({ state: 'undone', problem: null });
    expect(await undo(lin, bodies)).toMatchObject({ state: 'undone', problem: null });
    expect(await registersNow()).toBe(before);
  });
});

describe('文件', () => {
  it('拿错模板、空表、坏文件都说清楚', async () => {
    const template = await act(lin, (tx) => writeTemplate(tx, kindNamed(kinds, 'companies')!, system));
    const wrong = await send(lin, 'estates', Buffer.from(template.bytes as Uint8Array));
    expect(await show(lin, wrong)).toMatchObject({
      state: 'failed',
      problem: '这是“企业名册”的模板，不是“小区名册”。请在上传时选对名册种类',
    });
    const broken = await send(lin, 'estates', Buffer.from('%PDF-1.7 …'));
    expect(await show(lin, broken)).toMatchObject({
      state: 'failed',
      problem: '名册.xlsx：这是 PDF，不是表格。请向提供方索取 Excel 工作簿(xlsx)',
    });
    const empty = await act(lin, (tx) => writeTemplate(tx, kindNamed(kinds, 'estates')!, system));
    const blank = await send(lin, 'estates', Buffer.from(empty.bytes as Uint8Array));
    expect(await show(lin, blank)).toMatchObject({ state: 'read', origin: 'template', sheet: '填写' });
    expect(await check(lin, blank)).toMatchObject({
      state: 'read',
      problem: '标题行下面没有内容。请确认选对了工作表和标题行',
    });
  });

  it('5,000 行中 150 行有错：只退回这些行，带原行号和原因；改好后原样上传，全部导入', async () => {
    const bad: Record<number, (row: string[]) => void> = {
      0: (row) => {
        row[2] = '不存在社区';
      },
      1: (row) => {
        row[3] = '一百户';
      },
      2: (row) => {
        row[5] = `${uscc(9).slice(0, 17)}${uscc(9).endsWith('0') ? '1' : '0'}`;
      },
    };
    const wrongNumbers: number[] = [];
    const rows = Array.from({ length: 5_000 }, (_, at) => {
      const row = [
        `小区${at + 1}`,
        at % 2 ? '东湖街道' : '西山街道',
        at % 2 ? '镜湖社区' : '石桥社区',
        String(at % 900),
        '物业公司',
        uscc(8),
        '2020-01-01',
      ];
      if (at % 33 === 7 && wrongNumbers.length < 150) {
        bad[wrongNumbers.length % 3]!(row);
        wrongNumbers.push(at + 5);
      }
      return row;
    });
    expect(wrongNumbers).toHaveLength(150);
    const columns = ['小区名称', '街道', '社区', '户数', '物业服务企业', '统一社会信用代码', '服务开始日期'].map(
      (title) => ({ title, kind: 'text' as const }),
    );
    // Title, note and exporter's line stand above the header in row 4: data begin in row 5.
    const book = await writeWorkbook({
      exportedBy: '测试',
      exportedAt: '2026-11-22 09:00',
      sheets: [{ name: '名册', title: '小区一览表', notes: ['测试'], columns, rows }],
    });
    const before = await registersNow();
    const id = await send(lin, 'estates', book);
    expect(await check(lin, id)).toMatchObject({ counts: { total: 5_000, new: 4_850, wrong: 150 } });
    const wrong = await rowsOf(lin, id, 'wrong');
    expect(wrong.map((row) => row.row)).toEqual(wrongNumbers);
    expect(await registersNow()).toBe(before);

    const errors = await act(lin, (tx) => writeErrors(tx, kinds, id, system));
    if ('allowed' in errors) throw new Error('refused');
    const read = await readWorkbook(errors.bytes as Uint8Array, { name: 'errors.xlsx' });
    if (!read.ok) throw new Error(read.problem);
    const sheet = await collectRows(read.sheets[0]!);
    if (!sheet.ok) throw new Error(sheet.problem);
    const failed = sheet.rows.slice(3);
    expect(failed.map((row) => Number(row.cells[0]))).toEqual(wrongNumbers);
    expect(failed[0]!.cells[1]).toBe(
      '社区：系统中“东湖街道”下没有“不存在社区”。确是新的，请回到“对应列”，勾选“一并建立”。',
    );
    expect(failed[1]!.cells[1]).toBe('户数：“一百户”不是整数，请只填数字，如 12');
    expect(failed[2]!.cells[1]).toBe('统一社会信用代码：统一社会信用代码校验位不符，请核对是否有误写');

    await commit(lin, id, true);
    const fixed = rows.map((row, at) => [
      row[0]!,
      row[1]!,
      at % 2 ? '镜湖社区' : '石桥社区',
      row[3] === '一百户' ? '100' : row[3]!,
      row[4]!,
      uscc(8),
      row[6]!,
    ]);
    const second = await writeWorkbook({
      exportedBy: '测试',
      exportedAt: '2026-11-22 09:00',
      sheets: [{ name: '名册', title: '小区一览表', columns, rows: fixed }],
    });
    const again = await send(lin, 'estates', second);
    expect(await check(lin, again)).toMatchObject({
      counts: { total: 5_000, new: 150, unchanged: 4_850, changed: 0, wrong: 0 },
    });
    expect(await commit(lin, again)).toMatchObject({ state: 'committed', problem: null });
    expect(await engineRows(sql`select count(*)::int as n from registers.estate where name like '小区%'`)).toEqual([
      { n: 5_000 },
    ]);
  });
});
