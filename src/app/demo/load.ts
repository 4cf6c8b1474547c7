/**
 * Writes the invented jurisdictions into an empty database, as the engine. Three transactions: everything that is data; what befell a few duties, by the
 * command an officer would use; sign-ins and the mark that all is ready. Whatever is cut off is simply done at the next start.
 */
import { createHash } from 'node:crypto';
import { divisionRange } from '../../kernel/identifiers.ts';
import { addDays, type LocalDate, localDate } from '../../kernel/local-date.ts';
import {
  awaitBody,
  type By,
  confirmWaiver,
  escalateDuties,
  materialiseDuties,
  pauseDuty,
  proposeWaiver,
} from '../../oversight/duties/index.ts';
import { takeSnapshots } from '../../oversight/indicators/index.ts';
import { type Actor, type Database, type Fragment, sql, type Transaction } from '../../platform/database.ts';
import type { FileStore } from '../../platform/files.ts';
import { canonicalJson, record } from '../../platform/journal.ts';
import type { Sealing } from '../../platform/sealing.ts';
import { hashPassword, newFirstPassword } from '../../platform/sign-in.ts';
import { addAreas } from '../../registers/areas/index.ts';
import {
  addCommitteeMembers,
  addCommittees,
  addEstates,
  addOwnerships,
  addProjects,
  addUnits,
} from '../../registers/estates/index.ts';
import {
  addCompanies,
  addInstructors,
  addOrganisations,
  addPartyArrangements,
} from '../../registers/organisations/index.ts';
import { addAccount, addPeople, addPosts, type NewPost } from '../../registers/people/index.ts';
import { addBindings, findPacks } from '../../registers/requirements/index.ts';
import { fileDeeds } from './deeds.ts';
import { issueDirectives } from './directives.ts';
import { writeDocuments } from './documents.ts';
import { loadEntries } from './entries.ts';
import { rosterOf } from './generate.ts';
import { demoDistrict, type Jurisdiction, otherDistricts, scaled } from './jurisdictions.ts';
import { cast } from './names.ts';
import { goOverRegisters } from './registers.ts';
import type { BodyPlace, Roster } from './roster.ts';
import { unitsOf } from './units.ts';

export interface SignIn {
  role: string;
  account: string;
  password: string;
  person: string;
}

export interface DemoOptions {
  anchor: LocalDate;
  seed: number;
  /** Below 1 for a smaller district with the same offices and people. */
  scale?: number;
  /** Called with the sign-ins before they are made for good, so that no password can be lost between the two. */
  keep?: (signIns: readonly SignIn[]) => void | Promise<void>;
}

export interface DemoSystem {
  database: Database;
  sealing: Sealing;
  files?: FileStore;
  publicUrl?: string;
}

/** The jurisdictions of the demo, as plain data. */
export function demoRosters({ anchor, seed, scale = 1 }: Pick<DemoOptions, 'anchor' | 'seed' | 'scale'>): Roster[] {
  const places: Jurisdiction[] = [scaled(demoDistrict, scale), ...otherDistricts];
  return places.map((place) => rosterOf(place, { seed, anchor }));
}

