import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../tests/database.ts';
import { brokenChains, unchainedReads } from '../../tests/traces.ts';
import { type Actor, type Database, openDatabase, sql, type Transaction } from './database.ts';
import { record } from './journal.ts';
import { keysFrom } from './keys.ts';
import { createSealing } from './sealing.ts';

const office: Actor = {
  standing: 'office',
  lo: '990102000000',
  hi: '990102:',
  personId: 7,
  organisationId: 5,
  postId: 11,
  request: 'r1',
  today: '2026-11-22',
};
const sealing = createSealing(keysFrom(Buffer.alloc(32, 1)));
const reason = { kind: 'browsing', reason: '核对业主' } as const;
let test: TestDatabase;
let database: Database;
let admin: pg.Client;

beforeAll(async () => {
  test = await testDatabase();
  database = await openDatabase({ url: test.loginUrl });
  admin = new pg.Client({ connectionString: test.adminUrl });
  await admin.connect();
});
afterAll(async () => {
  await admin?.end();
  await database?.close();
  await test?.drop();
});

const act = <T>(work: (tx: Transaction) => Promise<T>, actor = office) => database.transaction(actor, work);
const reads = async () =>
  (await admin.query('select subject, field, person_id, post_id, kind, purpose from platform.sealed_read order by id'))
    .rows;

/** People of the district with a sealed phone each, as an import brings them in. */
async function people(phones: readonly string[]): Promise<{ subject: string; field: string; sealed: Buffer }[]> {
  const made = await act(async (tx) => {
    const all = await sealing.sealNew(
      tx,
      phones.map((phone) => ({ phone })),
    );
    await sql`insert into registers.person (scope, name, subject, phone_sealed)
      select '990102001001', '某人', subject, sealed from unnest(${all.map((one) => one.subject)}::uuid[], ${all.map((one) => one.sealed.phone!)}::bytea[]) p(subject, sealed)`.execute(
      tx,
    );
    await record(tx, { chain: 'organisation:5', act: 'tests.added', object: 'people' });
    return all;
  });
  return made.map(({ subject, sealed }) => ({ subject, field: 'phone', sealed: sealed.phone! }));
}

