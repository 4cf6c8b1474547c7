import { type ChildProcess, spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.ts';

const isRoot = process.getuid?.() === 0;
const undo: (() => unknown)[] = [];

afterEach(async () => {
  for (const act of undo.splice(0).reverse()) await act();
});

/** A data folder; as root one that other users may enter, like the default one. */
function newFolder(mode = isRoot ? 0o711 : 0o700): string {
  const folder = mkdtempSync(join(tmpdir(), 'gongzhi-launcher-'));
  chmodSync(folder, mode);
  undo.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function start(dataFolder: string): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ dataFolder });
  undo.push(() => {
    server.own();
    return server.stop();
  });
  return server;
}

/** A process that starts the server on the folder and stays. */
async function startElsewhere(dataFolder: string): Promise<{ process: ChildProcess; adopted: boolean }> {
  const program = `import { startEmbeddedPostgres } from ${JSON.stringify(join(import.meta.dirname, 'embedded-postgres.ts'))};
    const { adopted } = await startEmbeddedPostgres({ dataFolder: ${JSON.stringify(dataFolder)} });
    process.stdout.write(String(adopted));
    process.stdin.resume();`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['pipe', 'pipe', 'inherit'] });
  undo.push(() => child.kill('SIGKILL'));
  const adopted = String(await new Promise((resolve) => child.stdout?.once('data', resolve)));
  expect(adopted).toMatch(/^(true|false)$/);
  return { process: child, adopted: adopted === 'true' };
}

async function query(url: string, statement: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}

const postmasterOf = (folder: string) =>
  Number.parseInt(readFileSync(join(folder, 'postgres/postmaster.pid'), 'utf8'), 10);

async function keepOneRow(url: string): Promise<void> {
  await query(url, 'create table kept (n int)');
  await query(url, 'insert into kept values (42)');
}

