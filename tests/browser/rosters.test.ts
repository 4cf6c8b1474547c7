// Rosters as they really come: a foreign workbook in a running district, and an empty district begun from pasted cells.

import exceljs from 'exceljs';
import pg from 'pg';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { foundDeployment } from '../../src/app/found.ts';
import { openSystem } from '../../src/app/system.ts';
import { fixedClock } from '../../src/platform/clock.ts';
import { looked } from './looked.ts';
import { openWorld, signIn, signInFirst, today, visit, type World } from './world.ts';

/** A workbook as a sub-district keeps it: a title, two header rows with merged cells, its own names for the columns. */
async function foreignWorkbook(rows: (string | number)[][]): Promise<Buffer> {
  const workbook = new exceljs.Workbook();
  const sheet = workbook.addWorksheet('小区台账');
  sheet.addRow(['东湖街道住宅小区基本情况台账（2026年）']);
  sheet.mergeCells('A1:H1');
  sheet.addRow(['序号', '住宅小区名称', '属地', '', '规模', '', '物业公司', '备注']);
  sheet.addRow(['', '', '街道', '社区', '户数', '建筑面积（㎡）', '', '']);
  sheet.mergeCells('C2:D2');
  sheet.mergeCells('E2:F2');
  sheet.mergeCells('A2:A3');
  sheet.mergeCells('B2:B3');
  sheet.mergeCells('G2:G3');
  sheet.mergeCells('H2:H3');
  for (const row of rows) sheet.addRow(row);
  return Buffer.from(await workbook.xlsx.writeBuffer());
}

async function checked(page: Page) {
  await page.getByRole('button', { name: '检查各行' }).click();
  await page.getByRole('button', { name: /写入 \d+ 行/ }).waitFor({ timeout: 60_000 });
}

