import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { localDate } from '../kernel/local-date.ts';
import { formatSource } from './citation.ts';
import { clauseFinder } from './clause.ts';
import { entriesOf, sourcesOf } from './pack.ts';
import { parsePolicy } from './policy.ts';
import { entriesInForce } from './stack.ts';
import type { PolicyFile } from './yaml.ts';

const root = new URL('../../policy/', import.meta.url);
const files: PolicyFile[] = globSync('**/*.yaml', { cwd: root }).map((path) => ({
  path,
  text: readFileSync(new URL(path, root), 'utf8'),
}));

function parse(more: PolicyFile[] = []) {
  const parsed = parsePolicy([...files, ...more]);
  if ('problems' in parsed)
    throw new Error(parsed.problems.map((one) => `${one.file}:${one.line} ${one.message}`).join('\n'));
  return parsed.policy;
}

describe('本仓库的政策', () => {
  it('没有错误，五份文本 406 条全部有答案', () => {
    const { texts, packs, years } = parse();
    expect(texts.flatMap(({ clauses }) => clauses)).toHaveLength(406);
    expect(packs.map(({ id }) => id)).toContain('national');
    expect(years.map(({ year }) => year)).toEqual(expect.arrayContaining([2024, 2025, 2026]));
  });

  it('每一条要求都说得出中文出处', () => {
    const { packs, texts } = parse();
    const clauseOf = clauseFinder(texts);
    for (const entry of packs.flatMap(entriesOf)) {
      for (const source of sourcesOf(entry)) {
        expect(formatSource(source, { clauseOf }), entry.key).toMatch(/[一-龥]/);
        if ('clauses' in source)
          for (const id of source.clauses) expect(clauseOf(id), `${entry.key} ${id}`).toBeDefined();
      }
    }
  });

  it('出处的写法', () => {
    expect(formatSource({ text: 'civil-code', article: '第二百七十八条第二款' })).toBe(
      '《民法典》第二百七十八条第二款',
    );
    expect(formatSource({ text: 'platform', article: '平台约定：到期提醒' })).toBe('平台约定：到期提醒');
    expect(formatSource({ clauses: ['LC-5.3b'] }, { clauseOf: clauseFinder(parse().texts) })).toMatch(
      /^泉鲤建〔2024〕25号 .+（LC-5\.3b）$/,
    );
    expect(formatSource({ clauses: ['X-1', 'X-2'] })).toBe('X-1；X-2');
  });
});

describe('外来的政策包', () => {
  const head = `id: harbour
label: 港城区试行包
level: district
under: national
status: in-force
rank: policy
from: 2026-01-01
text: harbour-2026
document: { title: 港城区物业工作方案 }
`;
  const text = `text: harbour-2026
number: 港〔2026〕1号
title: 港城区物业工作方案
status: in-force
clauses:
  HB-1a:
    section: 一
    demand: 每月报一次。
    force: binding
    kind: report
    mechanism: periodic-reports
    capability: reporting
    actors: [street-office]
    answer: { kind: duty, key: reports.monthly }
`;
  const topic = `reports.monthly:
  label: 街道月报
  group: reports
  force: binding
  over: subdistricts
  bearer: subdistrict-office
  owedTo: [housing-bureau]
  due: { every: month, month: 1, day: 5 }
  metBy: filings.filed
  source: { clause: HB-1a }
  examples: [{ given: { period: 2026-09 }, expect: 2026-10-08 }]
`;
  const outside = (changes: { head?: string; text?: string; topic?: string } = {}): PolicyFile[] => [
    { path: '/srv/policy/harbour/pack.yaml', text: changes.head ?? head },
    { path: '/srv/policy/harbour/reports.yaml', text: changes.topic ?? topic },
    { path: '/srv/policy/clauses/harbour-2026.yaml', text: changes.text ?? text },
  ];

  it('只凭 YAML 文件就能叠加和计算', () => {
    const { stacks } = parse(outside());
    const inForce = entriesInForce(stacks.get('harbour')!, localDate('2026-06-01'));
    expect(inForce.get('reports.monthly')).toMatchObject([{ pack: { id: 'harbour' }, trial: false }]);
    expect(inForce.get('voting.turnout')).toMatchObject([{ pack: { id: 'national' } }]);
  });

  it.each([
    [{ topic: topic.replace('2026-10-08', '2026-10-05') }, '/srv/policy/harbour/reports.yaml', 11, '应得 2026-10-08'],
    [
      { text: text.replace('reports.monthly', 'reports.weekly') },
      '/srv/policy/clauses/harbour-2026.yaml',
      14,
      '没有键为 reports.weekly',
    ],
    [
      { text: text.replace('street-office', 'harbour-master') },
      '/srv/policy/clauses/harbour-2026.yaml',
      14,
      'actors 没有 harbour-master',
    ],
    [
      { text: text.replace('HB-1a:', 'LC-0a:') },
      '/srv/policy/clauses/harbour-2026.yaml',
      14,
      '已在 licheng-2024 中用过',
    ],
    [{ head: head.replace('under: national', 'under: nation') }, '/srv/policy/harbour/pack.yaml', 1, '没有名为 nation'],
    [{ head: `${head}id: again\n` }, '/srv/policy/harbour/pack.yaml', 10, '重复的键'],
  ])('有错时整体拒绝，并指出文件与行号（%#）', (changes, file, line, message) => {
    const parsed = parsePolicy([...files, ...outside(changes)]);
    expect('problems' in parsed && parsed.problems).toContainEqual(
      expect.objectContaining({ file, line, message: expect.stringContaining(message) }),
    );
  });

  it('没有 pack.yaml 的文件不被悄悄忽略', () => {
    const parsed = parsePolicy([...files, { path: '/srv/policy/lost/reports.yaml', text: topic }]);
    expect('problems' in parsed && parsed.problems).toEqual([
      { file: '/srv/policy/lost/reports.yaml', line: 1, message: '所在文件夹没有 pack.yaml' },
    ]);
  });
});
