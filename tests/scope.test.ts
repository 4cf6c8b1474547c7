// Row-level security against a plain model (trust.md Z2, Z3): every list of the rooms, asked by every kind of person, shows what the model
// says and nothing else, and says the same about a row to everybody who sees it. Then many at once over few connections.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
  modelOf,
  type World,
  wholeLists,
} from './sight.ts';

const SEED = 20_261_122;

let district: District;
let world: World;
let wholes: Map<ListName, Listed>;
beforeAll(async () => {
  district = await testDistrict();
  world = await growWorld(district, SEED, { indicators: 12 });
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
