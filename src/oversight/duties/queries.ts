import type { OutputOf } from '../../kernel/contract.ts';
import { divisionRange } from '../../kernel/identifiers.ts';
import { dateOf, type LocalDate, labelOfPeriod, parsePeriod } from '../../kernel/local-date.ts';
import { RECIPIENTS, type Recipient } from '../../law/pack.ts';
import { type Fragment, sql, type Transaction } from '../../platform/database.ts';
import type { Duty, DutyStanding, readDuty, Subtraction } from './contract.ts';
import { levels } from './escalate.ts';
import type { WaiverState } from './procedure.ts';

export interface DutyFilter {
  area?: string | undefined;
  year?: number | undefined;
  standing?: DutyStanding | DutyStanding[] | undefined;
  category?: string | undefined;
  matter?: string | undefined;
  clause?: string | undefined;
  effect?: string | undefined;
  bearer?: number | undefined;
  borneBy?: number | undefined;
  awaited?: number | undefined;
  waiting?: 'yes' | undefined;
  estate?: number | undefined;
  evidenceDue?: 'yes' | undefined;
  fallenDue?: 'yes' | undefined;
  text?: string | undefined;
  /** Due in this month: 2026-12. */
  month?: string | undefined;
}

/** `d` is the standing of a duty, `r` its requirement. The area narrows beside row-level security, so that the index serves both. */
export function wanted(filter: DutyFilter): Fragment {
  const parts: Fragment[] = [];
  if (filter.area) {
    const { lo, hi } = divisionRange(filter.area);
    parts.push(sql`d.scope >= ${lo} and d.scope < ${hi}`);
  }
  if (filter.year)
    // A pause moves no duty into another year's book.
    parts.push(sql`d.first_due_on between ${dateOf(filter.year, 1, 1)}::date and ${dateOf(filter.year, 12, 31)}::date`);
  const month = filter.month && parsePeriod(filter.month);
  if (month) parts.push(sql`d.due_on between ${month.from}::date and ${month.to}::date`);
  if (filter.standing) {
    const standings = [filter.standing].flat();
    parts.push(sql`d.standing = any (${sql.val(standings)}::text[])`);
    // What is still owed can be told from the duty alone, before anything done is looked up.
    if (!standings.some((one) => one === 'met' || one === 'waived'))
      parts.push(sql`d.if_undone = any (${sql.val(standings)}::text[])`);
    if (standings.every((one) => one === 'overdue')) parts.push(sql`d.first_due_on < platform.today()`); // by index; a pause only moves it later
  }
  if (filter.category) parts.push(sql`r.category = ${filter.category}`);
  if (filter.matter) parts.push(sql`d.matter = ${filter.matter}`);
  // Resolved first, so that the duties of a few requirements are looked up by them.
  if (filter.clause)
    parts.push(
      sql`d.requirement_id = any (array(select q.id from registers.requirement q where q.clauses @> array[${filter.clause}]::text[]))`,
    );
  if (filter.effect) parts.push(sql`d.effect = ${filter.effect}`);
  if (filter.bearer) parts.push(countsAgainst(filter.bearer));
  if (filter.borneBy) parts.push(sql`d.bearer_id = ${filter.borneBy}::int`);
  if (filter.awaited)
    parts.push(sql`d.id = any (${waitingFor(filter.awaited)}) and d.awaited_id = ${filter.awaited}::int`);
  if (filter.waiting) parts.push(sql`d.awaited_id is not null`);
  if (filter.estate) parts.push(sql`d.estate_id = ${filter.estate}::int`);
  if (filter.evidenceDue) parts.push(sql`d.evidence_due`);
  if (filter.fallenDue) parts.push(sql`d.due_on < platform.today()`);
  if (filter.text) {
    const like = `%${filter.text.replaceAll(/[\\%_]/g, (letter) => `\\${letter}`)}%`;
    parts.push(sql`(d.subject_label like ${like} or r.label like ${like} or b.name like ${like})`);
  }
  return parts.length === 0 ? sql`true` : sql.join(parts, sql` and `);
}

