/** The simple registers of an invented jurisdiction: a function of seed, anchor and what was just written. Names only, no telephone. */
import { addDays, addMonths, dateOf, type LocalDate, yearOf } from '../../kernel/local-date.ts';
import { sql, type Transaction } from '../../platform/database.ts';
import { addEntries, entryKinds, type NewEntry } from '../../registers/entries/index.ts';
import { drawsOf } from './draws.ts';
import { personName } from './names.ts';

export interface Ground {
  estates: readonly {
    id: number;
    name: string;
    communityCode: string;
    floorAreaCentiM2: bigint | null;
    completedYear: number | null;
    companyId: number | null;
    buildings: readonly { id: number; name: string }[];
  }[];
  communities: readonly { code: string; name: string; party: number | null; committee: number | null }[];
  subdistricts: readonly { code: string; name: string; office: number | null; party: number | null }[];
  bodies: Readonly<Record<string, number>>;
  branches: readonly { id: number; communityCode: string }[];
}

/** In the order in which they are written; a grid worker names a grid by its place among the grids. */
export function entriesOf(ground: Ground, { seed, anchor, key }: { seed: number; anchor: LocalDate; key: string }) {
  const rows = Object.fromEntries(entryKinds.map((kind) => [kind.code, [] as NewEntry[]]));
  const known = new Set<string>();
  // A name drawn twice in one place is one thing.
  const add = (code: string, entry: NewEntry) => {
    const { identity } = entryKinds.find((kind) => kind.code === code)!;
    const same = [code, entry.estateId, entry.areaCode, ...identity.map((field) => entry[field])].join('/');
    if (!known.has(same)) rows[code]!.push(entry);
    known.add(same);
  };
  const start = addMonths(anchor, -30);
  relations(ground, add, drawsOf(seed, key, 'relations').day(addMonths(start, -24), start));
  for (const estate of ground.estates)
    ofEstate(estate, add, drawsOf(seed, key, 'estate', estate.name, estate.communityCode), anchor);
  for (const community of ground.communities)
    ofCommunity(community, ground, add, drawsOf(seed, key, 'community', community.code), anchor);
  for (const subdistrict of ground.subdistricts)
    ofSubdistrict(subdistrict, ground, add, drawsOf(seed, key, 'subdistrict', subdistrict.code), anchor);
  return rows;
}

type Add = (code: string, entry: NewEntry) => void;
type Draws = ReturnType<typeof drawsOf>;

function relations({ bodies, communities, subdistricts, branches }: Ground, add: Add, fromOn: LocalDate): void {
  const relate = (superior: number | null | undefined, kind: string, subordinate: number | null | undefined) => {
    if (superior && subordinate)
      add('organisation-relations', { superior, kind, subordinate, fromOn, document: '演示批复' });
  };
  relate(bodies['organisation-department'], 'leads', bodies['industry-party-committee']);
  relate(bodies['party-work-committee'], 'leads', bodies['industry-party-committee']);
  relate(bodies['housing-bureau'], 'manages', bodies['industry-party-committee']);
  relate(bodies['industry-party-committee'], 'leads', bodies['property-association']);
  for (const one of subdistricts) relate(bodies['organisation-department'], 'guides', one.party);
  for (const one of communities) {
    relate(subdistricts.find((two) => two.code === `${one.code.slice(0, 9)}000`)?.party, 'leads', one.party);
    relate(one.party, 'leads', one.committee);
    for (const branch of branches) if (branch.communityCode === one.code) relate(one.party, 'leads', branch.id);
  }
}

function ofEstate(estate: Ground['estates'][number], add: Add, draws: Draws, anchor: LocalDate): void {
  const { id: estateId, companyId: responsible, buildings, completedYear } = estate;
  const fromOn = completedYear === null ? null : dateOf(Math.min(completedYear, yearOf(anchor) - 1), 6, 1);
  const state = () => (draws.percent(82) ? 'sound' : draws.pick(['hazard', 'faulty', 'stopped', null] as const));
  const part = (name: string, of: string, building?: number) =>
    add('common-parts', {
      estateId,
      fromOn,
      name,
      class: of,
      state: state(),
      responsible: draws.percent(85) ? responsible : null,
      building: building ?? null,
    });
  part('生活水泵房', 'water');
  part('消防水泵与管网', 'firefighting');
  if (draws.percent(60)) part('地下车库', 'basement');
  for (const { id, name } of buildings.slice(0, 3)) if (draws.percent(70)) part(`${name}1号电梯`, 'lift', id);
  for (const name of ['主入口', '车库入口', '中心花园', '北侧围墙'].slice(0, draws.between(1, 4)))
    add('cameras', {
      estateId,
      fromOn: draws.percent(70) ? draws.day(addMonths(anchor, -48), addMonths(anchor, -2)) : null,
      name,
      deviceCode: `YS${String(estateId).padStart(5, '0')}${name.length}${draws.between(10, 99)}`,
      responsible,
      retentionDays: draws.percent(90) ? draws.pick([30, 30, 60, 90]) : null,
      connected: draws.percent(85) ? draws.percent(45) : null,
    });
  for (const { id } of buildings.slice(0, 6))
    if (draws.percent(65))
      add('building-heads', {
        estateId,
        name: personName(draws),
        building: id,
        fromOn: draws.day(addMonths(anchor, -36), addMonths(anchor, -1)),
      });
}

