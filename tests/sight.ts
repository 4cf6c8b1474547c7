// Who sees what: a district with many places and people drawn from a seed, the lists of the rooms, and a plain model of sight that knows
// nothing of policies. tests/scope.test.ts holds the two against each other; tests/deep/saboteurs.test.ts shows that a spoilt database differs.

import pg from 'pg';
import { divisionRange } from '../src/kernel/identifiers.ts';
import { localDate } from '../src/kernel/local-date.ts';
import { materialiseDuties } from '../src/oversight/duties/index.ts';
import { findDuties } from '../src/oversight/duties/queries.ts';
import { findIndicatorSubjects, readIndicators } from '../src/oversight/indicators/queries.ts';
import type { Actor, Database, Transaction } from '../src/platform/database.ts';
import { sql } from '../src/platform/database.ts';
import { record } from '../src/platform/journal.ts';
import { findFilings } from '../src/procedures/filings/queries.ts';
import { addAreas } from '../src/registers/areas/index.ts';
import {
  addCommittees,
  addEstates,
  addOwners,
  addOwnerships,
  addProjects,
  addUnits,
} from '../src/registers/estates/index.ts';
import { listCommittees, listEstates, listOwners, listProjects, listUnits } from '../src/registers/estates/queries.ts';
import {
  addCompanies,
  addInstructors,
  addOrganisations,
  addPartyArrangements,
} from '../src/registers/organisations/index.ts';
import { listCompanies } from '../src/registers/organisations/queries.ts';
import { addAccount, addPeople, addPosts, resolvePerson } from '../src/registers/people/index.ts';
import { addBindings } from '../src/registers/requirements/index.ts';
import { codes, type District, engine, today } from './district.ts';
import { requireHere } from './requirements.ts';

export interface Persona {
  name: string;
  actor: Actor;
  /** What the model reasons from; nothing is taken from the actor. */
  who:
    | { kind: 'office'; areaCode: string | null }
    | { kind: 'body'; organisationId: number }
    | { kind: 'resident'; personId: number }
    | { kind: 'nobody' };
}

export interface World {
  personas: Persona[];
  rows: Rows;
  estateIds: number[];
  indicatorIds: number[];
}

/** A stream of draws, the same for the same seed. */
export function drawing(seed: number) {
  let state = seed >>> 0;
  const below = (limit: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 4_294_967_296) * limit);
  };
  return {
    below,
    chance: (percent: number) => below(100) < percent,
    pick: <T>(list: readonly T[]): T => list[below(list.length)]!,
  };
}

const otherDistrict = '990103000000';
const hill = '990102003000';

