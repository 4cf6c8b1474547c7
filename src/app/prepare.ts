// From a migrated database to one that can be used: packs and calendar at every start, the demo district at the first.

import { fork } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from '../platform/database.ts';
import { meetBackupMark } from './backup.ts';
import { loadDemo, type SignIn } from './demo/index.ts';
import { describeProblems, loadPolicy } from './policy.ts';
import { readSettings, type Settings } from './settings.ts';
import { deploymentMode, openSystem } from './system.ts';

const DEMO_SEED = 1;

/** Returns one line per role for signing in; empty for a real deployment. */
export async function prepare(options: {
  loginUrl: string;
  settings: Settings;
  say: (sentence: string) => void;
}): Promise<{ signIns: string[] }> {
  const { settings, say } = options;
  const system = await openSystem({ loginUrl: options.loginUrl, settings });
  try {
    if (await meetBackupMark(system, settings.dataFolder))
      say('这是一份备份：在见证方核对一致、或管理员签署恢复声明（bin/gongzhi recover）之前，只能查看。');
    const policy = await loadPolicy(system, settings.policyFolder);
    if ('problems' in policy) {
      say(
        `政策包有 ${policy.problems.length} 处问题，没有载入；继续使用上一次通过校验的版本：\n${describeProblems(policy.problems)}`,
      );
      const { rows } = await system.database.transaction({ standing: 'engine', today: system.clock.today() }, (tx) =>
        sql<{ packs: number }>`select count(*)::int as packs from registers.pack`.execute(tx),
      );
      if (rows[0]!.packs === 0) throw new Error('没有任何可用的政策包，无法启动。请改正上面的问题后再启动。');
    }
    const file = join(settings.dataFolder, 'demo-sign-ins.json');
    if ((await deploymentMode(system)) === null) {
      say('首次启动：正在载入演示数据（虚构的示范区）…');
      await loadDemo(system, {
        anchor: system.clock.today(),
        seed: DEMO_SEED,
        keep: (signIns) => writeFileSync(file, JSON.stringify(signIns, null, 2), { mode: 0o600 }),
      });
    }
    if ((await deploymentMode(system)) !== 'demo' || !existsSync(file)) return { signIns: [] };
    const signIns = JSON.parse(readFileSync(file, 'utf8')) as SignIn[];
    return { signIns: signIns.map((one) => `${one.role}　账号 ${one.account}　密码 ${one.password}`) };
  } finally {
    await system.database.close();
  }
}

/** The same in a process of its own: what loading packs and a whole district takes in memory ends with it. */
export function prepareApart(loginUrl: string): Promise<{ signIns: string[] }> {
  const child = fork(import.meta.filename, { env: { ...process.env, DATABASE_URL: loginUrl } });
  return new Promise((resolve, reject) => {
    let answer: { signIns: string[] } | undefined;
    child.on('message', (message) => {
      answer = message as { signIns: string[] };
    });
    child.on('error', reject);
    child.on('exit', (code) =>
      answer
        ? resolve(answer)
        : reject(new PrepareError(`准备数据没有完成（${code ?? '被终止'}），原因见上。再次启动会接着完成。`)),
    );
  });
}

export class PrepareError extends Error {}

if (import.meta.main) {
  const settings = readSettings(process.env);
  process.on('disconnect', () => process.exit(1));
  prepare({ loginUrl: settings.databaseUrl!, settings, say: (sentence) => console.log(sentence) }).then(
    (answer) => process.send?.(answer, () => process.exit(0)),
    (error: Error) => {
      console.error(error.message);
      process.exit(1);
    },
  );
}
