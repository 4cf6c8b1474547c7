// How an owner comes to an account, pressed for real: letter, counter, voucher, telephone.

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { smsGateway } from '../sms-gateway.ts';
import { looked } from './looked.ts';
import { openWorld, setOwnPassword, signIn, visit, type World } from './world.ts';

let world: World;
let gateway: Awaited<ReturnType<typeof smsGateway>>;
/** The estate whose committee 苏敏 sits on, and the sub-district that sees it. */
let units: string;
beforeAll(async () => {
  gateway = await smsGateway();
  world = await openWorld({ scale: 0.05, named: true, more: async () => ({ sms: gateway.settings }) });
}, 180_000);
afterAll(async () => {
  await world?.close();
  await gateway?.close();
});

const dialog = (page: Page) => page.getByRole('dialog');
const newPassword = '春风又绿江南岸明月何时照我还';

/** Opens the dialog of the nth unit of the list that has an owner without an account. */
async function openUnit(page: Page, nth: number): Promise<void> {
  await visit(page, world, units);
  await page
    .getByRole('button', { name: /业主账号$/ })
    .nth(nth)
    .click();
  await dialog(page)
    .getByRole('button', { name: /出激活信$/ })
    .first()
    .waitFor();
}

async function fillActivation(page: Page, fields: { name: string; account: string }): Promise<void> {
  await page.getByLabel('业主姓名').fill(fields.name);
  await page.getByLabel('给自己起个账号').fill(fields.account);
  await page.getByLabel('设一个密码').fill(newPassword);
  await page.getByLabel('再填一次密码').fill(newPassword);
  await page.getByRole('button', { name: '开通并登录' }).click();
}

