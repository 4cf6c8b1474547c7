/** Read-only views of estates. Who sees which estate is the database's policy, not a condition here. */
import type { OutputOf, ReadInputOf } from '../../kernel/contract.ts';
import { divisionRange } from '../../kernel/identifiers.ts';
import { type Actor, sql, type Transaction } from '../../platform/database.ts';
import { pageOf } from '../../platform/pages.ts';
import { chainOf } from '../areas/index.ts';
import type {
  Committee,
  Estate,
  listCommittees as listCommitteesContract,
  listEstates as listEstatesContract,
  listOwners as listOwnersContract,
  listProjects as listProjectsContract,
  listUnits as listUnitsContract,
  Owner,
  Project,
  showCommittee,
  showEstate,
  showProject,
  showUnit,
  Unit,
} from './contract.ts';

type Condition = ReturnType<typeof sql>;

const answers = { yes: sql`is true`, no: sql`is false`, unknown: sql`is null` };
const directions = { asc: sql`asc nulls last`, desc: sql`desc nulls last` };

// ── Estates

/** The facts that oversight counts with, so that a list and an indicator can never disagree. */
const estateColumns = sql`
  e.id, e.name, e.kind, e.community_code as "communityCode", a.name as "communityName", s.name as "subdistrictName", e.address, f.urban,
  f.floor_area_centi_m2::text as "floorAreaCentiM2", f.households, e.building_count as "buildingCount", e.completed_year as "completedYear",
  f.served, f.surveyed_unserved as "surveyedUnserved", f.long_term_managed as "longTermManaged", f.has_committee as "hasCommittee",
  f.has_management_committee as "hasManagementCommittee", f.fund_alarm_units as "fundAlarmUnits", f.company_id as "companyId",
  c.name as "companyName", e.enrolled_on as "enrolledOn"`;

function estateTables(today: string) {
  return sql`
    registers.fact_estates(${today}::date) f join registers.estate e on e.id = f.estate_id
    join registers.area a on a.code = e.community_code left join registers.area s on s.code = a.parent_code
    left join registers.organisation c on c.id = f.company_id`;
}

const estateOrders = {
  area: sql`e.scope`,
  name: sql`e.name`,
  kind: sql`e.kind`,
  households: sql`f.households`,
  floorArea: sql`f.floor_area_centi_m2`,
  completedYear: sql`e.completed_year`,
  fundAlarmUnits: sql`f.fund_alarm_units`,
  company: sql`c.name`,
  enrolledOn: sql`e.enrolled_on`,
};

const committeeConditions = {
  owners: sql`f.has_committee`,
  management: sql`f.has_management_committee`,
  none: sql`f.has_committee is false and f.has_management_committee is false`,
  unknown: sql`f.has_committee is not true and f.has_management_committee is not true and not e.committee_surveyed`,
};

export async function listEstates(
  tx: Transaction,
  input: ReadInputOf<typeof listEstatesContract>,
  today: string,
): Promise<OutputOf<typeof listEstatesContract>> {
  const conditions: Condition[] = [...within(input.area, sql`e.scope`)];
  if (input.estate) conditions.push(sql`e.id = ${input.estate}`);
  if (input.kind) conditions.push(input.kind === 'unknown' ? sql`e.kind is null` : sql`e.kind = ${input.kind}`);
  if (input.served) conditions.push(sql`f.served ${answers[input.served]}`);
  if (input.committee) conditions.push(committeeConditions[input.committee]);
  if (input.longTermManaged) conditions.push(sql`f.long_term_managed ${answers[input.longTermManaged]}`);
  if (input.company) conditions.push(sql`f.company_id = ${input.company}`);
  if (input.search)
    conditions.push(
      sql`(strpos(e.name, ${input.search}) > 0 or strpos(e.address, ${input.search}) > 0 or strpos(a.name, ${input.search}) > 0)`,
    );
  return pageOf<Estate>(
    tx,
    {
      columns: estateColumns,
      from: sql`${estateTables(today)} where ${all(conditions)}`,
      order: sql`${estateOrders[input.sort]} ${directions[input.order]}, e.id`,
      counted: 'apart',
    },
    input,
  );
}

