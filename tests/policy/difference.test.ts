// What differs between two packs, and between two days of one place, said by key, clause and force.

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { describeProblems, readPolicy } from '../../src/app/policy.ts';
import { localDate } from '../../src/kernel/local-date.ts';
import { type Difference, differences } from '../../src/law/difference.ts';
import type { Policy } from '../../src/law/policy.ts';
import { ownPolicyFolder } from '../../src/platform/policy-files.ts';

const root = join(import.meta.dirname, '../..');
const on = localDate('2026-11-22');
let policy: Policy;
beforeAll(async () => {
  const read = await readPolicy([ownPolicyFolder]);
  if ('problems' in read) throw new Error(describeProblems(read.problems));
  policy = read.policy;
});
const between = (a: string, b: string, days = [on, on]): Map<string, Difference> => {
  const side = (id: string, at: number) => ({ chain: policy.stacks.get(id)!.chain, on: days[at]! });
  return new Map(differences(side(a, 0), side(b, 1), policy).map((one) => [one.key, one]));
};

describe('两个政策包的不同', () => {
  it('同一个键两边写得不一样：各自的内容、力度和条款', () => {
    expect(between('jiangsu', 'licheng').get('committees.partyMembers')).toMatchObject({
      a: [
        {
          pack: 'jiangsu',
          says: '党员委员人数占委员人数的比例不低于 1/2',
          source: expect.stringContaining('JS-3.2.3e'),
        },
      ],
      b: [
        {
          pack: 'licheng',
          says: '党员委员人数占委员人数的比例不低于 1/2，或数量不低于 3',
          force: '一般、原则上（政策文件）',
          source: expect.stringContaining('LC-3.3e'),
        },
      ],
    });
  });

  it('只有一边有的也列出；草案标明试算；两边相同的不列', () => {
    const found = between('licheng', 'yunnan');
    expect(found.get('reports.quarterly')).toMatchObject({ a: [{ pack: 'licheng' }], b: [] });
    expect(found.get('coverage.area')).toMatchObject({
      a: [],
      b: [{ trial: true, says: expect.stringContaining('不低于 9/10') }],
    });
    expect(found.has('voting.turnout')).toBe(false);
    expect(between('licheng', 'licheng').size).toBe(0);
  });

  it('同一个包的两天：生效前后', () => {
    const found = between('licheng', 'licheng', [localDate('2024-03-17'), on]);
    expect(found.get('reports.quarterly')).toMatchObject({ a: [], b: [{ pack: 'licheng' }] });
  });
});

describe('命令行', () => {
  const run = (...asked: string[]) => spawnSync(join(root, 'bin/gongzhi'), ['policy', ...asked], { encoding: 'utf8' });

  it('policy diff 印成表，--json 给出数据', () => {
    const table = run('diff', 'jiangsu', 'henan@2022-01-01');
    expect(table.status, table.stderr).toBe(0);
    expect(table.stdout).toMatch(/^joint\.meeting {2}/m);
    const data = JSON.parse(run('diff', 'jiangsu', 'licheng', '--json', '--on', '2026-11-22').stdout);
    expect(data).toEqual(JSON.parse(JSON.stringify([...between('jiangsu', 'licheng').values()])));
  });

  it('policy show --unverified 列出原文待核的值', () => {
    const listed = run('show', 'national', '--unverified');
    expect(listed.stdout).toContain('tenders.contractDays');
    expect(listed.stdout).toContain('原文待核');
    expect(listed.stdout).not.toContain('voting.turnout');
  });

  it('读得再慢的一头，也一个字不少地拿到结果', () => {
    const command = `'${join(root, 'bin/gongzhi')}' policy show national --json | dd bs=16 2>/dev/null`;
    const { stdout } = spawnSync('sh', ['-c', command], { encoding: 'utf8' });
    expect(stdout.length).toBeGreaterThan(65_536); // more than a pipe holds
    expect(stdout.trim()).toBe(run('show', 'national', '--json').stdout.trim());
  });

  it('没有这个包：说有哪些', () => {
    const refused = run('diff', 'jiangsu', 'nowhere');
    expect(refused.status).toBe(2);
    expect(refused.stderr).toContain('没有名为 nowhere 的政策包；有：');
  });
});
