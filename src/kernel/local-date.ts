/**
 * Calendar days in Asia/Shanghai as text 'YYYY-MM-DD'. Such text sorts as the days do, so `<` compares days.
 * All arithmetic is on integers (days from civil), because the ambient clock and its time zones have no place in law.
 */

declare const brand: unique symbol;
export type LocalDate = string & { readonly [brand]: 'LocalDate' };

export type Rhythm = 'month' | 'quarter' | 'half-year' | 'year';

/** A stretch of days, both ends included. Keys: '2026-07', '2026-Q3', '2026-H2', '2026'. */
export interface Period {
  readonly key: string;
  readonly from: LocalDate;
  readonly to: LocalDate;
}

export function isLocalDate(text: string): text is LocalDate {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!match) return false;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  return year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
}

export function parseLocalDate(text: string): LocalDate | null {
  return isLocalDate(text) ? text : null;
}

/** For days the code itself states; throws, because a wrong literal is a wrong program. */
export function localDate(text: string): LocalDate {
  if (!isLocalDate(text)) throw new RangeError(`not a calendar day: ${text}`);
  return text;
}

export function dateOf(year: number, month: number, day: number): LocalDate {
  return localDate(`${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`);
}

export function partsOf(date: LocalDate): { year: number; month: number; day: number } {
  return { year: yearOf(date), month: monthOf(date), day: dayOf(date) };
}

export function yearOf(date: LocalDate): number {
  return Number(date.slice(0, 4));
}

export function monthOf(date: LocalDate): number {
  return Number(date.slice(5, 7));
}

export function dayOf(date: LocalDate): number {
  return Number(date.slice(8, 10));
}

export function addDays(date: LocalDate, days: number): LocalDate {
  return fromDayNumber(toDayNumber(date) + days);
}

/** The same-numbered day of the target month; where that month is shorter, its last day (民法典 202). */
export function addMonths(date: LocalDate, months: number): LocalDate {
  const { year, month, day } = partsOf(date);
  const counted = year * 12 + (month - 1) + months;
  const toYear = Math.floor(counted / 12);
  const toMonth = counted - toYear * 12 + 1;
  return dateOf(toYear, toMonth, Math.min(day, daysInMonth(toYear, toMonth)));
}

/** Days from the first to the second; negative when the second is earlier. */
export function daysBetween(from: LocalDate, to: LocalDate): number {
  return toDayNumber(to) - toDayNumber(from);
}

/** 1 = Monday … 7 = Sunday. */
export function weekdayOf(date: LocalDate): number {
  // Day 0 (1970-01-01) was a Thursday.
  return modulo(toDayNumber(date) + 3, 7) + 1;
}

export function compareDates(a: LocalDate, b: LocalDate): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export function earlierOf(a: LocalDate, b: LocalDate): LocalDate {
  return a < b ? a : b;
}

export function laterOf(a: LocalDate, b: LocalDate): LocalDate {
  return a > b ? a : b;
}

export function firstDayOf(rhythm: Rhythm, date: LocalDate): LocalDate {
  return periodOf(rhythm, date).from;
}

export function lastDayOf(rhythm: Rhythm, date: LocalDate): LocalDate {
  return periodOf(rhythm, date).to;
}

export function periodOf(rhythm: Rhythm, date: LocalDate): Period {
  const length = MONTHS_IN[rhythm];
  return periodAt(rhythm, yearOf(date), Math.floor((monthOf(date) - 1) / length));
}

/** Every period that shares at least one day with from…to, in order. */
export function periodsOverlapping(rhythm: Rhythm, from: LocalDate, to: LocalDate): Period[] {
  const periods: Period[] = [];
  if (from > to) return periods;
  for (let period = periodOf(rhythm, from); period.from <= to; period = periodOf(rhythm, addDays(period.to, 1))) {
    periods.push(period);
  }
  return periods;
}

/** Reads a period key back; the form of the key says its rhythm. */
export function parsePeriod(key: string): (Period & { readonly rhythm: Rhythm }) | null {
  const match = /^(\d{4})(?:-(?:(0[1-9]|1[0-2])|Q([1-4])|H([12])))?$/.exec(key);
  if (!match || Number(match[1]) === 0) return null;
  const [, year, month, quarter, half] = match;
  if (month) return withRhythm('month', Number(year), Number(month) - 1);
  if (quarter) return withRhythm('quarter', Number(year), Number(quarter) - 1);
  if (half) return withRhythm('half-year', Number(year), Number(half) - 1);
  return withRhythm('year', Number(year), 0);
}

/** 2026年第三季度, 2026年7月, 2026年上半年, 2026年; anything else (a day) as it stands. */
export function labelOfPeriod(key: string): string {
  const period = parsePeriod(key);
  if (!period) return key;
  const year = `${yearOf(period.from)}年`;
  const month = monthOf(period.from);
  if (period.rhythm === 'month') return `${year}${month}月`;
  if (period.rhythm === 'quarter') return `${year}第${'一二三四'.charAt((month - 1) / 3)}季度`;
  if (period.rhythm === 'half-year') return `${year}${month === 1 ? '上' : '下'}半年`;
  return year;
}

export function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeapYear(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

export function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** Days since 1970-01-01 (days from civil: the year begins in March, so that the leap day comes last). */
export function toDayNumber(date: LocalDate): number {
  const { year, month, day } = partsOf(date);
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146097 + dayOfEra - 719468;
}

export function fromDayNumber(dayNumber: number): LocalDate {
  const shifted = dayNumber + 719468;
  const era = Math.floor(shifted / 146097);
  const dayOfEra = shifted - era * 146097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36524) - Math.floor(dayOfEra / 146096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1;
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  return dateOf(yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day);
}

const MONTHS_IN: Record<Rhythm, number> = { month: 1, quarter: 3, 'half-year': 6, year: 12 };

function periodAt(rhythm: Rhythm, year: number, index: number): Period {
  const length = MONTHS_IN[rhythm];
  const lastMonth = (index + 1) * length;
  return {
    key: keyOf(rhythm, year, index),
    from: dateOf(year, index * length + 1, 1),
    to: dateOf(year, lastMonth, daysInMonth(year, lastMonth)),
  };
}

function keyOf(rhythm: Rhythm, year: number, index: number): string {
  const name = String(year).padStart(4, '0');
  if (rhythm === 'month') return `${name}-${two(index + 1)}`;
  if (rhythm === 'quarter') return `${name}-Q${index + 1}`;
  if (rhythm === 'half-year') return `${name}-H${index + 1}`;
  return name;
}

function withRhythm(rhythm: Rhythm, year: number, index: number): Period & { rhythm: Rhythm } {
  return { ...periodAt(rhythm, year, index), rhythm };
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}

function modulo(number: number, by: number): number {
  return ((number % by) + by) % by;
}

/** 2026年12月10日, as an official document writes it. */
export function dayInWords(on: string): string {
  const day = localDate(on);
  return `${yearOf(day)}年${monthOf(day)}月${dayOf(day)}日`;
}
