// The pages made from the clauses: the original beside our words, the calendar, the sheet for the wall, the screen on the wall, the library.

import { readFileSync, writeFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { looked } from './looked.ts';
import { openWorld, signIn, signInWith, visit, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld({ scale: 0.1 });
}, 180_000);
afterAll(() => world?.close());

const main = (page: Page) => page.locator('main');
const patient = { timeout: 30_000 };
const shot = async (page: Page, name: string) => {
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/${name}.png` });
};
const settled = async (page: Page) => {
  await page.waitForLoadState('networkidle');
  await page.getByText('正在载入').waitFor({ state: 'detached' });
};

/** Invented from the first word to the last; only the numbering is like that of such texts. */
const invented = `泉鲤建〔2024〕25号（测试用的虚构文本，不是原文）
一、甲
虚构的第一节。
二、己
虚构的第二节。
三、乙
（一）丙
虚构的一段。
（二）庚
虚构的又一段。
（三）丁
虚构的开头，说明这一节讲什么。
业委会每个季度向业主公布工作经费，贴在小区里。
虚构的结尾，与经费没有关系。
四、戊
虚构的第四节。`;

describe('原文与释义并列', () => {
  it('区住建局附上文件，社区在条款页看到对应的一段；附错了撤下，回到“释义，以原文为准”', async () => {
    const { page, faults } = await world.open();
    await signIn(page, world, '区住建局');
    await visit(page, world, 'clauses/LC-3.3i');
    await main(page).getByText('这份文件的原文还没有附上').waitFor();
    await page.locator('input[type=file]').setInputFiles({
      name: '正式文本.txt',
      mimeType: 'text/plain',
      buffer: Buffer.from(invented),
    });
    await main(page).locator('mark', { hasText: '公布工作经费' }).first().waitFor();
    await main(page).getByText('释义，以原文为准').waitFor();
    expect(await looked(page, '原文')).toEqual([]);

    const other = await world.open();
    await signIn(other.page, world, '春江社区');
    await visit(other.page, world, 'clauses/LC-3.3i');
    await main(other.page).locator('.passage').first().waitFor();
    expect(await main(other.page).getByRole('button', { name: '附上原文件' }).count()).toBe(0);
    expect(await main(other.page).getByRole('button', { name: '撤下' }).count()).toBe(0);
    const [download] = await Promise.all([
      other.page.waitForEvent('download'),
      main(other.page).getByRole('button', { name: '下载原文件' }).click(),
    ]);
    expect(readFileSync((await download.path())!, 'utf8')).toBe(invented);
    await visit(other.page, world, 'clauses/LC-5.3b');
    await main(other.page).getByText('这一节，请打开文件查看').waitFor();

    await main(page).getByRole('button', { name: '撤下' }).click();
    await page.getByRole('dialog').getByLabel('理由').fill('测试文本，不是原文');
    await page.getByRole('dialog').getByRole('button', { name: '撤下' }).click();
    await main(page).getByText('这份文件的原文还没有附上').waitFor();
    await page.locator('input[type=file]').setInputFiles({
      name: '旧文件.doc',
      mimeType: 'application/msword',
      buffer: Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0, 0]),
    });
    await page.getByText('另存为 docx').first().waitFor();
    expect([...faults, ...other.faults]).toEqual([]);
  }, 120_000);
});

describe('日历', () => {
  it('月历在手机上是清单；可翻月、看辖区、导出表格和日历文件', async () => {
    const { page, faults } = await world.open();
    await signIn(page, world, '东湖街道');
    await visit(page, world, 'calendar?of=area&month=2026-12');
    await settled(page);
    expect(await page.locator('.day').count()).toBe(31);
    expect(await looked(page, '日历')).toEqual([]);
    await page.setViewportSize({ width: 390, height: 800 });
    expect(await page.locator('.day:visible').count()).toBe(0);
    await main(page).getByRole('cell', { name: /31日/ }).first().waitFor();
    await page.setViewportSize({ width: 1366, height: 800 });
    await page.getByRole('button', { name: '上月' }).click();
    await page.getByRole('heading', { level: 1, name: '2026年11月日历' }).waitFor();
    await page.locator('.day-today').waitFor();
    await visit(page, world, 'calendar?of=area&month=2026-10');
    await page.locator('.day', { hasText: '周四 休' }).first().waitFor();
    await page.locator('.day', { hasText: '周六 班' }).waitFor();
    await main(page).getByText('周末上班：10日').waitFor();

    await visit(page, world, 'calendar?of=area&month=2026-12');
    for (const [button, ending, has] of [
      ['导出', '.xlsx', ''],
      ['存入手机日历', '.ics', 'BEGIN:VEVENT'],
    ] as const) {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: button, exact: true }).click(),
      ]);
      expect(download.suggestedFilename().endsWith(ending)).toBe(true);
      expect(readFileSync((await download.path())!, 'latin1')).toContain(has);
    }
    // A number of several opens their list, of this month only.
    await main(page).locator('a[href*="matter="]').first().click();
    await main(page).getByText('只看 2026年12月 到期的').waitFor();
    expect(faults).toEqual([]);
  }, 120_000);
});

describe('小区信息公示牌', () => {
  it('从小区打开：底册写的、待补的都照实；A4 一张，码通到“写得不对？”', async () => {
    const { page, faults } = await world.open();
    await signIn(page, world, '春江社区');
    await visit(page, world, 'estates');
    await main(page).getByRole('link', { name: '春江花园' }).first().click();
    await main(page).getByRole('link', { name: '信息公示牌' }).click();
    const board = page.getByRole('article', { name: '信息公示牌' });
    await board.getByRole('heading', { level: 1, name: '春江花园信息公示牌' }).waitFor();
    for (const label of ['地址', '户数', '物业服务', '业主委员会', '任期'])
      await board.getByText(label, { exact: true }).first().waitFor();
    expect(await board.locator('.paper-code svg').count()).toBe(1);
    expect(await looked(page, '信息公示牌')).toEqual([]);
    const paper = await page.pdf({ format: 'A4', preferCSSPageSize: true });
    expect(paper.toString('latin1').match(/\/Type \/Page\b/g)).toHaveLength(1);
    if (process.env.SHOTS) writeFileSync(`${process.env.SHOTS}/board.pdf`, paper);
    expect(faults).toEqual([]);
  }, 120_000);
});

describe('本月清单', () => {
  it('社区的一张 A4：期限、依据、二维码；扫码登录后就是填好的报备；群消息不超过 300 字', async () => {
    const { page, faults } = await world.open();
    await signIn(page, world, '春江社区');
    await visit(page, world, 'sheet?month=2026-12');
    await settled(page);
    const lines = page.locator('.paper li');
    expect(await lines.count()).toBeGreaterThan(0);
    expect(await page.locator('.paper-code svg').count()).toBeGreaterThan(0);
    expect(await looked(page, '本月清单')).toEqual([]);
    const chat = await page.getByLabel('群消息').inputValue();
    expect([...chat].length).toBeLessThanOrEqual(300);
    expect(chat).toContain('12月要办的事');
    await page.getByRole('button', { name: '复制' }).click();
    await page.getByText('已复制').waitFor();

    // What the codes say, as another telephone meets it.
    const me = await (await page.request.get(`${world.url}/api/me`)).json();
    const answer = await (await page.request.get(`${world.url}/api/sheets/2026-12?area=${me.post.areaCode}`)).json();
    type Line = { id: number | null; about: string; url: string; total: number; done: number };
    const line = (answer.lines as Line[]).find((one) => one.done < one.total)!;
    const path = new URL(line.url).pathname + new URL(line.url).search;
    const phone = await world.open({ width: 390, height: 800 });
    await phone.page.goto(`${world.url}${path}`);
    await phone.page.locator('input[type=password]').waitFor();
    const who = world.signIns.find((one) => one.account === '春江社区')!;
    await phone.page.locator('input[type=text]').fill(who.account);
    await phone.page.locator('input[type=password]').fill(who.password);
    await phone.page.keyboard.press('Enter');
    if (line.id !== null) {
      await phone.page.getByText('以下各项来自这项义务，不用再填').waitFor();
      await phone.page.getByText(line.about).first().waitFor();
    } else
      await phone.page
        .getByRole('link', { name: /^报备：/ })
        .first()
        .waitFor();

    const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true });
    if (process.env.SHOTS) writeFileSync(`${process.env.SHOTS}/sheet.pdf`, pdf);
    const [, width, height] = /\/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]/.exec(pdf.toString('latin1'))!;
    expect([Math.round(Number(width)), Math.round(Number(height))]).toEqual([595, 842]);
    expect([...faults, ...phone.faults]).toEqual([]);
  }, 120_000);

  it('业委会看自己的一张；区住建局先选社区或业委会', async () => {
    const committee = await world.open({ width: 390, height: 800 });
    await signIn(committee.page, world, '春江花园业委会');
    await visit(committee.page, world, 'sheet?month=2026-12');
    await committee.page.getByRole('heading', { level: 1, name: /2026年12月清单/ }).waitFor();
    const { page, faults } = await world.open();
    await signIn(page, world, '区住建局');
    await visit(page, world, 'sheet');
    await settled(page);
    expect(await looked(page, '选一张清单')).toEqual([]);
    await main(page).locator('a[href*="/sheet?"][href*="bearer="]').first().click();
    await page.locator('.paper').waitFor();
    expect([...faults, ...committee.faults]).toEqual([]);
  }, 120_000);
});

describe('大屏', () => {
  it.each([
    ['区住建局', '区'],
    ['东湖街道', '街道'],
    ['春江社区', '社区'],
  ])(
    '%s：1920 × 1080 一屏放下，不滚动，字够大，没有人名',
    async (account, level) => {
      const { page, faults } = await world.open({ width: 1920, height: 1080 });
      await signIn(page, world, account);
      await visit(page, world, 'cockpit');
      await page.getByRole('link', { name: '大屏', exact: true }).click();
      await page.locator('.wall-total').waitFor();
      await expect.poll(() => page.locator('.wall-columns section:has(li, .wall-more)').count(), patient).toBe(3);
      await settled(page);
      await shot(page, `大屏-${level}`);
      const seen = await page.evaluate(() => {
        const texts = [...document.querySelectorAll('.wall *')].filter((one) =>
          [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent!.trim() !== ''),
        );
        const shown = texts.filter((one) => !one.classList.contains('unseen'));
        const wall = document.querySelector('.wall')!;
        return {
          scroll: [
            document.documentElement.scrollHeight - innerHeight,
            document.documentElement.scrollWidth - innerWidth,
            wall.scrollHeight - wall.clientHeight,
            wall.scrollWidth - wall.clientWidth,
          ],
          below: shown.filter((one) => one.getBoundingClientRect().bottom > innerHeight).map((one) => one.textContent),
          smallest: Math.min(...shown.map((one) => Number.parseFloat(getComputedStyle(one).fontSize))),
          rows: document.querySelectorAll('.wall-columns li').length,
        };
      });
      expect(seen.scroll.every((one) => one <= 0)).toBe(true);
      expect(seen.below).toEqual([]);
      expect(seen.smallest).toBeGreaterThanOrEqual(30);
      expect(seen.rows).toBeGreaterThan(3);
      expect(await looked(page, `大屏${level}`)).toEqual([]);
      await page.setViewportSize({ width: 1920, height: 1080 });
      await page.getByRole('link', { name: '退出大屏' }).click();
      await page.getByRole('heading', { level: 1, name: /驾驶舱/ }).waitFor();
      expect(faults).toEqual([]);
    },
    120_000,
  );
});

describe('条款库', () => {
  it('按文件、章节、要求谁、现状筛选；每条写明欠着几项，点开是清单', async () => {
    const { page, faults } = await world.open();
    await signIn(page, world, '东湖街道');
    const total = async () =>
      Number(/共 ([\d,]+) 条/.exec(await main(page).locator('.total').first().innerText())![1]!.replaceAll(',', ''));
    await visit(page, world, 'clauses');
    const all = await total();
    await visit(page, world, 'clauses?state=owing');
    await settled(page);
    await expect.poll(total, patient).toBeLessThan(all);
    const owing = await total();
    expect(
      await main(page)
        .getByRole('link', { name: /^欠 [\d,]+ 项/ })
        .count(),
    ).toBe(Math.min(owing, 50));
    expect(await looked(page, '条款库')).toEqual([]);
    await visit(page, world, 'clauses?state=none');
    await expect.poll(total, patient).toBeLessThan(all - owing + 1);
    await visit(page, world, 'clauses?pack=licheng&section=三（三）&actor=community-party');
    const narrowed = await total();
    expect(narrowed).toBeGreaterThan(0);
    expect(narrowed).toBeLessThan(all);
    await visit(page, world, 'clauses?state=owing');
    await main(page)
      .getByRole('link', { name: /^欠 [\d,]+ 项/ })
      .first()
      .click();
    await main(page).locator('tbody').getByText('超期').first().waitFor();
    expect(faults).toEqual([]);
  }, 120_000);

  it('义务清单可以只看本单位的', async () => {
    const { page, faults } = await world.open();
    await signInWith(page, world.url, world.signIns.find((one) => one.account === '东湖街道')!);
    await visit(page, world, 'duties?tab=all');
    await page.getByLabel('谁办').click();
    await page.locator('.ant-select-item-option', { hasText: '本单位' }).click();
    await page.waitForURL(/bearer=\d+/);
    // Under the body stands, smaller, whom it is owed to: the first line names the body.
    const bearers = async () => {
      const cells = await main(page).locator('td[data-title="责任单位"]').allInnerTexts();
      return new Set(cells.map((cell) => cell.split('\n')[0])).size;
    };
    await expect.poll(bearers, patient).toBe(1);
    expect(faults).toEqual([]);
  }, 120_000);
});
