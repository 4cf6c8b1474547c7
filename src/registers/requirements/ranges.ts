import { divisionRange } from '../../kernel/identifiers.ts';
import type { Transaction } from '../../platform/database.ts';
import { governedOn } from './queries.ts';
import type { RequirementRow } from './store.ts';

/** A range of scopes, `lo <= scope < hi`. */
export interface Range {
  readonly lo: string;
  readonly hi: string;
}

/** A requirement with the places it speaks to: a governed area without those inside it that have a binding of their own. */
export type RangedRequirement = RequirementRow &
  Range & {
    readonly except: readonly Range[];
    /** The first day of its pack. */
    readonly from: string;
    /** The last day of its pack. */
    readonly to: string | null;
    /** Since when its pack applies here: what was due before was never asked of anybody here. */
    readonly since: string;
  };

/**
 * The requirements of a kind in force on a day anywhere in this deployment. One that governs several areas comes once for each. A target
 * whose day is past stays: it also speaks where it was in force on that day, whatever has replaced its pack since.
 */
export async function requirementsByRange(
  tx: Transaction,
  kind: RequirementRow['kind'],
  on: string,
): Promise<RangedRequirement[]> {
  const isOver = (one: RequirementRow) => one.kind === 'indicator' && one.by !== null && one.by < on;
  const days = await governedOn(tx, (all) => [
    on,
    ...new Set(all.flatMap((one) => (one.kind === kind && isOver(one) ? [one.by!] : []))),
  ]);
  const found = new Map<string, RangedRequirement>();
  for (const [day, governed] of days) {
    const areas = governed.map((one) => ({ ...one, range: divisionRange(one.areaCode) }));
    for (const { range, packs, requirements, since } of areas) {
      const lasting = new Map(packs.map((pack) => [pack.id, { from: pack.fromOn, to: pack.toOn }]));
      const except = areas
        .map((other) => other.range)
        .filter((other) => other.lo !== range.lo && other.lo.startsWith(range.lo));
      for (const one of requirements.filter((each) => each.kind === kind && (day === on || each.by === day))) {
        const place = `${one.id} ${range.lo}`;
        if (!found.has(place))
          found.set(place, { ...one, ...range, except, ...lasting.get(one.packId)!, since: since.get(one.packId)! });
      }
    }
  }
  return [...found.values()];
}