/** Grows the test district, beside it a second one, with everything that a list may show. */
export async function growWorld(
  district: District,
  seed: number,
  options: { indicators?: number } = {},
): Promise<World> {
  const { below, chance, pick } = drawing(seed);
  const { database, sealing } = district;
  const enrolledOn = '2026-01-01';
  const maybe = <T>(value: T, percent = 70) => (chance(percent) ? value : null);
  const day = () => `20${20 + below(6)}-0${1 + below(9)}-1${below(10)}`;
  const later = () => pick(['2026-03-31', '2026-11-22', '2027-05-01', null, null, null]);
  const accounts: { name: string; accountId: number; who: Persona['who'] }[] = [];

  await database.transaction(engine, async (tx) => {
    const communities: string[] = [codes.spring, codes.lake, codes.stone];
    const added = [
      { code: hill, name: '北岭街道', parentCode: codes.district },
      { code: '990102003001', name: '岭下社区', parentCode: hill },
      { code: '990102003002', name: '岭上社区', parentCode: hill },
      { code: '990102002002', name: '石塔社区', parentCode: codes.west },
      { code: otherDistrict, name: '邻区', parentCode: codes.city },
      { code: '990103001000', name: '桥南街道', parentCode: otherDistrict },
      { code: '990103001001', name: '桥南社区', parentCode: '990103001000' },
    ];
    await addAreas(
      tx,
      added.map((area) => ({ ...area, enrolledOn })),
    );
    communities.push('990102003001', '990102003002', '990102002002', '990103001001');
    const [otherBureau, hillOffice] = await addOrganisations(tx, [
      { kind: 'housing-bureau', name: '邻区住房和城乡建设局', areaCode: otherDistrict, enrolledOn },
      { kind: 'subdistrict-office', name: '北岭街道办事处', areaCode: hill, enrolledOn },
    ]);
    const homes = [codes.east, codes.west, hill, '990103001000', codes.district];
    const companies = await addOrganisations(
      tx,
      homes.map((areaCode, at) => ({
        kind: 'property-company' as const,
        name: `示范第${at + 1}物业有限公司`,
        areaCode,
        enrolledOn,
      })),
    );
    await addCompanies(
      tx,
      companies.map((organisationId, at) => ({
        organisationId,
        scope: homes[at]!,
        registeredOn: day(),
        fullMembers: maybe(below(8)),
        eligible: maybe(chance(50)),
        partySurveyed: chance(70),
      })),
    );
    const estates = await addEstates(
      tx,
      Array.from({ length: 24 }, (_, at) => ({
        communityCode: communities[at % communities.length]!,
        name: `第${at + 1}小区`,
        kind: maybe(pick(['commodity', 'old', 'resettlement'] as const)),
        households: maybe(100 + below(900)),
        floorAreaCentiM2: maybe(BigInt(1_000_000 + below(5_000_000))),
        serviceSurveyed: chance(60),
        committeeSurveyed: chance(60),
        enrolledOn,
      })),
    );
    const projects = estates.flatMap((estate) =>
      Array.from({ length: below(3) }, () => ({
        estateId: estate.id,
        mode: 'company' as const,
        companyId: pick(companies),
        supervised: maybe(chance(50)),
        startedOn: day(),
        endedOn: later(),
      })),
    );
    const projectIds = await addProjects(tx, projects);
    for (const [at, companyId] of companies.entries()) {
      const place = { companyId, scope: homes[at]! };
      if (chance(60))
        await addPartyArrangements(tx, [
          { ...place, form: pick(['own', 'joint', 'regional'] as const), foundedOn: day(), endedOn: later() },
        ]);
      const served = projectIds.filter((_, one) => projects[one]!.companyId === companyId);
      await addInstructors(tx, [
        ...(chance(60) ? [{ ...place, name: '指导员', fromOn: day(), toOn: later() }] : []),
        ...served
          .filter(() => chance(50))
          .map((projectId) => ({ ...place, projectId, name: '驻点指导员', fromOn: day(), toOn: later() })),
      ]);
    }
    const committees = await addCommittees(
      tx,
      estates
        .filter(() => chance(70))
        .map((estate) => ({
          estateId: estate.id,
          kind: pick(['owners', 'owners', 'management'] as const),
          enrolledOn,
          termFrom: maybe(day(), 90),
          termTo: pick(['2026-06-30', '2028-06-30', '2029-01-01']),
          memberCount: maybe(7),
          partyMemberCount: maybe(below(7)),
          ownerMemberCount: maybe(5),
          partyUnit: maybe(chance(50)),
        })),
    );
    const owners: { personId: number; unitId: number }[] = [];
    for (const estate of estates) {
      const units = await addUnits(
        tx,
        estate.id,
        Array.from({ length: 2 + below(4) }, (_, at) => ({
          building: `${1 + below(2)}幢`,
          name: `${at + 1}01`,
          areaCentiM2: maybe(BigInt(5_000 + below(9_000))),
        })),
      );
      for (const unitId of units) {
        if (!chance(80)) continue;
        const [personId] = await addOwners(tx, sealing, [
          { unitId, name: `业主${unitId}`, phone: `1390000${String(unitId).padStart(4, '0')}`, fromOn: day() },
        ]);
        owners.push({ personId: personId!, unitId });
      }
    }
    // Some own more than one unit, also elsewhere; some have sold what they had.
    const second = Array.from({ length: 12 }, () => ({
      personId: pick(owners).personId,
      unitId: pick(owners).unitId,
      fromOn: day(),
      toOn: later(),
    }));
    await addOwnerships(tx, second);
    const sold = owners.filter(() => chance(15));
    await sql`update registers.ownership set to_on = '2026-02-01' where unit_id = any (${sold.map((one) => one.unitId)}::int[]) and to_on is null`.execute(
      tx,
    );

    // An account for each kind of asker, found again through the same door as a sign-in.
    const open = async (
      name: string,
      personId: number,
      post: Parameters<typeof addPosts>[1][number],
      who: Persona['who'],
    ) => {
      await addPosts(tx, [post]);
      accounts.push({ name, who, accountId: (await addAccount(tx, { name, personId, passwordHash: 'none' }))! });
    };
    const officers: [string, number, string][] = [
      ['区住建局', district.organisations.bureau, codes.district],
      ['东湖街道', district.organisations.eastOffice, codes.east],
      ['西山街道', district.organisations.westOffice, codes.west],
      ['北岭街道', hillOffice!, hill],
      ['春江社区', district.organisations.springCommittee, codes.spring],
      ['邻区住建局', otherBureau!, otherDistrict],
    ];
    for (const [name, organisationId, areaCode] of officers) {
      const [personId] = await addPeople(tx, sealing, [{ scope: areaCode, name }]);
      await open(
        `视野 ${name}`,
        personId!,
        { personId: personId!, organisationId, role: 'officer', fromOn: enrolledOn },
        { kind: 'office', areaCode },
      );
    }
    const bodies = [
      district.organisations.company,
      district.organisations.otherCompany,
      ...companies.slice(0, 4),
      district.committee,
      ...committees.slice(0, 4),
    ];
    for (const organisationId of bodies) {
      const [personId] = await addPeople(tx, sealing, [{ scope: codes.city, name: `单位${organisationId}` }]);
      await open(
        `视野 单位${organisationId}`,
        personId!,
        { personId: personId!, organisationId, role: 'officer', fromOn: enrolledOn },
        { kind: 'body', organisationId },
      );
    }
    const some = [
      ...new Set([
        ...second.map((one) => one.personId),
        ...sold.map((one) => one.personId),
        ...owners.map((one) => one.personId),
      ]),
    ].slice(0, 8);
    for (const personId of some) {
      await open(
        `视野 业主${personId}`,
        personId,
        { personId, organisationId: null, role: 'owner', fromOn: enrolledOn },
        { kind: 'resident', personId },
      );
    }
    await record(tx, {
      chain: `organisation:${district.organisations.bureau}`,
      act: 'tests.grown',
      object: `area:${codes.district}`,
    });
  });
  await requireHere(district);
  await database.transaction(engine, async (tx) => {
    await addBindings(tx, [{ areaCode: otherDistrict, packId: 'jiangsu', fromOn: '2025-01-01' }]);
    await materialiseDuties(tx, localDate(today));
    await fileSome(tx, district, seed);
    await record(tx, {
      chain: `organisation:${district.organisations.bureau}`,
      act: 'tests.filed',
      object: `area:${codes.district}`,
    });
  });

  const personas: Persona[] = [];
  for (const { name, accountId, who } of accounts) {
    const person = await database.transaction({ standing: 'door', today }, (tx) => resolvePerson(tx, accountId, null));
    if (!person) throw new Error(`no person for ${name}`);
    personas.push({ name, actor: person.actor, who });
  }
  for (const standing of ['office', 'body', 'resident', 'door'] as const) {
    personas.push({ name: `无范围的 ${standing}`, actor: { standing, today }, who: { kind: 'nobody' } });
  }
  const rows = await readRows(district.adminUrl);
  const indicators = await database.transaction(everything, (tx) => readIndicators(tx, undefined, localDate(today)));
  const wanted = options.indicators ?? indicators.length;
  const indicatorIds = indicators
    .filter(
      (_, at) => Math.floor((at * wanted) / indicators.length) !== Math.floor(((at - 1) * wanted) / indicators.length),
    )
    .map((one) => one.id);
  return { personas, rows, estateIds: rows.estates.map((one) => one.id), indicatorIds };
}

