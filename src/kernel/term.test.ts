import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, fromDayNumber, isLocalDate, localDate, toDayNumber, weekdayOf } from './local-date.ts';
import { endOfTerm, isRestDay, isSettled, restCalendar, rollForward, startOfTerm } from './term.ts';

const d = localDate;
/** The real notices; their own reader belongs to law, above this room, so the dates are picked out of the text here. */
const years = [2022, 2023, 2024, 2025, 2026].map((year) => {
  const text = readFileSync(new URL(`../../policy/calendars/${year}.yaml`, import.meta.url), 'utf8');
  const [rest = [], work = []] = text
    .split(/^work:/m)
    .map((part) => [...(part.match(/\d{4}-\d{2}-\d{2}/g) ?? [])].filter(isLocalDate));
  return { year, rest, work };
});
const calendar = restCalendar(years);

describe('期限（民法典第二百条至第二百零三条）', () => {
  it.each([
    ['2025-09-05', 30, '2025-10-09', '末日在国庆假期内'],
    ['2025-09-11', 30, '2025-10-11', '末日是调休上班的周六'],
    ['2026-01-18', 30, '2026-02-24', '末日在春节假期内'],
    ['2025-06-02', 30, '2025-07-02', '末日是工作日'],
  ])('GEN-03 %s 起 %i 日，届满于 %s（%s）', (from, days, expected) => {
    expect(endOfTerm({ from: d(from), days }, calendar)).toEqual({ on: expected, provisional: false });
  });

  it('不顺延时停在原日', () => {
    expect(endOfTerm({ from: d('2025-09-05'), days: 30 }, calendar, { roll: false }).on).toBe('2025-10-05');
  });

  it.each([
    ['2025-01-31', { months: 1 }, '2025-02-28'],
    ['2024-02-29', { months: 12 }, '2025-02-28'],
    ['2024-02-29', { years: 1 }, '2025-02-28'],
    ['2025-11-30', { months: 3 }, '2026-02-28'],
    ['2025-07-04', { months: 3 }, '2025-10-09'],
  ])('GEN-04 %s 起 %o，届满于 %s', (from, length, expected) => {
    expect(endOfTerm({ from: d(from), ...length }, calendar)).toEqual({ on: expected, provisional: false });
  });

  it.each([
    ['2026-05-31', { months: 3 }, '2026-02-28'],
    ['2026-06-30', { days: 90 }, '2026-04-01'],
    ['2026-10-31', { days: 28 }, '2026-10-03'],
  ])('GEN-04 倒算 %s 前 %o 为 %s，从不顺延', (until, length, expected) => {
    expect(startOfTerm({ until: d(until), ...length }, calendar)).toEqual({ on: expected, provisional: false });
  });

  it.each([
    ['2025-09-30', 5, '2025-10-14'],
    ['2025-09-26', 20, '2025-10-30'],
    ['2025-12-30', 5, '2026-01-07'],
    ['2026-02-13', 3, '2026-02-25'],
    ['2026-09-18', 5, '2026-09-24'],
  ])('GEN-06 %s 起 %i 个工作日，届满于 %s', (from, workingDays, expected) => {
    expect(endOfTerm({ from: d(from), workingDays }, calendar)).toEqual({ on: expected, provisional: false });
  });

  it('GEN-07 2022-12-31 的休息出自 2023 年的通知', () => {
    expect(years.find(({ year }) => year === 2023)!.rest).toContain('2022-12-31');
    expect(isRestDay(d('2022-12-31'), calendar)).toBe(true);
    expect(isSettled(d('2022-12-31'), restCalendar(years.filter(({ year }) => year <= 2022)))).toBe(false);
  });

  it('GEN-07 没有通知的年份给出日期并标明暂定', () => {
    expect(endOfTerm({ from: d('2027-03-01'), workingDays: 5 }, calendar)).toEqual({
      on: '2027-03-08',
      provisional: true,
    });
    expect(endOfTerm({ from: d('2027-03-01'), days: 5 }, calendar)).toEqual({ on: '2027-03-08', provisional: true });
    expect(endOfTerm({ from: d('2027-03-01'), days: 5 }, calendar, { roll: false }).provisional).toBe(false);
  });

  it.each([
    ['2026-12-27', false],
    ['2026-12-28', true],
    ['2027-01-01', true],
    ['2026-01-01', false],
  ])('%s 在次年通知未出时是否暂定：%s', (date, provisional) => {
    expect(isSettled(d(date), calendar)).toBe(!provisional);
  });

  it('顺延只走到第一个非休息日，工作日不动', () => {
    const first = toDayNumber(d('2022-01-01'));
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1800 }), (offset) => {
        const from = fromDayNumber(first + offset);
        const { on } = rollForward(from, calendar);
        expect(isRestDay(on, calendar)).toBe(false);
        for (let day = from; day < on; day = addDays(day, 1)) expect(isRestDay(day, calendar)).toBe(true);
      }),
    );
  });

  it('工作日期限的末日是工作日，且中间恰有所数的工作日', () => {
    const first = toDayNumber(d('2022-01-01'));
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1600 }), fc.integer({ min: 1, max: 40 }), (offset, workingDays) => {
        const from = fromDayNumber(first + offset);
        const { on } = endOfTerm({ from, workingDays }, calendar);
        let worked = 0;
        for (let day = addDays(from, 1); day <= on; day = addDays(day, 1)) if (!isRestDay(day, calendar)) worked += 1;
        expect(worked).toBe(workingDays);
        expect(isRestDay(on, calendar)).toBe(false);
      }),
    );
  });

  it('历年调休上班日都是周末，且不与休息日重叠', () => {
    for (const { rest, work } of years) {
      expect(work.every((day) => weekdayOf(day) >= 6)).toBe(true);
      expect(work.filter((day) => rest.includes(day))).toEqual([]);
    }
  });
});