/** Its own, but for those that wait for another; and those of others that wait for it. The first half is for the index. */
function countsAgainst(body: number): Fragment {
  return sql`(d.bearer_id = ${body}::int or d.id = any (${waitingFor(body)})) and coalesce(d.awaited_id, d.bearer_id) = ${body}::int`;
}

function waitingFor(body: number): Fragment {
  return sql`array(select w.id from oversight.duty w join oversight.fact_waiting t
    on t.requirement_id = w.requirement_id and t.subject_kind = w.subject_kind and t.subject_id = w.subject_id and t.period = w.period
    where t.awaited_id = ${body}::int)`;
}

const named = sql`join registers.requirement r on r.id = d.requirement_id left join registers.organisation b on b.id = d.bearer_id
  left join registers.organisation x on x.id = d.awaited_id`;
export const standing = sql`oversight.duty_standing d ${named}`;

const row = sql`d.id, d.matter, r.label, r.category, d.effect, r.clauses, r.source, p.label as "packLabel",
  d.subject_kind as "subjectKind", d.subject_id as "subjectId", d.subject_label as "subjectLabel", d.estate_id as "estateId",
  concat_ws(' ', sub.name, com.name) as place, d.bearer_id as "bearerId", d.bearer_kind as "bearerKind", b.name as "bearerName",
  r.definition->'owedTo' as "owedTo", r.definition->'supporting' as supporting, r.definition->'guides' as guides, d.period,
  d.due_on as "dueOn", d.provisional, d.standing, d.paused_days as "pausedDays", d.paused_until as "pausedUntil",
  d.awaited_id as "awaitedId", x.name as "awaitedName", d.waiting_since as "waitingSince", platform.today() - d.waiting_since as "waitingDays", d.in_trial as "inTrial", platform.today() - d.due_on as "daysLate", d.met_on as "metOn",
  d.filing_id as "filingId", coalesce(d.evidence_due, false) as "evidenceDue", d.waived_reason as "waivedReason"`;
const places = sql`join registers.pack p on p.id = r.pack_id
  left join registers.area sub on sub.code = left(d.scope, 9) || '000' and sub.level = 'subdistrict'
  left join registers.area com on com.code = left(d.scope, 12) and com.level = 'community'`;

const inWords = (kinds: readonly string[]) => kinds.map((kind) => RECIPIENTS[kind as Recipient]);

/** A duty with its period and the bodies about it in words. */
function spoken<One extends Duty>(one: One): One {
  return {
    ...one,
    owedTo: inWords(one.owedTo),
    supporting: inWords(one.supporting),
    guides: inWords(one.guides),
    periodKey: one.period,
    period: labelOfPeriod(one.period),
  };
}

/** Overdue first, longest first; then what comes next. Counted in the same pass; past the last row there is nothing to count, and it is asked apart. */
export async function findDuties(
  tx: Transaction,
  filter: DutyFilter,
  { offset, limit }: { offset: number; limit: number },
): Promise<{ rows: Duty[]; total: number }> {
  const order = sql`order by case d.standing when 'overdue' then 0 when 'due-soon' then 1 when 'not-due' then 2 else 3 end, d.due_on, d.id`;
  // The page is cut first: names and places are looked up for what is shown.
  const { rows } = await sql<Duty & { total: number }>`
    select ${row}, d.total from (select d.*, count(*) over ()::int as total from ${standing} where ${wanted(filter)} ${order} limit ${limit} offset ${offset}) d
    ${named} ${places} ${order}`.execute(tx);
  if (rows.length === 0 && offset > 0) return { rows: [], total: await countDuties(tx, filter) };
  return { rows: rows.map(({ total: _, ...one }) => spoken(one)), total: rows[0]?.total ?? 0 };
}

export async function countDuties(tx: Transaction, filter: DutyFilter): Promise<number> {
  const { rows } = await sql<{
    total: number;
  }>`select count(*)::int as total from ${standing} where ${wanted(filter)}`.execute(tx);
  return rows[0]!.total;
}

export type DutyInPlace = Duty & {
  requirementId: number;
  scope: string;
  periodFrom: LocalDate | null;
  waitId: number | null;
};