/** Loads the demo unless it stands ready; packs and calendar must be loaded before. Answers the sign-ins it made; none when all was there. */
export async function loadDemo(system: DemoSystem, options: DemoOptions): Promise<{ signIns: SignIn[] }> {
  const { database } = system;
  const state = await database.transaction({ standing: 'engine', today: options.anchor }, (tx) => readState(tx));
  if (state?.mode === 'real') throw new Error('这个数据库是正式部署，不能载入演示数据。');
  if (state?.prepared) return { signIns: [] };
  // A start that was cut off goes on with the day it began with: the data are a function of it.
  const anchor = state ? localDate(state.anchorOn) : options.anchor;
  const rosters = demoRosters({ ...options, anchor });
  const actor: Actor = { standing: 'engine', today: anchor };
  if (!state) await database.transaction(actor, (tx) => loadData(tx, system, rosters, { ...options, anchor }));
  await befall(database, rosters[0]!, anchor);
  const { district } = rosters[0]!;
  await issueDirectives(database, (part) => officerCalled(database, cast[part], district, anchor), anchor);
  const known = (part: 'bureauOfficer' | 'subdistrictOfficer' | 'communityWorker' | 'owner') =>
    personCalled(database, cast[part], district, anchor);
  await goOverRegisters({ database, files: system.files, anchor, known });
  await writeDocuments(system, (part) => officerCalled(database, cast[part], district, anchor), anchor);
  // As the nights before would have done it.
  for (const before of [4, 2, 0]) {
    const night = addDays(anchor, -before);
    await database.transaction({ standing: 'engine', today: night }, (tx) => escalateDuties(tx, night));
  }
  return database.transaction(actor, async (tx) => {
    const signIns = await makeSignIns(tx, rosters[0]!);
    await options.keep?.(signIns);
    await sql`update platform.deployment set prepared_at = clock_timestamp()`.execute(tx);
    await record(tx, {
      chain: `organisation:${await bureauOf(tx, rosters[0]!)}`,
      act: 'demo.prepared',
      object: `area:${rosters[0]!.district}`,
      detail: { accounts: signIns.length },
    });
    return { signIns };
  });
}

async function readState(
  tx: Transaction,
): Promise<{ mode: 'demo' | 'real'; anchorOn: string; prepared: boolean } | undefined> {
  const { rows } = await sql<{ mode: 'demo' | 'real'; anchorOn: string; prepared: boolean }>`
    select mode, anchor_on as "anchorOn", prepared_at is not null as prepared from platform.deployment`.execute(tx);
  return rows[0];
}

async function loadData(
  tx: Transaction,
  { sealing, files }: DemoSystem,
  rosters: readonly Roster[],
  { anchor, seed }: DemoOptions,
): Promise<void> {
  const { rows } = await sql<{ areas: number }>`select count(*)::int as areas from registers.area`.execute(tx);
  if (rows[0]!.areas > 0)
    throw new Error(
      '数据库里已有区划，却没有部署标记：不在其上载入演示数据。请换一个空的数据库，或用 bin/gongzhi setup 完成正式部署。',
    );
  await sql`insert into platform.deployment (mode, anchor_on) values ('demo', ${anchor})`.execute(tx);
  const events: ChainEvent[] = [];
  for (const roster of rosters) events.push(...(await loadRoster(tx, sealing, roster, seed)));
  await sql`select platform.refresh_statistics()`.execute(tx);
  for (const { district } of rosters) await loadEntries(tx, { district, seed, anchor });
  await materialiseDuties(tx, anchor);
  await fileDeeds(tx, { seed, today: anchor, files });
  await takeSnapshots(tx, anchor);
  await sql`select platform.refresh_statistics()`.execute(tx);
  await recordAll(tx, events, anchor);
}

/** What one chain of the journal will say about the import: an estate's, or an organisation's. */
interface ChainEvent {
  chain: string;
  object: string;
  detail: Record<string, unknown>;
}

