// The requirements as they ship: complete, answered, and holding together.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { describeProblems, readPolicy } from '../../src/app/policy.ts';
import { PLANNED_ROOMS } from '../../src/law/clause.ts';
import { entriesOf, sourcesOf } from '../../src/law/pack.ts';
import type { Policy } from '../../src/law/policy.ts';
import { ownPolicyFolder } from '../../src/platform/policy-files.ts';
import { effectOfEntry } from '../../src/registers/requirements/index.ts';

let policy: Policy;
beforeAll(async () => {
  const read = await readPolicy([ownPolicyFolder]);
  if ('problems' in read) throw new Error(describeProblems(read.problems));
  policy = read.policy;
});

/** Clauses with a target value (summary 3.1) or a periodic duty (summary 4): each must be run by a duty or an indicator today. */
const running = `
  JS-2e JS-2f JS-2g JS-2h JS-3.2.1d JS-3.2.3e HN-2.1d HN-2.2c HN-2.2d HN-2.2i LC-1a LC-1b LC-3.1e LC-3.1f LC-3.2a LC-3.2e LC-3.2f LC-3.3e LC-3.3f LC-3.6g
  LC-3.10a LC-3.10b YN-1.2c YN-2.1h YN-1.2d YN-2.4g YN-1.2e YN-2.4c YN-1.2f YN-2.1c YN-2.10b YN-2.11c YN-1.2a
  LC-3.8e LC-3.8f LC-3.8g LC-3.6b ZZ-1.2g ZZ-1.2d LC-3.3i LC-3.3j LC-5.3b ZZ-3.5j HN-2.2l LC-5.3c YN-3.1c YN-2.11f LC-3.3k LC-3.3l LC-3.4a LC-3.4l
  JS-4.3a JS-4.3b LC-4.5a ZZ-1.3k LC-4.3d LC-5.1b LC-5.3d LC-3.8b LC-3.8c LC-3.8d JS-3.2.3c LC-3.3a LC-3.3b LC-3.3c LC-3.3d YN-2.2d YN-2.2e LC-2.2d JS-4.1g
  JS-3.2.2c JS-3.3.2e LC-3.4g LC-3.7b LC-3.10e LC-5.3a YN-3.1b LC-5.3e YN-3.2a JS-3.1.3d HN-2.3a HN-2.3b HN-2.3c HN-2.3d HN-2.3e HN-2.3f`
  .trim()
  .split(/\s+/);

describe('条款目录', () => {
  it('五份文本共 406 条，各份齐全，编号不重', () => {
    const counts = Object.fromEntries(policy.texts.map((text) => [text.text, text.clauses.length]));
    expect(counts).toEqual({
      'jiangsu-2019': 72,
      'licheng-2024': 139,
      'zhengzhou-2019': 68,
      'yunnan-2023': 92,
      'henan-2021': 35,
    });
    expect(new Set(policy.texts.flatMap((text) => text.clauses.map((clause) => clause.id))).size).toBe(406);
  });

  it('号召性条款恰有 16 条，别的条款不得用“号召”来回答', () => {
    const clauses = policy.texts.flatMap((text) => text.clauses);
    expect(clauses.filter((clause) => clause.answer.kind === 'exhortation').length).toBe(16);
    expect(clauses.filter((clause) => clause.answer.kind === 'exhortation' && clause.force !== 'exhortation')).toEqual(
      [],
    );
  });

  it('“计划中”只用于还没有的房间要做的流程、页面、文档：有日子、有数、按期的都已在运行', () => {
    const measured = /\d|每(?:年|季|月|周|半年)|%|分之|过半|一半|定期(?!限)|[按年季月]度/;
    // What the demand itself says cannot be counted, or is only told as an example.
    const open = /没有写|无法计量/;
    const planned = policy.texts.flatMap((text) => text.clauses).filter((clause) => clause.answer.kind === 'planned');
    const faults = planned.filter(
      ({ force, kind, demand }) =>
        force !== 'descriptive' && !open.test(demand) && (kind === 'indicator/target' || measured.test(demand)),
    );
    expect(faults.map(({ id, kind, demand }) => `${id} ${kind} ${demand}`)).toEqual([]);
    expect(planned.length).toBeGreaterThan(100);
    for (const { id, answer } of planned) expect(PLANNED_ROOMS, id).toContain('room' in answer && answer.room);
  });

  it.each(running)('%s 由正在运行的义务或指标回答', (id) => {
    const clause = policy.texts.flatMap((text) => text.clauses).find((one) => one.id === id);
    expect(clause?.answer.kind).toMatch(/^(?:duty|indicator)$/);
  });

  it('用我们自己的话写：每条都有中文释义，长短适中', () => {
    for (const clause of policy.texts.flatMap((text) => text.clauses)) {
      expect(clause.demand, clause.id).toMatch(/\p{Script=Han}{4}/u);
      expect(clause.demand.length, clause.id).toBeLessThan(220);
    }
  });
});

/** A law that has no catalogue here is cited by article; how sure we are of its words then stands beside the value. */
const cited = () =>
  policy.packs.flatMap((pack) =>
    entriesOf(pack).filter((entry) =>
      sourcesOf(entry).some((source) => 'text' in source && source.text !== 'platform'),
    ),
  );

