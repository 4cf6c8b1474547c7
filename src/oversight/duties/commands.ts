import { verdictOf } from '../../kernel/results.ts';
import { sql, type Transaction } from '../../platform/database.ts';
import { notFound, type Refused } from '../../platform/http.ts';
import { record } from '../../platform/journal.ts';
import type { Duty } from './contract.ts';
import { findDuty } from './queries.ts';
import { refusalsOfWaiver } from './rules.ts';

export interface Waiver {
  id: number;
  reason: string;
  document?: string | undefined;
  personId: number;
  postId: number;
  organisationId: number;
}

/** Waives a duty with a reason; the duty stays visible as waived. */
export async function waiveDuty(tx: Transaction, waiver: Waiver): Promise<Duty | Refused> {
  const duty = await findDuty(tx, waiver.id);
  if (!duty) return notFound('没有这项义务，或不在您的辖区内。');
  const verdict = verdictOf(
    refusalsOfWaiver({ standing: duty.standing, ownDuty: duty.bearerId === waiver.organisationId }),
  );
  if (!verdict.allowed) return verdict;
  await sql`insert into oversight.waiver (requirement_id, subject_kind, subject_id, period, scope, estate_id, reason, document, person_id, post_id)
    values (${duty.requirementId}, ${duty.subjectKind}, ${duty.subjectId}, ${duty.periodKey}, ${duty.scope}, ${duty.estateId}, ${waiver.reason}, ${waiver.document ?? null}, ${waiver.personId}, ${waiver.postId})`.execute(
    tx,
  );
  await record(tx, {
    chain: duty.estateId === null ? `organisation:${waiver.organisationId}` : `estate:${duty.estateId}`,
    act: 'duties.waived',
    object: `duty:${duty.matter}:${duty.subjectKind}:${duty.subjectId}:${duty.periodKey}`,
    detail: { document: waiver.document ?? null },
    reason: waiver.reason,
  });
  return (await findDuty(tx, waiver.id))!;
}
