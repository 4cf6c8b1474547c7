import { addMonths, dateOf, type LocalDate, laterOf, localDate, yearOf } from '../../kernel/local-date.ts';
import type { RestCalendar } from '../../kernel/term.ts';
import type { DutyEntry } from '../../law/pack.ts';
import { afterEvent, EVENTS, type Occurrence, occurrences } from '../../law/recurrence.ts';
import { type Fragment, sql, type Transaction } from '../../platform/database.ts';
import { filedSql } from '../../procedures/filings/index.ts';
import { type RangedRequirement, requirementsByRange } from '../../registers/requirements/index.ts';
import { conditionSql, subjectsOn } from '../../registers/subjects/index.ts';
import { type Conventions, readCalendar, readConventions } from './conventions.ts';

/** How far the board looks: from the first day of last year to half a year ahead. Ours; no regulation sets it. */
export function horizonOf(today: LocalDate, yearsBack = 1): { from: LocalDate; to: LocalDate } {
  return { from: dateOf(yearOf(today) - yearsBack, 1, 1), to: addMonths(today, 6) };
}

const identity = ['requirement_id', 'subject_kind', 'subject_id', 'period'];
const rest = [
  'matter',
  'effect',
  'subject_label',
  'scope',
  'estate_id',
  'bearer_kind',
  'bearer_id',
  'period_from',
  'period_to',
  'warn_on',
  'due_on',
  'provisional',
  'enrolled_on',
];
const columns = sql.raw([...identity, ...rest].join(', '));

/**
 * Works out, as the engine, which duties there are: rule × subject × period, as the registers were at the end of each period (as they are now
 * for periods still running). The whole answer is computed anew and merged: a second run changes nothing, and what no longer follows from
 * packs and registers goes away. Standing is not stored; it is the subtraction, made when someone looks.
 * Returns how many duties there are and how many rows had to change.
 */
export async function materialiseDuties(
  tx: Transaction,
  today: LocalDate,
  horizon = horizonOf(today),
): Promise<{ duties: number; changed: number }> {
  const calendar = await readCalendar(tx);
  const conventions = await readConventions(tx, today);
  await sql`create temporary table due_now on commit drop as select ${columns} from oversight.duty with no data`.execute(
    tx,
  );
  for (const requirement of await requirementsByRange(tx, 'duty', today)) {
    const duty = requirement.definition as unknown as DutyEntry;
    const due = await dueIn(tx, requirement, duty, horizon, calendar, conventions);
    if (due.length > 0) await insertDuties(tx, requirement, duty, due, today, conventions);
  }
  const same = sql.raw(identity.map((name) => `n.${name} = d.${name}`).join(' and '));
  const gone = await sql`delete from oversight.duty d where not exists (select from due_now n where ${same})`.execute(
    tx,
  );
  const written = await sql`
    insert into oversight.duty (${columns}) select ${columns} from due_now
    on conflict (${sql.raw(identity.join(', '))}) do update set ${sql.raw(rest.map((name) => `${name} = excluded.${name}`).join(', '))}
    where (${sql.raw(rest.map((name) => `duty.${name}`).join(', '))}) is distinct from (${sql.raw(rest.map((name) => `excluded.${name}`).join(', '))})`.execute(
    tx,
  );
  const { rows } = await sql<{ duties: number }>`select count(*)::int as duties from due_now`.execute(tx);
  return { duties: rows[0]!.duties, changed: Number((gone.numAffectedRows ?? 0n) + (written.numAffectedRows ?? 0n)) };
}

