// 掌上工作台, with a finger: what follows a link in a chat is done in three taps, and every tap is counted where the browser feels it.

import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { looked } from './looked.ts';
import { countTaps, type Taps } from './taps.ts';
import { openWorld, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld({ scale: 0.05 });
}, 180_000);
afterAll(() => world?.close());

const phone = { width: 390, height: 844 };
const most = 3;
const main = (page: Page) => page.locator('main');
const dialog = (page: Page) => page.getByRole('dialog');
const card = (page: Page, title: string | RegExp) => main(page).locator('.pocket li', { hasText: title }).first();

/** Follows the link as somebody not signed in; signing in and typing are not counted. */
async function arrive(account: string): Promise<{ page: Page; faults: string[]; taps: Taps }> {
  const { page, faults } = await world.open({ ...phone, touch: true });
  const taps = await countTaps(page);
  await page.goto(`${world.url}/console/pocket`);
  const who = world.signIns.find((one) => one.account === account)!;
  await page.locator('input[type=text]').fill(who.account);
  await page.locator('input[type=password]').fill(who.password);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: '掌上工作台' }).waitFor();
  await main(page).locator('.pocket-thing').nth(2).waitFor();
  expect(new URL(page.url()).pathname).toBe('/console/pocket');
  taps.reset();
  return { page, faults, taps };
}

/** What can be pressed and is smaller than a thumb; links within a sentence are no targets of their own. */
async function tooSmall(within: Locator): Promise<string[]> {
  const pressed = within.locator('button, input:not(.unseen, [type=radio]), textarea, .pocket a, .ant-radio-wrapper');
  return pressed.evaluateAll((all) =>
    all
      .filter((one) => one.checkVisibility() && one.getBoundingClientRect().width > 0)
      .filter((one) => Math.round(one.getBoundingClientRect().height) < 44)
      .map((one) => `${one.outerHTML.slice(0, 100)} ${one.getBoundingClientRect().height}`),
  );
}

