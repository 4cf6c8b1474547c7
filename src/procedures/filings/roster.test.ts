import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codes, type District, engine, testDistrict, today } from '../../../tests/district.ts';
import { requireHere } from '../../../tests/requirements.ts';
import { localDate } from '../../kernel/local-date.ts';
import { fixedClock } from '../../platform/clock.ts';
import { sql, type Transaction } from '../../platform/database.ts';
import { openFileStore } from '../../platform/files.ts';
import type { Person } from '../../platform/http.ts';
import { jobs } from '../../platform/jobs.ts';
import { record } from '../../platform/journal.ts';
import { keysFrom } from '../../platform/keys.ts';
import type { System } from '../../platform/system.ts';
import { addEstates } from '../../registers/estates/index.ts';
import { resolvePerson } from '../../registers/people/index.ts';
import {
  askCommit,
  askUndo,
  checkBatch,
  commitBatch,
  mapColumns,
  readBatch,
  receiveFile,
  undoBatch,
} from '../../registers/rosters/commands.ts';
import { mapImport } from '../../registers/rosters/contract.ts';
import { findImportRows, readImport } from '../../registers/rosters/queries.ts';
import { attachEvidence, fileDeed } from './commands.ts';
import { deedRoster } from './roster.ts';

const on = localDate(today);
const kinds = [deedRoster];
let district: District;
let system: System;
let folder: string;
let lin: Person; // 区住建局
let chen: Person; // 东湖街道

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gongzhi-deeds-'));
  district = await testDistrict();
  await requireHere(district);
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
});
afterAll(async () => {
  await district.close();
  rmSync(folder, { recursive: true, force: true });
});

const act = <T>(person: Person, work: (tx: Transaction) => Promise<T>) =>
  district.database.transaction({ ...person.actor, today }, work);
const about = (person: Person) => ({ person, today: on, now: system.clock.now() });
const engineRows = async <R>(statement: ReturnType<typeof sql<R>>) =>
  (await district.database.transaction(engine, (tx) => statement.execute(tx))).rows;

function good<T extends object>(answer: T): Exclude<T, { allowed: false }> {
  if ('allowed' in answer) throw new Error(JSON.stringify(answer));
  return answer as Exclude<T, { allowed: false }>;
}

const show = async (person: Person, id: number) =>
  good(await act(person, (tx) => readImport(tx, kinds, { id }, about(person))));

/** Pastes rows under the usual header and lets the worker read and check them. */
async function check(person: Person, rows: readonly (readonly string[])[], skipWrongRows = false) {
  const header = ['事项', '小区名称', '所属街道', '社区名称', '所属期间', '完成日期', '备注', '材料情况'];
  const bytes = Buffer.from([header, ...rows].map((row) => row.join('\t')).join('\n'));
  const file = { kind: deedRoster, name: '粘贴', bytes, media: 'text/plain', origin: 'paste' as const };
  const { id } = good(await act(person, (tx) => receiveFile(tx, person, file, system, on)));
  await readBatch(system, kinds, id);
  const { sheet, headerRow, columns } = await show(person, id);
  const input = mapImport.input.parse({
    id,
    sheet,
    headerRow,
    columns: columns.map(({ index, key }) => ({ index, key })),
    skipWrongRows,
  });
  good(await act(person, (tx) => mapColumns(tx, person, input, kinds, about(person))));
  await checkBatch(system, kinds, id);
  return show(person, id);
}

async function commit(person: Person, id: number) {
  good(await act(person, (tx) => askCommit(tx, person, id, undefined, about(person))));
  await commitBatch(system, kinds, id);
  return show(person, id);
}

async function undo(person: Person, id: number) {
  good(await act(person, (tx) => askUndo(tx, person, id, about(person))));
  await undoBatch(system, kinds, id);
  return show(person, id);
}

const page = { offset: 0, limit: 100 };
async function rowsOf(person: Person, id: number) {
  return good(await act(person, (tx) => findImportRows(tx, kinds, { id, ...page }))).rows;
}
const sentences = async (person: Person, id: number) =>
  (await rowsOf(person, id)).flatMap((row) => row.problems.map((one) => one.sentence));

const standingOf = async (matter: string, subjectId: string, period: string) =>
  (
    await engineRows(
      sql<{
        standing: string;
      }>`select standing from oversight.duty_standing where matter = ${matter} and subject_id = ${subjectId} and period = ${period}`,
    )
  ).map((row) => row.standing);
const filingsOf = (batch: number) =>
  engineRows(sql`
    select f.matter, f.subject_kind as kind, f.subject_label as subject, f.estate_id as estate, f.organisation_id as organisation, f.person_id as person, f.post_id as post,
      f.period, f.done_on as "doneOn", f.filed_on as "filedOn", f.summary, f.evidence, w.reason as withdrawn
    from filings.filing f left join filings.withdrawal w on w.filing_id = f.id where f.batch_id = ${batch} order by f.id`);

