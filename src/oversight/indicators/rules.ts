import type { Limit } from '../../law/conditions.ts';
import { formatLimit, withinLimit } from '../../law/conditions.ts';

export interface Figure {
  numerator: bigint;
  denominator: bigint;
  unknown: bigint;
}

/**
 * How a figure stands against its target. What is unknown (待补) counts as not reached only where it could not change the answer:
 * as long as it could, the answer is undecided and the screen says what is missing.
 */
export function verdictOf(
  { numerator, denominator, unknown }: Figure,
  target: Limit | null,
): 'reached' | 'short' | 'undecided' | 'none' | 'watch' {
  if (target === null) return 'watch';
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
