import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../tests/database.ts';
import { agentOf } from './agent.ts';
import { businessDay, type Clock } from './clock.ts';
import { type Database, openDatabase, sql, type Transaction } from './database.ts';
import { keysFrom } from './keys.ts';
import { createSealing } from './sealing.ts';
import {
  beginAuthenticator,
  confirmAuthenticator,
  endAuthenticator,
  giveCode,
  readAuthenticator,
  renewRecoveryCodes,
} from './second-factor.ts';
import {
  createAccount,
  door,
  endSessions,
  FAILURES_ALLOWED,
  findSession,
  hashPassword,
  LOCKED_MINUTES,
  listSessions,
  missingFactor,
  openSession,
  renewSession,
  signIn,
} from './sign-in.ts';
import { codeOf, STEP_SECONDS, stepAt } from './totp.ts';

let instant = new Date('2026-11-22T01:00:00Z');
const clock: Clock = { now: () => instant, today: () => businessDay(instant) };
const pass = (seconds: number) => {
  instant = new Date(instant.getTime() + seconds * 1000);
};
const sealing = createSealing(keysFrom(Buffer.alloc(32, 9)));

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
async function account() {
  serial += 1;
  const name = `用户${serial}`;
  return { name, id: (await atTheDoor((tx) => createAccount(tx, { name, passwordHash })))! };
}
/** An account with an authenticator in use; the clock has left the step of the enrolment. */
async function enrolled() {
  const one = await account();
  const secret = await atTheDoor((tx) => beginAuthenticator(tx, sealing, { accountId: one.id, now: instant }));
  const recoveryCodes = (await atTheDoor((tx) =>
    confirmAuthenticator(tx, sealing, { accountId: one.id, code: codeOf(secret, stepAt(instant)), now: instant }),
  ))!;
  pass(STEP_SECONDS);
  return { ...one, secret, recoveryCodes };
}
const give = (accountId: number, code: string) => giveCode(database, clock, sealing, { accountId, code });
const now = (secret: Buffer, off = 0) => codeOf(secret, stepAt(instant) + off);
const wrong = { refused: 'wrong' };

describe('动态口令', () => {
  it('出示的密钥要用它自己的口令确认才启用；在此之前旧的照用', async () => {
    const { id, secret } = await enrolled();
    const next = await atTheDoor((tx) => beginAuthenticator(tx, sealing, { accountId: id, now: instant }));
    const confirm = (code: string) =>
      atTheDoor((tx) => confirmAuthenticator(tx, sealing, { accountId: id, code, now: instant }));
    expect(await confirm(now(secret))).toBeUndefined();
    expect(await give(id, now(next))).toEqual(wrong);
    expect(await give(id, now(secret))).toBe('right');
    pass(STEP_SECONDS);
    expect(await confirm(now(next))).toHaveLength(10);
    pass(STEP_SECONDS);
    expect(await give(id, now(secret))).toEqual(wrong);
    expect(await give(id, now(next))).toBe('right');
  });

  it('用过的口令不能再用，更早的也不能；同时给两次只认一次', async () => {
    const { id, secret } = await enrolled();
    const code = now(secret);
    const both = await Promise.all([give(id, code), give(id, code)]);
    expect(both.filter((one) => one === 'right')).toHaveLength(1);
    expect(await give(id, code)).toEqual(wrong);
    expect(await give(id, now(secret, -1))).toEqual(wrong);
    pass(STEP_SECONDS);
    expect(await give(id, code)).toEqual(wrong);
    expect(await give(id, now(secret))).toBe('right');
  });

  it('没确认就再要一次，几分钟内是同一个密钥，同时要也是；过后另出一个', async () => {
    const { id } = await account();
    const begin = () => atTheDoor((tx) => beginAuthenticator(tx, sealing, { accountId: id, now: instant }));
    const [one, two] = await Promise.all([begin(), begin()]);
    expect(two).toEqual(one);
    pass(9 * 60);
    expect(await begin()).toEqual(one);
    pass(60);
    const later = await begin();
    expect(later).not.toEqual(one);
    expect(await begin()).toEqual(later);
  });

  it('启用时用的那个口令也算用过', async () => {
    const { id } = await account();
    const secret = await atTheDoor((tx) => beginAuthenticator(tx, sealing, { accountId: id, now: instant }));
    const code = now(secret);
    await atTheDoor((tx) => confirmAuthenticator(tx, sealing, { accountId: id, code, now: instant }));
    expect(await give(id, code)).toEqual(wrong);
  });

  it('库里没有明文：密钥加密，恢复码只有摘要，换了人就打不开', async () => {
    const [one, other] = [await enrolled(), await enrolled()];
    const { rows } = await atTheDoor((tx) =>
      sql<{
        sealed: Buffer;
        hashes: Buffer[];
      }>`select sealed, (select array_agg(hash) from platform.recovery_code r where r.account_id = a.account_id) as hashes
        from platform.authenticator a where account_id = ${one.id}`.execute(tx),
    );
    expect(rows[0]!.sealed.includes(one.secret)).toBe(false);
    for (const hash of rows[0]!.hashes) expect(hash).toHaveLength(32);
    await atTheDoor((tx) =>
      sql`update platform.authenticator set sealed = ${rows[0]!.sealed} where account_id = ${other.id}`.execute(tx),
    );
    await expect(give(other.id, now(one.secret))).rejects.toThrow('密文无法打开');
  });
});

