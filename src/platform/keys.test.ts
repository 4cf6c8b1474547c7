import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../tests/database.ts';
import { localDate } from '../kernel/local-date.ts';
import { type Database, openDatabase } from './database.ts';
import { decrypt, encrypt, freshBytes, keyFileIn, keysFrom, openKeys } from './keys.ts';

const today = localDate('2026-11-22');
let test: TestDatabase;
let database: Database;
let folder: string;
let file: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gongzhi-keys-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(async () => {
  test = await testDatabase();
  database = await openDatabase({ url: test.loginUrl });
  rmSync(folder, { recursive: true, force: true });
  file = join(folder, 'keys', 'master.key');
  return async () => {
    await database.close();
    await test.drop();
  };
});

describe('密钥文件', () => {
  it('新的数据库得到新的密钥，只有本用户可读；再次打开得到同一把', async () => {
    const keys = await openKeys({ database, file, today });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const wrapped = keys.wrap(Buffer.from('一把钥匙'), 'a');
    const again = await openKeys({ database, file, today });
    expect(again.unwrap(wrapped, 'a').toString()).toBe('一把钥匙');
    expect(again.equalityKey.equals(keys.equalityKey)).toBe(true);
    expect(readFileSync(file, 'utf8')).not.toContain(keys.fingerprint);
  });

  it('已有的数据库缺少密钥文件：拒绝，且不另建', async () => {
    await openKeys({ database, file, today });
    rmSync(file);
    await expect(openKeys({ database, file, today })).rejects.toThrow('程序不会为已有的数据库另建密钥');
    expect(existsSync(file)).toBe(false);
  });

  it('别的密钥文件：拒绝，文件原样不动', async () => {
    await openKeys({ database, file, today });
    const other = `${'ab'.repeat(32)}\n`;
    writeFileSync(file, other);
    await expect(openKeys({ database, file, today })).rejects.toThrow('不是这个数据库的');
    expect(readFileSync(file, 'utf8')).toBe(other);
  });

  it.each(['', 'ab', `${'ab'.repeat(32)}zz`])('内容不完整的密钥文件：拒绝 %#', async (text) => {
    await openKeys({ database, file, today });
    writeFileSync(file, text);
    await expect(openKeys({ database, file, today })).rejects.toThrow('从备份恢复');
  });

  it('他人可读的密钥文件：拒绝', async () => {
    await openKeys({ database, file, today });
    chmodSync(file, 0o640);
    await expect(openKeys({ database, file, today })).rejects.toThrow('chmod 600');
  });

  it('管理员预先放好的密钥文件由新的数据库采用', async () => {
    await openKeys({ database, file, today });
    const second = await testDatabase();
    const other = await openDatabase({ url: second.loginUrl });
    const keys = await openKeys({ database: other, file, today });
    expect(keys.fingerprint).toBe((await openKeys({ database, file, today })).fingerprint);
    await other.close();
    await second.drop();
  });

  it('两个同时的首次启动得到同一把密钥', async () => {
    const both = await Promise.all([1, 2, 3, 4].map(() => openKeys({ database, file, today })));
    expect(new Set(both.map((one) => one.fingerprint)).size).toBe(1);
    expect(readdirSync(join(folder, 'keys'))).toEqual(['master.key']);
  });

  it('位置可由 GONGZHI_KEY_FILE 指定，默认在数据文件夹内', () => {
    const before = process.env.GONGZHI_KEY_FILE;
    delete process.env.GONGZHI_KEY_FILE;
    expect(keyFileIn('/data')).toBe('/data/keys/master.key');
    process.env.GONGZHI_KEY_FILE = '/etc/gongzhi.key';
    expect(keyFileIn('/data')).toBe('/etc/gongzhi.key');
    if (before === undefined) delete process.env.GONGZHI_KEY_FILE;
    else process.env.GONGZHI_KEY_FILE = before;
  });
});

describe('加密', () => {
  it('随机字节每一段只给出一次，跨页也不重复，没有空的', () => {
    const pieces = Array.from({ length: 3_000 }, (_, n) =>
      freshBytes([12, 16, 32][n % 3]!)
        .toString('hex')
        .slice(0, 24),
    );
    expect(new Set([...pieces, '0'.repeat(24)]).size).toBe(3_001);
  });

  const key = Buffer.alloc(32, 7);
  it('每一个比特的改动、别的密钥、别的去处都打不开', () => {
    const sealed = encrypt(key, Buffer.from('13800000000'), 'a');
    expect(decrypt(key, sealed, 'a').toString()).toBe('13800000000');
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const altered = Buffer.from(sealed);
      altered[bit >> 3]! ^= 1 << (bit & 7);
      expect(() => decrypt(key, altered, 'a')).toThrow('密文');
    }
    expect(() => decrypt(key, sealed, 'b')).toThrow('密文');
    expect(() => decrypt(Buffer.alloc(32, 8), sealed, 'a')).toThrow('密文');
    for (let length = 0; length < sealed.length; length += 1)
      expect(() => decrypt(key, sealed.subarray(0, length), 'a')).toThrow('密文');
  });

  it('同一内容两次加密不同；由主密钥派生的各把钥匙互不相同', () => {
    expect(encrypt(key, Buffer.from('a'), 'a').equals(encrypt(key, Buffer.from('a'), 'a'))).toBe(false);
    const keys = keysFrom(key);
    expect(() => decrypt(keys.equalityKey.export(), keys.wrap(Buffer.from('a'), 'a'), 'a')).toThrow('密文');
    expect(() => decrypt(key, keys.wrap(Buffer.from('a'), 'a'), 'a')).toThrow('密文');
  });
});
