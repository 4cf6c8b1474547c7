import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codes, type District, engine, password, testDistrict, today } from '../../../tests/district.ts';
import { requireHere } from '../../../tests/requirements.ts';
import { type Site, testSite } from '../../../tests/site.ts';
import type { Actor } from '../../platform/database.ts';
import { sql } from '../../platform/database.ts';
import { routes as people } from '../people/index.ts';
import { type Flaw, type FlawKind, flawKinds } from './contract.ts';
import { flawSources } from './flaws.ts';
import { routes } from './index.ts';
import { listFlaws } from './queries.ts';

let district: District;
let site: Site;
beforeAll(async () => {
  district = await testDistrict();
  await requireHere(district);
  site = await testSite(district, [...people, ...routes]);
});
afterAll(async () => {
  await site?.close();
  await district?.close();
});

const all = { offset: 0, limit: 1000, sort: 'kind', order: 'asc' } as const;
const everything: Actor = { ...engine, lo: '0', hi: ':' };

/** The flaws after some changes, which are then taken back. */
async function flawsAfter(...changes: string[]): Promise<Flaw[]> {
  const undone = new Error('taken back');
  let rows: Flaw[] = [];
  await district.database
    .transaction(everything, async (tx) => {
      for (const change of changes) await sql.raw(change).execute(tx);
      rows = (await listFlaws(tx, all, today)).rows;
      throw undone;
    })
    .catch((error) => {
      if (error !== undone) throw error;
    });
  return rows;
}

/** What is changed to make it wrong, and what to make it right; absent: it is so in the district as it stands. */
interface Case {
  kind: FlawKind;
  name: string;
  says: RegExp;
  wrong?: string;
  right?: string;
}

