/** Acts on entries of the simple registers: lock, judge, save, record. */
import { type Refusal, refusal, verdictOf } from '../../kernel/results.ts';
import { sql, type Transaction } from '../../platform/database.ts';
import { notFound, type Person, type Refused } from '../../platform/http.ts';
import { record } from '../../platform/journal.ts';
import { type EntryKind, isReference, organisationRelations, rankingKinds } from './contract.ts';
import {
  type CoveredEstate,
  circleOf,
  type Period,
  refusalOfCircle,
  refusalsOfEstates,
  refusalsOfOverlap,
  refusalsOfPeriod,
  refusalsOfValues,
} from './rules.ts';
import {
  addEntries,
  endEntry,
  type Held,
  lockEntry,
  lockRanks,
  otherPeriods,
  readRanks,
  updateEntry,
} from './store.ts';

type Values = Readonly<Record<string, unknown>>;
type Made = { id: number } | Refused;

interface Place {
  scope: string;
  areaName: string;
  estateId: number | null;
}

export async function addEntry(tx: Transaction, person: Person, kind: EntryKind, input: Values): Promise<Made> {
  if (kind.place === 'bodies') await lockRanks(tx);
  const place = await placeOf(tx, kind, input);
  if (!place) return notFound(outOfSight(kind));
  const period = periodOf(input);
  const verdict = verdictOf(await refusalsOf(tx, kind, place, input, period, null));
  if (!verdict.allowed) return verdict;
  const [id] = await addEntries(tx, kind, [
    { ...input, ...period, estateId: place.estateId, areaCode: place.scope, estates: estatesOf(input) },
  ]);
  await recordFor(tx, person, kind, place, 'added', id!, { ...period, values: toldOf(kind, input) });
  return { id: id! };
}

/** It was written down wrongly: the row itself is put right. */
export async function correctEntry(
  tx: Transaction,
  person: Person,
  kind: EntryKind,
  input: Values & { id: number; reason: string },
): Promise<Made> {
  const held = await lockHeld(tx, kind, input.id);
  if (!held) return notFound(outOfSight(kind));
  const period = periodOf(input);
  const values = { ...input, estates: held.estates };
  const verdict = verdictOf(await refusalsOf(tx, kind, held, values, period, held));
  if (!verdict.allowed) return verdict;
  await updateEntry(tx, kind, held.id, input, { ...period, document: documentOf(input) });
  await recordFor(
    tx,
    person,
    kind,
    held,
    'corrected',
    held.id,
    { ...period, values: toldOf(kind, input) },
    input.reason,
  );
  return { id: held.id };
}

/** From a day on it is something else: what it was ends on that day and stays. */
export async function changeEntry(
  tx: Transaction,
  person: Person,
  kind: EntryKind,
  input: Values & { id: number },
): Promise<Made> {
  const held = await lockHeld(tx, kind, input.id);
  if (!held) return notFound(outOfSight(kind));
  const period = periodOf(input);
  const verdict = verdictOf([
    ...refusalsOfChange(held, period.fromOn!),
    ...(await refusalsOf(tx, kind, held, input, period, held)),
  ]);
  if (!verdict.allowed) return verdict;
  await endEntry(tx, kind, held.id, period.fromOn!, null);
  const [id] = await addEntries(tx, kind, [
    {
      ...input,
      ...period,
      estateId: held.estateId,
      areaCode: held.scope,
      firstId: held.firstId,
      estates: estatesOf(input),
    },
  ]);
  await recordFor(tx, person, kind, held, 'changed', id!, {
    ...period,
    before: held.id,
    values: toldOf(kind, input),
  });
  return { id: id! };
}

