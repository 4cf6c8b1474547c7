import { levelOfDivision } from '../../kernel/identifiers.ts';
import type { LocalDate } from '../../kernel/local-date.ts';
import { type Refusal, refusal } from '../../kernel/results.ts';
import { judge } from '../../law/procedure.ts';
import type { DutyStanding } from './contract.ts';
import {
  type PauseAct,
  type PauseRole,
  type PauseState,
  pauseProcedure,
  type WaitAct,
  type WaitRole,
  type WaitState,
  type WaiverAct,
  type WaiverRole,
  type WaiverState,
  waitProcedure,
  waiverProcedure,
} from './procedure.ts';

/** A duty with what has befallen it, seen by one person in one post. */
export interface Seen {
  readonly standing: DutyStanding;
  readonly bearerId: number | null;
  readonly awaitedId: number | null;
  readonly waiver: { state: WaiverState; proposedBy: number; fromAbove: boolean } | null;
  readonly pauses: number;
  readonly waits: number;
}

export interface Asker {
  readonly personId: number;
  readonly organisationId: number | null;
  readonly isOffice: boolean;
}

export type DutyAct = WaiverAct | PauseAct | WaitAct;
const tables = { ...waiverProcedure.steps, ...pauseProcedure.steps, ...waitProcedure.steps };
export const dutyActs = Object.keys(tables) as DutyAct[];
export const dutyActLabels = Object.fromEntries(dutyActs.map((act) => [act, tables[act].label])) as Record<
  DutyAct,
  string
>;

/** Why an act on a duty is refused as things stand; none when it is open. */
export function refusalsOfAct(act: DutyAct, seen: Seen, asker: Asker, on: LocalDate): readonly Refusal[] {
  const situation = { noun: { standing: seen.standing }, on };
  if (isActOf(waiverProcedure, act)) {
    const verdict = judge(waiverProcedure, act, {
      ...situation,
      state: seen.waiver?.state ?? null,
      role: waiverRole(seen, asker, act),
    });
    return verdict.allowed ? [] : verdict.refusals;
  }
  if (isActOf(pauseProcedure, act)) {
    const state: PauseState | null = seen.standing === 'paused' ? 'paused' : seen.pauses > 0 ? 'running' : null;
    const verdict = judge(pauseProcedure, act, { ...situation, state, role: pauseRole(seen, asker) });
    return verdict.allowed ? [] : verdict.refusals;
  }
  const state: WaitState | null = seen.awaitedId !== null ? 'waiting' : seen.waits > 0 ? 'ended' : null;
  const verdict = judge(waitProcedure, act as WaitAct, { ...situation, state, role: waitRole(seen, asker) });
  return verdict.allowed ? [] : verdict.refusals;
}

/** A decision comes from another person, of the body that proposed or of one above it. */
function waiverRole({ bearerId, waiver }: Seen, asker: Asker, act: WaiverAct): WaiverRole {
  if (bearerId !== null && asker.organisationId === bearerId) return 'bearer';
  if (!asker.isOffice) return 'other';
  if (waiver?.proposedBy === asker.personId) return 'proposer';
  return act === 'propose' || waiver === null || waiver.fromAbove ? 'supervisor' : 'other';
}

function pauseRole({ bearerId }: Seen, asker: Asker): PauseRole {
  if (bearerId !== null && asker.organisationId === bearerId) return 'bearer';
  return asker.isOffice ? 'supervisor' : 'other';
}

function waitRole({ bearerId, awaitedId }: Seen, { organisationId }: Asker): WaitRole {
  if (organisationId === null) return 'other';
  if (organisationId === bearerId) return 'bearer';
  return organisationId === awaitedId ? 'awaited' : 'other';
}

function isActOf<Act extends string>(procedure: { steps: Readonly<Record<Act, unknown>> }, act: string): act is Act {
  return Object.hasOwn(procedure.steps, act);
}

/** A pause begins today and ends on a day to come. */
export function refusalsOfPause({ to, today }: { to: LocalDate; today: LocalDate }): Refusal[] {
  return to > today ? [] : [refusal(`恢复之日须在今天（${today}）之后。`, { field: 'to' })];
}

/** A wait has begun by today, not before the period it is about, and is for a body that can see the duty. */
export function refusalsOfWait(wait: {
  since: LocalDate;
  today: LocalDate;
  periodFrom: LocalDate | null;
  awaitable: boolean;
}): Refusal[] {
  const refusals: Refusal[] = [];
  if (wait.since > wait.today) refusals.push(refusal('开始等的日子还没有到。', { field: 'since' }));
  if (wait.periodFrom !== null && wait.since < wait.periodFrom)
    refusals.push(refusal(`开始等的日子早于这一期的第一天 ${wait.periodFrom}。`, { field: 'since' }));
  if (!wait.awaitable)
    refusals.push(refusal('只能等对象所在地的机关、上级机关，或本小区的物业企业、业主组织。', { field: 'awaited' }));
  return refusals;
}

/** Digits of a code that tell apart the areas one level below. Under a community and at an estate nothing is below: the place itself. */
export function digitsBelow(area: string | undefined): number {
  if (area === undefined) return 2;
  const level = levelOfDivision(area);
  return level === 'province' ? 4 : level === 'city' ? 6 : level === 'district' ? 9 : 12;
}