/** Filings and waivers of about a third of the duties that are due: by their bearers, by an office, with evidence, withdrawn. */
async function fileSome(tx: Transaction, district: District, seed: number): Promise<void> {
  const { chance, pick } = drawing(seed + 1);
  const digest = 'ab'.repeat(32);
  await sql`select platform.keep_file(${digest}, 1, 'text/plain', 'x', null)`.execute(tx);
  type Due = {
    requirement_id: number;
    matter: string;
    subject_kind: string;
    subject_id: string;
    subject_label: string;
    scope: string;
    estate_id: number | null;
    bearer_id: number | null;
    period: string;
    due_on: string;
  };
  const { rows } =
    await sql<Due>`select * from oversight.duty order by requirement_id, subject_kind, subject_id, period`.execute(tx);
  const { lin } = district.people;
  const { linBureau } = district.posts;
  for (const due of rows) {
    if (due.due_on > today || chance(60)) continue;
    if (chance(15)) {
      await sql`insert into oversight.waiver (requirement_id, subject_kind, subject_id, period, scope, estate_id, reason, person_id, post_id)
        values (${due.requirement_id}, ${due.subject_kind}, ${due.subject_id}, ${due.period}, ${due.scope}, ${due.estate_id}, '停工整修', ${lin}, ${linBureau})`.execute(
        tx,
      );
      continue;
    }
    const by =
      (chance(60) ? due.bearer_id : null) ?? pick([district.organisations.bureau, district.organisations.eastOffice]);
    const evidence = pick(['none', 'to-follow', 'to-follow', 'attached']);
    const { rows: made } = await sql<{ id: number }>`
      insert into filings.filing (matter, subject_kind, subject_id, subject_label, scope, estate_id, organisation_id, period, done_on, filed_on, person_id, post_id, evidence)
      values (${due.matter}, ${due.subject_kind}, ${due.subject_id}, ${due.subject_label}, ${due.scope}, ${due.estate_id}, ${by}, ${due.period}, ${due.due_on}, ${today}, ${lin}, ${linBureau}, ${evidence})
      returning id`.execute(tx);
    const { id } = made[0]!;
    if (evidence !== 'none' && chance(50)) {
      await sql`insert into filings.evidence (filing_id, file_digest, name, person_id) values (${id}, ${digest}, '照片', ${lin})`.execute(
        tx,
      );
    }
    if (chance(20))
      await sql`insert into filings.withdrawal (filing_id, reason, person_id) values (${id}, '填错了', ${lin})`.execute(
        tx,
      );
  }
  // What an office files about a company itself belongs to no estate.
  const { company, bureau } = district.organisations;
  await sql`insert into filings.filing (matter, subject_kind, subject_id, subject_label, scope, organisation_id, period, done_on, filed_on, person_id, post_id, evidence)
    select 'joint.reportIn.company', 'companies', ${company}::text, '示范安居', scope, ${bureau}, '2026-01-05', '2026-01-06', ${today}, ${lin}, ${linBureau}, 'none'
    from registers.company where organisation_id = ${company}`.execute(tx);
}

