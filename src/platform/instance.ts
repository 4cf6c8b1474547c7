// One program at a time works on a database: it holds an advisory lock on a connection of its own, for as long as it
// lives. The lock is the truth; the file beside it only tells a second instance (and the command line) where the first is.

import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';

export type Instance = {
  /** Resolves when the lock is gone without `release`: the database stopped or the connection broke. */
  lost: Promise<void>;
  /** Records the address once it is certain. */
  announce(url: string): void;
  release(): Promise<void>;
};

/** What the first instance wrote down about itself. */
export type InstanceNote = { pid: number; url: string };

export class InstanceTaken extends Error {}

export async function takeInstance(options: {
  databaseUrl: string;
  dataFolder: string;
  url: string;
}): Promise<Instance> {
  const client = new pg.Client({
    connectionString: options.databaseUrl,
    keepAlive: true,
    application_name: 'gongzhi instance',
  });
  let releasing = false;
  const lost = new Promise<void>((resolve) => {
    client.on('error', () => resolve()); // an error on this connection is the loss; whoever waits for `lost` acts on it
    client.on('end', () => {
      if (!releasing) resolve();
    });
  });
  await client.connect();
  if (!(await lock(client))) {
    releasing = true;
    await client.end();
    throw new InstanceTaken(refusal(readInstanceNote(options.dataFolder)));
  }
  const announce = (url: string) => writeNote(options.dataFolder, { pid: process.pid, url });
  announce(options.url);
  return {
    lost,
    announce,
    async release() {
      releasing = true;
      rmSync(noteOf(options.dataFolder), { force: true });
      await client.end();
    },
  };
}

/** The note of the instance that runs or ran last on this folder; only the lock tells whether it still does. */
export function readInstanceNote(dataFolder: string): InstanceNote | undefined {
  try {
    return JSON.parse(readFileSync(noteOf(dataFolder), 'utf8')) as InstanceNote;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** The session of a killed predecessor needs a moment to notice that nobody is there: asked for a second, then refused. */
async function lock(client: pg.Client): Promise<boolean> {
  for (let attempt = 0; attempt < 10; attempt += 1) {
    const { rows } = await client.query(`select pg_try_advisory_lock(hashtext('gongzhi instance')) as taken`);
    if (rows[0].taken) return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}

function refusal(note: InstanceNote | undefined): string {
  const where = note ? `，地址 ${note.url}（进程 ${note.pid}）` : '（在另一个数据文件夹或另一台机器上）';
  return `共治已在这个数据库上运行${where}。请直接打开该地址；若要在这里启动，请先在那里按 Ctrl-C 停止。`;
}

function writeNote(dataFolder: string, note: InstanceNote): void {
  const draft = `${noteOf(dataFolder)}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(note)}\n`, { mode: 0o644 });
  renameSync(draft, noteOf(dataFolder));
}

function noteOf(dataFolder: string): string {
  return join(dataFolder, 'instance.json');
}
