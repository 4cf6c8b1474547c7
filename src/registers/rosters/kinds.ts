/** The kinds of rosters the registers take; rooms further up pass kinds of their own to routes and tasks. */

import type { RosterKind } from './kind.ts';
import { areas } from './kinds/areas.ts';
import { committees } from './kinds/committees.ts';
import { companies } from './kinds/companies.ts';
import { entryRosters } from './kinds/entries.ts';
import { estates } from './kinds/estates.ts';
import { groups } from './kinds/groups.ts';
import { organisations } from './kinds/organisations.ts';
import { units } from './kinds/units.ts';

export const registerKinds: readonly RosterKind[] = [
  estates,
  companies,
  committees,
  units,
  organisations,
  areas,
  groups,
  ...entryRosters,
];

export function kindNamed(kinds: readonly RosterKind[], code: string): RosterKind | undefined {
  return kinds.find((one) => one.code === code);
}
