/** An invented jurisdiction as a function of seed and anchor day. Pure: the same two give the same data, letter by letter. */
import { creditCheckOf } from '../../kernel/identifiers.ts';
import {
  addDays,
  addMonths,
  dateOf,
  firstDayOf,
  type LocalDate,
  lastDayOf,
  laterOf,
  yearOf,
} from '../../kernel/local-date.ts';
import type { NewArea } from '../../registers/areas/index.ts';
import type { NewEstate } from '../../registers/estates/index.ts';
import type { NewOrganisation } from '../../registers/organisations/index.ts';
import { type Draws, drawsOf, shuffled } from './draws.ts';
import type { Jurisdiction } from './jurisdictions.ts';
import { cast, companyWords, estateFirst, estateLast, personName, placeFirst, placeLast } from './names.ts';
import type { BodyPlace, InventedCompany, InventedEstate, InventedPerson, Roster } from './roster.ts';
import { inventedPhone, ownerName, unitsOf } from './units.ts';

export interface Given {
  seed: number;
  anchor: LocalDate;
}

type EstateKind = NonNullable<NewEstate['kind']>;

interface Community {
  code: string;
  name: string;
  subdistrict: number;
  enrolledOn: LocalDate;
}

export function rosterOf(place: Jurisdiction, given: Given): Roster {
  const { seed, anchor } = given;
  const key = (topic: string) => drawsOf(seed, place.province, topic);
  const codes = {
    province: `${place.province}0000000000`,
    city: `${place.province}0100000000`,
    district: `${place.province}0102000000`,
  };
  // About ten months and three weeks before the anchor, on a first of the month: a pilot that has run for most of a year.
  const enrolledOn = firstDayOf('month', addMonths(anchor, -10));
  const { areas, communities } = areasOf(place, codes, enrolledOn, given, key('areas'));
  const subdistricts = areas.filter((area) => area.parentCode === codes.district);
  const companies = companiesOf(place, subdistricts, given, key('companies'));
  const estates = estatesOf(place, communities, given, key('estates'));
  const projects = projectsOf(place, estates, companies, given, key('projects'));
  const committees = committeesOf(estates, given, place, key('committees'));
  const { bodies, people } = officesOf({
    place,
    codes,
    areas,
    communities,
    companies,
    estates,
    given,
    draws: key('offices'),
  });
  const ownerPosts = committees.map(({ estate, kind, termFrom, members }, committee) => ({
    estate,
    owner: 0,
    posts: [{ role: 'director' as const, fromOn: termFrom ?? enrolledOn, at: { committee } }],
    // Of a management committee the residents' committee names the director.
    kept: kind === 'owners' && members.length > 0,
  }));
  const roster: Roster = {
    district: codes.district,
    enrolledOn,
    bindings: place.bindings.map(({ level, packId }) => ({ areaCode: codes[level], packId })),
    areas,
    bodies,
    companies,
    estates,
    projects,
    committees,
    people: [...people, ...managementDirectors(committees, estates, key('managers'))],
    ownerPosts: ownerPosts.filter(({ kept }) => kept).map(({ estate, owner, posts }) => ({ estate, owner, posts })),
    signIns: [],
  };
  return place.withCast ? withCast(roster, anchor) : roster;
}