describe('没有短信的业主', () => {
  it('苏敏以业委会的身份担保，街道核对后出信；业主扫码开通，地址里不留下码', async () => {
    const committee = await world.open();
    const problems: string[] = [];
    await signIn(committee.page, world, '苏敏');
    await committee.page.getByRole('combobox', { name: '当前身份' }).click();
    await committee.page.locator('.ant-select-item-option', { hasText: /业主委员会|业委会/ }).click();
    await expect.poll(() => committee.page.locator('.post-select').innerText()).toMatch(/业主委员会|业委会/);
    await visit(committee.page, world, 'estates');
    const estate = await committee.page.locator('main a[href*="/estates/"]').first().getAttribute('href');
    units = `${estate!.replace(/^\/console\//, '').replace(/\?.*/, '')}/units?kind=dwelling`;

    const office = await world.open();
    await signIn(office.page, world, '东湖街道');
    await openUnit(office.page, 3);
    const name = (await dialog(office.page)
      .getByRole('button', { name: /出激活信$/ })
      .first()
      .getAttribute('aria-label'))!.slice(1, -4);
    problems.push(...(await looked(office.page, 'owner-accounts')));

    await visit(committee.page, world, units);
    await committee.page
      .getByRole('button', { name: /^担保 / })
      .nth(3)
      .click();
    await dialog(committee.page).getByLabel('业主姓名').fill(name);
    await dialog(committee.page).getByRole('button', { name: '担保', exact: true }).click();
    await dialog(committee.page).waitFor({ state: 'hidden' });
    await committee.page.getByRole('link', { name: '业主担保' }).click();
    await committee.page.getByText('待社区核对').waitFor();
    expect(await committee.page.getByRole('button', { name: /^核对无误/ }).count()).toBe(0);

    await visit(office.page, world, units.replace(/units.*/, 'vouchers'));
    await office.page.getByText('待社区核对').waitFor();
    problems.push(...(await looked(office.page, 'vouchers')));
    await office.page.getByRole('button', { name: /^核对无误/ }).click();
    await office.page.locator('.letter').waitFor();
    problems.push(...(await looked(office.page, 'letter')));
    const code = await office.page.locator('.letter-code').innerText();
    await office.page.emulateMedia({ media: 'print' });
    if (process.env.SHOTS)
      await office.page.screenshot({ path: `${process.env.SHOTS}/letter-print.png`, fullPage: true });
    expect(await office.page.getByRole('button', { name: '打印这封信' }).isVisible()).toBe(false);
    await office.page.emulateMedia({ media: 'screen' });
    expect(await office.page.locator('.letter').innerText()).toContain('演示数据');

    const owner = await world.open({ width: 390, height: 800 });
    const asked: string[] = [];
    owner.page.on('request', (request) => asked.push(request.url()));
    await owner.page.goto(`${world.url}/console/activate#${code}`);
    await expect.poll(() => owner.page.getByLabel('信上的码').inputValue()).toBe(code);
    expect(owner.page.url()).toBe(`${world.url}/console/activate`);
    problems.push(...(await looked(owner.page, 'activate')));
    await fillActivation(owner.page, { name: '不是这个名字', account: '担保开通' });
    await owner.page.getByText('信上的码或姓名不对').waitFor();
    await fillActivation(owner.page, { name, account: '担保开通' });
    await owner.page.locator('.post-switch').waitFor();
    expect(await owner.page.locator('.post-switch').innerText()).toContain('业主');
    expect(asked.filter((url) => url.includes(code))).toEqual([]);

    await visit(committee.page, world, units.replace(/units.*/, 'vouchers'));
    await committee.page.getByText('已核对，激活信已出').waitFor();
    expect([...problems, ...committee.faults, ...office.faults, ...owner.faults]).toEqual([]);
  }, 180_000);

  it('柜台：当面核对后四位，初始密码只显示这一次，业主凭它登录', async () => {
    const { page, faults } = await world.open();
    await signIn(page, world, '东湖街道');
    const problems: string[] = [];
    // Somebody whose telephone is in the register.
    let tail: string | undefined;
    let nth = 4;
    for (; tail === undefined; nth += 1) {
      const [answer] = await Promise.all([
        page.waitForResponse((response) => /\/api\/units\/\d+\/activations$/.test(response.url())),
        openUnit(page, nth),
      ]);
      const { owners } = (await answer.json()) as { owners: { phoneTail: string | null; hasAccount: boolean }[] };
      if (owners.length === 1 && !owners[0]!.hasAccount) tail = owners[0]!.phoneTail ?? undefined;
    }
    await dialog(page)
      .getByRole('button', { name: /柜台开通$/ })
      .click();
    await dialog(page).getByLabel('手机号后四位，或证件号').fill('没有');
    await dialog(page).getByLabel('业主自己起的账号').fill('柜台开通');
    await dialog(page).getByRole('button', { name: '核对并开通' }).click();
    await dialog(page).getByText('与底册不一致').waitFor();
    problems.push(...(await looked(page, 'counter')));
    await dialog(page).getByLabel('手机号后四位，或证件号').fill(tail);
    await dialog(page).getByRole('button', { name: '核对并开通' }).click();
    const password = await dialog(page).locator('.first-password code').innerText();
    await dialog(page).getByRole('button', { name: '已经记下' }).click();

    const owner = await world.open();
    await owner.page.goto(`${world.url}/console/sign-in`);
    await owner.page.getByLabel('账号').fill('柜台开通');
    await owner.page.getByLabel('密码', { exact: true }).fill(password);
    await owner.page.getByRole('button', { name: '登录', exact: true }).click();
    await owner.page.getByText('在窗口开通账号').waitFor();
    await setOwnPassword(owner.page, '业主自己的一句话密码');
    await owner.page.locator('.post-switch').waitFor();
    expect([...problems, ...faults, ...owner.faults]).toEqual([]);
  }, 120_000);
});

describe('手机验证码', () => {
  it('没有登记的号码也是同样的话；验证码不对说明怎么办', async () => {
    const { page, faults } = await world.open({ width: 390, height: 800 });
    await page.goto(`${world.url}/console/sign-in`);
    await page.getByRole('link', { name: '业主从这里登录' }).click();
    await page.getByLabel('手机号').waitFor();
    const problems = await looked(page, 'owner');
    await page.getByLabel('手机号').fill('19900000000');
    await page.getByRole('button', { name: '获取验证码' }).click();
    await page.getByText('如果这个手机号登记在册').waitFor();
    problems.push(...(await looked(page, 'owner-code')));
    await page.getByLabel('短信里的六位数字').fill('123456');
    await page.getByRole('button', { name: '登录', exact: true }).click();
    await page.getByText('验证码不对').waitFor();
    expect(page.url()).not.toContain('199');
    expect([...problems, ...faults]).toEqual([]);
  }, 60_000);
});
