import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../tests/database.ts';
import { businessDay, type Clock } from './clock.ts';
import { type Database, openDatabase, sql, type Transaction } from './database.ts';
import {
  createAccount,
  door,
  endSession,
  FAILURES_ALLOWED,
  findSession,
  hashPassword,
  IDLE_MINUTES,
  LOCKED_MINUTES,
  openSession,
  SESSION_HOURS,
  setPassword,
  signIn,
  sweepSessions,
  switchPost,
  verifyPassword,
} from './sign-in.ts';

/** A clock that a test may turn. */
let instant = new Date('2026-11-22T01:00:00Z');
const clock: Clock = { now: () => instant, today: () => businessDay(instant) };
const pass = (minutes: number) => {
  instant = new Date(instant.getTime() + minutes * 60_000);
};

let test: TestDatabase;
let database: Database;
let passwordHash: string;
beforeAll(async () => {
  test = await testDatabase();
  database = await openDatabase({ url: test.loginUrl });
  passwordHash = await hashPassword('正确的口令');
});
afterAll(async () => {
  await database?.close();
  await test?.drop();
});

const atTheDoor = <T>(work: (tx: Transaction) => Promise<T>) => database.transaction(door(clock), work);
let serial = 0;
async function account(): Promise<{ id: number; name: string }> {
  serial += 1;
  const name = `用户${serial}`;
  const id = await atTheDoor((tx) => createAccount(tx, { name, passwordHash }));
  return { id: id!, name };
}
const attempt = (name: string, password: string) => signIn(database, clock, { name, password });

