import { divisionRange } from '../../kernel/identifiers.ts';
import type { Transaction } from '../../platform/database.ts';
import { governedAreas } from './queries.ts';
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
  };

/** The requirements of a kind in force on a day anywhere in this deployment. One that governs several areas comes once for each. */
export async function requirementsByRange(
  tx: Transaction,
  kind: RequirementRow['kind'],
  on: string,
): Promise<RangedRequirement[]> {
  const governed = (await governedAreas(tx, on)).map((one) => ({ ...one, range: divisionRange(one.areaCode) }));
  return governed.flatMap(({ range, packs, requirements }) => {
    const days = new Map(packs.map((pack) => [pack.id, { from: pack.fromOn, to: pack.toOn }]));
    const except = governed
      .map((other) => other.range)
      .filter((other) => other.lo !== range.lo && other.lo.startsWith(range.lo));
    return requirements
      .filter((one) => one.kind === kind)
      .map((one) => ({ ...one, ...range, except, ...days.get(one.packId)! }));
  });
}
