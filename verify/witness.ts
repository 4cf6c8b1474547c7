// A witness: it keeps the last checkpoint of a deployment that it saw, asks at every look for the proof that what is there now only adds to it, and
// cosigns. It shares no code with the server and needs nothing but Node 24. Run it on a computer of the community, the sub-district or the district
// that those who run the server cannot reach.

import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isConsistent } from './merkle.ts';

const USAGE = `用法：
  node verify/witness.ts init --url 网址 --name 名称 [--folder 文件夹]    第一次：生成自己的密钥，记住对方的公钥
  node verify/witness.ts run [--once] [--folder 文件夹]                    每分钟核对并会签一次（--once 只做一次）
  node verify/witness.ts accept-recovery [--folder 文件夹]                 核实恢复声明属实之后，改以恢复后的记录为准

文件夹默认 ./witness，里面是自己的密钥和最后一次见到的检查点，请妥善保管，不要删除。
退出码：0 相符，1 连不上或对方没有答复，2 不相符（请立即按屏幕所示处理）。`;

interface Kept {
  url: string;
  /** The deployment's name and key, as they were when this witness began. */
  origin: string;
  publicKey: string;
  /** The last checkpoint that was seen and found to add to the one before. */
  size: number;
  root: string;
  note: string;
}

interface Own {
  name: string;
  privateKey: crypto.JsonWebKey;
  publicKey: string;
}

interface Answer {
  origin: string;
  publicKey: string;
  size: number;
  root: string;
  note: string;
}

/** What the deployment says does not agree with what it said before. */
class Mismatch extends Error {}

const sha256 = (...parts: Uint8Array[]) => {
  const hash = crypto.createHash('sha256');
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
};

const { values: given, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    url: { type: 'string' },
    name: { type: 'string' },
    folder: { type: 'string', default: 'witness' },
    once: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  },
});
const ownFile = join(given.folder, 'key.json');
const keptFile = join(given.folder, 'checkpoint.json');

const acts: Record<string, () => Promise<void>> = { init, run, 'accept-recovery': acceptRecovery };
const act = acts[positionals[0] ?? ''];
if (given.help || !act) {
  console.log(USAGE);
  process.exit(given.help ? 0 : 1);
}
try {
  await act();
} catch (error) {
  process.exitCode = told(error);
}

/** Says what went wrong; gives the exit code. */
function told(error: unknown): number {
  if (!(error instanceof Mismatch)) {
    console.error(`${new Date().toISOString()} ${(error as Error).message}`);
    return 1;
  }
  console.error(
    `\n!!!! 不相符：${error.message}\n本机保存的检查点在 ${keptFile}，请复制一份另存，不要修改；立即通知区住建局和运行单位，保全服务器现场。\n如果运行单位说明是从备份恢复，并已签署恢复声明：核实之后运行 node verify/witness.ts accept-recovery。\n`,
  );
  return 2;
}

async function init(): Promise<void> {
  if (!given.url || !given.name) throw new Error(USAGE);
  if (!/^[^\s+]{2,40}$/.test(given.name)) throw new Error('名称为 2 至 40 个字，不含空格和加号');
  if (fs.existsSync(ownFile)) throw new Error(`${given.folder} 里已经有一个见证方；请另选文件夹`);
  const url = given.url.replace(/\/+$/, '');
  const answer = await ask<Answer>(url, '/api/journal/checkpoint');
  fs.mkdirSync(given.folder, { recursive: true, mode: 0o700 });
  const { privateKey, publicKey } = crypto.generateKeyPairSync('ed25519');
  const own: Own = {
    name: given.name,
    privateKey: privateKey.export({ format: 'jwk' }),
    publicKey: Buffer.from(publicKey.export({ format: 'jwk' }).x!, 'base64url').toString('base64'),
  };
  save(ownFile, own);
  save(keptFile, { url, origin: answer.origin, publicKey: answer.publicKey, size: 0, root: '', note: '' });
  await look();
  console.log(`已开始见证 ${url}\n请打电话向运行单位核对下面两行：\n  系统  ${answer.origin}\n  公钥  ${answer.publicKey}
然后请运行单位执行：\n  bin/gongzhi witness add ${own.name} ${own.publicKey} --as 管理员账号\n此后让本机一直运行：node verify/witness.ts run`);
}

