import type { Runner, Task } from 'graphile-worker';
import { sql } from 'kysely';
import pg from 'pg';
import type { Transaction } from './database.ts';
import type { System } from './system.ts';

/**
 * Work that is done later, by the worker, on a queue in the same database (decisions 19). A job is enqueued in the transaction of the
 * change that needs it: both are committed or neither. A job runs at least once, so a task must bear being run twice.
 */
export interface Jobs {
  /**
   * With a `key`, a job of the same key that has not begun is replaced by this one. A job for `later` is one that nobody waits for: whatever
   * somebody waits for is taken first.
   */
  enqueue(tx: Transaction, task: string, payload: object, options?: { key?: string; later?: boolean }): Promise<void>;
}

/** Ours: the library takes the lowest number first, and 0 when none is given. */
const LATER = 10;

/** A line of the crontab whose job nobody waits for. */
export const later = (line: string) => `${line} ?priority=${LATER}`;

/** The payload is JSON that the program wrote itself; it carries ids and digests, never personal data. */
export type Tasks = Record<string, (payload: never, about: { system: System; signal: AbortSignal }) => Promise<void>>;

export const jobs: Jobs = {
  async enqueue(tx, task, payload, { key, later } = {}) {
    await sql`select platform.enqueue(${task}, ${JSON.stringify(payload)}::json, ${key ?? null}, ${later ? LATER : 0})`.execute(
      tx,
    );
  },
};

export interface RunningWorker {
  /** Lets running jobs finish (a job is asked to end after five seconds) and closes the connections. */
  stop(): Promise<void>;
  /** Resolves when the worker has ended, by `stop` or by itself; rejects when it broke. */
  ended: Promise<void>;
}

/**
 * Starts working off the queue. `url` is the worker's own login; its connections take the queue's role.
 * `crontab` lists regular jobs, one per line, in UTC (`0 17 * * * materialise` is 01:00 in Asia/Shanghai).
 */
export async function runWorker(options: {
  url: string;
  tasks: Tasks;
  system: System;
  concurrency?: number;
  crontab?: string;
  /** Told one sentence per trouble: the task and the kind of error, never the payload. */
  say?: (sentence: string) => void;
}): Promise<RunningWorker> {
  const { Logger, run } = await import('graphile-worker');
  const say = options.say ?? (() => undefined);
  const pool = queuePool(options.url, `${options.system.database.prefix}_queue`, (options.concurrency ?? 2) + 2);
  const presence = await claimPresence(pool);
  const taskList: Record<string, Task> = {};
  for (const [name, task] of Object.entries(options.tasks)) {
    taskList[name] = async (payload, helpers) => {
      try {
        await task(payload as never, {
          system: options.system,
          signal: helpers.abortSignal ?? new AbortController().signal,
        });
      } catch (error) {
        say(`后台任务 ${name} 第 ${helpers.job.attempts} 次没有成功：${kindOf(error)}`);
        // What the library keeps of the error lies in a table outside the sealed fields.
        throw new Error(kindOf(error));
      }
    };
  }
  let runner: Runner;
  try {
    runner = await run({
      pgPool: pool,
      taskList,
      concurrency: options.concurrency ?? 2,
      crontab: options.crontab ?? '',
      noHandleSignals: true,
      // Errors of tasks are told above; of the library's own words only what is about the queue itself.
      logger: new Logger(({ taskIdentifier }) => (level, message) => {
        if (level === 'error' && !taskIdentifier) say(`后台任务队列：${message}`);
      }),
    });
  } catch (error) {
    presence.release(true);
    await pool.end();
    throw error;
  }
  // A job that was running when the database went away stays marked as this worker's, whatever the library does later. So it ends with its
  // lock: whoever comes in its place is alone, and takes the job over.
  let leaving = false;
  const lost = new Promise<never>((_, reject) => {
    presence.once('end', () => leaving || reject(new Error('与数据库的连接断了')));
  });
  lost.catch(() => runner.stop().catch(() => undefined));
  const left = runner.promise.finally(async () => {
    leaving = true;
    presence.release(true);
    await pool.end();
  });
  const ended = Promise.race([left, lost]);
  let over = false;
  ended.then(
    () => (over = true),
    () => (over = true),
  );
  return {
    ended,
    async stop() {
      if (!over) await runner.stop();
      await ended;
    },
  };
}

/**
 * Installs or upgrades the library's schema as the queue's role. The role gets no right to create schemas: the first one
 * is made for it, with the table in which the library notes its migrations (graphile-worker, docs/schema.md).
 */
export async function installQueue(options: { adminUrl: string; prefix: string }): Promise<void> {
  const { Logger, runMigrations } = await import('graphile-worker');
  const role = `${options.prefix}_queue`;
  const client = new pg.Client({ connectionString: options.adminUrl });
  await client.connect();
  try {
    await client.query(`create schema if not exists graphile_worker authorization ${role}`);
    await client.query(`set role ${role}`);
    await client.query(`create table if not exists graphile_worker.migrations (
      id int primary key, ts timestamptz default now() not null, breaking boolean not null default false)`);
  } finally {
    await client.end();
  }
  const pool = queuePool(options.adminUrl, role, 2);
  try {
    await runMigrations({ pgPool: pool, logger: new Logger(() => () => undefined) });
  } finally {
    await pool.end();
  }
}

/** Every connection is the queue's role from its first statement on. */
function queuePool(url: string, role: string, max: number): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    onConnect: (client) => client.query(`set role ${role}`).then(() => undefined),
    // The library puts job ids into JSON, which cannot hold the BigInt that our own connections give.
    types: {
      getTypeParser: ((oid: number, format: 'text') =>
        oid === pg.types.builtins.INT8 ? String : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
    },
  });
  // A connection that dies is replaced by the pool; whoever was using it meets the error that matters.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

/** Our own: how long a worker that is not alone waits to be. The connection of one that was killed ends well before. */
const ALONE_AFTER_SECONDS = 5;

/**
 * Every worker holds a shared lock for life. One that can take it exclusively is alone, so jobs that are still marked as
 * running belong to a worker that was killed: they are released at once instead of after the library's four hours. A worker
 * started in the place of one just killed may come before the database has noticed the end of that one: it waits a little.
 */
async function claimPresence(pool: pg.Pool): Promise<pg.PoolClient> {
  const client = await pool.connect();
  try {
    const alone = await locksAlone(client);
    if (alone) {
      await client.query(`select graphile_worker.force_unlock_workers(array(
        select locked_by from graphile_worker._private_jobs where locked_by is not null
        union select locked_by from graphile_worker._private_job_queues where locked_by is not null))`);
    }
    await client.query(`select pg_advisory_lock_shared(hashtext('gongzhi worker'))`);
    if (alone) await client.query(`select pg_advisory_unlock(hashtext('gongzhi worker'))`);
    return client;
  } catch (error) {
    client.release(true);
    await pool.end();
    throw error;
  }
}

async function locksAlone(client: pg.PoolClient): Promise<boolean> {
  await client.query(`set lock_timeout = '${ALONE_AFTER_SECONDS}s'`);
  try {
    await client.query(`select pg_advisory_lock(hashtext('gongzhi worker'))`);
    return true;
  } catch (error) {
    if ((error as { code?: string }).code !== '55P03') throw error; // lock_not_available: it has company
    return false;
  } finally {
    await client.query('set lock_timeout = 0');
  }
}

/** Messages of the database may quote a row; its code and the broken rule say enough. */
function kindOf(error: unknown): string {
  if (error instanceof pg.DatabaseError)
    return ['database', error.code, error.table, error.constraint].filter(Boolean).join(' ');
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
