/** SQL of estates. Functions named add… take any number of rows in one statement and write no journal entry: the caller's command records once per estate. */
import { sql, type Transaction } from '../../platform/database.ts';
import type { Sealing } from '../../platform/sealing.ts';
import { addPeople, findPeopleByHash, type NewPerson } from '../people/index.ts';
import type { CommitteeKind, EstateKind, MemberTitle, ServiceMode, UnitKind } from './contract.ts';

export interface NewEstate {
  communityCode: string;
  name: string;
  enrolledOn: string;
  kind?: EstateKind | null;
  address?: string | null;
  urban?: boolean | null;
  floorAreaCentiM2?: bigint | null;
  households?: number | null;
  buildingCount?: number | null;
  completedYear?: number | null;
  surveyedUnserved?: boolean | null;
  longTermManaged?: boolean | null;
  serviceSurveyed?: boolean;
  committeeSurveyed?: boolean;
  fundAlarmUnits?: number | null;
  source?: string | null;
  batchId?: number | null;
}

/**
 * Adds estates and answers id and scope in the order given. The serial is the highest of the community plus one, under a lock,
 * so that two imports at the same moment cannot give one scope to two estates.
 */
export async function addEstates(
  tx: Transaction,
  estates: readonly NewEstate[],
): Promise<{ id: number; scope: string }[]> {
  await sql`select pg_advisory_xact_lock(hashtext('registers.estate serial'))`.execute(tx);
  const { rows } = await sql<{ id: number; scope: string }>`
    with given as (
      select * from rows from (jsonb_to_recordset(${json(estates)}::jsonb) as ("communityCode" text, name text, "enrolledOn" date, kind text,
        address text, urban boolean, "floorAreaCentiM2" bigint, households int, "buildingCount" int, "completedYear" int, "surveyedUnserved" boolean,
        "longTermManaged" boolean, "serviceSurveyed" boolean, "committeeSurveyed" boolean, "fundAlarmUnits" int, source text, "batchId" int))
        with ordinality as r(community_code, name, enrolled_on, kind, address, urban, floor_area_centi_m2, households, building_count,
          completed_year, surveyed_unserved, long_term_managed, service_surveyed, committee_surveyed, fund_alarm_units, source, batch_id, position)
    ), taken as (
      select community_code, max(right(scope, 4)::int) as serial from registers.estate
      where community_code in (select community_code from given) group by community_code
    ), added as (
      insert into registers.estate (scope, community_code, name, kind, address, urban, floor_area_centi_m2, households, building_count, completed_year,
        surveyed_unserved, long_term_managed, service_surveyed, committee_surveyed, fund_alarm_units, enrolled_on, source, batch_id)
      select g.community_code || lpad((coalesce(t.serial, 0) + row_number() over (partition by g.community_code order by g.position))::text, 4, '0'),
        g.community_code, name, kind, address, urban, floor_area_centi_m2, households, building_count, completed_year, surveyed_unserved,
        long_term_managed, coalesce(service_surveyed, false), coalesce(committee_surveyed, false), fund_alarm_units, enrolled_on, source, batch_id
      from given g left join taken t on t.community_code = g.community_code
      order by g.position returning id, scope
    )
    select id, scope from added order by id`.execute(tx);
  return rows;
}

export interface NewUnit {
  building: string;
  name: string;
  kind?: UnitKind;
  areaCentiM2?: bigint | null;
}

/** Adds units of one estate, with the buildings they name; answers their ids in the order given. */
export async function addUnits(
  tx: Transaction,
  estateId: number,
  units: readonly NewUnit[],
  batchId: number | null = null,
): Promise<number[]> {
  const given = sql`
    rows from (jsonb_to_recordset(${json(units)}::jsonb) as (building text, name text, kind text, "areaCentiM2" bigint))
      with ordinality as r(building, name, kind, area_centi_m2, position)`;
  await sql`
    insert into registers.building (estate_id, scope, name, batch_id)
    select e.id, e.scope, r.building, ${batchId}::int from registers.estate e, ${given} where e.id = ${estateId}
    group by e.id, e.scope, r.building order by min(r.position) on conflict (estate_id, name) do nothing`.execute(tx);
  const { rows } = await sql<{ id: number }>`
    with added as (
      insert into registers.unit (estate_id, building_id, scope, name, kind, area_centi_m2, batch_id)
      select b.estate_id, b.id, b.scope, r.name, coalesce(r.kind, 'dwelling'), r.area_centi_m2, ${batchId}::int
      from ${given} left join registers.building b on b.estate_id = ${estateId} and b.name = r.building order by r.position returning id
    )
    select id from added order by id`.execute(tx);
  return rows.map((row) => row.id);
}