export async function findDuty(tx: Transaction, id: number): Promise<DutyInPlace | undefined> {
  const { rows } = await sql<DutyInPlace>`
    select ${row}, d.requirement_id as "requirementId", d.scope, d.period as "periodKey", d.period_from as "periodFrom", d.wait_id as "waitId" from ${standing} ${places} where d.id = ${id}`.execute(
    tx,
  );
  return rows[0] && spoken(rows[0]);
}

/** Counts by standing. `required` is what had to be done by today where enrolled: met or overdue; a waiver and a trial calculation are not in it. */
const sums = sql`
  count(*) filter (where d.standing = 'overdue' or (d.standing = 'met' and d.due_on < platform.today()))::int as required,
  count(*) filter (where d.standing = 'met' and d.due_on < platform.today())::int as done,
  count(*) filter (where d.standing = 'overdue')::int as owed,
  count(*) filter (where d.standing = 'due-soon')::int as "dueSoon",
  count(*) filter (where d.standing = 'not-due')::int as "notDue",
  count(*) filter (where d.standing = 'paused')::int as paused,
  count(*) filter (where d.standing = 'waived')::int as waived,
  count(*) filter (where d.standing = 'not-enrolled')::int as "notEnrolled",
  count(*) filter (where d.standing = 'lapsed')::int as lapsed,
  count(*) filter (where d.evidence_due)::int as "evidenceDue"`;

export async function sumDuties(tx: Transaction, filter: DutyFilter): Promise<Subtraction> {
  const { rows } = await sql<Subtraction>`select ${sums} from ${standing} where ${wanted(filter)}`.execute(tx);
  return rows[0]!;
}

type Board = {
  total: Subtraction;
  categories: (Subtraction & { category: string })[];
  matters: (Subtraction & {
    matter: string;
    label: string;
    category: string | null;
    effect: string;
    clauses: string[];
    packLabel: string;
  })[];
  areas: (Subtraction & { code: string; name: string; level: string; inTrial: boolean })[];
};

/**
 * The whole board from one pass over the duties: grouped by requirement and by the area one level below, summed up here.
 * `below` is how many digits of the code tell the child areas apart.
 */
export async function readBoardOf(tx: Transaction, filter: DutyFilter, below: number): Promise<Board> {
  type Cell = Subtraction & { requirement: number; child: string };
  const { rows: cells } = await sql<Cell>`
    select d.requirement_id as requirement, left(d.scope, ${below}::int) as child, ${sums} from oversight.duty_standing d where ${wanted(filter)} group by 1, 2`.execute(
    tx,
  );
  const { rows: requirements } = await sql<{
    id: number;
    matter: string;
    label: string;
    category: string | null;
    effect: string;
    clauses: string[];
    packLabel: string;
  }>`
    select r.id, r.key as matter, r.label, r.category, r.effect, r.clauses, p.label as "packLabel" from registers.requirement r join registers.pack p on p.id = r.pack_id
    where r.id = any (${sql.val([...new Set(cells.map((cell) => cell.requirement))])}::int[]) order by r.id`.execute(
    tx,
  );
  const { rows: areas } = await sql<{ code: string; name: string; level: string; inTrial: boolean }>`
    select code, name, level, coalesce(trial_until >= platform.today(), false) as "inTrial" from registers.area
    where code = any (${sql.val([...new Set(cells.map((cell) => cell.child.padEnd(12, '0')))])}::text[]) order by code`.execute(
    tx,
  );
  const of = (test: (cell: Cell) => boolean) => addUp(cells.filter(test));
  const matters = requirements.map(({ id, ...requirement }) => ({
    ...requirement,
    ...of((cell) => cell.requirement === id),
  }));
  const categories = Map.groupBy(requirements, (one) => one.category ?? 'reports');
  return {
    total: addUp(cells),
    matters,
    categories: [...categories].map(([category, ones]) => ({
      category,
      ...of((cell) => ones.some((one) => one.id === cell.requirement)),
    })),
    areas: areas.map((area) => ({ ...area, ...of((cell) => cell.child.padEnd(12, '0') === area.code) })),
  };
}

