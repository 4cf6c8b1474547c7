// Row-level security against a plain model (trust.md Z2, Z3): every list of the rooms, asked by every kind of person, shows what the model
// says and nothing else, and says the same about a row to everybody who sees it. Then many at once over few connections.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routes } from '../src/app/routes.ts';
import { type Database, openDatabase } from '../src/platform/database.ts';
import { type District, testDistrict } from './district.ts';
import {
  differences,
  growWorld,
  type Listed,
  type ListName,
  leftovers,
  listNames,
  mixedUp,
  modelled,
  modelOf,
  officeLists,
  seenBy,
  subqueriesAdded,
  type World,
  wholeLists,
} from './sight.ts';

const SEED = 20_261_122;

let district: District;
let world: World;
let wholes: Map<ListName, Listed>;
beforeAll(async () => {
  district = await testDistrict();
  world = await growWorld(district, SEED, { indicators: 4 });
  wholes = await wholeLists(district.database, world);
});
afterAll(() => district?.close());

describe('谁看得见什么', () => {
  it('世界够大：每张清单都有内容，各人所见不同，也有什么都看不见的人', () => {
    for (const list of listNames) expect(wholes.get(list)!.size, list).toBeGreaterThan(list === '企业' ? 5 : 15);
    expect(world.personas.length).toBeGreaterThan(25);
    for (const list of listNames) {
      const sizes = world.personas.map((one) => modelOf(world.rows, one.who, list, wholes.get(list)!).size);
      expect(
        sizes.some((size) => size === 0),
        list,
      ).toBe(true);
      expect(
        sizes.some((size) => size > 0 && size < wholes.get(list)!.size),
        list,
      ).toBe(true);
    }
  });

  it('数据库给每个人看的，恰是模型所说的；同一行对谁都说同样的话', async () => {
    const found: string[] = [];
    for (const persona of world.personas) found.push(...(await differences(district.database, world, persona, wholes)));
    expect(found).toEqual([]);
  }, 240_000);

  it('每一张清单都在模型里，或写明为什么不必：新的清单不写就不通过', () => {
    const lists = routes
      .map((one) => one.contract)
      .filter(({ method, output }) => {
        const shape = typeof output === 'string' ? {} : ((output as { shape?: object }).shape ?? {});
        return method === 'GET' && ('rows' in shape || 'items' in shape);
      })
      .map((one) => one.path);
    expect(lists.length).toBeGreaterThan(25);
    expect(new Set(Object.keys(modelled))).toEqual(new Set(lists));
    for (const held of Object.values(modelled)) {
      if (typeof held === 'string') expect([...listNames, ...officeLists]).toContain(held);
      else expect(held.because.length).toBeGreaterThan(4);
    }
  });

  it('变动的任职都在其中：代理、离岗、停职、离任、未到任、回避、三种管理员', () => {
    expect(
      world.personas
        .filter((one) => one.ended)
        .map((one) => one.name)
        .sort(),
    ).toEqual(
      ['视野 停职的人', '视野 停职的职务', '视野 昨日离任的人', '视野 明日到任的人', '视野 返岗后的代理'].sort(),
    );
    expect(world.personas.filter((one) => one.actor.behalfId !== undefined && !one.ended)).toHaveLength(2);
    expect(world.personas.filter((one) => 'barredEstates' in one.who)).toHaveLength(3);
    for (const kind of ['system', 'security', 'audit'])
      expect(world.personas.filter((one) => one.who.kind === kind)).toHaveLength(2);
    for (const list of officeLists)
      expect(
        world.personas.some((one) => modelOf(world.rows, one.who, list, new Map()).size > 0),
        list,
      ).toBe(true);
  });

  it('策略不给清单的计划添上逐行的子查询；添上了，看得出来', async () => {
    const added: string[] = [];
    for (const name of ['视野 区住建局', `视野 单位${district.organisations.company}`, '视野 须回避的人1'])
      for (const list of listNames) {
        const persona = world.personas.find((one) => one.name === name)!;
        const many = await subqueriesAdded(district, world, persona, list);
        if (many > 0) added.push(`${name} ${list}`);
      }
    expect(added).toEqual([]);
    const slow = `create policy slow on registers.unit as restrictive for select to gongzhi_office
      using ((select count(*) from registers.ownership o where o.unit_id = unit.id) >= 0)`;
    const bureau = world.personas.find((one) => one.name === '视野 区住建局')!;
    expect(await subqueriesAdded(district, world, bureau, '房屋', slow)).toBeGreaterThan(0);
  });

  it('没有经过准入、或准入时被拒的会话，范围给得再宽，每一张表都是空的', async () => {
    const { adminUrl, database } = district;
    expect(await seenBy(adminUrl, database.prefix, { admitted: '' })).toEqual([]);
    expect(await seenBy(adminUrl, database.prefix, { admitted: 'no' })).toEqual([]);
    const admitted = await seenBy(adminUrl, database.prefix, { admitted: 'yes' });
    for (const one of [
      'office registers.unit',
      'body oversight.duty',
      'resident registers.estate',
      'audit platform.journal',
    ])
      expect(admitted).toContain(one);
  });

  it('须回避一个小区的机关和单位，在每一张表里都找不到它的一行', async () => {
    const { adminUrl, database } = district;
    // Which bodies there are and who leads whom is open to everybody signed in: it says nothing of what is done there.
    const open = ['registers.organisation', 'registers.organisation_relation'];
    const seen = await seenBy(adminUrl, database.prefix, { admitted: 'yes', barred: true });
    expect(seen.filter((one) => !open.includes(one.split(' ')[1]!))).toEqual([]);
  });

  it('没有小区、没有单位的人，按单位看不到任何群、义务、报备', async () => {
    const seen = await seenBy(district.adminUrl, district.database.prefix, { admitted: 'yes', empty: true });
    const business = /^body (registers\.(chat_group|camera|estate|unit)|oversight\.duty|filings\.filing)/;
    expect(seen.filter((one) => business.test(one))).toEqual([]);
  });

  it('街道之和加上区里直属的，就是全区', () => {
    const of = (name: string) =>
      modelOf(world.rows, world.personas.find((one) => one.name === `视野 ${name}`)!.who, '小区', wholes.get('小区')!);
    const parts = ['东湖街道', '西山街道', '北岭街道'].flatMap((name) => [...of(name)]);
    expect(new Set(parts)).toEqual(of('区住建局'));
    expect(parts.length).toBe(of('区住建局').size);
  });
});

describe('许多人同时用少数连接', () => {
  let shared: Database;
  beforeAll(async () => {
    const url = new URL(district.database.pool.options.connectionString!);
    shared = await openDatabase({ url: url.href, connections: 4 });
  });
  afterAll(() => shared?.close());

  it('60 个请求混在 4 条连接上，每个人得到的与独自询问时一字不差', async () => {
    expect(await mixedUp({ alone: district.database, shared, world, requests: 60, seed: SEED })).toEqual([]);
  });

  it('连接用完还回去，不带走任何人的身份和范围', async () => {
    expect(await leftovers(shared, 4)).toEqual([]);
  });
});