function areasOf(
  place: Jurisdiction,
  codes: Record<'province' | 'city' | 'district', string>,
  enrolledOn: LocalDate,
  { anchor }: Given,
  draws: Draws,
): { areas: NewArea[]; communities: Community[] } {
  const areas: NewArea[] = [
    { code: codes.province, name: place.names.province, parentCode: null, enrolledOn },
    { code: codes.city, name: place.names.city, parentCode: codes.province, enrolledOn },
    { code: codes.district, name: place.names.district, parentCode: codes.city, enrolledOn },
  ];
  const names = shuffled(
    placeFirst.flatMap((first) => placeLast.map((last) => first + last)),
    draws,
  );
  const communities: Community[] = [];
  place.subdistricts.forEach((one, at) => {
    const code = `${codes.district.slice(0, 6)}${String(at + 1).padStart(3, '0')}000`;
    const from = addMonths(enrolledOn, one.enrolledLater ?? 0);
    areas.push({
      code,
      name: one.name,
      parentCode: codes.district,
      enrolledOn: from,
      demonstrationZone: one.demonstrationZone ?? false,
      trialUntil: one.trial ? lastDayOf('month', addMonths(anchor, 1)) : null,
    });
    for (let serial = 1; serial <= one.communities; serial += 1) {
      const named = place.withCast ? storied[at]?.[serial - 1] : undefined;
      communities.push({
        code: code.slice(0, 9) + String(serial).padStart(3, '0'),
        name: named ?? names.pop()!,
        subdistrict: at,
        enrolledOn: from,
      });
    }
  });
  for (const one of communities)
    areas.push({
      code: one.code,
      name: `${one.name}社区`,
      parentCode: `${one.code.slice(0, 9)}000`,
      enrolledOn: one.enrolledOn,
    });
  return { areas, communities };
}

/** Communities and estates of the recurring people; the tests' small district bears the same names. */
const storied: Readonly<Record<number, readonly string[]>> = { 0: ['春江', '镜湖'], 1: ['石桥'] };
const storiedEstates: readonly {
  community: string;
  name: string;
  served: boolean;
  kind: EstateKind;
  firstOwners: readonly string[];
}[] = [
  { community: '春江', name: '春江花园', served: true, kind: 'commodity', firstOwners: [cast.director, cast.owner] },
  { community: '镜湖', name: '镜湖苑', served: true, kind: 'commodity', firstOwners: [] },
  { community: '石桥', name: '石桥新村', served: true, kind: 'resettlement', firstOwners: [] },
  { community: '春江', name: '老城里', served: false, kind: 'old', firstOwners: [] },
];

function companiesOf(
  place: Jurisdiction,
  subdistricts: readonly NewArea[],
  { seed, anchor }: Given,
  draws: Draws,
): InventedCompany[] {
  return Array.from({ length: place.companies }, (_, at): InventedCompany => {
    const seat = subdistricts[at % subdistricts.length]!;
    const word = companyWords[at % companyWords.length]!;
    const communal = isCommunal(place, at);
    const name = communal
      ? `${place.brand}${seat.name.replace('街道', '')}${word}便民物业服务有限公司`
      : `${place.brand}${word}物业服务有限公司`;
    const body = `91${seat.code.slice(0, 6)}MADEM${String(at + 1).padStart(4, '0')}`;
    const surveyed = at === 0 || draws.percent(90);
    const fullMembers = at === 0 ? 4 : !surveyed || draws.percent(6) ? null : Math.max(0, draws.between(-3, 9));
    // A few firms were registered after the pilot began, so that duties after registration are running.
    const registeredOn =
      at > 0 && at % 20 === 5
        ? draws.day(addMonths(anchor, -9), addDays(anchor, -20))
        : draws.day(dateOf(2003, 1, 1), dateOf(2022, 12, 31));
    // Most arrangements are older than the campaigns of 2021, so that these have a result worth reading.
    const since = (from: LocalDate) => {
      const earliest = laterOf(from, dateOf(2015, 1, 1));
      const early = draws.percent(75) && earliest < dateOf(2021, 6, 30);
      return draws.day(earliest, early ? dateOf(2021, 6, 30) : addDays(anchor, -30));
    };
    const arrangements: InventedCompany['arrangements'][number][] = [];
    const instructors: InventedCompany['instructors'][number][] = [];
    const roll = draws.below(100);
    if (fullMembers !== null && fullMembers >= 3 && roll < 90)
      arrangements.push({
        form: roll < 78 ? 'own' : 'joint',
        name: `${word}物业${roll < 78 ? '' : '联合'}党支部`,
        foundedOn: since(registeredOn),
      });
    if (fullMembers !== null && fullMembers > 0 && fullMembers < 3 && roll < 65)
      arrangements.push({
        form: roll < 25 ? 'regional' : roll < 40 ? 'industry' : 'joint',
        name: `${word}物业联合党支部`,
        foundedOn: since(registeredOn),
      });
    if (fullMembers !== null && fullMembers < 3 && roll % 10 < 7) {
      instructors.push({
        name: personName(drawsOf(seed, place.province, 'instructor', at)),
        dispatchedBy: `中共${seat.name}工作委员会`,
        fromOn: since(registeredOn),
      });
    }
    return {
      organisation: {
        kind: 'property-company',
        name,
        shortName: `${word}物业`,
        uscc: body + creditCheckOf(body),
        areaCode: seat.code,
        foundedOn: registeredOn,
        enrolledOn: seat.enrolledOn,
      },
      company: {
        registeredOn,
        fullMembers,
        eligible: fullMembers === null ? null : fullMembers >= 3,
        partySurveyed: surveyed,
      },
      arrangements,
      instructors,
    };
  });
}