function addUp(cells: readonly Subtraction[]): Subtraction {
  const sum = (name: keyof Subtraction) => cells.reduce((total, cell) => total + cell[name], 0);
  return {
    required: sum('required'),
    done: sum('done'),
    owed: sum('owed'),
    dueSoon: sum('dueSoon'),
    notDue: sum('notDue'),
    paused: sum('paused'),
    waived: sum('waived'),
    notEnrolled: sum('notEnrolled'),
    lapsed: sum('lapsed'),
    evidenceDue: sum('evidenceDue'),
  };
}

/** Where to step in first: bodies and places with overdue binding duties, the longest overdue first. Areas in trial mode are left out. */
export async function findInterventions(tx: Transaction, filter: DutyFilter, limit: number) {
  const { rows } = await sql<{
    subjectKind: string;
    subjectId: string;
    subjectLabel: string;
    estateId: number | null;
    place: string;
    bearerId: number | null;
    bearerName: string | null;
    bearerKind: string;
    overdue: number;
    daysLate: number;
    worst: { id: number; label: string; period: string; clauses: string[] };
  }>`
    with late as (
      select d.*, r.label, r.clauses, coalesce(d.awaited_id, d.bearer_id) as answerable_id, coalesce(x.name, b.name) as answerable_name,
        coalesce(x.kind, d.bearer_kind) as answerable_kind, row_number() over (partition by d.subject_kind, d.subject_id order by d.due_on, d.id) as place_in_line,
        count(*) over (partition by d.subject_kind, d.subject_id) as overdue
      from ${standing}
      where ${wanted({ ...filter, standing: 'overdue' })} and not d.in_trial and d.effect in ('refuses', 'opens-duty', 'warns'))
    select d.subject_kind as "subjectKind", d.subject_id as "subjectId", d.subject_label as "subjectLabel", d.estate_id as "estateId",
      concat_ws(' ', sub.name, com.name) as place, d.answerable_id as "bearerId", d.answerable_name as "bearerName", d.answerable_kind as "bearerKind", d.overdue::int as overdue,
      platform.today() - d.due_on as "daysLate", jsonb_build_object('id', d.id, 'label', d.label, 'period', d.period, 'clauses', d.clauses) as worst
    from late d
    left join registers.area sub on sub.code = left(d.scope, 9) || '000' and sub.level = 'subdistrict'
    left join registers.area com on com.code = left(d.scope, 12) and com.level = 'community'
    where d.place_in_line = 1 order by d.due_on, d.overdue desc, d.id limit ${limit}`.execute(tx);
  return rows.map((one) => ({ ...one, worst: { ...one.worst, period: labelOfPeriod(one.worst.period) } }));
}

export async function bearersOwing(
  tx: Transaction,
  filter: DutyFilter,
): Promise<{ bearerKind: string; owed: number }[]> {
  const { rows } = await sql<{ bearerKind: string; owed: number }>`
    select coalesce(x.kind, d.bearer_kind) as "bearerKind", count(*)::int as owed from ${standing} where ${wanted({ ...filter, standing: 'overdue' })} group by 1 order by 2 desc`.execute(
    tx,
  );
  return rows;
}

/** The rule behind a duty: its definition, and the clauses in our words. */
export async function readRuleOf(tx: Transaction, requirementId: number) {
  const { rows } = await sql<{
    definition: unknown;
    clauses: string[];
  }>`select definition, clauses from registers.requirement where id = ${requirementId}`.execute(tx);
  const { rows: demands } = await sql<{ id: string; section: string; demand: string; force: string }>`
    select id, section, demand, force from registers.clause where id = any (${sql.val(rows[0]!.clauses)}::text[]) order by position`.execute(
    tx,
  );
  return { definition: rows[0]!.definition, demands };
}

type Befallen = Pick<OutputOf<typeof readDuty>, 'pauses' | 'waits' | 'awaitable'> & {
  waiver:
    | (NonNullable<OutputOf<typeof readDuty>['waiver']> & {
        id: number;
        state: WaiverState;
        personId: number;
        fromAbove: boolean;
      })
    | null;
};

