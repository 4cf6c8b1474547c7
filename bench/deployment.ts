// A deployment of its own as bin/start runs it: a data folder, a free port, the real processes. Faults are done to it from outside.

import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { loadDemo } from '../src/app/demo/index.ts';
import { describeProblems, loadPolicy } from '../src/app/policy.ts';
import { openSystem } from '../src/app/system.ts';
import { systemClock } from '../src/platform/clock.ts';
import { keepSecret, startEmbeddedPostgres } from '../src/platform/embedded-postgres.ts';
import { migrate } from '../src/platform/migrations.ts';
import { openSession } from '../src/platform/sign-in.ts';

export interface Deployment {
  folder: string;
  /** Where the database itself lies; as root it may be elsewhere. */
  cluster: string;
  adminUrl: string;
  port: number;
  url: string;
  /** The cookie of a sub-district's officer, and the organisation they act for. */
  cookie: string;
  organisation: number;
  /** Starts the program; resolves when it answers. */
  start(): Promise<Program>;
  /** What was started and has not ended, ends; the folder goes. */
  close(): Promise<void>;
}

export interface Program {
  process: ChildProcess;
  /** What it printed so far. */
  output(): string;
}

export async function prepareDeployment({
  scale,
  mounted,
}: {
  scale: number;
  /** Puts a file system of its own under the folder; answers how it is taken away. */
  mounted?: (folder: string) => () => void;
}): Promise<Deployment> {
  const folder = mkdtempSync(join(tmpdir(), 'gongzhi-faults-'));
  const unmount = mounted?.(folder);
  chmodSync(folder, 0o711);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const postgres = await startEmbeddedPostgres({ dataFolder: folder });
  const { adminUrl } = postgres;
  let filled: { cluster: string; token: string; organisation: number };
  try {
    filled = await fill(folder, adminUrl, url, scale);
  } finally {
    await postgres.stop();
  }
  const started = new Set<ChildProcess>();
  return {
    folder,
    cluster: filled.cluster,
    adminUrl,
    port,
    url,
    cookie: `gongzhi_${port}=${filled.token}`,
    organisation: filled.organisation,
    async start() {
      const program = startProgram({ GONGZHI_DATA: folder, PORT: String(port) });
      started.add(program.process);
      program.process.once('exit', () => started.delete(program.process));
      await begun(program);
      return program;
    },
    async close() {
      for (const child of started) await ended(child, 'SIGTERM');
      // After a kill -9 the server of the database may be about to end by itself: it is met and stopped in order.
      const left = await startEmbeddedPostgres({ dataFolder: folder });
      left.own();
      await left.stop();
      unmount?.();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function fill(folder: string, adminUrl: string, publicUrl: string, scale: number) {
  const loginPassword = keepSecret(join(folder, 'login-password'));
  const { prefix } = await migrate({ adminUrl, loginPassword });
  const login = new URL(adminUrl);
  login.username = `${prefix}_login`;
  login.password = loginPassword;
  const system = await openSystem({ loginUrl: login.href, settings: { dataFolder: folder, publicUrl } });
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  try {
    const policy = await loadPolicy(system, undefined);
    if ('problems' in policy) throw new Error(describeProblems(policy.problems));
    await loadDemo(system, { anchor: systemClock.today(), seed: 1, scale });
    await admin.query('vacuum analyze');
    const { rows } = await admin.query<{ cluster: string; account: number; organisation: number }>(
      `select current_setting('data_directory') as cluster, p.account_id as account, o.id as organisation from registers.person p join registers.post t on t.person_id = p.id
       join registers.organisation o on o.id = t.organisation_id where p.account_id is not null and o.kind = 'subdistrict-office' order by p.id limit 1`,
    );
    const { cluster, account, organisation } = rows[0]!;
    const { token } = await system.database.transaction({ standing: 'door', today: systemClock.today() }, (tx) =>
      openSession(tx, { accountId: account, now: systemClock.now() }),
    );
    return { cluster, token, organisation };
  } finally {
    await admin.end();
    await system.database.close();
  }
}

/** src/app/start.ts with these settings and none of the surroundings'. */
export function startProgram(settings: Record<string, string>, under: readonly string[] = []): Program {
  const command = [...under, process.execPath, join(import.meta.dirname, '../src/app/start.ts')];
  const child = spawn(command[0]!, command.slice(1), {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, HOST: '127.0.0.1', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const pipe of [child.stdout, child.stderr]) pipe.on('data', (part) => (output += String(part)));
  return { process: child, output: () => output };
}

/** The program says so itself, once it answers. */
function begun(program: Program): Promise<void> {
  return new Promise((resolve, reject) => {
    const listen = () => program.output().includes('共治已启动') && resolve();
    program.process.stdout!.on('data', listen);
    program.process.once('exit', () => reject(new Error(`程序结束了：${program.output()}`)));
  });
}

/** Asked again and again: nothing tells from outside when a killed database is served again. */
export async function healthy(url: string, program: Program): Promise<void> {
  await until('服务没有应答', () => {
    if (hasEnded(program.process)) throw new Error(`程序结束了：${program.output()}`);
    return fetch(`${url}/health`).then(
      (answer) => answer.status === 200,
      () => false,
    );
  });
}

/** Looks again and again until it is so; what never comes is an error, with what was waited for. */
export async function until(what: string | (() => string), isSo: () => Promise<boolean>): Promise<void> {
  const patience = Date.now() + 90_000;
  while (!(await isSo())) {
    if (Date.now() > patience) throw new Error(typeof what === 'string' ? what : what());
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

const hasEnded = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null;

export async function ended(child: ChildProcess, signal?: NodeJS.Signals): Promise<number | null> {
  const gone = new Promise((resolve) => child.once('exit', resolve));
  if (!hasEnded(child)) {
    if (signal) child.kill(signal);
    await gone;
  }
  return child.exitCode;
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

// ── The processes of a deployment

/** The worker that this program runs now; none while it is being started again. */
export function workerOf(program: Program): number | undefined {
  return childrenOf(program.process.pid!).find((pid) => commandOf(pid).includes('worker.ts'));
}

/** The postmaster first, then everything it has begotten. Stopped before it is counted, or it would beget more. */
export function killPostgres(cluster: string): void {
  const postmaster = Number(readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n')[0]);
  process.kill(postmaster, 'SIGSTOP');
  for (const pid of [...childrenOf(postmaster), postmaster]) process.kill(pid, 'SIGKILL');
}

function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ')[1]) === parent;
      } catch {
        return false; // it has ended meanwhile
      }
    });
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
