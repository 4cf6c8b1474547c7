import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../tests/database.ts';
import { fixedClock } from './clock.ts';
import { type Database, openDatabase, sql } from './database.ts';
import { jobs, type RunningWorker, runWorker, type Tasks } from './jobs.ts';
import { migrate } from './migrations.ts';
import type { System } from './system.ts';

const clock = fixedClock('2026-11-22');
const office = { standing: 'office', lo: '99', hi: '99:', personId: 1, today: clock.today() } as const;

let test: TestDatabase;
let database: Database;
let admin: pg.Client;
let workerUrl: string;
const workers: RunningWorker[] = [];

beforeAll(async () => {
  test = await testDatabase();
  database = await openDatabase({ url: test.loginUrl });
  admin = new pg.Client({ connectionString: test.adminUrl });
  await admin.connect();
  const url = new URL(test.loginUrl);
  url.username = `${database.prefix}_worker`;
  workerUrl = url.href;
});
afterAll(async () => {
  for (const worker of workers) await worker.stop();
  await admin?.end();
  await database?.close();
  await test?.drop();
});

/** The worker uses nothing of the system but the database; the tasks of this file nothing else either. */
async function start(tasks: Tasks, say?: (sentence: string) => void, concurrency?: number): Promise<RunningWorker> {
  const system = { database, clock, jobs } as System;
  const worker = await runWorker({ url: workerUrl, tasks, system, say, concurrency });
  workers.push(worker);
  return worker;
}

/** Until the database says so. */
async function until(asked: string): Promise<void> {
  while (!(await admin.query<{ so: boolean }>(`select ${asked} as so`)).rows[0]!.so)
    await new Promise((resolve) => setTimeout(resolve, 20));
}

const untilEmpty = () =>
  until('not exists (select from graphile_worker._private_jobs where last_error is null or locked_at is not null)');