async function run(): Promise<void> {
  for (;;) {
    try {
      console.log(`${new Date().toISOString()} ${await look()}`);
    } catch (error) {
      process.exitCode = told(error);
      if (given.once || error instanceof Mismatch) return;
    }
    if (given.once) return;
    await new Promise((resolve) => setTimeout(resolve, 60_000));
  }
}

/** One look: what is there now must add to what was seen; then it is kept, durably, and only then cosigned. */
async function look(): Promise<string> {
  const [own, kept] = [read<Own>(ownFile), read<Kept>(keptFile)];
  const answer = await ask<Answer>(kept.url, '/api/journal/checkpoint');
  if (answer.origin !== kept.origin || answer.publicKey !== kept.publicKey)
    throw new Mismatch(`对方换了名称或公钥（原 ${kept.origin}，现 ${answer.origin}）`);
  const { size, root } = checkpointIn(answer.note, kept);
  if (size < kept.size) {
    await bring(kept, own);
    throw new Mismatch(`记录变少了：上次见到 ${kept.size}，现在只有 ${size}，第 ${size} 至 ${kept.size - 1} 项不见了`);
  }
  if (kept.size > 0) {
    const { proof } = await ask<{ proof: string[] }>(
      kept.url,
      `/api/journal/consistency?first=${kept.size}&second=${size}`,
    );
    const holds = await isConsistent(
      sha256,
      { size: kept.size, root: Buffer.from(kept.root, 'base64') },
      { size, root },
      proof.map((hash) => Buffer.from(hash, 'base64')),
    );
    if (!holds) {
      await bring(kept, own);
      throw new Mismatch(`前 ${kept.size} 项与上次见到的不同：历史被改写`);
    }
  }
  const now = { ...kept, size, root: Buffer.from(root).toString('base64'), note: bodyAnd(answer.note, kept) };
  save(keptFile, now);
  const said = await bring(now, own);
  return `相符：${size} 项${said}`;
}

/** Hands in the checkpoint that is kept, cosigned as of now; the deployment notes it even where it is to its disadvantage. */
async function bring(kept: Kept, own: Own): Promise<string> {
  const answer = await post<{ agreed?: boolean; refusals?: { reason: string }[] }>(
    kept.url,
    '/api/journal/cosignatures',
    {
      note: kept.note + cosignature(kept.note, own),
    },
  );
  if (answer.agreed === undefined) return `；会签未被接受：${answer.refusals?.[0]?.reason ?? '没有说明'}`;
  return answer.agreed ? '，已会签' : '；对方不认这个检查点';
}

async function acceptRecovery(): Promise<void> {
  const kept = read<Kept>(keptFile);
  const { notes } = await ask<{ notes: string[] }>(kept.url, '/api/journal/recoveries');
  const statement = notes.map((note) => ({ note, text: verified(note, kept) })).at(-1);
  const match = /^(.+)\/recovery\nkept (\d+)(?: (\S+))?\nlost (.+)\nat (\S+)\nreason (.+)\n$/.exec(
    statement?.text ?? '',
  );
  if (!statement || match?.[1] !== kept.origin) throw new Error('对方没有签署恢复声明，或签名不对；什么也没有改变');
  save(`${keptFile}.before-${Date.now()}`, kept);
  // What was kept through the recovery is the new beginning; an empty beginning is added to by anything.
  save(keptFile, { ...kept, size: Number(match[2]), root: match[3] ?? '', note: '' });
  console.log(
    `已按恢复声明从第 ${match[2]} 项重新开始。声明的原因：${match[6]}（${match[5]}）。原来的检查点另存在 ${given.folder}。`,
  );
  console.log(`${new Date().toISOString()} ${await look()}`);
}

// ── Signed notes (C2SP)

