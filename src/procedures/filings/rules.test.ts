import { describe, expect, it } from 'vitest';
import { localDate } from '../../kernel/local-date.ts';
import type { DutyEntry } from '../../law/pack.ts';
import { printGrid } from '../../law/procedure.ts';
import type { Deed } from './filings.ts';
import { filingProcedure } from './procedure.ts';
import { periodKeyOf, periodsOf, refusalsOfDeed } from './rules.ts';

const deed: Deed = {
  today: localDate('2026-07-10'),
  doneOn: localDate('2026-07-08'),
  period: { key: '2026-Q2', from: localDate('2026-04-01') },
  periodsNearby: ['2026-Q2', '2026-Q3'],
  filedAlready: false,
  role: 'filer',
};

describe('报备的判断', () => {
  it.each<[string, Partial<Deed>, string[]]>([
    ['照常报备', {}, []],
    ['当天办成当天报', { doneOn: localDate('2026-07-10') }, []],
    ['还没到的日期', { doneOn: localDate('2026-07-11') }, ['doneOn']],
    ['期间第一天办成', { doneOn: localDate('2026-04-01') }, []],
    ['期间开始前一天办成', { doneOn: localDate('2026-03-31') }, ['doneOn']],
    [
      '多年前的事，材料后补',
      { doneOn: localDate('2024-04-08'), period: { key: '2024-Q1', from: localDate('2024-01-01') } },
      [],
    ],
    ['逾期很久才报：不拒绝', { today: localDate('2027-07-10') }, []],
    ['没有这个期间', { period: undefined }, ['period']],
    ['已经报过', { filedAlready: true }, ['period']],
    [
      '既没有期间又是将来的日期：两个理由都说',
      { period: undefined, doneOn: localDate('2026-07-11') },
      ['period', 'doneOn'],
    ],
    ['上级代报', { role: 'supervisor' }, []],
  ])('%s', (_, change, fields) => {
    expect(refusalsOfDeed({ ...deed, ...change }).map((one) => one.field)).toEqual(fields);
  });

  it('无关的单位不能报，理由里说该由谁报', () => {
    expect(refusalsOfDeed({ ...deed, role: 'other' }).map((one) => one.reason)).toEqual([
      expect.stringContaining('责任单位或其上级'),
    ]);
  });
});

describe('报备之后能做什么：状态 × 身份 × 操作', () => {
  it('与下表一致', () => {
    expect(printGrid(filingProcedure)).toBe(
      [
        '| 状态 | 身份 | 补交材料 | 撤回 |',
        '| --- | --- | --- | --- |',
        '| （尚无） | 报备单位 | · | · |',
        '| （尚无） | 上级单位 | · | · |',
        '| （尚无） | 其他单位 | · | · |',
        '| 已报备 | 报备单位 | ✓ | ✓ |',
        '| 已报备 | 上级单位 | ✓ | · |',
        '| 已报备 | 其他单位 | · | · |',
        '| 已撤回 | 报备单位 | · | · |',
        '| 已撤回 | 上级单位 | · | · |',
        '| 已撤回 | 其他单位 | · | · |',
      ].join('\n'),
    );
  });
});

describe('期间的写法', () => {
  const every = (rhythm: 'month' | 'quarter' | 'half-year' | 'year'): DutyEntry['due'] => ({
    shape: 'within',
    every: rhythm,
    roll: false,
  });
  const dues: Record<string, DutyEntry['due']> = {
    月: every('month'),
    季: every('quarter'),
    半年: every('half-year'),
    年: every('year'),
    一次: { shape: 'once', on: localDate('2024-12-31'), roll: false },
    由事起: { shape: 'afterEvent', event: 'estates.enrolled', length: { days: 30 }, roll: false },
  };

  it.each<[keyof typeof dues, string, string | undefined]>([
    ['季', '2026-Q3', '2026-Q3'],
    ['季', '2026q3', '2026-Q3'],
    ['季', '2026年第三季度', '2026-Q3'],
    ['季', '２０２６年三季度', '2026-Q3'],
    ['季', '2026年度第 1 季度', '2026-Q1'],
    ['季', '2026年第4季', '2026-Q4'],
    ['季', '2026年五季度', undefined],
    ['季', '三季度', undefined],
    ['季', '2026年7月', undefined],
    ['季', '2026', undefined],
    ['月', '2026年7月', '2026-07'],
    ['月', '2026年07月份', '2026-07'],
    ['月', '2026/7', '2026-07'],
    ['月', '2026-12', '2026-12'],
    ['月', '2026-07-01', '2026-07'],
    ['月', '2026-07-02', undefined],
    ['月', '2026年13月', undefined],
    ['半年', '2026年上半年', '2026-H1'],
    ['半年', '2026下半年', '2026-H2'],
    ['半年', '2026-H2', '2026-H2'],
    ['半年', '2026年', undefined],
    ['年', '2026', '2026'],
    ['年', '2026年', '2026'],
    ['年', '2026年度', '2026'],
    ['年', '2026年全年', '2026'],
    ['年', '2026年上半年', undefined],
    ['一次', '2024年12月31日', '2024-12-31'],
    ['一次', '2024-12-30', undefined],
    ['一次', '2024', undefined],
    ['由事起', '2026.7.1', '2026-07-01'],
    ['由事起', '2026-02-30', undefined],
    ['由事起', '2026年7月', undefined],
  ])('按%s的事项，“%s”读作 %s', (due, text, key) => {
    const { period } = periodsOf(dues[due]!, periodKeyOf(text, dues[due]!), localDate('2026-07-08'));
    expect(period?.key).toBe(key);
  });
});
