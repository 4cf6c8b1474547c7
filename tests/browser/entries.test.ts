// The simple registers on the screen: every list, a record with its history, the forms; at 1366, 390 and 320 pixels.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { entryKinds } from '../../src/registers/entries/contract.ts';
import { looked } from './looked.ts';
import { openWorld, signIn, visit, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
}, 180_000);
afterAll(() => world?.close());

describe('其他底册', () => {
  it('每一本的清单和一项的详情：不横向滚动、无障碍检查为零；320 像素也不横向滚动', async () => {
    const { page, faults } = await world.open();
    await signIn(page, world, '区住建局');
    const problems: string[] = [];
    const look = async (address: string, name: string) => {
      await visit(page, world, address);
      problems.push(...(await looked(page, name)));
      await page.setViewportSize({ width: 320, height: 800 });
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      if (overflow > 0) problems.push(`${name} 320：横向多出 ${overflow} 像素`);
      if ((await page.locator('h1').count()) !== 1) problems.push(`${name}：h1 不是一个`);
    };
    await look('registers', 'registers');
    for (const { code } of entryKinds) {
      await look(`registers/${code}`, code);
      const href = await page.locator(`main a[href*="/registers/${code}/"]`).first().getAttribute('href');
      await look(href!.replace(/^\/console\//, ''), `${code}-one`);
    }
    await visit(page, world, 'estates');
    await page.locator('main a[href*="/estates/"]').first().click();
    await page.getByRole('heading', { name: '设备、场所与划定' }).waitFor();
    problems.push(...(await looked(page, 'estate-entries')));
    expect([...problems, ...faults]).toEqual([]);
  }, 300_000);

  it('街道登记一处监控：填了取流地址不收，改了就收；变更之后历史有两段；再查得到、导得出', async () => {
    const { page, faults } = await world.open();
    await signIn(page, world, '东湖街道');
    await visit(page, world, 'estates?search=春江花园');
    await page.locator('main a[href*="/estates/"]').first().click();
    await page.getByRole('heading', { name: '设备、场所与划定' }).waitFor();
    await page.locator('main a[href*="/registers/cameras"]').click();
    await page.getByRole('button', { name: '登记视频监控' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('安装位置').fill('地下一层东侧');
    await dialog.getByLabel('设备编码（可不填）').fill('rtsp://10.0.0.8/live');
    await dialog.getByLabel('自何日起（不知道的不填）').fill('2026.3.1');
    await dialog.getByRole('button', { name: /登\s*记/ }).click();
    const refused = dialog.locator('.ant-form-item-has-error', { hasText: '这里只登记设备，不存取流地址' });
    await refused.waitFor();
    await expect
      .poll(() => refused.getByLabel('设备编码（可不填）').evaluate((one) => one === document.activeElement))
      .toBe(true);
    await dialog.locator('.refusals').getByText('这里只登记设备，不存取流地址').waitFor();
    expect(await looked(page, 'camera-form')).toEqual([]);
    await dialog.getByLabel('设备编码（可不填）').fill('YS-0001');
    await dialog.getByRole('button', { name: /登\s*记/ }).click();
    await page.getByRole('link', { name: '地下一层东侧' }).click();
    await page.getByRole('button', { name: /变\s*更/ }).click();
    await page.getByRole('dialog').getByLabel('变更之日').fill('20261101');
    await page.getByRole('dialog').getByLabel('保存天数（可不填）').fill('90');
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /变\s*更/ })
      .click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('table', { name: '历史' }).getByText('2026-03-01 ～ 2026-11-01').waitFor();
    await visit(page, world, 'registers/cameras?search=地下一层东侧');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: /导\s*出/ }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^视频监控-.*\.xlsx$/);
    expect(faults).toEqual([]);
  }, 120_000);

  it('区里登记一项上下级：绕回自己的，说出是哪几个单位', async () => {
    const { page } = await world.open();
    await signIn(page, world, '区住建局');
    await visit(page, world, 'registers/organisation-relations?kind=leads');
    const title = await page.locator('main a[href*="/registers/organisation-relations/"]').first().innerText();
    const [superior, subordinate] = title.split(' → ') as [string, string];
    await page.getByRole('button', { name: '登记隶属关系' }).click();
    const dialog = page.getByRole('dialog');
    const choose = async (label: string, name: string) => {
      await dialog.getByLabel(label, { exact: true }).click();
      await page.keyboard.type(name);
      await page.locator('.ant-select-item-option', { hasText: name }).first().click();
    };
    await choose('上级单位', subordinate);
    await dialog.getByLabel('关系', { exact: true }).click();
    await page.locator('.ant-select-item-option', { hasText: '领导' }).first().click();
    await choose('下级单位', superior);
    await dialog.getByRole('button', { name: /登\s*记/ }).click();
    // At the field it is about, and among the reasons below.
    await dialog.locator('.ant-form-item-explain-error', { hasText: `“${superior}”就成了自己的上级` }).waitFor();
    await dialog.getByRole('alert').getByText(`“${superior}”就成了自己的上级`).waitFor();
  }, 120_000);
});
