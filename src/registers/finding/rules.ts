/** Judgements about what somebody is looking for. Pure. */
import { type Refusal, refusal } from '../../kernel/results.ts';

/** What was typed, taken apart. */
export interface Sought {
  /** Every one of them has to be found. */
  words: readonly string[];
  /** A flat: the words of its estate and the numbers of its room, as `3-502`. */
  room: { words: readonly string[]; numbers: string } | null;
}

/** Full width to half, one case, one kind of blank: how names and words are compared. */
export function folded(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim();
}

/** Personal numbers are not what names are found by. */
export function refusalsOfWords(text: string): Refusal[] {
  const bare = folded(text).replace(/[\s-]/g, '');
  return /^(?:\+?86)?1\d{10}$|^\d{17}[\dx]$/.test(bare)
    ? [refusal('这里不按电话或证件号查找。请填写名称、拼音、代码或房号', { field: 'words' })]
    : [];
}

export function readWords(text: string): Sought {
  const whole = folded(text);
  const [, place = '', room = ''] = /^([\p{Script=Han}a-z ]*?) ?(\d[\da-z#号栋幢座楼单元室层 -]*)$/u.exec(whole) ?? [];
  const numbers = room.match(/\d+/g);
  return {
    words: whole.split(' '),
    room: numbers && room.length <= 16 ? { words: place.split(' ').filter(Boolean), numbers: numbers.join('-') } : null,
  };
}

/**
 * Whether `letters` spell a name from one of its syllables on: whole, by initials, or mixed. Each syllable gives at least its first letter,
 * so every name is read once and no pattern of the caller's is ever run.
 */
export function spells(letters: string, syllables: readonly string[]): boolean {
  return syllables.some((_, from) => spellsFrom(letters, syllables, from));
}

function spellsFrom(letters: string, syllables: readonly string[], at: number): boolean {
  if (letters === '') return true;
  const syllable = syllables[at];
  if (syllable === undefined) return false;
  for (let length = Math.min(syllable.length, letters.length); length >= 1; length -= 1) {
    if (syllable.startsWith(letters.slice(0, length)) && spellsFrom(letters.slice(length), syllables, at + 1))
      return true;
  }
  return false;
}

/** How close a name comes to what was typed; the least first. */
export function distanceOf(name: string, whole: string): number {
  const plain = folded(name);
  if (plain === whole) return 0;
  if (plain.startsWith(whole)) return 1;
  return plain.includes(whole) ? 2 : 3;
}
