import { divisionRange } from '../../kernel/identifiers.ts';
import type { LocalDate } from '../../kernel/local-date.ts';
import { type DutyEntry, ORGANISATION_KINDS, type ParameterEntry, RECIPIENTS } from '../../law/pack.ts';
import { codesIn, textIn, valueOn } from '../../law/parameter.ts';
import { formatDue } from '../../law/recurrence.ts';
import { type Fragment, sql, type Transaction } from '../../platform/database.ts';
import { type RangedRequirement, requirementsByRange } from '../../registers/requirements/index.ts';
import type { Measure, OwnRule, RuleState } from './contract.ts';
import { sharesIn, speaksOf } from './rules.ts';

const inArea = (area: string | undefined) =>
  area === undefined ? sql`true` : sql`d.scope >= ${divisionRange(area).lo} and d.scope < ${divisionRange(area).hi}`;

/** Whether what a requirement says reaches into the area. */
function reaches({ lo, hi }: RangedRequirement, area: string | undefined): boolean {
  if (area === undefined) return true;
  const range = divisionRange(area);
  return (range.lo >= lo && range.hi <= hi) || (lo >= range.lo && hi <= range.hi);
}

/** One of each, though it may govern several areas. */
async function inForce(tx: Transaction, kind: 'duty' | 'parameter', area: string | undefined, today: LocalDate) {
  const all = (await requirementsByRange(tx, kind, today)).filter((one) => reaches(one, area));
  return [...new Map(all.map((one) => [one.id, one])).values()];
}

/** Each duty in force in the area: who carries it out, who guides, by when, and the subtraction in sight. */
export async function readMeasures(tx: Transaction, area: string | undefined, today: LocalDate): Promise<Measure[]> {
  const duties = await inForce(tx, 'duty', area, today);
  const ids = sql.val(duties.map((one) => one.id));
  const { rows: sums } = await sql<{ id: number; required: number; done: number }>`
    select d.requirement_id as id, count(*)::int as required, count(*) filter (where d.standing = 'met')::int as done
    from oversight.duty_standing d
    where d.requirement_id = any (${ids}::int[]) and ${inArea(area)} and (d.standing = 'overdue' or (d.standing = 'met' and d.due_on < platform.today()))
    group by 1`.execute(tx);
  const { rows: clauses } = await sql<{ id: string; section: string; position: number }>`
    select id, section, position from registers.clause where id = any (${sql.val(duties.flatMap((one) => one.clauses))}::text[])`.execute(
    tx,
  );
  const divisions = await readDivisions(tx, area, today);
  const placed = duties.map((one) => ({ one, clause: clauses.find(({ id }) => id === one.clauses[0]) }));
  placed.sort(
    (a, b) =>
      a.one.packLabel.localeCompare(b.one.packLabel, 'zh') ||
      (a.clause?.position ?? Number.MAX_SAFE_INTEGER) - (b.clause?.position ?? Number.MAX_SAFE_INTEGER) ||
      a.one.id - b.one.id,
  );
  return placed.map(({ one, clause }) => {
    const entry = one.definition as unknown as DutyEntry;
    const { required, done } = sums.find(({ id }) => id === one.id) ?? { required: 0, done: 0 };
    return {
      matter: one.key,
      label: one.label,
      section: clause?.section ?? '',
      packLabel: one.packLabel,
      clauses: one.clauses,
      bearer: ORGANISATION_KINDS[entry.bearer],
      guides: entry.guides.map((kind) => ORGANISATION_KINDS[kind]),
      supporting: entry.supporting.map((kind) => ORGANISATION_KINDS[kind]),
      shares: divisions.flatMap((of) =>
        of.packLabel === one.packLabel && clause && speaksOf(of.label, clause.section) ? sharesIn(of.text) : [],
      ),
      owedTo: entry.owedTo.map((kind) => RECIPIENTS[kind]),
      rhythm: formatDue(entry.due),
      effect: one.effect,
      required,
      done,
      owed: required - done,
    };
  });
}

/** The division of work as a text has it: parameters named `responsibility.…`. */
export async function readDivisions(tx: Transaction, area: string | undefined, today: LocalDate) {
  return (await inForce(tx, 'parameter', area, today)).flatMap(({ key, label, clauses, packLabel, definition }) => {
    const value = key.startsWith('responsibility.') && valueOn((definition as unknown as ParameterEntry).values, today);
    return value ? [{ key, label, text: textIn(value.is), clauses, packLabel }] : [];
  });
}

export interface RuleFilter {
  area?: string | undefined;
  matter?: string | undefined;
  state?: RuleState | undefined;
}

/** Where a pack says that a duty is met by a rule of the body's own, the place it speaks to and the matters. */
async function ownRuleMatters(tx: Transaction, today: LocalDate): Promise<Fragment> {
  const parts = (await requirementsByRange(tx, 'parameter', today)).flatMap(({ key, definition, lo, hi }) => {
    const value = key === 'ownRules.matters' && valueOn((definition as unknown as ParameterEntry).values, today);
    return value
      ? [sql`(d.matter = any (${sql.val([...codesIn(value.is)])}::text[]) and d.scope >= ${lo} and d.scope < ${hi})`]
      : [];
  });
  return parts.length === 0 ? sql`false` : sql`(${sql.join(parts, sql` or `)})`;
}

/** The latest of each rule a body is to have: on file with its day and papers, or a gap. Gaps first. Past the last row the count is asked apart. */
export async function findOwnRules(
  tx: Transaction,
  { area, matter, state }: RuleFilter,
  { offset, limit }: { offset: number; limit: number },
  today: LocalDate,
): Promise<{ rows: OwnRule[]; total: number }> {
  const { rows } = await sql<OwnRule & { total: number }>`
    with latest as (
      select distinct on (d.matter, d.subject_kind, d.subject_id) d.*,
        case when d.standing = 'met' then 'filed' when d.standing in ('not-due', 'due-soon') then 'pending' else 'missing' end as state
      from oversight.duty_standing d
      where ${await ownRuleMatters(tx, today)} and ${inArea(area)} and d.standing <> 'waived' ${matter ? sql`and d.matter = ${matter}` : sql``}
      order by d.matter, d.subject_kind, d.subject_id, d.due_on desc)
    select d.id as "dutyId", d.matter, r.label, r.clauses, b.name as "bodyName", d.subject_label as "subjectLabel", d.estate_id as "estateId", d.state,
      d.due_on as "dueOn", d.met_on as "ruledOn", f.summary, d.filing_id as "filingId",
      (select count(*)::int from filings.evidence e where e.filing_id = d.filing_id) as files, count(*) over ()::int as total
    from latest d join registers.requirement r on r.id = d.requirement_id left join registers.organisation b on b.id = d.bearer_id
      left join filings.filing f on f.id = d.filing_id
    where ${state ? sql`d.state = ${state}` : sql`true`}
    order by array_position(array['missing', 'pending', 'filed'], d.state), d.matter, d.scope, d.id limit ${limit} offset ${offset}`.execute(
    tx,
  );
  if (rows.length === 0 && offset > 0)
    return { rows: [], total: (await findOwnRules(tx, { area, matter, state }, { offset: 0, limit: 1 }, today)).total };
  return { rows: rows.map(({ total: _, ...one }) => one), total: rows[0]?.total ?? 0 };
}
