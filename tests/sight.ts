// Who sees what: a district with many places and people drawn from a seed, the lists of the rooms, and a plain model of sight that knows
// nothing of policies. tests/scope.test.ts holds the two against each other; tests/deep/saboteurs.test.ts shows that a spoilt database differs.

import pg from 'pg';
import { divisionRange } from '../src/kernel/identifiers.ts';
import { localDate } from '../src/kernel/local-date.ts';
import { findDirectives } from '../src/oversight/directives/queries.ts';
import { materialiseDuties } from '../src/oversight/duties/index.ts';
import { findDuties } from '../src/oversight/duties/queries.ts';
import {
  findIndicatorSubjects,
  indicatorsIn,
  population,
  readIndicators,
} from '../src/oversight/indicators/queries.ts';
import type { Actor, Database, Transaction } from '../src/platform/database.ts';
import { OfficeEnded, sql } from '../src/platform/database.ts';
import { record } from '../src/platform/journal.ts';
import { findDocuments } from '../src/procedures/documents/queries.ts';
import { findFilings } from '../src/procedures/filings/queries.ts';
import { addAreas } from '../src/registers/areas/index.ts';
import { findCorrections } from '../src/registers/corrections/queries.ts';
import { addEntries, entryKinds, type NewEntry } from '../src/registers/entries/index.ts';
import { listEntries } from '../src/registers/entries/queries.ts';
import {
  addCommittees,
  addEstates,
  addOwners,
  addOwnerships,
  addProjects,
  addUnits,
} from '../src/registers/estates/index.ts';
import { listCommittees, listEstates, listOwners, listProjects, listUnits } from '../src/registers/estates/queries.ts';
import { findGroups } from '../src/registers/groups/queries.ts';
import { findBars, listAbsences, listSuspensions } from '../src/registers/offices/queries.ts';
import {
  addCompanies,
  addInstructors,
  addOrganisations,
  addPartyArrangements,
} from '../src/registers/organisations/index.ts';
import { listCompanies } from '../src/registers/organisations/queries.ts';
import { addAccount, addPeople, addPosts, resolvePerson } from '../src/registers/people/index.ts';
import { listPosts } from '../src/registers/people/queries.ts';
import { listFlaws } from '../src/registers/quality/queries.ts';
import { addBindings } from '../src/registers/requirements/index.ts';
import { findReadings, listErasures, listEvents } from '../src/registers/sealed/queries.ts';
import { findSurveys } from '../src/registers/surveys/queries.ts';
import { codes, type District, engine, today } from './district.ts';
import { requireHere } from './requirements.ts';

export interface Persona {
  name: string;
  actor: Actor;
  /** What the model reasons from; nothing is taken from the actor. */
  who:
    | ({ kind: 'office'; areaCode: string | null; organisationId?: number; personId?: number } & Barred)
    | ({ kind: 'body'; organisationId: number; personId?: number } & Barred)
    | { kind: 'resident'; personId: number }
    | { kind: 'system' | 'security' | 'audit'; areaCode: string; personId: number }
    | { kind: 'nobody' };
  /** The post acted in has ended, is suspended, or was a deputy's for a leave that is over: no transaction begins. */
  ended?: boolean;
}

/** What a person must keep out of (conflicts of interest). */
interface Barred {
  barredEstates?: readonly number[];
  barredCompanies?: readonly number[];
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
  const accounts: { name: string; accountId: number; who: Persona['who']; postId?: number; ended?: boolean }[] = [];

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

