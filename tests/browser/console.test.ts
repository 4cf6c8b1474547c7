// The console as its users meet it: real server, real database, real worker, real browser.

import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorld, signIn, visit, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
}, 180_000);
afterAll(() => world?.close());

const routes = [
  '',
  'cockpit',
  'duties',
  'calendar?of=area',
  'sheet',
  'indicators',
  'clauses',
  'clauses/LC-3.3i',
  'estates',
  'companies',
  'committees',
  'organisations',
  'projects',
  'quality',
  'quality?view=list',
  'corrections',
  'surveys',
  'surveys/new',
  'filings',
  'filings/new',
  'imports',
  'imports/new',
  'imports/new?kind=estates&way=form',
  'areas',
  'people',
  'security',
  'password',
  'cockpit?year=2025',
];

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const found = await page.evaluate(async () => {
    const result = await (window as unknown as { axe: typeof axe }).axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    });
    return result.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`);
  });
  return found;
}

describe('查找', () => {
  for (const width of [1366, 390]) {
    it(`${width} 像素：Ctrl K，拼音首字母，方向键，回车就到；读屏能用，不横向滚动`, async () => {
      const { page, faults } = await world.open({ width, height: 800 });
      await signIn(page, world, '东湖街道');
      await page.getByRole('button', { name: '查找' }).waitFor();
      await page.keyboard.press('Control+k');
      const box = page.getByRole('combobox', { name: '要找的名称、拼音、代码或房号' });
      await box.fill('cjhy');
      await page
        .getByRole('option', { name: /春江花园/ })
        .first()
        .waitFor();
      await page.getByText(/找到 \d+ 项/).waitFor();
      expect(await violations(page)).toEqual([]);
      expect(
        await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
      ).toBe(0);
      expect(await page.getByRole('option', { selected: true }).innerText()).toContain('春江花园');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('ArrowUp');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { level: 1, name: '春江花园' }).waitFor();
      await page.getByRole('button', { name: '查找' }).click();
      await box.fill('13800000000');
      await page.getByText('这里不按电话或证件号查找').waitFor();
      expect(page.url()).not.toContain('138');
      expect(faults.filter((one) => !one.includes('422'))).toEqual([]);
    });
  }
});

describe('每一页，在 1366 和 390 两种宽度', () => {
  for (const width of [1366, 390]) {
    it(`${width} 像素：有标题、不横向滚动、没有错误、无障碍检查为零`, async () => {
      const { page, faults } = await world.open({ width, height: 800 });
      await signIn(page, world, '区住建局');
      const first = async (list: string, under: string) => {
        await visit(page, world, list);
        const href = await page.locator(`main a[href*="/${under}/"]`).first().getAttribute('href');
        return href!.replace(/^\/console\//, '');
      };
      const records = [
        await first('estates', 'estates'),
        await first('duties', 'duties'),
        await first('indicators', 'indicators'),
        await first('companies', 'companies'),
        await first('organisations', 'organisations'),
        await first('people', 'people'),
      ];
      const problems: string[] = [];
      for (const route of [...routes, ...records]) {
        await visit(page, world, route);
        const { overflow, headings, empty } = await page.evaluate(() => ({
          overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
          headings: document.querySelectorAll('h1').length,
          empty: (document.querySelector('main')?.textContent ?? '').trim().length < 10,
        }));
        if (overflow > 0) problems.push(`${route}: 横向多出 ${overflow} 像素`);
        if (headings !== 1) problems.push(`${route}: 有 ${headings} 个 h1`);
        if (empty) problems.push(`${route}: 页面是空的`);
        if (!/共治/.test(await page.title())) problems.push(`${route}: 标题 ${await page.title()}`);
        if (!(await page.getByText('演示数据').first().isVisible())) problems.push(`${route}: 没有标明演示数据`);
        problems.push(...(await violations(page)).map((one) => `${route}: ${one}`));
      }
      expect([...problems, ...faults]).toEqual([]);
    }, 240_000);
  }
});

describe('街道干部的一天', () => {
  it('驾驶舱 → 指标 → 背后的名单 → 超期义务 → 条款与责任单位 → 导出', async () => {
    const { page, faults } = await world.open();
    await signIn(page, world, '东湖街道');
    await visit(page, world, 'cockpit');
    expect(await page.locator('h1').textContent()).toContain('东湖街道');

    await visit(page, world, 'indicators');
    await page
      .getByRole('link', { name: /长效管理/ })
      .first()
      .click();
    await page.getByText('口径').first().waitFor();
    await page
      .getByRole('link', { name: '全部', exact: true })
      .or(page.getByRole('tab', { name: '全部' }))
      .first()
      .click();
    await page
      .locator('main a[href*="/estates/"], main a[href*="/companies/"], main a[href*="/committees/"]')
      .first()
      .waitFor();

    await visit(page, world, 'duties?tab=overdue');
    await page.locator('main a[href*="/duties/"]').first().click();
    await page.locator('main a[href*="/clauses/"]').first().click();
    await page.getByText('释义，以原文为准').waitFor();

    await visit(page, world, 'duties?tab=overdue');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page
        .getByRole('button', { name: /导\s*出/ })
        .or(page.getByRole('link', { name: /导\s*出/ }))
        .first()
        .click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/\.xlsx$/);
    expect(faults).toEqual([]);
  }, 120_000);
});