describe('口令', () => {
  it('与公布的 Argon2id 结果一致', async () => {
    // From the reference implementation's test.c (phc-winner-argon2): argon2id, t=2, m=2^16, p=1, "password", "somesalt".
    const encoded = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
    expect(await verifyPassword('password', encoded)).toBe(true);
    expect(await verifyPassword('Password', encoded)).toBe(false);
  });

  it('参数写在摘要里，每次的盐不同，全角与半角视为同一', async () => {
    expect(passwordHash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(await hashPassword('正确的口令')).not.toBe(passwordHash);
    expect(await verifyPassword('ａｂｃ１２３', await hashPassword('abc123'))).toBe(true);
  });

  it.each(['', 'plain', '$argon2i$v=19$m=1,t=1,p=1$aaaa$bbbb', '$2b$12$abc'])(
    '不认识的摘要一律不符：%s',
    async (encoded) => {
      expect(await verifyPassword('plain', encoded)).toBe(false);
    },
  );
});

describe('登录', () => {
  it('名字与口令都对才得到会话；其余的答复不分名字在不在', async () => {
    const { name, id } = await account();
    const result = await attempt(name, '正确的口令');
    expect(result).toMatchObject({ session: { accountId: id, postId: null } });
    expect(await attempt(name, '错误的口令')).toEqual({ refused: 'wrong' });
    expect(await attempt('没有这个人', '正确的口令')).toEqual({ refused: 'wrong' });
    const demo = await atTheDoor((tx) => createAccount(tx, { name: '无口令', demo: true }));
    expect(demo).toBeTypeOf('number');
    expect(await attempt('无口令', '')).toEqual({ refused: 'wrong' });
    expect(await atTheDoor((tx) => createAccount(tx, { name: '无口令' }))).toBeUndefined();
  });

  it(`连续输错 ${FAILURES_ALLOWED} 次后锁定 ${LOCKED_MINUTES} 分钟，锁定时口令对也不行，期满重新计数`, async () => {
    const { name } = await account();
    for (let n = 1; n <= FAILURES_ALLOWED; n += 1) expect(await attempt(name, '错')).toEqual({ refused: 'wrong' });
    const untilAt = new Date(instant.getTime() + LOCKED_MINUTES * 60_000);
    expect(await attempt(name, '正确的口令')).toEqual({ refused: 'locked', untilAt });
    pass(LOCKED_MINUTES - 0.01);
    expect(await attempt(name, '正确的口令')).toEqual({ refused: 'locked', untilAt });
    pass(0.01);
    for (let n = 1; n < FAILURES_ALLOWED; n += 1) expect(await attempt(name, '错')).toEqual({ refused: 'wrong' });
    expect(await attempt(name, '正确的口令')).toHaveProperty('session');
  });

  it('最后一次机会输对即解除；输对一次清零', async () => {
    const { name } = await account();
    for (let round = 1; round <= 2; round += 1) {
      for (let n = 1; n < FAILURES_ALLOWED; n += 1) await attempt(name, '错');
      expect(await attempt(name, '正确的口令')).toHaveProperty('session');
    }
  });

  it('同时猜许多次也只有这么多次机会', async () => {
    const { name } = await account();
    const results = await Promise.all(Array.from({ length: 12 }, () => attempt(name, '错')));
    expect(results.filter((one) => 'refused' in one && one.refused === 'wrong')).toHaveLength(FAILURES_ALLOWED);
    expect(results.filter((one) => 'refused' in one && one.refused === 'locked')).toHaveLength(12 - FAILURES_ALLOWED);
  });
});

describe('会话', () => {
  it(`闲置 ${IDLE_MINUTES} 分钟失效，使用则延长`, async () => {
    const { id } = await account();
    const { token } = await atTheDoor((tx) => openSession(tx, { accountId: id, now: clock.now() }));
    for (let n = 0; n < 3; n += 1) {
      pass(IDLE_MINUTES - 1);
      expect(await atTheDoor((tx) => findSession(tx, token, clock.now()))).toMatchObject({ accountId: id });
    }
    pass(IDLE_MINUTES);
    expect(await atTheDoor((tx) => findSession(tx, token, clock.now()))).toBeUndefined();
  });

  it(`不论怎样使用，${SESSION_HOURS} 小时后失效`, async () => {
    const { id } = await account();
    const { token } = await atTheDoor((tx) => openSession(tx, { accountId: id, now: clock.now() }));
    for (let used = 0; used < SESSION_HOURS * 60 - 30; used += 30) {
      pass(30);
      expect(await atTheDoor((tx) => findSession(tx, token, clock.now()))).toBeDefined();
    }
    pass(30);
    expect(await atTheDoor((tx) => findSession(tx, token, clock.now()))).toBeUndefined();
  });

  it('切换岗位只改这一个会话；退出后不可再用；改口令结束其他会话', async () => {
    const { id, name } = await account();
    const open = () => atTheDoor((tx) => openSession(tx, { accountId: id, postId: 4, now: clock.now() }));
    const [a, b] = [await open(), await open()];
    await atTheDoor((tx) => switchPost(tx, a.token, 9));
    const find = (token: string) => atTheDoor((tx) => findSession(tx, token, clock.now()));
    expect([(await find(a.token))?.postId, (await find(b.token))?.postId]).toEqual([9, 4]);
    await atTheDoor((tx) => endSession(tx, a.token, clock.now()));
    expect(await find(a.token)).toBeUndefined();
    const c = await open();
    const changed = await hashPassword('新的口令很长');
    await atTheDoor((tx) =>
      setPassword(tx, { accountId: id, passwordHash: changed, now: clock.now(), exceptToken: c.token }),
    );
    expect([await find(b.token), (await find(c.token))?.accountId]).toEqual([undefined, id]);
    expect(await attempt(name, '正确的口令')).toEqual({ refused: 'wrong' });
    expect(await attempt(name, '新的口令很长')).toHaveProperty('session');
  });

  it('失效满一个月的会话被清除，仍有效的不动', async () => {
    const { id } = await account();
    await atTheDoor((tx) => openSession(tx, { accountId: id, now: clock.now() }));
    pass(30 * 24 * 60);
    const { token } = await atTheDoor((tx) => openSession(tx, { accountId: id, now: clock.now() }));
    const count = () =>
      atTheDoor(
        async (tx) =>
          (
            await sql<{ n: number }>`select count(*)::int as n from platform.session where account_id = ${id}`.execute(
              tx,
            )
          ).rows[0]!.n,
      );
    await sweepSessions(database, clock);
    expect(await count()).toBe(2);
    pass(SESSION_HOURS * 60 - 59);
    await atTheDoor((tx) =>
      sql`update platform.session set seen_at = ${clock.now()} where expires_at > ${clock.now()}`.execute(tx),
    );
    pass(59.5);
    await sweepSessions(database, clock);
    expect(await count()).toBe(1);
    expect(await atTheDoor((tx) => findSession(tx, token, new Date(clock.now().getTime() - 60_000)))).toBeDefined();
  });
});
