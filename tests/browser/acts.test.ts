// What people do, pressed for real: waive, file and withdraw, switch post, change the password.

import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { looked } from './looked.ts';
import { openWorld, setOwnPassword, signIn, signInTo, signInWith, visit, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld({ scale: 0.05 });
}, 180_000);
afterAll(() => world?.close());

const main = (page: Page) => page.locator('main');
const dialog = (page: Page) => page.getByRole('dialog');

/** Presses the act of the open dialog and waits until it is gone. */
async function confirm(page: Page, act: string): Promise<void> {
  const open = dialog(page);
  await open.getByRole('button', { name: act, exact: true }).click();
  await open.waitFor({ state: 'hidden', timeout: 90_000 }).catch(async (error: Error) => {
    // What the dialog says is why it is still open.
    throw new Error(`对话框没有关上：${await open.innerText()}`, { cause: error });
  });
}

async function choose(page: Page, field: Locator, typed: string, label: string | RegExp): Promise<void> {
  await field.click();
  const offered = page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option');
  if (typed) {
    await field.fill(typed);
    // The list of before is replaced by what was found.
    await expect.poll(() => offered.filter({ hasNotText: typed }).count(), { timeout: 30_000 }).toBe(0);
  }
  await offered.filter({ hasText: label }).first().click();
}

/** The value of a fact, by its name. */
const fact = (page: Page, name: string) =>
  main(page)
    .locator('.facts > div', { has: page.locator('dt', { hasText: new RegExp(`^${name}$`) }) })
    .locator('dd');

async function signOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: '退出', exact: true }).click();
  await page.getByRole('button', { name: '登录', exact: true }).waitFor();
}

