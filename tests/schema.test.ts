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

  it('服务器和后台任务登录时不编译计划，不论数据库自己怎样设', async () => {
    const { rows } = await client.query<{ name: string; settings: string[] | null }>(
      'select rolname as name, rolconfig as settings from pg_roles where rolname = any ($1) order by 1',
      [[`${prefix}_login`, `${prefix}_worker`]],
    );
    expect(rows.map((row) => row.settings)).toEqual([['jit=off'], ['jit=off']]);
  });

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

  it('登录可担任的角色可绕过行级安全：拒绝', () =>
    withLogin('', async (url, name) => {
      await client.query(`create role ${name}_strong bypassrls; grant ${name}_strong to ${name}`);
      try {
        expect(await refusalOf(url)).toContain(`登录角色可担任的 ${name}_strong 是超级用户或可绕过行级安全`);
      } finally {
        await client.query(`drop role ${name}_strong`);
      }
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

  it.each([
    [
      '触发器没有始终启用',
      'alter table platform.sealed_read enable trigger traced',
      'alter table platform.sealed_read enable always trigger traced',
      '数据表 platform.sealed_read 上的触发器 traced 没有始终启用',
    ],
    [
      '留痕可以删',
      'grant delete on platform.journal to gongzhi_engine',
      'revoke delete on platform.journal from gongzhi_engine',
      '对只增不改的 platform.journal 有 DELETE；请收回',
    ],
    [
      '人人可改报备',
      'grant update on filings.filing to public',
      'revoke update on filings.filing from public',
      '角色 PUBLIC 对只增不改的 filings.filing 有 UPDATE',
    ],
    [
      '视图以所有者身份读',
      'alter view oversight.duty_standing set (security_invoker = false)',
      'alter view oversight.duty_standing set (security_invoker = true)',
      '视图 oversight.duty_standing 不以查询者的身份读',
    ],
    [
      '越权函数没有写死搜索路径',
      'alter function platform.enter() set search_path = pg_catalog, registers',
      'alter function platform.enter() set search_path = pg_catalog, registers, pg_temp',
      '函数 platform.enter() 以所有者的权限执行，却没有写死以 pg_temp 结尾的搜索路径',
    ],
    [
      '函数的内容被换',
      `create or replace function platform.my_organisation() returns int language sql stable parallel safe as 'select 1'`,
      `create or replace function platform.my_organisation() returns int language sql stable parallel safe as $$ select nullif(current_setting('app.organisation', true), '')::int $$`,
      '函数 platform.my_organisation() 的内容与迁移所建的不同',
    ],
    [
      '多出一个函数',
      `create function platform.extra() returns int language sql as 'select 1'`,
      'drop function platform.extra()',
      '函数 platform.extra() 的内容与迁移所建的不同',
    ],
  ])('%s：拒绝，并说是哪一处；改回来就可以启动', async (_, spoil, repair, sentence) => {
    await client.query(spoil.replaceAll('gongzhi_', `${prefix}_`));
    try {
      expect(await refusalOf(place.loginUrl)).toContain(sentence);
    } finally {
      await client.query(repair.replaceAll('gongzhi_', `${prefix}_`));
    }
    expect(await refusalOf(place.loginUrl)).toBe('');
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
