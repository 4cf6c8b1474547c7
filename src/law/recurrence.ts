/** When a duty falls due: in every period, after every period, once, or after an event. */
import {
  addDays,
  addMonths,
  dateOf,
  daysInMonth,
  isLocalDate,
  type LocalDate,
  monthOf,
  type Period,
  periodsOverlapping,
  type Rhythm,
  yearOf,
} from '../kernel/local-date.ts';
import { endOfTerm, type Length, type RestCalendar, rollForward } from '../kernel/term.ts';
import { RHYTHM_LABELS, wholeNumber } from './parameter.ts';
import type { Path, Plain, Report } from './yaml.ts';

export const EVENTS = {
  'committees.termStarted': { label: '业主委员会本届任期开始', over: 'committees', attribute: 'formedOn' },
  'estates.enrolled': { label: '小区纳入', over: 'estates', attribute: 'enrolledOn' },
  'companies.registered': { label: '企业登记', over: 'companies', attribute: 'registeredOn' },
  'projects.started': { label: '服务项目进场', over: 'projects', attribute: 'startedOn' },
} as const;
export type EventName = keyof typeof EVENTS;

export type Due = { readonly roll: boolean } & (
  | { readonly shape: 'within'; readonly every: Rhythm }
  /** By a day of a month inside the period itself (`covers: same`). */
  | { readonly shape: 'withinBy'; readonly every: Rhythm; readonly month: number; readonly day: number }
  /** About the period just ended, by a day of a month after it. */
  | { readonly shape: 'following'; readonly every: Rhythm; readonly month: number; readonly day: number }
  | { readonly shape: 'once'; readonly on: LocalDate }
  | { readonly shape: 'afterEvent'; readonly event: EventName; readonly length: Exclude<Length, { years: number }> }
);

export interface Occurrence {
  /** The period the duty is about; for a single day, that day. */
  readonly key: string;
  readonly from: LocalDate;
  readonly to: LocalDate;
  readonly dueOn: LocalDate;
  readonly provisional: boolean;
}

/**
 * The occurrences whose period shares a day with from…to. `roll` is the national default; a duty may say that it does
 * not roll. Duties after an event have no occurrences of their own: ask `afterEvent` for each event.
 */
export function occurrences(
  due: Due,
  from: LocalDate,
  to: LocalDate,
  calendar: RestCalendar,
  { roll = true }: { roll?: boolean } = {},
): Occurrence[] {
  const settle = (on: LocalDate) => (roll && due.roll ? rollForward(on, calendar) : { on, provisional: false });
  const occurrence = (period: Period, last: LocalDate): Occurrence => {
    const { on, provisional } = settle(last);
    return { ...period, dueOn: on, provisional };
  };
  switch (due.shape) {
    case 'once':
      return from <= due.on && due.on <= to ? [occurrence({ key: due.on, from: due.on, to: due.on }, due.on)] : [];
    case 'within':
      return periodsOverlapping(due.every, from, to).map((period) => occurrence(period, period.to));
    case 'withinBy':
      return periodsOverlapping(due.every, from, to).map((period) =>
        occurrence(period, dayOfMonthFrom(period.from, due.month, due.day)),
      );
    case 'following':
      return periodsOverlapping(due.every, from, to).map((period) =>
        occurrence(period, dayOfMonthFrom(addDays(period.to, 1), due.month, due.day)),
      );
    case 'afterEvent':
      return [];
  }
}

/** The single occurrence that an event opens. */
export function afterEvent(
  due: Extract<Due, { shape: 'afterEvent' }>,
  eventOn: LocalDate,
  calendar: RestCalendar,
  { roll = true }: { roll?: boolean } = {},
): Occurrence {
  const { on, provisional } = endOfTerm({ from: eventOn, ...due.length }, calendar, { roll: roll && due.roll });
  return { key: eventOn, from: eventOn, to: on, dueOn: on, provisional };
}

/** '每季度，次月 10 日前'; for the clause page and the duty list. */
export function formatDue(due: Due): string {
  switch (due.shape) {
    case 'within':
      return `${RHYTHM_LABELS[due.every]}一次`;
    case 'withinBy':
      return due.every === 'year'
        ? `每年 ${due.month} 月 ${due.day} 日前`
        : `${RHYTHM_LABELS[due.every]}一次，期内第 ${due.month} 个月 ${due.day} 日前`;
    case 'following':
      return due.every === 'year'
        ? `每年一次，次年 ${due.month} 月 ${due.day} 日前`
        : `${RHYTHM_LABELS[due.every]}一次，期满后第 ${due.month} 个月 ${due.day} 日前`;
    case 'once':
      return `${due.on} 前一次`;
    case 'afterEvent':
      return `${EVENTS[due.event].label}后 ${formatLength(due.length)}内`;
  }
}

