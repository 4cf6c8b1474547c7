// The stage of every measurement: a PostgreSQL of its own in a temporary folder, the packs and the demo district, as the server would hold them.

import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { loadDemo } from '../src/app/demo/index.ts';
import { describeProblems, loadPolicy } from '../src/app/policy.ts';
import { openSystem } from '../src/app/system.ts';
import { divisionRange } from '../src/kernel/identifiers.ts';
import { type LocalDate, localDate } from '../src/kernel/local-date.ts';
import { fixedClock } from '../src/platform/clock.ts';
import { type Actor, sql, type Transaction } from '../src/platform/database.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../src/platform/embedded-postgres.ts';
import type { Person } from '../src/platform/http.ts';
import { migrate, newPassword } from '../src/platform/migrations.ts';
import type { System } from '../src/platform/system.ts';
import { resolvePerson } from '../src/registers/people/index.ts';

const ANCHOR = '2026-11-22';
const SEED = 1;

export interface Stage {
  system: System;
  /** The housing bureau's officer: sees the whole district. */
  officer: Person;
  district: string;
  today: LocalDate;
  engine: Actor;
  loginUrl: string;
  server: EmbeddedPostgres;
  folder: string;
  /** As superuser, beside every policy. */
  admin: pg.Client;
  close(): Promise<void>;
}

interface Setting {
  scale: number;
  say: (sentence: string) => void;
}

export async function setStage(setting: Setting): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'gongzhi-bench-'));
  chmodSync(folder, 0o711);
  const server = await startEmbeddedPostgres({ dataFolder: folder });
  try {
    return await dress(folder, server, setting);
  } catch (error) {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

async function dress(folder: string, server: EmbeddedPostgres, { scale, say }: Setting): Promise<Stage> {
  const loginPassword = newPassword();
  const { prefix } = await migrate({ adminUrl: server.adminUrl, loginPassword });
  const login = new URL(server.adminUrl);
  login.username = `${prefix}_login`;
  login.password = loginPassword;
  const today = localDate(ANCHOR);
  const engine: Actor = { standing: 'engine', today };
  const system = await openSystem({
    loginUrl: login.href,
    settings: { dataFolder: folder, publicUrl: 'http://127.0.0.1' },
    clock: fixedClock(ANCHOR),
  });
  const policy = await loadPolicy(system, undefined);
  if ('problems' in policy) throw new Error(describeProblems(policy.problems));
  const startedAt = performance.now();
  await loadDemo(system, { anchor: today, seed: SEED, scale });
  say(`演示区已载入（${Math.round((performance.now() - startedAt) / 100) / 10} 秒）`);
  const admin = new pg.Client({ connectionString: server.adminUrl });
  admin.on('error', () => undefined); // a killed server is met by the next statement
  await admin.connect();
  await admin.query('vacuum analyze');
  const { rows } = await admin.query<{ account: number; district: string }>(
    `select p.account_id as account, o.area_code as district from registers.person p join registers.post t on t.person_id = p.id
     join registers.organisation o on o.id = t.organisation_id where p.account_id is not null and o.kind = 'housing-bureau' order by p.id limit 1`,
  );
  const { account, district } = rows[0]!;
  const officer = (await system.database.transaction({ standing: 'door', today }, (tx) =>
    resolvePerson(tx, account, null),
  ))!;
  const stage: Stage = {
    system,
    officer,
    district,
    today,
    engine,
    loginUrl: login.href,
    server,
    folder,
    admin,
    async close() {
      if (!system.database.pool.ended) await system.database.close();
      await admin.end().catch(() => undefined);
      await stage.server.stop(); // after a fault round another one
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return stage;
}

/** The processes that answer the application and the superuser. The pool hands out the connection it got back last: one after the other is one. */
export async function backendsOf({ system, officer, admin }: Stage) {
  const pid = sql<{ pid: number }>`select pg_backend_pid() as pid`;
  const measured = await system.database.transaction(officer.actor, async (tx) => (await pid.execute(tx)).rows[0]!.pid);
  const { rows } = await admin.query<{ pid: number }>('select pg_backend_pid() as pid');
  return { measured, against: rows[0]!.pid };
}

/** A transaction of the superuser with the same context and the same round trips, but no policy: what is left is SQL written by hand. */
export async function withoutPolicies<T>(stage: Stage, work: (tx: Transaction) => Promise<T>): Promise<T> {
  const { lo, hi } = divisionRange(stage.district);
  await stage.admin.query(
    `begin; set local app.lo = '${lo}'; set local app.hi = '${hi}'; set local app.today = '${stage.today}'`,
  );
  try {
    return await work(handOf(stage.admin));
  } finally {
    await stage.admin.query('commit');
  }
}

/** The rooms' functions take a transaction; this one is the superuser's connection dressed as such, and `written` changes the SQL on its way. */
export function handOf(admin: pg.Client, written: (text: string) => string = (text) => text): Transaction {
  const query = (text: string, values: unknown[]) => admin.query(written(text), values);
  const client = { query, release: () => undefined };
  const pool = { connect: async () => client, end: async () => undefined } as unknown as pg.Pool;
  // biome-ignore lint/suspicious/noExplicitAny: as in platform/database
  return new Kysely<any>({ dialect: new PostgresDialect({ pool }) });
}