describe('后台任务', () => {
  it('队列自成一个 schema，归不能登录的队列角色所有，该角色不拥有别的表', async () => {
    const { rows } = await admin.query(
      `select n.nspname as schema, r.rolname as owner, r.rolcanlogin, r.rolsuper from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_roles r on r.oid = c.relowner
       where c.relkind = 'r' and (n.nspname = 'graphile_worker' or r.rolname = $1) group by 1, 2, 3, 4`,
      [`${database.prefix}_queue`],
    );
    expect(rows).toEqual([
      { schema: 'graphile_worker', owner: `${database.prefix}_queue`, rolcanlogin: false, rolsuper: false },
    ]);
    const { rows: rights } = await admin.query(
      `select has_database_privilege($1, current_database(), 'create') as create`,
      [`${database.prefix}_queue`],
    );
    expect(rights[0].create).toBe(false);
  });

  it('随事务提交才生效；回滚则什么也没有；同一键只留最后一次', async () => {
    await database.transaction(office, (tx) => jobs.enqueue(tx, 'count', { n: 1 }, { key: 'a' }));
    await database.transaction(office, (tx) => jobs.enqueue(tx, 'count', { n: 2 }, { key: 'a' }));
    await database.transaction(office, (tx) => jobs.enqueue(tx, 'count', { n: 3 }));
    await expect(
      database.transaction(office, async (tx) => {
        await jobs.enqueue(tx, 'count', { n: 4 });
        throw new Error('不做了');
      }),
    ).rejects.toThrow('不做了');
    const seen: number[] = [];
    const roles: string[] = [];
    const worker = await start({
      count: async (payload: { n: number }, { system }) => {
        seen.push(payload.n);
        const actor = { standing: 'engine', today: system.clock.today() } as const;
        roles.push(
          await system.database.transaction(
            actor,
            async (tx) => (await sql<{ r: string }>`select current_user as r`.execute(tx)).rows[0]!.r,
          ),
        );
      },
    });
    await untilEmpty();
    expect(seen.sort()).toEqual([2, 3]);
    expect(new Set(roles)).toEqual(new Set([`${database.prefix}_engine`]));
    await worker.stop();
    workers.pop();
  });

  it('不成功的任务留待重试，库里与日志里都没有数据库报错所引的内容', async () => {
    await database.transaction(office, (tx) => jobs.enqueue(tx, 'wrong', {}));
    const said: string[] = [];
    const worker = await start(
      {
        wrong: (_: object, { system }) =>
          system.database.transaction({ standing: 'engine', today: '2026-11-22' }, async (tx) => {
            await sql`select ${'王小明13800000000'}::date`.execute(tx);
          }),
      },
      (sentence) => said.push(sentence),
    );
    await untilEmpty();
    const { rows } = await admin.query('select attempts, last_error from graphile_worker._private_jobs');
    expect(rows).toHaveLength(1);
    expect(rows[0].attempts).toBe(1);
    expect(rows[0].last_error).toContain('database 22007');
    expect(said.join()).toContain('后台任务 wrong');
    expect(`${said.join()}${rows[0].last_error}`).not.toMatch(/王小明|138/);
    await worker.stop();
    workers.pop();
    await admin.query('delete from graphile_worker._private_jobs');
  });

  it('被杀死的工作进程留下的任务，下一个独自启动的工作进程立即接手；另有同伴在时不动', async () => {
    let finish: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      finish = resolve;
    });
    let begun: () => void = () => undefined;
    const running = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const seen: string[] = [];
    const tasks: Tasks = {
      left: async () => void seen.push('left'),
      long: async () => {
        begun();
        await held;
        seen.push('long');
      },
    };
    await database.transaction(office, (tx) => jobs.enqueue(tx, 'left', {}));
    await admin.query(`update graphile_worker._private_jobs set locked_at = now(), locked_by = 'killed', attempts = 1`);
    await start(tasks);
    await untilEmpty();
    expect(seen).toEqual(['left']);
    await database.transaction(office, (tx) => jobs.enqueue(tx, 'long', {}));
    await running;
    await start(tasks);
    const { rows } = await admin.query('select locked_by is not null as locked from graphile_worker._private_jobs');
    expect(rows).toEqual([{ locked: true }]);
    finish();
    for (const worker of workers.splice(0)) await worker.stop();
    expect(seen).toEqual(['left', 'long']);
  });

  it('接替的工作进程来得太早：等数据库断开前一个的连接，再接手它的任务', async () => {
    const killed = new pg.Client({ connectionString: workerUrl });
    await killed.connect();
    await killed.query(`select pg_advisory_lock_shared(hashtext('gongzhi worker'))`);
    const seen: string[] = [];
    await database.transaction(office, (tx) => jobs.enqueue(tx, 'left', {}));
    await admin.query(`update graphile_worker._private_jobs set locked_at = now(), locked_by = 'killed', attempts = 1`);
    const starting = start({ left: async () => void seen.push('left') });
    await until(`exists (select from pg_locks l join pg_database d on d.oid = l.database
      where d.datname = current_database() and l.locktype = 'advisory' and not l.granted)`);
    await killed.end();
    await starting;
    await untilEmpty();
    expect(seen).toEqual(['left']);
    for (const worker of workers.splice(0)) await worker.stop();
  });

  it('在场的连接断了，工作进程就结束：它手里的任务归接替它的', async () => {
    const worker = await start({});
    const ended = expect(worker.ended).rejects.toThrow('与数据库的连接断了');
    await admin.query(`select pg_terminate_backend(l.pid) from pg_locks l join pg_database d on d.oid = l.database
      where d.datname = current_database() and l.locktype = 'advisory'`);
    await ended;
    workers.pop();
  });

  it('没有人等的，登记在先也让有人等的先办', async () => {
    const seen: string[] = [];
    const tasks = Object.fromEntries(['idle', 'asked', 'wanted'].map((one) => [one, async () => void seen.push(one)]));
    await database.transaction(office, async (tx) => {
      await jobs.enqueue(tx, 'idle', {}, { key: 'idle', later: true });
      await jobs.enqueue(tx, 'asked', {});
      await jobs.enqueue(tx, 'wanted', {}, { key: 'wanted' });
    });
    await start(tasks, undefined, 1);
    await untilEmpty();
    expect(seen).toEqual(['asked', 'wanted', 'idle']);
    for (const worker of workers.splice(0)) await worker.stop();
  });

  it('应用角色只能登记任务，看不到也改不了队列', async () => {
    for (const standing of ['office', 'body', 'resident', 'engine', 'door', 'auditor'] as const) {
      await expect(
        database.transaction({ standing, today: '2026-11-22' }, (tx) =>
          sql`select * from graphile_worker._private_jobs`.execute(tx),
        ),
      ).rejects.toThrow('permission denied');
    }
    await expect(
      database.transaction({ standing: 'door', today: '2026-11-22' }, (tx) => jobs.enqueue(tx, 'count', {})),
    ).rejects.toThrow('permission denied');
    const login = new pg.Client({ connectionString: test.loginUrl });
    await login.connect();
    await expect(login.query(`set role ${database.prefix}_queue`)).rejects.toThrow('permission denied');
    await login.end();
    const worker = new pg.Client({ connectionString: workerUrl });
    await worker.connect();
    await expect(worker.query(`set role ${database.prefix}_office`)).rejects.toThrow('permission denied');
    await expect(worker.query('select * from graphile_worker._private_jobs')).rejects.toThrow('permission denied');
    await worker.end();
  });

  it('再次迁移什么也不改', async () => {
    const migrated = await migrate({ adminUrl: test.adminUrl, loginPassword: new URL(test.loginUrl).password });
    expect(migrated.applied).toEqual([]);
  });
});
