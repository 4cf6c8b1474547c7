/**
 * Exact fractions, compared by cross multiplication. Nothing is divided or rounded to decide: a screen may print 66.7 %,
 * but 6666 of 10000 is below two thirds.
 */
import { type Parsed, read, unread } from './results.ts';
import { normaliseNumberText } from './text.ts';

export interface Fraction {
  readonly a: bigint;
  readonly b: bigint;
}

export type Count = bigint | number;

/** true, false, or null: with a total of nothing the question does not arise, and it is never "yes". */
export type Comparison = boolean | null;

export function fraction(a: Count, b: Count): Fraction {
  if (BigInt(b) <= 0n) throw new RangeError(`not a fraction: ${a}/${b}`);
  return { a: BigInt(a), b: BigInt(b) };
}

/** Reads '2/3', '70/100', '90%', '66.5%' and whole numbers. Terms are kept as written, so that they can be shown. */
export function parseFraction(text: string): Parsed<Fraction> {
  const plain = normaliseNumberText(text);
  const ratio = /^(\d+)(?:\/(\d+))?$/.exec(plain);
  if (ratio) {
    const b = BigInt(ratio[2] ?? 1);
    return b === 0n ? unread('分母不能为 0') : read({ a: BigInt(ratio[1] ?? 0), b });
  }
  const percent = /^(\d+)(?:\.(\d+))?%$/.exec(plain);
  if (!percent) return unread(`“${text.trim()}”不是分数，请写如 2/3 或 90%`);
  const [, whole = '', decimals = ''] = percent;
  return read({ a: BigInt(whole + decimals), b: 100n * 10n ** BigInt(decimals.length) });
}

/** '2/3'; whole numbers without their denominator. */
export function formatFraction({ a, b }: Fraction): string {
  return b === 1n ? `${a}` : `${a}/${b}`;
}

/** 以上、不低于、不少于 */
export function atLeast(part: Count, total: Count, limit: Fraction): Comparison {
  return compared(part, total, limit, (left, right) => left >= right);
}

/** 过半、超过、高于 */
export function moreThan(part: Count, total: Count, limit: Fraction): Comparison {
  return compared(part, total, limit, (left, right) => left > right);
}

/** 不足、低于 */
export function below(part: Count, total: Count, limit: Fraction): Comparison {
  return compared(part, total, limit, (left, right) => left < right);
}

/** 以下、不超过 */
export function atMost(part: Count, total: Count, limit: Fraction): Comparison {
  return compared(part, total, limit, (left, right) => left <= right);
}

function compared(
  part: Count,
  total: Count,
  limit: Fraction,
  holds: (left: bigint, right: bigint) => boolean,
): Comparison {
  if (BigInt(total) <= 0n) return null;
  return holds(BigInt(part) * limit.b, BigInt(total) * limit.a);
}
