// Documents, pressed for real: drafted, sealed, looked up by the code on the paper, posted, withdrawn; letters from duties and the month.

import { readFileSync } from 'node:fs';
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

const sealedCopy = Buffer.from('%PDF-1.4 测试用的盖章件');

async function seal(page: Page): Promise<void> {
  await main(page).getByRole('button', { name: '上传盖章件' }).click();
  await dialog(page).getByLabel('发文字号').fill('春社（测试）〔2026〕9号');
  await dialog(page)
    .locator('input[type=file]')
    .setInputFiles({ name: '盖章件.pdf', mimeType: 'application/pdf', buffer: sealedCopy });
  await dialog(page).getByRole('button', { name: '上传', exact: true }).click();
  await dialog(page).waitFor({ state: 'hidden' });
}

describe('一份通知', () => {
  it('社区起草、传回盖章件、打海报、发群；拿着纸的人不登录就查得到，撤回以后查到的是撤回', async () => {
    const { page, faults } = await world.open();
    await signIn(page, world, '春江社区');
    await visit(page, world, 'documents/new');
    await page.getByLabel('标题', { exact: true }).fill('关于清理楼道杂物的通知');
    await page.getByLabel('正文（一行一段）').fill('请各位业主在本周内清理楼道杂物。\n逾期由物业统一清理。');
    await sound(page, 'new-document');
    await page.getByRole('button', { name: '生成起草稿' }).click();
    await page.waitForURL(/documents\/\d+/);
    await main(page).getByText('还没有盖章件').waitFor();
    const path = new URL(page.url()).pathname.replace('/console/', '');
    const [draft] = await Promise.all([
      page.waitForEvent('download'),
      main(page).getByRole('button', { name: '下载起草稿' }).click(),
    ]);
    expect(draft.suggestedFilename()).toBe('关于清理楼道杂物的通知（起草稿，未盖章）.docx');
    await visit(page, world, `${path}/poster`);
    await main(page).getByText('还没有盖章件，不能张贴').waitFor();

    await visit(page, world, path);
    await seal(page);
    await main(page).getByText('以最后一份盖章件为准').waitFor();
    expect([...(await page.getByLabel('群消息').inputValue())].length).toBeLessThanOrEqual(300);
    await page.getByRole('button', { name: '生成长图' }).click();
    const picture = page.locator('.long-picture img');
    await expect
      .poll(() => picture.evaluate((one: HTMLImageElement) => one.naturalWidth), { timeout: 30_000 })
      .toBe(1080);
    expect(await picture.evaluate((one: HTMLImageElement) => one.naturalHeight)).toBeGreaterThan(700);
    if (process.env.GONGZHI_PICTURES) {
      const data = await picture.evaluate(async (one: HTMLImageElement) => {
        const canvas = document.createElement('canvas');
        [canvas.width, canvas.height] = [one.naturalWidth, one.naturalHeight];
        canvas.getContext('2d')!.drawImage(one, 0, 0);
        return canvas.toDataURL();
      });
      (await import('node:fs')).writeFileSync(
        `${process.env.GONGZHI_PICTURES}/long-picture.png`,
        Buffer.from(data.split(',')[1]!, 'base64'),
      );
    }
    await main(page)
      .getByRole('button', { name: /记为已发/ })
      .first()
      .click();
    await main(page)
      .getByRole('cell', { name: /2026-11-22 / })
      .first()
      .waitFor();
    await sound(page, 'document');
    const code = (await main(page).locator('a[href*="/v/"]').first().textContent())!;

    await main(page).getByRole('link', { name: 'A4 海报' }).click();
    await page.locator('.paper-code svg').waitFor();
    expect(await page.locator('.paper').textContent()).toContain(code);
    await sound(page, 'poster');
    await page.emulateMedia({ media: 'print' });
    const millimetres = () =>
      page.locator('.paper-code svg').evaluate((one) => Math.round((one.getBoundingClientRect().width / 96) * 25.4));
    await expect.poll(millimetres, { timeout: 30_000 }).toBe(30);
    const size = (selector: string) =>
      page
        .locator(selector)
        .first()
        .evaluate((one) => Number.parseFloat(getComputedStyle(one).fontSize) * 0.75);
    expect(await size('.paper h1')).toBeGreaterThanOrEqual(26);
    expect(await size('.paper-body p')).toBeGreaterThanOrEqual(14);
    if (process.env.GONGZHI_PICTURES)
      await page.pdf({ path: `${process.env.GONGZHI_PICTURES}/poster.pdf`, preferCSSPageSize: true });
    await page.emulateMedia({ media: null });

    const stranger = await world.open({ width: 390, height: 800 });
    await stranger.page.goto(`${world.url}/v/${code.replace('-', '')}`);
    await stranger.page.getByText('有效', { exact: true }).first().waitFor();
    await stranger.page.getByText('关于清理楼道杂物的通知').waitFor();
    await sound(stranger.page, 'verify');
    const [copy] = await Promise.all([
      stranger.page.waitForEvent('download'),
      stranger.page.getByRole('button', { name: '打开盖章件' }).click(),
    ]);
    expect(readFileSync((await copy.path())!)).toEqual(sealedCopy);

    await visit(page, world, path);
    await main(page).getByRole('button', { name: '撤回', exact: true }).click();
    await dialog(page).getByLabel('理由').fill('日期写错，另行通知');
    await dialog(page).getByRole('button', { name: '撤回', exact: true }).click();
    await main(page)
      .getByText(/撤回：日期写错/)
      .waitFor();
    expect(await page.getByLabel('群消息').count()).toBe(0);
    await stranger.page.reload();
    await stranger.page.getByText('已撤回，不再有效').waitFor();
    expect(await stranger.page.getByRole('button', { name: '打开盖章件' }).count()).toBe(0);
    await sound(stranger.page, 'verify-withdrawn');
    await stranger.page.getByLabel('纸上的核验码').fill('22222-22223');
    await stranger.page.getByRole('button', { name: '查一查' }).click();
    await stranger.page.getByText(/校验位不符/).waitFor();
    expect([...faults, ...stranger.faults]).toEqual([]);
  }, 180_000);
});