describe('恢复码', () => {
  it('各用一次；大小写、空格和连字符不论；换新以后旧的作废', async () => {
    const { id, recoveryCodes } = await enrolled();
    expect(new Set(recoveryCodes).size).toBe(10);
    expect(recoveryCodes[0]).toMatch(/^[a-z2-9]{5}-[a-z2-9]{5}$/);
    expect(await give(id, recoveryCodes[0]!.toUpperCase().replace('-', ' '))).toBe('right');
    expect(await give(id, recoveryCodes[0]!)).toEqual(wrong);
    expect((await atTheDoor((tx) => readAuthenticator(tx, id))).recoveryCodesLeft).toBe(9);
    const [fresh] = await atTheDoor((tx) => renewRecoveryCodes(tx, sealing, { accountId: id, now: instant }));
    expect(await give(id, recoveryCodes[1]!)).toEqual(wrong);
    expect(await give(id, fresh!)).toBe('right');
  });

  it('别人的恢复码不算数；停用后什么都不算数', async () => {
    const [one, other] = [await enrolled(), await enrolled()];
    expect(await give(one.id, other.recoveryCodes[0]!)).toEqual(wrong);
    await atTheDoor((tx) => endAuthenticator(tx, one.id));
    expect(await give(one.id, one.recoveryCodes[0]!)).toEqual(wrong);
    expect(await give(one.id, now(one.secret))).toEqual(wrong);
    expect(await atTheDoor((tx) => readAuthenticator(tx, one.id))).toEqual({ enrolled: false, recoveryCodesLeft: 0 });
  });
});

describe('锁定', () => {
  const password = (name: string, given: string) => signIn(database, clock, { name, password: given });

  it(`错的密码和错的验证码一起数，满 ${FAILURES_ALLOWED} 次锁定，锁定时对的也不行`, async () => {
    const { id, name, secret } = await enrolled();
    for (const bad of [
      () => password(name, '错'),
      () => give(id, '000000'),
      () => password(name, '错'),
      () => give(id, 'x'),
    ])
      expect(await bad()).toEqual(wrong);
    expect(await give(id, 'y')).toEqual(wrong);
    const untilAt = new Date(instant.getTime() + LOCKED_MINUTES * 60_000);
    expect(await give(id, now(secret))).toEqual({ refused: 'locked', untilAt });
    expect(await password(name, '正确的口令')).toEqual({ refused: 'locked', untilAt });
    pass(LOCKED_MINUTES * 60);
    expect(await give(id, now(secret))).toBe('right');
  });

  it('知道密码的人不能靠反复登录清零：验证码对了才清零', async () => {
    const { id, name, secret } = await enrolled();
    for (let n = 1; n < FAILURES_ALLOWED; n += 1) {
      expect(await password(name, '正确的口令')).toHaveProperty('session');
      expect(await give(id, '000000')).toEqual(wrong);
    }
    expect(await password(name, '正确的口令')).toHaveProperty('session');
    expect(await give(id, '000000')).toEqual(wrong);
    expect(await password(name, '正确的口令')).toMatchObject({ refused: 'locked' });
    pass(LOCKED_MINUTES * 60);
    expect(await give(id, now(secret))).toBe('right');
    for (let n = 1; n < FAILURES_ALLOWED; n += 1) expect(await give(id, '000000')).toEqual(wrong);
    pass(STEP_SECONDS);
    expect(await give(id, now(secret))).toBe('right');
  });

  it('同时猜许多次也只有这么多次机会', async () => {
    const { id } = await enrolled();
    const results = await Promise.all(Array.from({ length: 12 }, () => give(id, 'x')));
    expect(results.filter((one) => one !== 'right' && one.refused === 'wrong')).toHaveLength(FAILURES_ALLOWED);
  });
});