// ── The lists

/** One row of a list: what it is, and everything the screen shows of it. */
export type Listed = Map<string, unknown>;
export type ListName = '小区' | '业委会' | '物业项目' | '企业' | '房屋' | '业主' | '义务' | '报备' | '指标对象';
export const listNames: ListName[] = ['小区', '业委会', '物业项目', '企业', '房屋', '业主', '义务', '报备', '指标对象'];

const all = { offset: 0, limit: 100_000 };
/** The lists take more than they are given here; absent means no filter. */
// biome-ignore lint/suspicious/noExplicitAny: the inputs are the contracts' after their defaults
const input = (given: object) => ({ ...all, order: 'asc', ...given }) as any;

function keyed<Row extends object>(rows: readonly Row[], key: (row: Row) => unknown): Listed {
  return new Map(rows.map((row) => [String(key(row)), row]));
}

export async function listOf(
  tx: Transaction,
  list: ListName,
  { estateIds, indicatorIds }: Pick<World, 'estateIds' | 'indicatorIds'>,
): Promise<Listed> {
  switch (list) {
    case '小区':
      return keyed((await listEstates(tx, input({ sort: 'area' }), today)).rows, (row) => row.id);
    case '业委会':
      return keyed((await listCommittees(tx, input({ sort: 'area' }), today)).rows, (row) => row.id);
    case '物业项目':
      return keyed((await listProjects(tx, input({ sort: 'area' }), today)).rows, (row) => row.id);
    case '企业':
      return keyed((await listCompanies(tx, input({ sort: 'name' }), today)).rows, (row) => row.id);
    case '房屋': {
      const parts = [];
      for (const id of estateIds) parts.push(...(await listUnits(tx, input({ id }), today)).rows);
      return keyed(parts, (row) => row.id);
    }
    case '业主': {
      const parts = [];
      for (const estate of estateIds) parts.push(...(await listOwners(tx, input({ estate }), today)).rows);
      return keyed(parts, (row) => `${row.unitId}/${row.personId}/${row.fromOn}`);
    }
    case '义务':
      return keyed((await findDuties(tx, {}, all)).rows, (row) => row.id);
    case '报备':
      return keyed((await findFilings(tx, {}, all)).rows, (row) => row.id);
    case '指标对象': {
      const listed: Listed = new Map();
      for (const id of indicatorIds) {
        for (const row of (await findIndicatorSubjects(tx, id, { part: 'all' }, localDate(today), all)).rows) {
          listed.set(`${id} ${row.subjectKind} ${row.subjectId} ${row.label}`, row);
        }
      }
      return listed;
    }
  }
}

