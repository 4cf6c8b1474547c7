import { policyFolders } from '../../platform/policy-files.ts';
import { describeProblems, readPolicy } from '../policy.ts';
import { type Command, CommandError } from './command.ts';

export const clauses: Command = {
  summary: '列出五份文本的全部条款，以及由什么来回答',
  usage:
    '用法：bin/gongzhi clauses [--text 文本] [--answer 种类] [--json]\n\n  --text    只列一份文本，如 licheng-2024\n  --answer  只列一种回答：parameter duty indicator step page exhortation planned',
  options: { text: { type: 'string' }, answer: { type: 'string' } },
  async run({ options }) {
    const read = await readPolicy(policyFolders(process.env.POLICY_DIR));
    if ('problems' in read) throw new CommandError(`政策文件有问题：\n${describeProblems(read.problems)}`);
    const rows = read.policy.texts
      .flatMap((text) => text.clauses.map(({ line, ...clause }) => ({ text: text.text, ...clause })))
      .filter(
        (clause) =>
          (!options.text || clause.text === options.text) && (!options.answer || clause.answer.kind === options.answer),
      );
    const counts = Map.groupBy(rows, (clause) => clause.answer.kind);
    return {
      data: rows,
      text: [
        ...rows.map((clause) => `${clause.id.padEnd(12)}${describe(clause.answer).padEnd(40)}${clause.demand}`),
        '',
        `共 ${rows.length} 条：${[...counts].map(([kind, ones]) => `${kind} ${ones.length}`).join('，')}`,
      ].join('\n'),
    };
  },
};

function describe(answer: { kind: string; keys?: readonly string[]; room?: string }): string {
  return [answer.kind, ...(answer.keys ?? []), answer.room ?? ''].filter(Boolean).join(' ');
}
