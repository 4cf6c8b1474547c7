/** What differs between two stacks of packs on their days, key by key: the same question under two laws. */
import type { LocalDate } from '../kernel/local-date.ts';
import { forceWords, saying, sourceWords, type Words } from './describe.ts';
import type { Pack } from './pack.ts';
import { type EntryInForce, entriesInForce } from './stack.ts';

export interface Side {
  readonly chain: readonly Pack[];
  readonly on: LocalDate;
}

/** One entry as it speaks on its side. */
export interface Said {
  readonly pack: string;
  readonly says: string;
  readonly force: string;
  readonly source: string;
  readonly trial: boolean;
}

export interface Difference {
  readonly key: string;
  readonly label: string;
  readonly a: readonly Said[];
  readonly b: readonly Said[];
}

/** Keys on which the sides do not say the same with the same force, in alphabetical order. An entry both share is no difference. */
export function differences(a: Side, b: Side, words: Words): Difference[] {
  const [left, right] = [entriesInForce(a, a.on), entriesInForce(b, b.on)];
  const keys = [...new Set([...left.keys(), ...right.keys()])].sort();
  return keys.flatMap((key): Difference[] => {
    const here = left.get(key) ?? [];
    const there = right.get(key) ?? [];
    const sides = { a: said(here, a.on, words), b: said(there, b.on, words) };
    const label = [...here, ...there].at(-1)!.entry.label;
    return JSON.stringify(sides.a.map(meaning)) === JSON.stringify(sides.b.map(meaning))
      ? []
      : [{ key, label, ...sides }];
  });
}

function said(entries: readonly EntryInForce[], on: LocalDate, words: Words): Said[] {
  return entries.flatMap(({ entry, pack, trial }) => {
    const says = saying(entry, on, words);
    return says === null
      ? []
      : [{ pack: pack.id, says, force: forceWords(entry), source: sourceWords(entry, words), trial }];
  });
}

/** Two packs may write the same thing in two documents: that is no difference. */
function meaning({ says, force, trial }: Said): unknown {
  return [says, force, trial];
}
