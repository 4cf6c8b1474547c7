import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../tests/database.ts';
import { businessDay, type Clock } from './clock.ts';
import { type Database, openDatabase, sql, type Transaction } from './database.ts';
import { keysFrom } from './keys.ts';
import {
  CODE_MINUTES,
  drawPhoneCode,
  notePhoneCodeFailed,
  smsWarnings,
  TRIES_ALLOWED,
  tryPhoneCode,
} from './phone-codes.ts';
import { createSealing } from './sealing.ts';
import { door, sweepSessions } from './sign-in.ts';

let instant = new Date('2026-11-22T01:00:00Z');
const clock: Clock = { now: () => instant, today: () => businessDay(instant) };
const pass = (seconds: number) => {
  instant = new Date(instant.getTime() + seconds * 1000);
};
const sealing = createSealing(keysFrom(Buffer.alloc(32, 9)));

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

const atTheDoor = <T>(work: (tx: Transaction) => Promise<T>) => database.transaction(door(clock), work);
let serial = 0;
const next = () => {
  serial += 1;
  return serial;
};
const newPhone = () => `1540000${String(next()).padStart(4, '0')}`;
const newAddress = () => `192.0.2.${next()}`;
const draw = (phone: string, address = newAddress()) =>
  atTheDoor((tx) => drawPhoneCode(tx, sealing, { phone, address, now: instant }));
const drawn = async (phone: string) => {
  const made = await draw(phone);
  if (made === 'too soon') throw new Error('too soon');
  return made;
};
const give = (phone: string, code: string) =>
  atTheDoor((tx) => tryPhoneCode(tx, sealing, { phone, code, now: instant }));
/** Another code than the one given. */
const not = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0');

describe('手机验证码', () => {
  it('六位，只对那个号码、只用一次；同时给两次只认一次', async () => {
    const [phone, other] = [newPhone(), newPhone()];
    const { code } = await drawn(phone);
    expect(code).toMatch(/^\d{6}$/);
    expect(await give(other, code)).toBe(false);
    const both = await Promise.all([give(phone, code), give(phone, code)]);
    expect(both.sort()).toEqual([false, true]);
    expect(await give(phone, code)).toBe(false);
  });

  it(`${CODE_MINUTES} 分钟失效；再要一个，前一个作废`, async () => {
    const phone = newPhone();
    const first = await drawn(phone);
    pass(CODE_MINUTES * 60);
    expect(await give(phone, first.code)).toBe(false);
    const second = await drawn(phone);
    pass(60);
    const third = await drawn(phone);
    if (second.code !== third.code) expect(await give(phone, second.code)).toBe(false);
    expect(await give(phone, third.code)).toBe(true);
  });

  it(`试错 ${TRIES_ALLOWED} 次以后对的也不认；同时猜许多次也只有这么多次`, async () => {
    const [phone, other] = [newPhone(), newPhone()];
    const { code } = await drawn(phone);
    for (let n = 1; n < TRIES_ALLOWED; n += 1) expect(await give(phone, not(code))).toBe(false);
    expect(await give(phone, code)).toBe(true);
    const tried = await drawn(other);
    await Promise.all(Array.from({ length: TRIES_ALLOWED + 3 }, () => give(other, not(tried.code))));
    expect(await give(other, tried.code)).toBe(false);
  });

  it('同一号码一分钟一个、一小时五个；没有发出的不算', async () => {
    const phone = newPhone();
    const first = await drawn(phone);
    pass(59);
    expect(await draw(phone)).toBe('too soon');
    await atTheDoor((tx) => notePhoneCodeFailed(tx, { id: first.id, reason: '短信服务自身出错（500）', now: instant }));
    for (let n = 0; n < 5; n += 1) {
      await drawn(phone);
      pass(60);
    }
    expect(await draw(phone)).toBe('too soon');
    pass(3600);
    await drawn(phone);
  });

  it('同一来源一小时三十个，同时要也一样；别的来源照常', async () => {
    const address = newAddress();
    const results = await Promise.all(Array.from({ length: 34 }, () => draw(newPhone(), address)));
    expect(results.filter((one) => one === 'too soon')).toHaveLength(4);
    expect(await draw(newPhone())).not.toBe('too soon');
  });

  it('库里没有号码、来源和验证码；没有发出的在运行状况里提醒', async () => {
    const [phone, address] = [newPhone(), '198.51.100.77'];
    const made = await draw(phone, address);
    if (made === 'too soon') throw new Error('too soon');
    await atTheDoor((tx) => notePhoneCodeFailed(tx, { id: made.id, reason: '短信服务没有在时限内应答', now: instant }));
    const { rows } = await atTheDoor((tx) =>
      sql<{ all: string }>`select row(c.*)::text as all from platform.phone_code c where id = ${made.id}`.execute(tx),
    );
    for (const secret of [phone, address, Buffer.from(phone).toString('hex'), Buffer.from(made.code).toString('hex')])
      expect(rows[0]!.all).not.toContain(secret);
    const warnings = await atTheDoor((tx) => smsWarnings(tx, instant));
    expect(warnings).toEqual([
      expect.stringMatching(/最近一小时有 \d+ 条短信验证码没有发出：短信服务没有在时限内应答/),
    ]);
    pass(25 * 3600);
    expect(await atTheDoor((tx) => smsWarnings(tx, instant))).toEqual([]);
    await sweepSessions(database, clock);
    const left = await atTheDoor((tx) =>
      sql<{ n: number }>`select count(*)::int as n from platform.phone_code`.execute(tx),
    );
    expect(left.rows[0]!.n).toBe(0);
  });
});
