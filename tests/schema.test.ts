// The catalog of a migrated database held against the picture, and the checker shown to see: each rule catches a table, view, function or
// role that was spoilt on purpose.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../src/platform/database.ts';
import { startEmbeddedPostgres } from '../src/platform/embedded-postgres.ts';
import {
  appendOnly,
  type CheckName,
  checks,
  definers,
  floors,
  notCovered,
  permissions,
  rightsToChange,
  tablesOf,
} from './catalog.ts';
import { type TestDatabase, testDatabase } from './database.ts';
import { spoils } from './spoils.ts';

let place: TestDatabase;
let client: pg.Client;
let prefix: string;
beforeAll(async () => {
  place = await testDatabase();
  client = new pg.Client({ connectionString: place.adminUrl });
  await client.connect();
  prefix = decodeURIComponent(new URL(place.loginUrl).username).replace(/_login$/, '');
});
afterAll(async () => {
  await client?.end();
  await place?.drop();
});

/** Runs in a transaction that is never committed: the next test finds the database as it was. */
async function spoilt<T>(statements: string, look: () => Promise<T>): Promise<T> {
  await client.query('begin');
  try {
    await client.query(statements.replaceAll('gongzhi_', `${prefix}_`));
    return await look();
  } finally {
    await client.query('rollback');
  }
}

describe('库的图', () => {
  it('看得见：每一层的表都在，权限和触发器也读得到', async () => {
    const tables = await tablesOf(client);
    expect(tables.length).toBeGreaterThan(30);
    expect(new Set(tables.map((name) => name.split('.')[0]))).toEqual(new Set(floors));
    expect((await rightsToChange(client, prefix)).length).toBeGreaterThan(40);
    for (const name of appendOnly) expect(tables).toContain(name);
    for (const why of [
      ...permissions.map((one) => one.why),
      ...Object.values(notCovered),
      ...Object.values(definers),
    ]) {
      expect(why.length).toBeGreaterThan(4);
    }
  });

  it.each(Object.keys(checks) as CheckName[])('%s', async (name) => {
    expect(await checks[name](client, prefix)).toEqual([]);
  });

  it.each(spoils)('认得出：$check（$title）', async ({ check, statements, fault }) => {
    const faults = await spoilt(statements, () => checks[check](client, prefix));
    expect(faults.map((one) => one.replaceAll(`${prefix}_`, 'gongzhi_'))).toContain(fault);
  });

  it('每一条规则都有认得出的例子', () => {
    expect(new Set(spoils.map((one) => one.check))).toEqual(new Set(Object.keys(checks)));
  });
});

describe('启动时的检查', () => {
  async function refusalOf(url: string): Promise<string> {
    const database = await openDatabase({ url, connections: 1 }).catch((error: Error) => error);
    if (database instanceof Error) return database.message;
    await database.close();
    return '';
  }

  /** A login of this test's own: roles are shared by all databases of the server. */
  async function withLogin(attributes: string, test: (url: string, name: string) => Promise<void>): Promise<void> {
    const name = `gongzhi_weak_${process.pid}_${Math.round(performance.now() * 1000)}`;
    await client.query(`create role ${name} login noinherit ${attributes} password 'weak'`);
    const url = new URL(place.adminUrl);
    url.username = name;
    url.password = 'weak';
    try {
      await test(url.href, name);
    } finally {
      await client.query(`drop owned by ${name} cascade; drop role ${name}`);
    }
  }

  it('弱登录角色可以启动', async () => {
    expect(await refusalOf(place.loginUrl)).toBe('');
    await withLogin('', async (url) => expect(await refusalOf(url)).toBe(''));
  });

  it('超级用户登录：拒绝，并说该用哪个角色', async () => {
    expect(await refusalOf(place.adminUrl)).toMatch(/是超级用户；请让 DATABASE_URL 使用迁移时建立的 …_login 角色/);
  });

  it('可绕过行级安全的登录：拒绝', () =>
    withLogin('bypassrls', async (url, name) => {
      expect(await refusalOf(url)).toContain(`登录角色 ${name} 可绕过行级安全；请收回 BYPASSRLS。`);
    }));

  it('拥有数据表的登录：拒绝', () =>
    withLogin('', async (url, name) => {
      await client.query(`create table public.owned (id int); alter table public.owned owner to ${name}`);
      expect(await refusalOf(url)).toContain(`登录角色 ${name} 拥有数据表；服务器不得以所有者身份连接。`);
    }));

  it.each([
    ['完全没有', ''],
    ['启用而不强制', 'alter table oversight.bare enable row level security;'],
  ])('有一张表没有强制行级安全（%s）：拒绝，并说是哪一张', async (_, rest) => {
    await client.query(`create table oversight.bare (id int); ${rest}`);
    try {
      expect(await refusalOf(place.loginUrl)).toBe(
        '数据库不满足启动条件：\n- 数据表 oversight.bare 没有强制行级安全；请用本版本的迁移重新建立。',
      );
    } finally {
      await client.query('drop table oversight.bare');
    }
  });

  it('synchronous_commit 关闭：拒绝', async () => {
    const name = new URL(place.adminUrl).pathname.slice(1);
    await client.query(`alter database ${name} set synchronous_commit = off`);
    try {
      expect(await refusalOf(place.loginUrl)).toContain(
        'PostgreSQL 的 synchronous_commit 已关闭，已确认的写入可能丢失；请改为 on 后重启数据库。',
      );
    } finally {
      await client.query(`alter database ${name} reset synchronous_commit`);
    }
  });

  it('fsync、full_page_writes 关闭：拒绝，两项都说', async () => {
    // A server of its own: these settings belong to the whole server, and other tests run beside this one.
    const folder = await mkdtemp(join(tmpdir(), 'gongzhi-fsync-'));
    const programs = process.env.GONGZHI_TEST_POSTGRES;
    const server = await startEmbeddedPostgres({
      dataFolder: folder,
      ...(programs && { programs }),
      settings: { fsync: 'off', full_page_writes: 'off' },
    });
    const admin = new pg.Client({ connectionString: server.urlOf('postgres') });
    try {
      await admin.connect();
      await admin.query(`create role gongzhi_weak login noinherit password 'weak'`);
      const url = new URL(server.urlOf('postgres'));
      url.username = 'gongzhi_weak';
      url.password = 'weak';
      const refusal = await refusalOf(url.href);
      expect(refusal).toContain('PostgreSQL 的 fsync 已关闭');
      expect(refusal).toContain('PostgreSQL 的 full_page_writes 已关闭');
    } finally {
      await admin.end();
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    }
  });
});