/** The last firms of the list are run by their sub-districts, for estates that no other firm takes on. */
function isCommunal(place: Jurisdiction, at: number): boolean {
  return at >= place.companies - Math.min(place.subdistricts.length, Math.floor(place.companies / 4));
}

function estatesOf(
  place: Jurisdiction,
  communities: readonly Community[],
  { seed, anchor }: Given,
  draws: Draws,
): InventedEstate[] {
  const count = place.managed + place.unserved;
  // Every community has an estate before one has many; the unserved ones come last in the list.
  const order = [...shuffled(communities, draws), ...Array.from({ length: count }, () => draws.pick(communities))];
  const used = new Set<string>();
  const sketches = Array.from({ length: count }, (_, at) => {
    const served = at < place.managed;
    const storyAt = served ? at : at - place.managed;
    const story = place.withCast ? storiedEstates.filter((one) => one.served === served)[storyAt] : undefined;
    const community = story ? communities.find((one) => one.name === story.community)! : order[at % order.length]!;
    const kind = story?.kind ?? (served ? kindOfServed(draws) : draws.percent(60) ? 'old' : 'unmanaged');
    let name = story?.name ?? '';
    while (name === '' || used.has(name)) name = estateName(community.name, kind, draws);
    used.add(name);
    const weight = served ? draws.between(25, 220) : draws.between(8, 45);
    return {
      served,
      community,
      kind,
      name,
      weight: story && served ? 90 : weight,
      firstOwners: story?.firstOwners ?? [],
      story: story !== undefined,
    };
  });
  const sizes = shares(
    place.units,
    sketches.map(({ weight }) => weight),
  );
  return sketches.map(({ served, community, kind, name, firstOwners, story }, at): InventedEstate => {
    const tall = kind === 'commodity' || kind === 'affordable' || kind === 'mixed';
    const builtIn = served ? draws.between(tall ? 2004 : 1994, 2021) : draws.between(1978, 2002);
    const plan = {
      key: `${place.province}/${at}`,
      units: sizes[at]!,
      floors: tall ? draws.pick([11, 18, 26, 28]) : draws.pick([5, 6, 7]),
      perFloor: draws.pick([2, 4, 4, 6]),
      parking: tall ? draws.between(5, 18) : 0,
      shops: draws.between(0, 4),
      builtIn,
      until: addMonths(anchor, -2),
      firstOwners,
      phones: story && served ? 120 : 0,
    };
    const { units } = unitsOf(seed, plan);
    const area = units.reduce((sum, unit) => sum + (unit.areaCentiM2 ?? 85_00n), 0n);
    const known = (percent: number) => story || draws.percent(percent);
    return {
      plan,
      estate: {
        communityCode: community.code,
        name,
        enrolledOn: community.enrolledOn,
        kind: known(97) ? kind : null,
        address: `${place.names.district}${draws.pick(placeFirst)}${draws.pick(placeLast)}路${draws.between(1, 399)}号`,
        urban: true,
        floorAreaCentiM2: known(92) ? area : null,
        households: known(95) ? units.filter((unit) => unit.kind === 'dwelling').length : null,
        buildingCount: new Set(units.filter((unit) => unit.kind === 'dwelling').map((unit) => unit.building)).size,
        completedYear: known(94) ? builtIn : null,
        surveyedUnserved: !served,
        longTermManaged: served
          ? story || (draws.percent(3) ? null : draws.percent(94))
          : draws.percent(50)
            ? draws.percent(35)
            : null,
        serviceSurveyed: !served || known(98),
        committeeSurveyed: known(94),
        fundAlarmUnits: known(72) ? (draws.percent(20) ? draws.between(1, 26) : 0) : null,
        source: '演示数据（虚构）',
      },
    };
  });
}

