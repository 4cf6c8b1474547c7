import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../tests/database.ts';
import { InstanceTaken, readInstanceNote, takeInstance } from './instance.ts';

let database: TestDatabase;
let dataFolder: string;

beforeAll(async () => {
  database = await testDatabase();
  dataFolder = mkdtempSync(join(tmpdir(), 'gongzhi-instance-'));
});

afterAll(async () => {
  await database.drop();
  rmSync(dataFolder, { recursive: true, force: true });
});

const take = (url: string) => takeInstance({ databaseUrl: database.loginUrl, dataFolder, url });

describe('一个数据库只有一个实例', () => {
  it('第二个实例被拒绝，并被告知第一个的地址；第一个放手后即可启动', async () => {
    const first = await take('http://127.0.0.1:8080');
    const refused = await take('http://127.0.0.1:8081').catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(InstanceTaken);
    expect((refused as Error).message).toContain(`地址 http://127.0.0.1:8080（进程 ${process.pid}）`);
    expect(readInstanceNote(dataFolder)).toEqual({ pid: process.pid, url: 'http://127.0.0.1:8080' });
    await first.release();
    expect(existsSync(join(dataFolder, 'instance.json'))).toBe(false);
    const second = await take('http://127.0.0.1:8081');
    await second.release();
  });

  it('地址确定后更新', async () => {
    const instance = await take('http://127.0.0.1:0');
    instance.announce('http://127.0.0.1:9999');
    expect(readInstanceNote(dataFolder)?.url).toBe('http://127.0.0.1:9999');
    await instance.release();
  });

  it('连接中断即知锁已失去，别的实例可以接上', async () => {
    const instance = await take('http://127.0.0.1:8080');
    const admin = new pg.Client({ connectionString: database.adminUrl });
    await admin.connect();
    await admin.query(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'gongzhi instance'
      and datname = current_database()`);
    await admin.end();
    await instance.lost;
    const next = await take('http://127.0.0.1:8082');
    expect(readInstanceNote(dataFolder)?.url).toBe('http://127.0.0.1:8082');
    await next.release();
  });
});
