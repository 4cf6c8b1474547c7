// What bin/start runs: the database, the lock that makes this the one instance, the migrations, the first content, the
// web, the server in this process and the worker beside it. It ends them in the opposite order.

import { type ChildProcess, fork } from 'node:child_process';
import { flushCompileCache } from 'node:module';
import { join } from 'node:path';
import { EmbeddedPostgresError } from '../platform/embedded-postgres.ts';
import { type Instance, InstanceTaken, takeInstance } from '../platform/instance.ts';
import { StartRefused } from '../platform/start-refused.ts';
import { buildWeb, WebBuildError } from './build-web.ts';
import { type Installation, migrateInstallation, openInstallation } from './installation.ts';
import { PrepareError, prepareApart } from './prepare.ts';
import { startServer } from './server.ts';
import { readSettings, type Settings, SettingsError } from './settings.ts';

const exitCodes = { stopped: 0, failed: 1, misconfigured: 2, alreadyRunning: 3 };

const say = (sentence: string) => console.log(sentence);

/** What runs now, in the order it was started; ended from the last to the first. */
const running: { name: string; end: () => Promise<unknown> }[] = [];
let stopping = false;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (stopping && signal === 'SIGINT') process.exit(130); // a second Ctrl-C: PostgreSQL still ends by itself, in order
    if (!stopping) void stop(exitCodes.stopped);
  });
}

try {
  await start(readSettings(process.env));
} catch (error) {
  if (!stopping) await fail(error);
}

async function start(settings: Settings): Promise<void> {
  const web = buildWeb({ say });
  web.catch(() => {}); // awaited below, where its failure is told
  let installation = await openInstallation(settings, say);
  running.push({ name: '数据库', end: async () => installation.postgres?.stop() });
  let instance = await hold(installation, settings);
  running.push({ name: '实例锁', end: () => instance.release() });
  installation.postgres?.own();

  for (const name of await migrateInstallation(installation, settings)) say(`已执行迁移 ${name}`);
  const { signIns } = await prepareApart(installation.loginUrl);
  await web;
  if (stopping) return;

  const server = await startServer({ databaseUrl: installation.loginUrl, settings });
  running.push({ name: '网页服务', end: () => server.close() });
  const url = process.env.PUBLIC_URL || settings.port !== 0 ? settings.publicUrl : server.url;
  instance.announce(url);
  flushCompileCache(); // the worker begins with what was compiled here
  running.push({ name: '后台任务', end: keepWorker(installation.loginUrl) });
  say(`\n共治已启动：${url}`);
  if (signIns.length > 0) say(['各角色登录方式：', ...signIns.map((line) => `  ${line}`)].join('\n'));
  say('按 Ctrl-C 停止。');

  // The database may be killed or restarted under us: pools reconnect by themselves, the server and the lock are ours to mend.
  for (;;) {
    await instance.lost;
    if (stopping) return;
    say('数据库连接中断，正在恢复…');
    [installation, instance] = await regain(settings);
    if (stopping) return;
    instance.announce(url);
    say('数据库已恢复。');
  }
}

function hold({ adminUrl, loginUrl }: Installation, settings: Settings): Promise<Instance> {
  const databaseUrl = adminUrl ?? loginUrl;
  return takeInstance({ databaseUrl, dataFolder: settings.dataFolder, url: settings.publicUrl });
}

async function regain(settings: Settings): Promise<[Installation, Instance]> {
  for (let pauseMs = 200; ; pauseMs = Math.min(pauseMs * 2, 10_000)) {
    try {
      const installation = await openInstallation(settings, say);
      const instance = await hold(installation, settings);
      installation.postgres?.own();
      return [installation, instance];
    } catch (error) {
      if (error instanceof InstanceTaken) throw error;
      say(`尚未恢复：${(error as Error).message}`);
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}

/** Runs the worker and runs it again when it dies; returns how to end it. It ends by itself when our channel closes. */
function keepWorker(databaseUrl: string): () => Promise<void> {
  let child: ChildProcess;
  let pauseMs = 500;
  const run = () => {
    const startedAt = performance.now();
    // A group of its own: Ctrl-C reaches this process alone, which then lets the worker finish what it holds.
    child = fork(join(import.meta.dirname, 'worker.ts'), {
      detached: true,
      env: { ...process.env, DATABASE_URL: databaseUrl },
    });
    child.on('exit', (code, signal) => {
      if (stopping) return;
      pauseMs = performance.now() - startedAt > 60_000 ? 500 : Math.min(pauseMs * 2, 30_000);
      say(`后台任务进程结束（${signal ?? code}），${pauseMs / 1000} 秒后重新启动。`);
      setTimeout(run, pauseMs).unref();
    });
  };
  run();
  return async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    const patience = setTimeout(() => child.kill('SIGKILL'), 15_000);
    await gone;
    clearTimeout(patience);
  };
}

async function fail(error: unknown): Promise<void> {
  const kinds = [SettingsError, EmbeddedPostgresError, InstanceTaken, WebBuildError, PrepareError, StartRefused];
  if (kinds.some((kind) => error instanceof kind)) console.error((error as Error).message);
  else if ((error as { code?: string }).code === 'EADDRINUSE') {
    console.error('端口已被占用：请用 PORT 换一个端口，或先停止占用它的程序。');
  } else console.error(error);
  const code =
    error instanceof InstanceTaken
      ? exitCodes.alreadyRunning
      : error instanceof SettingsError
        ? exitCodes.misconfigured
        : exitCodes.failed;
  await stop(code);
}

async function stop(code: number): Promise<void> {
  stopping = true;
  if (code === exitCodes.stopped) say('\n正在停止…');
  for (const { name, end } of running.reverse()) {
    await end().catch((error: Error) => console.error(`停止${name}时出错：${error.message}`));
  }
  if (code === exitCodes.stopped) say('已停止。');
  process.exit(code);
}