/** What has befallen a duty: the last proposal to waive it, its pauses and its waits, and whom it may wait for. */
export async function readBefallen(tx: Transaction, duty: DutyInPlace): Promise<Befallen> {
  const here = sql`requirement_id = ${duty.requirementId} and subject_kind = ${duty.subjectKind} and subject_id = ${duty.subjectId} and period = ${duty.periodKey}`;
  const { rows: waivers } = await sql<NonNullable<Befallen['waiver']>>`
    select w.id, w.person_id as "personId", w.reason, w.document, coalesce(o.name, '—') as "proposedBy", (w.waived_at at time zone 'Asia/Shanghai')::date as "proposedOn",
      case when w.alone or c.confirmed then 'confirmed' when c.waiver_id is not null then 'declined' else 'proposed' end as state,
      b.name as "decidedBy", c.answer, coalesce(platform.in_scope(o.scope), false) as "fromAbove"
    from oversight.waiver w left join registers.organisation o on o.id = w.organisation_id
    left join oversight.waiver_decision c on c.waiver_id = w.id left join registers.organisation b on b.id = c.organisation_id
    where ${here} order by w.id desc limit 1`.execute(tx);
  const { rows: pauses } = await sql<Befallen['pauses'][number]>`
    select p.from_on as "from", p.to_on as "to", p.reason, p.basis, o.name as by, e.resumed_on as "resumedOn", e.reason as "resumedReason"
    from oversight.pause p join registers.organisation o on o.id = p.organisation_id left join oversight.resumption e on e.pause_id = p.id
    where ${here} order by p.id`.execute(tx);
  const { rows: waits } = await sql<Befallen['waits'][number]>`
    select o.name as awaited, w.since_on as since, w.asked, e.ended_on as "endedOn", e.answered, e.answer, coalesce(e.ended_on, platform.today()) - w.since_on as days
    from oversight.wait w join registers.organisation o on o.id = w.awaited_id left join oversight.wait_end e on e.wait_id = w.id
    where ${here} order by w.id`.execute(tx);
  // The offices of its place and above, the company that serves its estate and the committee that represents it: all of them see it.
  const { rows: awaitable } = await sql<Befallen['awaitable'][number]>`
    select o.id, o.name from registers.organisation o
    where o.dissolved_on is null and o.id is distinct from ${duty.bearerId}::int
      and (o.scope = any (registers.places_above(${duty.scope})) and o.kind not in ('property-company', 'owners-committee', 'management-committee')
        or o.id in (select s.company_id from registers.service_project s where s.estate_id = ${duty.estateId}::int and coalesce(s.ended_on, 'infinity') > platform.today())
        or o.id in (select c.organisation_id from registers.committee c where c.estate_id = ${duty.estateId}::int))
    order by length(o.scope) desc, o.scope desc, o.id`.execute(tx);
  return { waiver: waivers[0] ?? null, pauses, waits, awaitable };
}

/** Duties of others that wait for a body, the longest wait first. */
export async function waitsFor(tx: Transaction, body: number, limit: number): Promise<(Duty & { asked: string })[]> {
  const { rows } = await sql<Duty & { asked: string }>`
    select ${row}, w.asked from ${standing} ${places} join oversight.wait w on w.id = d.wait_id
    where ${wanted({ awaited: body })} order by w.since_on, w.id limit ${limit}`.execute(tx);
  return rows.map(spoken);
}

/** Proposals to waive that this person, in a post of this body, may decide: another's, of this body or of one below it. */
export async function findProposals(
  tx: Transaction,
  personId: number,
  body: number,
  limit: number,
): Promise<(Duty & { proposedReason: string })[]> {
  const { rows } = await sql<Duty & { proposedReason: string }>`
    select ${row}, v.reason as "proposedReason" from ${standing} ${places}
    join oversight.waiver v on v.requirement_id = d.requirement_id and v.subject_kind = d.subject_kind and v.subject_id = d.subject_id and v.period = d.period
    join registers.organisation o on o.id = v.organisation_id
    where d.standing <> 'met' and v.person_id <> ${personId}::int and d.bearer_id is distinct from ${body}::int and platform.in_scope(o.scope)
      and not exists (select from oversight.waiver_decision c where c.waiver_id = v.id)
    order by v.id limit ${limit}`.execute(tx);
  return rows.map(spoken);
}