/** Sees all there is: the engine, over the whole range of codes. */
export const everything: Actor = { ...engine, lo: '0', hi: ':' };

// ── The model

interface Rows {
  estates: { id: number; scope: string }[];
  organisations: { id: number; dissolved_on: string | null }[];
  companies: { organisation_id: number; scope: string }[];
  projects: { id: number; estate_id: number; company_id: number; started_on: string | null; ended_on: string | null }[];
  committees: { organisation_id: number; estate_id: number; term_from: string | null }[];
  units: { id: number; estate_id: number }[];
  ownerships: { unit_id: number; person_id: number; estate_id: number; from_on: string | null; to_on: string | null }[];
  duties: {
    id: number;
    matter: string;
    scope: string;
    estate_id: number | null;
    bearer_id: number | null;
    subject_kind: string;
    subject_id: string;
    subject_label: string;
    period: string;
  }[];
  filings: {
    id: number;
    matter: string;
    period: string | null;
    scope: string;
    estate_id: number | null;
    organisation_id: number;
    subject_kind: string;
    subject_id: string;
  }[];
}

/** Everything, as the superuser reads it: no policy speaks here. */
export async function readRows(adminUrl: string): Promise<Rows> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const read = async (table: string) => (await client.query(`select * from ${table}`)).rows;
    return {
      estates: await read('registers.estate'),
      organisations: await read('registers.organisation'),
      companies: await read('registers.company'),
      projects: await read('registers.service_project'),
      committees: await read('registers.committee'),
      units: await read('registers.unit'),
      ownerships: await read('registers.ownership'),
      duties: await read('oversight.duty'),
      filings: await read('filings.filing'),
    };
  } finally {
    await client.end();
  }
}

const begun = (day: string | null) => day === null || day <= today;
const lasts = (day: string | null) => day === null || day > today;

/** The estates of a company, a committee or an owner on the business day. */
function estatesOf(rows: Rows, who: Persona['who']): Set<number> {
  if (who.kind === 'body') {
    const served = rows.projects.filter(
      (one) => one.company_id === who.organisationId && begun(one.started_on) && lasts(one.ended_on),
    );
    return new Set(
      [...served, ...rows.committees.filter((one) => one.organisation_id === who.organisationId)].map(
        (one) => one.estate_id,
      ),
    );
  }
  if (who.kind === 'resident') {
    return new Set(
      rows.ownerships.filter((one) => one.person_id === who.personId && lasts(one.to_on)).map((one) => one.estate_id),
    );
  }
  return new Set();
}

