/** SQL of organisations. Functions named add… write without a journal entry: the caller's command records once. */
import { sql, type Transaction } from '../../platform/database.ts';
import type { OrganisationKind, PartyForm } from './contract.ts';

export interface NewOrganisation {
  kind: OrganisationKind;
  name: string;
  enrolledOn: string;
  /** The area an office answers for; a company's place of registration. */
  areaCode: string;
  /** Where the body stands; the estate's scope for bodies of an estate, otherwise the area's code. */
  scope?: string;
  shortName?: string | null;
  uscc?: string | null;
  parentId?: number | null;
  foundedOn?: string | null;
  telephone?: string | null;
  batchId?: number | null;
}

/** Adds organisations and answers their ids in the order given. */
export async function addOrganisations(tx: Transaction, organisations: readonly NewOrganisation[]): Promise<number[]> {
  // Identities are given out after the sort, so that ids in ascending order are in the order given.
  const { rows } = await sql<{ id: number }>`
    with added as (
      insert into registers.organisation (kind, name, short_name, uscc, area_code, scope, parent_id, founded_on, enrolled_on, telephone, batch_id)
      select kind, name, short_name, uscc, area_code, coalesce(scope, area_code), parent_id, founded_on, enrolled_on, telephone, batch_id
      from rows from (jsonb_to_recordset(${JSON.stringify(organisations)}::jsonb) as (kind text, name text, "enrolledOn" date, "areaCode" text,
        scope text, "shortName" text, uscc text, "parentId" int, "foundedOn" date, telephone text, "batchId" int)) with ordinality
        as r(kind, name, enrolled_on, area_code, scope, short_name, uscc, parent_id, founded_on, telephone, batch_id, position)
      order by position returning id
    )
    select id from added order by id`.execute(tx);
  return rows.map((row) => row.id);
}

export interface NewCompany {
  organisationId: number;
  /** Division code of the place of registration. */
  scope: string;
  registeredOn?: string | null;
  fullMembers?: number | null;
  eligible?: boolean | null;
  partySurveyed?: boolean;
  batchId?: number | null;
}

export async function addCompanies(tx: Transaction, companies: readonly NewCompany[]): Promise<void> {
  await sql`
    insert into registers.company (organisation_id, scope, registered_on, full_members, eligible, party_surveyed, batch_id)
    select "organisationId", scope, "registeredOn", "fullMembers", eligible, coalesce("partySurveyed", false), "batchId"
    from jsonb_to_recordset(${JSON.stringify(companies)}::jsonb) as r("organisationId" int, scope text, "registeredOn" date, "fullMembers" int,
      eligible boolean, "partySurveyed" boolean, "batchId" int)`.execute(tx);
}

export interface NewPartyArrangement {
  companyId: number;
  scope: string;
  form: PartyForm;
  name?: string | null;
  foundedOn?: string | null;
  endedOn?: string | null;
  batchId?: number | null;
}

export async function addPartyArrangements(
  tx: Transaction,
  arrangements: readonly NewPartyArrangement[],
): Promise<void> {
  await sql`
    insert into registers.party_arrangement (company_id, scope, form, name, founded_on, ended_on, batch_id)
    select "companyId", scope, form, name, "foundedOn", "endedOn", "batchId"
    from jsonb_to_recordset(${JSON.stringify(arrangements)}::jsonb) as r("companyId" int, scope text, form text, name text, "foundedOn" date,
      "endedOn" date, "batchId" int)`.execute(tx);
}

export interface NewInstructor {
  companyId: number;
  scope: string;
  name: string;
  projectId?: number | null;
  dispatchedBy?: string | null;
  fromOn?: string | null;
  toOn?: string | null;
  batchId?: number | null;
}

export async function addInstructors(tx: Transaction, instructors: readonly NewInstructor[]): Promise<void> {
  await sql`
    insert into registers.instructor (company_id, project_id, scope, name, dispatched_by, from_on, to_on, batch_id)
    select "companyId", "projectId", scope, name, "dispatchedBy", "fromOn", "toOn", "batchId"
    from jsonb_to_recordset(${JSON.stringify(instructors)}::jsonb) as r("companyId" int, "projectId" int, scope text, name text, "dispatchedBy" text,
      "fromOn" date, "toOn" date, "batchId" int)`.execute(tx);
}

export interface FoundOrganisation {
  id: number;
  kind: OrganisationKind;
  name: string;
  uscc: string | null;
  areaCode: string | null;
  scope: string;
}

/** Bodies of a kind by credit code or exact name (full or short): how rosters name them. */
export async function findOrganisations(
  tx: Transaction,
  asked: { kind?: OrganisationKind; names?: readonly string[]; usccs?: readonly string[]; areaCode?: string },
): Promise<FoundOrganisation[]> {
  const { rows } = await sql<FoundOrganisation>`
    select id, kind, name, uscc, area_code as "areaCode", scope from registers.organisation
    where dissolved_on is null
      and (${asked.kind ?? null}::text is null or kind = ${asked.kind ?? null})
      and (${asked.areaCode ?? null}::text is null or area_code = ${asked.areaCode ?? null})
      and (name = any (${asked.names ?? []}::text[]) or short_name = any (${asked.names ?? []}::text[]) or uscc = any (${asked.usccs ?? []}::text[]))
    order by id`.execute(tx);
  return rows;
}

/** The nearest body of a kind, from an area up to the top of the tree. */
export async function nearestOrganisation(
  tx: Transaction,
  kind: OrganisationKind,
  areaCode: string,
): Promise<FoundOrganisation | null> {
  const { rows } = await sql<FoundOrganisation>`
    with recursive chain as (
      select code, parent_code, 0 as height from registers.area where code = ${areaCode}
      union all select a.code, a.parent_code, c.height + 1 from registers.area a join chain c on a.code = c.parent_code
    )
    select o.id, o.kind, o.name, o.uscc, o.area_code as "areaCode", o.scope
    from chain c join registers.organisation o on o.area_code = c.code and o.scope = c.code
    where o.kind = ${kind} and o.dissolved_on is null order by c.height, o.id limit 1`.execute(tx);
  return rows[0] ?? null;
}
