import { divisionRange } from '../../kernel/identifiers.ts';
import { addDays, firstDayOf, type LocalDate, lastDayOf } from '../../kernel/local-date.ts';
import { type Refusal, refusal } from '../../kernel/results.ts';
import type { Limit } from '../../law/conditions.ts';
import { formatLimit, withinLimit } from '../../law/conditions.ts';

export interface Figure {
  numerator: bigint;
  denominator: bigint;
  unknown: bigint;
  /** Subjects of the denominator whose floor area is 待补: they are in no sum, and until they are nothing is decided. */
  unweighed: bigint;
}

/**
 * How a figure stands against its target. What is unknown (待补) counts as not reached only where it could not change the answer:
 * as long as it could, the answer is undecided and the screen says what is missing.
 */
export function verdictOf(
  { numerator, denominator, unknown, unweighed }: Figure,
  target: Limit | null,
): 'reached' | 'short' | 'undecided' | 'none' | 'watch' {
  if (target === null) return 'watch';
  if (unweighed > 0n) return 'undecided';
  const worst = withinLimit(numerator, denominator, target);
  if (worst === null) return 'none';
  const best = withinLimit(numerator + unknown, denominator, target);
  if (worst === best) return worst ? 'reached' : 'short';
  return 'undecided';
}

/** A target as it is spoken: the whole is 全部, a share is in percent where that is exact, and otherwise as the text has it (2/3). */
export function targetWord(target: Limit): string {
  const { comparison, a, b } = target;
  if (comparison === 'atLeast' && a === b) return '全部（100%）';
  return (a * 100) % b === 0 ? formatLimit({ comparison, a: (a * 100) / b, b: 1 }).concat('%') : formatLimit(target);
}

export interface BaseToFreeze {
  areaCode: string;
  /** The day asked for, or the one on which the survey was closed; undefined: neither was said, or both were. */
  baseOn: LocalDate | undefined;
  /** When the list of a survey was asked for: whether it is there, closed and of all of the place, and whether it lists what is counted. */
  survey?: { closed: boolean; sameKind: boolean } | undefined;
  today: LocalDate;
  /** Its campaign, and the campaign's last day; null for a standing indicator. */
  campaign: string | null;
  by: LocalDate | null;
  /** Duties fallen due are a denominator that no later addition changes. */
  overDuties: boolean;
  subjects: number;
  /** Areas with a frozen denominator of this indicator already. */
  frozen: readonly { areaCode: string; areaName: string }[];
  /** How many estates or bodies the person who freezes must keep out of. */
  bars: number;
}

/** Every reason why a denominator cannot be frozen as asked. */
export function refusalsOfBase(base: BaseToFreeze): Refusal[] {
  const { areaCode, baseOn, survey, today, campaign, by, overDuties, subjects, frozen, bars } = base;
  const overlapping = frozen.filter(({ areaCode: other }) => isNested(other, areaCode));
  return [
    ...(campaign === null ? [refusal('这项指标不属于有期限的行动，分母随底册变化，不冻结。')] : []),
    ...(overDuties ? [refusal('分母是已到期的应办次数，本来就不受后来新增的影响，不需要冻结。')] : []),
    ...(survey?.closed === false
      ? [refusal('没有这次摸排，或它还没有结束，或没有摸遍这个地方。', { field: 'survey' })]
      : []),
    ...(survey?.sameKind === false ? [refusal('摸排的名单是小区，这项指标数的不是小区。', { field: 'survey' })] : []),
    ...(baseOn === undefined && survey?.closed !== false
      ? [refusal('请写基准日，或选一次已结束的摸排，二者选一。', { field: 'baseOn' })]
      : []),
    ...(baseOn !== undefined && baseOn > today ? [refusal(`基准日 ${baseOn} 还没有到。`, { field: 'baseOn' })] : []),
    ...(baseOn !== undefined && by !== null && baseOn > by
      ? [refusal(`基准日 ${baseOn} 晚于行动的截止日 ${by}。`, { field: 'baseOn' })]
      : []),
    ...overlapping.map(({ areaName }) => refusal(`${areaName}的分母已经冻结。要改用别的名单，请先解除那一次冻结。`)),
    ...(bars > 0 ? [refusal('您有须回避的小区或单位，看不到完整的名单；请由没有回避事项的同事冻结。')] : []),
    ...(subjects === 0 && baseOn !== undefined
      ? [refusal('按基准日的底册，这里一个对象也没有，没有名单可以冻结。')]
      : []),
  ];
}

function isNested(a: string, b: string): boolean {
  const [first, second] = [divisionRange(a), divisionRange(b)];
  return first.lo.startsWith(second.lo) || second.lo.startsWith(first.lo);
}

/** How many months back the first snapshots reach; ours, not a text's. */
const FIRST_MONTHS = 6;

/** The month's ends that still lack a snapshot: after the last one taken, or the latest half year when there is none yet. */
export function monthsToTake(last: LocalDate | null, today: LocalDate): LocalDate[] {
  const ends: LocalDate[] = [];
  let end = addDays(firstDayOf('month', today), -1);
  while (last === null ? ends.length < FIRST_MONTHS : end > last) {
    ends.unshift(end);
    end = addDays(firstDayOf('month', end), -1);
  }
  return ends;
}

/** Whether a campaign was still running at some time in the month that ends here; later it has its final result and no line. */
export function isLineOf(entry: { by: LocalDate | null }, monthEnd: LocalDate): boolean {
  return entry.by === null || entry.by >= firstDayOf('month', lastDayOf('month', monthEnd));
}

/** One cell of a published table. null: not published. */
export interface PublicCell {
  numerator: bigint | null;
  denominator: bigint | null;
}

/**
 * A table as an open page may show it: no count of a few. A cell is withheld when its numerator, the rest of it, or what is unknown is a number
 * from 1 to below `least`; and one withheld cell alone could be worked out from the total, so the smallest of the others goes with it. The
 * total is judged by itself. Bodies that supervise see every number: their pages do not call this.
 */
export function maskSmall(
  total: Figure,
  cells: readonly Figure[],
  least: bigint,
): { total: PublicCell; cells: PublicCell[] } {
  const few = (count: bigint) => count > 0n && count < least;
  const withheld = ({ numerator, denominator, unknown }: Figure) =>
    few(numerator) || few(denominator - numerator) || few(unknown) || few(denominator - numerator - unknown);
  const hidden = new Set(cells.flatMap((cell, at) => (withheld(cell) ? [at] : [])));
  if (hidden.size === 1) {
    const others = cells.flatMap((cell, at) => (hidden.has(at) || cell.denominator === 0n ? [] : [at]));
    const [smallest] = others.sort((a, b) => Number(cells[a]!.denominator - cells[b]!.denominator) || a - b);
    if (smallest !== undefined) hidden.add(smallest);
  }
  const shown = (cell: Figure, hide: boolean): PublicCell =>
    hide ? { numerator: null, denominator: null } : { numerator: cell.numerator, denominator: cell.denominator };
  return {
    // With a single cell the total is that cell.
    total: shown(
      total,
      withheld(total) || (hidden.size > 0 && cells.filter((one) => one.denominator > 0n).length === 1),
    ),
    cells: cells.map((cell, at) => shown(cell, hidden.has(at))),
  };
}
