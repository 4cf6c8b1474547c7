// A deployment of the first version, migrated by an owner who is no superuser, comes to row digests: what stood is under an event, its chains go on.

import { cpSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type Database, openDatabase, sql } from '../../src/platform/database.ts';
import { migrate } from '../../src/platform/migrations.ts';
import { verifyJournal } from '../../src/platform/verify-journal.ts';

const root = resolve(import.meta.dirname, '../..');
const today = '2026-11-22';
const name = `gongzhi_upgrade_${process.pid}`;

let folder: string;
let ownerUrl: string;
let loginUrl: string;

async function asSuperuser(...statements: string[]): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: inject('testServer').adminUrls.postgres });
  await client.connect();
  try {
    let last!: pg.QueryResult;
    for (const statement of statements) last = await client.query(statement);
    return last;
  } finally {
    await client.end();
  }
}

const urlOf = (user: string) => {
  const url = new URL(inject('testServer').adminUrls.postgres);
  url.pathname = `/${name}`;
  url.username = user;
  url.password = 'upgrade';
  return url.href;
};

async function opened<T>(work: (database: Database) => Promise<T>): Promise<T> {
  const database = await openDatabase({ url: loginUrl, connections: 2 });
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gongzhi-upgrade-'));
  for (const part of ['src', 'migrations']) cpSync(join(root, part), join(folder, part), { recursive: true });
  cpSync(join(root, 'package.json'), join(folder, 'package.json'));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  for (const file of readdirSync(join(folder, 'migrations')))
    if (file > '0010') rmSync(join(folder, 'migrations', file));
  await asSuperuser(
    `create role ${name}_owner login createrole password 'upgrade'`,
    `create database ${name} owner ${name}_owner`,
  );
  [ownerUrl, loginUrl] = [urlOf(`${name}_owner`), urlOf(`${name}_login`)];
});
afterAll(async () => {
  if (folder) rmSync(folder, { recursive: true, force: true });
  await asSuperuser(`drop database if exists ${name} with (force)`);
  const { rows } = await asSuperuser(
    `select rolname from pg_roles where rolname like '${name.replaceAll('_', '\\_')}\\_%'`,
  );
  for (const { rolname } of rows) await asSuperuser(`drop owned by ${rolname}`, `drop role ${rolname}`);
});

describe('从第一版升级', () => {
  it('所有者不是超级用户；已有的每一行归入一条留痕；原有的链接着写，全部核验相符', async () => {
    const first = (await import(/* @vite-ignore */ pathToFileURL(join(folder, 'src/platform/migrations.ts')).href)) as {
      migrate: typeof migrate;
    };
    await first.migrate({ adminUrl: ownerUrl, loginPassword: 'upgrade' });
    const add = (code: string) =>
      opened((database) =>
        database.transaction({ standing: 'engine', today }, async (tx) => {
          await sql`insert into registers.area (code, level, name, enrolled_on) values (${code}, 'province', ${code}, ${today})`.execute(
            tx,
          );
          await sql`insert into registers.person (scope, name) values (${code}, '甲')`.execute(tx);
          await sql`select platform.record('organisation:1', 'areas.added', ${`area:${code}`}, '{}', null)`.execute(tx);
        }),
      );
    await add('990000000000');
    await add('980000000000');

    const { applied } = await migrate({ adminUrl: ownerUrl, loginPassword: 'upgrade' });
    expect(applied).toContain('0011-covered-rows.sql');
    expect(await opened((database) => verifyJournal(database, today))).toMatchObject({
      chains: 1,
      events: 3,
      rows: 4,
      faults: [],
    });
    await add('970000000000');
    expect(await opened((database) => verifyJournal(database, today))).toMatchObject({
      chains: 1,
      events: 4,
      rows: 6,
      faults: [],
    });

    const client = new pg.Client({ connectionString: urlOf(`${name}_owner`) });
    await client.connect();
    const { rows } = await client.query(
      `select seq::int, act, get_byte(payload, 0) as format, rows_digest is not null as covers from platform.journal order by seq`,
    );
    await client.end();
    expect(rows).toEqual([
      { seq: 1, act: 'areas.added', format: 1, covers: false },
      { seq: 2, act: 'areas.added', format: 1, covers: false },
      { seq: 3, act: 'journal.covered', format: 2, covers: true },
      { seq: 4, act: 'areas.added', format: 2, covers: true },
    ]);
  });
});