describe('义务', () => {
  it('区住建局提出免除，自己不能确认；区委组织部在工作台看到并确认：义务写“已免除”', async () => {
    const { page, faults } = await world.open();
    await signIn(page, world, '区住建局');
    await visit(page, world, 'duties?tab=overdue');
    // Nobody waives a duty of their own.
    const row = main(page).locator('tbody tr').filter({ hasNotText: '示范区住房和城乡建设局' }).first();
    const path = (await row.locator('a[href*="/duties/"]').first().getAttribute('href'))!.replace(/\?.*/, '');
    await row.locator('a[href*="/duties/"]').first().click();
    await page.getByRole('button', { name: '提出免除', exact: true }).click();
    await dialog(page).getByLabel('理由', { exact: true }).fill('小区');
    await dialog(page).getByRole('button', { name: '提出', exact: true }).click();
    await dialog(page).getByText('请写明免除的理由').waitFor();
    await dialog(page).getByLabel('理由', { exact: true }).fill('整体征收，居民已全部搬离');
    await confirm(page, '提出');
    await main(page).getByText('还要由另一人确认').waitFor();
    expect(await page.getByRole('button', { name: '确认免除', exact: true }).count()).toBe(0);
    expect(await page.title()).toContain('已超期');
    await signOut(page);

    await signIn(page, world, '区委组织部');
    const proposed = main(page).getByRole('table', { name: /等中共示范区委组织部确认的免除/ });
    await proposed.getByText('整体征收，居民已全部搬离').waitFor();
    await proposed.locator(`a[href^="${path}"]`).click();
    await page.getByRole('button', { name: '确认免除', exact: true }).click();
    await confirm(page, '确认免除');
    expect(await fact(page, '办成的情况').innerText()).toBe('已免除：整体征收，居民已全部搬离');
    expect(await page.title()).toContain('已免除');
    await visit(page, world, 'duties?tab=waived&size=100');
    await main(page).locator(`td.cell-name a[href="${path}"]`).waitFor();
    expect(faults).toEqual([]);
  }, 120_000);

  it('区住建局写明理由、依据和恢复之日暂停一项义务：状态写“暂停”；提前恢复', async () => {
    const { page, faults } = await world.open();
    await signIn(page, world, '区住建局');
    await visit(page, world, 'duties?tab=overdue');
    const row = main(page).locator('tbody tr').filter({ hasNotText: '示范区住房和城乡建设局' }).first();
    await row.locator('a[href*="/duties/"]').first().click();
    await page.getByRole('button', { name: '暂停', exact: true }).click();
    await dialog(page).getByLabel('恢复之日').fill('2026年12月10日');
    await dialog(page).getByLabel('理由').fill('封闭施工，暂不能开展');
    await dialog(page).getByLabel('依据的条款或文件').fill('示范通知〔2026〕7号');
    await confirm(page, '暂停');
    await main(page).getByText('到 2026-12-10').waitFor();
    expect(await page.title()).toContain('暂停');
    await page.getByRole('button', { name: '提前恢复', exact: true }).click();
    await dialog(page).getByLabel('理由').fill('施工提前结束');
    await confirm(page, '恢复');
    await main(page).getByText('2026-11-22 提前恢复（施工提前结束）').waitFor();
    expect(await page.title()).toContain('已超期');
    expect(faults).toEqual([]);
  }, 120_000);

  it('东湖街道说明在等区住建局；区住建局在工作台看到并答复；等了几天写在义务上', async () => {
    const { page, faults } = await world.open();
    await signIn(page, world, '东湖街道');
    const own = main(page).locator('tbody a[href*="/duties/"]').first();
    await own.click();
    await page.getByRole('button', { name: '说明在等', exact: true }).click();
    await choose(page, dialog(page).getByLabel('在等哪个单位'), '', '示范区住房和城乡建设局');
    await dialog(page).getByLabel('从哪一天起等').fill('2026年11月18日');
    await dialog(page).getByLabel('在等什么').fill('等区里核定本季数据');
    await confirm(page, '登记');
    await main(page).getByText('已等 4 天，还没有答复').waitFor();
    const path = new URL(page.url()).pathname;
    await signOut(page);

    await signIn(page, world, '区住建局');
    const asked = main(page).locator('tr', { hasText: '等区里核定本季数据' });
    await asked.locator(`a[href^="${path}"]`).click();
    await page.getByRole('button', { name: '答复', exact: true }).click();
    await dialog(page).getByRole('textbox', { name: '答复' }).fill('数据已核定下发');
    await confirm(page, '答复');
    await main(page).getByText('等了 4 天，2026-11-22 答复：数据已核定下发').waitFor();
    expect(faults).toEqual([]);
  }, 120_000);

  it('街道从义务页报备并附上材料：已完成；写明理由撤回：又欠着', async () => {
    const { page, faults } = await world.open();
    await signIn(page, world, '东湖街道');
    await visit(page, world, 'duties?tab=overdue');
    await main(page).locator('tbody a[href*="/duties/"]').first().click();
    await fact(page, '办成的情况').waitFor();
    const duty = new URL(page.url()).pathname.replace('/console/', '');
    await main(page).getByRole('link', { name: '报备', exact: true }).click();
    await page.getByRole('button', { name: '提交报备' }).click();
    await page.getByText('请选择材料文件，或改为“材料后补”').waitFor();
    await page.locator('input[type=file]').setInputFiles({
      name: '公示照片.png',
      mimeType: 'image/png',
      buffer: Buffer.from(
        'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
        'base64',
      ),
    });
    await page.getByRole('button', { name: '提交报备' }).click();
    await page.getByRole('button', { name: '公示照片.png' }).waitFor();
    const filing = new URL(page.url()).pathname.replace('/console/', '');
    expect(filing).toMatch(/^filings\/\d+$/);

    await visit(page, world, duty);
    expect(await page.title()).toContain('已完成');
    expect(await fact(page, '办成的情况').innerText()).toContain('2026-11-22 办成');

    await main(page).getByRole('link', { name: '看报备' }).click();
    await page.getByRole('button', { name: '撤回', exact: true }).click();
    await dialog(page).getByLabel('理由').fill('报错了小区');
    await confirm(page, '撤回');
    expect(await fact(page, '撤回理由').innerText()).toBe('报错了小区');

    await visit(page, world, duty);
    expect(await page.title()).toContain('已超期');
    expect(await fact(page, '办成的情况').innerText()).toBe('还没有');
    expect(faults).toEqual([]);
  }, 120_000);
});

