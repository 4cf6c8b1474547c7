import { divisionRange } from '../../kernel/identifiers.ts';
import type { LocalDate } from '../../kernel/local-date.ts';
import { sql, type Transaction } from '../../platform/database.ts';
import type { IndicatorMonth } from './contract.ts';
import {
  type Asked,
  add,
  definitionOf,
  figureOf,
  figureSums,
  indicatorsIn,
  matterLabels,
  nothing,
  population,
  sharedSource,
} from './queries.ts';
import { type Figure, isLineOf, monthsToTake } from './rules.ts';

/** Keeps the figures of every month's end that has none yet, and says of which. Two schedulers at once take each month once. */
export async function takeSnapshots(tx: Transaction, today: LocalDate): Promise<LocalDate[]> {
  await sql`select pg_advisory_xact_lock(hashtext('indicators.snapshot'))`.execute(tx);
  const { rows } = await sql<{
    last: LocalDate | null;
  }>`select max(as_of) as last from oversight.indicator_snapshot`.execute(tx);
  const months = monthsToTake(rows[0]!.last, today);
  for (const asOf of months) await takeSnapshot(tx, asOf, today);
  return months;
}

async function takeSnapshot(tx: Transaction, asOf: LocalDate, today: LocalDate): Promise<void> {
  const asked = (await indicatorsIn(tx, undefined, asOf)).filter(({ entry }) => isLineOf(entry, asOf));
  if (asked.length === 0) return;
  const labels = await matterLabels(tx);
  const once = [...new Map(asked.map((one) => [one.requirement.id, one])).values()];
  const heads = once.map(
    (one) => sql`(${one.requirement.id}::int, ${asOf}::date, ${definitionOf(one, labels)}::text, ${today}::date)`,
  );
  await sql`insert into oversight.indicator_snapshot (requirement_id, as_of, definition, taken_on) values ${sql.join(heads)}`.execute(
    tx,
  );
  const from = sharedSource();
  const parts = asked.map(
    (one) =>
      sql`select ${one.requirement.id}::int as requirement, p.* from (${population(one, { enrolled: true, from })}) p`,
  );
  await sql`
    insert into oversight.indicator_snapshot_cell (requirement_id, as_of, scope, numerator, denominator, unknown, unweighed)
    ${from.heads()} select requirement, ${asOf}::date, left(scope, 12), ${figureSums} from (${sql.join(parts, sql` union all `)}) p group by 1, 3`.execute(
    tx,
  );
}

/** The line of an indicator in an area, month by month; with `anew`, beside it what the registers say of each day now. */
export async function readTrendOf(
  tx: Transaction,
  { id, area, anew }: { id: number; area?: string | undefined; anew?: 'yes' | undefined },
  today: LocalDate,
): Promise<IndicatorMonth[]> {
  const [first] = await indicatorsIn(tx, area, today, id);
  if (!first) return [];
  const range =
    area === undefined ? sql`` : sql`and c.scope >= ${divisionRange(area).lo} and c.scope < ${divisionRange(area).hi}`;
  const { rows } = await sql<Figure & { asOf: LocalDate; definition: string; takenOn: string }>`
    select s.as_of as "asOf", s.definition, s.taken_on as "takenOn", coalesce(sum(c.numerator), 0)::bigint as numerator,
      coalesce(sum(c.denominator), 0)::bigint as denominator, coalesce(sum(c.unknown), 0)::bigint as unknown, coalesce(sum(c.unweighed), 0)::bigint as unweighed
    from oversight.indicator_snapshot s
    left join oversight.indicator_snapshot_cell c on c.requirement_id = s.requirement_id and c.as_of = s.as_of ${range}
    where s.requirement_id = ${id}::int group by s.requirement_id, s.as_of order by s.as_of`.execute(tx);
  // Before the first subject was enrolled there is nothing to draw.
  const start = rows.findIndex((row) => row.denominator > 0n || row.unweighed > 0n);
  const months = start < 0 ? [] : rows.slice(start);
  const spoken: IndicatorMonth[] = [];
  for (const row of months) {
    const { asOf, definition, takenOn } = row;
    const now = anew ? figureOf(await figureAnew(tx, id, area, asOf), first.entry) : null;
    spoken.push({ asOf, definition, takenOn, ...figureOf(row, first.entry), anew: now });
  }
  return spoken;
}

async function figureAnew(tx: Transaction, id: number, area: string | undefined, asOf: LocalDate): Promise<Figure> {
  const asked: Asked[] = await indicatorsIn(tx, area, asOf, id);
  const parts = asked.map((one) => sql`select ${figureSums} from (${population(one, { enrolled: true })}) p`);
  if (parts.length === 0) return nothing;
  const { rows } = await sql<Figure>`${sql.join(parts, sql` union all `)}`.execute(tx);
  return rows.reduce(add, nothing);
}
