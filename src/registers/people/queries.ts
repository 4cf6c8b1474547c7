/** Read-only views of people and posts. */
import type { OutputOf, ReadInputOf } from '../../kernel/contract.ts';
import { divisionRange } from '../../kernel/identifiers.ts';
import { sql, type Transaction } from '../../platform/database.ts';
import type { HeldPost, listPosts as listPostsContract, Me } from './contract.ts';
import { titleOf } from './rules.ts';

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
  const from = sql`
    from registers.post o join registers.person p on p.id = o.person_id left join registers.organisation g on g.id = o.organisation_id
    left join registers.area a on a.code = g.area_code where ${sql.join(conditions, sql` and `)}`;
  const { rows } = await sql<Omit<HeldPost, 'title'> & { organisationKind: string }>`
    select o.id, p.id as "personId", p.name as "personName", o.role, o.organisation_id as "organisationId", g.name as "organisationName",
      g.kind as "organisationKind", a.name as "areaName", o.from_on as "fromOn", o.to_on as "toOn", o.document,
      o.end_document as "endDocument", o.end_reason as "endReason", p.account_id is not null as "hasAccount"
    ${from} order by g.scope, g.name, o.from_on, o.id offset ${input.offset} limit ${input.limit}`.execute(tx);
  const total = await sql<{ total: number }>`select count(*)::int as total ${from}`.execute(tx);
  return {
    rows: rows.map(({ organisationKind, ...row }) => ({ ...row, title: titleOf(row.role, organisationKind) })),
    total: total.rows[0]!.total,
    offset: input.offset,
    limit: input.limit,
  };
}

/** Whether this is a demo, and the day it was prepared for. */
export async function readDeployment(tx: Transaction, today: string): Promise<Me['deployment']> {
  const { rows } = await sql<{
    mode: 'demo' | 'real';
    anchorOn: string;
  }>`select mode, anchor_on as "anchorOn" from platform.deployment`.execute(tx);
  return { mode: rows[0]?.mode ?? null, anchorOn: rows[0]?.anchorOn ?? null, today };
}