/** The occurrences of a duty within the horizon and within the days its pack is in force here; a duty with one fixed day is always shown. */
async function dueIn(
  tx: Transaction,
  requirement: RangedRequirement,
  { due, over }: DutyEntry,
  horizon: { from: LocalDate; to: LocalDate },
  calendar: RestCalendar,
  { roll }: Conventions,
): Promise<Occurrence[]> {
  if (due.shape === 'once') return occurrences(due, due.on, due.on, calendar, { roll });
  const from = laterOf(horizon.from, localDate(requirement.from));
  const until = (day: LocalDate) => day <= horizon.to && (requirement.to === null || day < requirement.to);
  if (due.shape === 'afterEvent') {
    const attribute = EVENTS[due.event].attribute.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    const { rows } = await sql<{ day: LocalDate }>`
      select distinct s.${sql.raw(attribute)} as day from ${subjectsOn(over as Exclude<typeof over, 'duties'>, sql`${horizon.to}::date`)} s
      where s.${sql.raw(attribute)} >= ${addMonths(from, -12)}::date and ${within(requirement)}`.execute(tx);
    return rows
      .map(({ day }) => afterEvent(due, day, calendar, { roll }))
      .filter((one) => one.dueOn >= from && until(one.dueOn));
  }
  // A duty about the period just ended is due long after that period began: look back far enough to meet it.
  return occurrences(due, addMonths(from, -24), horizon.to, calendar, { roll }).filter(
    (one) => one.dueOn >= horizon.from && one.to >= localDate(requirement.from) && until(one.dueOn),
  );
}

async function insertDuties(
  tx: Transaction,
  requirement: RangedRequirement,
  duty: DutyEntry,
  due: readonly Occurrence[],
  today: LocalDate,
  conventions: Conventions,
): Promise<void> {
  const over = duty.over;
  const list = (values: readonly (string | boolean | number)[]) => sql.val(values);
  // Periods that are over are asked as they were on their last day; the rest as things stand.
  const asOf = due.map((one) => (one.to < today ? one.to : today));
  const event =
    duty.due.shape === 'afterEvent'
      ? sql`and s.${sql.raw(EVENTS[duty.due.event].attribute.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`))} = p.period_from`
      : sql``;
  const condition = duty.where
    ? sql`and ${conditionSql(over, duty.where, (matter) => filedSql(over, matter, sql`p.as_of`))}`
    : sql``;
  await sql`
    insert into due_now (${columns})
    select ${requirement.id}::int, ${over}, s.subject_id, p.period,
      ${requirement.key}, ${requirement.effect}, s.label, s.scope, s.estate_id, ${duty.bearer}, b.id, p.period_from, p.period_to,
      p.due_on - ${duty.warnDays ?? conventions.warnDays}::int, p.due_on, p.provisional, greatest(s.enrolled_on, b.enrolled_on, ${requirement.since}::date)
    from unnest(${list(due.map((one) => one.key))}::text[], ${list(due.map((one) => one.from))}::date[], ${list(due.map((one) => one.to))}::date[],
      ${list(due.map((one) => one.dueOn))}::date[], ${list(due.map((one) => one.provisional))}::boolean[], ${list(asOf)}::date[])
      as p (period, period_from, period_to, due_on, provisional, as_of)
    cross join lateral ${subjectsOn(over, sql`p.as_of`)} s
    left join lateral ${bearerOf(duty.bearer)} b on true
    where ${within(requirement)} ${event} ${condition}`.execute(tx);
}

/** Subjects inside the requirement's range, and not where a lower pack has set the same key in its own way. */
function within({ lo, hi, except }: RangedRequirement): Fragment {
  return sql.join(
    [
      sql`s.scope >= ${lo} and s.scope < ${hi}`,
      ...except.map((range) => sql`not (s.scope >= ${range.lo} and s.scope < ${range.hi})`),
    ],
    sql` and `,
  );
}

/** The body that bears the duty for subject `s`: itself, the one that serves or represents it, or the nearest of its kind up the administrative chain. */
function bearerOf(kind: string): Fragment {
  if (kind === 'property-company' || kind === 'company-party-organisation') {
    return sql`(select o.id, o.enrolled_on from registers.organisation o where o.id = s.company_id)`;
  }
  if (kind === 'owners-committee' || kind === 'management-committee') {
    return sql`(select o.id, o.enrolled_on from registers.organisation o where o.id = s.committee_id)`;
  }
  return sql`(select o.id, o.enrolled_on from registers.organisation o where o.kind = ${kind} and o.dissolved_on is null
    and o.scope in (s.scope, left(s.scope, 12), left(s.scope, 9) || '000', left(s.scope, 6) || '000000', left(s.scope, 4) || '00000000', left(s.scope, 2) || '0000000000')
    order by o.scope desc limit 1)`;
}
