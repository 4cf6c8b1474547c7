/** Values of the law: closed shapes, dated, each with its force; and what a requirement of which force may do. */

import type { LocalDate, Rhythm } from '../kernel/local-date.ts';
import { formatMoney } from '../kernel/money.ts';
import type { Length } from '../kernel/term.ts';
import type { Source } from './citation.ts';
import {
  attributesOf,
  COMPARISONS,
  formatLimit,
  isSubject,
  type Limit,
  parseLimit,
  SUBJECTS,
  withinLimit,
} from './conditions.ts';
import type { Path, Plain, Report } from './yaml.ts';

export const FORCES = {
  binding: '应当',
  forbidding: '不得',
  permitting: '可以',
  guiding: '一般、原则上',
  encouraging: '鼓励',
} as const;
export type Force = keyof typeof FORCES;

export const RANKS = { law: '法律', regulation: '法规规章', covenant: '规约', policy: '政策文件' } as const;
export type Rank = keyof typeof RANKS;

export const STATUSES = { 'in-force': '现行', draft: '征求意见稿', 'press-report': '新闻报道' } as const;
export type Status = keyof typeof STATUSES;

/** How sure we are of the words of a law that a value cites; texts with a clause catalogue were read whole and need none. */
export const CONFIDENCES = { original: '已核原文', copy: '见于转载', unverified: '原文待核' } as const;
export type Confidence = keyof typeof CONFIDENCES;

export const RHYTHM_LABELS: Readonly<Record<Rhythm, string>> = {
  month: '每月',
  quarter: '每季度',
  'half-year': '每半年',
  year: '每年',
};

/** What a requirement may do to the one who acts (decisions 1). */
export const EFFECTS = {
  refuses: '不予办理',
  'opens-duty': '产生职责',
  warns: '提醒',
  'asks-reason': '提醒并须说明理由',
  informs: '告知',
  trial: '试算',
} as const;
export type Effect = keyof typeof EFFECTS;

/** Only law, regulation or covenant in force may refuse; a policy binds the bodies under its issuer and nobody else. */
export function effectOf({
  force,
  rank,
  status,
  underIssuer,
}: {
  force: Force;
  rank: Rank;
  status: Status;
  /** Whether the addressee is a body under the issuer of the text. */
  underIssuer: boolean;
}): Effect {
  const binds = force === 'binding' || force === 'forbidding';
  if (status !== 'in-force') return binds ? 'trial' : 'informs';
  if (force === 'guiding') return 'asks-reason';
  if (!binds) return 'informs';
  if (rank !== 'policy') return 'refuses';
  return underIssuer ? 'opens-duty' : 'warns';
}

export type Is =
  | { readonly kind: 'limits'; readonly limits: readonly Limit[] }
  | { readonly kind: 'count'; readonly limits: readonly Limit[] }
  | { readonly kind: 'share'; readonly of: string; readonly in: string; readonly limits: readonly Limit[] }
  | { readonly kind: 'any' | 'all'; readonly items: readonly Is[] }
  | { readonly kind: 'odd' }
  | { readonly kind: 'term'; readonly length: Length }
  /** Shorter than a day: how soon somebody must answer. */
  | { readonly kind: 'duration'; readonly minutes: number }
  | { readonly kind: 'rhythm'; readonly every: Rhythm }
  | { readonly kind: 'fen'; readonly limits: readonly Limit[] }
  | { readonly kind: 'one'; readonly codes: readonly string[] }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'yes'; readonly yes: boolean };

export interface DatedValue {
  readonly from: LocalDate;
  readonly to?: LocalDate;
  readonly is: Is;
  readonly source: Source;
}

/** The value in force on a day: of those that have begun, the latest, unless it has ended. */
export function valueOn<Value extends Pick<DatedValue, 'from' | 'to'>>(
  values: readonly Value[],
  on: LocalDate,
): Value | null {
  const begun = values.filter(({ from }) => from <= on);
  const latest = begun.reduce<Value | null>((best, one) => (best === null || one.from > best.from ? one : best), null);
  return latest === null || (latest.to !== undefined && latest.to < on) ? null : latest;
}

/** The single bound of a value, for rules that compare by it. Throws: a rule that asks for another shape is wrong code. */
export function limitIn(is: Is): Limit {
  const [limit, ...others] = 'limits' in is ? is.limits : [];
  if (!limit || others.length > 0) throw new TypeError(`not one bound: ${is.kind}`);
  return limit;
}

export function lengthIn(is: Is): Length {
  if (is.kind !== 'term') throw new TypeError(`not a term: ${is.kind}`);
  return is.length;
}

export function daysIn(is: Is): number {
  const length = lengthIn(is);
  if (!('days' in length)) throw new TypeError('not a number of days');
  return length.days;
}

