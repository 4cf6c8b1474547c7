// A survey from its opening to its closing: the district asks, the community confirms with one tap or goes to change the register, the list is frozen.

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sound } from './looked.ts';
import { openWorld, signIn, visit, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld({ scale: 0.05 });
}, 180_000);
afterAll(() => world?.close());

const main = (page: Page) => page.locator('main');
const dialog = (page: Page) => page.getByRole('dialog');

describe('底数摸排', () => {
  it('区里开始，社区一点“无变化”，要改的带着填好的一行去改底册；结束后不能再核对', async () => {
    const bureau = await world.open();
    await signIn(bureau.page, world, '区住建局');
    await visit(bureau.page, world, 'surveys');
    await main(bureau.page).getByRole('link', { name: '开始摸排' }).click();
    await bureau.page.getByLabel('摸什么底').fill('户数摸底');
    await bureau.page.getByLabel('依据哪一条，或为什么').fill('2026 年专项行动');
    await bureau.page.getByLabel('有业委会').uncheck();
    await bureau.page.getByLabel('有物业服务').uncheck();
    await bureau.page.getByLabel('什么时候前核对完').fill('2027-12-31');
    await bureau.page.getByLabel('什么时候前核对完').blur();
    await sound(bureau.page, 'new-survey');
    await bureau.page.getByRole('button', { name: '开始摸排' }).click();
    await bureau.page.waitForURL(/surveys\/\d+/);
    await main(bureau.page).getByRole('heading', { name: '各社区' }).waitFor();
    await sound(bureau.page, 'survey');
    await main(bureau.page).getByRole('button', { name: '起草通知' }).click();
    await bureau.page.waitForURL(/documents\/\d+/);
    await main(bureau.page).getByText('请于2027年12月31日前核对完').waitFor();
    await bureau.page.goBack();
    await main(bureau.page).getByRole('heading', { name: '各社区' }).waitFor();

    const { page, faults } = await world.open({ width: 390, height: 844 });
    await signIn(page, world, '春江社区');
    await visit(page, world, 'surveys');
    await main(page).getByRole('link', { name: '户数摸底' }).click();
    const confirm = main(page).getByRole('button', { name: /无变化$/ });
    await confirm.first().waitFor();
    const before = await confirm.count();
    const name = (await confirm.first().getAttribute('aria-label'))!.replace('无变化', '');
    await confirm.first().click();
    await main(page)
      .getByRole('button', { name: `${name}无变化` })
      .waitFor({ state: 'detached' });
    expect(await confirm.count()).toBe(before - 1);
    await sound(page, 'survey-community');
    await main(page)
      .getByRole('button', { name: `${name}有变化` })
      .click();
    await page.getByLabel('连同表头一起粘贴').waitFor();
    expect(await page.getByLabel('连同表头一起粘贴').inputValue()).toMatch(new RegExp(`户数\\n${name}\t`));

    await main(bureau.page).getByRole('button', { name: '结束摸排' }).click();
    await dialog(bureau.page).getByLabel('情况').fill('到期结束');
    await dialog(bureau.page).getByRole('button', { name: '结束摸排' }).click();
    await main(bureau.page).getByRole('definition').filter({ hasText: '到期结束' }).waitFor();
    expect(
      await main(bureau.page)
        .getByRole('button', { name: /无变化$/ })
        .count(),
    ).toBe(0);
    await sound(bureau.page, 'survey-closed');
    expect([...faults, ...bureau.faults]).toEqual([]);
  }, 120_000);
});