    /** Three administrators of two districts; deputies with and without leave, suspended, ended, not yet begun, barred. */
    async function changeOffices(): Promise<void> {
      const staff = async (
        name: string,
        organisationId: number,
        scope: string,
        given: Partial<Parameters<typeof addPosts>[1][number]> = {},
      ) => {
        const [personId] = await addPeople(tx, sealing, [{ scope, name }]);
        const [postId] = await addPosts(tx, [
          { personId: personId!, organisationId, role: 'officer', fromOn: enrolledOn, ...given },
        ]);
        const accountId = (await addAccount(tx, { name: `视野 ${name}`, personId: personId!, passwordHash: 'none' }))!;
        return { personId: personId!, postId: postId!, accountId, name: `视野 ${name}` };
      };
      for (const [place, organisationId, areaCode] of [
        ['本区', district.organisations.bureau, codes.district],
        ['邻区', otherBureau!, otherDistrict],
      ] as const) {
        for (const [role, kind] of [
          ['administrator', 'system'],
          ['security-administrator', 'security'],
          ['audit-administrator', 'audit'],
        ] as const) {
          const one = await staff(`${place}${kind}`, organisationId, areaCode, { role });
          accounts.push({ ...one, who: { kind, areaCode, personId: one.personId } });
        }
      }
      const { eastOffice, springCommittee, westOffice, bureau, company } = district.organisations;
      const holder = await staff('离岗的专员', eastOffice, codes.east);
      const manager = await staff('离岗的经理', company, codes.east);
      const present = await staff('在岗的专员', westOffice, codes.west);
      const deputy = await staff('代专员', springCommittee, codes.spring);
      const bodyDeputy = await staff('代经理', springCommittee, codes.spring);
      const idle = await staff('待代理', springCommittee, codes.spring);
      const gone = { fromOn: '2026-11-01', toOn: '2026-12-01', document: '文' };
      const over = { fromOn: '2026-11-01', toOn: today, document: '文' };
      for (const [post, organisation, person, leave] of [
        [holder.postId, eastOffice, deputy.personId, gone],
        [manager.postId, company, bodyDeputy.personId, gone],
        [present.postId, westOffice, idle.personId, over],
      ] as const) {
        await sql`insert into registers.deputy (post_id, organisation_id, person_id, from_on, to_on, document)
          values (${post}, ${organisation}, ${person}, '2026-01-01', '2027-01-01', '文')`.execute(tx);
        await sql`insert into registers.leave (post_id, organisation_id, from_on, to_on, document)
          values (${post}, ${organisation}, ${leave.fromOn}, ${leave.toOn}, ${leave.document})`.execute(tx);
      }
      const east = { kind: 'office', areaCode: codes.east, organisationId: eastOffice } as const;
      const spring = { kind: 'office', areaCode: codes.spring, organisationId: springCommittee } as const;
      accounts.push({ ...holder, who: { ...east, personId: holder.personId } });
      accounts.push({ ...deputy, postId: holder.postId, who: { ...east, personId: deputy.personId } });
      accounts.push({
        ...bodyDeputy,
        postId: manager.postId,
        who: { kind: 'body', organisationId: company, personId: bodyDeputy.personId },
      });
      accounts.push({ ...idle, who: { ...spring, personId: idle.personId } });
      accounts.push({
        ...idle,
        name: '视野 返岗后的代理',
        postId: present.postId,
        ended: true,
        who: { kind: 'nobody' },
      });

      const suspend = (personId: number, postId: number | null, fromOn: string, toOn: string | null) =>
        sql`insert into registers.suspension (organisation_id, person_id, post_id, from_on, to_on, reason, document, imposed_by)
          values (${bureau}, ${personId}, ${postId}, ${fromOn}, ${toOn}, '调查', '文', ${district.people.lin})`.execute(
          tx,
        );
      for (const [name, given, suspended] of [
        ['停职的人', {}, ['person', '2026-11-01', null]],
        ['停职的职务', {}, ['post', today, '2026-12-01']],
        ['昨日离任的人', { toOn: today }, null],
        ['明日到任的人', { fromOn: '2026-11-23' }, null],
      ] as const) {
        const one = await staff(name, bureau, codes.district, given);
        if (suspended)
          await suspend(one.personId, suspended[0] === 'post' ? one.postId : null, suspended[1], suspended[2]);
        accounts.push({ ...one, ended: true, who: { kind: 'nobody' } });
      }
      const restored = await staff('停职期满的人', bureau, codes.district);
      await suspend(restored.personId, null, '2026-10-01', today);
      const office = { kind: 'office', areaCode: codes.district, organisationId: bureau } as const;
      accounts.push({ ...restored, who: { ...office, personId: restored.personId } });

      const bar = async (
        personId: number,
        estateId: number | null,
        companyId: number | null,
        from: string,
        to: string | null,
      ) => {
        await sql`insert into registers.bar (organisation_id, person_id, estate_id, company_id, scope, subject_label, from_on, to_on, reason, imposed_by)
          values (${bureau}, ${personId}, ${estateId}, ${companyId}, (select scope from registers.estate where id = ${estateId}), '某处', ${from}, ${to}, '亲属', ${district.people.lin})`.execute(
          tx,
        );
      };
      for (const n of [1, 2]) {
        const barred = await staff(`须回避的人${n}`, bureau, codes.district);
        const barredEstates = Array.from({ length: 3 }, () => pick(estates).id);
        const barredCompanies = [company, pick(companies)];
        for (const id of barredEstates) await bar(barred.personId, id, null, '2026-01-01', pick([null, '2027-01-01']));
        for (const id of barredCompanies) await bar(barred.personId, null, id, today, null);
        await bar(barred.personId, district.estates.oldTown, null, '2026-01-01', today); // over
        await bar(barred.personId, district.estates.garden, null, '2026-11-23', null); // not yet
        accounts.push({ ...barred, who: { ...office, personId: barred.personId, barredEstates, barredCompanies } });
      }
      const barredBody = await staff('须回避的企业人员', company, codes.east);
      await bar(barredBody.personId, district.estates.garden, null, '2026-01-01', null);
      accounts.push({
        ...barredBody,
        who: {
          kind: 'body',
          organisationId: company,
          personId: barredBody.personId,
          barredEstates: [district.estates.garden],
        },
      });
      for (const { personId } of owners.slice(0, 6)) {
        await sql`insert into registers.erasure (person_id, scope, reason, asked_by, organisation_id, asked_on)
          select id, scope, '本人要求', ${district.people.lin}, ${bureau}, ${today} from registers.person where id = ${personId}
          on conflict do nothing`.execute(tx);
      }
    }

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
        { kind: 'office', areaCode, organisationId, personId: personId! },
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
        { kind: 'body', organisationId, personId: personId! },
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
    await changeOffices();
    await enterSome(tx, estates, [...companies, ...Object.values(district.organisations)], seed);
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
  for (const { name, accountId, who, postId, ended } of accounts) {
    const resolve = (day: string) =>
      database.transaction({ standing: 'door', today: day }, (tx) => resolvePerson(tx, accountId, postId ?? null));
    const person = await resolve(today);
    if (ended) {
      // Whoever acts now with what was found on a day when the post still held, or already holds.
      for (const day of ['2026-11-10', '2026-10-20', '2027-01-10']) {
        const before = await resolve(day);
        if (!before || (postId !== undefined && before.post.id !== postId)) continue;
        personas.push({ name, actor: { ...before.actor, today }, who, ended });
        break;
      }
      if (person && person.post.id === postId) throw new Error(`${name} still acts`);
      continue;
    }
    if (!person) throw new Error(`no person for ${name}`);
    personas.push({ name, actor: person.actor, who });
  }
  await readSome(district, personas);
  for (const standing of ['office', 'body', 'resident', 'door'] as const) {
    personas.push({ name: `无范围的 ${standing}`, actor: { standing, today }, who: { kind: 'nobody' } });
  }
  const indicators = await database.transaction(everything, (tx) => readIndicators(tx, undefined, localDate(today)));
  const wanted = options.indicators ?? indicators.length;
  const indicatorIds = indicators
    .filter(
      (_, at) => Math.floor((at * wanted) / indicators.length) !== Math.floor(((at - 1) * wanted) / indicators.length),
    )
    .map((one) => one.id);
  await freezeSome(district, indicatorIds);
  await directSome(district);
  await writeSome(district);
  const rows = await readRows(district.adminUrl);
  return { personas, rows, estateIds: rows.estates.map((one) => one.id), indicatorIds };
}

