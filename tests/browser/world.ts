// A whole running deployment for the browser tests: database, packs, demo district on a fixed day, server, worker, Chromium.

import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page, Request } from 'playwright-core';
import { buildWeb } from '../../src/app/build-web.ts';
import { loadDemo, type SignIn } from '../../src/app/demo/index.ts';
import { loadPolicy } from '../../src/app/policy.ts';
import { crontab, tasks } from '../../src/app/routes.ts';
import { startServer } from '../../src/app/server.ts';
import type { Settings } from '../../src/app/settings.ts';
import { openSystem } from '../../src/app/system.ts';
import { localDate } from '../../src/kernel/local-date.ts';
import { fixedClock } from '../../src/platform/clock.ts';
import { sql } from '../../src/platform/database.ts';
import { runWorker } from '../../src/platform/jobs.ts';
import { record } from '../../src/platform/journal.ts';
import type { System } from '../../src/platform/system.ts';
import { codeOf, stepAt } from '../../src/platform/totp.ts';
import { verifyAndKeep } from '../../src/platform/verification.ts';
import { seal } from '../../src/platform/witnessing/index.ts';
import { testDatabase } from '../database.ts';
import { openBrowser } from './browser.ts';

export const today = '2026-11-22';

export interface World {
  url: string;
  signIns: SignIn[];
  browser: Browser;
  /** A page of its own session; every error of the page or of the network is collected. */
  open(size?: { width: number; height: number; touch?: boolean }): Promise<{ page: Page; faults: string[] }>;
  /** What the server runs on, to arrange what took years. */
  system: System;
  /** The database as its owner sees it. */
  adminUrl: string;
  /** One more event in the journal. */
  happen(): Promise<void>;
  /** A checkpoint now, not at the next minute. */
  seal(): Promise<void>;
  /** What the worker does every night. */
  verify(): Promise<void>;
  close(): Promise<void>;
}

/**
 * With `prepare` instead of the demo the deployment is migrated and has packs, and nothing else. `named`: reached as localhost, for what
 * browsers give to a name alone.
 */
