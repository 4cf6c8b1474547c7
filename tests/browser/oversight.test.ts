// Indicators, pressed for real: the denominator of a campaign is frozen and released, the line of months is read as a table.

import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorld, signIn, visit, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld({ scale: 0.05 });
}, 180_000);
afterAll(() => world?.close());

const main = (page: Page) => page.locator('main');
const dialog = (page: Page) => page.getByRole('dialog');

/** Nothing runs over the edge at either width, and the accessibility check finds nothing. */
async function sound(page: Page, picture: string): Promise<void> {
  for (const width of [1366, 390]) {
    await page.setViewportSize({ width, height: 900 });
    await page.mouse.move(0, 0); // a button under the pointer is in another colour
    await expect
      .poll(() => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth))
      .toBeLessThanOrEqual(0);
    if (process.env.GONGZHI_PICTURES)
      await page.screenshot({ path: `${process.env.GONGZHI_PICTURES}/${picture}-${width}.png`, fullPage: true });
    await page.evaluate(axe.source);
    const found = await page.evaluate(async () => {
      const { violations } = await (window as unknown as { axe: typeof axe }).axe.run(document, {
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
      });
      return violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`);
    });
    expect(found, `${picture} ${width}`).toEqual([]);
  }
  await page.setViewportSize({ width: 1366, height: 900 });
}

describe('指标', () => {
  it('区住建局冻结一项行动的分母：写明谁、哪天、凭什么；写明理由解除', async () => {
    const { page, faults } = await world.open();
    await signIn(page, world, '区住建局');
    await visit(page, world, 'indicators');
    await main(page)
      .getByRole('link', { name: /无物业小区/ })
      .first()
      .click();
    await page.getByRole('button', { name: '冻结分母', exact: true }).click();
    await dialog(page).getByLabel('基准日').fill('2024.3.18');
    await dialog(page).getByLabel('依据的文件（文号或名称）').fill('2024 年摸底底册');
    await dialog(page).getByRole('button', { name: '冻结', exact: true }).click();
    await dialog(page).waitFor({ state: 'hidden' });
    await main(page).getByText('按 2024-03-18 的名单。依据：2024 年摸底底册').waitFor();
    await main(page).getByRole('link', { name: '冻结后新增、不计入的' }).waitFor();
    await sound(page, 'indicator');
    await page.getByRole('button', { name: '解除冻结' }).click();
    await dialog(page).getByLabel('理由').fill('基准日有误');
    await dialog(page).getByRole('button', { name: '解除', exact: true }).click();
    await dialog(page).waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: '冻结分母', exact: true }).waitFor();
    expect(faults).toEqual([]);
  }, 120_000);

  it('月末走势画成线，也能用表格看；按今天的底册重算，每月都一致', async () => {
    const { page, faults } = await world.open();
    await signIn(page, world, '区住建局');
    await visit(page, world, 'indicators');
    await main(page)
      .getByRole('link', { name: /长效管理/ })
      .first()
      .click();
    await page.getByRole('button', { name: '按今天的底册重算' }).click();
    const anew = main(page).getByRole('cell', { name: '一致', exact: true });
    await expect.poll(() => anew.count(), { timeout: 30_000 }).toBeGreaterThan(2);
    expect(await main(page).getByText('底册后来有更正').count()).toBe(0);
    await sound(page, 'trend');
    expect(faults).toEqual([]);
  }, 120_000);
});