function cases(): Case[] {
  const { estates, organisations, committee, units, people: persons } = district;
  const set = (table: string, change: string, where: string) =>
    `update registers.${table} set ${change} where ${where}`;
  const garden = (change: string) => set('estate', change, `id = ${estates.garden}`);
  const lakeside = (change: string) => set('estate', change, `id = ${estates.lakeside}`);
  const term = (change: string) => set('committee', change, `organisation_id = ${committee}`);
  const committeeName = '春江花园业主委员会';
  const twice = (unit: number, phone: string) => `
    with p as (insert into registers.person (scope, name, phone_hash) select scope, name, ${phone} from registers.person where id = ${persons.deng} returning id)
    insert into registers.ownership (unit_id, person_id, estate_id, scope) select u.id, p.id, u.estate_id, u.scope from p, registers.unit u where u.id = ${unit}`;
  const drawn = (area: number) => `
    with m as (insert into registers.management_area (scope, name, decided_by_id, floor_area_centi_m2)
      values ('${codes.spring}', '春江片', ${organisations.bureau}, ${area}) returning id)
    insert into registers.management_area_estate (entry_id, estate_id, scope) select m.id, e.id, e.scope from m, registers.estate e where e.id = ${estates.garden}`;
  const second = (from: string) => `
    with g as (insert into registers.organisation (kind, name, scope, enrolled_on)
      select 'owners-committee', '春江花园第二届', scope, '2026-01-01' from registers.estate where id = ${estates.garden} returning id, scope)
    insert into registers.committee (organisation_id, estate_id, scope, kind, term_from, term_to, member_count)
      select id, ${estates.garden}, scope, 'owners', '${from}', '2034-09-01', 5 from g`;
  const post = (person: number, body: number, role: string) =>
    `insert into registers.post (person_id, organisation_id, role, from_on) values (${person}, ${body}, '${role}', '2025-01-01')`;
  const thing = (table: string, columns: string, values: string, responsible: string) => `
    insert into registers.${table} (estate_id, scope, name, ${columns}responsible_id) select id, scope, '一号', ${values}${responsible} from registers.estate where id = ${estates.garden}`;
  return [
    {
      kind: 'floor-area-exceeded',
      name: '春江花园',
      says: /284\.84 ㎡.*284\.83 ㎡/,
      wrong: garden('floor_area_centi_m2 = 28483'),
      right: garden('floor_area_centi_m2 = 28484'),
    },
    { kind: 'household-count', name: '春江花园', says: /6 户.*3 套/, right: garden('households = 3') },
    {
      kind: 'building-count',
      name: '春江花园',
      says: /3 栋.*2 栋/,
      wrong: garden('building_count = 3'),
      right: garden('building_count = 2'),
    },
    {
      kind: 'owner-twice',
      name: '春江花园 1幢101',
      says: /同一房屋/,
      wrong: twice(units[0]!, 'null'),
      right: twice(units[1]!, 'null'),
    },
    {
      kind: 'owner-twice',
      name: '春江花园 1幢102',
      says: /同名同电话/,
      wrong: twice(units[1]!, 'phone_hash'),
      right: twice(units[1]!, "'\\x00'::bytea"),
    },
    {
      kind: 'project-overlap',
      name: '春江花园',
      says: /重叠/,
      wrong: `insert into registers.service_project (estate_id, scope, mode, started_on) select id, scope, 'trustee', '2025-01-01' from registers.estate where id = ${estates.garden}`,
      right: `insert into registers.service_project (estate_id, scope, mode, started_on) select id, scope, 'trustee', '2025-01-01' from registers.estate where id = ${estates.garden};
        update registers.service_project set ended_on = '2025-01-01' where manager_name is not null`,
    },
    {
      kind: 'committee-overlap',
      name: '春江花园第二届',
      says: /重叠/,
      wrong: second('2029-08-31'),
      right: second('2029-09-01'),
    },
    {
      kind: 'post-twice',
      name: '示范区住房和城乡建设局',
      says: /两次/,
      wrong: post(persons.lin, organisations.bureau, 'head'),
      right: post(persons.lin, organisations.bureau, 'officer'),
    },
    {
      kind: 'company-twice',
      name: '示范安居物业服务有限公司',
      says: /^同名的登记了 2 家$/,
      wrong: set('organisation', "name = '示范安居物业服务有限公司'", `id = ${organisations.otherCompany}`),
      right: set(
        'organisation',
        `name = '示范安居物业服务有限公司', dissolved_on = '${today}'`,
        `id = ${organisations.otherCompany}`,
      ),
    },
    {
      kind: 'management-area-exceeded',
      name: '春江片',
      says: /52,000\.05 ㎡.*52,000\.04 ㎡/,
      wrong: drawn(5_200_004),
      right: drawn(5_200_005),
    },
    {
      kind: 'project-lapsed',
      name: '石桥新村',
      says: /2025-12-31 到期/,
      right: set('estate', 'surveyed_unserved = true', `id = ${estates.bridge}`),
    },
    {
      kind: 'committee-lapsed',
      name: committeeName,
      says: /2026-11-22 届满/,
      wrong: term(`term_to = '${today}'`),
      right: term("term_to = '2026-11-23'"),
    },
    {
      kind: 'body-unstaffed',
      name: '春江社区居委会',
      says: /没有人能/,
      right: post(persons.wu, organisations.springCommittee, 'officer'),
    },
    {
      kind: 'company-unanswered',
      name: '示范宜家物业服务有限公司',
      says: /没有登记/,
      wrong: set('company', `scope = '${codes.city}'`, `organisation_id = ${organisations.otherCompany}`),
      right: set('company', `scope = '${codes.district}'`, `organisation_id = ${organisations.otherCompany}`),
    },
    {
      kind: 'community-provisional',
      name: '春江花园',
      says: /春江社区/,
      wrong: set('area', 'provisional = true', `code = '${codes.spring}'`),
    },
    {
      kind: 'estate-missing',
      name: '镜湖苑',
      says: /^待补：类型、地址、户数、楼栋数、建筑面积、建成年份$/,
      right: lakeside(
        "kind = 'old', address = '镜湖路', households = 0, building_count = 0, floor_area_centi_m2 = 1, completed_year = 1990",
      ),
    },
    { kind: 'service-unsurveyed', name: '镜湖苑', says: /还不知道/, right: lakeside('service_surveyed = true') },
    { kind: 'committee-unsurveyed', name: '镜湖苑', says: /还不知道/, right: lakeside('committee_surveyed = true') },
    {
      kind: 'units-none',
      name: '老城里',
      says: /一套/,
      right: `with b as (insert into registers.building (estate_id, scope, name) select id, scope, '1幢' from registers.estate where id = ${estates.oldTown} returning *)
        insert into registers.unit (estate_id, building_id, scope, name) select estate_id, id, scope, '101' from b`,
    },
    {
      kind: 'units-unmeasured',
      name: '春江花园',
      says: /1 套没有面积，共 4 套/,
      right: set('unit', 'area_centi_m2 = 1000', `estate_id = ${estates.garden}`),
    },
    {
      kind: 'units-unowned',
      name: '春江花园',
      says: /1 套没有业主，共 4 套/,
      right: `insert into registers.ownership (unit_id, person_id, estate_id, scope) select id, ${persons.he}, estate_id, scope from registers.unit where id = ${units[2]!}`,
    },
    {
      kind: 'project-missing',
      name: '春江花园',
      says: /^待补：项目负责人$/,
      wrong: set('service_project', 'manager_name = null', `estate_id = ${estates.garden}`),
    },
    {
      kind: 'committee-missing',
      name: committeeName,
      says: /^待补：业主委员人数$/,
      right: term('owner_member_count = 5'),
    },
    {
      kind: 'committee-roll',
      name: committeeName,
      says: /5 人.*2 人/,
      right: term('member_count = 2, party_member_count = 2'),
    },
    {
      kind: 'committee-undirected',
      name: committeeName,
      says: /没有主任/,
      wrong: set('committee_member', `to_on = '${today}'`, "title = 'director'"),
      right: set('committee_member', "to_on = '2026-11-23'", "title = 'director'"),
    },
    {
      kind: 'company-missing',
      name: '示范宜家物业服务有限公司',
      says: /^待补：统一社会信用代码、登记日期、正式党员人数、党建摸排$/,
      right: `${set('organisation', "uscc = '91350000000000000X'", `id = ${organisations.otherCompany}`)};
        ${set('company', "registered_on = '2020-01-01', full_members = 0, party_surveyed = true", `organisation_id = ${organisations.otherCompany}`)}`,
    },
    {
      kind: 'equipment-unassigned',
      name: '春江花园',
      says: /1 项/,
      wrong: thing('common_part', 'class, ', "'lift', ", 'null::int'),
      right: thing('common_part', 'class, ', "'lift', ", `${organisations.company}`),
    },
    {
      kind: 'cameras-unassigned',
      name: '春江花园',
      says: /1 项/,
      wrong: `${thing('camera', '', '', `${organisations.otherCompany}`)}; ${set('organisation', `dissolved_on = '${today}'`, `id = ${organisations.otherCompany}`)}`,
      right: thing('camera', '', '', `${organisations.otherCompany}`),
    },
  ];
}