export async function closeEntry(
  tx: Transaction,
  person: Person,
  kind: EntryKind,
  { id, toOn, reason }: { id: number; toOn: string; reason: string },
): Promise<Made> {
  const held = await lockHeld(tx, kind, id);
  if (!held) return notFound(outOfSight(kind));
  const refusals: Refusal[] = [];
  if (held.toOn !== null && held.toOn <= toOn) refusals.push(refusal(`已于 ${held.toOn} 终止`, { field: 'toOn' }));
  if (held.fromOn !== null && toOn < held.fromOn)
    refusals.push(refusal(`起于 ${held.fromOn}，不能早于这一天终止；登记错了的，终止于起始当天`, { field: 'toOn' }));
  const verdict = verdictOf(refusals);
  if (!verdict.allowed) return verdict;
  await endEntry(tx, kind, id, toOn, reason);
  await recordFor(tx, person, kind, held, 'ended', id, { toOn }, reason);
  return { id };
}

// ── Judging

function refusalsOfChange(held: Period, fromOn: string): Refusal[] {
  if (held.toOn !== null) return [refusal(`这一项已于 ${held.toOn} 终止，请从最近的一段变更`, { field: 'fromOn' })];
  if (held.fromOn !== null && fromOn <= held.fromOn)
    return [refusal(`这一项起于 ${held.fromOn}，变更应在其后；当初就登记错了的，请更正`, { field: 'fromOn' })];
  return [];
}

async function refusalsOf(
  tx: Transaction,
  kind: EntryKind,
  place: Place,
  values: Values,
  period: Period,
  held: Held | null,
): Promise<Refusal[]> {
  const refusals = [...refusalsOfValues(kind.code, values), ...refusalsOfPeriod(period)];
  refusals.push(...(await missingReferences(tx, kind, place, values)));
  if (held && kind.place === 'bodies')
    for (const field of kind.fields.filter((one) => isReference(one.kind)))
      if (held.values[field.key] !== values[field.key])
        refusals.push(refusal(`${field.label}不能改成别的单位：登记错了的，请终止后重新登记`, { field: field.key }));
  const entry = { id: held?.id ?? null, firstId: held?.firstId ?? null, scope: place.scope, estateId: place.estateId };
  const others = await otherPeriods(tx, kind, entry, values);
  refusals.push(...refusalsOfOverlap(period, others));
  if (kind.estates) {
    const estates = await coveredBy(tx, estatesOf(values), place.scope);
    if (estates.length < new Set(estatesOf(values)).size)
      refusals.push(refusal('有的小区没有登记，或不在您的辖区内', { field: 'estates' }));
    const area = typeof values.floorAreaCentiM2 === 'string' ? BigInt(values.floorAreaCentiM2) : null;
    const { least, label } = kind.estates;
    refusals.push(...refusalsOfEstates(estates, { least, label, areaName: place.areaName, floorAreaCentiM2: area }));
  }
  if (kind === organisationRelations && refusals.length === 0 && rankingKinds.includes(String(values.kind))) {
    const circle = circleOf(await readRanks(tx, held?.id ?? null), {
      ...period,
      superior: Number(values.superior),
      subordinate: Number(values.subordinate),
    });
    if (circle) refusals.push(refusalOfCircle(await namesOf(tx, circle)));
  }
  return refusals;
}

/** What a field refers to, and is not there for this person. */
async function missingReferences(tx: Transaction, kind: EntryKind, place: Place, values: Values): Promise<Refusal[]> {
  const refusals: Refusal[] = [];
  for (const field of kind.fields.filter((one) => isReference(one.kind))) {
    const id = values[field.key] as number | null | undefined;
    if (id == null) continue;
    const where = {
      organisation: sql`registers.organisation where id = ${id} and dissolved_on is null`,
      building: sql`registers.building where id = ${id} and estate_id = ${place.estateId}`,
      grid: sql`registers.grid where id = ${id} and scope = ${place.scope}`,
    }[field.kind as 'organisation'];
    const found = await sql`select from ${where}`.execute(tx);
    if (found.rows.length === 0) refusals.push(refusal(`没有找到所填的${field.label}`, { field: field.key }));
  }
  return refusals;
}