/** One estate with what stands in it. `whole` is false for an owner, whose own units say nothing about the number of all. */
export async function readEstate(
  tx: Transaction,
  id: number,
  today: string,
  whole: boolean,
): Promise<OutputOf<typeof showEstate> | null> {
  type Page = OutputOf<typeof showEstate>;
  const { rows } = await sql<Omit<Page, 'chain' | 'units' | 'owners' | 'buildings' | 'projects' | 'committees'>>`
    select ${estateColumns}, e.scope, e.service_surveyed as "serviceSurveyed", e.committee_surveyed as "committeeSurveyed", e.source
    from ${estateTables(today)} where e.id = ${id}`.execute(tx);
  const itself = rows[0];
  if (!itself) return null;
  const buildings = await sql<{ id: number; name: string; units: number; areaCentiM2: string | null }>`
    select b.id, b.name, count(u.id)::int as units, sum(u.area_centi_m2)::text as "areaCentiM2"
    from registers.building b left join registers.unit u on u.building_id = b.id where b.estate_id = ${id} group by b.id, b.name
    order by nullif(regexp_replace(b.name, '\\D', '', 'g'), '')::numeric nulls last, b.name`.execute(tx);
  const owners = await sql<{ owners: number }>`
    select count(distinct o.person_id)::int as owners from registers.ownership o where o.estate_id = ${id} and ${owning(today)}`.execute(
    tx,
  );
  return {
    ...itself,
    chain: await chainOf(tx, itself.communityCode),
    units: whole ? buildings.rows.reduce((total, one) => total + one.units, 0) : null,
    owners: whole ? owners.rows[0]!.owners : null,
    buildings: whole ? buildings.rows : buildings.rows.map((one) => ({ ...one, units: null, areaCentiM2: null })),
    projects: await projectsOf(tx, sql`${id}::int`, today),
    committees: await committeesWithRoll(tx, sql`c.estate_id = ${id}`, today),
  };
}

// ── Units and owners

/** The ownership `o` of that day. */
function owning(today: string) {
  return sql`(coalesce(o.from_on, '-infinity') <= ${today}::date and coalesce(o.to_on, 'infinity') > ${today}::date)`;
}

function unitColumns(today: string) {
  return sql`
    u.id, u.building_id as "buildingId", b.name as "buildingName", u.name, u.kind, u.area_centi_m2::text as "areaCentiM2",
    (select count(*)::int from registers.ownership o where o.unit_id = u.id and ${owning(today)}) as owners`;
}

const unitTables = sql`registers.unit u join registers.building b on b.id = u.building_id and b.estate_id = u.estate_id`;

export async function listUnits(
  tx: Transaction,
  input: ReadInputOf<typeof listUnitsContract>,
  today: string,
): Promise<OutputOf<typeof listUnitsContract>> {
  const conditions: Condition[] = [sql`u.estate_id = ${input.id}`];
  if (input.building) conditions.push(sql`u.building_id = ${input.building}`);
  if (input.kind) conditions.push(sql`u.kind = ${input.kind}`);
  if (input.search) conditions.push(sql`strpos(b.name || u.name, ${input.search}) > 0`);
  return pageOf<Unit>(
    tx,
    {
      columns: unitColumns(today),
      from: sql`${unitTables} where ${all(conditions)}`,
      order: sql`length(b.name), b.name, length(u.name), u.name, u.id`,
    },
    input,
  );
}

/** One unit. Owners are shown to whom the list of owners is offered, and of its telephones the last digits that stand there: those of today. */
export async function readUnit(
  tx: Transaction,
  id: number,
  today: string,
  standing: Actor['standing'],
): Promise<OutputOf<typeof showUnit> | null> {
  type Shown = OutputOf<typeof showUnit>;
  const { rows } = await sql<Omit<Shown, 'ownerships'>>`
    select ${unitColumns(today)}, e.id as "estateId", e.name as "estateName"
    from ${unitTables} join registers.estate e on e.id = u.estate_id where u.id = ${id}::int`.execute(tx);
  if (!rows[0]) return null;
  if (standing === 'body') return { ...rows[0], ownerships: null };
  const ownerships = await sql<NonNullable<Shown['ownerships']>[number]>`
    select p.id as "personId", p.name, ${owning(today)} as current, case when ${owning(today)} then p.phone_tail end as "phoneTail",
      o.from_on as "fromOn", o.to_on as "toOn"
    from registers.ownership o join registers.person p on p.id = o.person_id where o.unit_id = ${id}::int
    order by o.from_on desc nulls last, o.id desc`.execute(tx);
  return { ...rows[0], ownerships: ownerships.rows };
}

