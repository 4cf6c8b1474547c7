// Ten of the rounds that bin/bench --faults does by the hundred, and that the judgement of a round sees what was lost.

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { expect, it } from 'vitest';
import { faultRounds } from '../../bench/faults.ts';

const SEED = 20_261_126;

it('十轮中断：已确认的一件不少，没有做了一半的，任务继续；真丢了、真断了，核对时都说得出来', async () => {
  const found: Record<string, string[]> = {};
  const rounds = await faultRounds({
    rounds: 10,
    untilFault: true,
    seed: SEED,
    say: (sentence) => console.log(sentence),
    async afterwards({ adminUrl, folder }, check, evidence) {
      const admin = new pg.Client({ connectionString: adminUrl });
      await admin.connect();
      try {
        expect(await check()).toEqual([]);
        // As somebody who owns the database could: no trigger speaks.
        const takeAway = (table: string, which: string) =>
          admin.query(`begin; alter table ${table} disable trigger all; delete from ${table} where ${which}; commit`);
        await takeAway('registers.estate', `id = (select max(id) from registers.estate where name like '中断%号1苑')`);
        found.half = await check();
        await takeAway('filings.evidence', `id = (select min(id) from filings.evidence where name = '${evidence}')`);
        found.evidence = await check();
        await takeAway('filings.filing', `id = (select max(id) from filings.filing where summary like '中断测试%')`);
        found.filing = await check();
        rmSync(join(folder, 'files'), { recursive: true });
        found.files = await check();
      } finally {
        await admin.end();
      }
    },
  });
  expect(rounds.flatMap(({ round, faults }) => faults.map((fault) => `第 ${round} 轮：${fault}`))).toEqual([]);
  expect(new Set(rounds.map((one) => one.killed)).size).toBe(3);
  expect(rounds.reduce((sum, one) => sum + one.acknowledged, 0)).toBeGreaterThan(50);
  expect(rounds.reduce((sum, one) => sum + one.unansweredDone, 0)).toBeGreaterThan(0);
  const told = Object.fromEntries(Object.entries(found).map(([name, faults]) => [name, faults.join('\n')]));
  expect(told.half).toMatch(/导入 \d+（committed）写入了 199 行/);
  expect(told.evidence).toMatch(/的材料已确认而丢失/);
  expect(told.filing).toMatch(/没有对应的报备/);
  expect(told.files).toMatch(/有登记而没有内容/);
});