describe('会话的两重', () => {
  it.each([
    [{ strong: true, enrolled: true }, true, undefined],
    [{ strong: true, enrolled: false }, true, undefined],
    [{ strong: false, enrolled: true }, true, 'second-factor'],
    [{ strong: false, enrolled: true }, false, 'second-factor'],
    [{ strong: false, enrolled: false }, true, 'enrolment'],
    [{ strong: false, enrolled: false }, false, undefined],
    [{ strong: false, enrolled: true, onLoan: true }, true, 'second-factor'],
    [{ strong: true, enrolled: true, onLoan: true }, true, 'password'],
    [{ strong: false, enrolled: false, onLoan: true }, true, 'password'],
    [{ strong: false, enrolled: false, onLoan: true }, false, 'password'],
  ])('%j，要求 %s：还差 %s', (session, demanded, missing) => {
    expect(missingFactor({ onLoan: false, ...session }, demanded)).toBe(missing);
  });

  it('启用以后，已在别处登录的会话也要补验；换号以后旧号不能用，时限不变', async () => {
    const { id, secret } = await enrolled();
    const open = () => atTheDoor((tx) => openSession(tx, { accountId: id, now: instant, agent: 'Edge，Windows' }));
    const find = (token: string) => atTheDoor((tx) => findSession(tx, token, instant));
    const [a, b] = [await open(), await open()];
    expect(await find(a.token)).toMatchObject({ strong: false, enrolled: true });
    expect(await give(id, now(secret))).toBe('right');
    const renewed = (await atTheDoor((tx) => renewSession(tx, a.token, { now: instant, strong: true })))!;
    expect(await find(a.token)).toBeUndefined();
    expect(await atTheDoor((tx) => renewSession(tx, a.token, { now: instant }))).toBeUndefined();
    expect(await find(renewed.token)).toMatchObject({ strong: true, expiresAt: a.expiresAt });
    expect(await find(b.token)).toMatchObject({ strong: false });
    const again = (await atTheDoor((tx) => renewSession(tx, renewed.token, { now: instant })))!;
    expect(await find(again.token)).toMatchObject({ strong: true });
  });

  it('看得见自己的会话，能结束其中一个或其余全部，结束不了别人的', async () => {
    const [one, other] = [await account(), await account()];
    const open = (id: number) =>
      atTheDoor((tx) => openSession(tx, { accountId: id, now: instant, agent: 'Edge，Windows' }));
    const [here, there, third, foreign] = [
      await open(one.id),
      await open(one.id),
      await open(one.id),
      await open(other.id),
    ];
    const list = () => atTheDoor((tx) => listSessions(tx, { accountId: one.id, token: here.token, now: instant }));
    const listed = await list();
    expect(listed.map((each) => [each.here, each.agent])).toEqual([
      [true, 'Edge，Windows'],
      [false, 'Edge，Windows'],
      [false, 'Edge，Windows'],
    ]);
    const end = (given: object) => atTheDoor((tx) => endSessions(tx, { accountId: one.id, now: instant, ...given }));
    const foreignId = (
      await atTheDoor((tx) => listSessions(tx, { accountId: other.id, token: undefined, now: instant }))
    )[0]!.id;
    expect(await end({ id: foreignId })).toBe(0);
    expect(await end({ id: listed[1]!.id })).toBe(1);
    expect(await end({ exceptToken: here.token })).toBe(1);
    const good = await Promise.all(
      [here, there, third, foreign].map(({ token }) => atTheDoor((tx) => findSession(tx, token, instant))),
    );
    expect(good.map((each) => each !== undefined)).toEqual([true, false, false, true]);
    expect(await list()).toHaveLength(1);
  });

  it.each([
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0',
      'Edge，Windows',
    ],
    [
      'Mozilla/5.0 (Linux; Android 14; V2324A) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36 MicroMessenger/8.0',
      '微信，安卓',
    ],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1',
      'Safari，苹果手机或平板',
    ],
    ['curl/8.5', undefined],
    [undefined, undefined],
  ])('记下的只是浏览器与系统的名称：%s', (agent, words) => {
    expect(agentOf(agent)).toBe(words);
  });
});
