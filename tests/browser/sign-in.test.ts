// How people come in, pressed for real: a real deployment, whose district officers and administrators give more than a password.

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { foundDeployment } from '../../src/app/found.ts';
import { openSystem } from '../../src/app/system.ts';
import { fixedClock } from '../../src/platform/clock.ts';
import { type TestProvider, testProvider } from '../provider.ts';
import { looked } from './looked.ts';
import { codeFor, enrolHere, openWorld, today, visit, type World } from './world.ts';

let world: World;
let provider: TestProvider;
let first: { account: string; password: string };
/** Recovery codes of the first account, for those who come after it. */
let codes: string[] = [];
beforeAll(async () => {
  world = await openWorld({
    named: true,
    more: async (publicUrl) => {
      provider = await testProvider(`${publicUrl}/console/sign-in`);
      return { identityProvider: { ...provider, label: '统一身份认证' } };
    },
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
      first = founded.accounts.find((one) => /安全/.test(one.account))!;
    },
  });
}, 180_000);
afterAll(async () => {
  await world?.close();
  await provider?.close();
});

async function password(page: Page): Promise<void> {
  await page.goto(`${world.url}/console/`);
  await page.getByLabel('账号').fill(first.account);
  await page.getByLabel('密码', { exact: true }).fill(first.password);
  await page.getByRole('button', { name: '登录', exact: true }).click();
}

describe('二次验证', () => {
  it('第一次登录先启用动态口令；以后填验证码，用过的不认，恢复码也行；能看见并结束别处的登录', async () => {
    const { page, faults } = await world.open();
    const problems: string[] = [];
    await page.goto(`${world.url}/console/`);
    await page.getByLabel('账号').waitFor();
    problems.push(...(await looked(page, 'door')));
    await password(page);
    await page.getByText('请先启用动态口令').waitFor();
    await page.getByText('密钥').first().waitFor();
    problems.push(...(await looked(page, 'enrolment')));
    // Nothing else opens, also not by its address.
    await page.goto(`${world.url}/console/people`);
    await page.getByText('请先启用动态口令').waitFor();
    await page.getByLabel('应用里现在显示的六位数字').fill('000000');
    await page.getByRole('button', { name: '启用' }).click();
    await page.getByText('验证码不对').waitFor();
    const { secret, recoveryCodes } = await enrolHere(page);
    expect(recoveryCodes).toHaveLength(10);
    codes = recoveryCodes.slice(1);

    const second = await world.open();
    await password(second.page);
    await second.page.getByText('还差一个验证码').waitFor();
    problems.push(...(await looked(second.page, 'second-step')));
    const give = async (code: string) => {
      await second.page.getByLabel('验证器应用里的六位数字').fill(code);
      await second.page.getByRole('button', { name: '登录', exact: true }).click();
    };
    await give(codeFor(secret, -1));
    await second.page.getByText('已经用过').waitFor();
    await give(codeFor(secret));
    await second.page.locator('.post-switch').waitFor();

    const third = await world.open({ width: 390, height: 800 });
    await password(third.page);
    await third.page.getByLabel('验证器应用里的六位数字').fill(recoveryCodes[0]!);
    await third.page.getByRole('button', { name: '登录', exact: true }).click();
    await third.page.locator('.post-switch').waitFor();

    await visit(page, world, 'security');
    await page.getByText('恢复码还剩 9 个').waitFor();
    problems.push(...(await looked(page, 'security')));
    expect(await page.locator('.rows li').count()).toBe(3);
    await page.getByRole('button', { name: '退出其他地方' }).click();
    await expect.poll(() => page.locator('.rows li').count()).toBe(1);
    await third.page.reload();
    await third.page.getByLabel('账号').waitFor();
    expect([...problems, ...faults, ...second.faults, ...third.faults]).toEqual([]);
  }, 180_000);
});