/** The keys of a list that this asker must see, no more and no fewer; `whole` is the list as seen by who sees everything. */
export function modelOf(rows: Rows, who: Persona['who'], list: ListName, whole: Listed): Set<string> {
  const mine = estatesOf(rows, who);
  const scopeOf = new Map(rows.estates.map((one) => [one.id, one.scope]));
  const range = who.kind === 'office' && who.areaCode !== null ? divisionRange(who.areaCode) : null;
  const inRange = (scope: string) => range !== null && scope >= range.lo && scope < range.hi;
  const at = (estateId: number | null) => estateId !== null && (inRange(scopeOf.get(estateId)!) || mine.has(estateId));
  const company = (id: number) =>
    inRange(rows.companies.find((one) => one.organisation_id === id)!.scope) ||
    (who.kind === 'body' && who.organisationId === id);
  const owned = (unitId: number) =>
    who.kind === 'resident' && rows.ownerships.some((one) => one.unit_id === unitId && one.person_id === who.personId);
  const unit = (one: { id: number; estate_id: number }) =>
    at(one.estate_id) && (who.kind !== 'resident' || owned(one.id));
  const duty = (one: Rows['duties'][number]) =>
    inRange(one.scope) ||
    at(one.estate_id) ||
    (who.kind === 'body' && one.estate_id === null && one.bearer_id === who.organisationId);
  // What is on file about a body is no secret to it, whoever filed it.
  const aboutMe = (one: { subject_kind: string; subject_id: string }) =>
    who.kind === 'body' &&
    ['companies', 'committees', 'managementCommittees'].includes(one.subject_kind) &&
    one.subject_id === String(who.organisationId);
  switch (list) {
    case '小区':
      return new Set(rows.estates.filter((one) => at(one.id)).map((one) => String(one.id)));
    case '业委会':
      return new Set(
        rows.committees
          .filter((one) => at(one.estate_id) && begun(one.term_from))
          .map((one) => String(one.organisation_id)),
      );
    case '物业项目':
      return new Set(rows.projects.filter((one) => at(one.estate_id)).map((one) => String(one.id)));
    case '企业':
      return new Set(
        rows.companies.filter((one) => company(one.organisation_id)).map((one) => String(one.organisation_id)),
      );
    case '房屋':
      return new Set(rows.units.filter(unit).map((one) => String(one.id)));
    case '业主':
      // Names of owners are for offices; an owner finds themselves, a company or committee nobody.
      return new Set(
        rows.ownerships
          .filter(
            (one) =>
              begun(one.from_on) &&
              lasts(one.to_on) &&
              at(one.estate_id) &&
              (who.kind === 'office' || (who.kind === 'resident' && one.person_id === who.personId)),
          )
          .map((one) => `${one.unit_id}/${one.person_id}/${one.from_on}`),
      );
    case '义务':
      return new Set(rows.duties.filter(duty).map((one) => String(one.id)));
    case '报备':
      return new Set(
        rows.filings
          .filter(
            (one) =>
              inRange(one.scope) ||
              at(one.estate_id) ||
              (who.kind === 'body' && (one.organisation_id === who.organisationId || aboutMe(one))),
          )
          .map((one) => String(one.id)),
      );
    case '指标对象':
      return new Set(
        [...whole.entries()]
          .filter(([, row]) => {
            const { subjectKind, subjectId, estateId } = row as {
              subjectKind: string;
              subjectId: string;
              estateId: number | null;
            };
            return estateId !== null
              ? at(estateId)
              : subjectKind === 'companies'
                ? company(Number(subjectId))
                : inRange(subjectId);
          })
          .map(([key]) => key),
      );
  }
}

// ── The comparison