describe('内置 PostgreSQL', () => {
  it('首次启动建立数据库：只听套接字、UTF-8、口令须核对、口令文件仅本人可读', async () => {
    const folder = newFolder();
    const server = await start(folder);
    expect(server.adopted).toBe(false);
    const settings = `select current_setting('listen_addresses') as addresses, current_setting('server_encoding') as encoding,
      datlocprovider as provider, datlocale as locale, current_setting('jit') as jit, current_setting('fsync') as fsync
      from pg_database where datname = current_database()`;
    expect(await query(server.adminUrl, settings)).toEqual([
      { addresses: '', encoding: 'UTF8', provider: 'b', locale: 'C.UTF-8', jit: 'off', fsync: 'on' },
    ]);
    const wrong = new URL(server.adminUrl);
    wrong.password = 'wrong';
    await expect(query(wrong.href, 'select')).rejects.toMatchObject({ code: '28P01' });
    expect(statSync(join(folder, 'postgres-password')).mode & 0o777).toBe(0o600);
    expect(statSync(server.socketFolder).mode & 0o777).toBe(0o700);
  });

  it('停止后再启动，数据仍在', async () => {
    const folder = newFolder();
    const first = await start(folder);
    await keepOneRow(first.adminUrl);
    await first.stop();
    expect(existsSync(join(folder, 'postgres/postmaster.pid'))).toBe(false);
    const second = await start(folder);
    expect(await query(second.adminUrl, 'select n from kept')).toEqual([{ n: 42 }]);
  });

  it('已在运行的接管过来；未接手所有权之前不会把它停掉', async () => {
    const folder = newFolder();
    const first = await start(folder);
    const second = await start(folder);
    expect(second.adopted).toBe(true);
    await second.stop();
    expect(await query(first.adminUrl, 'select 1 as n')).toEqual([{ n: 1 }]);
    second.own();
    await second.stop();
    expect(existsSync(join(folder, 'postgres/postmaster.pid'))).toBe(false);
  });

  it('同时首次启动两次，得到的是同一个数据库', async () => {
    const folder = newFolder();
    const [other, ours] = await Promise.all([startElsewhere(folder), start(folder)]);
    expect([other.adopted, ours.adopted].sort()).toEqual([false, true]);
    expect(await query(ours.adminUrl, 'select 1 as n')).toEqual([{ n: 1 }]);
  });

  it('主进程被 kill -9 后再启动即恢复，已确认的数据都在', async () => {
    const folder = newFolder();
    const first = await start(folder);
    await keepOneRow(first.adminUrl);
    process.kill(postmasterOf(folder), 'SIGKILL');
    const second = await start(folder);
    expect(second.adopted).toBe(false);
    expect(await query(second.adminUrl, 'select n from kept')).toEqual([{ n: 42 }]);
  });

  it('遗留的进程号已属于别的程序时，照样能启动', async () => {
    const folder = newFolder();
    const first = await start(folder);
    await keepOneRow(first.adminUrl);
    const lock = join(folder, 'postgres/postmaster.pid');
    const left = readFileSync(lock, 'utf8');
    await first.stop();
    writeFileSync(lock, left.replace(/^\d+/, String(process.pid)), { mode: 0o600 });
    const second = await start(folder);
    expect(await query(second.adminUrl, 'select n from kept')).toEqual([{ n: 42 }]);
  });

  it('启动它的程序被 kill -9，数据库随之正常关闭', async () => {
    const folder = newFolder();
    const { process: parent } = await startElsewhere(folder);
    parent.kill('SIGKILL');
    // Its last word comes after its pid file is gone.
    const log = () => readFileSync(join(folder, 'postgres.log'), 'utf8');
    await vi.waitUntil(() => /database system is shut down\n$/.test(log()), { timeout: 30_000 });
    expect(existsSync(join(folder, 'postgres/postmaster.pid'))).toBe(false);
  });

  it('连同看护进程一起被 kill -9 而留下的孤儿，下次启动接管，接管后随新程序结束', async () => {
    const folder = newFolder();
    const { process: parent } = await startElsewhere(folder);
    const postmaster = postmasterOf(folder);
    const group = groupOf(postmaster);
    parent.kill('SIGSTOP'); // it must not see its shell die, or it would close the pipe in good order
    const guards = readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name) && groupOf(Number(name)) === group && Number(name) !== postmaster)
      .map(Number);
    expect(guards.length).toBeGreaterThanOrEqual(2);
    for (const pid of guards) process.kill(pid, 'SIGKILL');
    parent.kill('SIGKILL');
    const server = await start(folder);
    expect(server.adopted).toBe(true);
    expect(postmasterOf(folder)).toBe(postmaster);
    server.own();
    await server.stop();
    expect(readFileSync(join(folder, 'postgres.log'), 'utf8')).toMatch(/database system is shut down\n$/);
  });

  it('数据文件夹路径过长时，套接字改放在短的私有文件夹里', async () => {
    const folder = join(newFolder(), '很深的文件夹'.repeat(4), 'deep');
    mkdirSync(folder, { recursive: true, mode: 0o711 });
    const server = await start(folder);
    expect(Buffer.byteLength(join(server.socketFolder, '.s.PGSQL.5432'))).toBeLessThanOrEqual(107);
    expect(server.socketFolder.startsWith(folder)).toBe(false);
    expect(statSync(server.socketFolder).mode & 0o777).toBe(0o700);
    undo.push(() => rmSync(server.socketFolder, { recursive: true, force: true }));
  });

  it('口令文件丢失时拒绝启动，不另造一个', async () => {
    const folder = newFolder();
    await (await start(folder)).stop();
    rmSync(join(folder, 'postgres-password'));
    await expect(startEmbeddedPostgres({ dataFolder: folder })).rejects.toThrow('缺少数据库口令文件');
    expect(existsSync(join(folder, 'postgres-password'))).toBe(false);
  });

  // What root alone can try: both ways of not running as root, and the change from one to the other.
  if (isRoot) {
    it('以 root 启动时改由普通用户运行；文件夹变为 root 私有后仍能启动，数据仍在', async () => {
      const folder = newFolder(0o711);
      const open = await start(folder);
      expect(statSync(`/proc/${postmasterOf(folder)}`).uid).not.toBe(0);
      await keepOneRow(open.adminUrl);
      await open.stop();
      chmodSync(folder, 0o700);
      const hidden = await start(folder);
      expect(await query(hidden.adminUrl, 'select n from kept')).toEqual([{ n: 42 }]);
      await hidden.stop();
      chmodSync(folder, 0o711);
      const again = await start(folder);
      expect(await query(again.adminUrl, 'select n from kept')).toEqual([{ n: 42 }]);
    });
  }
});

function groupOf(pid: number): number {
  if (!existsSync(`/proc/${pid}/stat`)) return 0;
  const afterName = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1) ?? '';
  return Number(afterName.split(' ')[2]);
}
