import type { LocalDate } from '../../kernel/local-date.ts';
import { type Fragment, sql, type Transaction } from '../../platform/database.ts';
import type { Evidence, Filing } from './contract.ts';

export interface NewFiling {
  matter: string;
  subjectKind: string;
  subjectId: string;
  subjectLabel: string;
  scope: string;
  estateId: number | null;
  organisationId: number;
  period: string;
  doneOn: LocalDate;
  filedOn: LocalDate;
  personId: number;
  postId: number;
  summary: string | null;
  evidence: Evidence;
}

/** One filing at a time for one matter, subject and period: a second one waits here and then finds the first. So it does behind an import. */
export async function lockMatter(
  tx: Transaction,
  { matter, subjectKind, subjectId, period }: Pick<NewFiling, 'matter' | 'subjectKind' | 'subjectId' | 'period'>,
): Promise<void> {
  await sql`select pg_advisory_xact_lock_shared(hashtext('filings.imported'))`.execute(tx);
  await sql`select pg_advisory_xact_lock(hashtextextended(${[matter, subjectKind, subjectId, period].join('\n')}, 0))`.execute(
    tx,
  );
}

export async function isFiled(
  tx: Transaction,
  { matter, subjectKind, subjectId, period }: Pick<NewFiling, 'matter' | 'subjectKind' | 'subjectId' | 'period'>,
): Promise<boolean> {
  const { rows } = await sql`select from filings.fact_filed
    where matter = ${matter} and subject_kind = ${subjectKind} and subject_id = ${subjectId} and period = ${period}`.execute(
    tx,
  );
  return rows.length > 0;
}

export async function insertFiling(tx: Transaction, filing: NewFiling): Promise<number> {
  const { rows } = await sql<{ id: number }>`
    insert into filings.filing (matter, subject_kind, subject_id, subject_label, scope, estate_id, organisation_id, period, done_on, filed_on, person_id, post_id, summary, evidence)
    values (${filing.matter}, ${filing.subjectKind}, ${filing.subjectId}, ${filing.subjectLabel}, ${filing.scope}, ${filing.estateId}, ${filing.organisationId},
      ${filing.period}, ${filing.doneOn}, ${filing.filedOn}, ${filing.personId}, ${filing.postId}, ${filing.summary}, ${filing.evidence}) returning id`.execute(
    tx,
  );
  return rows[0]!.id;
}

/** Where imported deeds stand: who sent them, with which batch. */
export interface Imported {
  batchId: number;
  organisationId: number;
  personId: number;
  postId: number;
  filedOn: LocalDate;
}

/**
 * Files deeds of an import in one statement: `rows` (matter, subject_kind, subject_id, period_key, done_on, after), `subjects` (subject_kind,
 * subject_id, label, scope, estate_id). What is on file by now, or no longer in sight, is left out; the count says so.
 */
export async function insertImported(
  tx: Transaction,
  rows: Fragment,
  subjects: Fragment,
  by: Imported,
): Promise<number> {
  await sql`select pg_advisory_xact_lock(hashtext('filings.imported'))`.execute(tx);
  const { numAffectedRows } = await sql`
    insert into filings.filing (matter, subject_kind, subject_id, subject_label, scope, estate_id, organisation_id, period, done_on, filed_on, person_id, post_id, summary, evidence, batch_id)
    select r.matter, r.subject_kind, r.subject_id, s.label, s.scope, s.estate_id, ${by.organisationId}::int, r.period_key, r.done_on, ${by.filedOn}::date,
      ${by.personId}::int, ${by.postId}::int, r.after->>'summary', r.after->>'evidence', ${by.batchId}::int
    from (${rows}) r join (${subjects}) s on s.subject_kind = r.subject_kind and s.subject_id = r.subject_id
    where not exists (select from filings.fact_filed f
      where f.matter = r.matter and f.subject_kind = r.subject_kind and f.subject_id = r.subject_id and f.period = r.period_key)
    order by r.row_number`.execute(tx);
  return Number(numAffectedRows ?? 0);
}

/** Labels of a batch's filings on which somebody has built: withdrawn already, or with evidence that has come since. */
export async function builtOn(tx: Transaction, batchId: number): Promise<string[]> {
  const { rows } = await sql<{ label: string }>`
    select f.subject_label || '·' || f.period as label from filings.filing f
    where f.batch_id = ${batchId} and (exists (select from filings.evidence e where e.filing_id = f.id) or exists (select from filings.withdrawal w where w.filing_id = f.id))
    order by f.id`.execute(tx);
  return rows.map((row) => row.label);
}

export async function withdrawImported(
  tx: Transaction,
  batchId: number,
  reason: string,
  personId: number,
): Promise<void> {
  await sql`
    insert into filings.withdrawal (filing_id, reason, person_id)
    select id, ${reason}, ${personId}::int from filings.filing where batch_id = ${batchId}`.execute(tx);
}

export async function insertEvidence(
  tx: Transaction,
  filingId: number,
  digest: string,
  name: string,
  personId: number,
): Promise<void> {
  await sql`insert into filings.evidence (filing_id, file_digest, name, person_id) values (${filingId}, ${digest}, ${name}, ${personId})`.execute(
    tx,
  );
}

export async function insertWithdrawal(
  tx: Transaction,
  filingId: number,
  reason: string,
  personId: number,
): Promise<void> {
  await sql`insert into filings.withdrawal (filing_id, reason, person_id) values (${filingId}, ${reason}, ${personId})`.execute(
    tx,
  );
}

/** Filings as the screens show them; the label is the requirement's. */
export async function selectFilings(
  tx: Transaction,
  where: Fragment,
  page?: { offset: number; limit: number },
): Promise<Filing[]> {
  const { rows } = await sql<Filing>`
    select f.id, f.matter, coalesce(r.label, f.matter) as label, f.subject_kind as "subjectKind", f.subject_id as "subjectId", f.subject_label as "subjectLabel",
      f.period, f.done_on as "doneOn", f.filed_on as "filedOn", p.name as "filedBy", f.organisation_id as "organisationId", o.name as "organisationName", f.summary,
      case when f.evidence = 'to-follow' and e.files > 0 then 'attached' else f.evidence end as evidence, coalesce(e.files, 0)::int as files, w.reason as withdrawn
    from (
      select * from filings.filing f where ${where} order by f.filed_on desc, f.id desc ${page ? sql`limit ${page.limit} offset ${page.offset}` : sql``}
    ) f
    join registers.organisation o on o.id = f.organisation_id
    left join registers.person p on p.id = f.person_id
    left join filings.withdrawal w on w.filing_id = f.id
    left join lateral (select count(*) as files from filings.evidence e where e.filing_id = f.id) e on true
    left join lateral (select label from registers.requirement r where r.key = f.matter and r.kind = 'duty' order by r.retired_at nulls first, r.id limit 1) r on true
    order by f.filed_on desc, f.id desc`.execute(tx);
  return rows.map((row) => ({ ...row, filedBy: row.filedBy ?? '—' }));
}

export async function countFilings(tx: Transaction, where: Fragment): Promise<number> {
  const { rows } = await sql<{
    total: number;
  }>`select count(*)::int as total from filings.filing f where ${where}`.execute(tx);
  return rows[0]!.total;
}