export function codesIn(is: Is): readonly string[] {
  if (is.kind !== 'one') throw new TypeError(`not a list of codes: ${is.kind}`);
  return is.codes;
}

export function yesIn(is: Is): boolean {
  if (is.kind !== 'yes') throw new TypeError(`not yes or no: ${is.kind}`);
  return is.yes;
}

export function textIn(is: Is): string {
  if (is.kind !== 'text') throw new TypeError(`not text: ${is.kind}`);
  return is.text;
}

/**
 * Whether numbers satisfy a value. A bare bound reads `part` of `total`, or a single number; `share` reads its own two
 * names; `count` reads `count`. null where a number is missing or the total is nothing.
 */
export function satisfies(is: Is, given: Readonly<Record<string, bigint | string>>): boolean | null {
  const number = (name: string) => {
    const value = given[name];
    return value === undefined || !/^\d+$/.test(String(value)) ? null : BigInt(value);
  };
  const single = () =>
    number('value') ?? (Object.keys(given).length === 1 ? number(Object.keys(given)[0] ?? '') : null);
  const all = (part: bigint | null, total: bigint | null, limits: readonly Limit[]) =>
    part === null || total === null ? null : every(limits.map((limit) => withinLimit(part, total, limit)));
  switch (is.kind) {
    case 'fen':
      return all(number('fen') ?? single(), 1n, is.limits);
    case 'limits':
      return 'total' in given ? all(number('part'), number('total'), is.limits) : all(single(), 1n, is.limits);
    case 'count':
      return all(number('count') ?? single(), 1n, is.limits);
    case 'share':
      return all(number(is.of), number(is.in), is.limits);
    case 'odd': {
      const value = single();
      return value === null ? null : value % 2n === 1n;
    }
    case 'all':
      return every(is.items.map((item) => satisfies(item, given)));
    case 'any': {
      const answers = is.items.map((item) => satisfies(item, given));
      return answers.includes(true) ? true : answers.includes(null) ? null : false;
    }
    case 'one':
      return given.code === undefined ? null : is.codes.includes(String(given.code));
    case 'yes':
      return is.yes;
    default:
      return null;
  }
}

/** A value in Chinese: '不低于 2/3', '15 日', '不低于 5，且不超过 11，且为单数'. */
export function formatIs(is: Is, labelOfCode: (code: string) => string = (code) => code): string {
  const limits = (list: readonly Limit[]) => list.map(formatLimit).join('，且');
  switch (is.kind) {
    case 'limits':
      return limits(is.limits);
    case 'count':
      return `数量${limits(is.limits)}`;
    case 'share':
      return `${labelOfNumber(is.of)}占${labelOfNumber(is.in)}的比例${limits(is.limits)}`;
    case 'any':
      return is.items.map((item) => formatIs(item, labelOfCode)).join('，或');
    case 'all':
      return is.items.map((item) => formatIs(item, labelOfCode)).join('，且');
    case 'odd':
      return '为单数';
    case 'term':
      return formatLength(is.length);
    case 'duration':
      return is.minutes % 60 === 0 ? `${is.minutes / 60} 小时` : `${is.minutes} 分钟`;
    case 'rhythm':
      return RHYTHM_LABELS[is.every];
    case 'fen':
      return is.limits
        .map((limit) => `${COMPARISONS[limit.comparison]} ${formatMoney(BigInt(limit.a))} 元`)
        .join('，且');
    case 'one':
      return is.codes.map(labelOfCode).join('、');
    case 'text':
      return is.text;
    case 'yes':
      return is.yes ? '是' : '否';
  }
}

export function formatLength(length: Length): string {
  if ('days' in length) return `${length.days} 日`;
  if ('workingDays' in length) return `${length.workingDays} 个工作日`;
  return 'months' in length ? `${length.months} 个月` : `${length.years} 年`;
}

