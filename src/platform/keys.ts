import {
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  hkdfSync,
  KeyObject,
  randomBytes,
  randomFillSync,
} from 'node:crypto';
import { link, mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { LocalDate } from '../kernel/local-date.ts';
import { type Database, sql } from './database.ts';
import { StartRefused } from './start-refused.ts';
import type { Signer } from './witnessing/notes.ts';

/** What the key file is used for. The master key itself never leaves this file. */
export interface Keys {
  /** Seals a key (or anything small) so that it may lie in the database; `about` must be the same when it is taken out again. */
  wrap(secret: Uint8Array, about: string): Buffer;
  unwrap(wrapped: Uint8Array, about: string): Buffer;
  /** For keyed hashes, by which equal values are found without being readable. */
  equalityKey: KeyObject;
  /** Signs checkpoints; its name says which deployment. */
  signer: Signer;
  fingerprint: string;
}

/** Where the key file stands if GONGZHI_KEY_FILE does not say otherwise. */
export function keyFileIn(dataFolder: string): string {
  return process.env.GONGZHI_KEY_FILE || join(dataFolder, 'keys', 'master.key');
}

/**
 * Opens the key file of a database. Only a database that knows no key gets a new one; with a wrong or missing file the program must
 * not start, because everything sealed would be lost to it or, worse, newly sealed under a key nobody keeps (decisions 20).
 */
export async function openKeys(options: { database: Database; file: string; today: LocalDate }): Promise<Keys> {
  const { database, file } = options;
  const actor = { standing: 'engine', today: options.today } as const;
  const readFingerprint = () => fingerprintOf(database, options.today);
  const known = await readFingerprint();
  let master = await readKeyFile(file);
  if (!master && known) {
    throw new StartRefused(
      `找不到密钥文件 ${file}，而数据库中已有用它加密的内容（指纹 ${known}）。请从备份恢复该文件，或用 GONGZHI_KEY_FILE 指明位置；程序不会为已有的数据库另建密钥。`,
    );
  }
  if (!master) master = await createKeyFile(file);
  const keys = keysFrom(master);
  if (!known) {
    await database.transaction(actor, (tx) =>
      sql`insert into platform.key_fingerprint (fingerprint) values (${keys.fingerprint}) on conflict do nothing`.execute(
        tx,
      ),
    );
  }
  const expected = known ?? (await readFingerprint());
  if (expected !== keys.fingerprint) {
    throw new StartRefused(
      `密钥文件 ${file} 不是这个数据库的：文件指纹 ${keys.fingerprint}，数据库要求 ${expected}。请换回原来的密钥文件（GONGZHI_KEY_FILE）。`,
    );
  }
  return keys;
}

/** Whether the database has been given a key, and so may hold what only it opens. */
export async function isKeyed(database: Database, today: LocalDate): Promise<boolean> {
  return (await fingerprintOf(database, today)) !== undefined;
}

function fingerprintOf(database: Database, today: LocalDate): Promise<string | undefined> {
  return database.transaction({ standing: 'engine', today }, async (tx) => {
    const { rows } = await sql<{ fingerprint: string }>`select fingerprint from platform.key_fingerprint`.execute(tx);
    return rows[0]?.fingerprint;
  });
}

export function keysFrom(master: Uint8Array): Keys {
  const wrapping = createSecretKey(derive(master, 'gongzhi wrap'));
  const fingerprint = derive(master, 'gongzhi fingerprint').toString('hex').slice(0, 16);
  return {
    wrap: (secret, about) => encrypt(wrapping, secret, about),
    unwrap: (wrapped, about) => decrypt(wrapping, wrapped, about),
    equalityKey: createSecretKey(derive(master, 'gongzhi equality')),
    signer: signerFrom(derive(master, 'gongzhi checkpoint'), `gongzhi/${fingerprint}`),
    fingerprint,
  };
}

/** What stands before the 32 bytes of an Ed25519 key in PKCS #8 (RFC 8410). */
const ED25519_PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');

function signerFrom(seed: Buffer, name: string): Signer {
  const key = createPrivateKey({ key: Buffer.concat([ED25519_PKCS8, seed]), format: 'der', type: 'pkcs8' });
  const { x } = createPublicKey(key).export({ format: 'jwk' });
  return { name, key, publicKey: Buffer.from(x!, 'base64url') };
}

const FORMAT = 1;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * AES-256-GCM as format byte, iv, ciphertext, tag. `about` is bound in, so that a value moved to another place does not open.
 * The key is made an object of its own first: given as bytes the same work takes Node four times as long.
 */
export function encrypt(key: Uint8Array | KeyObject, plain: Uint8Array, about: string): Buffer {
  const iv = freshBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', asObject(key), iv);
  cipher.setAAD(Buffer.from(about, 'utf8'));
  return Buffer.concat([Buffer.from([FORMAT]), iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** Throws when the bytes were altered, or belong to another key or another place. */
export function decrypt(key: Uint8Array | KeyObject, sealed: Uint8Array, about: string): Buffer {
  if (sealed.length < 1 + IV_BYTES + TAG_BYTES || sealed[0] !== FORMAT) throw new Error('密文格式不符');
  const decipher = createDecipheriv('aes-256-gcm', asObject(key), sealed.subarray(1, 1 + IV_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(Buffer.from(about, 'utf8'));
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  const plain = decipher.update(sealed.subarray(1 + IV_BYTES, sealed.length - TAG_BYTES));
  try {
    return Buffer.concat([plain, decipher.final()]);
  } catch {
    throw new Error('密文无法打开：密钥不对，或内容被改动');
  }
}

const asObject = (key: Uint8Array | KeyObject) => (key instanceof KeyObject ? key : createSecretKey(key));

const drawn = Buffer.alloc(4096);
let used = drawn.length;
/**
 * Random bytes, drawn from the system by the page: asked for one by one they are a third of the work of sealing. Every byte is handed out
 * once and wiped where it lay.
 */
export function freshBytes(count: number): Buffer {
  if (used + count > drawn.length) {
    randomFillSync(drawn);
    used = 0;
  }
  const bytes = Buffer.from(drawn.subarray(used, used + count));
  drawn.fill(0, used, used + count);
  used += count;
  return bytes;
}

function derive(master: Uint8Array, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', master, '', purpose, 32));
}

async function readKeyFile(file: string): Promise<Buffer | undefined> {
  const found = await stat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new StartRefused(`密钥文件 ${file} 无法读取（${error.code}）；请检查权限。`, { cause: error });
  });
  if (!found) return undefined;
  if ((found.mode & 0o077) !== 0)
    throw new StartRefused(`密钥文件 ${file} 可被其他用户读取；请执行 chmod 600 后再启动。`);
  const text = (await readFile(file, 'utf8')).trim();
  if (!/^[0-9a-f]{64}$/.test(text))
    throw new StartRefused(`密钥文件 ${file} 内容不完整：应为一行 64 位十六进制数。请从备份恢复。`);
  return Buffer.from(text, 'hex');
}

/**
 * Durable before the database learns its fingerprint, and complete from the moment it has its name: it is written aside and then linked,
 * which fails if the name is taken. So of two first starts one makes the file and the other reads it whole.
 */
async function createKeyFile(file: string): Promise<Buffer> {
  const folder = dirname(file);
  const aside = `${file}.${randomBytes(6).toString('hex')}`;
  const master = randomBytes(32);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const handle = await open(aside, 'wx', 0o600);
    try {
      await handle.writeFile(`${master.toString('hex')}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await link(aside, file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const other = code === 'EEXIST' ? await readKeyFile(file) : undefined;
    if (other) return other;
    throw new StartRefused(`密钥文件 ${file} 无法建立（${code}）`, { cause: error });
  } finally {
    await rm(aside, { force: true });
  }
  const directory = await open(folder, 'r');
  await directory.sync().finally(() => directory.close());
  return master;
}