function ofCommunity(
  one: Ground['communities'][number],
  ground: Ground,
  add: Add,
  draws: Draws,
  anchor: LocalDate,
): void {
  const areaCode = one.code;
  const stem = one.name.replace(/社区$/, '');
  const since = () => draws.day(addMonths(anchor, -36), addMonths(anchor, -1));
  const estates = ground.estates.filter((two) => two.communityCode === one.code);
  for (const name of ['第一网格', '第二网格', '第三网格'].slice(0, draws.between(2, 3))) {
    add('grids', {
      areaCode,
      name,
      boundary: null,
      partyOrganisation: draws.percent(60) ? one.party : null,
      fromOn: since(),
    });
    add('grid-workers', {
      areaCode,
      name: personName(draws),
      worktime: 'full',
      source: null,
      grid: name,
      fromOn: since(),
    });
    for (const source of ['company-staff', 'committee-member', 'building-head', 'volunteer'])
      if (draws.percent(45))
        add('grid-workers', {
          areaCode,
          name: personName(draws),
          worktime: 'part',
          source,
          grid: name,
          fromOn: since(),
        });
  }
  const units = [
    [`演示${stem}小学`, 'school'],
    [`演示${stem}卫生服务站`, 'hospital'],
    [`演示银行${stem}支行`, 'bank'],
    [`演示${stem}派出所`, 'office'],
  ] as const;
  for (const [name, kind] of units)
    if (draws.percent(60))
      add('stationed-units', {
        areaCode,
        name,
        kind,
        address: null,
        partyOrganisation: draws.percent(60) ? `${name}党支部` : null,
        fromOn: draws.percent(50) ? since() : null,
      });
  add('service-places', {
    areaCode,
    name: `${stem}党群服务中心`,
    kind: 'party-mass-centre',
    hours: '周一至周日 8:30—20:30',
    services: '便民服务、物业纠纷调解、议事协商',
    responsible: one.committee,
    fromOn: since(),
    estates: estates.map((two) => two.id),
  });
  for (const estate of estates) {
    if (estate.companyId && draws.percent(50))
      add('service-places', {
        areaCode,
        name: `${estate.name}物业用房`,
        kind: 'property-room',
        areaCentiM2: draws.between(6_000, 30_000),
        responsible: estate.companyId,
        fromOn: since(),
        estates: [estate.id],
      });
    const office = ground.subdistricts.find((two) => two.code === `${areaCode.slice(0, 9)}000`)?.office;
    if (office && draws.percent(35)) {
      const decidedOn = draws.day(addMonths(anchor, -120), addMonths(anchor, -12));
      add('management-areas', {
        areaCode,
        name: `${estate.name}物业管理区域`,
        floorAreaCentiM2: estate.floorAreaCentiM2,
        decidedBy: office,
        decidedOn,
        fromOn: addDays(decidedOn, 1),
        document: `演示划定〔${yearOf(decidedOn)}〕${draws.between(1, 60)}号`,
        estates: [estate.id],
      });
    }
  }
}