function kindOfServed(draws: Draws): EstateKind {
  const roll = draws.below(100);
  return roll < 58 ? 'commodity' : roll < 80 ? 'old' : roll < 91 ? 'resettlement' : roll < 97 ? 'affordable' : 'mixed';
}

function estateName(community: string, kind: EstateKind, draws: Draws): string {
  const first = draws.percent(25)
    ? community
    : draws.pick(estateFirst) +
      (draws.percent(30) ? draws.pick(['东', '西', '南', '北', '一期', '二期'] as const) : '');
  return first + draws.pick(estateLast[kind]!);
}

/** `total` shared out by weight, without losing one: what rounding leaves goes to the last. */
function shares(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((all, weight) => all + weight, 0);
  const parts = weights.map((weight) => Math.max(12, Math.floor((total * weight) / sum)));
  const rest = total - parts.reduce((all, part) => all + part, 0);
  parts[parts.length - 1] = Math.max(12, parts.at(-1)! + rest);
  return parts;
}

/** Of a hundred estates found without service: taken on by June 2024, by the end of 2024, and since. The 2024 campaign fell short at its end. */
const takenOn = { byJune: 72, byDecember: 95, since: 97 } as const;

function projectsOf(
  place: Jurisdiction,
  estates: readonly InventedEstate[],
  companies: readonly InventedCompany[],
  { seed, anchor }: Given,
  draws: Draws,
): Roster['projects'] {
  const projects: Roster['projects'][number][] = [];
  const ordinary = companies.map((_, at) => at).filter((at) => !isCommunal(place, at));
  const communal = companies.map((_, at) => at).filter((at) => isCommunal(place, at));
  const instructor = (at: number) =>
    draws.percent(42) ? { instructor: personName(drawsOf(seed, place.province, 'project instructor', at)) } : {};
  const supervised = () => (draws.percent(15) ? null : draws.percent(66));
  const manager = () => personName(draws);
  let unservedSoFar = 0;
  estates.forEach(({ estate, plan }, at) => {
    if (!estate.surveyedUnserved) {
      if (!estate.serviceSurveyed) return;
      const story = plan.firstOwners.length > 0;
      const from = draws.day(dateOf(Math.max(2008, plan.builtIn), 3, 1), addMonths(anchor, -13));
      const company = story ? 0 : draws.pick(ordinary);
      const project = {
        estate: at,
        mode: 'company' as const,
        company,
        managerName: story ? cast.manager : manager(),
        supervised: story || supervised(),
        startedOn: from,
        ...instructor(at),
      };
      if (story || !draws.percent(6)) {
        projects.push(project);
        return;
      }
      // Another firm came in during the pilot: the duties of a new project are running.
      const changed = draws.day(addMonths(anchor, -8), addDays(anchor, -12));
      projects.push({ ...project, endedOn: changed });
      projects.push({
        ...project,
        company: draws.pick(ordinary),
        managerName: manager(),
        startedOn: changed,
        ...instructor(at),
      });
      return;
    }
    const rank = (100 * (unservedSoFar + 1)) / place.unserved;
    unservedSoFar += 1;
    if (rank > takenOn.since) return;
    const from =
      rank <= takenOn.byJune
        ? draws.day(dateOf(2024, 3, 25), dateOf(2024, 6, 28))
        : rank <= takenOn.byDecember
          ? draws.day(dateOf(2024, 7, 3), dateOf(2024, 12, 27))
          : draws.day(dateOf(2025, 2, 1), dateOf(2025, 11, 30));
    if (from > anchor) return;
    const roll = draws.below(100);
    const mode =
      roll < 50 || communal.length === 0
        ? 'company'
        : roll < 88
          ? 'subdistrict-company'
          : roll < 93
            ? 'trustee'
            : roll < 97
              ? 'self-management'
              : 'social-organisation';
    const company =
      mode === 'company' ? draws.pick(ordinary) : mode === 'subdistrict-company' ? draws.pick(communal) : null;
    // One estate that was taken on in the campaign is without service again.
    const endedOn = unservedSoFar === Math.ceil(place.unserved / 2) ? addMonths(anchor, -3) : null;
    projects.push({
      estate: at,
      mode,
      company,
      managerName: company === null ? null : manager(),
      supervised: company === null ? null : supervised(),
      startedOn: from,
      endedOn,
      ...(company !== null && instructor(at)),
    });
  });
  return projects;
}

