import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../tests/database.ts';
import { localDate } from '../../kernel/local-date.ts';
import { fixedClock } from '../../platform/clock.ts';
import { type Actor, type Database, openDatabase, sql } from '../../platform/database.ts';
import { openFileStore } from '../../platform/files.ts';
import { keysFrom } from '../../platform/keys.ts';
import { createSealing } from '../../platform/sealing.ts';
import { signIn } from '../../platform/sign-in.ts';
import { entryKinds } from '../../registers/entries/index.ts';
import { loadPolicy } from '../policy.ts';
import { demoRosters, loadDemo, type SignIn } from './index.ts';
import { unitsOf } from './units.ts';

const anchor = localDate('2026-11-22');
const options = { anchor, seed: 1, scale: 0.05 };
const engine: Actor = { standing: 'engine', today: anchor };
const clock = fixedClock(anchor);
const keys = keysFrom(Buffer.alloc(32, 7));
const sealing = createSealing(keys);

let place: TestDatabase;
let database: Database;
let folder: string;

async function open(): Promise<void> {
  place = await testDatabase();
  database = await openDatabase({ url: place.loginUrl });
  const policy = await loadPolicy({ database, clock }, undefined);
  if ('problems' in policy) throw new Error(JSON.stringify(policy.problems));
}

async function close(): Promise<void> {
  await database.close();
  await place.drop();
}

async function ask<Row>(query: string): Promise<Row[]> {
  return database.transaction(engine, async (tx) => (await sql.raw<Row>(query).execute(tx)).rows);
}

