/** Read-only views of people and posts. */
import type { OutputOf, ReadInputOf } from '../../kernel/contract.ts';
import { divisionRange } from '../../kernel/identifiers.ts';
import { type Actor, sql, type Transaction } from '../../platform/database.ts';
import type { HeldPost, listPosts as listPostsContract, Me, showPerson } from './contract.ts';
import { titleOf } from './rules.ts';

type Titled<Row extends { title: string }> = Omit<Row, 'title'> & { role: string; organisationKind: string };

const postColumns = sql`
  o.id, p.id as "personId", p.name as "personName", o.role, o.organisation_id as "organisationId", g.name as "organisationName",
  g.kind as "organisationKind", a.name as "areaName", o.from_on as "fromOn", o.to_on as "toOn", o.document,
  o.end_document as "endDocument", o.end_reason as "endReason", p.account_id is not null as "hasAccount"`;
const postTables = sql`
  registers.post o join registers.person p on p.id = o.person_id left join registers.organisation g on g.id = o.organisation_id
  left join registers.area a on a.code = g.area_code`;
const postOf = ({ organisationKind, ...row }: Titled<HeldPost>): HeldPost => ({
  ...row,
  title: titleOf(row.role, organisationKind),
});

export async function listPosts(
  tx: Transaction,
  input: ReadInputOf<typeof listPostsContract>,
  today: string,
): Promise<OutputOf<typeof listPostsContract>> {
  const conditions = [sql`o.role <> 'owner'`];
  if (input.past === 'no')
    conditions.push(sql`o.from_on <= ${today}::date and coalesce(o.to_on, 'infinity') > ${today}::date`);
  if (input.organisation) conditions.push(sql`o.organisation_id = ${input.organisation}`);
  if (input.role) conditions.push(sql`o.role = ${input.role}`);
  if (input.area) {
    const { lo, hi } = divisionRange(input.area);
    conditions.push(sql`g.scope >= ${lo} and g.scope < ${hi}`);
  }
  if (input.search) conditions.push(sql`(strpos(p.name, ${input.search}) > 0 or strpos(g.name, ${input.search}) > 0)`);
  const from = sql`from ${postTables} where ${sql.join(conditions, sql` and `)}`;
  const { rows } = await sql<Titled<HeldPost>>`
    select ${postColumns} ${from} order by g.scope, g.name, o.from_on, o.id offset ${input.offset} limit ${input.limit}`.execute(
    tx,
  );
  const total = await sql<{ total: number }>`select count(*)::int as total ${from}`.execute(tx);
  return {
    rows: rows.map(postOf),
    total: total.rows[0]!.total,
    offset: input.offset,
    limit: input.limit,
  };
}

/**
 * One person, as far as a list shows them to who asks: with no post and no flat in sight there is nobody. Flats are for offices;
 * the last digits of the telephone stand with them, as in the list of owners.
 */
export async function readPerson(
  tx: Transaction,
  id: number,
  standing: Actor['standing'],
): Promise<OutputOf<typeof showPerson> | null> {
  const { rows } = await sql<{ name: string; place: string | null; hasAccount: boolean }>`
    select p.name, a.name as place, p.account_id is not null as "hasAccount"
    from registers.person p left join registers.area a on a.code = left(p.scope, 12) where p.id = ${id}::int`.execute(
    tx,
  );
  const posts = await sql<Titled<HeldPost>>`
    select ${postColumns} from ${postTables} where o.person_id = ${id}::int and o.role <> 'owner'
    order by o.from_on desc, o.id desc`.execute(tx);
  const units = standing === 'office' ? await unitsOf(tx, id) : [];
  if (!rows[0] || posts.rows.length + units.length === 0) return null;
  return {
    id,
    ...rows[0],
    posts: posts.rows.map(postOf),
    owner: units.length > 0 ? { phoneTail: await tailOf(tx, id), units } : null,
    absences: standing === 'system' ? [] : await absencesOf(tx, id),
  };
}

type Shown = OutputOf<typeof showPerson>;

async function unitsOf(tx: Transaction, id: number): Promise<NonNullable<Shown['owner']>['units']> {
  const { rows } = await sql<NonNullable<Shown['owner']>['units'][number]>`
    select u.id as "unitId", e.id as "estateId", e.name as "estateName", b.name as "buildingName", u.name as "unitName",
      u.area_centi_m2::text as "areaCentiM2", o.from_on as "fromOn", o.to_on as "toOn"
    from registers.ownership o join registers.unit u on u.id = o.unit_id and u.estate_id = o.estate_id
      join registers.building b on b.id = u.building_id and b.estate_id = u.estate_id join registers.estate e on e.id = o.estate_id
    where o.person_id = ${id}::int order by e.scope, length(b.name), b.name, length(u.name), u.name, o.id`.execute(tx);
  return rows;
}

async function tailOf(tx: Transaction, id: number): Promise<string | null> {
  const { rows } = await sql<{
    tail: string | null;
  }>`select phone_tail as tail from registers.person where id = ${id}::int`.execute(tx);
  return rows[0]?.tail ?? null;
}

async function absencesOf(tx: Transaction, id: number): Promise<Shown['absences']> {
  const { rows } = await sql<Titled<Shown['absences'][number]>>`
    select x.kind, o.role, g.kind as "organisationKind", g.name as "organisationName", x.other, x."fromOn", x."toOn", x.document
    from (
      select 'leave' as kind, l.post_id, null as other, l.from_on as "fromOn", least(l.to_on, l.returned_on) as "toOn", l.document, l.id
      from registers.leave l join registers.post t on t.id = l.post_id where t.person_id = ${id}::int
      union all
      select 'deputy', d.post_id, b.name, d.from_on, d.to_on, d.document, d.id
      from registers.deputy d join registers.post t on t.id = d.post_id join registers.person b on b.id = d.person_id where t.person_id = ${id}::int
      union all
      select 'deputising', d.post_id, h.name, d.from_on, d.to_on, d.document, d.id
      from registers.deputy d join registers.post t on t.id = d.post_id join registers.person h on h.id = t.person_id where d.person_id = ${id}::int
    ) x join registers.post o on o.id = x.post_id join registers.organisation g on g.id = o.organisation_id
    order by x."fromOn" desc, x.kind, x.id`.execute(tx);
  return rows.map(({ role, organisationKind, ...row }) => ({ ...row, title: titleOf(role, organisationKind) }));
}

/** Whether this is a demo, and the day it was prepared for. */
export async function readDeployment(tx: Transaction, today: string): Promise<Me['deployment']> {
  const { rows } = await sql<{
    mode: 'demo' | 'real';
    anchorOn: string;
  }>`select mode, anchor_on as "anchorOn" from platform.deployment`.execute(tx);
  return { mode: rows[0]?.mode ?? null, anchorOn: rows[0]?.anchorOn ?? null, today };
}