describe('底册问题', () => {
  it('每一种都有一处来源，也都有一个例子；改错的就出现，改好的就消失', async () => {
    expect(flawSources.flatMap((one) => one.kinds).sort()).toEqual(Object.keys(flawKinds).sort());
    expect(new Set(cases().map((one) => one.kind))).toEqual(new Set(Object.keys(flawKinds)));
    const found: string[] = [];
    for (const { kind, name, says, wrong, right } of cases()) {
      const seen = async (change: string | undefined) =>
        (await flawsAfter(...(change?.split(';') ?? []))).filter((one) => one.kind === kind && one.name === name);
      const bad = await seen(wrong);
      if (bad.length !== 1 || !says.test(bad[0]!.detail))
        found.push(`${kind} 该有一处：${JSON.stringify(bad.map((one) => one.detail))}`);
      if ((await seen(right)).length > 0) found.push(`${kind} 改好了还在`);
    }
    expect(found).toEqual([]);
  });

  it('问题从不存下：库里没有它的表', async () => {
    const { rows } = await district.database.transaction(everything, (tx) =>
      sql<{ name: string }>`select relname as name from pg_class where relname like '%flaw%'`.execute(tx),
    );
    expect(rows).toEqual([]);
  });

  const listed = async (cookie: string, query = '') =>
    (await site.get(`/api/flaws?limit=500${query}`, cookie)).json() as { rows: Flaw[]; total: number };

  it('谁能改：最近的管底册的单位，企业的是对它负责的那一个；岗位写职务，不写人名', async () => {
    const lin = await site.signIn('区住建局', password);
    const { rows } = await listed(lin);
    const of = (kind: FlawKind, name: string) => rows.find((one) => one.kind === kind && one.name === name);
    expect(of('estate-missing', '老城里')).toMatchObject({ keeperName: '春江社区居委会', posts: [] });
    expect(of('estate-missing', '镜湖苑')).toMatchObject({ keeperName: '东湖街道办事处', posts: ['物业专员'] });
    expect(of('company-missing', '示范宜家物业服务有限公司')).toMatchObject({ keeperName: '西山街道办事处' });
    expect(of('body-unstaffed', '春江社区居委会')).toMatchObject({
      keeperName: '示范区住房和城乡建设局',
      posts: ['局长'],
    });
    expect(JSON.stringify(rows)).not.toMatch(/林海|陈晓岚|邓小舟|周启明/);
    const east = await listed(lin, `&keeper=${district.organisations.eastOffice}`);
    expect(east.rows.length).toBeGreaterThan(0);
    expect(new Set(east.rows.map((one) => one.keeperName))).toEqual(new Set(['东湖街道办事处']));
  });

  it('底册由谁管，听政策包的：本地改了照本地的，别处不变；没有这一条就没有谁能改', async () => {
    const keeper = async (...changes: string[]) =>
      (await flawsAfter(...changes)).find((one) => one.kind === 'estate-missing' && one.name === '老城里')?.keeperName;
    const here = (pack: string, ...kinds: string[]) => `
      insert into registers.requirement (pack_id, key, kind, label, force, rank, effect, source, definition)
      values ('${pack}', 'registers.keepers', 'parameter', '底册由哪些单位管', 'guiding', 'policy', 'informs', '试验',
        '${JSON.stringify({ values: [{ from: '2024-03-18', is: { kind: 'one', codes: kinds } }] })}')`;
    expect(await keeper()).toBe('春江社区居委会');
    expect(await keeper(here('licheng', 'subdistrict-office', 'housing-bureau'))).toBe('东湖街道办事处');
    expect(await keeper(here('jiaozuo', 'housing-bureau'))).toBe('春江社区居委会');
    expect(
      await keeper(`update registers.requirement set retired_at = now() where key = 'registers.keepers'`),
    ).toBeNull();
  });

  it('按种类的件数打开的就是那份清单；按地方、翻页、倒序都对得上', async () => {
    const lin = await site.signIn('区住建局', password);
    const whole = await listed(lin);
    const { items } = (await site.get('/api/flaws/counts', lin)).json() as {
      items: { kind: FlawKind; total: number }[];
    };
    expect(items.reduce((sum, one) => sum + one.total, 0)).toBe(whole.total);
    for (const { kind, total } of items) {
      const one = await listed(lin, `&kind=${kind}`);
      expect([one.total, new Set(one.rows.map((row) => row.kind))]).toEqual([total, new Set([kind])]);
    }
    const [east, west] = await Promise.all([codes.east, codes.west].map((area) => listed(lin, `&area=${area}`)));
    const outside = whole.rows.filter((one) => one.areaName === '示范区').length;
    expect(east!.total + west!.total + outside).toBe(whole.total);
    expect((await listed(lin, '&offset=10000')).total).toBe(whole.total);
    const days = (await listed(lin, '&sort=since&order=desc')).rows.flatMap((one) => one.since ?? []);
    expect(days).toEqual(days.toSorted().reverse());
  });

  it('企业只看见自己服务的小区和自己；业主不看；导出同清单一样多', async () => {
    const zhou = await site.signIn('安居物业', password);
    const { rows, total } = await listed(zhou);
    expect(new Set(rows.map((one) => one.estateId ?? one.name))).toEqual(
      new Set([district.estates.garden, '示范安居物业服务有限公司']),
    );
    expect((await site.get('/api/flaws', await site.signIn('业主邓小舟', password))).statusCode).toBe(403);
    const book = await site.get('/api/flaws/export', zhou);
    expect(book.statusCode).toBe(200);
    expect(total).toBe(rows.length);
  });
});