async function count(from: string): Promise<number> {
  return (await ask<{ count: number }>(`select count(*)::int as count from ${from}`))[0]!.count;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gongzhi-demo-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('载入演示数据', () => {
  let signIns: SignIn[];
  beforeAll(async () => {
    await open();
    ({ signIns } = await loadDemo({ database, sealing, files: openFileStore({ folder, keys }) }, options));
  });
  afterAll(close);

  it('库中的数目就是生成的数目', async () => {
    const rosters = demoRosters(options);
    const sum = (of: (roster: (typeof rosters)[number]) => number) =>
      rosters.reduce((all, roster) => all + of(roster), 0);
    expect(await count('registers.estate')).toBe(sum(({ estates }) => estates.length));
    expect(await count('registers.area')).toBe(sum(({ areas }) => areas.length));
    expect(await count('registers.company')).toBe(sum(({ companies }) => companies.length));
    const made = rosters.flatMap(({ estates }) => estates.map(({ plan }) => unitsOf(1, plan)));
    expect(await count('registers.unit')).toBe(made.reduce((all, { units }) => all + units.length, 0));
    expect(await count('registers.ownership')).toBe(made.reduce((all, { ownerships }) => all + ownerships.length, 0));
    for (const { table, label } of entryKinds) expect(await count(`registers.${table}`), label).toBeGreaterThan(0);
    expect(
      await count(`platform.deployment where mode = 'demo' and anchor_on = '${anchor}' and prepared_at is not null`),
    ).toBe(1);
  });

  it('督办各种状态都有，一件转给了社区、街道在等，一件督的是超期的义务', async () => {
    const rows = await ask<{ state: string; overdue: boolean; passed: boolean; duty: boolean }>(
      `select state, overdue, above_id is not null as passed, matter is not null as duty from oversight.directive_standing`,
    );
    expect(new Set(rows.map(({ state }) => state))).toEqual(new Set(['open', 'extension-asked', 'answered', 'closed']));
    expect([rows.some((one) => one.overdue), rows.some((one) => one.passed), rows.some((one) => one.duty)]).toEqual([
      true,
      true,
      true,
    ]);
    const own = `select d.bearer_id, d.standing from oversight.duty_standing d where d.matter in ('committees.sealRules', 'money.supervisedAccounts')`;
    expect(new Set((await ask<{ standing: string }>(own)).map(({ standing }) => standing)).has('met')).toBe(true);
  });

  it('电话只存密文，且打得开', async () => {
    const people = await ask<{ subject: string; phone_sealed: Buffer; phone_tail: string }>(
      'select subject, phone_sealed, phone_tail from registers.person where phone_sealed is not null limit 3',
    );
    expect(people.length).toBe(3);
    for (const { subject, phone_sealed, phone_tail } of people) {
      const phone = await database.transaction(
        { standing: 'office', lo: '0', hi: ':', personId: 1, today: anchor },
        (tx) =>
          sealing.open(tx, { subject, field: 'phone', sealed: phone_sealed }, { kind: 'browsing', reason: '测试' }),
      );
      expect(phone).toMatch(/^1540\d{7}$/);
      expect(phone!.slice(-4)).toBe(phone_tail);
    }
  });

  it('应办的多数按期办了，有超期的，有补材料的，有两件免除；纳入前的不算超期', async () => {
    const [standing] = await ask<Record<string, number>>(`
      select count(*) filter (where standing = 'met' and met_on <= due_on and due_on >= enrolled_on and due_on < '${anchor}')::int as "onTime",
        count(*) filter (where standing = 'met' and met_on > due_on)::int as late, count(*) filter (where standing = 'overdue')::int as overdue,
        count(*) filter (where standing = 'waived')::int as waived, count(*) filter (where evidence_due)::int as "evidenceDue",
        count(*) filter (where standing = 'not-enrolled')::int as "notEnrolled", count(*) filter (where standing = 'overdue' and due_on < enrolled_on)::int as unfair
      from oversight.duty_standing where scope like '99%'`);
    const { onTime, late, overdue, waived, evidenceDue, notEnrolled, unfair } = standing as Record<string, number> & {
      onTime: number;
      late: number;
      overdue: number;
      waived: number;
    };
    const share = onTime / (onTime + late + overdue + waived);
    expect(share).toBeGreaterThan(0.8);
    expect(share).toBeLessThan(0.97);
    expect(late).toBeGreaterThan(0);
    expect(overdue).toBeGreaterThan(0);
    expect(waived).toBe(2);
    expect(evidenceDue).toBeGreaterThan(0);
    expect(notEnrolled).toBeGreaterThan(0);
    expect(unfair).toBe(0);
  });

  it('每件报备都在期内或期后、由责任单位的人办，报备日不早于办成日、不晚于今天', async () => {
    expect(await count('filings.filing')).toBeGreaterThan(200);
    expect(await count(`filings.filing where done_on > filed_on or filed_on > '${anchor}'`)).toBe(0);
    expect(
      await count(
        'filings.filing f join registers.post p on p.id = f.post_id where p.person_id <> f.person_id or p.organisation_id <> f.organisation_id',
      ),
    ).toBe(0);
    expect(
      await count(`filings.filing f join oversight.duty d on (d.matter, d.subject_kind, d.subject_id, d.period) = (f.matter, f.subject_kind, f.subject_id, f.period)
        where d.bearer_id is not null and d.bearer_id <> f.organisation_id`),
    ).toBe(0);
    expect(
      await count(
        '(select from filings.filing group by matter, subject_kind, subject_id, period having count(*) > 1) twice',
      ),
    ).toBe(0);
    expect(await count('filings.evidence')).toBeGreaterThan(0);
  });

  it('五个文本都有义务可算', async () => {
    const rows = await ask<{ pack: string }>(
      'select distinct r.pack_id as pack from oversight.duty d join registers.requirement r on r.id = d.requirement_id',
    );
    expect(rows.map(({ pack }) => pack)).toEqual(
      expect.arrayContaining(['licheng', 'jiangsu', 'yunnan', 'henan', 'zhengzhou']),
    );
  });

  it('每个小区在自己的链上有一条留痕，带户数与摘要', async () => {
    const rows = await ask<{ chain: string; detail: string }>(
      `select chain, detail from platform.journal where act = 'demo.loaded' and chain like 'estate:%'`,
    );
    expect(rows.length).toBe(await count('registers.estate'));
    for (const { detail } of rows)
      expect(JSON.parse(detail)).toMatchObject({
        anchor,
        digest: expect.stringMatching(/^[0-9a-f]{64}$/),
        units: expect.any(Number),
      });
  });

  it('每个角色各有一个可用的登录，口令不是常数', async () => {
    expect(signIns.length).toBe(11);
    expect(new Set(signIns.map(({ password }) => password)).size).toBe(11);
    for (const { account, password } of signIns.slice(0, 2)) {
      expect(await signIn(database, clock, { name: account, password })).toMatchObject({ session: expect.anything() });
    }
  });

  it('有几份文件：有效的、待盖章的、撤回的各有；群里发过一次；群名、字号都写明演示', async () => {
    const rows = await ask<{ standing: string; title: string; number: string | null }>(
      `select case when w.document_id is not null then 'withdrawn' when c.id is not null then 'valid' else 'drafted' end as standing, d.title,
         c.document_number as number
       from documents.document d left join documents.sealed_copy c on c.document_id = d.id left join documents.withdrawal w on w.document_id = d.id`,
    );
    expect(new Set(rows.map(({ standing }) => standing))).toEqual(new Set(['valid', 'drafted', 'withdrawn']));
    for (const { number } of rows) expect(number ?? '演示').toContain('演示');
    expect(await count('documents.posting')).toBe(1);
    expect(await count('registers.chat_group')).toBeGreaterThan(1);
    expect(await count(`registers.chat_group where name not like '%（演示）'`)).toBe(0);
  });

  it('有几件纠错：待答复、已同意、不予更正各一；摸排一次正在进行、一次已结束，名单在；都不晚于锚定日', async () => {
    const corrections = await ask<{ act: string; on: string }>(
      `select coalesce(w.act, 'open') as act, c.asked_on::text as "on" from registers.correction c left join registers.correction_answer w on w.correction_id = c.id order by c.id`,
    );
    expect(corrections.map(({ act }) => act)).toEqual(['decline', 'accept', 'open']);
    expect(corrections.every(({ on }) => on < anchor)).toBe(true);
    const surveys = await ask<{ closed: boolean; confirmed: number; listed: number; due: string }>(
      `select exists (select from registers.survey_closing c where c.survey_id = s.id) as closed, s.due_on::text as due,
         (select count(*)::int from registers.survey_sheet w where w.survey_id = s.id) as confirmed,
         (select count(*)::int from registers.survey_subject t where t.survey_id = s.id) as listed
       from registers.survey s order by s.id`,
    );
    expect(surveys).toMatchObject([{ closed: true }, { closed: false, listed: 0 }]);
    expect(surveys[0]!.listed).toBeGreaterThan(2);
    for (const { confirmed } of surveys) expect(confirmed).toBeGreaterThan(0);
    expect(surveys[1]!.due > anchor).toBe(true);
    expect(await count(`registers.correction where concat(should_be, reason) ~ '[0-9]{11}'`)).toBe(0);
  });

  it('再载入一次什么也不做', async () => {
    const before = await count('platform.journal');
    expect(await loadDemo({ database, sealing }, options)).toEqual({ signIns: [] });
    expect(await count('platform.journal')).toBe(before);
  });
});

describe('载入中断', () => {
  beforeAll(open);
  afterAll(close);

  it('数据写到一半中断，什么也不留下', async () => {
    const broken = { ...sealing, sealNew: () => Promise.reject(new Error('断电')) };
    await expect(loadDemo({ database, sealing: broken }, options)).rejects.toThrow('断电');
    expect(await count('registers.area')).toBe(0);
    expect(await count('platform.deployment')).toBe(0);
  });

  it('最后一步中断，数据已在而未就绪；下次从断处继续，按原来的锚定日', async () => {
    const keep = () => Promise.reject(new Error('断电'));
    await expect(loadDemo({ database, sealing }, { ...options, keep })).rejects.toThrow('断电');
    expect(await count('platform.deployment where prepared_at is null')).toBe(1);
    expect(await count('platform.account')).toBe(0);
    const [estates, filings, waivers] = [
      await count('registers.estate'),
      await count('filings.filing'),
      await count('oversight.waiver'),
    ];
    expect(waivers).toBe(2);
    const later = async () => [
      await count('oversight.directive'),
      await count('registers.correction'),
      await count('registers.survey_sheet'),
    ];
    const directives = await later();
    const { signIns } = await loadDemo({ database, sealing }, { ...options, anchor: localDate('2026-11-23') });
    expect(await later()).toEqual(directives);
    expect(signIns.length).toBe(11);
    expect([await count('registers.estate'), await count('filings.filing'), await count('oversight.waiver')]).toEqual([
      estates,
      filings,
      waivers,
    ]);
    expect(await count(`platform.deployment where anchor_on = '${anchor}' and prepared_at is not null`)).toBe(1);
  });
});

describe('不该载入的地方', () => {
  beforeAll(open);
  afterAll(close);

  it('已有区划而无部署标记的库，拒绝并说明', async () => {
    await database.transaction(engine, async (tx) => {
      await sql`insert into registers.area (code, level, name, enrolled_on) values ('990000000000', 'province', '别的省', ${anchor})`.execute(
        tx,
      );
      await sql`select platform.record('organisation:1', 'tests.prepared', 'area:990000000000', '{}')`.execute(tx);
    });
    await expect(loadDemo({ database, sealing }, options)).rejects.toThrow('没有部署标记');
    expect(await count('platform.deployment')).toBe(0);
  });

  it('正式部署的库，拒绝', async () => {
    await database.transaction(engine, (tx) =>
      sql`insert into platform.deployment (mode, anchor_on) values ('real', ${anchor})`.execute(tx),
    );
    await expect(loadDemo({ database, sealing }, options)).rejects.toThrow('正式部署');
  });
});
