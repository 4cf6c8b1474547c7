import { divisionRange } from '../../kernel/identifiers.ts';
import type { LocalDate } from '../../kernel/local-date.ts';
import { verdictOf } from '../../kernel/results.ts';
import type { Transaction } from '../../platform/database.ts';
import { notFound, type Person, type Refused, refuse } from '../../platform/http.ts';
import { record } from '../../platform/journal.ts';
import type { GroupKind } from './contract.ts';
import { findGroup } from './queries.ts';
import { refusalsOfGroup } from './rules.ts';
import { addGroups, closeGroupRow, findEstate, findKeeper, isGroupKnown, lockGroups } from './store.ts';

/** Registers a group of an estate: lock, judge, save, record. */
export async function addGroup(
  tx: Transaction,
  person: Person,
  input: { estate: number; name: string; kind: GroupKind; organisation?: number | undefined },
  today: LocalDate,
): Promise<{ id: number } | Refused> {
  await lockGroups(tx, input.estate);
  const estate = await findEstate(tx, input.estate);
  const organisationId = input.organisation ?? person.post.organisationId!;
  const keeper = await findKeeper(tx, organisationId, { id: input.estate, scope: estate?.scope ?? '' }, today);
  const verdict = verdictOf(
    refusalsOfGroup({
      name: input.name,
      estateKnown: estate !== undefined,
      keeper: keeper && { ...keeper, concerned: keeper.serves || isAbove(keeper.areaCode, estate?.scope) },
      known: await isGroupKnown(tx, input.estate, input.name),
    }),
  );
  if (!verdict.allowed || !estate) return verdict as Refused;
  const [id] = await addGroups(tx, [
    {
      estateId: input.estate,
      scope: estate.scope,
      name: input.name,
      kind: input.kind,
      organisationId,
      addedOn: today,
    },
  ]);
  await record(tx, {
    chain: `estate:${input.estate}`,
    act: 'groups.added',
    object: `chat_group:${id!}`,
    detail: { name: input.name, kind: input.kind, organisation: organisationId },
  });
  return { id: id! };
}

function isAbove(areaCode: string | null, scope: string | undefined): boolean {
  if (areaCode === null || scope === undefined) return false;
  const { lo, hi } = divisionRange(areaCode);
  return lo <= scope && scope < hi;
}

/** Takes a group out of use, with a reason; it stays in the register. */
export async function closeGroup(
  tx: Transaction,
  id: number,
  reason: string,
  today: LocalDate,
): Promise<{ id: number } | Refused> {
  const before = await findGroup(tx, id);
  if (!before) return notFound('没有这个群，或不在您的辖区内。');
  await lockGroups(tx, before.estateId);
  const group = (await findGroup(tx, id))!;
  if (group.closedOn !== null) return refuse({ reason: `这个群已于 ${group.closedOn} 停用。` });
  await closeGroupRow(tx, id, reason, today);
  await record(tx, { chain: `estate:${group.estateId}`, act: 'groups.closed', object: `chat_group:${id}`, reason });
  return { id };
}
