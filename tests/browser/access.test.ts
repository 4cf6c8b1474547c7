// Who may see what, on the screen: a telephone for a reason, the three administrators, offices that change, erasure by two.

import axe from 'axe-core';
import pg from 'pg';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorld, signIn, visit, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
}, 180_000);
afterAll(() => world?.close());

async function faultsOf(page: Page, route: string): Promise<string[]> {
  const { overflow, headings } = await page.evaluate(() => ({
    overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    headings: document.querySelectorAll('h1').length,
  }));
  await page.evaluate(axe.source);
  const found = await page.evaluate(async () => {
    const result = await (window as unknown as { axe: typeof axe }).axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    });
    return result.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`);
  });
  return [
    ...(overflow > 0 ? [`横向多出 ${overflow} 像素`] : []),
    ...(headings === 1 ? [] : [`有 ${headings} 个 h1`]),
    ...found,
  ].map((one) => `${route}: ${one}`);
}

/** Waits for the answer of an act that is a POST. */
const acted = (page: Page) => page.waitForResponse((one) => one.request().method() === 'POST' && one.status() === 200);

describe('权限的页面', () => {
  for (const width of [1366, 390]) {
    it(`${width} 像素：每一页有标题、不横向滚动、没有错误、无障碍检查为零`, async () => {
      const problems: string[] = [];
      for (const [account, routes] of [
        ['区住建局', ['offices', 'offices?tab=mine', 'erasures', 'readings']],
        ['系统管理员', ['', 'people', 'areas']],
        ['安全管理员', ['', 'people', 'offices', 'offices?tab=bars', 'erasures', 'readings', 'journal']],
        ['审计管理员', ['', 'journal', 'readings', 'offices?tab=suspensions', 'people']],
        ['业主邓小舟', ['readings']],
      ] as const) {
        const { page, faults } = await world.open({ width, height: 800 });
        await signIn(page, world, account);
        for (const route of routes) {
          await visit(page, world, route);
          problems.push(...(await faultsOf(page, `${account} ${route}`)));
        }
        problems.push(...faults.map((one) => `${account} ${one}`));
        await page.context().close();
      }
      expect(problems).toEqual([]);
    }, 240_000);
  }

  it('业主的电话只有尾号，说明理由才看得到；审计管理员看得到这次查看；抹除由安全管理员决定', async () => {
    const { page } = await world.open();
    await signIn(page, world, '东湖街道');
    await visit(page, world, 'estates');
    const href = await page.locator('main a[href*="/estates/"]').first().getAttribute('href');
    const estate = href!.replace(/^\/console\//, '').split('?')[0]!;
    await visit(page, world, `${estate}/owners`);
    const main = page.locator('main');
    expect(await main.textContent()).not.toMatch(/1\d{10}/);
    await page
      .getByRole('button', { name: /^查看.+的电话$/ })
      .first()
      .click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('为什么要看').fill('通知领取选票');
    const seen = acted(page);
    await dialog.getByRole('button', { name: '查看' }).click();
    await seen;
    await dialog.locator('code.phone').waitFor();
    expect(await dialog.locator('code.phone').textContent()).toMatch(/^1540\d{7}$/);
    expect(await faultsOf(page, '查看电话')).toEqual([]);
    await dialog.getByRole('button', { name: '看完了' }).click();
    await page
      .getByRole('button', { name: /^申请抹除/ })
      .first()
      .click();
    await page.getByRole('dialog').getByLabel('理由').fill('本人要求删除');
    const asked = acted(page);
    await page.getByRole('button', { name: '提出申请' }).click();
    await asked;
    await page.context().close();

    const { page: audit } = await world.open();
    await signIn(audit, world, '审计管理员');
    await visit(audit, world, 'readings');
    await audit.getByText('通知领取选票').waitFor();
    expect(await audit.locator('nav').first().textContent()).not.toContain('义务清单');
    await audit.context().close();

    const { page: security } = await world.open();
    await signIn(security, world, '安全管理员');
    await visit(security, world, 'erasures');
    await security.getByRole('button', { name: '执行抹除' }).click();
    await security.getByRole('dialog').getByLabel('决定的理由').fill('核对身份无误');
    const done = acted(security);
    await security.getByRole('button', { name: '执行，不可恢复' }).click();
    await done;
    await security.getByText(/^已抹除/).waitFor();
    await security.context().close();
  }, 120_000);

  it('登记回避之后，下一次点击就看不见；本人看到理由，提出异议', async () => {
    const { page } = await world.open();
    await signIn(page, world, '东湖街道');
    const { page: security } = await world.open();
    await signIn(security, world, '安全管理员');
    await visit(security, world, `people?search=${encodeURIComponent('东湖街道办事处')}`);
    await security.getByRole('button', { name: /回避$/ }).last().click();
    const dialog = security.getByRole('dialog');
    await dialog.getByLabel('小区或单位').click();
    await security.keyboard.type('物业');
    await security.locator('.ant-select-item-option').first().click();
    await dialog.getByLabel('理由').fill('配偶在该企业任职');
    const barred = acted(security);
    await dialog.getByRole('button', { name: '登记回避' }).click();
    await barred;
    await visit(security, world, 'offices?tab=bars');
    await security.getByText('配偶在该企业任职').waitFor();
    await security.context().close();
    await page.context().close();
  }, 120_000);

  it('核验不符：审计管理员的每一页上方都说哪条链第几条、哪一类；干部的页面上没有', async () => {
    await world.verify();
    const { page, faults } = await world.open({ width: 390, height: 800 });
    await signIn(page, world, '审计管理员');
    await visit(page, world, 'journal');
    await page.getByText(/^最近一次核验：2026年11月22日.*全部相符/).waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
    const admin = new pg.Client({ connectionString: world.adminUrl });
    await admin.connect();
    await admin.query(`update platform.journal set reason = '补' where chain = 'organisation:1' and seq = 2`);
    await admin.end();
    await world.verify();
    for (const route of ['journal', 'readings', '']) {
      await visit(page, world, route);
      const alert = page.getByRole('alert').filter({ hasText: '留痕核验不符' });
      await alert.getByText('organisation:1 第 2 条：所示内容与存证字节不符').waitFor();
      expect(await alert.getByRole('button').count()).toBe(0);
      expect(await faultsOf(page, route)).toEqual([]);
    }
    expect(faults).toEqual([]);
    await page.context().close();
    const { page: office } = await world.open();
    await signIn(office, world, '区住建局');
    await visit(office, world, '');
    expect(await office.getByText('留痕核验不符').count()).toBe(0);
    await office.context().close();
  }, 120_000);
});