async function loadRoster(tx: Transaction, sealing: Sealing, roster: Roster, seed: number): Promise<ChainEvent[]> {
  await addAreas(tx, roster.areas);
  const packs = new Map((await findPacks(tx)).map((pack) => [pack.id, pack]));
  const bindings = roster.bindings.map(({ areaCode, packId }) => {
    const pack = packs.get(packId);
    if (!pack) throw new Error(`政策包 ${packId} 没有载入，不能准备演示数据。请先载入 policy/。`);
    return { areaCode, packId, fromOn: pack.fromOn, document: '演示绑定' };
  });
  await addBindings(tx, bindings);

  const estates = await addEstates(
    tx,
    roster.estates.map(({ estate }) => estate),
  );
  const bodyIds = await addOrganisations(
    tx,
    roster.bodies.map(({ estate, ...body }) =>
      estate === undefined ? body : { ...body, scope: estates[estate]!.scope },
    ),
  );
  const companyIds = await loadCompanies(tx, roster);
  await loadProjects(tx, roster, estates, companyIds);
  const committeeIds = await addCommittees(
    tx,
    roster.committees.map(({ estate, members, ...committee }) => ({ ...committee, estateId: estates[estate]!.id })),
  );
  await addCommitteeMembers(
    tx,
    roster.committees.flatMap(({ members, termFrom }, at) =>
      members.map((member) => ({ ...member, committeeId: committeeIds[at]!, fromOn: termFrom })),
    ),
  );

  const { events, ownerIds } = await loadUnits(tx, sealing, roster, estates, seed);
  const idOf = (at: BodyPlace | null) => {
    if (at === null) return null;
    return 'body' in at ? bodyIds[at.body]! : 'company' in at ? companyIds[at.company]! : committeeIds[at.committee]!;
  };
  const personIds = await addPeople(tx, sealing, roster.people);
  const posts: NewPost[] = roster.people.flatMap((person, at) =>
    person.posts.map(({ at: place, ...post }) => ({ ...post, personId: personIds[at]!, organisationId: idOf(place) })),
  );
  for (const { estate, owner, posts: held } of roster.ownerPosts) {
    for (const { at, ...post } of held)
      posts.push({ ...post, personId: ownerIds.get(`${estate}/${owner}`)!, organisationId: idOf(at) });
  }
  await addPosts(tx, posts);
  const { areas, bodies, companies, committees } = roster;
  events.push({
    chain: `organisation:${bodyIds[bodies.findIndex((one) => one.kind === 'housing-bureau')]!}`,
    object: `area:${roster.district}`,
    detail: {
      areas: areas.length,
      organisations: bodies.length,
      companies: companies.length,
      committees: committees.length,
      digest: digestOf(JSON.stringify([areas, bodies, companies, committees])),
    },
  });
  return events;
}

async function loadCompanies(tx: Transaction, { companies }: Roster): Promise<number[]> {
  const ids = await addOrganisations(
    tx,
    companies.map(({ organisation }) => organisation),
  );
  const placed = companies.map((one, at) => ({
    ...one,
    at: { companyId: ids[at]!, scope: one.organisation.areaCode },
  }));
  await addCompanies(
    tx,
    placed.map(({ company, at }) => ({ ...company, organisationId: at.companyId, scope: at.scope })),
  );
  await addPartyArrangements(
    tx,
    placed.flatMap(({ arrangements, at }) => arrangements.map((one) => ({ ...one, ...at }))),
  );
  await addInstructors(
    tx,
    placed.flatMap(({ instructors, at }) => instructors.map((one) => ({ ...one, ...at }))),
  );
  return ids;
}

async function loadProjects(
  tx: Transaction,
  { projects, companies }: Roster,
  estates: readonly { id: number }[],
  companyIds: readonly number[],
): Promise<void> {
  const ids = await addProjects(
    tx,
    projects.map(({ estate, company, instructor, ...project }) => ({
      ...project,
      estateId: estates[estate]!.id,
      companyId: company === null ? null : companyIds[company]!,
    })),
  );
  await addInstructors(
    tx,
    projects.flatMap(({ company, instructor, startedOn, endedOn }, at) =>
      company === null || instructor === undefined
        ? []
        : [
            {
              companyId: companyIds[company]!,
              projectId: ids[at]!,
              scope: companies[company]!.organisation.areaCode,
              name: instructor,
              fromOn: startedOn,
              toOn: endedOn ?? null,
            },
          ],
    ),
  );
}

