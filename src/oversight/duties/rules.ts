import { levelOfDivision } from '../../kernel/identifiers.ts';
import { type Refusal, refusal } from '../../kernel/results.ts';
import type { DutyStanding } from './contract.ts';

/** Why a duty cannot be waived as things stand; none when it can. */
export function refusalsOfWaiver({ standing, ownDuty }: { standing: DutyStanding; ownDuty: boolean }): Refusal[] {
  const refusals: Refusal[] = [];
  if (standing === 'met') refusals.push(refusal('这项义务已经完成，不需要免除。'));
  if (standing === 'waived') refusals.push(refusal('这项义务已经免除过了。'));
  // Nobody is judge in their own cause: the waiver comes from above.
  if (ownDuty) refusals.push(refusal('责任单位不能免除自己的义务，请由上级单位办理。'));
  return refusals;
}

/** Digits of a code that tell apart the areas one level below. Under a community and at an estate nothing is below: the place itself. */
export function digitsBelow(area: string | undefined): number {
  if (area === undefined) return 2;
  const level = levelOfDivision(area);
  return level === 'province' ? 4 : level === 'city' ? 6 : level === 'district' ? 9 : 12;
}