export async function openWorld({
  scale = 0.1,
  prepare,
  named = false,
  more = async () => ({}),
}: {
  scale?: number;
  prepare?: (settings: Settings, loginUrl: string) => Promise<void>;
  named?: boolean;
  /** Settings that depend on the address. */
  more?: (publicUrl: string) => Promise<Partial<Settings>>;
} = {}): Promise<World> {
  await buildWeb();
  const place = await testDatabase();
  const dataFolder = mkdtempSync(join(tmpdir(), 'gongzhi-browser-'));
  const port = named ? await freePort() : 0;
  const publicUrl = named ? `http://localhost:${port}` : 'http://127.0.0.1';
  const settings: Settings = {
    host: '127.0.0.1',
    port,
    publicUrl,
    dataFolder,
    trustProxy: false,
    ...(await more(publicUrl)),
  };
  const clock = fixedClock(today);
  const loaded = await openSystem({ loginUrl: place.loginUrl, settings, clock });
  let signIns: SignIn[] = [];
  const policy = await loadPolicy(loaded, undefined);
  if ('problems' in policy) throw new Error(JSON.stringify(policy.problems[0]));
  if (prepare) await prepare(settings, place.loginUrl);
  else signIns = (await loadDemo(loaded, { anchor: localDate(today), seed: 1, scale })).signIns;
  await loaded.database.close();

  const system = await openSystem({ loginUrl: place.loginUrl, settings, clock });
  const workerUrl = new URL(place.loginUrl);
  workerUrl.username = workerUrl.username.replace(/_login$/, '_worker');
  const worker = await runWorker({ url: workerUrl.href, tasks, system, crontab });
  const server = await startServer({ databaseUrl: place.loginUrl, settings, clock });
  const browser = await openBrowser();
  return {
    url: named ? settings.publicUrl : server.url,
    signIns,
    browser,
    system,
    adminUrl: place.adminUrl,
    happen: () =>
      system.database.transaction({ standing: 'engine', today }, async (tx) => {
        const { rows } = await sql<{ id: number }>`select min(id) as id from registers.organisation`.execute(tx);
        await record(tx, { chain: `organisation:${rows[0]!.id}`, act: 'tests.happened', object: 'test:1' });
      }),
    seal: async () => void (await seal(system.database, clock, system.signer)),
    verify: () => verifyAndKeep(system),
    async open({ touch = false, ...size }: Parameters<World['open']>[0] & object = { width: 1366, height: 768 }) {
      const context = await browser.newContext({
        viewport: size,
        hasTouch: touch,
        locale: 'zh-CN',
        timezoneId: 'Asia/Shanghai',
        reducedMotion: 'reduce',
        acceptDownloads: true,
      });
      const page = await context.newPage();
      const faults: string[] = [];
      const asked = new Set<Request>();
      unanswered.set(page, asked);
      page.on('request', (request) => asked.add(request));
      page.on('requestfinished', (request) => asked.delete(request));
      page.on('requestfailed', (request) => asked.delete(request));
      page.on('pageerror', (error) => faults.push(`页面错误：${error.message}`));
      page.on('console', (message) => {
        if (message.type() === 'error' && !/status of 4\d\d/.test(message.text()))
          faults.push(`控制台：${message.text()}`);
      });
      page.on('response', (response) => {
        if (response.status() >= 500) faults.push(`${response.status()} ${response.url()}`);
      });
      return { page, faults };
    },
    async close() {
      await browser.close();
      await worker.stop();
      await server.close();
      await system.database.close();
      await place.drop();
      rmSync(dataFolder, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  listener.close();
  await once(listener, 'close');
  return port;
}

/** Signs in with an account of the demo. */
export async function signIn(page: Page, world: World, account: string): Promise<void> {
  const who = world.signIns.find((one) => one.account === account);
  if (!who) throw new Error(`演示数据里没有账号 ${account}：${world.signIns.map((one) => one.account).join('、')}`);
  await signInWith(page, world.url, who);
}

/** Without the form, which the tests of signing in fill in (`signInTo`). */
export async function signInWith(page: Page, url: string, who: { account: string; password: string }): Promise<void> {
  const answer = await page.request.post(`${url}/api/sign-in`, {
    data: { name: who.account, password: who.password },
    headers: { origin: url },
  });
  if (!answer.ok()) throw new Error(`${who.account} 没有登录：${await answer.text()}`);
  await page.goto(`${url}/console/`);
  await page.locator('h1').first().waitFor();
  await page.locator('input[type=password]').waitFor({ state: 'detached' });
}

/** Gives account and password, and no more. */
export async function signInTo(page: Page, url: string, who: { account: string; password: string }): Promise<void> {
  await page.goto(`${url}/console/`);
  await page.locator('input[type=text]').fill(who.account);
  await page.locator('input[type=password]').fill(who.password);
  await page.keyboard.press('Enter');
}

/** Sets a password of one's own, where the one just given was only lent. */
export async function setOwnPassword(page: Page, next: string): Promise<void> {
  await page.getByLabel('新密码', { exact: true }).fill(next);
  await page.getByLabel('再填一次新密码').fill(next);
  await page.getByRole('button', { name: '设好密码，继续' }).click();
}

/** The code of an authenticator's secret, as the page shows it, on the day of the world; `off` steps later or before. */
export function codeFor(secret: string, off = 0): string {
  const letters = [...secret.replaceAll(' ', '')];
  const bits = letters.map((one) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(one).toString(2).padStart(5, '0'));
  const bytes = bits.join('').match(/.{8}/g)!;
  const key = Buffer.from(bytes.map((eight) => Number.parseInt(eight, 2)));
  return codeOf(key, stepAt(fixedClock(today).now()) + off);
}

/** Signs in somebody whose post demands a second factor and who has none yet; answers the secret and the recovery codes. */
export async function signInFirst(
  page: Page,
  url: string,
  who: { account: string; password: string },
): Promise<{ secret: string; recoveryCodes: string[] }> {
  await page.goto(`${url}/console/`);
  await page.getByLabel('账号').fill(who.account);
  await page.getByLabel('密码', { exact: true }).fill(who.password);
  await page.keyboard.press('Enter');
  return enrolHere(page);
}

/** From the page that shows the QR to the workbench. */
export async function enrolHere(page: Page): Promise<{ secret: string; recoveryCodes: string[] }> {
  const secret = await page.locator('code.secret').innerText();
  await page.getByLabel('应用里现在显示的六位数字').fill(codeFor(secret, -1));
  await page.getByRole('button', { name: '启用' }).click();
  await page.locator('.recovery-codes code').first().waitFor();
  const recoveryCodes = await page.locator('.recovery-codes code').allInnerTexts();
  await page.getByRole('button', { name: '已经记下，进入工作台' }).click();
  await page.locator('.post-switch').waitFor();
  return { secret, recoveryCodes };
}

/** What a page has asked for and not been answered, to say when it does not come to rest. */
const unanswered = new WeakMap<Page, Set<Request>>();

/** Opens an address of the console and waits until nothing is loading any more. */
export async function visit(page: Page, world: Pick<World, 'url'>, address: string): Promise<void> {
  await page.goto(`${world.url}/console/${address}`, { waitUntil: 'networkidle' }).catch((error: Error) => {
    const waiting = [...(unanswered.get(page) ?? [])].map((request) => request.url());
    throw new Error(`${error.message}\n没有答复的请求：${waiting.join('、') || '无'}`);
  });
  await page.locator('h1').first().waitFor();
  // Answered is not yet drawn. Where nothing was answered, a page may say so for ever: that is for the test to see.
  const loading = page.getByText('正在载入').first();
  await loading.waitFor({ state: 'detached', timeout: 10_000 }).catch(() => undefined);
}