/** Two dozen rows of every simple register, in force, over and to come, of estates and places all over both districts. */
async function enterSome(
  tx: Transaction,
  estates: readonly { id: number; scope: string }[],
  bodies: readonly number[],
  seed: number,
): Promise<void> {
  const { chance, pick, below } = drawing(seed + 2);
  const { rows: buildings } = await sql<{
    id: number;
    estate_id: number;
  }>`select id, estate_id from registers.building order by id`.execute(tx);
  const { rows: organisations } = await sql<{ id: number }>`select id from registers.organisation order by id`.execute(
    tx,
  );
  for (const kind of entryKinds) {
    const entries: NewEntry[] = [];
    for (let at = 0; at < 40; at += 1) {
      const estate = pick(estates);
      const inside = buildings.filter((one) => one.estate_id === estate.id);
      const community = estate.scope.slice(0, 12);
      const { rows: grids } = await sql<{
        id: number;
      }>`select id from registers.grid where scope = ${community} order by id`.execute(tx);
      if (kind.code === 'grid-workers' && grids.length === 0) continue;
      if (kind.fields.some((one) => one.kind === 'building' && one.required) && inside.length === 0) continue;
      // Upwards by number only, so that nobody stands above itself.
      const above = 1 + below(organisations.length - 1);
      const values = Object.fromEntries(
        kind.fields.map((field) => [
          field.key,
          field.required || chance(70)
            ? {
                text: `${kind.label}${at}`,
                integer: 30 + below(60),
                area: 1_000_000_000,
                date: '2025-03-01',
                yesNo: chance(50),
                choice: pick(Object.keys(field.choices ?? { none: '' })),
                organisation:
                  field.key === 'superior'
                    ? organisations[above - 1]!.id
                    : field.key === 'subordinate'
                      ? organisations[above]!.id
                      : pick(bodies),
                building: inside.length > 0 ? pick(inside).id : null,
                grid: grids.length > 0 ? pick(grids).id : null,
              }[field.kind]
            : null,
        ]),
      );
      if (values.worktime === 'full') values.source = null;
      const same = estates.filter((one) => one.scope.startsWith(community));
      entries.push({
        ...values,
        estateId: estate.id,
        areaCode: kind.place === 'area' && chance(50) ? `${community.slice(0, 9)}000` : community,
        fromOn: kind.place === 'bodies' ? `20${10 + (at % 40)}-01-01` : pick(['2025-01-01', '2026-12-01', null]),
        toOn: kind.place === 'bodies' ? `20${10 + (at % 40)}-02-01` : pick(['2027-01-01', null]),
        estates: kind.estates ? [...new Set([pick(same).id, pick(same).id])] : [],
      });
    }
    await addEntries(tx, kind, entries);
  }
}

