import type { LocalDate } from '../../kernel/local-date.ts';
import { labelOfPeriod } from '../../kernel/local-date.ts';
import { type Fragment, sql, type Transaction } from '../../platform/database.ts';
import type { Directive } from './contract.ts';
import type { Owed } from './rules.ts';

/** A directive with what its acts need beside what the screens show. */
export type DirectiveRow = Directive & {
  subjectKind: string | null;
  subjectId: string | null;
  subjectScope: string | null;
  periodKey: string | null;
  originId: number;
};

type Page = { offset: number; limit: number };

export async function selectDirectives(tx: Transaction, where: Fragment, page?: Page): Promise<DirectiveRow[]> {
  return (await pageOfDirectives(tx, where, page)).rows;
}

/** The page is cut and counted first: names are looked up for what is shown. Past the last row the count is asked apart. */
export async function pageOfDirectives(
  tx: Transaction,
  where: Fragment,
  page?: Page,
): Promise<{ rows: DirectiveRow[]; total: number }> {
  const order = sql`order by d.is_open desc, d.due, d.id`;
  const { rows } = await sql<DirectiveRow & { total: number }>`
    select d.id, d.above_id as "aboveId", d.clause_id as "clauseId", d.title, d.demand, d.matter, d.subject_label as "subjectLabel", d.period as "periodKey",
      d.subject_kind as "subjectKind", d.subject_id as "subjectId", d.subject_scope as "subjectScope", d.from_id as "fromId", f.name as "fromName",
      d.to_id as "toId", t.name as "toName", d.origin_id as "originId", g.name as "originName", d.issued_on as "issuedOn", d.due, d.state, d.overdue,
      platform.today() - d.due as "daysLate", d.total
    from (select d.*, count(*) over ()::int as total from oversight.directive_standing d where ${where} ${order}
      ${page ? sql`limit ${page.limit} offset ${page.offset}` : sql``}) d
    join registers.organisation f on f.id = d.from_id join registers.organisation t on t.id = d.to_id join registers.organisation g on g.id = d.origin_id
    ${order}`.execute(tx);
  const total = rows[0]?.total ?? (page && page.offset > 0 ? await countWhere(tx, where) : 0);
  return {
    rows: rows.map(({ total: _, ...row }) => ({ ...row, period: row.periodKey && labelOfPeriod(row.periodKey) })),
    total,
  };
}

export async function countWhere(tx: Transaction, where: Fragment): Promise<number> {
  const { rows } = await sql<{ total: number }>`
    select count(*)::int as total from oversight.directive_standing d where ${where}`.execute(tx);
  return rows[0]!.total;
}

/** Two acts on one directive wait for one another. */
export async function lockDirective(tx: Transaction, id: number): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('oversight.directive'), ${id}::int)`.execute(tx);
}

/** Two that ask the same of one body wait for one another. */
export async function lockRecipient(tx: Transaction, id: number): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('oversight.directive to'), ${id}::int)`.execute(tx);
}

export type OwedRow = Owed & {
  id: number;
  matter: string;
  subjectKind: string;
  subjectId: string;
  subjectLabel: string;
  periodKey: string;
};

/** The duty asked for, as it stands for whoever asks. */
export async function findOwed(tx: Transaction, where: Fragment): Promise<OwedRow | undefined> {
  const { rows } = await sql<OwedRow>`
    select d.id, d.matter, r.label, d.subject_kind as "subjectKind", d.subject_id as "subjectId", d.subject_label as "subjectLabel", d.period as "periodKey",
      d.scope as "subjectScope", d.bearer_id as "bearerId", d.due_on as "dueOn", d.standing, d.met_on as "metOn", d.filing_id as "filingId"
    from oversight.duty_standing d join registers.requirement r on r.id = d.requirement_id where ${where} order by d.id limit 1`.execute(
    tx,
  );
  return rows[0] && { ...rows[0], period: labelOfPeriod(rows[0].periodKey) };
}

export async function findRecipient(tx: Transaction, id: number, today: LocalDate) {
  const { rows } = await sql<{ id: number; name: string; scope: string; dissolved: boolean }>`
    select id, name, scope, coalesce(dissolved_on <= ${today}::date, false) as dissolved from registers.organisation where id = ${id}::int`.execute(
    tx,
  );
  return rows[0];
}

export async function findClause(tx: Transaction, id: string): Promise<{ demand: string } | undefined> {
  const { rows } = await sql<{ demand: string }>`select demand from registers.clause where id = ${id}`.execute(tx);
  return rows[0];
}

export interface NewDirective {
  aboveId: number | null;
  clauseId: string;
  title: string;
  demand: string;
  owed: Pick<OwedRow, 'matter' | 'subjectKind' | 'subjectId' | 'subjectLabel' | 'periodKey' | 'subjectScope'> | null;
  scope: string;
  originId: number;
  fromId: number;
  toId: number;
  issuedOn: LocalDate;
  dueOn: LocalDate;
  personId: number;
  postId: number;
}

export async function insertDirective(tx: Transaction, one: NewDirective): Promise<number> {
  const { owed } = one;
  const { rows } = await sql<{ id: number }>`
    insert into oversight.directive (above_id, clause_id, title, demand, matter, subject_kind, subject_id, subject_label, period, subject_scope, scope,
      origin_id, from_id, to_id, issued_on, due_on, person_id, post_id)
    values (${one.aboveId}, ${one.clauseId}, ${one.title}, ${one.demand}, ${owed?.matter ?? null}, ${owed?.subjectKind ?? null}, ${owed?.subjectId ?? null},
      ${owed?.subjectLabel ?? null}, ${owed?.periodKey ?? null}, ${owed?.subjectScope ?? null}, ${one.scope}, ${one.originId}, ${one.fromId}, ${one.toId},
      ${one.issuedOn}, ${one.dueOn}, ${one.personId}, ${one.postId}) returning id`.execute(tx);
  return rows[0]!.id;
}

export interface NewStep {
  directiveId: number;
  act: string;
  state: string;
  note: string;
  until: LocalDate | null;
  organisationId: number;
  personId: number;
  postId: number;
  takenOn: LocalDate;
}

export async function insertStep(tx: Transaction, step: NewStep): Promise<void> {
  await sql`insert into oversight.directive_step (directive_id, act, state, note, until, organisation_id, person_id, post_id, taken_on)
    values (${step.directiveId}, ${step.act}, ${step.state}, ${step.note}, ${step.until}, ${step.organisationId}, ${step.personId}, ${step.postId}, ${step.takenOn})`.execute(
    tx,
  );
}

export interface StepRow {
  id: number;
  act: string;
  note: string;
  until: string | null;
  organisationName: string;
  by: string | null;
  takenOn: string;
}

export async function selectSteps(tx: Transaction, id: number): Promise<StepRow[]> {
  const { rows } = await sql<StepRow>`
    select s.id, s.act, s.note, s.until, o.name as "organisationName", p.name as by, s.taken_on as "takenOn"
    from oversight.directive_step s join registers.organisation o on o.id = s.organisation_id left join registers.person p on p.id = s.person_id
    where s.directive_id = ${id}::int order by s.id`.execute(tx);
  return rows;
}
