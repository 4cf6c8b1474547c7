import type { LocalDate } from '../../kernel/local-date.ts';
import type { Subject } from '../../law/conditions.ts';
import { type Fragment, sql, type Transaction } from '../../platform/database.ts';
import { facts } from './subjects.ts';

export interface FoundSubject {
  kind: Subject;
  id: string;
  label: string;
  /** 12-digit code, with the estate's serial where it belongs to one. */
  scope: string;
  estateId: number | null;
  companyId: number | null;
  committeeId: number | null;
  enrolledOn: LocalDate;
}

/** The rows of a kind of subject as they were on a day; to be given an alias. */
export function subjectsOn(kind: Subject, day: Fragment): Fragment {
  const { from, only } = facts[kind];
  return only === undefined
    ? sql`${sql.raw(from)}(${day})`
    : sql`(select * from ${sql.raw(from)}(${day}) f where ${sql.raw(`f.${only}`)})`;
}

/**
 * The same, only where the caller answers. Row-level security narrows everything else by itself; areas are no secret to anybody, but what
 * happens in them is asked by their own offices.
 */
export function subjectsInSight(kind: Subject, day: Fragment): Fragment {
  return facts[kind].from === 'registers.fact_areas'
    ? sql`(select * from ${subjectsOn(kind, day)} a where platform.in_scope(a.scope))`
    : subjectsOn(kind, day);
}

/** A subject within the caller's sight, or undefined. */
export async function findSubject(
  tx: Transaction,
  kind: Subject,
  id: string,
  on: LocalDate,
): Promise<FoundSubject | undefined> {
  const { rows } = await sql<FoundSubject>`
    select ${kind} as kind, s.subject_id as id, s.label, s.scope, s.estate_id as "estateId", s.company_id as "companyId",
      s.committee_id as "committeeId", s.enrolled_on as "enrolledOn"
    from ${subjectsInSight(kind, sql`${on}::date`)} s where s.subject_id = ${id}`.execute(tx);
  return rows[0];
}
