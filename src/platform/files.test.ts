import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../tests/database.ts';
import { localDate } from '../kernel/local-date.ts';
import { fixedClock } from './clock.ts';
import { type Actor, type Database, openDatabase, type Transaction } from './database.ts';
import { type FileStore, openFileStore } from './files.ts';
import { keysFrom } from './keys.ts';

/** Sees every file, to sweep them; a person sees those that something in their sight claims (src/registers/sealed/sealed.test.ts). */
const engine: Actor = { standing: 'engine', today: '2026-11-22' };
const keys = keysFrom(Buffer.alloc(32, 1));
const content = Buffer.from('会议纪要：同意启用维修资金');
let test: TestDatabase;
let database: Database;
let folder: string;
let files: FileStore;

beforeAll(async () => {
  test = await testDatabase();
  database = await openDatabase({ url: test.loginUrl });
});
afterAll(async () => {
  await database?.close();
  await test?.drop();
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gongzhi-files-'));
  files = openFileStore({ folder, keys });
  return () => rmSync(folder, { recursive: true, force: true });
});

const act = <T>(work: (tx: Transaction) => Promise<T>) => database.transaction(engine, work);
const onDisk = () =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map((one) => join(one.parentPath, one.name));
/** Every test has a content of its own: rows outlive the folder of a test. */
let serial = 0;
const fresh = () => {
  serial += 1;
  return Buffer.concat([content, Buffer.from(String(serial))]);
};
const mine = (digest: string) => onDisk().filter((name) => name.includes(digest));

