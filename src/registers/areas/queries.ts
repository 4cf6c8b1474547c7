/** Read-only views of the administrative tree. */

import type { OutputOf, ReadInputOf } from '../../kernel/contract.ts';
import { divisionRange } from '../../kernel/identifiers.ts';
import { sql, type Transaction } from '../../platform/database.ts';
import type { Area, listAreas as listAreasContract, showArea } from './contract.ts';

/**
 * The areas within sight of the asker and everything above them: an office's range, or the communities of a body's or owner's estates.
 */
const withinSight = sql`
  with recursive sight (code, parent_code) as (
    select code, parent_code from registers.area where platform.in_scope(code)
    union select a.code, a.parent_code from registers.area a join registers.estate e on e.community_code = a.code
    union select a.code, a.parent_code from registers.area a join sight s on a.code = s.parent_code
  )`;

const columns = sql`
  a.code, a.name, a.level, a.parent_code as "parentCode", p.name as "parentName", a.provisional, a.demonstration_zone as "demonstrationZone",
  a.enrolled_on as "enrolledOn", a.trial_until as "trialUntil", coalesce(a.trial_until >= platform.today(), false) as "inTrial",
  (select count(*)::int from registers.area c where c.parent_code = a.code) as children,
  (select count(*)::int from registers.estate e where e.scope >= prefix.lo and e.scope < prefix.lo || ':') as estates`;

/** The code without its trailing zero groups, in SQL: what every code below it begins with. */
const prefix = sql`
  cross join lateral (select regexp_replace(a.code, case a.level when 'province' then '0{10}$' when 'city' then '0{8}$' when 'district' then '0{6}$'
    when 'subdistrict' then '000$' else '$' end, '') collate "C" as lo) prefix`;

export async function listAreas(
  tx: Transaction,
  input: ReadInputOf<typeof listAreasContract>,
): Promise<OutputOf<typeof listAreasContract>> {
  const range = input.area ? divisionRange(input.area) : null;
  const where = sql`
    where a.code in (select code from sight)
      and (${range?.lo ?? null}::text is null or (a.code >= ${range?.lo ?? ''} and a.code < ${range?.hi ?? ''}))
      and (${input.level ?? null}::text is null or a.level = ${input.level ?? null})
      and (${input.search ?? null}::text is null or strpos(a.name, ${input.search ?? ''}) > 0 or starts_with(a.code, ${input.search ?? ''}))`;
  const { rows } = await sql<Area>`${withinSight}
    select ${columns} from registers.area a left join registers.area p on p.code = a.parent_code ${prefix} ${where}
    order by a.code offset ${input.offset} limit ${input.limit}`.execute(tx);
  const total = await sql<{
    total: number;
  }>`${withinSight} select count(*)::int as total from registers.area a ${where}`.execute(tx);
  return { rows, total: total.rows[0]!.total, offset: input.offset, limit: input.limit };
}

export async function readArea(tx: Transaction, code: string): Promise<OutputOf<typeof showArea> | null> {
  const from = sql`select ${columns} from registers.area a left join registers.area p on p.code = a.parent_code ${prefix}`;
  const itself = await sql<Area>`${from} where a.code = ${code}`.execute(tx);
  if (!itself.rows[0]) return null;
  const below = await sql<Area>`${from} where a.parent_code = ${code} order by a.code`.execute(tx);
  return { ...itself.rows[0], chain: await chainOf(tx, code), below: below.rows };
}

/** From the top of the tree down to the area itself. */
export async function chainOf(tx: Transaction, code: string): Promise<Pick<Area, 'code' | 'name' | 'level'>[]> {
  const { rows } = await sql<Pick<Area, 'code' | 'name' | 'level'>>`
    with recursive chain as (
      select code, name, level, parent_code, 0 as height from registers.area where code = ${code}
      union all select a.code, a.name, a.level, a.parent_code, c.height + 1 from registers.area a join chain c on a.code = c.parent_code
    )
    select code, name, level from chain order by height desc`.execute(tx);
  return rows;
}
