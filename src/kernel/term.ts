/**
 * Legal terms: how long from a day, when it ends, and what happens when the end is a rest day (民法典 200–203).
 * Rest days are data from the yearly notice of the State Council, never computed. A day whose notice is not known still
 * gets an answer from its weekday, but the answer is marked provisional.
 */
import { addDays, addMonths, dateOf, type LocalDate, weekdayOf, yearOf } from './local-date.ts';

/** What one yearly notice says. Ordinary weekends are not in it. */
export interface RestYear {
  readonly year: number;
  readonly rest: readonly LocalDate[];
  /** Saturdays and Sundays on which people work to make up. */
  readonly work: readonly LocalDate[];
}

export interface RestCalendar {
  readonly years: ReadonlySet<number>;
  readonly rest: ReadonlySet<LocalDate>;
  readonly work: ReadonlySet<LocalDate>;
}

/** Exactly one length. */
export type Length =
  | { readonly days: number }
  | { readonly workingDays: number }
  | { readonly months: number }
  | { readonly years: number };

export interface End {
  readonly on: LocalDate;
  /** The notice of a year this end depends on is not known yet: show it, and compute again when it arrives. */
  readonly provisional: boolean;
}

export function restCalendar(years: Iterable<RestYear>): RestCalendar {
  const all = [...years];
  return {
    years: new Set(all.map((one) => one.year)),
    rest: new Set(all.flatMap((one) => one.rest)),
    work: new Set(all.flatMap((one) => one.work)),
  };
}

/** A rest day of the notice, or a weekend day that was not made a working day. */
export function isRestDay(date: LocalDate, calendar: RestCalendar): boolean {
  if (calendar.rest.has(date)) return true;
  if (calendar.work.has(date)) return false;
  return weekdayOf(date) >= 6;
}

/** Whether the notices that decide about this day are known: its year's, and for the last days of December the next one's. */
export function isSettled(date: LocalDate, calendar: RestCalendar): boolean {
  const year = yearOf(date);
  if (!calendar.years.has(year)) return false;
  // New Year's rest and its make-up days have reached back to 28 December at the earliest (2022-12-31, 2018-12-29).
  return date < dateOf(year, 12, 28) || calendar.years.has(year + 1);
}

/** The day itself, or the next day that is no rest day (民法典 203 第一款). */
export function rollForward(date: LocalDate, calendar: RestCalendar): End {
  let on = date;
  let provisional = !isSettled(on, calendar);
  while (isRestDay(on, calendar)) {
    on = addDays(on, 1);
    provisional ||= !isSettled(on, calendar);
  }
  return { on, provisional };
}

/**
 * The last day of a term. The day it starts from is not counted. Natural days, months and years roll forward over rest
 * days unless `roll` is false; working days end on one by themselves.
 */
export function endOfTerm(
  term: { readonly from: LocalDate } & Length,
  calendar: RestCalendar,
  { roll = true }: { roll?: boolean } = {},
): End {
  if ('workingDays' in term) return countWorkingDays(term.from, term.workingDays, 1, calendar);
  const last = shift(term.from, term, 1);
  return roll ? rollForward(last, calendar) : { on: last, provisional: false };
}

/** The day that lies a term before another ("three months before the term of office ends"): the same counting, never rolled. */
export function startOfTerm(term: { readonly until: LocalDate } & Length, calendar: RestCalendar): End {
  if ('workingDays' in term) return countWorkingDays(term.until, term.workingDays, -1, calendar);
  return { on: shift(term.until, term, -1), provisional: false };
}

function shift(date: LocalDate, length: Exclude<Length, { workingDays: number }>, direction: 1 | -1): LocalDate {
  if ('days' in length) return addDays(date, direction * length.days);
  if ('months' in length) return addMonths(date, direction * length.months);
  return addMonths(date, direction * length.years * 12);
}

function countWorkingDays(from: LocalDate, count: number, direction: 1 | -1, calendar: RestCalendar): End {
  let on = from;
  let provisional = false;
  for (let left = count; left > 0; ) {
    on = addDays(on, direction);
    provisional ||= !isSettled(on, calendar);
    if (!isRestDay(on, calendar)) left -= 1;
  }
  return { on, provisional };
}
