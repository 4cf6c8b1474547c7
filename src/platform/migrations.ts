import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { installQueue } from './jobs.ts';
import type { HashName } from './journal.ts';
import { StartRefused } from './start-refused.ts';

/** What a person acts as; those but the audit administrator share the rights of `app`. */
const standings = ['office', 'body', 'resident', 'system', 'security', 'audit'] as const;
/**
 * Roles beside the login: who may do what is granted in the migrations. Nobody becomes `journal`, which owns the functions that write
 * the journal, or `keeper`, which answers what holds today and destroys keys.
 */
const groups = [
  'app',
  ...standings,
  'engine',
  'door',
  'sealer',
  'auditor',
  'verifier',
  'queue',
  'journal',
  'keeper',
] as const;
/** Roles the login may take on with `set local role`. */
const roles = [...standings, 'engine', 'door', 'sealer', 'auditor', 'verifier'] as const;
/** Roles of the worker's own login, which reaches the queue and nothing else of the login's. */
const workerRoles = ['queue', 'engine'] as const;

const folder = join(import.meta.dirname, '../../migrations');

export interface Migrated {
  /** Prefix of this database's roles: `<prefix>_office`, … */
  prefix: string;
  /** Names of the migrations applied by this call, oldest first. */
  applied: string[];
}

/**
 * Brings a database up to date: roles under an advisory lock, then every migration not yet applied, each in a transaction of its own.
 * `loginPassword` is given to the login role, so that the server can connect as it; `workerPassword` (default: the same) to the worker's.
 * `journalHash` is chosen here, before anything is recorded; afterwards another choice is refused.
 * Throws when a migration that was applied has since been edited: history is not rewritten.
 */
export async function migrate(options: {
  adminUrl: string;
  loginPassword: string;
  workerPassword?: string;
  journalHash?: HashName;
}): Promise<Migrated> {
  const client = new pg.Client({ connectionString: options.adminUrl });
  await client.connect();
  try {
    await client.query(`select pg_advisory_lock(hashtext('gongzhi migrations'))`);
    const prefix = await rolePrefix(client);
    await createRoles(client, prefix, options.loginPassword, options.workerPassword ?? options.loginPassword);
    await client.query(`create table if not exists public.migration (
      name text primary key, digest text not null, applied_at timestamptz not null default clock_timestamp())`);
    const done = new Map(
      (await client.query<{ name: string; digest: string }>('select name, digest from public.migration')).rows.map(
        (row) => [row.name, row.digest],
      ),
    );
    const applied: string[] = [];
    for (const name of (await readdir(folder)).filter((file) => file.endsWith('.sql')).sort()) {
      const text = await readFile(join(folder, name), 'utf8');
      const digest = createHash('sha256').update(text).digest('hex');
      if (done.has(name)) {
        if (done.get(name) !== digest)
          throw new Error(`迁移 ${name} 已经执行过，但文件后来被改动；请恢复原文件，另写新的迁移。`);
        continue;
      }
      await client.query('begin');
      await client.query(text.replaceAll('gongzhi_', `${prefix}_`)).catch((error: Error) => {
        throw new Error(`迁移 ${name} 没有执行成功：${error.message}`, { cause: error });
      });
      await client.query('insert into public.migration (name, digest) values ($1, $2)', [name, digest]);
      await client.query('commit');
      applied.push(name);
    }
    if (options.journalHash)
      await client.query('select platform.choose_hash($1)', [options.journalHash]).catch((error: Error) => {
        throw new StartRefused(`JOURNAL_HASH=${options.journalHash}：${error.message}。`);
      });
    await installQueue({ adminUrl: options.adminUrl, prefix });
    if (applied.length > 0) await pinFunctions(client);
    return { prefix, applied };
  } finally {
    await client.end();
  }
}

/**
 * Every function of ours, by its name and arguments, with a digest of what it does and with whose rights. Not the two that the choice of the
 * hash replaces: verify-journal does without them, and sees what they got wrong.
 */
export const coreFunctions = `
  select p.oid::regprocedure::text as name, md5(p.prosrc || p.prosecdef || coalesce(p.proconfig::text, '')) as digest
  from pg_proc p join pg_namespace n on n.oid = p.pronamespace
  where n.nspname in ('platform', 'registers', 'filings', 'oversight')
    and p.oid::regprocedure::text not in ('platform.hash(bytea)', 'platform.hash_mark()')
    and not exists (select from pg_depend d where d.objid = p.oid and d.classid = 'pg_proc'::regclass and d.deptype = 'e')`;

/** What the migrations left, so that a later start sees a function that somebody changed behind them (trust.md 2.1). */
async function pinFunctions(client: pg.Client): Promise<void> {
  await client.query(`create table if not exists public.core_function (name text primary key, digest text not null);
    grant select on public.core_function to public;
    begin; delete from public.core_function; insert into public.core_function ${coreFunctions}; commit`);
}

/** The prefix of the roles of the database a connection is in; roles are shared by a whole server, databases are not (decisions 14). */
export async function rolePrefix(client: pg.ClientBase): Promise<string> {
  const { rows } = await client.query<{ name: string }>('select current_database() as name');
  const name = rows[0]!.name.toLowerCase().replaceAll(/[^a-z0-9_]/g, '_');
  return name.startsWith('gongzhi') ? name.slice(0, 50) : `gongzhi_${name}`.slice(0, 50);
}

async function createRoles(
  client: pg.Client,
  prefix: string,
  loginPassword: string,
  workerPassword: string,
): Promise<void> {
  await client.query('begin');
  for (const group of groups) {
    await client.query(
      `do $$ begin create role ${prefix}_${group} nologin; exception when duplicate_object then null; end $$`,
    );
  }
  for (const [login, password] of [
    ['login', loginPassword],
    ['worker', workerPassword],
  ] as const) {
    await client.query(
      `do $$ begin create role ${prefix}_${login} login noinherit; exception when duplicate_object then null; end $$`,
    );
    await client.query(`alter role ${prefix}_${login} login noinherit password ${client.escapeLiteral(password)}`);
    // Compiling a plan takes longer than any statement of ours: with it a first start on a server of its own default took over five minutes, not one.
    await client.query(`alter role ${prefix}_${login} set jit = off`);
  }
  for (const role of standings) if (role !== 'audit') await client.query(`grant ${prefix}_app to ${prefix}_${role}`);
  for (const role of roles) await client.query(`grant ${prefix}_${role} to ${prefix}_login`);
  for (const role of workerRoles) await client.query(`grant ${prefix}_${role} to ${prefix}_worker`);
  // Objects handed over to these roles need their owner-to-be to be within reach of the migrating role, superuser or not.
  for (const role of ['journal', 'keeper', 'door', 'engine', 'queue'])
    await client.query(`grant ${prefix}_${role} to current_user`);
  await client.query('commit');
}

/** A password nobody types. */
export function newPassword(): string {
  return randomBytes(24).toString('base64url');
}