/** Some telephones are opened, so that there are readings to be seen. */
async function readSome(district: District, personas: readonly Persona[]): Promise<void> {
  for (const persona of personas.filter((one) => one.who.kind === 'office' && one.actor.personId !== undefined)) {
    await district.database.transaction(persona.actor, async (tx) => {
      const { rows } = await sql<{ subject: string; sealed: Buffer }>`
        select subject, phone_sealed as sealed from registers.person where phone_sealed is not null order by id limit 2`.execute(
        tx,
      );
      await district.sealing.openMany(
        tx,
        rows.map((one) => ({ ...one, field: 'phone' })),
        { kind: 'browsing', reason: '核对业主' },
      );
    });
  }
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
      const made = await sql<{ id: number }>`
        insert into oversight.waiver (requirement_id, subject_kind, subject_id, period, scope, estate_id, reason, organisation_id, person_id, post_id)
        values (${due.requirement_id}, ${due.subject_kind}, ${due.subject_id}, ${due.period}, ${due.scope}, ${due.estate_id}, '停工整修', ${district.organisations.bureau},
          ${lin}, ${linBureau}) returning id`.execute(tx);
      // Some are confirmed, some declined, some wait for another person.
      if (chance(80))
        await sql`insert into oversight.waiver_decision (waiver_id, proposed_by, confirmed, answer, organisation_id, person_id, post_id)
          values (${made.rows[0]!.id}, ${lin}, ${chance(70)}, '已核', ${district.organisations.eastOffice}, ${district.people.chen}, ${district.posts.chenEast})`.execute(
          tx,
        );
      continue;
    }
    if (chance(15)) {
      await sql`insert into oversight.pause (requirement_id, subject_kind, subject_id, period, scope, estate_id, from_on, to_on, reason, basis, organisation_id, person_id, post_id)
        values (${due.requirement_id}, ${due.subject_kind}, ${due.subject_id}, ${due.period}, ${due.scope}, ${due.estate_id}, '2026-11-01', ${pick(['2026-11-11', '2026-12-31'])},
          '封闭施工', '示范通知', ${district.organisations.bureau}, ${lin}, ${linBureau})`.execute(tx);
      continue;
    }
    if (due.bearer_id !== null && due.bearer_id !== district.organisations.bureau && chance(15)) {
      await sql`insert into oversight.wait (requirement_id, subject_kind, subject_id, period, scope, estate_id, bearer_id, awaited_id, since_on, asked, person_id, post_id)
        values (${due.requirement_id}, ${due.subject_kind}, ${due.subject_id}, ${due.period}, ${due.scope}, ${due.estate_id}, ${due.bearer_id}, ${district.organisations.bureau},
          '2026-11-10', '等区里的办法', ${lin}, ${linBureau})`.execute(tx);
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
/** Every second indicator over subjects has a frozen denominator: who is in it is seen by whoever sees the subject, and by nobody else. */
async function freezeSome({ database, organisations, people, posts }: District, ids: readonly number[]): Promise<void> {
  const bureau: Actor = {
    standing: 'office',
    lo: '990102',
    hi: '990102:',
    today,
    organisationId: organisations.bureau,
  };
  await database.transaction(bureau, async (tx) => {
    const asked = (await indicatorsIn(tx, codes.district, localDate(today))).filter(
      ({ requirement, entry }) => ids.includes(requirement.id) && entry.over !== 'duties',
    );
    for (const one of asked.filter((_, at) => at % 2 === 0)) {
      await sql`with base as (
          insert into oversight.indicator_base (requirement_id, area_code, scope, base_on, frozen_on, document, definition, organisation_id, person_id, post_id)
          values (${one.requirement.id}, ${codes.district}, ${codes.district}, ${today}, ${today}, '视野', '视野', ${organisations.bureau}, ${people.lin}, ${posts.linBureau})
          returning id)
        insert into oversight.indicator_base_subject (base_id, subject_kind, subject_id, subject_label, scope, estate_id, weight)
        select base.id, p.subject_kind, p.subject_id, p.label, p.scope, p.estate_id, p.weight from base, (${population(one)}) p`.execute(
        tx,
      );
    }
    await record(tx, { chain: `organisation:${organisations.bureau}`, act: 'tests.frozen', object: 'tests' });
  });
}

/** Directives for duties of as many bearers as there are; every fifth is taken back. */
async function directSome({ database, organisations, people, posts }: District): Promise<void> {
  const bureau: Actor = {
    standing: 'office',
    lo: '990102',
    hi: '990102:',
    today,
    organisationId: organisations.bureau,
  };
  await database.transaction(bureau, async (tx) => {
    await sql`with wanted as (
        select d.*, o.scope as body_scope, row_number() over (partition by d.bearer_id order by d.id) as place
        from oversight.duty d join registers.organisation o on o.id = d.bearer_id where d.bearer_id <> ${organisations.bureau}),
      chosen as (select * from wanted order by place, id limit 60)
      insert into oversight.directive (clause_id, title, demand, matter, subject_kind, subject_id, subject_label, period, subject_scope, scope,
        origin_id, from_id, to_id, issued_on, due_on, person_id, post_id)
      select 'LC-5.3a', '视野督办', '视野督办的事', matter, subject_kind, subject_id, subject_label, period, scope,
        case when platform.in_scope(body_scope) then body_scope else scope end,
        ${organisations.bureau}::int, ${organisations.bureau}::int, bearer_id, ${today}::date, ${today}::date, ${people.lin}::int, ${posts.linBureau}::int
      from chosen`.execute(tx);
    await sql`insert into oversight.directive_step (directive_id, act, state, note, organisation_id, person_id, post_id, taken_on)
      select id, 'withdraw', 'withdrawn', '视野', ${organisations.bureau}::int, ${people.lin}::int, ${posts.linBureau}::int, ${today}::date
      from oversight.directive where id % 5 = 0`.execute(tx);
    await record(tx, { chain: `organisation:${organisations.bureau}`, act: 'tests.directed', object: 'tests' });
  });
}

/** Documents to as many bodies as there are, some public, two of three sealed; a group in every estate of the district. */
async function writeSome({ database, organisations, people, posts }: District): Promise<void> {
  const { bureau } = organisations;
  const { lin: person } = people;
  const { linBureau: post } = posts;
  await database.transaction(
    { standing: 'office', lo: '990102', hi: '990102:', today, organisationId: bureau, personId: person, postId: post },
    async (tx) => {
      const digest = 'd'.repeat(64);
      await sql`select platform.keep_file(${digest}, 1, 'application/pdf', '\\x00', null)`.execute(tx);
      await sql`insert into documents.document (kind, code, title, content, scope, organisation_id, to_id, is_public, draft_digest, drafted_on, person_id, post_id)
        select 'notice', 'SIGHT' || o.id, '视野文件', '{"passages": []}', case when platform.in_scope(o.scope) then o.scope else '990102000000' end, ${bureau}::int,
          o.id, o.id % 4 = 0, ${digest}, ${today}::date, ${person}::int, ${post}::int
        from registers.organisation o where o.id <> ${bureau}::int`.execute(tx);
      await sql`insert into documents.sealed_copy (document_id, place, document_number, issued_on, file_digest, name, added_on, person_id, post_id)
        select id, 1, '视野', ${today}::date, ${digest}, '视野', ${today}::date, ${person}::int, ${post}::int
        from documents.document where to_id % 3 > 0`.execute(tx);
      await sql`insert into registers.chat_group (estate_id, scope, name, kind, organisation_id, added_on)
        select e.id, e.scope, '视野群', 'owners', (select min(o.id) from registers.organisation o where o.kind = 'property-company') + e.id % 3, ${today}::date
        from registers.estate e`.execute(tx);
      await record(tx, { chain: `organisation:${bureau}`, act: 'tests.wrote', object: 'tests' });
    },
  );
  // Everybody with an account says that something is wrong somewhere; kept by all kinds of offices, not only by those of the place.
  await database.transaction(engine, async (tx) => {
    await sql`insert into registers.correction (estate_id, scope, about, subject_id, subject_label, field, should_be, reason, keeper_id, person_id, post_id, asked_on)
      select e.id, e.scope, 'estate', e.id, e.name, 'households', '1', '数过', k.ids[1 + (e.id + p.id) % cardinality(k.ids)], p.id, ${post}::int, ${today}::date
      from registers.estate e join registers.person p on (e.id + p.id) % 3 = 0 and p.account_id is not null,
        (select array_agg(id order by id) as ids from registers.organisation where kind in ('housing-bureau', 'subdistrict-office', 'residents-committee')) k`.execute(
      tx,
    );
    await sql`insert into registers.correction_answer (correction_id, scope, act, note, organisation_id, person_id, post_id, answered_on)
      select id, scope, 'decline', '核过', keeper_id, ${person}::int, ${post}::int, ${today}::date from registers.correction where id % 3 = 0`.execute(
      tx,
    );
    const { rows: areas } = await sql<{ code: string; level: string }>`select code, level from registers.area`.execute(
      tx,
    );
    for (const { code } of areas.filter((one) => one.level !== 'province')) {
      const { lo, hi } = divisionRange(code);
      await sql`insert into registers.survey (title, basis, area_code, scope, lo, hi, fields, opened_on, due_on, organisation_id, person_id, post_id)
        select '视野 ' || n, '视野', ${code}, ${code}, ${lo}, ${hi}, '{kind}', ${today}::date, ${today}::date, ${bureau}::int, ${person}::int, ${post}::int
        from generate_series(1, 2) n`.execute(tx);
    }
    await record(tx, { chain: `organisation:${bureau}`, act: 'tests.corrected', object: 'tests' });
  });
}

export type Listed = Map<string, unknown>;
export type ListName = string;
/** What the business shows. */
export const listNames: string[] = [
  '小区',
  '业委会',
  '物业项目',
  '企业',
  '房屋',
  '业主',
  '义务',
  '报备',
  '督办',
  '文件',
  '群',
  '底册问题',
  '摸排',
  '指标对象',
  ...entryKinds.filter((kind) => kind.place !== 'bodies').map((kind) => kind.label),
];
const entryKindOf = new Map(entryKinds.map((kind) => [kind.label, kind]));
/** What shows who holds which office, who looked at what, and who said what is wrong: nobody sees the whole. */
export const officeLists = ['任职', '离岗与代理', '停职', '回避', '我的回避', '查看', '抹除', '留痕', '纠错'] as const;

/**
 * Every list a contract offers, and what holds it: a list of the model, or why everybody who may ask gets the same answer.
 * tests/scope.test.ts holds this against the routes: a list that is not here fails.
 */
export const modelled: Readonly<Record<string, ListName | { because: string }>> = {
  '/api/estates': '小区',
  '/api/estates/:id/units': '房屋',
  '/api/owners': '业主',
  '/api/committees': '业委会',
  '/api/projects': '物业项目',
  '/api/companies': '企业',
  '/api/documents/to-post': { because: '本单位负责的群和看得见的通知，各依自己的策略' },
  '/api/duties': '义务',
  '/api/filings': '报备',
  '/api/responsibilities': { because: '义务按要求的汇总，同一视图、同一策略' },
  '/api/own-rules': { because: '义务清单的一部分，同一视图、同一策略：src/oversight/responsibility' },
  '/api/exports': { because: '只有申请的人、在申请时的职务上看得见：src/registers/exports' },
  '/api/directives': '督办',
  '/api/directives/my-turn': { because: '督办清单里轮到本人各单位办的；以每个身份各问一遍' },
  '/api/directives/received': { because: '督办清单的汇总，同一张表、同一策略' },
  '/api/documents': '文件',
  '/api/groups': '群',
  '/api/groups/:id/postings': { because: '随文件和群，同一组策略' },
  '/api/corrections': '纠错',
  '/api/surveys': '摸排',
  '/api/surveys/:id/sheets': { because: '小区清单里属于这次摸排的：src/registers/surveys/surveys.test.ts' },
  '/api/flaws': '底册问题',
  '/api/flaws/counts': { because: '数据质量清单的汇总，同一问法、同一策略' },
  '/api/indicators/:id/subjects': '指标对象',
  '/api/posts': '任职',
  '/api/absences': '离岗与代理',
  '/api/suspensions': '停职',
  '/api/bars': '回避',
  '/api/me/bars': '我的回避',
  '/api/readings': '查看',
  '/api/erasures': '抹除',
  '/api/journal': '留痕',
  '/api/me/readings': { because: '本人的查看记录：src/registers/sealed/sealed.test.ts' },
  '/api/bars/subjects': { because: '小区名与单位名，只供登记回避；小区按“小区”的策略' },
  '/api/duties/interventions': { because: '义务清单的汇总，同一张表、同一策略' },
  '/api/indicators': { because: '指标对象的汇总，同一组事实函数' },
  '/api/areas': { because: '区划是公开的；只是从自己的辖区看起' },
  '/api/organisations': { because: '单位名录是公开的' },
  '/api/packs': { because: '政策包是公开的' },
  '/api/areas/:code/requirements': { because: '政策包是公开的' },
  '/api/clauses': { because: '条款是公开的' },
  ...Object.fromEntries(entryKinds.map((kind) => [`/api/${kind.code}`, kind.label])),
  '/api/organisation-relations': { because: '单位之间的关系与单位名录一样公开' },
  '/api/entries': { because: '各底册的件数，同一张表、同一策略' },
  '/api/imports/kinds': { because: '程序里的固定清单' },
  '/api/imports': { because: '只有机关，按批次的辖区：src/registers/rosters/rosters.test.ts' },
  '/api/imports/:id/rows': { because: '随批次：src/registers/rosters/rosters.test.ts' },
};

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
    case '任职':
      return keyed((await listPosts(tx, input({ past: 'yes' }), today)).rows, (row) => row.id);
    case '离岗与代理':
      return keyed((await listAbsences(tx, all, today)).rows, (row) => `${row.kind} ${row.id}`);
    case '停职':
      return keyed((await listSuspensions(tx, all, today)).rows, (row) => row.id);
    case '回避':
      return keyed((await findBars(tx, all, today)).rows, (row) => row.id);
    case '我的回避': {
      const { rows } = await sql<{ me: number | null }>`select platform.my_person() as me`.execute(tx);
      return keyed((await findBars(tx, { ...all, person: rows[0]!.me ?? -1 }, today)).rows, (row) => row.id);
    }
    case '查看':
      return keyed((await findReadings(tx, all)).rows, (row) => row.id);
    case '抹除':
      return keyed((await listErasures(tx, all)).rows, (row) => row.id);
    case '留痕':
      return keyed((await listEvents(tx, all)).rows, (row) => `${row.chain} ${row.seq}`);
    case '文件':
      return keyed((await findDocuments(tx, { side: 'all' }, all)).rows, (row) => row.id);
    case '摸排':
      return keyed((await findSurveys(tx, {}, all)).rows, (row) => row.id);
    case '纠错': {
      const sides = [];
      for (const side of ['mine', 'received'] as const) sides.push(...(await findCorrections(tx, { side }, all)).rows);
      return keyed(sides, (row) => row.id);
    }
    case '底册问题':
      return keyed((await listFlaws(tx, input({ sort: 'area' }), today)).rows, (row) => `${row.kind} ${row.id}`);
    case '群':
      return keyed((await findGroups(tx, { closed: 'no' }, all)).rows, (row) => row.id);
    case '督办':
      return keyed((await findDirectives(tx, { side: 'all' }, all)).rows, (row) => row.id);
    case '指标对象': {
      const listed: Listed = new Map();
      for (const id of indicatorIds) {
        for (const row of (await findIndicatorSubjects(tx, id, { part: 'all' }, localDate(today), all)).rows) {
          listed.set(`${id} ${row.subjectKind} ${row.subjectId} ${row.label}`, row);
        }
      }
      return listed;
    }
    default:
      return keyed(
        (await listEntries(tx, entryKindOf.get(list)!, input({ phase: 'all', sort: 'area' }), today)).rows,
        (row) => row.id,
      );
  }
}

