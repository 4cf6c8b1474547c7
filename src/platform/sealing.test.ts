import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../tests/database.ts';
import { type Actor, type Database, openDatabase, sql, type Transaction } from './database.ts';
import { keysFrom } from './keys.ts';
import { createSealing } from './sealing.ts';

const office: Actor = { standing: 'office', lo: '99', hi: '99:', personId: 7, postId: 11, today: '2026-11-22' };
const sealing = createSealing(keysFrom(Buffer.alloc(32, 1)));
let test: TestDatabase;
let database: Database;

beforeAll(async () => {
  test = await testDatabase();
  database = await openDatabase({ url: test.loginUrl });
});
afterAll(async () => {
  await database?.close();
  await test?.drop();
});

const act = <T>(work: (tx: Transaction) => Promise<T>) => database.transaction(office, work);
const reads = () =>
  database.transaction(
    { standing: 'auditor', today: '2026-11-22' },
    async (tx) =>
      (
        await sql<{
          subject: string;
          field: string;
          person_id: number;
          post_id: number;
          purpose: string;
        }>`select subject, field, person_id, post_id, purpose from platform.sealed_read order by id`.execute(tx)
      ).rows,
  );

describe('个人字段', () => {
  it('封存后库中没有原文，打开得到原文并留下查看记录', async () => {
    const { subject, sealed } = await act(async (tx) => {
      const made = await sealing.newSubject(tx);
      return { subject: made, sealed: await sealing.seal(tx, made, 'phone', '13800000000') };
    });
    expect(sealed.includes('13800000000')).toBe(false);
    expect(await act((tx) => sealing.open(tx, subject, 'phone', sealed, '核对业主'))).toBe('13800000000');
    expect(await reads()).toEqual([{ subject, field: 'phone', person_id: 7, post_id: 11, purpose: '核对业主' }]);
    await expect(act((tx) => sealing.open(tx, subject, 'phone', sealed, ' '))).rejects.toThrow('purpose');
  });

  it('不能留下查看记录的角色打不开', async () => {
    const before = (await reads()).length;
    const sealed = await act(async (tx) => {
      const subject = await sealing.newSubject(tx);
      return { subject, bytes: await sealing.seal(tx, subject, 'phone', '1') };
    });
    await expect(
      database.transaction({ standing: 'auditor', today: '2026-11-22' }, (tx) =>
        sealing.open(tx, sealed.subject, 'phone', sealed.bytes, '偷看'),
      ),
    ).rejects.toMatchObject({ code: '42501' });
    expect(await reads()).toHaveLength(before);
  });

  it('密文换一个人、换一个字段都打不开', async () => {
    await act(async (tx) => {
      const [a, b] = await sealing.newSubjects(tx, 2);
      const sealed = await sealing.seal(tx, a!, 'phone', '13800000000');
      await expect(sealing.open(tx, b!, 'phone', sealed, '核对')).rejects.toThrow('密文');
      await expect(sealing.open(tx, a!, 'identity', sealed, '核对')).rejects.toThrow('密文');
    });
  });

  it('销毁密钥即抹除：密文还在，谁也打不开，也不能再写入', async () => {
    const { subject, sealed } = await act(async (tx) => {
      const made = await sealing.newSubject(tx);
      return { subject: made, sealed: await sealing.seal(tx, made, 'phone', '13800000000') };
    });
    await act((tx) => sealing.destroy(tx, subject));
    expect(await act((tx) => sealing.open(tx, subject, 'phone', sealed, '核对'))).toBeNull();
    await expect(act((tx) => sealing.seal(tx, subject, 'phone', '1'))).rejects.toThrow('已销毁');
    const { rows } = await act((tx) =>
      sql<{
        gone: boolean;
      }>`select wrapped is null and destroyed_at is not null as gone from platform.subject_key where subject = ${subject}::uuid`.execute(
        tx,
      ),
    );
    expect(rows).toEqual([{ gone: true }]);
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

  it('一万人成批封存：往返次数与人数无关，次序不变', async () => {
    const people = Array.from({ length: 10_000 }, (_, n) => `138${String(n).padStart(8, '0')}`);
    await act(async (tx) => {
      const statements = countStatements();
      const made = await sealing.sealNew(
        tx,
        people.map((phone) => ({ phone })),
      );
      expect(statements.count).toBe(1);
      const again = await sealing.sealMany(
        tx,
        made.map(({ subject }, n) => ({ subject, field: 'phone', text: people[n]! })),
      );
      expect(statements.count).toBe(2);
      const fields = [
        ...made.map(({ subject, sealed }) => ({ subject, field: 'phone', sealed: sealed.phone! })),
        ...made.map(({ subject }, n) => ({ subject, field: 'phone', sealed: again[n]! })),
      ];
      const opened = await sealing.openMany(tx, fields, '导出');
      expect(statements.count).toBe(4);
      statements.stop();
      expect(new Set(made.map((one) => one.subject)).size).toBe(people.length);
      expect(opened).toEqual([...people, ...people]);
    });
    expect((await reads()).filter((row) => row.purpose === '导出')).toHaveLength(2 * people.length);
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
