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

/** One filing at a time for one matter, subject and period: a second one waits here and then finds the first. */
export async function lockMatter(
  tx: Transaction,
  { matter, subjectKind, subjectId, period }: Pick<NewFiling, 'matter' | 'subjectKind' | 'subjectId' | 'period'>,
): Promise<void> {
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
    from filings.filing f
    join registers.organisation o on o.id = f.organisation_id
    left join registers.person p on p.id = f.person_id
    left join filings.withdrawal w on w.filing_id = f.id
    left join lateral (select count(*) as files from filings.evidence e where e.filing_id = f.id) e on true
    left join lateral (select label from registers.requirement r where r.key = f.matter and r.kind = 'duty' order by r.retired_at nulls first, r.id limit 1) r on true
    where ${where} order by f.filed_on desc, f.id desc
    ${page ? sql`limit ${page.limit} offset ${page.offset}` : sql``}`.execute(tx);
  return rows.map((row) => ({ ...row, filedBy: row.filedBy ?? '—' }));
}

export async function countFilings(tx: Transaction, where: Fragment): Promise<number> {
  const { rows } = await sql<{ total: number }>`select count(*)::int as total from filings.filing f
    left join filings.withdrawal w on w.filing_id = f.id where ${where}`.execute(tx);
  return rows[0]!.total;
}