describe('掌上工作台', () => {
  it('登录后回到链接所指；各类待办合在一处，先急后缓；390 和 320 像素放得下，无障碍检查为零，按的地方不小于 44 像素', async () => {
    for (const [account, titles] of [
      ['春江社区', ['老旧小区党群服务站选点', '冬季用电用火']],
      ['东湖街道', ['老旧小区党群服务站选点']],
    ] as const) {
      const { page, faults } = await arrive(account);
      for (const title of titles) await card(page, title).waitFor();
      const dues = await main(page)
        .locator('.section', { hasText: '要办的事' })
        .locator('li')
        .evaluateAll((all) => all.map((one) => /\d{4}-\d\d-\d\d(?= 前)/.exec((one as HTMLElement).innerText)?.[0]));
      expect(dues.length).toBeGreaterThan(0);
      expect(dues).toEqual(dues.toSorted());
      expect(await looked(page, `掌上${account}`)).toEqual([]);
      await page.setViewportSize(phone);
      expect(await tooSmall(main(page))).toEqual([]);
      expect(faults).toEqual([]);
    }
  }, 120_000);

  it('报备一件义务、附上照片：三下以内', async () => {
    const { page, faults, taps } = await arrive('东湖街道');
    const first = main(page)
      .locator('.pocket li', { has: page.locator('.pocket-act') })
      .first();
    await first.locator('.pocket-act').tap();
    await main(page).getByText('以下各项来自这项义务').waitFor();
    expect(await tooSmall(main(page))).toEqual([]);
    expect(await looked(page, '掌上报备')).toEqual([]);
    await page.setViewportSize(phone);
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      main(page).locator('button', { hasText: '选择文件' }).tap(),
    ]);
    await chooser.setFiles({ name: '现场.jpg', mimeType: 'image/jpeg', buffer: Buffer.from([0xff, 0xd8, 0xff, 0xe0]) });
    await main(page).getByText('现场.jpg').waitFor();
    await main(page).getByRole('button', { name: '提交报备' }).tap();
    await page.waitForURL(/filings\/\d+/);
    await main(page).getByText('现场.jpg').first().waitFor();
    expect(taps.count()).toBeGreaterThan(0);
    expect(taps.count()).toBeLessThanOrEqual(most);
    expect(faults).toEqual([]);
  }, 120_000);

  it('答复一件督办：三下以内', async () => {
    const { page, faults, taps } = await arrive('春江社区');
    await card(page, '老旧小区党群服务站选点').locator('.pocket-thing').tap();
    await main(page).getByRole('button', { name: '答复', exact: true }).tap();
    await dialog(page).getByLabel('办理情况').fill('架空层一处，六十平方米，产权属全体业主。');
    expect(await tooSmall(dialog(page).locator('.ant-modal-footer, .ant-modal-body'))).toEqual([]);
    await dialog(page).getByRole('button', { name: '答复', exact: true }).tap();
    await dialog(page).waitFor({ state: 'hidden' });
    await main(page).getByText('已答复，待核').first().waitFor();
    expect(taps.count()).toBeGreaterThan(0);
    expect(taps.count()).toBeLessThanOrEqual(most);
    await page.goto(`${world.url}/console/pocket`);
    await main(page).locator('.pocket-thing').nth(2).waitFor();
    expect(await card(page, '老旧小区党群服务站选点').count()).toBe(0);
    expect(faults).toEqual([]);
  }, 120_000);

  it('把一件督办转给一个社区：三下以内；要谁办，打开就能选', async () => {
    const { page, faults, taps } = await arrive('东湖街道');
    const asked = main(page).locator('.pocket li', {
      hasText: '老旧小区党群服务站选点',
      has: page.locator('.pocket-act'),
    });
    await asked.locator('.pocket-act').tap();
    await dialog(page).getByLabel('承办单位').fill('居民委员会');
    const options = page.locator('.ant-select-item-option', { hasText: '居民委员会', hasNotText: '春江' });
    await options.first().waitFor();
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/掌上选单位.png` });
    const heights = await options.evaluateAll((all) =>
      all.map((one) => Math.round(one.getBoundingClientRect().height)),
    );
    expect(heights.filter((one) => one < 44)).toEqual([]);
    const name = await options.first().innerText();
    await options.first().tap();
    await dialog(page).getByRole('button', { name: '转办', exact: true }).tap();
    await dialog(page).waitFor({ state: 'hidden' });
    await main(page)
      .getByRole('row', { name: new RegExp(name) })
      .first()
      .waitFor();
    expect(taps.count()).toBeGreaterThan(0);
    expect(taps.count()).toBeLessThanOrEqual(most);
    expect(new URL(page.url()).search).not.toContain('do=');
    expect(await looked(page, '掌上转办')).toEqual([]);
    expect(faults).toEqual([]);
  }, 120_000);

  it('对一件纠错表示意见：三下以内；答复过的不再列出', async () => {
    const { page, faults, taps } = await arrive('春江社区');
    const owed = main(page).locator('.section', { hasText: '要答复的纠错' }).locator('.pocket-thing');
    const before = await owed.count();
    const title = await owed.first().locator('span').first().innerText();
    expect(title).toContain('楼栋数');
    await owed.first().tap();
    await main(page).getByRole('button', { name: '同意更正', exact: true }).tap();
    await dialog(page).getByLabel('答复', { exact: true }).fill('已到现场数过，属实，这几天改。');
    expect(await tooSmall(dialog(page).locator('.ant-modal-footer, .ant-modal-body'))).toEqual([]);
    await dialog(page).getByRole('button', { name: '同意更正', exact: true }).tap();
    await dialog(page).waitFor({ state: 'hidden' });
    expect(taps.count()).toBeGreaterThan(0);
    expect(taps.count()).toBeLessThanOrEqual(most);
    await page.goto(`${world.url}/console/pocket`);
    await main(page).getByRole('heading', { name: '别的事' }).waitFor();
    await expect.poll(() => owed.count()).toBe(before - 1);
    expect(faults).toEqual([]);
  }, 120_000);

  it('记下一份通知已发到群里：三下以内；发完的不再列出', async () => {
    const { page, faults, taps } = await arrive('春江社区');
    const left = Number(/还有 (\d+) 个群/.exec(await card(page, '冬季用电用火').innerText())![1]);
    await card(page, '冬季用电用火').locator('.pocket-thing').tap();
    await main(page)
      .getByRole('button', { name: /记为已发/ })
      .first()
      .tap();
    await main(page)
      .getByText(/2026-11-22 春江/)
      .first()
      .waitFor();
    expect(taps.count()).toBeGreaterThan(0);
    expect(taps.count()).toBeLessThanOrEqual(most);
    await page.goto(`${world.url}/console/pocket`);
    await main(page).locator('.pocket-thing').nth(2).waitFor();
    if (left === 1) expect(await card(page, '冬季用电用火').count()).toBe(0);
    else
      await card(page, '冬季用电用火')
        .getByText(`还有 ${left - 1} 个群`)
        .waitFor();
    expect(faults).toEqual([]);
  }, 120_000);

  it('数的是手指：脚本按的不算，空处的一下也算', async () => {
    const { page, taps } = await arrive('春江社区');
    await main(page)
      .locator('.pocket-thing')
      .first()
      .evaluate((one) => one.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true })));
    expect(taps.count()).toBe(0);
    await page.getByRole('heading', { level: 1 }).tap();
    await expect.poll(() => taps.count()).toBe(1);
  }, 60_000);
});
