/** Packs on top of each other, national base first, and what a lower one may say. */
import type { LocalDate } from '../kernel/local-date.ts';
import { citedBy, formatSource, TEXT_TITLES } from './citation.ts';
import { ANSWER_KINDS, type ClauseText } from './clause.ts';
import { mattersOf } from './conditions.ts';
import { ENTRY_KINDS, entriesOf, LEVELS, type Level, type Pack, type PackEntry, sourcesOf } from './pack.ts';
import { RANKS, type Rank } from './parameter.ts';
import { type Problem, sortProblems } from './yaml.ts';

/** Answers of clauses that name what no pack of their text has. Several packs may carry one text. */
export function checkAnswers(texts: readonly ClauseText[], packs: readonly Pack[]): Problem[] {
  return texts.flatMap((text) => {
    const entries = packs.filter((pack) => pack.text === text.text).flatMap(entriesOf);
    return text.clauses.flatMap(({ id, answer, line }) => {
      if (answer.kind !== 'parameter' && answer.kind !== 'duty' && answer.kind !== 'indicator') return [];
      const { kind, keys } = answer;
      const missing = keys.filter((key) => !entries.some((one) => one.key === key && one.kind === kind));
      return missing.map((key) => {
        const other = entries.find((one) => one.key === key);
        const message = other
          ? `${key} 是${ENTRY_KINDS[other.kind]}，不是${ANSWER_KINDS[kind]}`
          : `没有键为 ${key} 的${ANSWER_KINDS[kind]}`;
        return { file: text.file, line, message, clause: id };
      });
    });
  });
}

export interface Stack {
  readonly pack: Pack;
  /** From the national base down to the pack itself. */
  readonly chain: readonly Pack[];
}

/** Stacks every pack on those above it and refuses what a lower pack may not do. */
export function stackPacks(
  packs: readonly Pack[],
  titles: Readonly<Record<string, string>> = TEXT_TITLES,
): { stacks: ReadonlyMap<string, Stack> } | { problems: Problem[] } {
  const problems: Problem[] = [];
  const byId = new Map<string, Pack>();
  for (const pack of packs) {
    const other = byId.get(pack.id);
    if (other) problems.push(problemOf(pack, `政策包编号 ${pack.id} 已由 ${other.file} 使用`));
    else byId.set(pack.id, pack);
  }
  const stacks = new Map<string, Stack>();
  for (const pack of byId.values()) {
    const chain = chainOf(pack, byId, problems);
    if (chain === null) continue;
    stacks.set(pack.id, { pack, chain });
    problems.push(...overrideProblems(pack, chain, titles), ...referenceProblems(pack, chain, titles));
  }
  return problems.length > 0 ? { problems: sortProblems(problems) } : { stacks };
}

export interface EntryInForce {
  readonly entry: PackEntry;
  readonly pack: Pack;
  /** From a draft or a press report: computed, never overdue. */
  readonly trial: boolean;
}

/**
 * The entries of a stack in force on a day, by key. The lowest pack speaks; a named case and a declared conflict stand
 * beside the higher entry; a draft or press report stands beside it too, because it displaces nothing.
 */
export function entriesInForce({ chain }: Pick<Stack, 'chain'>, on: LocalDate): Map<string, EntryInForce[]> {
  const inForce = new Map<string, EntryInForce[]>();
  const byId = new Map(chain.map((pack) => [pack.id, pack]));
  for (const pack of chain) {
    if (pack.from > on || (pack.to !== null && pack.to < on)) continue;
    for (const entry of entriesOf(pack)) {
      const above = inForce.get(entry.key) ?? [];
      const left = above.filter(
        (higher) =>
          !isUnder(pack, higher.pack, byId) ||
          !displaces({ pack, ...placeOf(entry) }, { ...higher, ...placeOf(higher.entry) }),
      );
      inForce.set(entry.key, [...left, { entry, pack, trial: pack.status !== 'in-force' }]);
    }
  }
  return inForce;
}

/** What decides whether an entry makes way for another of its key. */
export interface Placed {
  readonly pack: Pick<Pack, 'level' | 'rank' | 'status'>;
  /** A named case or a declared conflict: it stands beside the higher entry. */
  readonly beside: boolean;
  /** The day of a dated target or of a duty to be done once. */
  readonly by: LocalDate | null;
}

export function placeOf(
  entry: Pick<PackEntry, 'narrows' | 'conflictsWith'> & Partial<PackEntry>,
): Omit<Placed, 'pack'> {
  const by =
    entry.kind === 'indicator' ? entry.by : entry.kind === 'duty' && entry.due?.shape === 'once' ? entry.due.on : null;
  return { beside: entry.narrows !== null || entry.conflictsWith !== null, by: by ?? null };
}

/** Of a lower level; at one level, stacked on it. */
export function isUnder<Known extends Pick<Pack, 'id' | 'level' | 'under'>>(
  lower: Known,
  higher: Known,
  packs: ReadonlyMap<string, Known>,
): boolean {
  const level = LEVEL_ORDER.indexOf(lower.level) - LEVEL_ORDER.indexOf(higher.level);
  if (level !== 0) return level > 0;
  for (let at = lower.under; at !== null; at = packs.get(at)?.under ?? null) if (at === higher.id) return true;
  return false;
}

