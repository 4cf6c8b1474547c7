/** An entry in a few Chinese words: what it says on a day, whom it binds, where it is written. */
import type { LocalDate } from '../kernel/local-date.ts';
import { formatSource, TEXT_TITLES } from './citation.ts';
import { clauseFinder } from './clause.ts';
import { formatCondition, formatLimit, SUBJECTS } from './conditions.ts';
import { type DutyEntry, type IndicatorEntry, ORGANISATION_KINDS, type PackEntry, sourcesOf } from './pack.ts';
import { CONFIDENCES, FORCES, formatIs, RANKS, valueOn } from './parameter.ts';
import type { Policy } from './policy.ts';
import { formatDue } from './recurrence.ts';

export type Words = Pick<Policy, 'packs' | 'texts' | 'vocabulary'>;

/** What it says: a value, a duty with its bearer and day, a target. null: a parameter that has no value on that day. */
export function saying(entry: PackEntry, on: LocalDate, { packs, vocabulary }: Words): string | null {
  if (entry.kind !== 'parameter') {
    const labelOf = (key: string) =>
      packs.flatMap((pack) => pack.duties).find((duty) => duty.key === key)?.label ?? key;
    return entry.kind === 'duty' ? dutyWords(entry, labelOf) : indicatorWords(entry, labelOf);
  }
  const value = valueOn(entry.values, on);
  return value && formatIs(value.is, (code) => vocabulary.codes[code] ?? code);
}

export function sourceWords(entry: PackEntry, { texts, vocabulary }: Words): string {
  const cite = { clauseOf: clauseFinder(texts), titles: { ...TEXT_TITLES, ...vocabulary.texts } };
  return [...new Set(sourcesOf(entry).map((source) => formatSource(source, cite)))].join('；');
}

/** '应当（法律），原文待核' */
export function forceWords({ force, rank, confidence }: PackEntry): string {
  const sureness = confidence === null || confidence === 'original' ? '' : `，${CONFIDENCES[confidence]}`;
  return `${FORCES[force]}（${RANKS[rank]}）${sureness}`;
}

function dutyWords({ over, where, bearer, due }: DutyEntry, labelOf: (key: string) => string): string {
  const which = where ? `（${formatCondition(where, over, labelOf)}）` : '';
  return `${ORGANISATION_KINDS[bearer]}，${formatDue(due)}，每个${SUBJECTS[over].label}${which}`;
}

function indicatorWords({ over, where, counts, target, by }: IndicatorEntry, labelOf: (key: string) => string): string {
  const day = by === null ? '' : `，到 ${by}`;
  const wanted = `${target === null ? '只看走势' : formatLimit(target)}${day}`;
  if (over === 'duties') return `按期率${wanted}`;
  const whole = `${SUBJECTS[over].label}${where ? `（${formatCondition(where, over, labelOf)}）` : ''}`;
  return `${wanted}：${whole}中${counts ? formatCondition(counts, over, labelOf) : '全部'}`;
}