describe('区划与政策', () => {
  it('管理员从某日起适用一个政策包，设街道试运行，改纳入日期，义务随之重算', async () => {
    const { page, faults } = await world.open();
    await signIn(page, world, '系统管理员');
    await visit(page, world, 'areas');
    await page.getByRole('button', { name: '适用政策包' }).click();
    await choose(page, dialog(page).getByLabel('政策包'), '', '云南');
    await dialog(page).getByLabel('从哪一天起').fill('2026年12月1日');
    await confirm(page, '适用');
    await main(page).locator('tr', { hasText: '云南' }).filter({ hasText: '2026-12-01 起' }).first().waitFor();

    await main(page).getByRole('link', { name: '东湖街道' }).click();
    await fact(page, '上级').getByText('示范区').waitFor();
    const area = new URL(page.url()).searchParams.get('area')!;
    await fact(page, '试运行').getByRole('button', { name: '设定' }).click();
    await dialog(page).getByLabel('试运行到（含当日）').fill('2026-12-31');
    await confirm(page, '设定');
    await fact(page, '试运行').getByText('到 2026-12-31').waitFor();
    // Whoever runs the system does not see the business; the bureau does.
    const bureau = await world.open();
    await signIn(bureau.page, world, '区住建局');
    await visit(bureau.page, world, `cockpit?area=${area}`);
    await main(bureau.page).getByText('试运行到 2026-12-31：只提醒，不升级，不比较。').waitFor();

    const total = async () => {
      await visit(bureau.page, world, `duties?area=${area}&tab=not-enrolled`);
      await main(bureau.page)
        .getByText(/共 [\d,]+ 项/)
        .waitFor();
      return Number(/共 ([\d,]+) 项/.exec(await main(bureau.page).innerText())![1]!.replace(',', ''));
    };
    const before = await total();
    await visit(page, world, `areas?area=${area}`);
    await fact(page, '纳入日期').getByRole('button', { name: '改' }).click();
    await dialog(page).getByLabel('纳入日期').fill('2026-11-01');
    await dialog(page).getByLabel('辖区内的下级、单位和小区也用这一天').check();
    await confirm(page, '设定');
    await fact(page, '纳入日期').getByText('2026-11-01').waitFor();
    // The worker works the duties out again.
    await expect.poll(total, { timeout: 60_000 }).toBeGreaterThan(before);
    expect([...faults, ...bureau.faults]).toEqual([]);
  }, 180_000);
});

