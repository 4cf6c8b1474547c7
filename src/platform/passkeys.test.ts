import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../tests/database.ts';
import { type Bent, softAuthenticator } from '../../tests/soft-authenticator.ts';
import { businessDay, type Clock } from './clock.ts';
import { type Database, openDatabase, type Transaction } from './database.ts';
import { keysFrom } from './keys.ts';
import {
  addPasskey,
  beginPasskey,
  beginPasskeySignIn,
  endPasskeys,
  listPasskeys,
  passkeysPossible,
  renamePasskey,
  signInByPasskey,
} from './passkeys.ts';
import { createSealing } from './sealing.ts';
import { createAccount, door, findSession, openSession } from './sign-in.ts';

let instant = new Date('2026-11-22T01:00:00Z');
const clock: Clock = { now: () => instant, today: () => businessDay(instant) };
const pass = (minutes: number) => {
  instant = new Date(instant.getTime() + minutes * 60_000);
};
const sealing = createSealing(keysFrom(Buffer.alloc(32, 9)));
const publicUrl = 'https://gongzhi.example.gov.cn:8443';
const site = { rpID: 'gongzhi.example.gov.cn', origin: publicUrl };

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
async function newAccount(): Promise<number> {
  serial += 1;
  return (await atTheDoor((tx) => createAccount(tx, { name: `用户${serial}` })))!;
}
type Challenge = { challenge: string };
const begin = (accountId: number) =>
  atTheDoor((tx) =>
    beginPasskey(tx, { publicUrl, sealing, accountId, account: '用户', now: instant }),
  ) as Promise<Challenge>;
const add = (accountId: number, response: object) =>
  atTheDoor((tx) => addPasskey(tx, { publicUrl, accountId, name: '我的手机', response, now: instant }));
const ask = () => atTheDoor((tx) => beginPasskeySignIn(tx, { publicUrl, now: instant })) as Promise<Challenge>;
const give = (response: object) => atTheDoor((tx) => signInByPasskey(tx, { publicUrl, response, now: instant }));

/** An account with a passkey on a device. */
async function withPasskey() {
  const accountId = await newAccount();
  const device = softAuthenticator(site);
  expect(await add(accountId, device.make(await begin(accountId)))).toBe(true);
  return { accountId, device };
}

describe('通行密钥', () => {
  it('添加以后不用账号名就能登录；各人的设备认各人', async () => {
    const [one, other] = [await withPasskey(), await withPasskey()];
    expect(await give(one.device.sign(await ask()))).toBe(one.accountId);
    expect(await give(other.device.sign(await ask()))).toBe(other.accountId);
    expect(await atTheDoor((tx) => listPasskeys(tx, one.accountId))).toEqual([
      { id: expect.any(Number), name: '我的手机', madeAt: instant, usedAt: instant },
    ]);
    const { token } = await atTheDoor((tx) => openSession(tx, { accountId: one.accountId, now: instant }));
    expect(await atTheDoor((tx) => findSession(tx, token, instant))).toMatchObject({ enrolled: true, strong: false });
  });

  const elsewhere: [string, Bent][] = [
    ['别的网站', { origin: 'https://gongzhi.example.gov.cn.attacker.example' }],
    ['同一主机的别的端口', { origin: 'https://gongzhi.example.gov.cn' }],
    ['没有加密的同一主机', { origin: 'http://gongzhi.example.gov.cn:8443' }],
    ['为别的网站做的签名', { rpID: 'attacker.example' }],
    ['没有验过人（只按了一下）', { flags: 1 }],
    ['不是出给它的挑战值', { challenge: Buffer.alloc(32, 1).toString('base64url') }],
  ];
  it.each(elsewhere)('登录不认：%s', async (_, bent) => {
    const { device, accountId } = await withPasskey();
    expect(await give(device.sign(await ask(), bent))).toBeUndefined();
    expect(await give(device.sign(await ask()))).toBe(accountId);
  });
  it.each(elsewhere)('添加不认：%s', async (_, bent) => {
    const accountId = await newAccount();
    expect(await add(accountId, softAuthenticator(site).make(await begin(accountId), bent))).toBe(false);
  });

  it('挑战值只用一次：同一个回答再给一遍不认，答错的也用掉了', async () => {
    const { device, accountId } = await withPasskey();
    const challenge = await ask();
    const answer = device.sign(challenge);
    expect(await give(answer)).toBe(accountId);
    expect(await give(answer)).toBeUndefined();
    const spoilt = await ask();
    expect(await give(device.sign(spoilt, { origin: 'https://attacker.example' }))).toBeUndefined();
    expect(await give(device.sign(spoilt))).toBeUndefined();
  });

  it('挑战值五分钟失效；为一个人添加的不能用来登录，也不能给别人添加', async () => {
    const { device, accountId } = await withPasskey();
    const late = await ask();
    pass(5);
    expect(await give(device.sign(late))).toBeUndefined();
    expect(await give(device.sign(await begin(accountId)))).toBeUndefined();
    expect(await add(await newAccount(), softAuthenticator(site).make(await begin(accountId)))).toBe(false);
  });

  it('使用次数倒退的设备可能是复制品，不认', async () => {
    const { device } = await withPasskey();
    expect(await give(device.sign(await ask(), { counter: 7 }))).toBeDefined();
    expect(await give(device.sign(await ask(), { counter: 7 }))).toBeUndefined();
    expect(await give(device.sign(await ask(), { counter: 8 }))).toBeDefined();
  });

  it('签名对不上、内容不成样子：不认，也不出错', async () => {
    const { device } = await withPasskey();
    const other = softAuthenticator(site).sign(await ask());
    expect(await give({ ...other, id: device.credential, rawId: device.credential })).toBeUndefined();
    for (const junk of [
      {},
      { id: device.credential },
      { id: device.credential, rawId: device.credential, type: 'public-key', response: {} },
    ])
      expect(await give(junk)).toBeUndefined();
    expect(await add(await newAccount(), { id: 'x', response: { clientDataJSON: 'e30' } })).toBe(false);
  });

  it('改名、删除只及于自己的；删了就不能登录；同一个密钥不能加到两个账号', async () => {
    const { device, accountId } = await withPasskey();
    const other = await newAccount();
    const [{ id } = { id: 0 }] = await atTheDoor((tx) => listPasskeys(tx, accountId));
    expect(await atTheDoor((tx) => renamePasskey(tx, { accountId: other, id, name: '别人的' }))).toBe(false);
    expect(await atTheDoor((tx) => renamePasskey(tx, { accountId, id, name: '办公电脑' }))).toBe(true);
    expect(await add(other, device.make(await begin(other)))).toBe(false);
    expect(await atTheDoor((tx) => endPasskeys(tx, { accountId: other, id }))).toBe(0);
    expect(await atTheDoor((tx) => endPasskeys(tx, { accountId, id }))).toBe(1);
    expect(await give(device.sign(await ask()))).toBeUndefined();
  });

  it.each([
    ['https://gongzhi.example.gov.cn', true],
    ['http://localhost:8080', true],
    ['http://127.0.0.1:8080', false],
    ['https://10.1.2.3', false],
    ['https://[fd00::1]', false],
    ['http://gongzhi.example.gov.cn', false],
  ])('地址 %s 能不能用：%s', (url, possible) => {
    expect(passkeysPossible(url)).toBe(possible);
  });
});
