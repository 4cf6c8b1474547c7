import { resolve } from 'node:path';
import { isLocalDate, type LocalDate } from '../../kernel/local-date.ts';
import { forceWords, saying, sourceWords } from '../../law/describe.ts';
import { type Difference, differences, type Said, type Side } from '../../law/difference.ts';
import { entriesOf } from '../../law/pack.ts';
import type { Policy } from '../../law/policy.ts';
import { systemClock } from '../../platform/clock.ts';
import { ownPolicyFolder, policyFolders } from '../../platform/policy-files.ts';
import { packsInForce } from '../../registers/requirements/index.ts';
import { describeProblems, loadPolicy, readPolicy } from '../policy.ts';
import { type Answer, type Command, CommandError } from './command.ts';
import { withSystem } from './with-system.ts';

export const policy: Command = {
  summary: '检查、载入政策包；列出一包的要求，比较两地两包有何不同',
  usage: [
    '用法：bin/gongzhi policy check [文件夹] [--json]',
    '      bin/gongzhi policy load [--json]',
    '      bin/gongzhi policy show 政策包 [--unverified] [--on 日期] [--json]',
    '      bin/gongzhi policy diff 甲 乙 [--on 日期] [--json]',
    '',
    '  check  逐行检查；自带的 policy/ 一并参与（新政策包可以叠加在自带的包上）。有问题时列出文件、行号和条款，退出码 1',
    '  load   载入自带的 policy/ 和 POLICY_DIR；有问题时什么也不改，正在使用的政策包照旧',
    '  show   一个政策包自己的要求：内容、力度、出处、核对情况；--unverified 只列原文待核的',
    '  diff   两边各写一个政策包（含它叠加的上级），或一个 12 位区划代码（那里现在适用的全部）。',
    '         后面可加 @日期，如 350502000000@2024-06-30：同一处的两天就是绑定前后、两版之间的不同',
  ].join('\n'),
  options: { on: { type: 'string' }, unverified: { type: 'boolean' } },
  async run({ positionals: [act, ...rest], options }) {
    if (act === 'check') return check(rest[0]);
    if (act === 'load') return load();
    const on = options.on ?? systemClock.today();
    if (!isLocalDate(on)) throw new CommandError(`“${on}”不是日期（应如 2026-03-31）`);
    if (act === 'show' && rest[0] !== undefined) return show(rest[0], on, Boolean(options.unverified));
    if (act === 'diff' && rest[0] !== undefined && rest[1] !== undefined) return diff(rest[0], rest[1], on);
    throw new CommandError(this.usage);
  },
};

async function check(folder: string | undefined): Promise<Answer> {
  const outside = folder === undefined ? undefined : resolve(folder);
  const folders = outside === undefined || outside === ownPolicyFolder ? [ownPolicyFolder] : [ownPolicyFolder, outside];
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
    text: packs.map((pack) => `${pack.id.padEnd(20)}${String(pack.entries).padStart(4)} 项  ${pack.label}`).join('\n'),
  };
}

async function load(): Promise<Answer> {
  const result = await withSystem((system, settings) => loadPolicy(system, settings.policyFolder));
  if ('problems' in result)
    return { data: result, text: `没有载入：\n${describeProblems(result.problems)}`, failed: true };
  return { data: result.loaded, text: `已载入：${JSON.stringify(result.loaded)}` };
}

async function show(id: string, on: LocalDate, unverifiedOnly: boolean): Promise<Answer> {
  const policy = await wholePolicy();
  const { pack } = stackIn(policy, id);
  const entries = entriesOf(pack).filter((entry) => !unverifiedOnly || entry.confidence === 'unverified');
  const rows = entries.map((entry) => ({
    key: entry.key,
    kind: entry.kind,
    label: entry.label,
    says: saying(entry, on, policy),
    force: forceWords(entry),
    source: sourceWords(entry, policy),
    confidence: entry.confidence,
    checked: entry.checked,
    assumption: entry.assumption,
  }));
  return {
    data: rows,
    text: [
      ...rows.map(
        (row) => `${row.key}\n    ${row.label}：${row.says ?? `${on} 没有值`}\n    ${row.force}  ${row.source}`,
      ),
      '',
      `${pack.label}：共 ${rows.length} 项`,
    ].join('\n'),
  };
}

async function diff(a: string, b: string, on: LocalDate): Promise<Answer> {
  const policy = await wholePolicy();
  const found = differences(await sideOf(a, on, policy), await sideOf(b, on, policy), policy);
  const lines = (name: string, side: readonly Said[]) =>
    side.length === 0
      ? [`    ${name}  没有规定`]
      : side.map((one) => `    ${name}  ${one.says}  ${one.force}${one.trial ? '，试算' : ''}  ${one.source}`);
  const table = (one: Difference) => [`${one.key}  ${one.label}`, ...lines(a, one.a), ...lines(b, one.b)].join('\n');
  return { data: found, text: [...found.map(table), '', `共 ${found.length} 项不同`].join('\n') };
}

/** A pack with those above it, or all that applies in a place, on a day. */
async function sideOf(asked: string, today: LocalDate, policy: Policy): Promise<Side> {
  const [name = '', day] = asked.split('@');
  if (day !== undefined && !isLocalDate(day)) throw new CommandError(`“${asked}”中的日期应如 2026-03-31`);
  const on = day ?? today;
  if (!/^\d{12}$/.test(name)) return { chain: stackIn(policy, name).chain, on };
  const bound = await withSystem((system) =>
    system.database.transaction({ standing: 'auditor', today }, (tx) => packsInForce(tx, name, on)),
  );
  if (bound.length === 0) throw new CommandError(`${name} 在 ${on} 没有适用任何政策包，或没有这个区划`);
  return { chain: bound.map(({ id }) => stackIn(policy, id).pack), on };
}

function stackIn(policy: Policy, id: string) {
  const stack = policy.stacks.get(id);
  if (!stack) throw new CommandError(`没有名为 ${id} 的政策包；有：${[...policy.stacks.keys()].join('、')}`);
  return stack;
}

async function wholePolicy(): Promise<Policy> {
  const read = await readPolicy(policyFolders(process.env.POLICY_DIR));
  if ('problems' in read) throw new CommandError(`政策文件有问题：\n${describeProblems(read.problems)}`);
  return read.policy;
}
