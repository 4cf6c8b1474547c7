// Oversight, pressed for real: denominators frozen and released, months read as a table, directives from end to end, who is responsible.

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { divisionRange } from '../../src/kernel/identifiers.ts';
import { type LocalDate, localDate } from '../../src/kernel/local-date.ts';
import { sql, type Transaction } from '../../src/platform/database.ts';
import type { Acting } from '../../src/platform/http.ts';
import { record } from '../../src/platform/journal.ts';
import { addPosts } from '../../src/registers/people/index.ts';
import { closeSurvey, openSurvey } from '../../src/registers/surveys/index.ts';
import { sound } from './looked.ts';
import { openWorld, signIn, visit, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld({ scale: 0.05 });
}, 180_000);
afterAll(() => world?.close());

const main = (page: Page) => page.locator('main');
const dialog = (page: Page) => page.getByRole('dialog');

/** The bureau went over its estates while the campaign ran. */
async function surveyOf2024(): Promise<number> {
  const { database } = world.system;
  const opened = localDate('2024-03-05');
  const closed = localDate('2024-03-20');
  // Whoever sat at the bureau then.
  const { area, personId, postId, organisationId } = await database.transaction(
    { standing: 'engine', today: opened },
    async (tx) => {
      const { rows } = await sql<{ personId: number; organisationId: number; area: string }>`
        select o.person_id as "personId", b.id as "organisationId", b.area_code as area from registers.post o join registers.organisation b on b.id = o.organisation_id
        where b.kind = 'housing-bureau' and b.scope like '99%' and o.role not like '%administrator' order by o.id limit 1`.execute(
        tx,
      );
      const { area, ...held } = rows[0]!;
      const [postId] = await addPosts(tx, [{ ...held, role: 'officer', fromOn: '2023-01-01', toOn: '2025-01-01' }]);
      await record(tx, { chain: `organisation:${held.organisationId}`, act: 'tests.seated', object: 'tests' });
      return { ...held, area, postId: postId! };
    },
  );
  const as = <Result>(today: LocalDate, work: (tx: Transaction, by: Acting) => Promise<Result>) => {
    const actor = { standing: 'office', ...divisionRange(area), personId, postId, organisationId, today } as const;
    const by = { personId, post: { id: postId, organisationId }, actor, bars: [] };
    return database.transaction(actor, (tx) => work(tx, by));
  };
  const survey = { title: '2024 年摸底', basis: '专项行动', area, fields: ['kind' as const], dueOn: '2024-03-31' };
  const made = (await as(opened, (tx, by) => openSurvey(tx, by, survey, opened))) as { id: number };
  await as(closed, (tx, by) => closeSurvey(tx, by, { id: made.id, note: '到期结束' }, closed));
  return made.id;
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

    const survey = await surveyOf2024();
    await page.reload();
    await page.getByRole('button', { name: '冻结分母', exact: true }).click();
    await dialog(page)
      .getByRole('radio', { name: /2024 年摸底/ })
      .check();
    expect(await dialog(page).getByLabel('基准日').count()).toBe(0);
    await dialog(page).getByLabel('依据的文件（文号或名称）').fill('2024 年摸底通知');
    await sound(page, 'freeze-by-survey');
    await dialog(page).getByRole('button', { name: '冻结', exact: true }).click();
    await dialog(page).waitFor({ state: 'hidden' });
    await main(page).getByText(`按第 ${survey} 次摸排 2024-03-20 结束时的名单。依据`).waitFor();
    await page.getByRole('button', { name: '解除冻结' }).click();
    await dialog(page).getByLabel('理由').fill('试过了');
    await dialog(page).getByRole('button', { name: '解除', exact: true }).click();
    await dialog(page).waitFor({ state: 'hidden' });
    expect(faults).toEqual([]);
  }, 120_000);

  it('月末走势画成线，也能用表格看；按今天的底册重算，每月都一致', async () => {
    const { page, faults } = await world.open();
    await signIn(page, world, '区住建局');
    await visit(page, world, 'indicators');
    const onPaper = main(page)
      .getByText(/^口径：分母：.+不计入：.+截至 2026-11-22；依据：/)
      .first();
    await onPaper.waitFor({ state: 'attached' });
    expect(await onPaper.isVisible()).toBe(false);
    await page.emulateMedia({ media: 'print' });
    expect(await onPaper.isVisible()).toBe(true);
    await page.emulateMedia({ media: null });
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

describe('督办', () => {
  const fill = (page: Page, label: string | RegExp, text: string) => page.getByLabel(label).fill(text);

  it('区住建局从超期的义务发出督办；街道收到、申请延期；区里同意；没报备不能答复', async () => {
    const { page, faults } = await world.open();
    await signIn(page, world, '区住建局');
    await visit(page, world, 'duties?tab=overdue');
    await main(page)
      .locator('tbody tr', { hasText: '东湖街道办事处' })
      .first()
      .locator('a[href*="/duties/"]')
      .first()
      .click();
    await main(page).getByRole('link', { name: '督办', exact: true }).click();
    await fill(page, '什么时候前办好', '2026-12-10');
    await sound(page, 'new-directive');
    await page.getByRole('button', { name: '发出', exact: true }).click();
    await page.waitForURL(/directives\/\d+/);
    const path = new URL(page.url()).pathname.replace('/console/', '');
    await main(page).getByText('还没有报备').waitFor();

    // The same again is refused, and says where it is.
    await page.goBack();
    await fill(page, '什么时候前办好', '2026-12-10');
    await page.getByRole('button', { name: '发出', exact: true }).click();
    await main(page)
      .getByText(/已就此事督办，还没有办结：见督办第 \d+ 件/)
      .waitFor();

    const { page: street, faults: more } = await world.open();
    await signIn(street, world, '东湖街道');
    await visit(street, world, 'directives');
    await main(street).getByText('本单位').first().waitFor();
    await sound(street, 'directives');
    await visit(street, world, path);
    await main(street)
      .getByText(/答复：所督办的事还没有报备/)
      .waitFor();
    await street.getByRole('button', { name: '申请延期' }).click();
    await dialog(street).getByLabel('延到哪一天').fill('2026-12-20');
    await dialog(street).getByLabel('说明').fill('材料还在收集');
    await dialog(street).getByRole('button', { name: '申请延期' }).click();
    await dialog(street).waitFor({ state: 'hidden' });
    await main(street).getByText('申请延期中').first().waitFor();

    await visit(page, world, path);
    await page.getByRole('button', { name: '同意延期', exact: true }).click();
    await dialog(page).getByLabel('延到哪一天').fill('2026-12-20');
    await dialog(page).getByLabel('说明').fill('同意');
    await dialog(page).getByRole('button', { name: '同意延期' }).click();
    await dialog(page).waitFor({ state: 'hidden' });
    await main(page)
      .getByText(/于 2026-12-20 前办好/)
      .waitFor();
    await sound(page, 'directive');
    expect([...faults, ...more].filter((one) => !/422/.test(one))).toEqual([]);
  }, 180_000);

  it('系统里已有的名单不能再要：说明在哪一页', async () => {
    const { page, faults } = await world.open();
    await signIn(page, world, '区住建局');
    await visit(page, world, 'directives/new');
    await page.getByLabel('承办单位').first().click();
    await page.getByLabel('承办单位').first().fill('东湖街道办');
    await page.locator('.ant-select-item-option', { hasText: '东湖街道办事处' }).first().click();
    await page.getByLabel('要的数或名单').click();
    await page.locator('.ant-select-item-option', { hasText: '小区的数或名单' }).click();
    await fill(page, /凭哪一条/, 'LC-5.3a');
    await fill(page, '事由', '报小区数');
    await fill(page, '要办什么', '请报辖区内小区名单');
    await fill(page, '什么时候前办好', '2026-12-10');
    await page.getByRole('button', { name: '发出', exact: true }).click();
    await main(page).getByText('要的数和名单系统里已有：见“小区”').waitFor();
    // A refusal the browser reports as a failed request is no fault of the page.
    expect(faults.filter((one) => !/422/.test(one))).toEqual([]);
  }, 120_000);
});

describe('责任', () => {
  it('责任矩阵：每项措施写明谁办、期限、进度，点开是义务；制度清单：缺的看得见，点开去报备', async () => {
    const { page, faults } = await world.open();
    await signIn(page, world, '区住建局');
    await visit(page, world, 'responsibilities');
    await main(page).getByText('三（三）分工：党建引领业委会').waitFor();
    await sound(page, 'responsibilities');
    await main(page).getByRole('link', { name: '街道季报', exact: true }).click();
    await main(page).locator('tbody tr', { hasText: '街道季报' }).first().waitFor();
    await visit(page, world, 'own-rules');
    await main(page).getByText('制定业主组织印章监管制度').first().waitFor();
    await sound(page, 'own-rules');
    await page.getByRole('link', { name: '缺', exact: true }).click();
    await main(page).locator('tbody a[href*="/duties/"]').first().click();
    await main(page).getByRole('link', { name: '报备', exact: true }).waitFor();
    expect(faults).toEqual([]);
  }, 120_000);
});