describe('通行密钥', () => {
  it('添加、不填账号登录、改名、删除：用浏览器的虚拟设备', async () => {
    const { page, faults } = await world.open();
    const devices = await page.context().newCDPSession(page);
    await devices.send('WebAuthn.enable');
    const { authenticatorId } = await devices.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    await password(page);
    await page.getByLabel('验证器应用里的六位数字').fill(codes.pop()!);
    await page.getByRole('button', { name: '登录', exact: true }).click();
    await page.locator('.post-switch').waitFor();
    await visit(page, world, 'security');
    await page.getByRole('button', { name: '添加', exact: true }).click();
    await page.getByLabel('给这个通行密钥取个名').fill('办公电脑');
    await page.getByRole('button', { name: '添加通行密钥' }).click();
    await page.getByText('还没有用过').waitFor();
    const { credentials } = await devices.send('WebAuthn.getCredentials', { authenticatorId });
    expect(credentials).toEqual([expect.objectContaining({ rpId: 'localhost', isResidentCredential: true })]);

    await page.getByRole('button', { name: '退出', exact: true }).first().click();
    await page.getByRole('button', { name: '用通行密钥登录' }).click();
    await page.locator('.post-switch').waitFor();

    await visit(page, world, 'security');
    await page.getByText('最近使用').first().waitFor();
    const problems = await looked(page, 'passkeys');
    await page.getByRole('button', { name: '给办公电脑改名' }).click();
    await page.getByRole('dialog').getByLabel('名称').fill('新电脑');
    await page.getByRole('dialog').getByRole('button', { name: '改名', exact: true }).click();
    await page.getByRole('button', { name: '删除新电脑' }).click();
    await page.getByRole('button', { name: '删除新电脑' }).waitFor({ state: 'detached' });

    // The device still has its half; the site knows it no more, and says so.
    await page.getByRole('button', { name: '退出', exact: true }).first().click();
    await page.getByRole('button', { name: '用通行密钥登录' }).click();
    await page.getByText('不认识这个通行密钥').waitFor();

    // A device that cannot tell who presses it signs nothing.
    await devices.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false });
    await page.getByRole('button', { name: '用通行密钥登录' }).click();
    await page.getByText('没有完成').waitFor();
    expect([...problems, ...faults]).toEqual([]);
  }, 120_000);
});

describe('统一身份认证', () => {
  it('没有绑定的说明怎么办；登录后绑定，以后点一下就进来；地址里不留下回答', async () => {
    const { page, faults } = await world.open();
    provider.is('employee-0815', ['pwd', 'mfa']);
    await page.goto(`${world.url}/console/`);
    await page.getByRole('button', { name: '用统一身份认证登录' }).click();
    await page.getByText('还没有绑定账号').waitFor();
    expect(page.url()).toBe(`${world.url}/console/sign-in`);
    const problems = await looked(page, 'unbound');
    await page.getByRole('button', { name: '回到登录' }).click();
    await page.getByLabel('账号').fill(first.account);
    await page.getByLabel('密码', { exact: true }).fill(first.password);
    await page.getByRole('button', { name: '登录', exact: true }).click();
    await page.getByLabel('验证器应用里的六位数字').fill(codes.pop()!);
    await page.getByRole('button', { name: '登录', exact: true }).click();
    await page.locator('.post-switch').waitFor();
    await visit(page, world, 'security');
    await page.getByRole('button', { name: '绑定统一身份认证' }).click();
    await page.getByText('已绑定，可以用统一身份认证登录').waitFor();
    await page.getByRole('button', { name: '退出', exact: true }).first().click();
    await page.getByRole('button', { name: '用统一身份认证登录' }).click();
    await page.locator('.post-switch').waitFor();
    await visit(page, world, 'people');
    await page.getByRole('button', { name: '首任安全管理员的登录方式' }).click();
    const ways = page.getByRole('dialog');
    await ways.getByLabel('理由').fill('手机遗失');
    await ways.getByRole('button', { name: '清除', exact: true }).click();
    await ways.getByText('不能清除自己的二次验证').waitFor();
    problems.push(...(await looked(page, 'ways')));
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: '退出', exact: true }).first().click();
    await page.getByLabel('账号').waitFor();
    await page.goto(`${world.url}/console/people`);
    await page.getByLabel('账号').waitFor();
    expect([...problems, ...faults]).toEqual([]);
  }, 120_000);
});