function committeesOf(
  estates: readonly InventedEstate[],
  { seed, anchor }: Given,
  place: Jurisdiction,
  draws: Draws,
): Roster['committees'] {
  const committees: Roster['committees'][number][] = [];
  let management = 0;
  estates.forEach(({ estate, plan }, at) => {
    const story = place.withCast && at < 2;
    const roll = draws.below(100);
    const { enrolledOn, name } = estate;
    const membersOf = (count: number) =>
      Array.from({ length: count }, (_, one) => ({
        name: story && at === 1 && one === 1 ? cast.twoPosts : ownerName(seed, plan, one),
        title:
          one === 0
            ? ('director' as const)
            : one === 1 && count > 5
              ? ('deputy-director' as const)
              : ('member' as const),
      }));
    if (story || roll < (estate.surveyedUnserved ? 24 : 63)) {
      const when = draws.below(100);
      const expired = !story && when >= 93;
      const termFrom = expired
        ? draws.day(addMonths(anchor, -74), addMonths(anchor, -61))
        : when < 12
          ? draws.day(addMonths(anchor, -9), addDays(anchor, -10))
          : when < 50
            ? draws.day(dateOf(2024, 3, 20), addMonths(anchor, -11))
            : draws.day(addMonths(anchor, -57), dateOf(2024, 3, 10));
      const count = draws.pick([5, 5, 7, 7, 7, 9, 9, 11, 6]);
      const party = draws.percent(27)
        ? draws.between(0, 2)
        : Math.min(count, draws.between(3, Math.ceil(count / 2) + 1));
      const memberCount = story || draws.percent(96) ? count : null;
      const partyMemberCount = memberCount !== null && (story || draws.percent(94)) ? party : null;
      committees.push({
        estate: at,
        kind: 'owners',
        name: `${name}业主委员会`,
        enrolledOn,
        foundedOn: termFrom,
        termFrom,
        termTo: addMonths(termFrom, 60),
        memberCount,
        partyMemberCount,
        partyUnit: partyMemberCount === null ? null : partyMemberCount >= 3 && draws.percent(76),
        members: membersOf(count),
      });
      return;
    }
    // The first of a place is there however the draw falls, because every text speaks of them.
    if (roll < 72 && (management === 0 || draws.percent(45))) {
      const termFrom = draws.day(addMonths(anchor, -22), addMonths(anchor, -11));
      const count = management === 2 ? 6 : draws.pick([5, 7, 7, 9]);
      committees.push({
        estate: at,
        kind: 'management',
        name: `${name}临时物业管理委员会`,
        enrolledOn,
        foundedOn: termFrom,
        termFrom,
        termTo: addMonths(termFrom, 36),
        memberCount: count,
        partyMemberCount: draws.between(1, 3),
        ownerMemberCount: management === 3 ? Math.floor(count / 2) - 1 : Math.ceil(count / 2),
        partyUnit: draws.percent(40),
        members: [],
      });
      management += 1;
    }
  });
  return committees;
}

