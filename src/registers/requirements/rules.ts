/** Judgements about requirements: what each may do, which packs an area stands under, and which entry of a key speaks. Pure. */
import { divisionRange } from '../../kernel/identifiers.ts';
import { type Refusal, refusal } from '../../kernel/results.ts';
import type { OrganisationKind, PackEntry } from '../../law/pack.ts';
import { type Effect, effectOf, RANKS, type Rank, type Status } from '../../law/parameter.ts';
import { displaces, isUnder, type Placed } from '../../law/stack.ts';

/** Bodies of their own: a policy document warns them, it does not command them (decisions 1). */
const notUnderIssuer: readonly OrganisationKind[] = [
  'property-company',
  'property-association',
  'owners-committee',
  'management-committee',
  'court',
];

/**
 * What an entry may do. A duty is addressed to its bearer; an indicator to the offices it measures; a parameter to whoever acts,
 * so that a policy document can never refuse an act by way of a value.
 */
export function effectOfEntry(entry: PackEntry, status: Status): Effect {
  const underIssuer = entry.kind === 'indicator' || (entry.kind === 'duty' && !notUnderIssuer.includes(entry.bearer));
  const effect = effectOf({ force: entry.force, rank: entry.rank, status, underIssuer });
  // Nobody is turned away over words that nobody has compared with the law.
  return effect === 'refuses' && entry.confidence === 'unverified' ? 'warns' : effect;
}

export interface LoadedPack {
  id: string;
  label: string;
  level: 'national' | 'province' | 'city' | 'district' | 'covenant';
  under: string | null;
  status: Status;
  rank: Rank;
  fromOn: string;
  /** Its last day. */
  toOn: string | null;
  /** What a reader of the whole pack must know. */
  note?: string | null;
}

const levels: readonly LoadedPack['level'][] = ['national', 'province', 'city', 'district', 'covenant'];

const ranks = Object.keys(RANKS) as Rank[];

/** The bound packs that are in force on a day, with those they stack on, from the national base down. */
export function stackOf(bound: readonly string[], packs: readonly LoadedPack[], on: string): LoadedPack[] {
  const byId = new Map(packs.map((pack) => [pack.id, pack]));
  const stack = new Set<LoadedPack>();
  for (const id of bound) {
    for (
      let pack = byId.get(id);
      pack && !stack.has(pack);
      pack = pack.under === null ? undefined : byId.get(pack.under)
    )
      stack.add(pack);
  }
  return [...stack]
    .filter((pack) => pack.fromOn <= on && (pack.toOn === null || pack.toOn >= on))
    .sort(
      (a, b) =>
        levels.indexOf(a.level) - levels.indexOf(b.level) ||
        ranks.indexOf(a.rank) - ranks.indexOf(b.rank) ||
        (a.fromOn < b.fromOn ? -1 : a.fromOn > b.fromOn ? 1 : a.id < b.id ? -1 : 1),
    );
}

/** The first day on which a pack applied to an area: bound to it, or under one that was bound. */
export function appliesSince(
  packId: string,
  everBound: readonly { packId: string; fromOn: string }[],
  packs: readonly LoadedPack[],
): string {
  const byId = new Map(packs.map((pack) => [pack.id, pack]));
  const standsOn = (id: string | null): boolean =>
    id !== null && (id === packId || standsOn(byId.get(id)?.under ?? null));
  const days = everBound.filter((one) => standsOn(one.packId)).map((one) => one.fromOn);
  return days.sort()[0]!;
}

export interface Stackable extends Omit<Placed, 'pack'> {
  packId: string;
  key: string;
}

/** The entries that speak: each one that no lower pack of the stack has displaced. */
export function entriesThatSpeak<Entry extends Stackable>(
  entries: readonly Entry[],
  stack: readonly LoadedPack[],
): Entry[] {
  const packs = new Map(stack.map((pack) => [pack.id, pack]));
  const placed = entries.flatMap((entry) => {
    const pack = packs.get(entry.packId);
    return pack ? [{ entry, pack, beside: entry.beside, by: entry.by }] : [];
  });
  const ofKey = new Map<string, typeof placed>();
  for (const one of placed) ofKey.set(one.entry.key, [...(ofKey.get(one.entry.key) ?? []), one]);
  const speaks = (one: (typeof placed)[number]) =>
    !ofKey.get(one.entry.key)!.some((other) => isUnder(other.pack, one.pack, packs) && displaces(other, one));
  return placed.filter(speaks).map(({ entry }) => entry);
}

/** Whether a post may decide what applies in an area (packs, enrolment, trial): an administrator, or an office of the district or above. */
export function mayGovern(post: { role: string; level: string | null }): boolean {
  return (
    post.role === 'administrator' || post.level === 'district' || post.level === 'city' || post.level === 'province'
  );
}

export interface BindingAsked {
  packId: string;
  from: string;
  to?: string | undefined;
}

/** Whether a pack can be bound to an area: at its own level or below, and once for a day. */
export function refusalsOfBinding(
  asked: BindingAsked,
  area: { name: string; level: string } | null,
  pack: LoadedPack | null,
  existing: readonly { packId: string; fromOn: string; toOn: string | null }[],
): Refusal[] {
  const refusals: Refusal[] = [];
  if (!area) refusals.push(refusal('没有这个区划，或不在您的辖区内', { field: 'code' }));
  if (!pack) refusals.push(refusal(`没有载入编号为 ${asked.packId} 的政策包`, { field: 'packId' }));
  if (asked.to !== undefined && asked.to <= asked.from) refusals.push(refusal('终止日须晚于起始日', { field: 'to' }));
  if (area && pack && levels.indexOf(pack.level) > (areaLevels[area.level] ?? 0)) {
    refusals.push(refusal(`“${pack.label}”的层级低于${area.name}，不能适用于整个${area.name}`, { field: 'packId' }));
  }
  const overlapping = existing.find(
    (one) =>
      one.packId === asked.packId &&
      (one.toOn === null || one.toOn > asked.from) &&
      (asked.to === undefined || one.fromOn < asked.to),
  );
  if (area && pack && overlapping) {
    refusals.push(refusal(`${area.name}自 ${overlapping.fromOn} 起已适用“${pack.label}”`, { field: 'from' }));
  }
  return refusals;
}

/** Why an office may not attach a file as the official text; none when it may. */
export function refusalsOfAttaching(asked: {
  governs: boolean;
  known: boolean;
  /** What the reader of documents said of the file. */
  trouble?: string | undefined;
}): Refusal[] {
  const refusals: Refusal[] = [];
  if (!asked.governs) refusals.push(refusal('由区级及以上部门附上政策文件的原文'));
  if (!asked.known) refusals.push(refusal('没有载入这份政策文件', { field: 'text' }));
  if (asked.trouble) refusals.push(refusal(asked.trouble, { field: 'file' }));
  return refusals;
}

/** Of several files of one text the one that speaks in an area: of the lowest office above it the latest, otherwise the latest of all. */
export function textSpeakingIn<Text extends { id: number; scope: string }>(
  texts: readonly Text[],
  area: string | null,
): Text | undefined {
  const above = (scope: string) => {
    if (area === null) return 0;
    const { lo, hi } = divisionRange(scope);
    return lo <= area && area < hi ? scope.replace(/0+$/, '').length : 0;
  };
  return [...texts].sort((a, b) => above(b.scope) - above(a.scope) || b.id - a.id)[0];
}

/** The lowest pack level that may speak for a whole area. */
const areaLevels: Readonly<Record<string, number>> = {
  province: 1,
  city: 2,
  district: 3,
  subdistrict: 3,
  community: 4,
};
