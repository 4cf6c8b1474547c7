import { describe, expect, it } from 'vitest';
import { localDate } from '../../kernel/local-date.ts';
import { printGrid } from '../../law/procedure.ts';
import type { Deed } from './filings.ts';
import { filingProcedure } from './procedure.ts';
import { refusalsOfDeed } from './rules.ts';

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
