// A physical copy while everything runs (decisions 22): the cluster, the files, and the mark by which a start on the copy knows what it is.
// The embedded PostgreSQL brings no program for it.

import { existsSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { keyFileIn } from '../platform/keys.ts';
import type { System } from '../platform/system.ts';
import { noteRestoration } from '../platform/witnessing/index.ts';

/** Lies in every copy; a data folder that has it comes from a backup. */
const MARK = 'restored-from-backup';

/** Of a running cluster these are made again, or belong to the one process that runs (PostgreSQL, "Making a Base Backup Using the Low Level API"). */
const LEFT_OUT = ['postmaster.pid', 'postmaster.opts', 'pg_wal', 'backup_label', 'tablespace_map'];
const EMPTIED = ['pg_replslot', 'pg_dynshmem', 'pg_notify', 'pg_serial', 'pg_snapshots', 'pg_stat_tmp', 'pg_subtrans'];
const isTemporary = (name: string) => name.startsWith('pgsql_tmp') || name === 'pg_internal.init';

export interface Backup {
  folder: string;
  bytes: number;
  /** Where the key file was copied to; null where it was left out. */
  keys: string | null;
}

export class BackupRefused extends Error {}

/**
 * Copies the data folder of a running or stopped installation into a new folder, which can then itself be started on. The key file goes only
 * to `keys`, apart from the rest: together they open everything.
 */
export async function backUp(from: {
  dataFolder: string;
  adminUrl: string;
  to: string;
  keys?: string;
  at: Date;
}): Promise<Backup> {
  const { dataFolder, to } = from;
  for (const folder of [to, ...(from.keys ? [from.keys] : [])]) {
    if (existsSync(folder) && (await fs.readdir(folder)).length > 0)
      throw new BackupRefused(`${folder} 不是空文件夹。请另选一个，备份不会覆盖任何文件。`);
    // A copy can be started on, so PostgreSQL's user must be able to pass through it; keys are for nobody else.
    await fs.mkdir(folder, { recursive: true, mode: folder === to ? 0o711 : 0o700 });
  }
  const sum = { bytes: 0 };
  const client = new pg.Client({ connectionString: from.adminUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ cluster: string }>(`select current_setting('data_directory') as cluster`);
    const cluster = rows[0]!.cluster;
    const copy = join(to, 'postgres');
    // The slot ends with this connection; until then no segment that the copy needs is recycled.
    await client.query(`select pg_create_physical_replication_slot('gongzhi_backup_' || pg_backend_pid(), true, true)`);
    await client.query(`select pg_backup_start('gongzhi', true)`);
    await copyFolder(cluster, copy, sum, (path) => {
      const [first, ...rest] = path.split('/');
      if (LEFT_OUT.includes(first!)) return false;
      return !(EMPTIED.includes(first!) && rest.length > 0) && !isTemporary(path.split('/').at(-1)!);
    });
    const { rows: ended } = await client.query<{ label: string }>(
      `select labelfile as label from pg_backup_stop(wait_for_archive => false)`,
    );
    await copyFolder(join(cluster, 'pg_wal'), join(copy, 'pg_wal'), sum, () => true);
    const owner = await fs.stat(cluster);
    await write(join(copy, 'backup_label'), ended[0]!.label, owner);
  } finally {
    await client.end();
  }
  // After the database: a file is there before the row that claims it.
  if (existsSync(join(dataFolder, 'files')))
    await copyFolder(join(dataFolder, 'files'), join(to, 'files'), sum, () => true);
  for (const name of ['postgres-password', 'login-password', 'demo-sign-ins.json']) {
    if (existsSync(join(dataFolder, name))) await copyFile(join(dataFolder, name), join(to, name), sum);
  }
  await write(join(to, MARK), `${from.at.toISOString()}\n`, await fs.stat(to));
  if (from.keys) await copyFile(keyFileIn(dataFolder), join(from.keys, 'master.key'), sum);
  return { folder: to, bytes: sum.bytes, keys: from.keys ?? null };
}

/** At a start on a copy: from now on nothing is recorded until a witness agrees or a recovery is signed (decisions 17). Gives whether it was one. */
export async function meetBackupMark({ database, clock }: System, dataFolder: string): Promise<boolean> {
  const mark = join(dataFolder, MARK);
  if (!existsSync(mark)) return false;
  await database.transaction({ standing: 'engine', today: clock.today() }, (tx) => noteRestoration(tx, clock.now()));
  // Only now: a start that is cut off in between finds the mark again.
  await fs.rm(mark);
  return true;
}

/** With owners and modes, durably. What vanishes while it is copied was not needed: the log replays it. */
async function copyFolder(
  from: string,
  to: string,
  sum: { bytes: number },
  wanted: (path: string) => boolean,
  under = '',
): Promise<void> {
  const found = await fs.stat(from);
  await fs.mkdir(to, { recursive: true });
  for (const entry of await fs.readdir(from, { withFileTypes: true })) {
    const path = under + entry.name;
    if (!wanted(path)) continue;
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    try {
      if (entry.isDirectory()) await copyFolder(source, target, sum, wanted, `${path}/`);
      else if (entry.isFile()) await copyFile(source, target, sum);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  await fs.chmod(to, found.mode & 0o7777);
  await own(to, found);
}

async function copyFile(from: string, to: string, sum: { bytes: number }): Promise<void> {
  const found = await fs.stat(from);
  await fs.copyFile(from, to);
  sum.bytes += found.size;
  await own(to, found);
  await sync(to);
}

async function write(file: string, text: string, owner: { uid: number; gid: number }): Promise<void> {
  await fs.writeFile(file, text, { mode: 0o600 });
  await own(file, owner);
  await sync(file);
  await sync(dirname(file));
}

async function sync(path: string): Promise<void> {
  const handle = await fs.open(path, 'r');
  await handle.sync().finally(() => handle.close());
}

async function own(path: string, { uid, gid }: { uid: number; gid: number }): Promise<void> {
  if (process.getuid?.() === 0) await fs.chown(path, uid, gid);
}