describe('人员与账号', () => {
  it('安全管理员新增任职，系统管理员开通账号；临时密码只显示一次，新人用它登录，先设自己的密码；干部看得到名录，不能开通', async () => {
    const { page, faults } = await world.open();
    await signIn(page, world, '安全管理员');
    await page.getByRole('link', { name: '人员与账号' }).click();
    await page.getByRole('button', { name: '新增人员任职' }).click();
    const form = dialog(page);
    await choose(page, form.getByLabel('单位'), '春江社区居', '春江社区居民委员会');
    await form.getByLabel('姓名').fill('示范新人');
    await choose(page, form.getByLabel('职务'), '', '工作人员');
    await confirm(page, '新增');
    await signOut(page);
    await signIn(page, world, '系统管理员');
    await visit(page, world, 'people?search=示范新人');
    await main(page).getByText('春江社区居民委员会').waitFor();
    await page.getByRole('button', { name: '为示范新人开通账号' }).click();
    await dialog(page).getByLabel('账号').fill('系统管理员');
    await dialog(page).getByRole('button', { name: '开通', exact: true }).click();
    await dialog(page).getByText('已经有人用了').waitFor();
    await dialog(page).getByLabel('账号').fill('示范新人');
    await dialog(page).getByRole('button', { name: '开通', exact: true }).click();
    const password = await dialog(page).locator('code').innerText();
    await confirm(page, '已经记下');
    await main(page).getByText('已开通').waitFor();
    expect(await page.locator('body').innerText()).not.toContain(password);

    await signOut(page);
    await signInTo(page, world.url, { account: '示范新人', password });
    await page.getByText('开通账号').waitFor();
    await setOwnPassword(page, '示范新人自己的一句话');
    await page.locator('.post-switch').waitFor();
    expect(await page.locator('.post-switch').innerText()).toContain('春江社区居民委员会');
    await visit(page, world, 'people');
    expect(await page.getByRole('button', { name: /开通账号|新增人员任职/ }).count()).toBe(0);
    expect(await main(page).innerText()).toContain('示范新人');
    expect(faults).toEqual([]);
  }, 120_000);

  it('一个人的页面：从名录、业主名单和查找打开；电话只有尾号，看全号要写理由；管理员看不到房屋', async () => {
    const { page, faults } = await world.open();
    await signIn(page, world, '区住建局');
    await visit(page, world, 'estates?served=yes');
    const estate = (await main(page).locator('td a[href*="/estates/"]').first().getAttribute('href'))!;
    await visit(page, world, `${estate.replace(/^\/console\//, '').replace(/\?.*/, '')}/owners`);
    const row = main(page).locator('tbody tr').filter({ hasText: '尾号' }).first();
    const flat = await row.locator('[data-title="房号"]').innerText();
    const name = row.getByRole('link').first();
    const said = await name.innerText();
    await name.click();
    await page.getByRole('heading', { level: 1, name: said }).waitFor();
    expect(await main(page).innerText()).toContain(flat);
    expect(await fact(page, '电话').innerText()).toMatch(/尾号 \d{4}/);
    await main(page).getByRole('button', { name: '查看电话' }).click();
    await dialog(page).getByLabel('为什么要看').fill('核对业主名册');
    await dialog(page).getByRole('button', { name: '查看' }).click();
    await dialog(page).locator('code.phone').waitFor();
    await dialog(page).getByRole('button', { name: '看完了' }).click();
    expect(await looked(page, 'person-owner')).toEqual([]);
    await page.setViewportSize({ width: 1366, height: 768 });

    await visit(page, world, 'people');
    const person = main(page).locator('td a[href*="/people/"]').first();
    const who = await person.innerText();
    await person.click();
    await page.getByRole('heading', { level: 1, name: who }).waitFor();
    const path = new URL(page.url()).pathname.replace('/console/', '');
    expect(await main(page).locator('.timeline').innerText()).toMatch(/任/);
    expect(await looked(page, 'person-staff')).toEqual([]);
    await page.setViewportSize({ width: 1366, height: 768 });
    await page.getByRole('button', { name: '查找' }).click();
    await page.getByRole('combobox', { name: /查找|名称/ }).fill(who);
    await page
      .getByRole('option', { name: new RegExp(who) })
      .first()
      .click();
    await page.getByRole('heading', { level: 1, name: who }).waitFor();

    await signOut(page);
    await signIn(page, world, '安全管理员');
    await visit(page, world, path);
    await page.getByRole('heading', { level: 1, name: who }).waitFor();
    expect(await main(page).innerText()).not.toMatch(/产权\n|尾号/);
    expect(faults).toEqual([]);
  }, 120_000);

  it('房屋和物业项目各有一页：从清单打开，再回去；物业企业看得到房屋，看不到业主', async () => {
    const { page, faults } = await world.open();
    await signIn(page, world, '区住建局');
    await visit(page, world, 'projects?inForce=yes&sort=company');
    const project = main(page).locator('td a[href*="/projects/"]').first();
    const estate = await project.innerText();
    await project.click();
    await page.getByRole('heading', { level: 1, name: new RegExp(`^${estate}：.+在管$`) }).waitFor();
    expect(await main(page).locator('.timeline').innerText()).toContain('开始服务');
    await fact(page, '小区').getByRole('link', { name: estate }).click();
    await page.getByRole('heading', { level: 1, name: estate, exact: true }).waitFor();
    await page.goBack();
    await main(page).getByRole('link', { name: '物业项目', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: '物业项目', exact: true }).waitFor();

    await visit(page, world, 'estates?served=yes');
    const first = (await main(page).locator('td a[href*="/estates/"]').first().getAttribute('href'))!;
    await visit(page, world, `${first.replace(/^\/console\//, '').replace(/\?.*/, '')}/owners`);
    const row = main(page).locator('tbody tr').filter({ hasText: '尾号' }).first();
    const owner = await row.getByRole('link').first().innerText();
    const tail = /尾号 \d{4}/.exec(await row.innerText())![0];
    const flat = row.locator('[data-title="房号"] a');
    const room = await flat.innerText();
    await flat.click();
    await page.getByRole('heading', { level: 1, name: room }).waitFor();
    const path = new URL(page.url()).pathname.replace('/console/', '');
    const said = main(page).locator('tbody tr').filter({ hasText: owner });
    expect(await said.innerText()).toMatch(/现在的业主/);
    expect(await said.innerText()).toContain(tail);
    await said.getByRole('link', { name: owner }).click();
    await page.getByRole('heading', { level: 1, name: owner }).waitFor();
    await main(page).getByRole('link', { name: room }).first().click();
    await page.getByRole('heading', { level: 1, name: room }).waitFor();
    await main(page).locator('.lead a').click();
    await page.getByRole('heading', { level: 1, name: /房屋$/ }).waitFor();
    await main(page).locator('td a[href*="/units/"]').first().waitFor();

    await signOut(page);
    await signIn(page, world, '安居物业');
    await visit(page, world, path);
    await page.getByRole('heading', { level: 1, name: room }).waitFor();
    expect(await main(page).innerText()).not.toContain(owner);
    expect(await main(page).innerText()).not.toContain('尾号');
    expect(faults).toEqual([]);
  }, 120_000);

  it('边查边选：查找还没有回来就按回车，选不到上一次查出来的', async () => {
    const { page, faults } = await world.open();
    await signIn(page, world, '安全管理员');
    await visit(page, world, 'people');
    await page.getByRole('button', { name: '新增人员任职' }).click();
    const field = dialog(page).getByLabel('单位');
    await field.click();
    const offered = page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option');
    await offered.first().waitFor();
    let answer = () => {};
    const held = new Promise<void>((go) => {
      answer = go;
    });
    await page.route('**/api/organisations?*', async (route) => {
      await held;
      // What was typed before the last letter is no longer waited for.
      await route.continue().catch(() => {});
    });
    await field.pressSequentially('西山街道办');
    expect(await offered.count()).toBe(0);
    await page.locator('.ant-select-dropdown').getByText('正在查找…').waitFor();
    await page.keyboard.press('Enter');
    expect(await dialog(page).locator('.choice').first().innerText()).not.toMatch(/[局部会委处司]/);
    answer();
    await offered.filter({ hasText: '西山街道办事处' }).waitFor();
    await page.keyboard.press('Enter');
    await dialog(page).locator('.choice').first().getByText('西山街道办事处').waitFor();
    expect(faults).toEqual([]);
  }, 120_000);

  it('增加任职：同一个账号切换身份；离任之后，显示着旧身份的页面什么也办不成；离任的名录里写着凭什么', async () => {
    const { page, faults } = await world.open();
    await signIn(page, world, '东湖街道');
    const security = await world.open();
    await signIn(security.page, world, '安全管理员');
    const mine = `people?search=${encodeURIComponent(await page.locator('.post-switch .person').innerText())}`;
    await visit(security.page, world, mine);
    const name = await page.locator('.post-switch .person').innerText();
    await security.page.getByRole('button', { name: `${name} 增加任职` }).click();
    const form = dialog(security.page);
    await choose(security.page, form.getByLabel('单位'), '西山街道办', '西山街道办事处');
    await choose(security.page, form.getByLabel('职务'), '', '工作人员');
    await form.getByLabel('依据文件').fill('示范区人事〔2026〕7号');
    expect(await looked(security.page, 'add-post')).toEqual([]);
    await confirm(security.page, '增加');
    await main(security.page).getByText('西山街道办事处').waitFor();

    await page.reload();
    await choose(page, page.getByLabel('当前身份'), '', '西山街道办事处 物业专员');
    await page.getByRole('heading', { name: '工作台' }).waitFor();
    for (const name of [/东湖街道办事处/, /西山街道办事处/])
      await main(page).getByRole('heading', { level: 2, name }).waitFor();
    expect(await looked(page, 'two-posts')).toEqual([]);
    await visit(page, world, 'password');

    await security.page
      .getByRole('row')
      .filter({ hasText: '西山街道办事处' })
      .getByRole('button', { name: `${name} 离任` })
      .click();
    await form.getByLabel('理由').fill('调回东湖街道');
    await form.getByLabel('依据文件').fill('示范区人事〔2026〕9号');
    expect(await looked(security.page, 'end-post')).toEqual([]);
    await confirm(security.page, '离任');
    await visit(security.page, world, `${mine}&past=yes`);
    await main(security.page).getByText('示范区人事〔2026〕9号，调回东湖街道').waitFor();
    expect(await looked(security.page, 'ended')).toEqual([]);

    await page.getByLabel('现在的密码').fill('不会用到的密码');
    await page.getByLabel('新密码', { exact: true }).fill('不会用到的新密码');
    await page.getByLabel('再填一次新密码').fill('不会用到的新密码');
    await page.getByRole('button', { name: '修改密码' }).click();
    await page.getByText('您的身份已经变为“东湖街道办事处').waitFor();
    await page.reload();
    await page.locator('.post-switch').getByText('东湖街道办事处').waitFor();
    expect([...faults, ...security.faults]).toEqual([]);
  }, 120_000);

  it('忘记密码：系统管理员重置，说明理由；本人用临时密码登录，看到是谁重置的，设好自己的才进得去', async () => {
    const { page, faults } = await world.open();
    await signIn(page, world, '系统管理员');
    await visit(page, world, `people?search=${encodeURIComponent('春江社区居民委员会')}`);
    const button = page.getByRole('button', { name: / 重置密码$/ }).first();
    const name = (await button.getAttribute('aria-label'))!.slice(0, -5);
    await button.click();
    await dialog(page).getByLabel('理由').fill('忘记密码，已当面核实');
    expect(await looked(page, 'reset')).toEqual([]);
    await dialog(page).getByRole('button', { name: '重置', exact: true }).click();
    const password = await dialog(page).locator('code').innerText();
    const account = await dialog(page).locator('dd').first().innerText();
    expect(await looked(page, 'reset-done')).toEqual([]);
    await confirm(page, '已经记下');
    expect(await page.locator('body').innerText()).not.toContain(password);
    await visit(page, world, 'people?search=系统管理员');
    const own = await page.locator('.post-switch .person').innerText();
    expect(await page.getByRole('button', { name: `${own} 重置密码` }).count()).toBe(0);

    for (const size of [
      { width: 1366, height: 768 },
      { width: 390, height: 800 },
    ]) {
      const who = await world.open(size);
      await signInTo(who.page, world.url, { account, password });
      await who.page.getByText(`${name}，请设置自己的密码`).waitFor();
      await who.page.getByText('理由：忘记密码，已当面核实').waitFor();
      expect(await looked(who.page, `own-password-${size.width}`)).toEqual([]);
      if (size.width === 390) {
        await setOwnPassword(who.page, '春江社区自己的一句话');
        await who.page.locator('.post-switch').getByText(name).waitFor();
      }
      faults.push(...who.faults);
    }
    expect(faults).toEqual([]);
  }, 120_000);

  it('改密码：旧密码填错、两次不一样都说明；改好后旧密码不能登录，新密码可以', async () => {
    const { page, faults } = await world.open();
    const who = world.signIns.find((one) => one.account === '区委组织部')!;
    await signInWith(page, world.url, who);
    await page.getByRole('link', { name: '登录安全' }).click();
    await page.getByRole('link', { name: '修改密码' }).click();
    const fill = async (current: string, next: string, again: string) => {
      await page.getByLabel('现在的密码').fill(current);
      await page.getByLabel('新密码', { exact: true }).fill(next);
      await page.getByLabel('再填一次新密码').fill(again);
      await page.getByRole('button', { name: '修改密码' }).click();
    };
    const next = '春风又绿江南岸明月何时照我还';
    await fill(who.password, next, `${next}了`);
    await page.getByText('两次填写的新密码不一样').waitFor();
    await fill('不是这个密码', '太短', '太短');
    await page.getByText('现在的密码不对').first().waitFor();
    expect(await page.getByRole('alert').last().innerText()).toContain('新密码至少 10 个字');
    await fill(who.password, next, next);
    await page.getByText('密码已修改').waitFor();

    await signOut(page);
    await page.getByLabel('账号').fill(who.account);
    await page.getByLabel('密码', { exact: true }).fill(who.password);
    await page.getByRole('button', { name: '登录' }).click();
    await page.getByText('账号或密码不对').waitFor();
    await signInWith(page, world.url, { account: who.account, password: next });
    expect(await page.locator('.post-switch').innerText()).toContain('组织部');
    expect(faults).toEqual([]);
  }, 120_000);

  it('两处任职的人换一个身份：页首、工作台和菜单都随之改变，重新载入仍是', async () => {
    const { page, faults } = await world.open();
    await signIn(page, world, '苏敏');
    await main(page).getByText('您的 2 个身份').waitFor();
    const shown = page.locator('.post-select');
    const before = await shown.innerText();
    const menu = page.getByRole('navigation', { name: '主菜单' });
    const [office, body] = [/居民委员会/, /业主委员会|业委会/];
    const other = office.test(before) ? body : office;
    await page.getByRole('combobox', { name: '当前身份' }).click();
    await page.locator('.ant-select-item-option', { hasText: other }).click();
    await expect.poll(() => shown.innerText(), { timeout: 30_000 }).toMatch(other);
    await page.reload({ waitUntil: 'networkidle' });
    expect(await shown.innerText()).toMatch(other);
    // An office has the directory of posts; a committee does not.
    expect(await menu.getByText('人员与账号').count()).toBe(other === office ? 1 : 0);
    expect(faults).toEqual([]);
  }, 120_000);
});

