// Every address of the console, opened by somebody who may: nothing beyond the edge at the three widths, axe clean, and Tab goes on without a trap.

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import pg from 'pg';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { looked } from '../browser/looked.ts';
import { openWorld, signIn, visit, type World } from '../browser/world.ts';

const router = readFileSync(resolve(import.meta.dirname, '../../src/web/console/router.tsx'), 'utf8');
const paths = [...router.matchAll(/\{ path: '([^']+)'/g)].map(([, path]) => path!);

/** Who opens an address, where it is not the district's housing bureau. */
const by: Record<string, readonly string[]> = {
  东湖街道: ['pocket', 'sheet', 'directives/:id', 'documents/:id', 'documents/:id/poster'],
  春江社区: [
    'estates/:id/owners',
    'estates/:id/units',
    'estates/:id/vouchers',
    'corrections/new',
    'corrections/:id',
    'groups/:id',
  ],
  系统管理员: ['people', 'people/:id'],
  安全管理员: ['offices', 'readings', 'erasures'],
  审计管理员: ['journal'],
};
/** Whose number stands in an address: the first of a table, as the demo or this test made it. */
const tables: Record<string, string> = {
  duties: "oversight.duty where scope like '990102%'",
  directives: 'oversight.directive',
  indicators: "registers.requirement where kind = 'indicator' and pack_id = 'licheng' and retired_at is null",
  clauses: 'registers.clause',
  estates: 'registers.estate',
  units: 'registers.unit where id in (select unit_id from registers.ownership)',
  companies: 'registers.company',
  committees: 'registers.committee',
  projects: 'registers.service_project',
  documents: 'documents.document',
  organisations: "registers.organisation where scope like '990102%'",
  corrections: 'registers.correction',
  surveys: 'registers.survey',
  groups: 'registers.chat_group',
  filings: "filings.filing where scope like '990102%'",
  imports: 'registers.import_batch',
  people: 'registers.person where account_id is not null',
};

let world: World;
let admin: pg.Client;
beforeAll(async () => {
  world = await openWorld({ scale: 0.05 });
  admin = new pg.Client({ connectionString: world.adminUrl });
  await admin.connect();
  const { page } = await world.open();
  await signIn(page, world, '区住建局');
  await page.request.post(`${world.url}/api/imports/pasted`, {
    data: { kind: 'estates', text: '小区名称\t社区\n翠湖新苑\t春江社区\n' },
    headers: { origin: world.url },
  });
  await page.context().close();
});
afterAll(async () => {
  await admin?.end();
  await world?.close();
});

async function addressOf(path: string): Promise<string> {
  if (path === '*') return 'no-such-page';
  const [room] = path.split('/');
  if (path === 'registers/:kind') return 'registers/grid';
  if (path === 'registers/:kind/:id') return `registers/grid/${await first('registers.grid')}`;
  return path.includes(':id') ? path.replace(':id', await first(tables[room!]!)) : path;
}

async function first(table: string): Promise<string> {
  const of = /registers.com(pany|mittee)/.test(table) ? 'organisation_id' : 'id';
  const { rows } = await admin.query<{ id: string | number }>(`select ${of} as id from ${table} order by 1 limit 1`);
  expect(rows, `${table} 里什么也没有`).toHaveLength(1);
  return String(rows[0]!.id);
}

it('路由表读得到，没有一处把不存在的地址当作自己的', () => {
  expect(paths.length).toBeGreaterThan(50);
  expect(
    Object.values(by)
      .flat()
      .filter((path) => !paths.includes(path)),
  ).toEqual([]);
});

it.each(paths.filter((path) => !path.startsWith('/')))('%s', async (path) => {
  const { page, faults } = await world.open();
  const [account] = Object.entries(by).find(([, all]) => all.includes(path)) ?? ['区住建局'];
  await signIn(page, world, account!);
  await visit(page, world, await addressOf(path));
  if (path !== '*') expect(await page.getByText(/没有这个地址|没有打开|不在您的范围/).count()).toBe(0);
  await found(page, path, faults);
});

it.each(['/sign-in', '/owner', '/activate', '/v/:code?'])('%s，还没有登录的人', async (path) => {
  expect(paths).toContain(path);
  const { page, faults } = await world.open();
  await visit(page, world, path.slice(1).replace('/:code?', ''));
  await found(page, path, faults);
});

async function found(page: Page, path: string, faults: readonly string[]): Promise<void> {
  await expect.poll(() => page.getByText('正在载入').count(), { timeout: 30_000 }).toBe(0);
  expect(await looked(page, path.replaceAll(/[/:*?]/g, '-'))).toEqual([]);
  expect(await trapped(page)).toEqual([]);
  expect(faults).toEqual([]);
  await page.context().close();
}

/** What Tab cannot leave, or cannot be seen on: from the top of the page, as far as two screens of it. */
async function trapped(page: Page): Promise<string[]> {
  const wrong: string[] = [];
  await page.evaluate(() => {
    document.body.tabIndex = -1;
    document.body.focus();
    window.scrollTo(0, 0);
  });
  let before = '';
  for (let press = 0; press < 40; press += 1) {
    await page.keyboard.press('Tab');
    const { where, seen, out } = await page.evaluate(async () => {
      // What slides into view has slid by the next frame.
      for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
      const one = document.activeElement!;
      const box = one.getBoundingClientRect();
      const style = getComputedStyle(one);
      const marked = [one, ...(one.parentElement ? [one.parentElement] : []), ...one.querySelectorAll('*')];
      const ring = marked.some((each) => {
        const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(each);
        return (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none';
      });
      const path: string[] = [];
      for (let each: Element | null = one; each; each = each.parentElement)
        path.push(`${each.tagName}${[...(each.parentElement?.children ?? [])].indexOf(each)}`);
      return {
        where: `${path.join('<')} ${one.outerHTML.slice(0, 120)}`,
        out: one === document.body,
        seen: ring && style.visibility !== 'hidden' && box.bottom > 0 && box.top < window.innerHeight,
      };
    });
    if (out) break; // past the last: the browser's own bar
    if (where === before) wrong.push(`Tab 停在 ${where}`);
    if (!seen) wrong.push(`焦点看不见：${where}`);
    before = where;
  }
  return wrong;
}