describe('从数据起草', () => {
  it('超期的义务起草提醒函：写明各事项、条款、天数；督办起草督办函；本月清单起草通知', async () => {
    const { page, faults } = await world.open();
    await signIn(page, world, '区住建局');
    await visit(page, world, 'duties?tab=overdue');
    await main(page)
      .locator('tbody tr', { hasText: '东湖街道办事处' })
      .first()
      .locator('a[href*="/duties/"]')
      .first()
      .click();
    await main(page).getByRole('button', { name: '起草提醒函' }).click();
    await dialog(page).getByLabel('限哪一天前补报').fill('2026-11-21');
    await dialog(page).getByRole('button', { name: '生成起草稿' }).click();
    await dialog(page).getByText('补报的期限不能早于今天').first().waitFor();
    await dialog(page).getByLabel('限哪一天前补报').fill('2026-12-05');
    await dialog(page).getByRole('button', { name: '生成起草稿' }).click();
    await page.waitForURL(/documents\/\d+/);
    await main(page)
      .getByText(/请于2026年12月5日前办成并报备/)
      .waitFor();
    await main(page)
      .getByText(/^1．.*应于2026年.*已超期 \d+ 天/)
      .waitFor();
    await sound(page, 'reminder');

    await visit(page, world, 'directives?side=sent');
    await main(page).getByRole('link', { name: '老旧小区党群服务站选点' }).first().click();
    await main(page).getByRole('button', { name: '起草督办函' }).click();
    await page.waitForURL(/documents\/\d+/);
    await main(page)
      .getByText(/请于2026年12月4日前办成并答复/)
      .waitFor();

    const community = await world.open();
    await signIn(community.page, world, '春江社区');
    await visit(community.page, world, 'sheet?month=2026-12');
    await main(community.page).getByRole('button', { name: '起草本月通知' }).click();
    await community.page.waitForURL(/documents\/\d+/);
    await main(community.page)
      .getByText(/2026年12月.*应办事项，按日期列出/)
      .first()
      .waitFor();
    expect([...faults, ...community.faults]).toEqual([]);
  }, 180_000);
});

describe('清单', () => {
  it('文件清单分得清有效、待盖章、已撤回；企业看得见公开的，看不见别人的起草稿', async () => {
    const { page, faults } = await world.open();
    await signIn(page, world, '区住建局');
    await visit(page, world, 'documents?side=sent');
    for (const state of ['有效', '已起草，待盖章', '已撤回'])
      await main(page).locator('.state', { hasText: state }).first().waitFor();
    await sound(page, 'documents');
    const company = await world.open();
    await signIn(company.page, world, '安居物业');
    await visit(company.page, world, 'documents');
    await main(company.page).getByText('关于二次供水设施检修停水的通知（演示）').first().waitFor();
    expect(await main(company.page).getByText('已起草，待盖章').count()).toBe(0);
    expect([...faults, ...company.faults]).toEqual([]);
  }, 120_000);

  it('街道登记群、停用群；社区的群台账列出各小区的群', async () => {
    const { page, faults } = await world.open();
    await signIn(page, world, '春江社区');
    await visit(page, world, 'groups');
    await main(page).getByText('业主群（演示）').first().waitFor();
    await sound(page, 'groups');
    await page.getByRole('button', { name: '登记群' }).click();
    await dialog(page).getByLabel('小区').first().click();
    await page.locator('.ant-select-item-option').first().click();
    await dialog(page).getByLabel('群的名称').fill('三号楼群');
    await dialog(page).getByRole('button', { name: '登记', exact: true }).click();
    await dialog(page).waitFor({ state: 'hidden' });
    await main(page).getByText('三号楼群').waitFor();
    await page.getByRole('button', { name: /停用 .*三号楼群/ }).click();
    await dialog(page).getByLabel('原因').fill('群已解散');
    await dialog(page).getByRole('button', { name: '停用', exact: true }).click();
    await dialog(page).waitFor({ state: 'hidden' });
    await main(page).getByRole('link', { name: '已停用' }).click();
    await main(page)
      .getByText(/群已解散/)
      .waitFor();
    await main(page).getByRole('link', { name: '三号楼群' }).click();
    await page.getByRole('heading', { level: 1, name: '三号楼群' }).waitFor();
    await main(page).locator('.timeline').getByText('群已解散').waitFor();
    await sound(page, 'group');
    await visit(page, world, 'groups');
    await main(page).getByRole('link', { name: '业主群（演示）' }).first().click();
    await main(page).locator('.timeline a[href*="/documents/"]').first().waitFor();
    expect(faults).toEqual([]);
  }, 120_000);
});