const sameDuty = (one: string) =>
  sql.raw(
    `${one}.requirement_id = d.requirement_id and ${one}.subject_kind = d.subject_kind and ${one}.subject_id = d.subject_id and ${one}.period = d.period`,
  );

/** The levels of a duty: whom it would be taken to, and what happened already. */
export async function findEscalations(tx: Transaction, id: number): Promise<OutputOf<typeof readDuty>['escalations']> {
  const { rows } = await sql<OutputOf<typeof readDuty>['escalations'][number]>`
    select l.level, l.after_days as after, l.recipient_kind as kind, o.name as recipient, w.stepped_on as "warnedOn", e.stepped_on as "escalatedOn"
    from oversight.duty d join ${levels} l on l.requirement_id = d.requirement_id
    left join oversight.escalation w on ${sameDuty('w')} and w.level = l.level and w.stage = 'warned'
    left join oversight.escalation e on ${sameDuty('e')} and e.level = l.level and e.stage = 'escalated'
    left join registers.organisation o on o.id = coalesce(e.recipient_id, w.recipient_id, registers.nearest_body(l.recipient_kind, d.scope))
    where d.id = ${id}::int order by l.level`.execute(tx);
  return rows;
}

/** What was taken to a body and is still overdue, the latest first; once each, however many levels ended with it. */
export async function escalatedTo(
  tx: Transaction,
  body: number,
  limit: number,
): Promise<(Duty & { escalatedOn: LocalDate })[]> {
  const { rows } = await sql<Duty & { escalatedOn: LocalDate }>`
    select ${row}, e.stepped_on as "escalatedOn" from (
      select requirement_id, subject_kind, subject_id, period, max(stepped_on) as stepped_on from oversight.escalation
      where recipient_id = ${body}::int and stage = 'escalated' group by 1, 2, 3, 4) e
    join ${standing} on ${sameDuty('e')} ${places} where d.standing = 'overdue' order by e.stepped_on desc, d.due_on, d.id limit ${limit}`.execute(
    tx,
  );
  return rows.map(spoken);
}

/** What counts against a body and will be taken further unless it is done: to whom, and from which day on. */
export async function warnedOf(
  tx: Transaction,
  body: number,
  warnDays: number,
  limit: number,
): Promise<(Duty & { recipient: string; escalatesOn: LocalDate })[]> {
  const { rows } = await sql<Duty & { recipient: string; escalatesOn: LocalDate }>`
    select ${row}, o.name as recipient, greatest(d.due_on + w.after_days, w.stepped_on + ${warnDays}::int) as "escalatesOn"
    from oversight.escalation w join ${standing} on ${sameDuty('w')} ${places} join registers.organisation o on o.id = w.recipient_id
    where w.stage = 'warned' and coalesce(d.awaited_id, d.bearer_id) = ${body}::int and d.standing in ('overdue', 'due-soon')
      and not exists (select from oversight.escalation e where ${sameDuty('e')} and e.level = w.level and e.stage = 'escalated')
    order by "escalatesOn", d.id limit ${limit}`.execute(tx);
  return rows.map(spoken);
}

/** The subtraction of every clause that has duties; a duty of two clauses counts under both. */
export async function sumByClause(
  tx: Transaction,
  filter: DutyFilter,
): Promise<{ id: string; required: number; done: number; owed: number }[]> {
  const { rows } = await sql<{ id: string; required: number; done: number; owed: number }>`
    select c.id, s.required, s.done, s.owed from (
      select clause as id, sum(required)::int as required, sum(done)::int as done, sum(owed)::int as owed
      from (select r.clauses, ${sums} from ${standing} where ${wanted(filter)} group by r.id, r.clauses) d, unnest(d.clauses) as clause group by 1) s
    join registers.clause c on c.id = s.id order by c.id`.execute(tx);
  return rows;
}
