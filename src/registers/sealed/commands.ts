/** Acts on sealed fields: lock, judge, save, record. Opening records itself (migrations/0015-sealed-reads.sql). */
import { type Refusal, verdictOf } from '../../kernel/results.ts';
import { sql, type Transaction } from '../../platform/database.ts';
import { notFound, type Person, type Refused } from '../../platform/http.ts';
import { record } from '../../platform/journal.ts';
import type { Purpose, Sealing } from '../../platform/sealing.ts';
import { refusalsOfDecision, refusalsOfErasure, refusalsOfReason } from './rules.ts';

/** One telephone for one reason. */
export async function openPhone(tx: Transaction, sealing: Sealing, personId: number, purpose: Purpose) {
  const said = typeof purpose === 'object' && 'reason' in purpose ? purpose.reason : '';
  const refused = refusedFor(refusalsOfReason(said));
  if (refused) return refused;
  const { rows } = await sql<{ subject: string | null; sealed: Buffer | null }>`
    select subject, phone_sealed as sealed from registers.person where id = ${personId}`.execute(tx);
  const found = rows[0];
  if (!found) return notFound('没有这个人，或不在您的辖区内');
  const { subject, sealed } = found;
  return { phone: subject && sealed ? await sealing.open(tx, { subject, field: 'phone', sealed }, purpose) : null };
}

export async function askErasure(
  tx: Transaction,
  person: Person,
  input: { id: number; reason: string },
  today: string,
) {
  const { rows } = await sql<{ scope: string; sealed: boolean; open: boolean }>`
    select scope, phone_sealed is not null or identity_sealed is not null as sealed,
      exists (select from registers.erasure e where e.person_id = p.id and e.carried_out is null) as open
    from registers.person p where id = ${input.id} and platform.in_scope(scope) for update`.execute(tx);
  const found = rows[0];
  if (!found) return notFound('没有这个人，或不在您的辖区内');
  const refused = refusedFor([...refusalsOfReason(input.reason), ...refusalsOfErasure(found)]);
  if (refused) return refused;
  const { rows: made } = await sql<{ id: number }>`
    insert into registers.erasure (person_id, scope, reason, asked_by, organisation_id, asked_on)
    values (${input.id}, ${found.scope}, ${input.reason}, ${person.personId}, ${person.post.organisationId}, ${today}) returning id`.execute(
    tx,
  );
  const { id } = made[0]!;
  await note(tx, person, 'erasureAsked', id, input.reason, { person: input.id });
  return { id };
}

/** The security administrator's decision; carrying out destroys the key. */
export async function decideErasure(
  tx: Transaction,
  person: Person,
  input: { id: number; carryOut: boolean; answer: string },
  today: string,
) {
  const { rows } = await sql<{ askedBy: number; decided: boolean; personId: number }>`
    select asked_by as "askedBy", carried_out is not null as decided, person_id as "personId" from registers.erasure where id = ${input.id} for update`.execute(
    tx,
  );
  const found = rows[0];
  if (!found) return notFound('没有这件申请，或不在您的辖区内');
  const refused = refusedFor([...refusalsOfReason(input.answer), ...refusalsOfDecision(found, person.personId)]);
  if (refused) return refused;
  if (input.carryOut) await sql`select registers.erase(${input.id}, ${input.answer})`.execute(tx);
  else
    await sql`update registers.erasure set carried_out = false, answer = ${input.answer}, decided_by = ${person.personId}, decided_on = ${today}
      where id = ${input.id}`.execute(tx);
  await note(tx, person, input.carryOut ? 'erased' : 'erasureRefused', input.id, input.answer, {
    person: found.personId,
  });
  return { carriedOut: input.carryOut };
}

function refusedFor(refusals: readonly Refusal[]): Refused | undefined {
  const verdict = verdictOf(refusals);
  return verdict.allowed ? undefined : verdict;
}

function note(
  tx: Transaction,
  person: Person,
  act: string,
  id: number,
  reason: string,
  detail: Record<string, unknown>,
) {
  return record(tx, {
    chain: `organisation:${person.post.organisationId!}`,
    act: `sealed.${act}`,
    object: `erasure:${id}`,
    detail,
    reason,
  });
}