export interface NewOwnership {
  unitId: number;
  personId: number;
  fromOn?: string | null;
  toOn?: string | null;
  batchId?: number | null;
}

/** Who owns which unit; estate and scope follow from the unit. */
export async function addOwnerships(tx: Transaction, ownerships: readonly NewOwnership[]): Promise<void> {
  await sql`
    insert into registers.ownership (unit_id, person_id, estate_id, scope, from_on, to_on, batch_id)
    select u.id, r."personId", u.estate_id, u.scope, r."fromOn", r."toOn", r."batchId"
    from jsonb_to_recordset(${json(ownerships)}::jsonb) as r("unitId" int, "personId" int, "fromOn" date, "toOn" date, "batchId" int)
    left join registers.unit u on u.id = r."unitId"`.execute(tx);
}

export interface NewOwner {
  unitId: number;
  name: string;
  phone?: string | null;
  identity?: string | null;
  fromOn?: string | null;
  batchId?: number | null;
}

/**
 * Adds owners with what they own. One identity number, or one name with one phone, is one person, in the rows and in the district;
 * without either every row is a person of its own, because two people may bear one name. Answers the person of each row.
 */
export async function addOwners(tx: Transaction, sealing: Sealing, owners: readonly NewOwner[]): Promise<number[]> {
  if (owners.length === 0) return [];
  const { rows: units } = await sql<{ id: number; scope: string }>`
    select id, scope from registers.unit where id = any (${[...new Set(owners.map((owner) => owner.unitId))]}::int[])`.execute(
    tx,
  );
  const scopeOf = new Map(units.map((unit) => [unit.id, unit.scope]));
  const given = owners.map((owner) => {
    const scope = scopeOf.get(owner.unitId);
    if (scope === undefined) throw new Error(`no unit ${owner.unitId} within sight`);
    return {
      owner,
      district: scope.slice(0, 6),
      person: { scope, name: owner.name, phone: owner.phone, identity: owner.identity, batchId: owner.batchId },
    };
  });
  const nameWithPhone = (name: string, phone: Buffer) => `${name} ${phone.toString('hex')}`;
  // Keys by which a person is the same: the identity number where there is one, otherwise name and phone.
  const keyOf = ({ owner, district }: (typeof given)[number]) => {
    if (owner.identity) return sealing.hashFor(district, 'identity', owner.identity).toString('hex');
    return owner.phone ? nameWithPhone(owner.name, sealing.hashFor(district, 'phone', owner.phone)) : null;
  };
  const known = new Map<string, number>();
  for (const district of new Set(given.map((one) => one.district))) {
    const own = given.filter((one) => one.district === district);
    const found = await findPeopleByHash(tx, district, {
      phones: own.flatMap(({ owner }) =>
        owner.phone && !owner.identity ? [sealing.hashFor(district, 'phone', owner.phone)] : [],
      ),
      identities: own.flatMap(({ owner }) =>
        owner.identity ? [sealing.hashFor(district, 'identity', owner.identity)] : [],
      ),
    });
    for (const person of found) {
      if (person.identityHash) known.set(person.identityHash.toString('hex'), person.id);
      if (person.phoneHash) known.set(nameWithPhone(person.name, person.phoneHash), person.id);
    }
  }
  const keys = given.map(keyOf);
  const fresh: NewPerson[] = [];
  const placeOf = new Map<string, number>();
  const places = given.map(({ person }, index) => {
    const key = keys[index]!;
    if (key !== null && known.has(key)) return null;
    const place = key === null ? undefined : placeOf.get(key);
    if (place !== undefined) return place;
    fresh.push(person);
    if (key !== null) placeOf.set(key, fresh.length - 1);
    return fresh.length - 1;
  });
  const added = await addPeople(tx, sealing, fresh);
  const personIds = places.map((place, index) => (place === null ? known.get(keys[index]!)! : added[place]!));
  await addOwnerships(
    tx,
    owners.map(({ unitId, fromOn, batchId }, index) => ({ unitId, personId: personIds[index]!, fromOn, batchId })),
  );
  return personIds;
}