function ofSubdistrict(
  one: Ground['subdistricts'][number],
  ground: Ground,
  add: Add,
  draws: Draws,
  anchor: LocalDate,
): void {
  const estates = ground.estates.filter((two) => two.communityCode.startsWith(one.code.slice(0, 9)));
  const stem = one.name.replace(/街道$/, '');
  // Those without a company first, filled up with a neighbour that has one.
  const small = estates.filter((two) => two.companyId === null);
  const together = [...small, ...estates.filter((two) => two.companyId !== null)].slice(
    0,
    Math.max(2, Math.min(3, small.length)),
  );
  if (together.length > 1 && (small.length > 1 || draws.percent(40)))
    add('bundles', {
      areaCode: one.code,
      name: `${stem}老旧小区连片`,
      mode: draws.pick(['company', 'subdistrict-company', 'trustee']),
      provider: draws.percent(70) ? (estates.find((two) => two.companyId)?.companyId ?? null) : null,
      fromOn: draws.day(addMonths(anchor, -14), addMonths(anchor, -1)),
      estates: together.map((two) => two.id),
    });
  for (const [kind, label] of [
    ['old-estate', '老旧小区改造'],
    ['complete-community', '完整社区建设'],
  ] as const)
    if (estates.length > 0 && draws.percent(70))
      add('renovations', {
        areaCode: one.code,
        name: `${stem}${label}`,
        kind,
        stage: draws.pick(['planned', 'building', 'completed', null]),
        plannedMode: draws.percent(60) ? draws.pick(['company', 'subdistrict-company', 'trustee']) : null,
        plannedCentre: draws.percent(50) ? `${stem}邻里中心` : null,
        fromOn: draws.day(addMonths(anchor, -20), addMonths(anchor, -1)),
        document: '演示批复',
        estates: estates.slice(0, 2).map((two) => two.id),
      });
}

/** Writes them for one district; the caller's events come after. */
export async function loadEntries(
  tx: Transaction,
  { district, seed, anchor }: { district: string; seed: number; anchor: LocalDate },
): Promise<void> {
  const rows = entriesOf(await readGround(tx, district, anchor), { seed, anchor, key: district.slice(0, 2) });
  const grids = new Map<string, number>();
  for (const kind of entryKinds) {
    const entries = rows[kind.code]!;
    const given =
      kind.code === 'grid-workers'
        ? entries.map((one) => ({ ...one, grid: grids.get(`${one.areaCode} ${one.grid}`) }))
        : entries;
    const ids = await addEntries(tx, kind, given);
    if (kind.code === 'grids')
      for (const [at, one] of entries.entries()) grids.set(`${one.areaCode} ${one.name}`, ids[at]!);
  }
}

async function readGround(tx: Transaction, district: string, today: LocalDate): Promise<Ground> {
  const [lo, hi] = [district.slice(0, 6), `${district.slice(0, 6)}:`];
  const estates = await sql<Ground['estates'][number]>`
    select e.id, e.name, e.community_code as "communityCode", e.floor_area_centi_m2 as "floorAreaCentiM2", e.completed_year as "completedYear",
      (select max(p.company_id) from registers.service_project p where p.estate_id = e.id and coalesce(p.started_on, '-infinity') <= ${today}::date
        and coalesce(p.ended_on, 'infinity') > ${today}::date) as "companyId",
      coalesce((select jsonb_agg(jsonb_build_object('id', b.id, 'name', b.name) order by b.id) from registers.building b where b.estate_id = e.id), '[]') as buildings
    from registers.estate e where e.scope >= ${lo} and e.scope < ${hi} order by e.id`.execute(tx);
  const bodies = await sql<{ id: number; kind: string; area: string; estateScope: boolean }>`
    select id, kind, area_code as area, scope <> area_code as "estateScope" from registers.organisation
    where scope >= ${lo} and scope < ${hi} and dissolved_on is null order by id`.execute(tx);
  const areas = await sql<{ code: string; name: string; level: string }>`
    select code, name, level from registers.area where code >= ${lo} and code < ${hi} order by code`.execute(tx);
  const bodyOf = (kind: string, area: string) =>
    bodies.rows.find((one) => one.kind === kind && one.area === area && !one.estateScope)?.id ?? null;
  const of = (level: string) => areas.rows.filter((one) => one.level === level);
  return {
    estates: estates.rows,
    communities: of('community').map(({ code, name }) => ({
      code,
      name,
      party: bodyOf('community-party-organisation', code),
      committee: bodyOf('residents-committee', code),
    })),
    subdistricts: of('subdistrict').map(({ code, name }) => ({
      code,
      name,
      office: bodyOf('subdistrict-office', code),
      party: bodyOf('subdistrict-party-committee', code),
    })),
    bodies: Object.fromEntries(bodies.rows.filter((one) => one.area === district).map((one) => [one.kind, one.id])),
    branches: bodies.rows
      .filter((one) => one.kind === 'estate-party-branch')
      .map((one) => ({ id: one.id, communityCode: one.area })),
  };
}
