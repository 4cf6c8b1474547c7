/**
 * The month: what is due on which day, counted by matter. Worked out when asked, the wall sheet too: a copy prepared on the first of the
 * month would be wrong as soon as something is filed, and standing is never stored.
 */
import { addDays, type LocalDate, labelOfPeriod, localDate, parsePeriod, weekdayOf } from '../../kernel/local-date.ts';
import { isRestDay, isSettled } from '../../kernel/term.ts';
import { SUBJECTS, type Subject } from '../../law/conditions.ts';
import { sql, type Transaction } from '../../platform/database.ts';
import { requirementsInForce } from '../../registers/requirements/index.ts';
import type { MonthLine } from './contract.ts';
import { readCalendar } from './conventions.ts';
import { type DutyFilter, standing, wanted } from './queries.ts';

/** What stands on no wall: calculated on trial, or only told. */
export const TOLD = ['trial', 'informs'];

export interface MonthFilter {
  month: string;
  area?: string | undefined;
  bearer?: number | undefined;
  /** Instead of one bearer. */
  bearers?: readonly number[] | undefined;
}

export async function findLines(
  tx: Transaction,
  { bearers, ...filter }: MonthFilter,
  { binding = false }: { binding?: boolean } = {},
): Promise<MonthLine[]> {
  const { rows } = await sql<Omit<MonthLine, 'about'> & { id: number; subjectLabel: string }>`
    select r.key as matter, r.label, r.clauses, r.source, d.effect, d.bearer_kind as "bearerKind", d.subject_kind as "subjectKind", d.period, d.due_on as "dueOn",
      bool_or(d.provisional) as provisional, count(*)::int as total, (count(*) filter (where d.standing = 'met'))::int as done,
      (count(*) filter (where d.standing = 'overdue'))::int as overdue, min(d.id) as id, min(d.subject_label) as "subjectLabel"
    from ${standing}
    where ${wanted(filter as DutyFilter)} and d.standing in ('overdue', 'due-soon', 'not-due', 'met')
      and ${bearers ? sql`d.bearer_id = any (${sql.val([...bearers])}::int[])` : sql`true`}
      and ${binding ? sql`d.effect <> all (${sql.val(TOLD)}::text[])` : sql`true`}
    group by r.id, r.key, r.label, r.clauses, r.source, d.effect, d.bearer_kind, d.subject_kind, d.period, d.due_on
    order by d.due_on, r.id, d.period`.execute(tx);
  return rows.map(({ id, subjectLabel, ...line }) => ({
    ...line,
    period: labelOfPeriod(line.period),
    id: line.total === 1 ? id : null,
    about: line.total === 1 ? subjectLabel : `${line.total} 个${SUBJECTS[line.subjectKind as Subject].label}`,
  }));
}

/** Each day of the month, whether it is a rest day, and whether the notices that decide it are known. */
export async function findDays(tx: Transaction, month: string) {
  const calendar = await readCalendar(tx);
  const { from, to } = parsePeriod(month)!;
  const days: { on: LocalDate; rest: boolean; marked: 'rest' | 'work' | null; settled: boolean }[] = [];
  for (let on = from; on <= to; on = addDays(on, 1)) {
    const rest = isRestDay(on, calendar);
    const weekend = weekdayOf(on) >= 6;
    days.push({
      on,
      rest,
      // What the notice changed, and what it names a holiday on a weekend.
      marked: calendar.rest.has(on) ? 'rest' : weekend && !rest ? 'work' : null,
      settled: isSettled(on, calendar),
    });
  }
  return days;
}

/** Campaigns in force in an area whose last day falls into the month. */
export async function findEnds(tx: Transaction, area: string | null, month: string, today: string) {
  if (area === null) return [];
  const { from, to } = parsePeriod(month)!;
  return (await requirementsInForce(tx, area, today)).flatMap(({ id, label, clauses, definition }) => {
    const by = definition.kind === 'indicator' ? definition.by : null;
    return by !== null && by >= from && by <= to ? [{ on: localDate(by), indicator: id, label, clauses }] : [];
  });
}

/** The bodies whose duties hang on a community's wall: its residents' committee and its party organisation. */
export async function findBodiesOf(tx: Transaction, area: string): Promise<{ name: string; ids: number[] } | null> {
  const { rows } = await sql<{ name: string; ids: number[] }>`
    select a.name, array(select o.id from registers.organisation o where o.area_code = a.code and o.dissolved_on is null
        and o.kind in ('residents-committee', 'community-party-organisation') order by o.id) as ids
    from registers.area a where a.code = ${area} and a.level = 'community'`.execute(tx);
  return rows[0] ?? null;
}

export async function nameOfBody(tx: Transaction, id: number): Promise<string | null> {
  const { rows } = await sql<{
    name: string;
  }>`select coalesce(short_name, name) as name from registers.organisation where id = ${id}::int`.execute(tx);
  return rows[0]?.name ?? null;
}

/** Overdue since before the month. */
export async function countOwedBefore(tx: Transaction, bearers: readonly number[], month: string): Promise<number> {
  const { rows } = await sql<{ owed: number }>`
    select count(*)::int as owed from ${standing}
    where ${wanted({ standing: 'overdue' })} and d.bearer_id = any (${sql.val([...bearers])}::int[]) and d.due_on < ${parsePeriod(month)!.from}::date
      and d.effect <> all (${sql.val(TOLD)}::text[])`.execute(tx);
  return rows[0]!.owed;
}