/** Offices of the administrative chain, party branches of estates, and whoever files for them. */
function officesOf(options: {
  place: Jurisdiction;
  codes: Record<'province' | 'city' | 'district', string>;
  areas: readonly NewArea[];
  communities: readonly Community[];
  companies: readonly InventedCompany[];
  estates: readonly InventedEstate[];
  given: Given;
  draws: Draws;
}): { bodies: Roster['bodies']; people: InventedPerson[] } {
  const { place, codes, areas, communities, companies, estates, given, draws } = options;
  const bodies: Roster['bodies'][number][] = [];
  const people: InventedPerson[] = [];
  const cadre = (
    role: 'officer' | 'secretary' | 'head' | 'manager',
    scope: string,
    at: BodyPlace,
    name = personName(draws),
  ) => {
    people.push({
      name,
      scope,
      posts: [{ role, fromOn: draws.day(addMonths(given.anchor, -58), addMonths(given.anchor, -14)), at }],
    });
  };
  const add = (
    kind: NewOrganisation['kind'],
    name: string,
    areaCode: string,
    enrolledOn: string,
    role: 'officer' | 'secretary' | 'head',
    holder?: string,
  ) => {
    bodies.push({
      kind,
      name,
      areaCode,
      enrolledOn,
      foundedOn:
        kind === 'industry-party-committee' ? (areaCode === codes.district ? '2022-03-10' : '2021-06-18') : null,
    });
    cadre(role, areaCode, { body: bodies.length - 1 }, holder);
  };
  const played = (name: string) => (place.withCast ? name : undefined);
  for (const [level, label] of [
    ['district', place.names.district],
    ['city', place.names.city],
    ['province', place.names.province],
  ] as const) {
    // The demo district's duties end at the district; the other texts also command cities and provinces.
    if (level !== 'district' && place.withCast) continue;
    const [code, from] = [codes[level], areas[0]!.enrolledOn];
    const short = level === 'district' ? '区' : level === 'city' ? '市' : '省';
    add(
      'housing-bureau',
      level === 'province' ? `${label}住房和城乡建设厅` : `${label}住房和城乡建设局`,
      code,
      from,
      'officer',
      level === 'district' ? played(cast.bureauOfficer) : undefined,
    );
    add(
      'organisation-department',
      `中共${label.replace(/.$/, '')}${short}委组织部`,
      code,
      from,
      'officer',
      level === 'district' ? played(cast.departmentOfficer) : undefined,
    );
    add('industry-party-committee', `中共${label}物业行业委员会`, code, from, 'secretary');
    if (level !== 'district') continue;
    add('political-legal-commission', `中共${label}委政法委员会`, code, from, 'officer');
    add('civil-affairs-bureau', `${label}民政局`, code, from, 'officer');
    add('property-association', `${label}物业管理协会`, code, from, 'head');
  }
  for (const area of areas.filter((one) => one.parentCode === codes.district)) {
    const holder =
      area.name === '东湖街道' ? cast.subdistrictOfficer : area.name === '西山街道' ? cast.westOfficer : '';
    add(
      'subdistrict-office',
      `${area.name}办事处`,
      area.code,
      area.enrolledOn,
      'officer',
      holder === '' ? undefined : played(holder),
    );
    add('subdistrict-party-committee', `中共${area.name}工作委员会`, area.code, area.enrolledOn, 'secretary');
  }
  for (const { code, name, enrolledOn } of communities) {
    const secretary = personName(draws);
    add('residents-committee', `${name}社区居民委员会`, code, enrolledOn, 'head', secretary);
    bodies.push({ kind: 'community-party-organisation', name: `中共${name}社区委员会`, areaCode: code, enrolledOn });
    // In most communities one person leads both: two posts, one sign-in, one list of things to do.
    if (draws.percent(65)) {
      const both = people.at(-1)!;
      people[people.length - 1] = {
        ...both,
        posts: [...both.posts, { role: 'secretary', fromOn: both.posts[0]!.fromOn, at: { body: bodies.length - 1 } }],
      };
    } else cadre('secretary', code, { body: bodies.length - 1 });
    add('estate-party-branch', `${name}社区小区联合党支部`, code, enrolledOn, 'secretary');
  }
  estates.forEach(({ estate }, at) => {
    if (estate.surveyedUnserved || !draws.percent(45)) return;
    bodies.push({
      kind: 'estate-party-branch',
      name: `${estate.name}党支部`,
      areaCode: estate.communityCode,
      enrolledOn: estate.enrolledOn,
      estate: at,
    });
    cadre('secretary', estate.communityCode, { body: bodies.length - 1 });
  });
  companies.forEach(({ organisation }, at) => {
    cadre('manager', organisation.areaCode, { company: at }, at === 0 ? played(cast.manager) : undefined);
  });
  return { bodies, people };
}