export async function listOwners(
  tx: Transaction,
  input: ReadInputOf<typeof listOwnersContract>,
  today: string,
): Promise<OutputOf<typeof listOwnersContract>> {
  const conditions: Condition[] = [sql`o.estate_id = ${input.estate} and ${owning(today)}`];
  if (input.building) conditions.push(sql`u.building_id = ${input.building}`);
  if (input.search)
    conditions.push(
      sql`(strpos(p.name, ${input.search}) > 0 or strpos(b.name || u.name, ${input.search}) > 0 or p.phone_tail = ${input.search})`,
    );
  return pageOf<Owner>(
    tx,
    {
      columns: sql`p.id as "personId", p.name, p.phone_tail as "phoneTail", u.id as "unitId", b.name as "buildingName", u.name as "unitName",
      u.area_centi_m2::text as "areaCentiM2", o.from_on as "fromOn"`,
      from: sql`registers.ownership o join registers.person p on p.id = o.person_id join registers.unit u on u.id = o.unit_id and u.estate_id = o.estate_id
        join registers.building b on b.id = u.building_id and b.estate_id = u.estate_id where ${all(conditions)}`,
      order: sql`length(b.name), b.name, length(u.name), u.name, o.id`,
    },
    input,
  );
}

// ── Committees

const committeeColumns = sql`
  f.committee_id as id, f.label as name, f.kind, f.estate_id as "estateId", e.name as "estateName", a.name as "communityName",
  s.name as "subdistrictName", c.term_from as "termFrom", c.term_to as "termTo", f.in_term as "inTerm", f.members, f.party_members as "partyMembers",
  f.owner_members as "ownerMembers", f.has_party_unit as "hasPartyUnit", f.enrolled_on as "enrolledOn"`;

function committeeTables(today: string) {
  return sql`
    registers.fact_committees(${today}::date) f join registers.committee c on c.organisation_id = f.committee_id
    join registers.estate e on e.id = f.estate_id join registers.area a on a.code = e.community_code
    left join registers.area s on s.code = a.parent_code`;
}

const committeeOrders = {
  area: sql`f.scope`,
  name: sql`f.label`,
  termFrom: sql`c.term_from`,
  termTo: sql`c.term_to`,
  members: sql`f.members`,
};
const termConditions = { 'in-term': sql`f.in_term`, expired: sql`f.in_term is false`, unknown: sql`f.in_term is null` };

export async function listCommittees(
  tx: Transaction,
  input: ReadInputOf<typeof listCommitteesContract>,
  today: string,
): Promise<OutputOf<typeof listCommitteesContract>> {
  const conditions: Condition[] = [...within(input.area, sql`f.scope`)];
  if (input.estate) conditions.push(sql`e.id = ${input.estate}`);
  if (input.kind) conditions.push(sql`f.kind = ${input.kind}`);
  if (input.term) conditions.push(termConditions[input.term]);
  if (input.partyUnit) conditions.push(sql`f.has_party_unit ${answers[input.partyUnit]}`);
  if (input.search)
    conditions.push(
      sql`(strpos(f.label, ${input.search}) > 0 or strpos(e.name, ${input.search}) > 0 or strpos(a.name, ${input.search}) > 0)`,
    );
  const order = sql`${committeeOrders[input.sort]} ${directions[input.order]}, f.committee_id`;
  return pageOf<Committee>(
    tx,
    {
      columns: committeeColumns,
      from: sql`${committeeTables(today)} where ${all(conditions)}`,
      order,
      counted: 'apart',
    },
    input,
  );
}

export async function readCommittee(
  tx: Transaction,
  id: number,
  today: string,
): Promise<OutputOf<typeof showCommittee> | null> {
  return (await committeesWithRoll(tx, sql`c.organisation_id = ${id}`, today))[0] ?? null;
}