export function parseIs(value: Plain | undefined, path: Path, report: Report): Is | null {
  if (typeof value !== 'object' || Array.isArray(value) || Object.keys(value).length === 0) {
    report(path, `is 应为以下之一：${SHAPES}`);
    return null;
  }
  const names = Object.keys(value);
  if (names.every((name) => ['atLeast', 'moreThan', 'below', 'atMost'].includes(name))) {
    const limits = parseLimits(value, path, report);
    return limits && { kind: 'limits', limits };
  }
  const [name = '', ...others] = names;
  const inner = value[name];
  const at = [...path, name];
  if (others.length > 0) {
    report(path, `is 一次只用一种写法（现有 ${names.join('、')}）；几项并列请用 { all: [ … ] }`);
    return null;
  }
  switch (name) {
    case 'count': {
      const limits = parseLimits(inner, at, report, { whole: true });
      return limits && { kind: 'count', limits };
    }
    case 'share':
      return parseShare(inner, at, report);
    case 'any':
    case 'all': {
      if (!Array.isArray(inner) || inner.length === 0) {
        report(at, `${name} 应为列表`);
        return null;
      }
      const items = inner.map((item, index) => parseIs(item, [...at, index], report));
      return items.includes(null) ? null : { kind: name, items: items.filter((item) => item !== null) };
    }
    case 'odd':
      if (inner === 'true') return { kind: 'odd' };
      report(at, 'odd 只能写 true');
      return null;
    case 'days':
    case 'workingDays':
    case 'months':
    case 'years': {
      const number = wholeNumber(inner);
      if (number !== null && number > 0) return { kind: 'term', length: { [name]: number } as Length };
      report(at, `${name} 应为正整数`);
      return null;
    }
    case 'hours':
    case 'minutes': {
      const number = wholeNumber(inner);
      if (number !== null && number > 0) return { kind: 'duration', minutes: name === 'hours' ? number * 60 : number };
      report(at, `${name} 应为正整数`);
      return null;
    }
    case 'every':
      if (typeof inner === 'string' && Object.hasOwn(RHYTHM_LABELS, inner)) {
        return { kind: 'rhythm', every: inner as Rhythm };
      }
      report(at, `every 应为 ${Object.keys(RHYTHM_LABELS).join('、')} 之一`);
      return null;
    case 'fen': {
      const limits = parseLimits(inner, at, report, { whole: true });
      return limits && { kind: 'fen', limits };
    }
    case 'one':
      if (Array.isArray(inner) && inner.length > 0 && inner.every((code) => typeof code === 'string' && code !== '')) {
        return { kind: 'one', codes: inner as string[] };
      }
      report(at, 'one 应为代码的列表');
      return null;
    case 'text':
      if (typeof inner === 'string' && inner !== '') return { kind: 'text', text: inner };
      report(at, 'text 应为文字');
      return null;
    case 'yes':
      if (inner === 'true' || inner === 'false') return { kind: 'yes', yes: inner === 'true' };
      report(at, 'yes 应为 true 或 false');
      return null;
    default:
      report(at, `不认识的写法 ${name}；is 应为以下之一：${SHAPES}`);
      return null;
  }
}

/** A whole number in plain digits, or null. */
export function wholeNumber(value: Plain | undefined): number | null {
  if (typeof value !== 'string' || !/^(?:0|[1-9]\d*)$/.test(value)) return null;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : null;
}

/** Every way to write a value. */
const SHAPES = [
  ...Object.keys(COMPARISONS),
  ...['count', 'share', 'any', 'all', 'odd', 'days', 'workingDays', 'months', 'years', 'hours', 'minutes', 'every'],
  ...['fen', 'one', 'text', 'yes'],
].join('、');

function parseLimits(
  value: Plain | undefined,
  path: Path,
  report: Report,
  options: { whole?: boolean } = {},
): Limit[] | null {
  if (typeof value !== 'object' || Array.isArray(value) || Object.keys(value).length === 0) {
    report(path, '应写作 { atLeast: … }、{ moreThan: … }、{ below: … } 或 { atMost: … }');
    return null;
  }
  const limits = Object.entries(value).map(([name, text]) => parseLimit({ [name]: text }, path, report, options));
  return limits.includes(null) ? null : limits.filter((limit) => limit !== null);
}

function parseShare(value: Plain | undefined, path: Path, report: Report): Is | null {
  if (typeof value !== 'object' || Array.isArray(value)) {
    report(path, 'share 应写作 { of: 分子, in: 分母, atLeast: 1/2 }');
    return null;
  }
  const { of, in: whole, ...rest } = value;
  for (const [field, name] of [
    ['of', of],
    ['in', whole],
  ] as const) {
    if (typeof name !== 'string') report(path, `share 缺少 ${field}`);
    else if (labelOfNumber(name) === name) report([...path, field], `没有数值属性 ${name}`);
  }
  const limits = parseLimits(rest, path, report);
  const named = typeof of === 'string' && typeof whole === 'string';
  if (!named || limits === null || labelOfNumber(of) === of || labelOfNumber(whole) === whole) return null;
  return { kind: 'share', of, in: whole, limits };
}

function labelOfNumber(name: string): string {
  for (const subject of Object.keys(SUBJECTS)) {
    const attribute = isSubject(subject) ? attributesOf(subject)[name] : undefined;
    if (attribute?.type === 'number') return attribute.label;
  }
  return name;
}

function every(answers: readonly (boolean | null)[]): boolean | null {
  return answers.includes(false) ? false : answers.includes(null) ? null : true;
}
