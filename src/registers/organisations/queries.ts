/** Read-only views of organisations and companies. Who sees which company is the database's policy, not a condition here. */
import type { OutputOf, ReadInputOf } from '../../kernel/contract.ts';
import { divisionRange } from '../../kernel/identifiers.ts';
import { sql, type Transaction } from '../../platform/database.ts';
import { pageOf } from '../../platform/pages.ts';
import type {
  Company,
  listCompanies as listCompaniesContract,
  listOrganisations as listOrganisationsContract,
  Organisation,
  showCompany,
  showOrganisation,
} from './contract.ts';

const organisationColumns = sql`
  o.id, o.kind, o.name, o.short_name as "shortName", o.uscc, o.area_code as "areaCode", a.name as "areaName", o.parent_id as "parentId",
  p.name as "parentName", o.founded_on as "foundedOn", o.dissolved_on as "dissolvedOn", o.enrolled_on as "enrolledOn", o.telephone`;
const organisationTables = sql`
  registers.organisation o left join registers.area a on a.code = o.area_code left join registers.organisation p on p.id = o.parent_id`;

const organisationOrders = {
  name: sql`o.name`,
  kind: sql`o.kind`,
  area: sql`o.scope`,
  foundedOn: sql`o.founded_on`,
  enrolledOn: sql`o.enrolled_on`,
};

export async function listOrganisations(
  tx: Transaction,
  input: ReadInputOf<typeof listOrganisationsContract>,
): Promise<OutputOf<typeof listOrganisationsContract>> {
  const conditions = [sql`true`];
  if (input.kind) conditions.push(sql`o.kind = ${input.kind}`);
  if (input.area) {
    const { lo, hi } = divisionRange(input.area);
    conditions.push(sql`o.scope >= ${lo} and o.scope < ${hi}`);
  }
  if (input.search)
    conditions.push(
      sql`(strpos(o.name, ${input.search}) > 0 or strpos(o.short_name, ${input.search}) > 0 or o.uscc = upper(${input.search}))`,
    );
  const from = sql`from ${organisationTables} where ${sql.join(conditions, sql` and `)}`;
  const order = sql`${organisationOrders[input.sort]} ${input.order === 'desc' ? sql`desc` : sql`asc`} nulls last`;
  const { rows } = await sql<Organisation>`
    select ${organisationColumns} ${from} order by ${order}, o.id offset ${input.offset} limit ${input.limit}`.execute(
    tx,
  );
  const total = await sql<{ total: number }>`select count(*)::int as total ${from}`.execute(tx);
  return { rows, total: total.rows[0]!.total, offset: input.offset, limit: input.limit };
}

export async function readOrganisation(tx: Transaction, id: number): Promise<OutputOf<typeof showOrganisation> | null> {
  const { rows } = await sql<Organisation>`
    select ${organisationColumns} from ${organisationTables} where o.id = ${id} or o.parent_id = ${id} order by o.id`.execute(
    tx,
  );
  const itself = rows.find((row) => row.id === id);
  return itself ? { ...itself, subordinates: rows.filter((row) => row.id !== id) } : null;
}

/** The facts that oversight counts with, so that a list and an indicator can never disagree. */
const companyColumns = sql`
  o.id, o.name, o.uscc, a.name as "areaName", f.registered_on as "registeredOn", o.enrolled_on as "enrolledOn", c.party_surveyed as "partySurveyed",
  f.full_members as "fullMembers", f.eligible, f.has_party_organisation as "hasPartyOrganisation", f.in_joint_organisation as "inJointOrganisation",
  f.organisation_covered as "organisationCovered", f.has_instructor as "hasInstructor", f.work_covered as "workCovered", f.projects,
  (select b.name from registers.organisation b where b.id = registers.responsible_body(c.scope)) as "responsibleName"`;

function companyTables(today: string) {
  return sql`
    registers.fact_companies(${today}::date) f join registers.company c on c.organisation_id = f.company_id
    join registers.organisation o on o.id = f.company_id left join registers.area a on a.code = o.area_code`;
}

const companyOrders = {
  name: sql`o.name`,
  area: sql`o.scope`,
  registeredOn: sql`f.registered_on`,
  fullMembers: sql`f.full_members`,
  projects: sql`f.projects`,
};

const answers = { yes: sql`is true`, no: sql`is false`, unknown: sql`is null` };
const coverages = {
  own: sql`f.has_party_organisation`,
  joint: sql`f.in_joint_organisation`,
  none: sql`f.organisation_covered is false`,
  unknown: sql`f.organisation_covered is null`,
};

export async function listCompanies(
  tx: Transaction,
  input: ReadInputOf<typeof listCompaniesContract>,
  today: string,
): Promise<OutputOf<typeof listCompaniesContract>> {
  const conditions = [sql`true`];
  if (input.area) {
    const { lo, hi } = divisionRange(input.area);
    conditions.push(sql`f.scope >= ${lo} and f.scope < ${hi}`);
  }
  if (input.search)
    conditions.push(
      sql`(strpos(o.name, ${input.search}) > 0 or strpos(o.short_name, ${input.search}) > 0 or o.uscc = upper(${input.search}))`,
    );
  if (input.party) conditions.push(coverages[input.party]);
  if (input.eligible) conditions.push(sql`f.eligible ${answers[input.eligible]}`);
  if (input.instructor) conditions.push(sql`f.has_instructor ${answers[input.instructor]}`);
  if (input.workCovered) conditions.push(sql`f.work_covered ${answers[input.workCovered]}`);
  const order = sql`${companyOrders[input.sort]} ${input.order === 'desc' ? sql`desc` : sql`asc`} nulls last, o.id`;
  const from = sql`${companyTables(today)} where ${sql.join(conditions, sql` and `)}`;
  return pageOf<Company>(tx, { columns: companyColumns, from, order }, input);
}

export async function readCompany(
  tx: Transaction,
  id: number,
  today: string,
): Promise<OutputOf<typeof showCompany> | null> {
  type Page = OutputOf<typeof showCompany>;
  const { rows } = await sql<Omit<Page, 'arrangements' | 'instructors' | 'estates'>>`
    select ${companyColumns}, o.area_code as "areaCode", o.telephone from ${companyTables(today)} where o.id = ${id}`.execute(
    tx,
  );
  if (!rows[0]) return null;
  const arrangements = await sql<Page['arrangements'][number]>`
    select form, name, founded_on as "foundedOn", ended_on as "endedOn" from registers.party_arrangement where company_id = ${id}
    order by founded_on desc nulls last, id`.execute(tx);
  const instructors = await sql<Page['instructors'][number]>`
    select i.name, i.dispatched_by as "dispatchedBy", e.name as "estateName", i.from_on as "fromOn", i.to_on as "toOn"
    from registers.instructor i left join registers.service_project p on p.id = i.project_id left join registers.estate e on e.id = p.estate_id
    where i.company_id = ${id} order by i.from_on desc nulls last, i.id`.execute(tx);
  const estates = await sql<Page['estates'][number]>`
    select e.id, p.id as "projectId", e.name, a.name as "areaName", p.manager_name as "managerName", p.started_on as "startedOn", p.ended_on as "endedOn",
      coalesce(p.started_on, '-infinity') <= ${today}::date and coalesce(p.ended_on, 'infinity') > ${today}::date as "inForce"
    from registers.service_project p join registers.estate e on e.id = p.estate_id join registers.area a on a.code = e.community_code
    where p.company_id = ${id} order by e.scope, p.started_on`.execute(tx);
  return { ...rows[0], arrangements: arrangements.rows, instructors: instructors.rows, estates: estates.rows };
}
