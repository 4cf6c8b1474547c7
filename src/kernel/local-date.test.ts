import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addDays,
  addMonths,
  dateOf,
  dayOf,
  daysBetween,
  daysInMonth,
  firstDayOf,
  fromDayNumber,
  isLocalDate,
  type LocalDate,
  labelOfPeriod,
  lastDayOf,
  localDate,
  parsePeriod,
  periodOf,
  periodsOverlapping,
  type Rhythm,
  toDayNumber,
  weekdayOf,
} from './local-date.ts';

const d = localDate;
const anyDate = fc.integer({ min: -200_000, max: 200_000 }).map(fromDayNumber);
const rhythms: Rhythm[] = ['month', 'quarter', 'half-year', 'year'];

describe('日期', () => {
  it.each([
    ['2024-02-29', true],
    ['2023-02-29', false],
    ['1900-02-29', false],
    ['2000-02-29', true],
    ['2026-04-30', true],
    ['2026-04-31', false],
    ['2026-12-31', true],
    ['2026-13-01', false],
    ['2026-00-10', false],
    ['2026-01-00', false],
    ['0000-01-01', false],
    ['2026-1-1', false],
    ['2026/01/01', false],
    ['２０２６-01-01', false],
    ['2026-01-01 ', false],
  ])('%s 是否为日期：%s', (text, expected) => {
    expect(isLocalDate(text)).toBe(expected);
  });

  it('代码中写错的日期直接抛出', () => {
    expect(() => localDate('2026-02-30')).toThrow('2026-02-30');
  });

  it('与国际日历逐日一致', () => {
    fc.assert(
      fc.property(fc.integer({ min: -200_000, max: 200_000 }), (number) => {
        const expected = new Date(number * 86_400_000).toISOString().slice(0, 10);
        expect(fromDayNumber(number)).toBe(expected);
        expect(toDayNumber(expected as LocalDate)).toBe(number);
        expect(weekdayOf(expected as LocalDate)).toBe(new Date(number * 86_400_000).getUTCDay() || 7);
      }),
    );
  });

  it.each([
    ['2025-01-31', 1, '2025-02-28'],
    ['2024-02-29', 12, '2025-02-28'],
    ['2025-11-30', 3, '2026-02-28'],
    ['2023-11-30', 3, '2024-02-29'],
    ['2026-05-31', -3, '2026-02-28'],
    ['2026-01-15', -1, '2025-12-15'],
    ['2026-12-31', 2, '2027-02-28'],
    ['2026-03-31', 0, '2026-03-31'],
  ])('GEN-04 %s 加 %i 个月为 %s', (from, months, expected) => {
    expect(addMonths(d(from), months)).toBe(expected);
  });

  it('加月不越过目标月的月末', () => {
    fc.assert(
      fc.property(anyDate, fc.integer({ min: -500, max: 500 }), (from, months) => {
        const to = addMonths(from, months);
        const clamped = dayOf(to) === daysInMonth(Number(to.slice(0, 4)), Number(to.slice(5, 7)));
        expect(dayOf(to) === dayOf(from) || (clamped && dayOf(to) < dayOf(from))).toBe(true);
      }),
    );
  });

  it('加日与相隔天数互逆，且文本次序就是日期次序', () => {
    fc.assert(
      fc.property(anyDate, fc.integer({ min: -5000, max: 5000 }), (from, days) => {
        const to = addDays(from, days);
        expect(daysBetween(from, to)).toBe(days);
        expect(to > from).toBe(days > 0);
      }),
    );
  });
});

describe('期间', () => {
  it.each([
    ['month', '2026-02-10', '2026-02', '2026-02-01', '2026-02-28'],
    ['quarter', '2026-09-30', '2026-Q3', '2026-07-01', '2026-09-30'],
    ['quarter', '2026-10-01', '2026-Q4', '2026-10-01', '2026-12-31'],
    ['half-year', '2026-06-30', '2026-H1', '2026-01-01', '2026-06-30'],
    ['half-year', '2026-07-01', '2026-H2', '2026-07-01', '2026-12-31'],
    ['year', '2024-02-29', '2024', '2024-01-01', '2024-12-31'],
  ] as const)('%s：%s 属于 %s', (rhythm, date, key, from, to) => {
    expect(periodOf(rhythm, d(date))).toEqual({ key, from, to });
    expect(firstDayOf(rhythm, d(date))).toBe(from);
    expect(lastDayOf(rhythm, d(date))).toBe(to);
  });

  it('只取与区间有交集的期间', () => {
    expect(periodsOverlapping('quarter', d('2026-03-31'), d('2026-10-01')).map(({ key }) => key)).toEqual([
      '2026-Q1',
      '2026-Q2',
      '2026-Q3',
      '2026-Q4',
    ]);
    expect(periodsOverlapping('month', d('2026-12-31'), d('2027-01-01')).map(({ key }) => key)).toEqual([
      '2026-12',
      '2027-01',
    ]);
    expect(periodsOverlapping('year', d('2026-01-02'), d('2026-01-01'))).toEqual([]);
  });

  it('期间首尾相接、编号可读回', () => {
    fc.assert(
      fc.property(anyDate, fc.integer({ min: 0, max: 1500 }), fc.constantFrom(...rhythms), (from, days, rhythm) => {
        const periods = periodsOverlapping(rhythm, from, addDays(from, days));
        for (const [at, period] of periods.entries()) {
          expect(parsePeriod(period.key)).toEqual({ ...period, rhythm });
          if (at > 0) expect(period.from).toBe(addDays(periods[at - 1]!.to, 1));
        }
        expect(periods[0]!.from <= from && periods.at(-1)!.to >= addDays(from, days)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it.each([
    ['2026-Q3', '2026年第三季度'],
    ['2026-07', '2026年7月'],
    ['2026-H2', '2026年下半年'],
    ['2026', '2026年'],
    ['2026-06-30', '2026-06-30'],
  ])('%s 显示为 %s', (key, label) => {
    expect(labelOfPeriod(key)).toBe(label);
  });

  it.each(['2026-Q5', '2026-13', '2026-H3', '26', '0000'])('%s 不是期间', (key) => {
    expect(parsePeriod(key)).toBeNull();
  });

  it('公元日期补足四位年', () => {
    expect(dateOf(987, 6, 5)).toBe('0987-06-05');
  });
});