async function committeesWithRoll(
  tx: Transaction,
  condition: Condition,
  today: string,
): Promise<OutputOf<typeof showEstate>['committees']> {
  const { rows } = await sql<OutputOf<typeof showCommittee>>`
    select ${committeeColumns}, coalesce((
      select jsonb_agg(jsonb_build_object('name', m.name, 'title', m.title, 'fromOn', m.from_on, 'toOn', m.to_on)
        order by array_position(array['director', 'deputy-director', 'member', 'alternate'], m.title), m.id)
      from registers.committee_member m where m.committee_id = c.organisation_id), '[]') as roll
    from ${committeeTables(today)} where ${condition} order by c.term_from desc nulls last, c.organisation_id desc`.execute(
    tx,
  );
  return rows;
}

// ── Service projects

function projectColumns(today: string) {
  return sql`
    p.id, p.estate_id as "estateId", e.name as "estateName", a.name as "communityName", p.mode, p.company_id as "companyId", c.name as "companyName",
    p.manager_name as "managerName", p.supervised, p.started_on as "startedOn", p.ended_on as "endedOn", ${inForce(today)} as "inForce"`;
}

function inForce(today: string) {
  return sql`(coalesce(p.started_on, '-infinity') <= ${today}::date and coalesce(p.ended_on, 'infinity') > ${today}::date)`;
}

const projectTables = sql`
  registers.service_project p join registers.estate e on e.id = p.estate_id join registers.area a on a.code = e.community_code
  left join registers.organisation c on c.id = p.company_id`;
const projectOrders = { area: sql`p.scope`, estate: sql`e.name`, company: sql`c.name`, startedOn: sql`p.started_on` };

export async function listProjects(
  tx: Transaction,
  input: ReadInputOf<typeof listProjectsContract>,
  today: string,
): Promise<OutputOf<typeof listProjectsContract>> {
  const conditions: Condition[] = [...within(input.area, sql`p.scope`)];
  if (input.estate) conditions.push(sql`p.estate_id = ${input.estate}`);
  if (input.mode) conditions.push(sql`p.mode = ${input.mode}`);
  if (input.company) conditions.push(sql`p.company_id = ${input.company}`);
  if (input.supervised) conditions.push(sql`p.supervised ${answers[input.supervised]}`);
  if (input.inForce) conditions.push(sql`${inForce(today)} = ${input.inForce === 'yes'}`);
  if (input.search)
    conditions.push(
      sql`(strpos(e.name, ${input.search}) > 0 or strpos(c.name, ${input.search}) > 0 or strpos(p.manager_name, ${input.search}) > 0)`,
    );
  const order = sql`${projectOrders[input.sort]} ${directions[input.order]}, p.id`;
  return pageOf<Project>(
    tx,
    { columns: projectColumns(today), from: sql`${projectTables} where ${all(conditions)}`, order, counted: 'apart' },
    input,
  );
}

export async function readProject(
  tx: Transaction,
  id: number,
  today: string,
): Promise<OutputOf<typeof showProject> | null> {
  const estate = sql`(select estate_id from registers.service_project where id = ${id}::int)`;
  const projects = await projectsOf(tx, estate, today);
  const itself = projects.find((one) => one.id === id);
  if (!itself) return null;
  const instructors = await sql<OutputOf<typeof showProject>['instructors'][number]>`
    select name, dispatched_by as "dispatchedBy", from_on as "fromOn", to_on as "toOn" from registers.instructor where project_id = ${id}::int
    order by from_on desc nulls last, id`.execute(tx);
  return { ...itself, others: projects.filter((one) => one !== itself), instructors: instructors.rows };
}

/** The service of one estate, the latest first. */
async function projectsOf(tx: Transaction, estate: Condition, today: string): Promise<Project[]> {
  const { rows } = await sql<Project>`
    select ${projectColumns(today)} from ${projectTables} where p.estate_id = ${estate} order by p.started_on desc nulls last, p.id desc`.execute(
    tx,
  );
  return rows;
}

function within(area: string | undefined, scope: Condition): Condition[] {
  if (!area) return [];
  const { lo, hi } = divisionRange(area);
  return [sql`${scope} >= ${lo} and ${scope} < ${hi}`];
}

function all(conditions: readonly Condition[]): Condition {
  return conditions.length === 0 ? sql`true` : sql.join(conditions, sql` and `);
}
