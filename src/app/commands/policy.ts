import { resolve } from 'node:path';
import { entriesOf } from '../../law/pack.ts';
import { ownPolicyFolder } from '../../platform/policy-files.ts';
import { describeProblems, loadPolicy, readPolicy } from '../policy.ts';
import { type Command, CommandError } from './command.ts';
import { withSystem } from './with-system.ts';

export const policy: Command = {
  summary: '检查一个政策文件夹，或把政策包载入正在使用的数据库',
  usage: [
    '用法：bin/gongzhi policy check [文件夹] [--json]',
    '      bin/gongzhi policy load [--json]',
    '',
    '  check  逐行检查；自带的 policy/ 一并参与（新政策包可以叠加在自带的包上）。有问题时列出文件和行号，退出码 1',
    '  load   载入自带的 policy/ 和 POLICY_DIR；有问题时什么也不改，正在使用的政策包照旧',
  ].join('\n'),
  async run({ positionals: [act, folder] }) {
    if (act === 'check') {
      const outside = folder === undefined ? undefined : resolve(folder);
      const folders =
        outside === undefined || outside === ownPolicyFolder ? [ownPolicyFolder] : [ownPolicyFolder, outside];
      const read = await readPolicy(folders).catch((error: Error) => {
        throw new CommandError(error.message);
      });
      if ('problems' in read)
        return {
          data: { problems: read.problems },
          text: `${describeProblems(read.problems)}\n\n共 ${read.problems.length} 处问题。`,
          failed: true,
        };
      const packs = read.policy.packs.map((pack) => ({
        id: pack.id,
        label: pack.label,
        status: pack.status,
        entries: entriesOf(pack).length,
      }));
      return {
        data: { packs, problems: [] },
        text: packs
          .map((pack) => `${pack.id.padEnd(14)}${String(pack.entries).padStart(4)} 项  ${pack.label}`)
          .join('\n'),
      };
    }
    if (act === 'load') {
      const result = await withSystem((system, settings) => loadPolicy(system, settings.policyFolder));
      if ('problems' in result)
        return { data: result, text: `没有载入：\n${describeProblems(result.problems)}`, failed: true };
      return { data: result.loaded, text: `已载入：${JSON.stringify(result.loaded)}` };
    }
    throw new CommandError(this.usage);
  },
};