describe('个人字段', () => {
  it('封存后库中没有原文，打开得到原文并留下查看记录：何人、何职、何故，并入查看链', async () => {
    const [person] = await people(['13800000000']);
    expect(person!.sealed.includes('13800000000')).toBe(false);
    expect(await act((tx) => sealing.open(tx, person!, reason))).toBe('13800000000');
    expect(await reads()).toEqual([
      { subject: person!.subject, field: 'phone', person_id: 7, post_id: 11, kind: 'browsing', purpose: '核对业主' },
    ]);
    const { rows } = await admin.query(
      "select act, object, person_id, organisation_id, post_id, request, reason, detail::jsonb from platform.journal where chain = 'reads:organisation:5'",
    );
    expect(rows).toEqual([
      {
        act: 'sealed.read',
        object: `subject:${person!.subject}`,
        person_id: 7,
        organisation_id: 5,
        post_id: 11,
        request: 'r1',
        reason: '核对业主',
        detail: expect.objectContaining({ count: 1, fields: ['phone'], kind: 'browsing' }),
      },
    ]);
    expect(await brokenChains(test.adminUrl)).toEqual([]);
  });

  it('不说理由打不开；承办事项须有其事；本人的只有本人', async () => {
    const [person] = await people(['13800000000']);
    const before = (await reads()).length;
    for (const purpose of [{ kind: 'export', reason: ' ' }, { task: 'request:17' }, { task: '打电话' }, 'own'] as const)
      await expect(act((tx) => sealing.open(tx, person!, purpose))).rejects.toThrow(/row-level security|constraint/);
    expect(await reads()).toHaveLength(before);
    const { rows } = await admin.query('select id from registers.person where subject = $1', [person!.subject]);
    const self: Actor = { standing: 'resident', personId: rows[0].id, today: office.today };
    expect(await act((tx) => sealing.open(tx, person!, 'own'), self)).toBe('13800000000');
    const { rows: chains } = await admin.query('select chain, reason from platform.journal order by at desc limit 1');
    expect(chains).toEqual([{ chain: `reads:person:${rows[0].id}`, reason: null }]);
  });

  it('承办事项就是理由：事项所在的房间用一条策略准许，只限所派之人、所涉之人', async () => {
    const [person, other] = await people(['13800000000', '13800000001']);
    await admin.query(`create table registers.errand (id int primary key, subject uuid, assigned_to int);
      insert into registers.errand values (17, '${person!.subject}', 7);
      grant select on registers.errand to public;
      create policy of_errand on platform.sealed_read for insert to public
        with check (kind = 'task' and exists (select from registers.errand e where purpose = 'errand:' || e.id and e.subject = sealed_read.subject and e.assigned_to = platform.my_person()))`);
    const elsewhere: Actor = { ...office, lo: '990103000000', hi: '990103:' };
    expect(await act((tx) => sealing.open(tx, person!, { task: 'errand:17' }), elsewhere)).toBe('13800000000');
    await expect(act((tx) => sealing.open(tx, other!, { task: 'errand:17' }), elsewhere)).rejects.toThrow('row-level');
    await expect(
      act((tx) => sealing.open(tx, person!, { task: 'errand:17' }), { ...elsewhere, personId: 8 }),
    ).rejects.toThrow('row-level');
  });

  it.each([
    ['辖区之外', { ...office, lo: '990103000000', hi: '990103:' }],
    ['没有范围', { standing: 'office', today: office.today }],
    ['企业', { standing: 'body', organisationId: 5, personId: 999_999, today: office.today }],
    ['系统任务', { standing: 'engine', today: office.today }],
    ['门房', { standing: 'door', today: office.today }],
    ['审计', { standing: 'auditor', today: office.today }],
  ] as const)('看不见此人的打不开，也拿不到密钥：%s', async (_, actor) => {
    const [person] = await people(['13800000000']);
    const before = (await reads()).length;
    await expect(act((tx) => sealing.open(tx, person!, reason), actor as Actor)).rejects.toMatchObject({
      code: '42501',
    });
    expect(await reads()).toHaveLength(before);
  });

  it('没有查看记录就没有密钥：直接读、别的事务写下的、改头换面的，都不行', async () => {
    const [person] = await people(['13800000000']);
    await act((tx) => sealing.open(tx, person!, reason));
    const seen = (tx: Transaction) => sql`select subject, wrapped from platform.subject_key`.execute(tx);
    expect((await act(seen)).rows).toEqual([]);
    await act(async (tx) => {
      await sealing.open(tx, person!, reason);
      expect((await seen(tx)).rows).toHaveLength(1);
      await act(async (other) => expect((await seen(other)).rows).toEqual([]));
    });
    for (const statement of [
      sql`insert into platform.sealed_read (subject, field, kind, purpose, person_id) values (${person!.subject}, 'phone', 'browsing', 'x', 8)`,
      sql`insert into platform.sealed_read (subject, field, kind, purpose, at) values (${person!.subject}, 'phone', 'browsing', 'x', 'infinity')`,
      sql`update platform.sealed_read set purpose = 'x'`,
      sql`delete from platform.sealed_read`,
      sql`update platform.subject_key set wrapped = null`,
      sql`delete from platform.subject_key`,
    ])
      await expect(act((tx) => statement.execute(tx))).rejects.toMatchObject({ code: '42501' });
  });

  it('密文换一个人、换一个字段都打不开', async () => {
    const [a, b] = await people(['13800000000', '13800000001']);
    await expect(act((tx) => sealing.open(tx, { ...a!, subject: b!.subject }, reason))).rejects.toThrow('密文');
    await expect(act((tx) => sealing.open(tx, { ...a!, field: 'identity' }, reason))).rejects.toThrow('密文');
  });

  it('密钥销毁之后：密文还在，谁也打不开', async () => {
    const [person] = await people(['13800000000']);
    await admin.query('update platform.subject_key set wrapped = null where subject = $1', [person!.subject]);
    expect(await act((tx) => sealing.open(tx, person!, reason))).toBeNull();
  });

  it('摘要只在同一区、同一字段内可比', () => {
    const same = sealing.hashFor('990102000000', 'phone', '13800000000');
    expect(sealing.hashFor('990102000000', 'phone', '13800000000').equals(same)).toBe(true);
    for (const other of [
      sealing.hashFor('990103000000', 'phone', '13800000000'),
      sealing.hashFor('990102000000', 'identity', '13800000000'),
      sealing.hashFor('990102000000', 'phone', '13800000001'),
      createSealing(keysFrom(Buffer.alloc(32, 2))).hashFor('990102000000', 'phone', '13800000000'),
    ]) {
      expect(other.equals(same)).toBe(false);
    }
  });

  it('一万人成批封存与导出：往返次数与人数无关，次序不变，一次导出一条留痕', async () => {
    const phones = Array.from({ length: 10_000 }, (_, n) => `138${String(n).padStart(8, '0')}`);
    const sealed = await people(phones);
    await act(async (tx) => {
      const statements = countStatements();
      await sealing.sealNew(
        tx,
        phones.map((phone) => ({ phone })),
      );
      expect(statements.count).toBe(1);
      const opened = await sealing.openMany(tx, sealed, { kind: 'export', reason: '导出' });
      expect(statements.count).toBe(2);
      statements.stop();
      expect(new Set(sealed.map((one) => one.subject)).size).toBe(phones.length);
      expect(opened).toEqual(phones);
    });
    expect((await reads()).filter((row) => row.purpose === '导出')).toHaveLength(phones.length);
    const { rows } = await admin.query(
      "select detail::jsonb->'count' as count from platform.journal where reason = '导出'",
    );
    expect(rows).toEqual([{ count: phones.length }]);
    expect(await unchainedReads(test.adminUrl)).toEqual([]);
  });
});

/** Counts what goes to PostgreSQL, whoever sends it. */
function countStatements(): { count: number; stop(): void } {
  const original = pg.Client.prototype.query;
  const counter = {
    count: 0,
    stop() {
      pg.Client.prototype.query = original;
    },
  };
  pg.Client.prototype.query = function query(this: pg.Client, ...given: unknown[]) {
    counter.count += 1;
    return (original as (...all: unknown[]) => unknown).apply(this, given);
  } as typeof original;
  return counter;
}
