// tests/scope.test.ts over more worlds, with every indicator, every persona and more requests at once.

import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/platform/database.ts';
import { testDistrict } from '../district.ts';
import { differences, growWorld, mixedUp, wholeLists } from '../sight.ts';

describe('谁看得见什么：更多的世界', () => {
  it.each([11, 12, 13])('世界 %i：每个人所见恰是模型所说；300 个请求混在 4 条连接上也一样', async (seed) => {
    const district = await testDistrict();
    try {
      const world = await growWorld(district, seed);
      const wholes = await wholeLists(district.database, world);
      const found: string[] = [];
      for (const persona of world.personas)
        found.push(...(await differences(district.database, world, persona, wholes)));
      expect(found).toEqual([]);
      const shared = await openDatabase({ url: district.database.pool.options.connectionString!, connections: 4 });
      try {
        expect(await mixedUp({ alone: district.database, shared, world, requests: 300, seed })).toEqual([]);
      } finally {
        await shared.close();
      }
    } finally {
      await district.close();
    }
  });
});