export interface NewProject {
  estateId: number;
  mode: ServiceMode;
  companyId?: number | null;
  managerName?: string | null;
  supervised?: boolean | null;
  startedOn?: string | null;
  endedOn?: string | null;
  batchId?: number | null;
}

/** Adds service projects and answers their ids in the order given. */
export async function addProjects(tx: Transaction, projects: readonly NewProject[]): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    with added as (
      insert into registers.service_project (estate_id, scope, mode, company_id, manager_name, supervised, started_on, ended_on, batch_id)
      select e.id, e.scope, r.mode, company_id, manager_name, supervised, started_on, ended_on, r.batch_id
      from rows from (jsonb_to_recordset(${json(projects)}::jsonb) as ("estateId" int, mode text, "companyId" int, "managerName" text,
        supervised boolean, "startedOn" date, "endedOn" date, "batchId" int)) with ordinality
        as r(estate_id, mode, company_id, manager_name, supervised, started_on, ended_on, batch_id, position)
      left join registers.estate e on e.id = r.estate_id order by r.position returning id
    )
    select id from added order by id`.execute(tx);
  return rows.map((row) => row.id);
}

export interface NewCommittee {
  estateId: number;
  kind: CommitteeKind;
  /** The organisation's name; by default the estate's with the kind's. */
  name?: string | null;
  enrolledOn: string;
  foundedOn?: string | null;
  termFrom?: string | null;
  termTo?: string | null;
  memberCount?: number | null;
  partyMemberCount?: number | null;
  ownerMemberCount?: number | null;
  partyUnit?: boolean | null;
  batchId?: number | null;
}

/** Adds committees, each an organisation of its estate; answers the organisations' ids in the order given. */
export async function addCommittees(tx: Transaction, committees: readonly NewCommittee[]): Promise<number[]> {
  const given = sql`
    rows from (jsonb_to_recordset(${json(committees)}::jsonb) as ("estateId" int, kind text, name text, "enrolledOn" date, "foundedOn" date,
      "termFrom" date, "termTo" date, "memberCount" int, "partyMemberCount" int, "ownerMemberCount" int, "partyUnit" boolean, "batchId" int))
      with ordinality as r(estate_id, kind, name, enrolled_on, founded_on, term_from, term_to, member_count, party_member_count, owner_member_count,
        party_unit, batch_id, position)`;
  const { rows } = await sql<{ id: number }>`
    with bodies as (
      insert into registers.organisation (kind, name, area_code, scope, founded_on, enrolled_on, batch_id)
      select case r.kind when 'owners' then 'owners-committee' else 'management-committee' end,
        coalesce(r.name, e.name || case r.kind when 'owners' then '业主委员会' else '物业管理委员会' end),
        e.community_code, e.scope, coalesce(r.founded_on, r.term_from), r.enrolled_on, r.batch_id
      from ${given} left join registers.estate e on e.id = r.estate_id order by r.position returning id
    ), numbered as (select id, row_number() over (order by id) as position from bodies)
    insert into registers.committee (organisation_id, estate_id, scope, kind, term_from, term_to, member_count, party_member_count, owner_member_count,
      party_unit, batch_id)
    select n.id, e.id, e.scope, r.kind, r.term_from, r.term_to, r.member_count, r.party_member_count, r.owner_member_count, r.party_unit, r.batch_id
    from ${given} join numbered n on n.position = r.position join registers.estate e on e.id = r.estate_id
    returning organisation_id as id`.execute(tx);
  return rows.map((row) => row.id).sort((a, b) => a - b);
}

export interface NewCommitteeMember {
  committeeId: number;
  name: string;
  title: MemberTitle;
  fromOn?: string | null;
  toOn?: string | null;
  batchId?: number | null;
}

export async function addCommitteeMembers(tx: Transaction, members: readonly NewCommitteeMember[]): Promise<void> {
  await sql`
    insert into registers.committee_member (committee_id, scope, name, title, from_on, to_on, batch_id)
    select c.organisation_id, c.scope, r.name, r.title, r."fromOn", r."toOn", r."batchId"
    from jsonb_to_recordset(${json(members)}::jsonb) as r("committeeId" int, name text, title text, "fromOn" date, "toOn" date, "batchId" int)
    left join registers.committee c on c.organisation_id = r."committeeId"`.execute(tx);
}

/** JSON with exact integers: a bigint becomes digits, which PostgreSQL reads back as they are. */
function json(rows: readonly object[]): string {
  return JSON.stringify(rows, (_, value) => (typeof value === 'bigint' ? value.toString() : value));
}
