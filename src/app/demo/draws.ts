/** A stream of invented choices: the same key gives the same stream, on every machine and in every run. */
import { addDays, daysBetween, type LocalDate } from '../../kernel/local-date.ts';

export interface Draws {
  /** A whole number from 0 up to, not including, `limit`. */
  below(limit: number): number;
  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number;
  /** True in about `parts` of 100 draws. */
  percent(parts: number): boolean;
  pick<T>(list: readonly T[]): T;
  day(from: LocalDate, to: LocalDate): LocalDate;
}

/** Streams of different keys are independent of each other, so that one more draw here changes nothing there. */
export function drawsOf(...key: readonly (string | number)[]): Draws {
  let state = hashOf(key.join('/'));
  // Mulberry32: small, and good enough for names and areas; nothing secret comes from here.
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const draws: Draws = {
    below: (limit) => Math.floor((next() / 4_294_967_296) * limit),
    between: (low, high) => low + draws.below(high - low + 1),
    percent: (parts) => draws.below(100) < parts,
    pick: (list) => list[draws.below(list.length)]!,
    day: (from, to) => addDays(from, draws.below(Math.max(1, daysBetween(from, to) + 1))),
  };
  return draws;
}

/** The list in another order, by the stream. */
export function shuffled<T>(list: readonly T[], draws: Draws): T[] {
  const mixed = [...list];
  for (let at = mixed.length - 1; at > 0; at -= 1) {
    const other = draws.below(at + 1);
    [mixed[at], mixed[other]] = [mixed[other]!, mixed[at]!];
  }
  return mixed;
}

/** FNV-1a. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash | 0;
}