function managementDirectors(
  committees: Roster['committees'],
  estates: readonly InventedEstate[],
  draws: Draws,
): InventedPerson[] {
  return committees.flatMap(({ kind, estate, termFrom }, committee) =>
    kind === 'owners'
      ? []
      : [
          {
            name: personName(draws),
            scope: estates[estate]!.estate.communityCode,
            posts: [{ role: 'director' as const, fromOn: termFrom!, at: { committee } }],
          },
        ],
  );
}

/** Adds the recurring people who hold no ordinary post, and says who signs in. */
function withCast(roster: Roster, anchor: LocalDate): Roster {
  const bodyOf = (name: string) => ({ body: roster.bodies.findIndex((one) => one.name === name) });
  const fromOn = dateOf(yearOf(anchor) - 2, 3, 1);
  const community = (name: string) => roster.areas.find((area) => area.name === name)!.code;
  const people: InventedPerson[] = [
    ...roster.people,
    {
      name: cast.communityWorker,
      scope: community('春江社区'),
      posts: [{ role: 'officer', fromOn, at: bodyOf('春江社区居民委员会') }],
    },
    {
      name: cast.administrator,
      scope: roster.district,
      posts: [{ role: 'administrator', fromOn, at: bodyOf('示范区住房和城乡建设局') }],
    },
    {
      name: cast.securityAdministrator,
      scope: roster.district,
      posts: [{ role: 'security-administrator', fromOn, at: bodyOf('示范区住房和城乡建设局') }],
    },
    {
      name: cast.auditAdministrator,
      scope: roster.district,
      posts: [{ role: 'audit-administrator', fromOn, at: bodyOf('示范区住房和城乡建设局') }],
    },
    {
      name: cast.twoPosts,
      scope: community('镜湖社区'),
      posts: [
        { role: 'officer', fromOn, at: bodyOf('镜湖社区居民委员会') },
        { role: 'member', fromOn: roster.committees[1]!.termFrom as LocalDate, at: { committee: 1 } },
      ],
    },
  ];
  const played = new Set<string>(Object.values(cast));
  return {
    ...roster,
    people: people.map((one, at) => (played.has(one.name) ? { ...one, phone: inventedPhone(9_000_000 + at) } : one)),
    ownerPosts: [...roster.ownerPosts, { estate: 0, owner: 1, posts: [{ role: 'owner', fromOn, at: null }] }],
    signIns: [
      { role: '区住建局工作人员', account: '区住建局', person: cast.bureauOfficer },
      { role: '区委组织部工作人员', account: '区委组织部', person: cast.departmentOfficer },
      { role: '街道物业专员', account: '东湖街道', person: cast.subdistrictOfficer },
      { role: '社区工作者', account: '春江社区', person: cast.communityWorker },
      { role: '业委会主任', account: '春江花园业委会', person: cast.director },
      { role: '物业企业项目经理', account: '安居物业', person: cast.manager },
      { role: '业主', account: '业主邓小舟', person: cast.owner },
      { role: '社区工作者兼业委会委员（两处任职）', account: '苏敏', person: cast.twoPosts },
      { role: '系统管理员', account: '系统管理员', person: cast.administrator },
      { role: '安全管理员', account: '安全管理员', person: cast.securityAdministrator },
      { role: '审计管理员', account: '审计管理员', person: cast.auditAdministrator },
    ],
  };
}