/** What a persona sees otherwise than the model says: keys too many, too few, and rows that say something else than they say to everybody. */
export async function differences(
  database: Database,
  world: World,
  persona: Persona,
  wholes: Map<ListName, Listed>,
): Promise<string[]> {
  const found: string[] = [];
  for (const list of listNames) {
    const whole = wholes.get(list)!;
    const expected = modelOf(world.rows, persona.who, list, whole);
    const seen = await database
      .transaction(persona.actor, (tx) => listOf(tx, list, world))
      .catch((error: Error & { code?: string }) => {
        // The door has no business with most tables: it is refused, which is as good as seeing nothing.
        if (persona.who.kind === 'nobody' && error.code === '42501') return new Map<string, unknown>();
        throw error;
      });
    for (const key of seen.keys()) if (!expected.has(key)) found.push(`${persona.name} 不该看见${list} ${key}`);
    for (const key of expected) if (!seen.has(key)) found.push(`${persona.name} 该看见${list} ${key}`);
    for (const [key, row] of seen) {
      const full = whole.get(key);
      if (full === undefined) continue;
      for (const [field, value] of told(row)) {
        const truth = (full as Record<string, unknown>)[field];
        if (JSON.stringify(value) !== JSON.stringify(truth))
          found.push(`${persona.name} 看见的${list} ${key} 的 ${field} 是 ${value}，应是 ${truth}`);
      }
    }
  }
  return found;
}

/** What no viewpoint may change. A company's number of projects is of those in sight, and names of people are not for everybody. */
const told = (row: unknown) =>
  Object.entries(row as object).filter(([field]) => !['projects', 'filedBy', 'owners'].includes(field));

export async function wholeLists(
  database: Database,
  world: Pick<World, 'estateIds' | 'indicatorIds'>,
): Promise<Map<ListName, Listed>> {
  const wholes = new Map<ListName, Listed>();
  for (const list of listNames)
    wholes.set(list, await database.transaction(everything, (tx) => listOf(tx, list, world)));
  return wholes;
}

// ── Many at once

const answerOf = (rows: Listed) => JSON.stringify([...rows].sort(([a], [b]) => (a < b ? -1 : 1)));

/** Mixed requests at once over few connections: how many differ from the answer the same asker gets alone. */
export async function mixedUp(options: {
  alone: Database;
  shared: Database;
  world: World;
  requests: number;
  seed: number;
}): Promise<string[]> {
  const { alone, shared, world, requests } = options;
  const { pick } = drawing(options.seed);
  const short: ListName[] = ['小区', '业委会', '企业', '物业项目', '义务', '报备'];
  const asked = Array.from({ length: requests }, () => ({
    persona: pick(world.personas.filter((one) => one.actor.standing !== 'door')),
    list: pick(short),
  }));
  const expected: string[] = [];
  for (const { persona, list } of asked)
    expected.push(answerOf(await alone.transaction(persona.actor, (tx) => listOf(tx, list, world))));
  const got = await Promise.all(
    asked.map(({ persona, list }) =>
      shared
        .transaction(persona.actor, (tx) => listOf(tx, list, world))
        .then(answerOf, (error: Error) => `失败：${error.message}`),
    ),
  );
  return asked.flatMap(({ persona, list }, at) =>
    got[at] === expected[at] ? [] : [`${persona.name} 的${list}：${got[at]!.slice(0, 80)}`],
  );
}

/** What the connections of a pool still carry of those who used them: nothing, once each has been given back. */
export async function leftovers(database: Database, connections: number): Promise<string[]> {
  const clients = await Promise.all(Array.from({ length: connections }, () => database.pool.connect()));
  const found: string[] = [];
  for (const client of clients) {
    const { rows } = await client.query<{ self: string; session: string; carried: string }>(
      `select current_user as self, session_user as session, concat_ws(',', nullif(current_setting('app.lo', true), ''), nullif(current_setting('app.estates', true), ''),
         nullif(current_setting('app.organisation', true), ''), nullif(current_setting('app.person', true), '')) as carried`,
    );
    const { self, session, carried } = rows[0]!;
    if (self !== session) found.push(`连接仍以 ${self} 的身份`);
    if (carried !== '') found.push(`连接仍带着 ${carried}`);
    client.release();
  }
  return found;
}