/** Units and owners, estate by estate made and some thousands at a time written, so that the whole never lies in memory. */
async function loadUnits(
  tx: Transaction,
  sealing: Sealing,
  roster: Roster,
  estates: readonly { id: number; scope: string }[],
  seed: number,
): Promise<{ events: ChainEvent[]; ownerIds: Map<string, number> }> {
  const events: ChainEvent[] = [];
  const ownerIds = new Map<string, number>();
  const asked = new Set(roster.ownerPosts.map(({ estate, owner }) => `${estate}/${owner}`));
  let people: Parameters<typeof addPeople>[2][number][] = [];
  let held: { unitId: number; owner: number; fromOn: string | null }[] = [];
  let marks: { key: string; owner: number }[] = [];
  const write = async () => {
    const ids = await addPeople(tx, sealing, people);
    await addOwnerships(
      tx,
      held.map(({ unitId, owner, fromOn }) => ({ unitId, personId: ids[owner]!, fromOn })),
    );
    for (const { key, owner } of marks) ownerIds.set(key, ids[owner]!);
    [people, held, marks] = [[], [], []];
  };
  for (const [at, { estate, plan }] of roster.estates.entries()) {
    const { id, scope } = estates[at]!;
    const { units, owners, ownerships } = unitsOf(seed, plan);
    const unitIds = await addUnits(tx, id, units);
    const first = people.length;
    for (const owner of owners) people.push({ ...owner, scope });
    for (const { unit, owner, fromOn } of ownerships)
      held.push({ unitId: unitIds[unit]!, owner: first + owner, fromOn });
    for (let owner = 0; owner < 2; owner += 1)
      if (asked.has(`${at}/${owner}`)) marks.push({ key: `${at}/${owner}`, owner: first + owner });
    const rows = units.map((unit) => `${unit.building} ${unit.name} ${unit.kind} ${unit.areaCentiM2 ?? ''}`);
    const whole = canonicalJson({ ...estate, communityCode: estate.communityCode });
    events.push({
      chain: `estate:${id}`,
      object: `estate:${id}`,
      detail: { units: units.length, digest: digestOf([whole, ...rows].join('\n')) },
    });
    if (people.length >= 4_000) await write();
  }
  await write();
  return { events, ownerIds };
}

/** One event per chain: what came in for it, and how many deeds with the digest of their rows (decisions 16). */
async function recordAll(tx: Transaction, events: readonly ChainEvent[], anchor: LocalDate): Promise<void> {
  const { rows: deeds } = await sql<{ chain: string; count: number; digest: string }>`
    select chain, count(*)::int as count, encode(sha256(convert_to(string_agg(line, e'\\n' order by id), 'UTF8')), 'hex') as digest
    from (select id, coalesce('estate:' || estate_id, 'organisation:' || organisation_id) as chain,
      concat_ws(' ', matter, subject_kind, subject_label, period, done_on, filed_on, evidence) as line from filings.filing) f
    group by chain`.execute(tx);
  const deedsOf = new Map(deeds.map(({ chain, count, digest }) => [chain, { filings: count, filingsDigest: digest }]));
  const own = new Set(events.map(({ chain }) => chain));
  const all = [
    ...events,
    ...deeds.filter(({ chain }) => !own.has(chain)).map(({ chain }) => ({ chain, object: chain, detail: {} })),
  ];
  all.sort((a, b) => (a.chain < b.chain ? -1 : 1));
  await sql`
    select platform.record(chain, 'demo.loaded', object, detail, null)
    from unnest(${all.map(({ chain }) => chain)}::text[], ${all.map(({ object }) => object)}::text[],
      ${all.map(({ chain, detail }) => canonicalJson({ anchor, ...detail, ...deedsOf.get(chain) }))}::text[])
      with ordinality as e(chain, object, detail, position) order by position`.execute(tx);
}