describe('导入别人的表格', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld({ scale: 0.05 });
  }, 180_000);
  afterAll(() => world?.close());

  it('列名不同、表头合并：自动对应；错误的行说出行号、列和该怎么办；改好再传，全部写入', async () => {
    const { page, faults } = await world.open();
    await signIn(page, world, '东湖街道');
    const upload = async (rows: (string | number)[][]) => {
      await visit(page, world, 'imports/new?kind=estates');
      await page.locator('input[type=file]').setInputFiles({
        name: '东湖街道小区台账.xlsx',
        mimeType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
        buffer: await foreignWorkbook(rows),
      });
      await page.getByRole('button', { name: '检查各行' }).waitFor({ timeout: 60_000 });
    };
    await upload([
      [1, '新桥一村', '东湖街道', '春江社区', 320, 28_650.5, '示范新桥物业服务有限公司', ''],
      [2, '新桥二村', '东湖街道', '没有这个社区', '三百', 1, '', ''],
    ]);
    await checked(page);
    // Row 5 of the sender's own sheet, and both of its faults.
    const wrong = page.locator('main', { hasText: '没有这个社区' });
    await wrong.waitFor({ timeout: 60_000 });
    expect(await wrong.innerText()).toMatch(/5[\s\S]*户数/);
    const [errors] = await Promise.all([page.waitForEvent('download'), page.getByText('下载错误行').click()]);
    expect(errors.suggestedFilename()).toMatch(/\.xlsx$/);

    await upload([
      [1, '新桥一村', '东湖街道', '春江社区', 320, 28_650.5, '示范新桥物业服务有限公司', ''],
      [2, '新桥二村', '东湖街道', '春江社区', '２６０', '', '', ''],
    ]);
    await checked(page);
    await page.getByRole('button', { name: '写入 2 行' }).click();
    await page.getByText('撤销这次导入').waitFor({ timeout: 60_000 });

    await visit(page, world, 'estates?search=新桥');
    const list = await page.locator('main').innerText();
    expect(list).toContain('新桥一村');
    expect(list).toContain('新桥二村');
    expect(list).toContain('待补');
    expect(faults).toEqual([]);
  }, 240_000);

  it('逐项填写一条：从清单打开，选的、填的、有引号的都原样；检查、写入与名册一样；群台账也是', async () => {
    const { page, faults } = await world.open();
    await signIn(page, world, '东湖街道');
    const write = async () => {
      await page.getByRole('button', { name: '填好了，去检查' }).click();
      await page.getByRole('button', { name: '检查各行' }).waitFor({ timeout: 60_000 });
      await checked(page);
      await page.getByRole('button', { name: '写入 1 行' }).click();
      await page.getByText('撤销这次导入').waitFor({ timeout: 60_000 });
    };
    const choose = async (label: string, option: string) => {
      await page.getByLabel(label, { exact: true }).click();
      await page
        .locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option', { hasText: option })
        .first()
        .click();
    };
    await visit(page, world, 'estates');
    await page.getByRole('link', { name: '登记或更正小区' }).click();
    await page.getByRole('button', { name: '填好了，去检查' }).click();
    await page.getByText('请填写小区名称').waitFor();
    await page.getByLabel('小区名称', { exact: true }).fill('"新桥"五村');
    expect(await page.getByLabel('街道', { exact: true }).inputValue()).toBe('东湖街道');
    await page.getByLabel('社区', { exact: true }).fill('春江社区');
    await page.getByLabel('户数（可不填）', { exact: true }).fill('88');
    await choose('小区类型', '老旧小区');
    expect(await looked(page, 'row-form')).toEqual([]);
    await page.setViewportSize({ width: 1366, height: 900 });
    await write();
    await visit(page, world, `estates?search=${encodeURIComponent('"新桥"五村')}`);
    expect(await page.locator('main .ledger tbody').innerText()).toMatch(/"新桥"五村[\s\S]*老旧小区[\s\S]*88/);

    await visit(page, world, 'groups');
    await page.getByRole('link', { name: '导入群台账' }).click();
    await page.getByText('逐项填写一条', { exact: true }).click();
    await page.getByLabel('小区名称', { exact: true }).fill('"新桥"五村');
    await page.getByLabel('群的名称', { exact: true }).fill('五村业主群');
    await choose('群的类别', '业主群');
    await write();
    await visit(page, world, 'groups');
    await page.getByRole('link', { name: '五村业主群' }).click();
    await page.getByRole('heading', { level: 1, name: '五村业主群' }).waitFor();
    expect(faults).toEqual([]);
  }, 240_000);
});

describe('等待导入', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld({ scale: 0.05 });
  }, 180_000);
  afterAll(() => world?.close());

  it('检查时看得到做到第几行；按“取消”就停下，什么也没有写入；不取消的照样可以放弃', async () => {
    const { page, faults } = await world.open();
    await signIn(page, world, '东湖街道');
    await visit(page, world, 'imports/new?kind=estates');
    await page.locator('input[type=file]').setInputFiles({
      name: '东湖街道小区台账.xlsx',
      mimeType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      buffer: await foreignWorkbook([[1, '新桥三村', '东湖街道', '春江社区', 320, 1, '', '']]),
    });
    await page.getByRole('button', { name: '检查各行' }).waitFor({ timeout: 60_000 });
    const id = Number(/imports\/(\d+)/.exec(page.url())![1]);
    // A step that takes long: the batch is in hand, and says how far it has come.
    const step = new pg.Client({ connectionString: world.adminUrl });
    await step.connect();
    await step.query(`update registers.import_progress set done = 0, total = null where batch_id = ${id}`);
    await step.query(`update registers.import_batch set state = 'checking' where id = ${id}`);
    await step.query('begin');
    await step.query(`select from registers.import_batch where id = ${id} for update`);
    const said = new pg.Client({ connectionString: world.adminUrl });
    await said.connect();
    await said.query(`update registers.import_progress set done = 12000, total = 48000 where batch_id = ${id}`);

    await page.reload();
    await page.getByText('检查中：12,000 行，共约 48,000 行').waitFor();
    expect(await page.getByRole('progressbar', { name: '导入进度' }).getAttribute('value')).toBe('0.25');
    expect(await looked(page, 'import-progress')).toEqual([]);
    await page.getByRole('button', { name: '取消这次导入' }).click();
    await page.getByRole('button', { name: '取消导入', exact: true }).click();
    await page.getByText('正在取消：').waitFor();
    expect(await page.getByRole('button', { name: '取消这次导入' }).count()).toBe(0);
    // What the step does when it looks up: all it did is taken back.
    await step.query('rollback');
    await step.query(`update registers.import_batch set state = 'cancelled' where id = ${id}`);
    await page.getByText('已取消，什么也没有写入。').waitFor();
    expect(await looked(page, 'import-cancelled')).toEqual([]);
    await step.end();
    await said.end();

    await visit(page, world, 'imports/new?kind=estates');
    await page.locator('input[type=file]').setInputFiles({
      name: '东湖街道小区台账.xlsx',
      mimeType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      buffer: await foreignWorkbook([[1, '新桥四村', '东湖街道', '春江社区', 320, 1, '', '']]),
    });
    await checked(page);
    await page.getByRole('button', { name: '取消这次导入' }).click();
    await page.getByRole('button', { name: '取消导入', exact: true }).click();
    await page.getByText('已取消，什么也没有写入。').waitFor();
    await visit(page, world, 'estates?search=新桥四村');
    await page.getByText('没有符合条件的小区').waitFor();
    expect(faults).toEqual([]);
  }, 240_000);
});