describe('法律的值', () => {
  it('每一项都写明条文核对到哪一步、哪天核对的', () => {
    expect(cited().filter((entry) => entry.confidence === null || entry.checked === null)).toEqual([]);
    expect(cited().length).toBeGreaterThan(200);
  });

  it('平台自己的约定都说明法律为什么没有答案，而且从不拒绝', () => {
    const ours = policy.packs
      .flatMap(entriesOf)
      .filter((entry) => sourcesOf(entry).some((source) => 'text' in source && source.text === 'platform'));
    const bare = ours.filter((entry) => entry.assumption === null && entry.note === null);
    expect(bare.map((entry) => entry.key)).toEqual([]);
    expect(ours.filter((entry) => entry.rank !== 'policy').map((entry) => entry.key)).toEqual([]);
  });

  it('全国基础里法律写的数，凡能算的都带算例', () => {
    const national = policy.packs.find((pack) => pack.id === 'national')!;
    const computed = ['limits', 'count', 'share', 'odd', 'term', 'fen', 'one', 'any', 'all'];
    const without = national.parameters.filter(
      (entry) =>
        entry.examples.length === 0 &&
        cited().includes(entry) &&
        entry.values.some(({ is }) => computed.includes(is.kind)),
    );
    expect(without.map((entry) => entry.key)).toEqual([]);
  });

  // What nobody has compared with its text (domain notes, section 18), by the article or the text it would stand in.
  it.each([
    [
      '业主大会指导规则凭记忆的条',
      'assembly-guidance',
      /^第(?:八|九|十|十二|十五|十六|二十三|二十七|三十|四十|四十一|四十二|四十三|四十四|四十五|四十六|四十七|四十八|五十一|五十六|五十七|五十八)条/,
    ],
    [
      '维修资金办法凭记忆的条',
      'maintenance-fund-measures',
      /^第(?:八|十三|十五|十六|十七|二十|二十一|二十四|二十五|二十七|三十一)条/,
    ],
    ['前期物业招标投标办法', 'tender-measures', /./],
    ['承接查验办法凭记忆的条', 'acceptance-measures', /^第(?:二十五|二十九|三十)条/],
    ['支部工作条例凭记忆的条', 'party-branch-regulation', /^第(?:五|十七|十八|十九)条/],
    ['党内选举第五条以后', 'party-election-regulation', /^关于/],
    ['五十人、一百人', '党务教材', /./],
    ['抽查二十个工作日', '国发〔2019〕5号', /./],
    ['信用修复的期限', 'credit-repair', /./],
    ['网络安全法的条号', 'cybersecurity-law', /./],
    ['等级保护', '公通字〔2007〕43号', /./],
    ['统一社会信用代码标准', 'GB 32100—2015', /./],
    ['公民身份号码标准', 'GB 11643—1999', /./],
    ['不动产单元代码标准', 'GB/T 37346—2019', /./],
  ])('%s：标为原文待核，只提醒不拒绝', (_, text, article) => {
    const entries = cited().filter((entry) =>
      sourcesOf(entry).some((source) => 'text' in source && source.text === text && article.test(source.article)),
    );
    expect(entries.length).toBeGreaterThan(0);
    expect(entries.filter((entry) => entry.confidence !== 'unverified').map((entry) => entry.key)).toEqual([]);
    expect(entries.filter((entry) => effectOfEntry(entry, 'in-force') === 'refuses')).toEqual([]);
  });
});

describe('外来的政策包', () => {
  async function withFolder<T>(files: Record<string, string>, work: (folder: string) => Promise<T>): Promise<T> {
    const folder = await mkdtemp(join(tmpdir(), 'gongzhi-policy-'));
    try {
      for (const [path, text] of Object.entries(files)) {
        await mkdir(join(folder, path, '..'), { recursive: true });
        await writeFile(join(folder, path), text);
      }
      return await work(folder);
    } finally {
      await rm(folder, { recursive: true });
    }
  }
  const head =
    'id: sixth\nlabel: 第六个地方\nlevel: city\nunder: national\nstatus: in-force\nrank: policy\nfrom: 2026-01-01\ndocument: { number: 示〔2026〕1号, title: 示例方案, issuers: [示例市住建局] }\n';
  const report =
    'reports.weekly:\n  label: 街道月报\n  group: reports\n  force: binding\n  over: subdistricts\n  bearer: subdistrict-office\n  owedTo: [housing-bureau]\n  due: { every: month, month: 1, day: 5 }\n  metBy: filings.filed\n  source: { text: 示〔2026〕1号, article: 第三条 }\n';

  it('只有文件、没有代码，就能读入', async () => {
    const read = await withFolder({ 'sixth/pack.yaml': head, 'sixth/reports.yaml': report }, (folder) =>
      readPolicy([ownPolicyFolder, folder]),
    );
    expect('policy' in read && read.policy.packs.map((pack) => pack.id)).toContain('sixth');
  });

  it.each([
    ['没有这种对象', report.replace('over: subdistricts', 'over: streets'), 5],
    ['没有这种单位', report.replace('bearer: subdistrict-office', 'bearer: street'), 6],
    ['期限写法不对', report.replace('every: month,', 'every: week,'), 8],
    ['少了依据', report.replace(/ {2}source:.*\n/, ''), 1],
    ['缩进不对', report.replace('  label:', '   label:'), 3],
  ])('%s：说出文件和行号', async (_, text, line) => {
    const read = await withFolder({ 'sixth/pack.yaml': head, 'sixth/reports.yaml': text }, (folder) =>
      readPolicy([ownPolicyFolder, folder]),
    );
    if (!('problems' in read)) throw new Error('应当有问题');
    expect(read.problems.map((problem) => [problem.file.split('/').at(-1), problem.line])).toContainEqual([
      'reports.yaml',
      line,
    ]);
  });
});