describe('附件', () => {
  it('以内容的摘要为名，磁盘上没有原文，只有本用户可读；取回分毫不差', async () => {
    const bytes = fresh();
    const digest = await act((tx) => files.put(tx, bytes, 'text/plain'));
    expect(digest).toBe(createHash('sha256').update(bytes).digest('hex'));
    expect(onDisk()).toHaveLength(1);
    expect(statSync(onDisk()[0]!).mode & 0o777).toBe(0o600);
    expect(readFileSync(onDisk()[0]!).includes(content.subarray(0, 12))).toBe(false);
    expect(await act((tx) => files.get(tx, digest))).toEqual({ bytes, media: 'text/plain' });
    expect(await act((tx) => files.get(tx, '0'.repeat(64)))).toBeUndefined();
  });

  it('空文件与 25 MB 的文件', async () => {
    for (const bytes of [Buffer.alloc(0), Buffer.alloc(25 * 1024 * 1024, 3)]) {
      const digest = await act((tx) => files.put(tx, bytes, 'a/b'));
      expect((await act((tx) => files.get(tx, digest)))!.bytes.equals(bytes)).toBe(true);
    }
  });

  it('提交之前字节已在磁盘上；同一内容只存一份', async () => {
    const bytes = fresh();
    const digest = await act(async (tx) => {
      const put = await files.put(tx, bytes, 'a/b');
      expect(mine(put)).toHaveLength(1);
      return put;
    });
    await act((tx) => files.put(tx, bytes, 'a/b'));
    expect(mine(digest)).toHaveLength(1);
  });

  it('同时存入同一内容：一份文件，都取得回', async () => {
    const bytes = fresh();
    const digests = await Promise.all([1, 2, 3, 4, 5, 6].map(() => act((tx) => files.put(tx, bytes, 'a/b'))));
    expect(new Set(digests).size).toBe(1);
    expect(mine(digests[0]!)).toHaveLength(1);
    expect((await act((tx) => files.get(tx, digests[0]!)))!.bytes).toEqual(bytes);
  });

  it('没有提交的存入不算数；之后再存照样取得回', async () => {
    const bytes = fresh();
    let digest = '';
    await expect(
      act(async (tx) => {
        digest = await files.put(tx, bytes, 'a/b');
        throw new Error('不做了');
      }),
    ).rejects.toThrow('不做了');
    expect(await act((tx) => files.get(tx, digest))).toBeUndefined();
    await act((tx) => files.put(tx, bytes, 'a/b'));
    expect((await act((tx) => files.get(tx, digest)))!.bytes).toEqual(bytes);
  });

  it('被改动、被换掉、丢失的文件都不会当作原件给出', async () => {
    const [a, b] = [fresh(), fresh()];
    const digestA = await act((tx) => files.put(tx, a, 'a/b'));
    const digestB = await act((tx) => files.put(tx, b, 'a/b'));
    const [nameA, nameB] = [mine(digestA)[0]!, mine(digestB)[0]!];
    const original = readFileSync(nameA);
    writeFileSync(nameA, readFileSync(nameB));
    await expect(act((tx) => files.get(tx, digestA))).rejects.toThrow('密文');
    writeFileSync(
      nameA,
      Buffer.concat([original.subarray(0, 40), Buffer.from([original[40]! ^ 1]), original.subarray(41)]),
    );
    await expect(act((tx) => files.get(tx, digestA))).rejects.toThrow('密文');
    rmSync(nameA);
    await expect(act((tx) => files.get(tx, digestA))).rejects.toThrow('从备份恢复');
  });

  it('核验时每一件都读一遍：改了的、没有了的都说出来；会被清除的上传不算', async () => {
    const whole = [fresh(), fresh(), fresh()];
    const digests: string[] = [];
    for (const bytes of whole) digests.push(await act((tx) => files.put(tx, bytes, 'a/b')));
    const passing = await act((tx) => files.put(tx, fresh(), 'a/b', { keepUntil: localDate('2027-11-29') }));
    const own = async () =>
      (await files.verify(database, localDate('2026-11-22'))).spoilt.filter((one) =>
        [...digests, passing].includes(one),
      );
    expect(await own()).toEqual([]);
    writeFileSync(mine(digests[0]!)[0]!, readFileSync(mine(digests[1]!)[0]!));
    rmSync(mine(digests[2]!)[0]!);
    rmSync(mine(passing)[0]!);
    expect(await own()).toEqual([digests[0]!, digests[2]!].sort());
  });

  it('过期的上传被清除，当日仍在；后来作为材料留下的不清', async () => {
    const [expiring, kept, later] = [fresh(), fresh(), fresh()];
    const keepUntil = localDate('2026-11-29');
    const [a, b, c] = await act(
      async (tx) =>
        [
          await files.put(tx, expiring, 'a/b', { keepUntil }),
          await files.put(tx, kept, 'a/b', { keepUntil }),
          await files.put(tx, later, 'a/b', { keepUntil }),
        ] as const,
    );
    await act((tx) => files.put(tx, kept, 'a/b'));
    await act((tx) => files.put(tx, kept, 'a/b', { keepUntil }));
    await act((tx) => files.put(tx, later, 'a/b', { keepUntil: localDate('2026-12-31') }));
    expect(await files.sweep(database, fixedClock('2026-11-29'))).toBe(0);
    expect(await files.sweep(database, fixedClock('2026-11-30'))).toBe(1);
    expect(await act((tx) => files.get(tx, a))).toBeUndefined();
    expect(mine(a)).toEqual([]);
    expect((await act((tx) => files.get(tx, b)))!.bytes).toEqual(kept);
    expect((await act((tx) => files.get(tx, c)))!.bytes).toEqual(later);
  });

  it('未提交的事务与中断的写入留下的文件一天后清除，别的不动', async () => {
    const digest = await act((tx) => files.put(tx, fresh(), 'a/b'));
    await act(async (tx) => {
      await files.put(tx, fresh(), 'a/b');
      throw new Error('不做了');
    }).catch(() => undefined);
    writeFileSync(join(folder, digest.slice(0, 2), `${'0'.repeat(64)}-x.part`), 'x');
    expect(onDisk()).toHaveLength(3);
    const clock = { today: () => localDate('2026-11-22'), now: () => new Date() };
    expect(await files.sweep(database, clock)).toBe(0);
    const yesterday = new Date(Date.now() - 25 * 3_600_000);
    for (const name of onDisk()) utimesSync(name, yesterday, yesterday);
    expect(await files.sweep(database, clock)).toBe(2);
    expect(mine(digest)).toHaveLength(1);
    expect(onDisk()).toHaveLength(1);
  });
});