describe('导入已办事项', () => {
  let first: number;

  it('新、错分清楚：错在哪一格、怎样改', async () => {
    const checked = await check(chen, [
      ['街道季报', '东湖街道办事处', '', '', '2026年第三季度', '2026年10月9日', '纸质件在街道', ''],
      ['reports.quarterly', '东湖', '', '', '2026-Q2', '2026-07-08', '', '无须'],
      ['公布业委会工作经费使用情况', '春江花园', '东湖街道', '春江社区', '2026年三季度', '2026-09-20', '', '后补'],
      ['街道季抱', '东湖街道', '', '', '2026-Q1', '2026-04-08', '', ''],
      ['街道季报', '西山街道', '', '', '2026-Q1', '2026-04-08', '', ''],
      ['街道季报', '东湖街道', '', '', '2026年9月', '2026-10-08', '', ''],
      ['街道季报', '东湖街道', '', '', '2026年一季度', '2025-12-31', '', ''],
      ['街道季报', '东湖街道', '', '', '2026-Q4', '2026-11-23', '', ''],
      ['街道季报', '东湖街道', '', '', '2026-Q2', '2026-07-08', '', ''],
      ['街道季报', '东湖街道', '', '', '2025-Q4', '', '', ''],
      ['公布业委会工作经费使用情况', '春江花苑', '', '', '2026-Q2', '2026-06-20', '', ''],
      ['公布业委会工作经费使用情况', '春江花园', '', '镜湖社区', '2026-Q2', '2026-06-20', '', ''],
    ]);
    expect(checked).toMatchObject({
      state: 'checked',
      problem: null,
      counts: { total: 12, new: 3, changed: 0, unchanged: 0, wrong: 9 },
    });
    expect(await sentences(chen, checked.id)).toEqual([
      '第 5 行 事项(A5)：这里适用的政策包中没有事项“街道季抱”，是否为“街道季报”？',
      '第 6 行 小区名称(B6)：“街道季报”是对街道（乡镇）的，您的辖区内没有登记街道（乡镇）“西山街道”。',
      '第 7 行 所属期间(E7)：没有这个期间。可填：2026-Q3、2026-Q4。',
      '第 8 行 完成日期(F8)：办成日期 2025-12-31 早于所报期间的第一天 2026-01-01，请核对期间或日期。',
      '第 9 行 完成日期(F9)：办成日期 2026-11-23 还没有到，只能报备已经办成的事。',
      '第 10 行：与第 3 行重复：街道季报·东湖街道·2026年第二季度。请删去其中一行',
      '第 11 行 完成日期(F11)：此列必填，还没有填写',
      '第 12 行 小区名称(B12)：“公布业委会工作经费使用情况”是对业主委员会的，您的辖区内没有登记业主委员会“春江花苑”，是否为“春江花园”？',
      '第 13 行 小区名称(B13)：“春江花园”登记在东湖街道春江社区，与所填街道、社区不符',
    ]);
    expect(await act(chen, (tx) => askCommit(tx, chen, checked.id, undefined, about(chen)))).toMatchObject({
      allowed: false,
      refusals: [{ reason: expect.stringContaining('9 行有错') }],
    });
  });

  it('写入后成为报备，义务读作已完成，留痕记在小区和报送单位的链上', async () => {
    const { id } = await check(chen, [
      ['街道季报', '东湖街道办事处', '', '', '2026年第三季度', '2026年10月9日', '纸质件在街道', ''],
      ['reports.quarterly', '东湖', '', '', '2026-Q2', '2026-07-08', '', '无须'],
      ['公布业委会工作经费使用情况', '春江花园', '东湖街道', '春江社区', '2026年三季度', '2026-09-20', '', '后补'],
    ]);
    first = id;
    expect((await rowsOf(chen, id))[0]!.fields.map((one) => [one.label, one.after])).toEqual([
      ['事项', '街道季报'],
      ['对象', '东湖街道'],
      ['期间', '2026年第三季度'],
      ['办成日期', '2026-10-09'],
      ['说明', '纸质件在街道'],
      ['材料', '后补'],
    ]);
    expect(await standingOf('reports.quarterly', codes.east, '2026-Q3')).toEqual(['overdue']);
    expect(await commit(chen, id)).toMatchObject({ state: 'committed', problem: null });
    const by = {
      organisation: district.organisations.eastOffice,
      person: district.people.chen,
      post: district.posts.chenEast,
      filedOn: today,
      withdrawn: null,
    };
    const quarterly = { ...by, matter: 'reports.quarterly', kind: 'subdistricts', subject: '东湖街道', estate: null };
    expect(await filingsOf(id)).toEqual([
      { ...quarterly, period: '2026-Q3', doneOn: '2026-10-09', summary: '纸质件在街道', evidence: 'to-follow' },
      { ...quarterly, period: '2026-Q2', doneOn: '2026-07-08', summary: null, evidence: 'none' },
      {
        ...by,
        matter: 'disclosure.workingFund',
        kind: 'committees',
        subject: '春江花园业主委员会',
        estate: district.estates.garden,
        period: '2026-Q3',
        doneOn: '2026-09-20',
        summary: null,
        evidence: 'to-follow',
      },
    ]);
    expect(await standingOf('reports.quarterly', codes.east, '2026-Q3')).toEqual(['met']);
    expect(await standingOf('disclosure.workingFund', String(district.committee), '2026-Q3')).toEqual(['met']);
    expect(
      (
        await district.database.transaction({ standing: 'auditor', today }, (tx) =>
          sql<{
            chain: string;
          }>`select chain from platform.journal where act = 'rosters.imported' and object = ${`import:${id}`} order by chain`.execute(
            tx,
          ),
        )
      ).rows.map((row) => row.chain),
    ).toEqual([`estate:${district.estates.garden}`, `organisation:${district.organisations.eastOffice}`]);
  });

  it('再导一次不变；同一期间另填一天的，按手工报备同样拒绝', async () => {
    const { id, counts } = await check(chen, [
      ['街道季报', '东湖街道', '', '', '2026Q3', '2026-10-09', '另写的说明', '无须'],
      ['街道季报', '东湖街道', '', '', '2026Q2', '2026-07-09', '', ''],
    ]);
    expect(counts).toMatchObject({ new: 0, changed: 0, unchanged: 1, wrong: 1 });
    expect(await sentences(chen, id)).toEqual([
      '第 3 行 所属期间(E3)：系统中登记为 2026-07-08 办成。这一期间已经报备过。如要更正，请先撤回原来的一件，再重新报备。',
    ]);
  });

  it('区住建局管全区：为街道、为小区项目补录；同名小区要写明社区', async () => {
    await district.database.transaction(engine, async (tx) => {
      await addEstates(tx, [
        { communityCode: codes.lake, name: '重名苑', enrolledOn: today },
        { communityCode: codes.stone, name: '重名苑', enrolledOn: today },
      ]);
      await record(tx, {
        chain: `organisation:${district.organisations.bureau}`,
        act: 'tests.added',
        object: 'estate:0',
      });
    });
    const { id, counts } = await check(lin, [
      ['街道季报', '西山街道', '', '', '2026年第1季度', '2026/4/9', '', ''],
      ['小区群众接待日或业主恳谈会', '重名苑', '', '', '2026年第1季度', '2026-03-01', '', ''],
      ['小区群众接待日或业主恳谈会', '重名苑', '西山街道', '石桥社区', '2026年第1季度', '2026-03-01', '', ''],
    ]);
    expect(await sentences(lin, id)).toEqual([
      '第 3 行 小区名称(B3)：有 2 个“重名苑”（东湖街道镜湖社区、西山街道石桥社区），请填写街道和社区',
    ]);
    expect(counts).toMatchObject({ new: 2, wrong: 1 });
  });

  it('检查之后有人手工报了同一件：整批不写，请重新检查', async () => {
    const { id } = await check(chen, [
      ['街道季报', '东湖街道', '', '', '2025-Q3', '2025-10-09', '', ''],
      ['街道季报', '东湖街道', '', '', '2025-Q4', '2026-01-09', '', ''],
    ]);
    await act(chen, (tx) =>
      fileDeed(
        tx,
        chen,
        {
          matter: 'reports.quarterly',
          subjectKind: 'subdistricts',
          subjectId: codes.east,
          period: '2025-Q4',
          doneOn: '2026-01-10',
          evidence: 'none',
        },
        on,
      ),
    );
    expect(await commit(chen, id)).toMatchObject({ state: 'checked', problem: expect.stringContaining('请重新检查') });
    expect(await filingsOf(id)).toEqual([]);
  });

  it('撤销：写下撤回而不删除，义务恢复；已有人补交材料的整批不撤', async () => {
    const [filing] = await engineRows(
      sql<{ id: number }>`select id from filings.filing where batch_id = ${first} order by id limit 1`,
    );
    const other = await check(chen, [['街道季报', '东湖街道', '', '', '2025-Q2', '2025-07-09', '', '']]);
    await commit(chen, other.id);
    expect(await undo(chen, other.id)).toMatchObject({ state: 'undone', problem: null });
    expect(await filingsOf(other.id)).toMatchObject([{ period: '2025-Q2', withdrawn: '撤销导入' }]);
    expect(
      (await check(chen, [['街道季报', '东湖街道', '', '', '2025-Q2', '2025-07-09', '', '']])).counts,
    ).toMatchObject({ new: 1 });

    await act(chen, async (tx) => {
      await sql`select platform.keep_file(${'b'.repeat(64)}, 3, 'text/plain', '\\x00', null)`.execute(tx);
      good(await attachEvidence(tx, chen, filing!.id, { digest: 'b'.repeat(64), name: '季报.pdf' }, on));
    });
    expect(await undo(chen, first)).toMatchObject({
      state: 'committed',
      problem: expect.stringContaining('补交了材料或已撤回：东湖街道·2026-Q3'),
    });
    expect((await filingsOf(first)).map((one) => (one as { withdrawn: string | null }).withdrawn)).toEqual([
      null,
      null,
      null,
    ]);
  });
});
