/** Read-only views of the flaws. Who sees which is the policy of the tables they are found in, not a condition here. */
import type { OutputOf, ReadInputOf } from '../../kernel/contract.ts';
import { divisionRange } from '../../kernel/identifiers.ts';
import { type Fragment, sql, type Transaction } from '../../platform/database.ts';
import { titleOf } from '../people/index.ts';
import type { countFlaws, Flaw, FlawKind, listFlaws as listFlawsContract } from './contract.ts';
import { flawKinds } from './contract.ts';
import { flawSources } from './flaws.ts';

const kinds = Object.keys(flawKinds) as FlawKind[];

interface Filter {
  area?: string | undefined;
  kind?: FlawKind | undefined;
  keeper?: number | undefined;
}

/** All flaws of some kinds in some place; only the sources that can have them are read. */
function flaws({ area, kind, keeper }: Filter, today: string): Fragment {
  const asked = flawSources.filter((one) => kind === undefined || one.kinds.includes(kind));
  const conditions = [sql`true`];
  if (kind !== undefined) conditions.push(sql`f.kind = ${kind}`);
  if (area !== undefined) {
    const { lo, hi } = divisionRange(area);
    conditions.push(sql`f.scope >= ${lo} and f.scope < ${hi}`);
  }
  // Asked of the places under that body once each, not of every flaw.
  if (keeper !== undefined)
    conditions.push(sql`case when f.keeper_id is null then left(f.scope, 12) in (
      select a.code from registers.area a where (select g.scope from registers.organisation g where g.id = ${keeper}::int) = any (registers.places_above(a.code))
        and registers.keeper_of(a.code) = ${keeper}::int) else f.keeper_id = ${keeper}::int end`);
  return sql`(${sql.join(
    asked.map((one) => one.rows(today)),
    sql` union all `,
  )}) f (kind, id, name, estate_id, scope, keeper_id, detail, since) where ${sql.join(conditions, sql` and `)}`;
}

/** The body that can put it right: the one that answers for it, or the nearest that keeps the register. */
const keeperOf = sql`coalesce(f.keeper_id, registers.keeper_of(left(f.scope, 12)))`;

const inOrder = sql`array_position(${sql.val(kinds)}::text[], f.kind)`;
const orders = { kind: inOrder, area: sql`f.scope`, since: sql`f.since` };

/** One page, cut before keepers and their posts are looked up. Past the last row the count is asked apart. */
export async function listFlaws(
  tx: Transaction,
  input: ReadInputOf<typeof listFlawsContract>,
  today: string,
): Promise<OutputOf<typeof listFlawsContract>> {
  const { offset, limit } = input;
  const order = sql`${orders[input.sort]} ${input.order === 'desc' ? sql`desc` : sql`asc`} nulls last, ${inOrder}, f.scope, f.id`;
  type Row = Omit<Flaw, 'posts'> & { total: number; keeperKind: string; roles: string[] };
  const { rows } = await sql<Row>`
    with cut as (select f.*, count(*) over ()::int as total from ${flaws(input, today)} order by ${order} offset ${offset} limit ${limit}),
      kept as (select f.*, ${keeperOf} as body_id from cut f)
    select f.kind, f.id, f.name, f.estate_id as "estateId", a.name as "areaName", f.detail, f.since, f.total, g.id as "keeperId", g.name as "keeperName",
      coalesce(g.kind, '') as "keeperKind", coalesce(h.roles, '{}') as roles
    from kept f join registers.area a on a.code = left(f.scope, 12) left join registers.organisation g on g.id = f.body_id
    left join (
      select o.organisation_id, array_agg(distinct o.role order by o.role) as roles from registers.post o
      where o.organisation_id in (select body_id from kept) and o.from_on <= ${today}::date and coalesce(o.to_on, 'infinity') > ${today}::date
      group by o.organisation_id) h on h.organisation_id = g.id
    order by ${order}`.execute(tx);
  if (rows.length === 0 && offset > 0)
    return { rows: [], total: (await listFlaws(tx, { ...input, offset: 0, limit: 1 }, today)).total, offset, limit };
  return {
    rows: rows.map(({ total: _, keeperKind, roles, ...one }) => ({
      ...one,
      posts: roles.map((role) => titleOf(role, keeperKind)),
    })),
    total: rows[0]?.total ?? 0,
    offset,
    limit,
  };
}

/** How many of each kind; kinds that are not found are not among them. */
export async function readFlawCounts(
  tx: Transaction,
  input: ReadInputOf<typeof countFlaws>,
  today: string,
): Promise<OutputOf<typeof countFlaws>> {
  const { rows } = await sql<{ kind: FlawKind; total: number }>`
    select f.kind, count(*)::int as total from ${flaws(input, today)} group by f.kind
    order by ${inOrder}`.execute(tx);
  return { items: rows };
}