async function coveredBy(tx: Transaction, ids: readonly number[], scope: string): Promise<CoveredEstate[]> {
  const { rows } = await sql<{ name: string; scope: string; area: bigint | null }>`
    select name, scope, floor_area_centi_m2 as area from registers.estate where id = any (${[...ids]}::int[]) order by scope`.execute(
    tx,
  );
  const lead = scope.slice(0, 12).replace(/(?:000){0,2}$/, '');
  return rows.map((one) => ({ name: one.name, within: one.scope.startsWith(lead), floorAreaCentiM2: one.area }));
}

async function namesOf(tx: Transaction, ids: readonly number[]): Promise<string[]> {
  const { rows } = await sql<{ id: number; name: string }>`
    select id, name from registers.organisation where id = any (${[...ids]}::int[])`.execute(tx);
  return ids.map((id) => rows.find((one) => one.id === id)?.name ?? '');
}

// ── Where it lies

async function placeOf(tx: Transaction, kind: EntryKind, input: Values): Promise<Place | undefined> {
  const found = {
    estate: sql<Place>`select e.scope, a.name as "areaName", e.id as "estateId" from registers.estate e join registers.area a on a.code = e.community_code
      where e.id = ${input.estate} and platform.in_scope(e.scope)`,
    community: sql<Place>`select code as scope, name as "areaName", null::int as "estateId" from registers.area
      where code = ${input.area} and level = 'community' and platform.in_scope(code)`,
    area: sql<Place>`select code as scope, name as "areaName", null::int as "estateId" from registers.area
      where code = ${input.area} and platform.in_scope(code)`,
    bodies: sql<Place>`select o.scope, coalesce(a.name, '') as "areaName", null::int as "estateId"
      from registers.organisation o join registers.organisation s on s.id = ${input.superior} left join registers.area a on a.code = o.area_code
      where o.id = ${input.subordinate} and (platform.in_scope(o.scope) or platform.in_scope(s.scope))`,
  }[kind.place];
  return (await found.execute(tx)).rows[0];
}

const outOfSight = (kind: EntryKind) =>
  ({
    estate: '没有这个小区或这项登记，或不在您的辖区内',
    community: '没有这个社区或这项登记，或不在您的辖区内',
    area: '没有这个区划或这项登记，或不在您的辖区内',
    bodies: '没有这两个单位或这项登记，或都不在您的辖区内',
  })[kind.place];

/** Within the range the person may write in; a relation that is only read is nobody's here. */
async function lockHeld(tx: Transaction, kind: EntryKind, id: number): Promise<(Held & Place) | undefined> {
  if (kind.place === 'bodies') await lockRanks(tx);
  const held = await lockEntry(tx, kind, id);
  if (!held) return undefined;
  const { rows } = await sql<{
    name: string;
  }>`select name from registers.area where code = left(${held.scope}, 12)`.execute(tx);
  return { ...held, areaName: rows[0]?.name ?? '' };
}

// ── Words

const periodOf = (input: Values): Period => ({
  fromOn: (input.fromOn as string | undefined) ?? null,
  toOn: (input.toOn as string | undefined) ?? null,
});
const documentOf = (input: Values) => (input.document as string | undefined) ?? null;
const estatesOf = (input: Values) => (input.estates as number[] | undefined) ?? [];

/** The fields as the journal keeps them. */
const toldOf = (kind: EntryKind, input: Values) =>
  Object.fromEntries([
    ...kind.fields.map((field) => [field.key, input[field.key] ?? null]),
    ...(kind.estates && input.estates ? [['estates', input.estates]] : []),
    ['document', documentOf(input)],
  ]);

async function recordFor(
  tx: Transaction,
  person: Person,
  kind: EntryKind,
  { estateId }: Place,
  act: string,
  id: number,
  detail: Record<string, unknown>,
  reason?: string,
): Promise<void> {
  await record(tx, {
    chain: estateId === null ? `organisation:${person.post.organisationId!}` : `estate:${estateId}`,
    act: `entries.${act}`,
    object: `${kind.code}:${id}`,
    detail,
    ...(reason !== undefined && { reason }),
  });
}