function formatLength(length: Exclude<Length, { years: number }>): string {
  if ('days' in length) return `${length.days} 日`;
  return 'months' in length ? `${length.months} 个月` : `${length.workingDays} 个工作日`;
}

export function parseDue(value: Plain | undefined, path: Path, report: Report): Due | null {
  if (typeof value !== 'object' || Array.isArray(value)) {
    report(path, 'due 应写作 { every: quarter }、{ on: 2024-06-30 } 或 { after: 事件, days: 30 }');
    return null;
  }
  const has = (name: string) => Object.hasOwn(value, name);
  const only = (...names: string[]) => {
    const unknown = Object.keys(value).filter((name) => ![...names, 'roll'].includes(name));
    for (const name of unknown) report([...path, name], `due 在此写法中不用 ${name}`);
    return unknown.length === 0;
  };
  if (has('roll') && value.roll !== 'true' && value.roll !== 'false') {
    report([...path, 'roll'], 'roll 应为 true 或 false');
    return null;
  }
  const roll = value.roll !== 'false';
  if (has('on')) {
    if (!only('on')) return null;
    if (typeof value.on === 'string' && isLocalDate(value.on)) return { roll, shape: 'once', on: value.on };
    report([...path, 'on'], 'on 应为日期（如 2024-06-30）');
    return null;
  }
  if (has('after')) {
    const unit = (['months', 'workingDays'] as const).find(has) ?? 'days';
    if (!only('after', unit)) return null;
    const number = wholeNumber(value[unit]);
    const event = value.after;
    const known = typeof event === 'string' && Object.hasOwn(EVENTS, event);
    if (!known) report([...path, 'after'], `不认识的事件；可用：${Object.keys(EVENTS).join('、')}`);
    if (number === null || number === 0) report([...path, unit], '应写 days、workingDays 或 months: 正整数');
    if (!known || number === null || number === 0) return null;
    const length = { [unit]: number } as Exclude<Length, { years: number }>;
    return { roll, shape: 'afterEvent', event: event as EventName, length };
  }
  const every = value.every;
  if (typeof every !== 'string' || !Object.hasOwn(RHYTHM_LABELS, every)) {
    report(
      has('every') ? [...path, 'every'] : path,
      'every 应为 month、quarter、half-year 或 year（或改用 on、after）',
    );
    return null;
  }
  const rhythm = every as Rhythm;
  if (!has('month') && !has('day') && !has('covers'))
    return only('every') ? { roll, shape: 'within', every: rhythm } : null;
  if (!only('every', 'month', 'day', 'covers')) return null;
  const same = value.covers === 'same';
  if (has('covers') && !same) report([...path, 'covers'], 'covers 只能写 same');
  const [month, day] = [wholeNumber(value.month), wholeNumber(value.day)];
  const months = same ? MONTHS_IN[rhythm] : 12;
  const monthFits = month !== null && month >= 1 && month <= months;
  const dayFits = day !== null && day >= 1 && day <= 31;
  if (!monthFits) {
    const where = same ? '本期的第几个月' : '期满之后的第几个月；要在本期之内办的，另写 covers: same';
    report([...path, 'month'], `month 应为 1 至 ${months}（${where}）`);
  }
  if (!dayFits) report([...path, 'day'], 'day 应为 1 至 31');
  if (!monthFits || !dayFits || (has('covers') && !same)) return null;
  return { roll, shape: same ? 'withinBy' : 'following', every: rhythm, month, day };
}

const MONTHS_IN: Record<Rhythm, number> = { month: 1, quarter: 3, 'half-year': 6, year: 12 };

/** A day of the n-th month counted from the month that `first` begins; the month's last day where it is shorter. */
function dayOfMonthFrom(first: LocalDate, month: number, day: number): LocalDate {
  const start = addMonths(first, month - 1);
  const [year, number] = [yearOf(start), monthOf(start)];
  return dateOf(year, number, Math.min(day, daysInMonth(year, number)));
}
