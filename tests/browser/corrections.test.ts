// An owner says that a record is wrong, the community changes the register through its own door, and both see what became of it.

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sound } from './looked.ts';
import { openWorld, signIn, visit, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld({ scale: 0.05 });
}, 180_000);
afterAll(() => world?.close());

/** A picture of one grey dot. */
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==',
  'base64',
);

const main = (page: Page) => page.locator('main');
const dialog = (page: Page) => page.getByRole('dialog');

describe('纠错', () => {
  it('业主说户数不对，社区在工作台看到，去改底册时那一行已经填好；不改的写明理由，业主可以提出异议', async () => {
    const owner = await world.open({ width: 390, height: 844 });
    await signIn(owner.page, world, '业主邓小舟');
    await visit(owner.page, world, 'estates');
    await main(owner.page).locator('a[href*="/estates/"]').first().click();
    await main(owner.page).getByRole('link', { name: '写得不对？' }).click();
    await owner.page.getByRole('radio', { name: /^户数/ }).check();
    await owner.page.getByLabel('应当是').fill('12345678');
    await owner.page.getByLabel('怎么知道的').fill('物业公示栏上写的');
    await sound(owner.page, 'new-correction');
    await owner.page.getByRole('button', { name: '提出纠错' }).click();
    await owner.page.waitForURL(/corrections\/\d+/);
    await main(owner.page).getByText('待答复').waitFor();
    await owner.page
      .locator('input[type=file]')
      .setInputFiles({ name: '公示栏.png', mimeType: 'image/png', buffer: png });
    await main(owner.page).getByRole('button', { name: '照片 1.png' }).waitFor();
    await sound(owner.page, 'correction');
    const address = new URL(owner.page.url()).pathname.replace('/console/', '');

    const { page, faults } = await world.open();
    await signIn(page, world, '春江社区');
    await visit(page, world, '');
    await main(page).getByRole('heading', { name: '要答复的纠错' }).waitFor();
    await sound(page, 'workbench-corrections');
    await main(page)
      .getByRole('link', { name: /：户数$/ })
      .click();
    await main(page).getByRole('button', { name: '去改底册' }).waitFor();
    const [photo] = await Promise.all([
      page.waitForEvent('download'),
      main(page).getByRole('button', { name: '照片 1.png' }).click(),
    ]);
    expect(photo.suggestedFilename()).toBe('照片 1.png');
    await sound(page, 'correction-kept');
    await main(page).getByRole('button', { name: '去改底册' }).click();
    await page.getByLabel('连同表头一起粘贴').waitFor();
    expect(await page.getByLabel('连同表头一起粘贴').inputValue()).toMatch(/户数\n.+\t12345678$/);
    await page.goBack();
    await main(page).getByRole('button', { name: '不予更正' }).click();
    await dialog(page).getByLabel('为什么不改').fill('公示栏写错了');
    await dialog(page).getByRole('button', { name: '不予更正' }).click();
    await dialog(page).waitFor({ state: 'hidden' });
    await main(page).getByRole('button', { name: '起草答复' }).click();
    await page.waitForURL(/documents\/\d+/);
    await main(page).getByText('经核对，不予更正。公示栏写错了。').waitFor();
    await visit(page, world, 'corrections');
    await sound(page, 'corrections');

    await visit(owner.page, world, address);
    await main(owner.page).getByRole('definition').filter({ hasText: '公示栏写错了' }).waitFor();
    await main(owner.page).getByRole('button', { name: '提出异议' }).click();
    await dialog(owner.page).getByLabel('为什么不同意').fill('物业说公示栏没有错');
    await dialog(owner.page).getByRole('button', { name: '提出异议' }).click();
    await main(owner.page).getByText('这是异议').waitFor();
    expect(await main(owner.page).textContent()).toMatch(/由谁答复.*街道/);
    expect([...faults, ...owner.faults]).toEqual([]);
  }, 120_000);
});