describe('企业经理与业主', () => {
  /** Names of estates in a list of them, all pages of which fit on one. */
  async function estatesSeen(page: Page): Promise<string[]> {
    await visit(page, world, 'estates?size=100');
    const links = main(page).locator('tbody a[href*="/estates/"]:not([href*="/units"])');
    await links.first().waitFor();
    return links.allInnerTexts();
  }

  it('各自登录看到自己的待办，只看到自己的小区，别的小区打不开', async () => {
    const office = await world.open();
    await signIn(office.page, world, '区住建局');
    await visit(office.page, world, 'estates?size=100');
    const rows = main(office.page).locator('tbody tr');
    const all = await rows.evaluateAll((list) =>
      list.map((row) => ({
        text: (row as HTMLElement).innerText,
        name: row.querySelector<HTMLAnchorElement>('a[href*="/estates/"]')!.innerText,
        href: row.querySelector<HTMLAnchorElement>('a[href*="/estates/"]')!.getAttribute('href')!,
      })),
    );
    for (const account of ['安居物业', '业主邓小舟']) {
      const { page, faults } = await world.open();
      await signIn(page, world, account);
      await main(page).locator('table').first().waitFor();
      expect(await main(page).locator('tbody a[href*="/duties/"]').count()).toBeGreaterThan(0);

      const seen = await estatesSeen(page);
      expect(seen.length).toBeGreaterThan(0);
      expect(seen.length).toBeLessThan(all.length);
      const company = /安居物业/.test(account);
      for (const name of seen) {
        const known = all.find((one) => one.name === name);
        expect(known, name).toBeDefined();
        if (company) expect(known!.text).toContain('安居');
      }
      if (!company) expect(seen).toHaveLength(1);

      const foreign = all.find((one) => !seen.includes(one.name))!;
      await visit(page, world, foreign.href.replace(/^\/console\//, '').replace(/\?.*/, ''));
      await expect.poll(() => page.title(), { timeout: 30_000 }).toContain('没有打开');
      expect(await main(page).innerText()).not.toContain(foreign.name);
      await visit(page, world, 'erasures');
      await expect.poll(() => page.title()).toContain('没有打开');
      expect(faults).toEqual([]);
    }
    expect(office.faults).toEqual([]);
  }, 180_000);
});
