import { describe, expect, it } from 'vitest';
import { localDate } from '../kernel/local-date.ts';
import { restCalendar } from '../kernel/term.ts';
import { afterEvent, type Due, formatDue, occurrences, parseDue } from './recurrence.ts';
import type { Plain } from './yaml.ts';

const d = localDate;
const calendar = restCalendar([
  { year: 2024, rest: [], work: [] },
  { year: 2025, rest: [], work: [] },
  {
    year: 2026,
    rest: ['2026-10-01', '2026-10-02', '2026-10-03', '2026-10-04', '2026-10-05', '2026-10-06', '2026-10-07'].map(d),
    work: [d('2026-10-10')],
  },
]);

function due(value: Plain): Due {
  const problems: string[] = [];
  const parsed = parseDue(value, [], (path, message) => problems.push(`${path.join('.')} ${message}`));
  if (!parsed) throw new Error(problems.join());
  return parsed;
}

describe('职责的周期', () => {
  it.each([
    [{ every: 'month' }, '2026-07-31', '2026-08-01', ['2026-07 2026-07-31', '2026-08 2026-08-31'], '每月一次'],
    [{ every: 'quarter' }, '2026-06-30', '2026-07-01', ['2026-Q2 2026-06-30', '2026-Q3 2026-09-30'], '每季度一次'],
    [{ every: 'half-year' }, '2026-01-01', '2026-06-30', ['2026-H1 2026-06-30'], '每半年一次'],
    [{ every: 'year' }, '2025-01-01', '2025-12-31', ['2025 2025-12-31'], '每年一次'],
    // 10 October 2026 is a make-up working Saturday: it does not roll.
    [
      { every: 'quarter', month: '1', day: '10' },
      '2026-07-01',
      '2026-09-30',
      ['2026-Q3 2026-10-10'],
      '期满后第 1 个月 10 日前',
    ],
    // 5 October 2026 lies in the National Day rest.
    [
      { every: 'month', month: '1', day: '5' },
      '2026-09-01',
      '2026-09-01',
      ['2026-09 2026-10-08'],
      '期满后第 1 个月 5 日前',
    ],
    [
      { every: 'month', month: '1', day: '5', roll: 'false' },
      '2026-09-01',
      '2026-09-01',
      ['2026-09 2026-10-05'],
      '期满后',
    ],
    [
      { every: 'month', month: '1', day: '31' },
      '2026-01-01',
      '2026-01-31',
      ['2026-01 2026-03-02'],
      '期满后第 1 个月 31 日前',
    ],
    [{ every: 'year', month: '3', day: '31' }, '2025-06-01', '2025-06-01', ['2025 2026-03-31'], '次年 3 月 31 日前'],
    [
      { every: 'year', month: '4', day: '15', covers: 'same' },
      '2026-01-01',
      '2026-12-31',
      ['2026 2026-04-15'],
      '每年 4 月 15 日前',
    ],
    [
      { every: 'quarter', month: '3', day: '1', covers: 'same' },
      '2026-04-01',
      '2026-04-01',
      ['2026-Q2 2026-06-01'],
      '期内第 3 个月',
    ],
    [{ on: '2024-06-30' }, '2024-01-01', '2024-12-31', ['2024-06-30 2024-07-01'], '2024-06-30 前一次'],
    [{ on: '2024-06-30' }, '2024-07-01', '2024-12-31', [], '2024-06-30 前一次'],
  ])('%o 自 %s 至 %s', (value, from, to, expected, label) => {
    const found = occurrences(due(value as Plain), d(from), d(to), calendar);
    expect(found.map(({ key, dueOn }) => `${key} ${dueOn}`)).toEqual(expected);
    expect(formatDue(due(value as Plain))).toContain(label);
  });

  it('全国参数不顺延时都不顺延', () => {
    const [one] = occurrences(due({ on: '2024-06-30' }), d('2024-06-30'), d('2024-06-30'), calendar, { roll: false });
    expect(one).toEqual({
      key: '2024-06-30',
      from: '2024-06-30',
      to: '2024-06-30',
      dueOn: '2024-06-30',
      provisional: false,
    });
  });

  it('没有通知的年份标明暂定', () => {
    const found = occurrences(due({ every: 'quarter' }), d('2026-07-01'), d('2027-03-31'), calendar);
    expect(found.map(({ key, provisional }) => [key, provisional])).toEqual([
      ['2026-Q3', false],
      ['2026-Q4', true],
      ['2027-Q1', true],
    ]);
  });

  it.each([
    [{ after: 'committees.termStarted', days: '30' }, '2026-09-01', '2026-10-08', '业主委员会本届任期开始后 30 日内'],
    [{ after: 'companies.registered', months: '6' }, '2025-08-31', '2026-03-02', '企业登记后 6 个月内'],
    // 8 and 9 October, the Saturday that is worked, then Monday and Tuesday.
    [
      { after: 'committees.termStarted', workingDays: '5' },
      '2026-10-06',
      '2026-10-13',
      '业主委员会本届任期开始后 5 个工作日内',
    ],
    [{ after: 'projects.started', days: '30', roll: 'false' }, '2026-09-01', '2026-10-01', '服务项目进场后 30 日内'],
  ])('%o 自 %s 起至 %s', (value, eventOn, dueOn, label) => {
    const parsed = due(value as Plain);
    if (parsed.shape !== 'afterEvent') throw new Error('not after an event');
    expect(afterEvent(parsed, d(eventOn), calendar)).toMatchObject({ key: eventOn, from: eventOn, dueOn });
    expect(formatDue(parsed)).toBe(label);
    expect(occurrences(parsed, d('2024-01-01'), d('2026-12-31'), calendar)).toEqual([]);
  });

  it.each([
    [{ every: 'week' }, 'every'],
    [{}, 'every'],
    ['quarter', 'due'],
    [{ every: 'quarter', month: '1' }, 'day'],
    [{ every: 'quarter', month: '0', day: '10' }, 'month'],
    [{ every: 'quarter', month: '13', day: '10' }, 'month'],
    [{ every: 'quarter', month: '4', day: '10', covers: 'same' }, 'month'],
    [{ every: 'quarter', month: '1', day: '32' }, 'day'],
    [{ every: 'quarter', month: '1', day: '10', covers: 'next' }, 'covers'],
    [{ every: 'year', on: '2024-06-30' }, 'every'],
    [{ on: '2024-06-31' }, 'on'],
    [{ after: 'estates.sold', days: '30' }, '事件'],
    [{ after: 'estates.enrolled' }, 'days'],
    [{ after: 'estates.enrolled', days: '0' }, 'days'],
    [{ after: 'estates.enrolled', days: '3', months: '1' }, 'days'],
    [{ every: 'year', roll: 'no' }, 'roll'],
  ])('%o 不是周期（%s）', (value, message) => {
    const problems: string[] = [];
    expect(parseDue(value as Plain, ['due'], (path, text) => problems.push(`${path.join('.')} ${text}`))).toBeNull();
    expect(problems.join()).toContain(message);
  });
});
