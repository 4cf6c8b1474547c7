// docs/effort.md held against the program: each walk pressed for real, every press and every field counted.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import exceljs from 'exceljs';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { entryKinds } from '../../src/registers/entries/contract.ts';
import { openWorld, signIn, visit, type World } from './world.ts';

const text = readFileSync(join(import.meta.dirname, '../../docs/effort.md'), 'utf8');
const row = (name: string, columns: number) =>
  text
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .find((cells) => cells[1]?.startsWith(name) && cells.length >= columns + 2)!;
/** What the document says of a walk. */
const told = (name: string) => ({ presses: Number(row(name, 5)[3]), fields: Number(row(name, 5)[4]) });
const seconds = (what: string) => Number(row(what, 2)[2]!.replace(',', ''));
const costs = {
  press: seconds('a press'),
  field: seconds('a field'),
  photo: seconds('taking'),
  read: seconds('reading'),
  roster: seconds('a roster'),
};

let world: World;
beforeAll(async () => {
  world = await openWorld({ scale: 0.1 });
}, 180_000);
afterAll(() => world?.close());

const photo = { name: '现场.jpg', mimeType: 'image/jpeg', buffer: Buffer.from([0xff, 0xd8, 0xff, 0xe0]) };

/** Counts what a person does with hand and keyboard. */
function walker(page: Page) {
  const done = { presses: 0, fields: 0 };
  return {
    done,
    async press(what: Locator) {
      done.presses += 1;
      await what.click();
    },
    async type(into: Locator, words: string) {
      done.fields += 1;
      await into.fill(words);
    },
    /** One press opens the choice of a file. */
    async choose(file: { name: string; mimeType: string; buffer: Buffer }) {
      done.presses += 1;
      await page.locator('input[type=file]').setInputFiles(file);
    },
  };
}
const main = (page: Page) => page.locator('main');
const menu = (page: Page, name: string) => page.locator('.side').getByRole('link', { name, exact: true });

async function openAs(account: string, size?: { width: number; height: number }) {
  const opened = await world.open(size);
  await signIn(opened.page, world, account);
  await opened.page.locator('.post-switch').waitFor();
  return opened;
}

describe('一步一步数', () => {
  it('登录', async () => {
    const { page } = await world.open();
    const who = world.signIns.find((one) => one.account === '春江社区')!;
    const { done, type, press } = walker(page);
    await page.goto(`${world.url}/console/`);
    await type(page.locator('input[type=text]'), who.account);
    await type(page.locator('input[type=password]'), who.password);
    await press(page.getByRole('button', { name: '登录', exact: true }));
    await page.locator('.post-switch').waitFor();
    expect(done).toEqual(told('sign-in'));
  }, 60_000);

  it('街道导入一份名册，第二次也一样', async () => {
    const { page, faults } = await openAs('东湖街道');
    for (const name of ['步数一村', '步数二村']) {
      await visit(page, world, '');
      const { done, press, choose } = walker(page);
      const workbook = new exceljs.Workbook();
      const sheet = workbook.addWorksheet('台账');
      sheet.addRow(['住宅小区名称', '街道', '社区', '户数']);
      sheet.addRow([name, '东湖街道', '春江社区', 300]);
      await press(main(page).getByRole('link', { name: '导入名册' }));
      await press(page.getByRole('radio', { name: '小区名册' }));
      await choose({
        name: `${name}.xlsx`,
        mimeType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
        buffer: Buffer.from(await workbook.xlsx.writeBuffer()),
      });
      const check = page.getByRole('button', { name: '检查各行' });
      await check.waitFor({ timeout: 60_000 });
      await press(check);
      const write = page.getByRole('button', { name: '写入 1 行' });
      await write.waitFor({ timeout: 60_000 });
      await press(write);
      await page.getByText('撤销这次导入').waitFor({ timeout: 60_000 });
      expect(done).toEqual(told('roster'));
    }
    expect(faults).toEqual([]);
  }, 240_000);

  it('街道从工作台报备一件事', async () => {
    const { page, faults } = await openAs('东湖街道');
    const { done, press, choose } = walker(page);
    await press(
      main(page)
        .getByRole('link', { name: /^报备：/ })
        .first(),
    );
    await choose(photo);
    await press(page.getByRole('button', { name: '提交报备' }));
    await page.waitForURL(/\/filings\/\d+/);
    expect(done).toEqual(told('deed from the workbench'));
    expect(faults).toEqual([]);
  }, 120_000);

  it('业委会扫墙上的码报备一件事：要填的只有材料', async () => {
    const { page, faults } = await openAs('春江花园业委会', { width: 390, height: 800 });
    const me = await (await page.request.get(`${world.url}/api/me`)).json();
    const sheet = async (month: string) =>
      (await (await page.request.get(`${world.url}/api/sheets/${month}?bearer=${me.post.organisationId}`)).json()) as {
        lines: { id: number | null; url: string; total: number; done: number }[];
      };
    const line = (await sheet('2026-12')).lines.find((one) => one.id !== null && one.done < one.total)!;
    const { pathname, search } = new URL(line.url);
    await page.goto(`${world.url}${pathname}${search}`);
    await page.getByText('以下各项来自这项义务，不用再填').waitFor();
    const { done, press, choose } = walker(page);
    await choose(photo);
    await press(page.getByRole('button', { name: '提交报备' }));
    await page.waitForURL(/\/filings\/\d+/);
    expect(done).toEqual(told('deed from the wall sheet'));
    expect((await sheet('2026-12')).lines.find((one) => one.id === line.id)!.done).toBe(1);
    expect(faults).toEqual([]);
  }, 120_000);

  it('社区打印本月清单并发到群里；存日历', async () => {
    const { page, faults } = await openAs('春江社区');
    await page.evaluate(() => {
      window.print = () => document.body.setAttribute('data-printed', 'yes');
    });
    const sheet = walker(page);
    await sheet.press(menu(page, '本月清单'));
    await sheet.press(page.getByRole('button', { name: '打印这张清单' }));
    await page.locator('body[data-printed=yes]').waitFor();
    await sheet.press(page.getByRole('button', { name: '复制' }));
    await page.getByText('已复制').waitFor();
    expect(sheet.done).toEqual(told('wall sheet'));
    const calendar = walker(page);
    await calendar.press(menu(page, '日历'));
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      calendar.press(page.getByRole('button', { name: '存入手机日历' })),
    ]);
    expect(download.suggestedFilename()).toMatch(/\.ics$/);
    expect(calendar.done).toEqual(told('calendar'));
    expect(faults).toEqual([]);
  }, 120_000);
});

