import { divisionRange } from '../../kernel/identifiers.ts';
import { labelOfPeriod } from '../../kernel/local-date.ts';
import { judge } from '../../law/procedure.ts';
import { type Fragment, sql, type Transaction } from '../../platform/database.ts';
import type { Person } from '../../platform/http.ts';
import type { Filing } from './contract.ts';
import type { FilingAct, FilingRole } from './filings.ts';
import { filingProcedure } from './procedure.ts';
import { countFilings, selectFilings } from './store.ts';

export interface FilingFilter {
  area?: string | undefined;
  estate?: number | undefined;
  matter?: string | undefined;
  subjectKind?: string | undefined;
  subjectId?: string | undefined;
  evidenceDue?: 'yes' | 'no' | undefined;
  text?: string | undefined;
}

function wanted(filter: FilingFilter): Fragment {
  const parts: Fragment[] = [];
  if (filter.area) {
    const { lo, hi } = divisionRange(filter.area);
    parts.push(sql`f.scope >= ${lo} and f.scope < ${hi}`);
  }
  if (filter.estate) parts.push(sql`f.estate_id = ${filter.estate}::int`);
  if (filter.matter) parts.push(sql`f.matter = ${filter.matter}`);
  if (filter.subjectKind) parts.push(sql`f.subject_kind = ${filter.subjectKind}`);
  if (filter.subjectId) parts.push(sql`f.subject_id = ${filter.subjectId}`);
  const due = sql`f.evidence = 'to-follow' and not exists (select from filings.withdrawal w where w.filing_id = f.id) and not exists (select from filings.evidence e where e.filing_id = f.id)`;
  if (filter.evidenceDue) parts.push(filter.evidenceDue === 'yes' ? sql`(${due})` : sql`not (${due})`);
  if (filter.text)
    parts.push(sql`(f.subject_label like ${containing(filter.text)} or f.summary like ${containing(filter.text)})`);
  return parts.length === 0 ? sql`true` : sql.join(parts, sql` and `);
}

function containing(text: string): string {
  return `%${text.replaceAll(/[\\%_]/g, (letter) => `\\${letter}`)}%`;
}

export async function findFilings(
  tx: Transaction,
  filter: FilingFilter,
  page: { offset: number; limit: number },
): Promise<{ rows: Filing[]; total: number }> {
  const where = wanted(filter);
  return { rows: (await selectFilings(tx, where, page)).map(spoken), total: await countFilings(tx, where) };
}

export async function findFiling(tx: Transaction, id: number): Promise<Filing | undefined> {
  const [filing] = await selectFilings(tx, sql`f.id = ${id}::int`);
  return filing && spoken(filing);
}

export async function findEvidence(
  tx: Transaction,
  filingId: number,
): Promise<{ id: number; name: string; digest: string; addedBy: string; addedAt: string }[]> {
  const { rows } = await sql<{ id: number; name: string; digest: string; addedBy: string | null; addedAt: Date }>`
    select e.id, e.name, e.file_digest as digest, p.name as "addedBy", e.added_at as "addedAt"
    from filings.evidence e left join registers.person p on p.id = e.person_id where e.filing_id = ${filingId} order by e.id`.execute(
    tx,
  );
  return rows.map((row) => ({ ...row, addedBy: row.addedBy ?? '—', addedAt: row.addedAt.toISOString() }));
}

/** Which acts are open to this person on this filing, and why not: from the one table that also guards the commands. */
export function actsOn(filing: Filing, person: Person, today: string) {
  return (Object.keys(filingProcedure.steps) as FilingAct[]).map((act) => {
    const verdict = judgeAct(filing, person, act, today);
    return {
      act,
      label: filingProcedure.steps[act].label,
      allowed: verdict.allowed,
      refusals: verdict.allowed ? [] : verdict.refusals.map((one) => one.reason),
    };
  });
}

export function judgeAct(filing: Filing, person: Person, act: FilingAct, today: string) {
  const state = filing.withdrawn === null ? 'filed' : 'withdrawn';
  return judge(filingProcedure, act, {
    state,
    role: roleOn(filing, person),
    noun: { today: today as never },
    on: today as never,
  });
}

function roleOn(filing: Filing, person: Person): FilingRole {
  if (filing.organisationId === person.post.organisationId) return 'filer';
  return person.actor.standing === 'office' ? 'supervisor' : 'other';
}

function spoken(filing: Filing): Filing {
  return { ...filing, period: labelOfPeriod(filing.period) };
}

/** What shows the deeds of an estate: the files, each with what it shows; what was withdrawn shows nothing. */
export async function evidenceOfEstate(
  tx: Transaction,
  estate: { id: number },
): Promise<{ name: string; digest: string; what: string }[]> {
  const { rows } = await sql<{ name: string; digest: string; label: string; subject: string; period: string }>`
    select e.name, e.file_digest as digest, coalesce(r.label, f.matter) as label, f.subject_label as subject, f.period
    from filings.filing f join filings.evidence e on e.filing_id = f.id
    left join lateral (select label from registers.requirement r where r.key = f.matter and r.kind = 'duty' order by r.retired_at nulls first, r.id limit 1) r on true
    where f.estate_id = ${estate.id}::int and not exists (select from filings.withdrawal w where w.filing_id = f.id) order by f.filed_on, f.id, e.id`.execute(
    tx,
  );
  return rows.map(({ name, digest, label, subject, period }) => ({
    name,
    digest,
    what: `${label}，${subject}，${labelOfPeriod(period)}`,
  }));
}
