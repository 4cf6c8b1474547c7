import { join } from 'node:path';
import { systemClock } from '../../platform/clock.ts';
import { type Database, openDatabase } from '../../platform/database.ts';
import { type FileStore, openFileStore } from '../../platform/files.ts';
import { isKeyed, keyFileIn, openKeys } from '../../platform/keys.ts';
import { StartRefused } from '../../platform/start-refused.ts';
import { lookAtFiles, verifyAll } from '../../platform/verification.ts';
import type { Settings } from '../settings.ts';
import { type Command, CommandError } from './command.ts';
import { withInstallation } from './with-system.ts';

const HASHES = { sha256: 'SHA-256', sm3: 'SM3' };

export const verify: Command = {
  summary: '核验留痕：自每一行记录起，经每一条留痕，到每条链的末端（只读）',
  usage: [
    '用法：bin/gongzhi verify-journal [--json]',
    '',
    '重算受留痕约束的每一行的摘要，与最后一次留痕对照；再逐条重算留痕的字节、哈希与相接。',
    '有一处不符，指出哪张表哪一行、或哪条链第几条、属于哪一类，退出码为 1。运行时可以照常使用系统。',
    '数据库不满足启动条件（例如触发器被人改动）时照样核验，并列出不满足之处，退出码同样为 1。',
    '末尾被整段删去、或自某条起整段重算，连封存的树也一起重做的，只有与见证方保存的检查点对照才看得出。',
  ].join('\n'),
  async run() {
    const problems: string[] = [];
    const verdict = await withInstallation(async ({ loginUrl }, settings) => {
      const inSpiteOf = (found: readonly string[]) => void problems.push(...found);
      const database = await openDatabase({ url: loginUrl, connections: 2, inSpiteOf });
      try {
        const files = await filesOf(database, settings).catch((error) => {
          if (!(error instanceof StartRefused)) throw error;
          problems.push(error.message);
        });
        const looking = { database, clock: systemClock };
        return await verifyAll(looking, async () => (files ? lookAtFiles({ ...looking, files }) : null));
      } finally {
        await database.close();
      }
    }).catch(refuseOtherVersion);
    const { hash, chains, events, rows, sealed, files = null, faults, more } = verdict;
    const looked = `${rows} 行记录，${chains} 条链，${events} 条留痕（${HASHES[hash]}），${sealed} 次封存，${files === null ? '附件没有核验' : `${files} 件附件`}`;
    return {
      data: { hash, chains, events, rows, sealed, files, faults, more, problems },
      text: [
        faults.length === 0
          ? `完整：${looked}，全部相符。`
          : `不完整：${looked}，发现 ${faults.length + more} 处不符。`,
        ...faults.map(({ says }) => `  ${says}`),
        ...(more > 0 ? [`  另有 ${more} 处`] : []),
        ...(problems.length > 0 ? ['数据库不满足启动条件：', ...problems.map((problem) => `  ${problem}`)] : []),
      ].join('\n'),
      failed: faults.length + problems.length > 0,
    };
  },
};

/** Nothing for a database that knows no key: it has no files, and gets no key by being looked at. */
async function filesOf(database: Database, { dataFolder }: Settings): Promise<FileStore | undefined> {
  if (!(await isKeyed(database, systemClock.today()))) return undefined;
  const keys = await openKeys({ database, file: keyFileIn(dataFolder), today: systemClock.today() });
  return openFileStore({ folder: join(dataFolder, 'files'), keys });
}

/** Nothing is migrated for a look: a table or a role that is not there belongs to another version. */
function refuseOtherVersion(error: { code?: string }): never {
  if (!['42P01', '42703', '3F000', '42704', '22023'].includes(error.code ?? '')) throw error;
  throw new CommandError('这个数据库不是本版本的，或少了核验所需的表。请用建立它的版本核验，或先用 bin/start 升级。');
}