/** What befell a few duties, each by the command an officer would use: two waived by two persons, one paused, one that waits for the bureau. */
async function befall(database: Database, { district }: Roster, anchor: LocalDate): Promise<void> {
  const as = async (name: string, work: (tx: Transaction, by: By) => Promise<void>) => {
    const { area, ...officer } = await officerCalled(database, name, district, anchor);
    const actor: Actor = { standing: 'office', ...divisionRange(area), ...officer, today: anchor };
    await database.transaction(actor, (tx) => work(tx, { ...officer, isOffice: true, today: anchor }));
  };
  const pick = async (tx: Transaction, which: Fragment, limit: number) =>
    (
      await sql<{ id: number }>`select d.id from oversight.duty_standing d where ${which}
      order by d.matter, d.due_on, d.scope, d.subject_label limit ${limit}`.execute(tx)
    ).rows.map(({ id }) => id);
  await as(cast.bureauOfficer, async (tx, by) => {
    const ids = await pick(
      tx,
      sql`d.standing = 'overdue' and d.subject_kind = 'projects' and d.bearer_id <> ${by.organisationId} and not exists (select from oversight.waiver)`,
      2,
    );
    for (const [at, id] of ids.entries())
      await proposeWaiver(tx, { id, reason: waiverReasons[at]!, document: '演示批复' }, by);
    const paused = await pick(
      tx,
      sql`d.standing = 'overdue' and d.subject_kind = 'subdistricts' and d.bearer_id <> ${by.organisationId} and not exists (select from oversight.pause)`,
      1,
    );
    for (const id of paused)
      await pauseDuty(
        tx,
        { id, to: addDays(anchor, 20), reason: '防汛应急响应期间，人员集中在岗', basis: '演示通知〔2026〕3号' },
        by,
      );
  });
  await as(cast.departmentOfficer, async (tx, by) => {
    const proposed = await pick(
      tx,
      sql`exists (select from oversight.waiver w where w.requirement_id = d.requirement_id and w.subject_kind = d.subject_kind and w.subject_id = d.subject_id
        and w.period = d.period and not exists (select from oversight.waiver_decision c where c.waiver_id = w.id))`,
      2,
    );
    for (const id of proposed) await confirmWaiver(tx, { id }, by);
  });
  await as(cast.communityWorker, async (tx, by) => {
    const awaited = await officerCalled(database, cast.bureauOfficer, district, anchor);
    const [id] = await pick(
      tx,
      sql`d.standing in ('overdue', 'due-soon') and d.bearer_id = ${by.organisationId} and not exists (select from oversight.wait)`,
      1,
    );
    if (id === undefined) return;
    const asked = '等区里下发本年度的评价表和办法';
    await awaitBody(tx, { id, awaited: awaited.organisationId, since: addDays(anchor, -6), asked }, by);
  });
}

const waiverReasons = [
  '小区整体改造施工，设备停用，本期无法开展；改造结束后恢复',
  '服务企业交接期间，由街道应急托管，本期由街道统一检查',
];

async function officerCalled(database: Database, name: string, district: string, anchor: LocalDate) {
  const { organisationId, area, ...who } = await personCalled(database, name, district, anchor);
  return { ...who, organisationId: organisationId!, area: area! };
}

/** Somebody by name with the first of their posts; an owner's has no body. */
function personCalled(database: Database, name: string, district: string, anchor: LocalDate) {
  return database.transaction({ standing: 'engine', today: anchor }, async (tx) => {
    const { lo, hi } = divisionRange(district);
    const { rows } = await sql<{
      personId: number;
      postId: number;
      organisationId: number | null;
      area: string | null;
    }>`
      select p.id as "personId", o.id as "postId", o.organisation_id as "organisationId", b.area_code as area
      from registers.person p join registers.post o on o.person_id = p.id left join registers.organisation b on b.id = o.organisation_id
      where p.name = ${name} and p.scope >= ${lo} and p.scope < ${hi} order by o.id limit 1`.execute(tx);
    return rows[0]!;
  });
}

/** Accounts with passwords made here and told once. */
async function makeSignIns(tx: Transaction, roster: Roster): Promise<SignIn[]> {
  const names = roster.signIns.map(({ person }) => person);
  const { rows } = await sql<{ id: number; name: string }>`
    select p.id, p.name from registers.person p where p.name = any (${names}::text[]) and exists (select from registers.post o where o.person_id = p.id)`.execute(
    tx,
  );
  const made: SignIn[] = [];
  for (const { role, account, person } of roster.signIns) {
    const password = newFirstPassword();
    const personId = rows.find((row) => row.name === person)!.id;
    if (
      (await addAccount(tx, { name: account, personId, demo: true, passwordHash: await hashPassword(password) })) ===
      undefined
    )
      throw new Error(`账号“${account}”已被占用。`);
    made.push({ role, account, password, person });
  }
  return made;
}

async function bureauOf(tx: Transaction, roster: Roster): Promise<number> {
  const { rows } = await sql<{
    id: number;
  }>`select id from registers.organisation where kind = 'housing-bureau' and area_code = ${roster.district}`.execute(
    tx,
  );
  return rows[0]!.id;
}

function digestOf(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}
