/**
 * The original wording of a clause, found in an official file by where the clause stands: 三（二）3. The numbers of such a text count up,
 * and only a number that is next in its count opens a section; so a number quoted in a sentence, or a file torn into odd lines, misleads nobody.
 */

export interface Passage {
  /** The paragraphs of the section, its heading first. */
  paragraphs: string[];
  /** The paragraph that speaks of what the clause demands, where one stands out; compared by the words the two share. */
  nearest: number | null;
}

/** The passage of a section whose clause demands `demand`; null where the file has no such section. */
export function passageOf(text: string, section: string, demand: string): Passage | null {
  const wanted = addressOfSection(section);
  if (!wanted) return null;
  const found = wanted === 'opening' ? openingOf(text) : sectionOf(text, wanted);
  if (found === null) return null;
  const paragraphs = paragraphsOf(found);
  return paragraphs.length === 0 ? null : { paragraphs, nearest: nearestOf(paragraphs, demand) };
}

/** Whether a file names a document number, however it is spaced or bracketed. */
export function namesDocument(text: string, number: string): boolean {
  const bare = (words: string) => words.normalize('NFKC').replaceAll(/[\s〔〕[\]()【】]/g, '');
  return bare(text).includes(bare(number));
}

type Address = 'opening' | readonly number[];

const OPENINGS = /^(文首|标题|序言|导语|标题、序言)$/;

/** 三（二）3 as [3, 2, 3]; what stands before the first section as 'opening'; null for a place that is no number. */
function addressOfSection(section: string): Address | null {
  const bare = section.normalize('NFKC').replaceAll(/\s/g, '');
  if (OPENINGS.test(section.trim())) return 'opening';
  const match = /^([一二三四五六七八九十]+)(?:\(([一二三四五六七八九十]+)\)(\d+)?)?(?:\([^)]*\))?$/.exec(bare);
  if (!match) return null;
  return [numberOf(match[1]!), match[2] && numberOf(match[2]), match[3] && Number(match[3])].filter(
    (one): one is number => typeof one === 'number',
  );
}

/** 一 … 九十九 */
function numberOf(words: string): number {
  const digit = (word: string) => '一二三四五六七八九'.indexOf(word) + 1;
  if (!words.includes('十')) return digit(words);
  const [tens = '', ones = ''] = words.split('十');
  return (tens === '' ? 1 : digit(tens)) * 10 + (ones === '' ? 0 : digit(ones));
}

interface Mark {
  /** 0 for 一、, 1 for （一）, 2 for 1. */
  level: number;
  number: number;
  at: number;
}

/** Where a number may stand: at the start of a line, or after a space or the end of a sentence, where a file has lost its lines. */
const MARKS = [
  /(?<=^|[\s。;；:：])([一二三四五六七八九十]{1,3})\s*[、.．]/gmu,
  /(?<=^|[\s。;；:：])[（(]\s*([一二三四五六七八九十]{1,3})\s*[）)]/gmu,
  /(?<=^|[\s。;；:：])([0-9０-９]{1,2})\s*[.．、](?![0-9０-９])/gmu,
];

/** The numbers that open sections, each next in its count. A count of 一、 that begins anew (an annex, a table of contents) is a run of its own. */
function runsOf(text: string): Mark[][] {
  const seen = MARKS.flatMap((form, level) =>
    [...text.matchAll(form)].map((match) => ({
      level,
      number: level === 2 ? Number(match[1]!.normalize('NFKC')) : numberOf(match[1]!),
      at: match.index,
    })),
  ).sort((a, b) => a.at - b.at);
  const runs: Mark[][] = [];
  const counts = [0, 0, 0];
  let tasks = 0;
  for (const mark of seen) {
    const anew = mark.level === 0 && mark.number === 1;
    // The tasks 1. 2. 3. of some texts run on from one （一） to the next.
    const next = mark.number === counts[mark.level]! + 1 || (mark.level === 2 && mark.number === tasks + 1);
    if (!anew && (runs.length === 0 || !next)) continue;
    if (anew) runs.push([]);
    counts[mark.level] = mark.number;
    counts.fill(0, mark.level + 1);
    if (mark.level !== 1) tasks = counts[2]!;
    runs.at(-1)!.push(mark);
  }
  return runs;
}

function sectionOf(text: string, address: readonly number[]): string | null {
  const runs = runsOf(text);
  const spans = runs.map((run, at) => ({ run, from: run[0]!.at, to: runs[at + 1]?.[0]?.at ?? text.length }));
  // The text itself is longer than its table of contents and, as a rule, than its annexes.
  for (const { run, to } of spans.sort((a, b) => b.to - b.from - (a.to - a.from))) {
    const counts: number[] = [];
    for (const [at, mark] of run.entries()) {
      counts.splice(mark.level, 3, mark.number);
      // A text without （一） between 一、 and 1. leaves a hole that no address names.
      if (counts.length !== address.length || counts.some((one, level) => one !== address[level])) continue;
      const next = run.slice(at + 1).find((one) => one.level <= mark.level);
      return text.slice(mark.at, next?.at ?? to);
    }
  }
  return null;
}

function openingOf(text: string): string | null {
  const first = runsOf(text)[0]?.[0]?.at;
  return first === undefined ? null : text.slice(0, first);
}

function paragraphsOf(section: string): string[] {
  return section
    .split(/\n+/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

const pairsOf = (words: string): Set<string> => {
  const letters = [...words.normalize('NFKC').replaceAll(/[^\p{Script=Han}\d]/gu, '')];
  return new Set(letters.slice(1).map((letter, at) => letters[at]! + letter));
};

/** The paragraph sharing most pairs of letters with the demand, if it shares clearly more than any other; a common pair counts little. */
function nearestOf(paragraphs: readonly string[], demand: string): number | null {
  if (paragraphs.length === 1) return 0;
  const pairs = paragraphs.map(pairsOf);
  const wanted = [...pairsOf(demand)];
  const scores = pairs.map((own) =>
    wanted.reduce((sum, pair) => sum + (own.has(pair) ? 1 / pairs.filter((one) => one.has(pair)).length : 0), 0),
  );
  const [best = 0, second = 0] = [...scores].sort((a, b) => b - a);
  return best > 0 && best >= 2 * second ? scores.indexOf(best) : null;
}
