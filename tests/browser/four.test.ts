// The same estate on four pages: what is owed there under Jiangsu, Licheng, Yunnan (a draft, on trial) and Henan.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/platform/database.ts';
import { keysFrom } from '../../src/platform/keys.ts';
import { createSealing } from '../../src/platform/sealing.ts';
import { engine, password } from '../district.ts';
import { addFourDistricts, type FourPack, fourPacks, type Quarter } from '../four-districts.ts';
import { openWorld, signInFirst, visit, type World } from './world.ts';

let world: World;
let quarters: Record<FourPack, Quarter>;
let at: Awaited<ReturnType<World['open']>>;
beforeAll(async () => {
  world = await openWorld({
    prepare: async (_, loginUrl) => {
      const database = await openDatabase({ url: loginUrl });
      const sealing = createSealing(keysFrom(Buffer.alloc(32, 7)));
      quarters = await database.transaction(engine, (tx) => addFourDistricts(tx, sealing));
      await database.close();
    },
  });
  at = await world.open();
  await signInFirst(at.page, world.url, { account: '市住建局', password });
}, 180_000);
afterAll(() => world?.close());

/** Pictures to look at: GONGZHI_PICTURES names a folder. */
const pictures = process.env.GONGZHI_PICTURES;

const shown: Record<FourPack, { has: string[]; lacks: string[] }> = {
  jiangsu: { has: ['业委会选出后备案', '业委会候选人资格把关'], lacks: ['消防日常巡查和设施维护', '试算'] },
  licheng: { has: ['消防日常巡查和设施维护', '小区群众接待日或业主恳谈会'], lacks: ['试算'] },
  yunnan: { has: ['公布并更新物业服务和收费信息', '试算'], lacks: ['消防日常巡查和设施维护'] },
  henan: { has: ['业委会选出后备案'], lacks: ['业委会候选人资格把关', '试算'] },
};

describe('同一个小区在四个政策包之下', () => {
  it.each([1366, 390])(
    '%d 像素宽：四页的义务各不相同，草案写明试算',
    async (width) => {
      const { page, faults } = at;
      await page.setViewportSize({ width, height: width === 1366 ? 900 : 844 });
      for (const pack of fourPacks) {
        await visit(page, world, `estates/${quarters[pack].estate}`);
        await expect.poll(() => page.getByText('正在载入').count(), { timeout: 30_000 }).toBe(0);
        if (pictures) {
          mkdirSync(pictures, { recursive: true });
          await page.screenshot({ path: join(pictures, `${pack}-${width}.png`) });
        }
        await visit(page, world, `duties?estate=${quarters[pack].estate}&tab=all&size=100`);
        await expect.poll(() => page.getByText('正在载入').count(), { timeout: 30_000 }).toBe(0);
        const text = await page.locator('main table').innerText();
        for (const one of shown[pack].has) expect(text, `${pack} ${one}`).toContain(one);
        for (const one of shown[pack].lacks) expect(text, `${pack} ${one}`).not.toContain(one);
        expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), pack).toBe(true);
        if (pictures) await page.screenshot({ path: join(pictures, `${pack}-duties-${width}.png`) });
      }
      expect(faults).toEqual([]);
    },
    120_000,
  );

  it('要求的列表写出值是多少、条文核对到哪一步', async () => {
    const { page, faults } = at;
    await page.setViewportSize({ width: 1366, height: 900 });
    await visit(page, world, `areas?area=${quarters.henan.district}&search=招标投标&kind=parameter`);
    const main = page.locator('main');
    await main.getByText('中标后签订合同期限').first().waitFor();
    const text = await main.innerText();
    expect(text).toContain('30 日');
    expect(text).toContain('原文待核');
    if (pictures) await page.screenshot({ path: join(pictures, 'areas-1366.png'), fullPage: true });
    expect(faults).toEqual([]);
  }, 60_000);
});
