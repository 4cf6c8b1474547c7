import type { LocalDate } from '../../kernel/local-date.ts';
import { type Fragment, sql, type Transaction } from '../../platform/database.ts';
import { pageOf } from '../../platform/pages.ts';
import type { ChatGroup, GroupKind } from './contract.ts';

/** A group with the place it lies in. */
export type GroupRow = ChatGroup & { scope: string };

export function pageOfGroups(tx: Transaction, where: Fragment, page: { offset: number; limit: number }) {
  return pageOf<GroupRow>(
    tx,
    {
      columns: sql`g.id, g.scope, g.estate_id as "estateId", e.name as "estateName", g.name, g.kind, g.organisation_id as "organisationId",
        coalesce(o.short_name, o.name) as "organisationName", g.added_on as "addedOn", g.closed_on as "closedOn", g.closed_reason as "closedReason"`,
      from: sql`registers.chat_group g join registers.estate e on e.id = g.estate_id join registers.organisation o on o.id = g.organisation_id
        where ${where}`,
      order: sql`g.scope, g.closed_on is not null, g.kind, g.id`,
    },
    page,
  );
}

export async function isGroupKnown(tx: Transaction, estateId: number, name: string): Promise<boolean> {
  const { rows } = await sql`
    select from registers.chat_group where estate_id = ${estateId}::int and name = ${name} and closed_on is null`.execute(
    tx,
  );
  return rows.length > 0;
}

export interface NewGroup {
  estateId: number;
  scope: string;
  name: string;
  kind: GroupKind;
  organisationId: number;
  addedOn: LocalDate;
  batchId?: number;
}

/** Registers groups, in one statement; of one name in one estate the second waits and is refused by the index. */
export async function addGroups(tx: Transaction, groups: readonly NewGroup[]): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    insert into registers.chat_group (estate_id, scope, name, kind, organisation_id, added_on, batch_id)
    select * from unnest(${sql.val(groups.map((one) => one.estateId))}::int[], ${sql.val(groups.map((one) => one.scope))}::text[],
      ${sql.val(groups.map((one) => one.name))}::text[], ${sql.val(groups.map((one) => one.kind))}::text[],
      ${sql.val(groups.map((one) => one.organisationId))}::int[], ${sql.val(groups.map((one) => one.addedOn))}::date[],
      ${sql.val(groups.map((one) => one.batchId ?? null))}::int[])
    returning id`.execute(tx);
  return rows.map((row) => row.id);
}

/** Two acts on the groups of one estate wait for one another. */
export async function lockGroups(tx: Transaction, estateId: number): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('registers.chat_group'), ${estateId}::int)`.execute(tx);
}

export async function findEstate(tx: Transaction, id: number): Promise<{ scope: string } | undefined> {
  const { rows } = await sql<{ scope: string }>`select scope from registers.estate where id = ${id}::int`.execute(tx);
  return rows[0];
}

/** A body, and whether an estate is its business: as an office above it, as its company or as its committee. */
export async function findKeeper(tx: Transaction, id: number, estate: { id: number; scope: string }, today: LocalDate) {
  const { rows } = await sql<{ name: string; dissolved: boolean; areaCode: string | null; serves: boolean }>`
    select o.name, coalesce(o.dissolved_on <= ${today}::date, false) as dissolved, o.area_code as "areaCode",
      o.scope = ${estate.scope}
        or exists (select from registers.service_project p where p.estate_id = ${estate.id}::int and p.company_id = o.id
          and coalesce(p.ended_on, 'infinity') > ${today}::date)
        or exists (select from registers.committee c where c.estate_id = ${estate.id}::int and c.organisation_id = o.id) as serves
    from registers.organisation o where o.id = ${id}::int`.execute(tx);
  return rows[0];
}

/** A body, and the estates it serves or speaks for. */
export interface Keeper {
  id: number;
  name: string;
  shortName: string | null;
  scope: string;
  areaCode: string | null;
  dissolved: boolean;
  estates: readonly number[];
}

/** Every body that could look after a group: for a roster that names many. */
export async function findKeepers(tx: Transaction, today: LocalDate): Promise<Keeper[]> {
  const { rows } = await sql<Keeper>`
    with served as (
      select company_id as id, estate_id from registers.service_project where coalesce(ended_on, 'infinity') > ${today}::date
      union select organisation_id, estate_id from registers.committee)
    select o.id, o.name, o.short_name as "shortName", o.scope, o.area_code as "areaCode",
      coalesce(o.dissolved_on <= ${today}::date, false) as dissolved, coalesce(s.estates, '{}') as estates
    from registers.organisation o left join (select id, array_agg(estate_id) as estates from served group by id) s using (id) order by o.id`.execute(
    tx,
  );
  return rows;
}

export async function closeGroupRow(tx: Transaction, id: number, reason: string, on: LocalDate): Promise<void> {
  await sql`update registers.chat_group set closed_on = ${on}::date, closed_reason = ${reason} where id = ${id}::int`.execute(
    tx,
  );
}