describe('一个真实的空地区', () => {
  let world: World;
  let first: { account: string; password: string };
  beforeAll(async () => {
    world = await openWorld({
      prepare: async (settings, loginUrl) => {
        const system = await openSystem({ loginUrl, settings, clock: fixedClock(today) });
        const founded = await foundDeployment(system, undefined, {
          chain: [
            { code: '940000000000', name: '试点省' },
            { code: '940100000000', name: '试点市' },
            { code: '940101000000', name: '试点区' },
          ],
          account: 'admin',
          pack: 'licheng',
        });
        await system.database.close();
        if ('refused' in founded) throw new Error(founded.refused);
        first = founded.accounts[0]!;
      },
    });
  }, 180_000);
  afterAll(() => world?.close());

  it('粘贴一张小区名单：街道、社区一并建立，第一批义务随即出现，没有一片红', async () => {
    const { page, faults } = await world.open();
    await signInFirst(page, world.url, first);
    expect(await page.getByText('演示数据').count()).toBe(0);
    await page.getByRole('link', { name: '粘贴小区名单' }).click();
    await page.locator('#pasted').fill(
      [
        ['小区名称', '街道', '社区', '户数', '物业服务企业'],
        ['明月花园', '城东街道', '明月社区', '420', '试点明月物业服务有限公司'],
        ['清风里', '城东街道', '清风社区', '', ''],
        ['河畔家园', '城西街道', '河畔社区', '610', '试点明月物业服务有限公司'],
      ]
        .map((row) => row.join('\t'))
        .join('\n'),
    );
    await page.getByRole('button', { name: '读取粘贴的内容' }).click();
    await page.getByRole('button', { name: '检查各行' }).waitFor({ timeout: 60_000 });
    expect(await page.getByRole('checkbox', { name: '一并建立' }).isChecked()).toBe(true);
    await checked(page);
    await page.getByRole('button', { name: '写入 3 行' }).click();
    await page.getByText('撤销这次导入').waitFor({ timeout: 60_000 });

    // The worker works the duties out; the page is asked again until they are there.
    await expect
      .poll(
        async () => {
          await visit(page, world, 'duties?tab=all');
          return page.locator('main').innerText();
        },
        { timeout: 60_000 },
      )
      .toMatch(/城东街道/);
    await visit(page, world, 'cockpit');
    const cockpit = await page.locator('main').innerText();
    expect(cockpit).toContain('试点区');
    expect(cockpit).not.toMatch(/待办\s*[1-9]/);
    expect(faults).toEqual([]);
  }, 240_000);
});