function checkpointIn(note: string, kept: Kept): { size: number; root: Uint8Array } {
  const text = verified(note, kept);
  const match = /^([^\n]+)\n(\d{1,15})\n([A-Za-z0-9+/]{43}=)\n/.exec(text ?? '');
  if (!match || match[1] !== kept.origin) throw new Mismatch('检查点的签名不是对方原来的密钥签的');
  return { size: Number(match[2]), root: new Uint8Array(Buffer.from(match[3]!, 'base64')) };
}

/** The text, if the deployment signed it. */
function verified(note: string, { origin, publicKey }: Kept): string | undefined {
  const { text, lines } = partsOf(note);
  const raw = Buffer.from(publicKey, 'base64');
  const id = keyId(origin, 1, raw);
  const key = crypto.createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') },
    format: 'jwk',
  });
  const isSigned = lines.some((line) => {
    const [dash, name, blob] = line.split(' ');
    const bytes = Buffer.from(blob ?? '', 'base64');
    return (
      dash === '—' &&
      name === origin &&
      bytes.subarray(0, 4).equals(id) &&
      crypto.verify(null, Buffer.from(text), key, bytes.subarray(4))
    );
  });
  return isSigned ? text : undefined;
}

/** The note with the deployment's own signature only: other witnesses' lines are theirs to bring. */
function bodyAnd(note: string, { origin }: Kept): string {
  const { text, lines } = partsOf(note);
  return `${text}\n${lines
    .filter((line) => line.startsWith(`— ${origin} `))
    .map((line) => `${line}\n`)
    .join('')}`;
}

function cosignature(note: string, own: Own): string {
  const at = Math.floor(Date.now() / 1000);
  const key = crypto.createPrivateKey({ key: own.privateKey, format: 'jwk' });
  const signature = crypto.sign(null, Buffer.from(`cosignature/v1\ntime ${at}\n${partsOf(note).text}`), key);
  const time = Buffer.alloc(8);
  time.writeBigUInt64BE(BigInt(at));
  const id = keyId(own.name, 4, Buffer.from(own.publicKey, 'base64'));
  return `— ${own.name} ${Buffer.concat([id, time, signature]).toString('base64')}\n`;
}

function partsOf(note: string): { text: string; lines: string[] } {
  const at = note.lastIndexOf('\n\n');
  return {
    text: note.slice(0, at + 1),
    lines: note
      .slice(at + 2)
      .split('\n')
      .filter(Boolean),
  };
}

function keyId(name: string, algorithm: number, publicKey: Buffer): Buffer {
  return Buffer.from(
    sha256(Buffer.concat([Buffer.from(`${name}\n`), Buffer.from([algorithm]), publicKey])).subarray(0, 4),
  );
}

// ── The world

async function ask<T>(url: string, path: string): Promise<T> {
  return answerOf<T>(await fetch(url + path, { signal: AbortSignal.timeout(20_000) }), true);
}

async function post<T>(url: string, path: string, body: object): Promise<T> {
  const headers = { 'content-type': 'application/json', origin: new URL(url).origin };
  return answerOf<T>(
    await fetch(url + path, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(20_000),
    }),
    false,
  );
}

async function answerOf<T>(response: Response, mustHold: boolean): Promise<T> {
  const body = (await response.json().catch(() => ({}))) as T & { refusals?: { reason: string }[] };
  if (mustHold && !response.ok)
    throw new Error(`对方没有给出答复（${response.status}）${body.refusals?.[0]?.reason ?? ''}`);
  return body;
}

function read<T>(file: string): T {
  if (!fs.existsSync(file)) throw new Error(`找不到 ${file}。第一次请运行 init`);
  return JSON.parse(fs.readFileSync(file, 'utf8')) as T;
}

/** Durable before anything is said of it. */
function save(file: string, value: object): void {
  const aside = `${file}.${process.pid}`;
  const handle = fs.openSync(aside, 'w', 0o600);
  fs.writeSync(handle, `${JSON.stringify(value, null, 2)}\n`);
  fs.fsyncSync(handle);
  fs.closeSync(handle);
  fs.renameSync(aside, file);
}