describe('上限', () => {
  const cost = ({ presses, fields }: { presses: number; fields: number }) =>
    presses * costs.press + fields * costs.field;
  const months = Array.from({ length: 12 }, (_, at) => `2026-${String(at + 1).padStart(2, '0')}`);

  it('业委会最忙的一个月不超过 15 分钟，社区有四件事的一天不超过 10 分钟', async () => {
    const { page } = await openAs('区住建局');
    const get = async (path: string) => (await page.request.get(`${world.url}${path}`)).json();
    const committees = (await get('/api/committees?limit=500')).rows as { id: number }[];
    expect(committees.length).toBeGreaterThan(2);
    const perMonth: number[] = [];
    for (const { id } of committees.slice(0, 8))
      for (const month of months)
        perMonth.push((await get(`/api/duties?bearer=${id}&month=${month}&limit=1`)).total as number);
    const fullest = Math.max(...perMonth);
    expect(fullest).toBeGreaterThan(0);
    const deed = cost(told('deed from the wall sheet')) + costs.photo;
    expect(costs.read + fullest * deed).toBeLessThanOrEqual(15 * 60);

    const perDeed = cost(told('deed from the workbench')) + costs.photo;
    expect(cost(told('sign-in')) + costs.read + 4 * perDeed).toBeLessThanOrEqual(10 * 60);
    // Four a day are more than there are.
    const own = (await get('/api/organisations?kind=community-party-organisation&limit=50')).rows as { id: number }[];
    const perYear: number[] = [];
    for (const { id } of own) perYear.push((await get(`/api/duties?bearer=${id}&year=2026&limit=1`)).total);
    expect(Math.max(...perYear)).toBeGreaterThan(0);
    expect(Math.max(...perYear)).toBeLessThan(4 * 240);
  }, 180_000);

  it('街道一次导入全部名册不超过一天', async () => {
    const { page } = await openAs('东湖街道');
    const { items } = await (await page.request.get(`${world.url}/api/imports/kinds`)).json();
    // The simple registers are kept as things come up; no duty and no indicator waits for them.
    const once = (items as { code: string }[]).filter(({ code }) => !entryKinds.some((kind) => kind.code === code));
    expect(once.length).toBeGreaterThan(4);
    expect(once.length * (costs.roster + cost(told('roster')))).toBeLessThanOrEqual(8 * 3600);
  }, 60_000);
});