/** Whether an entry of a pack takes the place of one of the same key in a pack above it. */
export function displaces(lower: Placed, higher: Placed): boolean {
  if (lower.beside || lower.pack.status !== 'in-force' || higher.pack.status !== 'in-force') return false;
  // The next edition of a campaign sets its own day; what the last one had to reach stays on record.
  return !(isSameOffice(lower.pack, higher.pack) && lower.by !== higher.by);
}

/** Two texts of one level and rank, the later stacked on the earlier: its next edition. */
function isSameOffice(a: Placed['pack'], b: Placed['pack']): boolean {
  return a.level === b.level && a.rank === b.rank;
}

const LEVEL_ORDER = Object.keys(LEVELS) as Level[];
const RANK_ORDER = Object.keys(RANKS) as Rank[];

/** Above by level; at one level by rank; at one level and rank by being the earlier text. */
function standsAbove(above: Pack, pack: Pack): boolean {
  const level = LEVEL_ORDER.indexOf(above.level) - LEVEL_ORDER.indexOf(pack.level);
  const rank = RANK_ORDER.indexOf(above.rank) - RANK_ORDER.indexOf(pack.rank);
  return level < 0 || (level === 0 && (rank < 0 || (rank === 0 && above.from < pack.from)));
}

function chainOf(pack: Pack, byId: ReadonlyMap<string, Pack>, problems: Problem[]): Pack[] | null {
  const chain: Pack[] = [pack];
  for (let at = pack; at.under !== null; ) {
    const above = byId.get(at.under);
    if (above === undefined) {
      // The pack that says so reports it; those below it would only repeat the same fault.
      if (at === pack) problems.push(problemOf(pack, `under：没有名为 ${at.under} 的政策包`));
      return null;
    }
    if (chain.includes(above)) {
      problems.push(problemOf(pack, `政策包互相叠加成环：${[...chain, above].map(({ id }) => id).join(' → ')}`));
      return null;
    }
    if (at === pack && !standsAbove(above, pack)) {
      const rule = above.level === pack.level ? '；同级之间，下面的须位阶更低，或是同位阶而更晚的一版' : '';
      problems.push(
        problemOf(pack, `${LEVELS[pack.level]}级政策包不能叠加在${LEVELS[above.level]}级的 ${above.id} 上${rule}`),
      );
    }
    chain.unshift(above);
    at = above;
  }
  return chain;
}

/**
 * A lower pack sets a key only where the higher one allows it, narrows it by a named case, or declares the conflict. The next
 * edition of the same office's text may set anew whatever that office had set.
 */
function overrideProblems(pack: Pack, chain: readonly Pack[], titles: Readonly<Record<string, string>>): Problem[] {
  const above = chain.slice(0, -1);
  return entriesOf(pack).flatMap((entry) => {
    const higher = above.findLast((one) => entriesOf(one).some(({ key }) => key === entry.key));
    const same = higher && entriesOf(higher).find(({ key }) => key === entry.key);
    const at = (message: string): Problem => entryProblem(entry, message, titles);
    if (higher === undefined || same === undefined) {
      if (entry.conflictsWith !== null) return [at(`conflictsWith 所指的 ${entry.conflictsWith} 没有这个键`)];
      return entry.narrows === null ? [] : [at('narrows 须有上级政策包的同一个键可收窄')];
    }
    if (same.kind !== entry.kind)
      return [at(`在 ${higher.id} 中是${ENTRY_KINDS[same.kind]}，这里是${ENTRY_KINDS[entry.kind]}`)];
    const declared = entry.conflictsWith === higher.id;
    if (entry.conflictsWith !== null && !declared) return [at(`conflictsWith 应写 ${higher.id}`)];
    if (same.allowsLower || entry.narrows !== null || declared || isSameOffice(pack, higher)) return [];
    const source = sourcesOf(same).map((one) => formatSource(one, { titles }));
    return [
      at(
        `${higher.id} 已有规定且未写 allows: lower（见 ${[...new Set(source)].join('；')}）；请写 narrows（收窄到哪种情形）或 conflictsWith: ${higher.id}`,
      ),
    ];
  });
}

/** Conditions and indicators speak of duties by key; the duty must exist in the pack or above it. */
function referenceProblems(pack: Pack, chain: readonly Pack[], titles: Readonly<Record<string, string>>): Problem[] {
  const duties = new Set(chain.flatMap((one) => one.duties.map(({ key }) => key)));
  return entriesOf(pack).flatMap((entry) => {
    if (entry.kind === 'parameter') return [];
    const named = [...mattersOf(entry.where), ...(entry.kind === 'indicator' ? mattersOf(entry.counts) : [])];
    if (entry.kind === 'indicator' && entry.of !== null) named.push(entry.of);
    return named.filter((key) => !duties.has(key)).map((key) => entryProblem(entry, `没有键为 ${key} 的职责`, titles));
  });
}

function entryProblem(entry: PackEntry, message: string, titles: Readonly<Record<string, string>>): Problem {
  const clause = citedBy(sourcesOf(entry)[0], titles);
  return { file: entry.file, line: entry.line, message: `${entry.key}：${message}`, ...(clause && { clause }) };
}

function problemOf(pack: Pack, message: string): Problem {
  return { file: pack.file, line: pack.line, message };
}
