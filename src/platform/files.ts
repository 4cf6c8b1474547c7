import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { LocalDate } from '../kernel/local-date.ts';
import type { Clock } from './clock.ts';
import { type Database, sql, type Transaction } from './database.ts';
import { decrypt, encrypt, type Keys } from './keys.ts';

/**
 * Files by the digest of their content, each sealed on disk under a key of its own. The row is the claim that the bytes are there:
 * they are on the disk for good before the transaction that claims them can commit (decisions 21).
 */
export interface FileStore {
  /** The digest. With `keepUntil` the file may be swept after that day, unless somebody also puts it to stay. */
  put(tx: Transaction, bytes: Uint8Array, media: string, options?: { keepUntil?: LocalDate }): Promise<string>;
  /** Undefined unless the caller sees something that claims the file; throws when the bytes are missing or not what the digest says. */
  get(tx: Transaction, digest: string): Promise<{ bytes: Buffer; media: string } | undefined>;
  /** Removes files whose day has passed, and what transactions that never committed left on the disk; gives the number of files removed. */
  sweep(database: Database, clock: Clock): Promise<number>;
  /** Reads every file that is there to stay; how many, and the digests of those whose bytes are gone or are others. */
  verify(database: Database, today: LocalDate): Promise<{ files: number; spoilt: string[] }>;
}

/** A transaction is over well before this; until then what it wrote may still be claimed. */
const ORPHAN_AFTER_MS = 24 * 3_600_000;

export function openFileStore(options: { folder: string; keys: Keys }): FileStore {
  const { folder, keys } = options;
  async function read(digest: string, wrapped: Buffer): Promise<Buffer> {
    const name = nameOf(digest, wrapped);
    const sealed = await readFile(join(folder, name)).catch((error: NodeJS.ErrnoException) => {
      throw new Error(`附件 ${name} 在磁盘上读不到（${error.code}）；请从备份恢复 ${folder}`, { cause: error });
    });
    const bytes = decrypt(keys.unwrap(wrapped, aboutKey(digest)), sealed, digest);
    if (sha256(bytes) !== digest) throw new Error(`附件 ${name} 的内容与登记的摘要不符`);
    return bytes;
  }
  return {
    async put(tx, bytes, media, { keepUntil } = {}) {
      const digest = sha256(bytes);
      const key = randomBytes(32);
      const wrapped = keys.wrap(key, aboutKey(digest));
      // The row first: of two that put the same content at once, the second waits here for the first.
      const { rows } = await sql<{ fresh: boolean }>`
        select platform.keep_file(${digest}, ${bytes.length}, ${media}, ${wrapped}, ${keepUntil ?? null}) as fresh`.execute(
        tx,
      );
      if (rows[0]!.fresh) await writeDurably(folder, nameOf(digest, wrapped), encrypt(key, bytes, digest));
      return digest;
    },

    async get(tx, digest) {
      const { rows } = await sql<{ media: string; wrapped: Buffer }>`
        select media, wrapped from platform.file where digest = ${digest}`.execute(tx);
      const row = rows[0];
      if (!row) return undefined;
      return { bytes: await read(digest, row.wrapped), media: row.media };
    },

    async sweep(database, clock) {
      const actor = { standing: 'engine', today: clock.today() } as const;
      const expired = await database.transaction(actor, async (tx) => {
        const { rows } = await sql<{ digest: string; wrapped: Buffer }>`
          delete from platform.file where kept_until < ${clock.today()}::date returning digest, wrapped`.execute(tx);
        return rows;
      });
      // After the commit, and by a name that no later file of the same content has: a crash between leaves an orphan, never a claim without bytes.
      for (const row of expired) await rm(join(folder, nameOf(row.digest, row.wrapped)), { force: true });
      const orphans = await findOrphans(database, actor.today, folder, clock.now().getTime() - ORPHAN_AFTER_MS);
      for (const name of orphans) await rm(join(folder, name), { force: true });
      return expired.length + orphans.length;
    },

    async verify(database, today) {
      // What has a last day may be swept meanwhile.
      const { rows } = await database.transaction({ standing: 'engine', today }, (tx) =>
        sql<{ digest: string; wrapped: Buffer }>`
          select digest, wrapped from platform.file where kept_until is null order by digest`.execute(tx),
      );
      const spoilt: string[] = [];
      for (const { digest, wrapped } of rows) await read(digest, wrapped).catch(() => spoilt.push(digest));
      return { files: rows.length, spoilt };
    },
  };
}

/** The digest, and a mark of the key it was sealed with: two sealings of one content are two files. */
function nameOf(digest: string, wrapped: Uint8Array): string {
  return join(digest.slice(0, 2), `${digest}-${sha256(wrapped).slice(0, 12)}`);
}

/** Written aside, made durable, moved into place, and the move made durable. */
async function writeDurably(folder: string, name: string, bytes: Buffer): Promise<void> {
  const place = join(folder, name.slice(0, 2));
  const made = await mkdir(place, { recursive: true, mode: 0o700 });
  const aside = join(folder, `${name}.${randomBytes(6).toString('hex')}.part`);
  try {
    const handle = await open(aside, 'wx', 0o600);
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(aside, join(folder, name));
  } catch (error) {
    await rm(aside, { force: true });
    throw error;
  }
  await syncFolder(place);
  if (made) await syncFolder(folder);
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}

async function findOrphans(database: Database, today: LocalDate, folder: string, before: number): Promise<string[]> {
  const names: string[] = [];
  for (const place of await readdir(folder).catch(() => [])) {
    if (!/^[0-9a-f]{2}$/.test(place)) continue;
    for (const name of await readdir(join(folder, place))) {
      if ((await stat(join(folder, place, name))).mtimeMs < before) names.push(join(place, name));
    }
  }
  if (names.length === 0) return [];
  const claimed = await database.transaction({ standing: 'engine', today }, async (tx) => {
    const { rows } = await sql<{ digest: string; wrapped: Buffer }>`select digest, wrapped from platform.file`.execute(
      tx,
    );
    return new Set(rows.map((row) => nameOf(row.digest, row.wrapped)));
  });
  return names.filter((name) => !claimed.has(name));
}

function aboutKey(digest: string): string {
  return `file ${digest}`;
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
