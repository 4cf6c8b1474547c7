/** Read-only views of readings, erasures and the journal. */
import type { OutputOf, ReadInputOf } from '../../kernel/contract.ts';
import { type Fragment, sql, type Transaction } from '../../platform/database.ts';
import { pageOf } from '../../platform/pages.ts';
import type {
  Erasure,
  Event,
  listErasures as listErasuresContract,
  listEvents as listEventsContract,
  listReadings,
  Reading,
} from './contract.ts';

interface Page {
  offset: number;
  limit: number;
}

/** `ofMe`: readings of this person's own fields, whoever read them. */
export async function findReadings(
  tx: Transaction,
  input: Page & { kind?: string | undefined; search?: string | undefined; ofMe?: number },
): Promise<OutputOf<typeof listReadings>> {
  const conditions: Fragment[] = [sql`true`];
  if (input.kind) conditions.push(sql`r.kind = ${input.kind}`);
  if (input.search)
    conditions.push(
      sql`(strpos(r.purpose, ${input.search}) > 0 or strpos(p.name, ${input.search}) > 0 or strpos(g.name, ${input.search}) > 0)`,
    );
  if (input.ofMe)
    conditions.push(sql`r.subject in (select m.subject from registers.person m where m.id = ${input.ofMe})`);
  const where = sql`where ${sql.join(conditions, sql` and `)}`;
  const from = sql`platform.sealed_read r left join registers.person p on p.id = r.person_id left join registers.organisation g on g.id = r.organisation_id
      left join registers.person b on b.id = r.behalf_id ${where}`;
  return pageOf<Reading>(
    tx,
    {
      columns: sql`r.id::int, ${instant(sql`r.at`)} as at, p.name as reader, g.name as "organisationName", b.name as behalf, r.field, r.kind, r.purpose`,
      from,
      order: sql`r.id desc`,
      counted: input.search ? from : sql`platform.sealed_read r ${where}`,
    },
    input,
  );
}

export async function listErasures(
  tx: Transaction,
  input: ReadInputOf<typeof listErasuresContract>,
): Promise<OutputOf<typeof listErasuresContract>> {
  const state =
    input.state === undefined
      ? sql`true`
      : input.state === 'open'
        ? sql`e.carried_out is null`
        : sql`e.carried_out is not null`;
  const order = sql`e.carried_out is not null, e.id desc`;
  // The page is cut and counted first: names and places are looked up for what is shown.
  const { offset, limit } = input;
  const { rows } = await sql<Erasure & { total: number }>`
    select e.id, e.person_id as "personId", p.name as "personName", coalesce(s.name, a.name) as place, e.reason, g.name as "organisationName",
      e.asked_on as "askedOn", e.carried_out as "carriedOut", e.answer, e.decided_on as "decidedOn", e.total
    from (select e.*, count(*) over ()::int as total from registers.erasure e where ${state} order by ${order} offset ${offset} limit ${limit}) e
    join registers.organisation g on g.id = e.organisation_id left join registers.person p on p.id = e.person_id
    left join registers.estate s on s.scope = e.scope left join registers.area a on a.code = left(e.scope, 12) order by ${order}`.execute(
    tx,
  );
  if (rows.length === 0 && offset > 0)
    return { ...(await listErasures(tx, { ...input, offset: 0, limit: 1 })), rows: [], offset, limit };
  return { rows: rows.map(({ total: _, ...row }) => row), total: rows[0]?.total ?? 0, offset, limit };
}

export async function listEvents(
  tx: Transaction,
  input: ReadInputOf<typeof listEventsContract>,
): Promise<OutputOf<typeof listEventsContract>> {
  const conditions: Fragment[] = [sql`true`];
  if (input.act) conditions.push(sql`starts_with(j.act, ${input.act})`);
  if (input.object) conditions.push(sql`j.object = ${input.object}`);
  if (input.from) conditions.push(sql`j.at >= (${input.from}::date::timestamp at time zone 'Asia/Shanghai')`);
  if (input.to) conditions.push(sql`j.at < ((${input.to}::date + 1)::timestamp at time zone 'Asia/Shanghai')`);
  const where = sql`where ${sql.join(conditions, sql` and `)}`;
  return pageOf<Event>(
    tx,
    {
      columns: sql`j.chain, j.seq::int, ${instant(sql`j.at`)} as at, j.act, j.object, p.name as person, g.name as "organisationName", j.reason, j.detail, j.request`,
      from: sql`platform.journal j left join registers.person p on p.id = j.person_id left join registers.organisation g on g.id = j.organisation_id ${where}`,
      order: sql`j.at desc, j.chain, j.seq desc`,
      counted: sql`platform.journal j ${where}`,
    },
    input,
  );
}

/** In Beijing time, to the minute and second. */
const instant = (of: Fragment) => sql`to_char(${of} at time zone 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI:SS')`;