/** Sees all there is: the engine, over the whole range of codes. */
export const everything: Actor = { ...engine, lo: '0', hi: ':' };

// ── The model

interface Rows {
  estates: { id: number; scope: string }[];
  organisations: { id: number; scope: string; dissolved_on: string | null }[];
  companies: { organisation_id: number; scope: string }[];
  projects: { id: number; estate_id: number; company_id: number; started_on: string | null; ended_on: string | null }[];
  committees: { organisation_id: number; estate_id: number; term_from: string | null }[];
  units: { id: number; estate_id: number }[];
  ownerships: { unit_id: number; person_id: number; estate_id: number; from_on: string | null; to_on: string | null }[];
  people: { id: number; scope: string; subject: string | null }[];
  posts: { id: number; person_id: number; organisation_id: number | null; role: string }[];
  deputies: { id: number; post_id: number; organisation_id: number; person_id: number }[];
  leaves: { id: number; post_id: number; organisation_id: number }[];
  suspensions: { id: number; organisation_id: number; person_id: number }[];
  bars: { id: number; organisation_id: number; person_id: number }[];
  readings: { id: string; organisation_id: number | null; subject: string }[];
  erasures: { id: number; scope: string }[];
  events: { chain: string; seq: string; act: string }[];
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
  directives: {
    id: number;
    scope: string;
    from_id: number;
    to_id: number;
    subject_kind: string | null;
    subject_id: string | null;
    subject_scope: string | null;
  }[];
  /** By the label of their register; `covers` are the estates in its table of estates. */
  entries: Map<string, { id: number; scope: string; estate_id?: number; covers: number[] }[]>;
  documents: { id: number; scope: string; organisation_id: number; to_id: number | null; is_public: boolean }[];
  sealedCopies: { document_id: number }[];
  groups: { id: number; scope: string; estate_id: number; organisation_id: number }[];
  corrections: { id: number; scope: string; keeper_id: number; person_id: number }[];
  surveys: { id: number; scope: string; lo: string; hi: string }[];
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
    const entries: Rows['entries'] = new Map();
    for (const { label, table, estates } of entryKinds) {
      const covered = estates ? await read(`registers.${estates.table}`) : [];
      const all = await read(`registers.${table}`);
      const covers = (id: number) => covered.filter((one) => one.entry_id === id).map((one) => one.estate_id);
      entries.set(
        label,
        all.map((one) => ({ ...one, covers: covers(one.id) })),
      );
    }
    return {
      estates: await read('registers.estate'),
      organisations: await read('registers.organisation'),
      companies: await read('registers.company'),
      projects: await read('registers.service_project'),
      committees: await read('registers.committee'),
      units: await read('registers.unit'),
      ownerships: await read('registers.ownership'),
      people: await read('registers.person'),
      posts: await read('registers.post'),
      deputies: await read('registers.deputy'),
      leaves: await read('registers.leave'),
      suspensions: await read('registers.suspension'),
      bars: await read('registers.bar'),
      readings: await read('platform.sealed_read'),
      erasures: await read('registers.erasure'),
      events: await read('platform.journal'),
      duties: await read('oversight.duty'),
      filings: await read('filings.filing'),
      directives: await read('oversight.directive'),
      entries,
      documents: await read('documents.document'),
      sealedCopies: await read('documents.sealed_copy'),
      groups: await read('registers.chat_group'),
      corrections: await read('registers.correction'),
      surveys: await read('registers.survey'),
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
  const ranged = 'areaCode' in who && who.areaCode !== null ? divisionRange(who.areaCode) : null;
  const within = (scope: string) => ranged !== null && scope >= ranged.lo && scope < ranged.hi;
  // An administrator's range is of offices; of the business it shows nothing but which estates there are.
  const range = who.kind === 'office' ? ranged : null;
  const outOf = new Set('barredEstates' in who ? who.barredEstates : []);
  const outOfScopes = new Set([...outOf].map((id) => scopeOf.get(id)!));
  const outOfBodies = new Set('barredCompanies' in who ? who.barredCompanies : []);
  const inRange = (scope: string) => range !== null && scope >= range.lo && scope < range.hi && !outOfScopes.has(scope);
  const at = (estateId: number | null) =>
    estateId !== null && !outOf.has(estateId) && (inRange(scopeOf.get(estateId)!) || mine.has(estateId));
  const company = (id: number) =>
    !outOfBodies.has(id) &&
    (inRange(rows.companies.find((one) => one.organisation_id === id)!.scope) ||
      (who.kind === 'body' && who.organisationId === id));
  /** About a body somebody must keep out of. */
  const barredBody = (one: { subject_kind: string; subject_id: string; estate_id?: number | null }) =>
    (one.estate_id != null && outOf.has(one.estate_id)) ||
    (['companies', 'committees', 'managementCommittees'].includes(one.subject_kind) &&
      outOfBodies.has(Number(one.subject_id)));
  const office = (organisationId: number | null) =>
    organisationId !== null && within(rows.organisations.find((one) => one.id === organisationId)!.scope);
  const me = 'personId' in who ? who.personId : undefined;
  const administrator = who.kind === 'system' || who.kind === 'security' || who.kind === 'audit';
  const watches = who.kind === 'security' || who.kind === 'audit';
  const person = (id: number) => {
    if (administrator || id === me) return true;
    const { scope } = rows.people.find((one) => one.id === id)!;
    return (
      who.kind === 'office' &&
      !outOfScopes.has(scope) &&
      (inRange(scope) || rows.ownerships.some((one) => one.person_id === id && at(one.estate_id)))
    );
  };
  const post = (one: Rows['posts'][number]) =>
    (one.person_id === me && who.kind !== 'nobody') ||
    ((who.kind === 'office' || administrator) && one.role !== 'owner' && office(one.organisation_id));
  const postOf = (id: number) => rows.posts.find((one) => one.id === id)!;
  const owned = (unitId: number) =>
    who.kind === 'resident' && rows.ownerships.some((one) => one.unit_id === unitId && one.person_id === who.personId);
  const unit = (one: { id: number; estate_id: number }) =>
    at(one.estate_id) && (who.kind !== 'resident' || owned(one.id));
  const duty = (one: Rows['duties'][number]) =>
    !barredBody(one) &&
    (inRange(one.scope) ||
      at(one.estate_id) ||
      (who.kind === 'body' && one.estate_id === null && one.bearer_id === who.organisationId));
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
              // Registered where one must keep out, a person is met nowhere else either: a prohibition wins.
              !outOfScopes.has(rows.people.find(({ id }) => id === one.person_id)!.scope) &&
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
              !barredBody(one) &&
              (inRange(one.scope) ||
                at(one.estate_id) ||
                (who.kind === 'body' && (one.organisation_id === who.organisationId || aboutMe(one)))),
          )
          .map((one) => String(one.id)),
      );
    case '任职':
      return new Set(
        rows.posts
          .filter((one) => one.role !== 'owner' && post(one) && person(one.person_id))
          .map((one) => String(one.id)),
      );
    case '离岗与代理': {
      const own = (one: { organisation_id: number }) =>
        watches ? office(one.organisation_id) : who.kind === 'office' && one.organisation_id === who.organisationId;
      const seen = (one: { post_id: number }) => post(postOf(one.post_id)) && person(postOf(one.post_id).person_id);
      return new Set([
        ...rows.deputies
          .filter(
            (one) =>
              (own(one) || (one.person_id === me && who.kind !== 'system')) && seen(one) && person(one.person_id),
          )
          .map((one) => `deputy ${one.id}`),
        ...rows.leaves.filter((one) => own(one) && seen(one)).map((one) => `leave ${one.id}`),
      ]);
    }
    case '停职':
      return new Set(
        rows.suspensions
          .filter((one) => (watches && office(one.organisation_id)) || one.person_id === me)
          .map((one) => String(one.id)),
      );
    case '回避':
      return new Set(
        rows.bars
          .filter((one) => (watches && office(one.organisation_id)) || one.person_id === me)
          .map((one) => String(one.id)),
      );
    case '我的回避':
      return new Set(rows.bars.filter((one) => one.person_id === me).map((one) => String(one.id)));
    case '查看':
      return new Set(
        rows.readings
          .filter(
            (one) =>
              (watches && office(one.organisation_id)) ||
              rows.people.some((two) => two.id === me && two.subject === one.subject),
          )
          .map((one) => String(one.id)),
      );
    case '抹除':
      return new Set(
        rows.erasures
          .filter((one) => inRange(one.scope) || (watches && within(one.scope)))
          .map((one) => String(one.id)),
      );
    case '留痕': {
      const offices = new Set(rows.organisations.filter((one) => within(one.scope)).map((one) => String(one.id)));
      const places = new Set(rows.estates.filter((one) => within(one.scope)).map((one) => String(one.id)));
      const security = /^(people|offices|sealed|deployment|security)\./;
      return new Set(
        rows.events
          .filter(({ chain, act }) => {
            const [, kind, id] = /^(?:reads:)?(organisation|estate):(\d+)$/.exec(chain) ?? [];
            if (who.kind === 'security') return kind === 'organisation' && offices.has(id!) && security.test(act);
            return who.kind === 'audit' && (kind === 'estate' ? places : offices).has(id!);
          })
          .map((one) => `${one.chain} ${one.seq}`),
      );
    }
    case '督办': {
      const myself = 'organisationId' in who ? who.organisationId : undefined;
      return new Set(
        rows.directives
          .filter((one) => {
            const about = { subject_kind: one.subject_kind ?? '', subject_id: one.subject_id ?? '' };
            if (barredBody(about) || outOfBodies.has(one.to_id)) return false;
            if (outOfScopes.has(one.scope) || outOfScopes.has(one.subject_scope ?? '')) return false;
            if (who.kind === 'body') return one.to_id === myself;
            return who.kind === 'office' && (inRange(one.scope) || one.from_id === myself || one.to_id === myself);
          })
          .map((one) => String(one.id)),
      );
    }
    case '文件': {
      const myself = 'organisationId' in who ? who.organisationId : undefined;
      const sealed = new Set(rows.sealedCopies.map((one) => one.document_id));
      return new Set(
        rows.documents
          .filter((one) => {
            if (who.kind !== 'office' && who.kind !== 'body') return false;
            if (outOfScopes.has(one.scope) || outOfBodies.has(one.to_id ?? -1)) return false;
            if (who.kind === 'office' && one.organisation_id === myself) return true;
            return sealed.has(one.id) && (one.is_public || inRange(one.scope) || one.to_id === myself);
          })
          .map((one) => String(one.id)),
      );
    }
    case '群': {
      const myself = 'organisationId' in who ? who.organisationId : undefined;
      return new Set(
        rows.groups
          .filter(
            (one) =>
              (who.kind === 'office' || who.kind === 'body') &&
              !outOfScopes.has(one.scope) &&
              // The list names the estate, which must be in sight too.
              at(one.estate_id) &&
              (inRange(one.scope) ||
                (who.kind === 'body' && (one.organisation_id === myself || mine.has(one.estate_id)))),
          )
          .map((one) => String(one.id)),
      );
    }
    case '摸排':
      // Whoever stands above the place, and whoever lies within it.
      return new Set(
        rows.surveys
          .filter(({ scope, lo, hi }) => range !== null && (inRange(scope) || (range.lo >= lo && range.hi <= hi)))
          .map((one) => String(one.id)),
      );
    case '纠错': {
      const myself = 'organisationId' in who ? who.organisationId : undefined;
      return new Set(
        rows.corrections
          .filter(
            (one) =>
              ['office', 'body', 'resident'].includes(who.kind) &&
              !outOfScopes.has(one.scope) &&
              (one.person_id === me || (inRange(one.scope) && one.keeper_id === myself)),
          )
          .map((one) => String(one.id)),
      );
    }
    case '底册问题':
      return new Set(
        [...whole.entries()]
          .filter(([, row]) => {
            const { kind, id, estateId } = row as { kind: string; id: number; estateId: number | null };
            if (who.kind === 'resident') return false;
            if (estateId !== null) return (kind !== 'owner-twice' || who.kind === 'office') && at(estateId);
            if (kind.startsWith('company-')) return company(id);
            if (kind === 'management-area-exceeded')
              return inRange(rows.entries.get('物业管理区域')!.find((one) => one.id === id)!.scope);
            return who.kind === 'office' && within(rows.organisations.find((one) => one.id === id)!.scope);
          })
          .map(([key]) => key),
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
    default:
      // A company or an owner meets what is about an estate of theirs; who keeps the building or the grid is for offices.
      return new Set(
        rows.entries
          .get(list)!
          .filter((one) => {
            if (who.kind === 'office') return inRange(one.scope);
            if (list === '楼栋长') return false;
            return one.estate_id !== undefined ? at(one.estate_id) : one.covers.some(at);
          })
          .map((one) => String(one.id)),
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
  const administrator = ['system', 'security', 'audit'].includes(persona.who.kind);
  for (const list of [...listNames, ...officeLists]) {
    // Which estates there are is an administrator's to know (areas, bars); the list of estates is not offered to them.
    if (administrator && ['小区', '指标对象', '底册问题'].includes(list)) continue;
    // Flaws are not offered to an owner, who sees an estate and only their own flats: counted by them, something is always missing.
    if (persona.who.kind === 'resident' && list === '底册问题') continue;
    // The door knows everybody who may sign in; it shows nothing to anybody.
    if (persona.actor.standing === 'door' && list !== '小区') continue;
    // What a person without an office of administration is shown of these is not offered to them either, but must still hold.
    const whole: Listed = wholes.get(list) ?? new Map();
    const expected = modelOf(world.rows, persona.who, list, whole);
    const seen = await database
      .transaction(persona.actor, (tx) => listOf(tx, list, world))
      .catch((error: Error & { code?: string }) => {
        // A right that is not granted at all is as good as seeing nothing; so is a transaction that does not begin.
        if (expected.size === 0 && error.code === '42501') return new Map<string, unknown>();
        // By its name: a saboteur's copy of the source has a class of its own.
        if (persona.ended && error.constructor.name === OfficeEnded.name) return new Map<string, unknown>();
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

/** What no viewpoint may change. A company's number of projects and the estates of a bundle are of those in sight, and names and posts of people are not for everybody. */
const told = (row: unknown) =>
  Object.entries(row as object).filter(
    ([field]) => !['projects', 'filedBy', 'owners', 'estates', 'posts'].includes(field),
  );

export async function wholeLists(
  database: Database,
  world: Pick<World, 'estateIds' | 'indicatorIds'>,
): Promise<Map<ListName, Listed>> {
  const wholes = new Map<ListName, Listed>();
  for (const list of listNames)
    wholes.set(list, await database.transaction(everything, (tx) => listOf(tx, list, world)));
  return wholes;
}

// ── Plans

/** The statements a list sends, as they were sent. */
async function statementsOf(database: Database, persona: Persona, list: ListName, world: World) {
  const sent: { text: string; values: unknown[] }[] = [];
  const original = pg.Client.prototype.query;
  pg.Client.prototype.query = function query(this: pg.Client, ...given: unknown[]) {
    if (typeof given[0] === 'string' && Array.isArray(given[1]) && /^\s*(select|with)/i.test(given[0]))
      sent.push({ text: given[0], values: given[1] });
    return (original as (...all: unknown[]) => unknown).apply(this, given);
  } as typeof original;
  try {
    await database.transaction(persona.actor, (tx) => listOf(tx, list, world));
  } finally {
    pg.Client.prototype.query = original;
  }
  return sent;
}

interface Plan {
  Plans?: Plan[];
  'Parent Relationship'?: string;
  'Subplan Name'?: string;
}

/** Subqueries of a plan that run for each row: every SubPlan that no expression calls hashed. */
function perRow(plan: Plan): number {
  const text = JSON.stringify(plan);
  const count = (node: Plan): number =>
    (node['Parent Relationship'] === 'SubPlan' && !text.includes(`hashed ${node['Subplan Name']}`) ? 1 : 0) +
    (node.Plans ?? []).reduce((sum, one) => sum + count(one), 0);
  return count(plan);
}

/** How many subqueries for each row the policies add to the plans of a list (trust.md Z4): none, or the cost grows with the rows. */
export async function subqueriesAdded(
  district: District,
  world: World,
  persona: Persona,
  list: ListName,
  spoil = '',
): Promise<number> {
  const sent = await statementsOf(district.database, persona, list, {
    ...world,
    estateIds: world.estateIds.slice(0, 1),
  });
  const client = new pg.Client({ connectionString: district.adminUrl });
  await client.connect();
  try {
    const planned = async (
      as: (text: string, values: unknown[]) => Promise<{ rows: { 'QUERY PLAN': [{ Plan: Plan }] }[] }>,
    ) => {
      let sum = 0;
      for (const { text, values } of sent)
        sum += perRow((await as(`explain (format json) ${text}`, values)).rows[0]!['QUERY PLAN'][0].Plan);
      return sum;
    };
    await client.query("select set_config('app.today', $1, false), set_config('app.person', $2, false)", [
      today,
      String(persona.actor.personId ?? ''),
    ]);
    const bare = await planned((text, values) => client.query(text, values));
    // Inside a transaction of the person, over the connection that has begun it.
    const prefix = district.database.prefix;
    await client.query(`begin; ${spoil.replaceAll('gongzhi_', `${prefix}_`)}; set local role ${prefix}_${persona.actor.standing};
      set local app.lo = ${pg.escapeLiteral(persona.actor.lo ?? '')}; set local app.hi = ${pg.escapeLiteral(persona.actor.hi ?? '')};
      set local app.estates = '{${(persona.actor.estates ?? []).join(',')}}'; set local app.organisation = '${persona.actor.organisationId ?? ''}'`);
    await client.query('select platform.enter()');
    const guarded = await planned((text, values) => client.query(text, values));
    await client.query('rollback');
    return guarded - bare;
  } finally {
    await client.end();
  }
}

// ── Past every list

interface Context {
  /** What the session was told at its begin. */
  admitted: '' | 'no' | 'yes';
  /** A body with no estate and no organisation, in place of the widest context of every standing. */
  empty?: boolean;
  /** Must keep out of the estate with most equipment; then only its rows are looked for. */
  barred?: boolean;
}

/** In which tables a session of that context finds a row at all, as superuser gone over to each role: no list stands between. */
export async function seenBy(
  adminUrl: string,
  prefix: string,
  { admitted, empty, barred }: Context,
): Promise<string[]> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const { rows: tables } = await client.query<{ name: string; scoped: boolean; roles: string[] }>(
      `select c.oid::regclass::text as name, array_agg(s order by s) as roles,
         exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'scope' and not a.attisdropped) as scoped
       from pg_class c join pg_namespace n on n.oid = c.relnamespace cross join unnest($1::text[]) s
       where c.relkind in ('r', 'p') and n.nspname in ('platform', 'registers', 'filings', 'oversight', 'documents')
         and has_any_column_privilege($2 || s, c.oid, 'select')
       group by c.oid order by 1`,
      [barred ? ['office', 'body'] : ['office', 'body', 'resident', 'system', 'security', 'audit'], `${prefix}_`],
    );
    const { rows: widest } = await client.query<{ estates: number[]; company: number; person: number; scope: string }>(
      `select (select array_agg(id) from registers.estate) as estates, (select max(company_id) from registers.service_project) as company,
         (select max(person_id) from registers.ownership) as person,
         (select scope from registers.camera group by scope order by count(*) desc, scope limit 1) as scope`,
    );
    const { estates, company, person, scope } = widest[0]!;
    const within = empty ? '' : estates.join(',');
    const seen: string[] = [];
    for (const { name, roles } of tables.filter((one) => !barred || one.scoped))
      for (const role of roles) {
        await client.query(`begin; set local role ${prefix}_${role}; set local app.lo = '0'; set local app.hi = ':'; set local app.today = '${today}';
          set local app.estates = '{${within}}'; set local app.organisation = '${empty ? '' : company}'; set local app.person = '${empty ? '' : person}';
          set local app.barred_scopes = '{${barred ? scope : ''}}'; set local app.barred_bodies = '{}'; set local app.admitted = '${admitted}'`);
        const where = barred ? `where scope = '${scope}'` : '';
        const { rows } = await client.query<{ some: boolean }>(`select exists (select from ${name} ${where}) as some`);
        await client.query('rollback');
        if (rows[0]!.some) seen.push(`${role} ${name}`);
      }
    return seen;
  } finally {
    await client.end();
  }
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
    persona: pick(
      world.personas.filter((one) => ['office', 'body', 'resident'].includes(one.actor.standing) && !one.ended),
    ),
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
