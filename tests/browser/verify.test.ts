// The offline page as somebody opens it: from a file, without a network, in Chromium.

import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/platform/database.ts';
import { exportJournal } from '../../src/platform/export-journal.ts';
import { record } from '../../src/platform/journal.ts';
import { testDatabase } from '../database.ts';
import { openBrowser } from './browser.ts';

let browser: Browser;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gongzhi-page-'));
  copyFileSync(join(import.meta.dirname, '../../verify/verify.html'), join(folder, 'verify.html'));
  const place = await testDatabase();
  const database = await openDatabase({ url: place.loginUrl });
  for (const [chain, count] of [
    ['estate:7', 40],
    ['organisation:3', 3],
  ] as const)
    for (let n = 1; n <= count; n += 1)
      await database.transaction({ standing: 'office', today: '2026-11-22', personId: 7 }, (tx) =>
        record(tx, { chain, act: 'a.b', object: `c:${n}`, detail: { 名: `小区${n}` } }),
      );
  const lines: string[] = [];
  await exportJournal(database, { today: '2026-11-22', write: async (line) => void lines.push(line) });
  const text = lines.join('');
  writeFileSync(join(folder, 'whole.ndjson'), text);
  writeFileSync(
    join(folder, 'broken.ndjson'),
    text
      .split('\n')
      .filter((line) => !line.includes('"estate:7","seq":"17"'))
      .join('\n'),
  );
  await database.close();
  await place.drop();
  browser = await openBrowser();
}, 120_000);
afterAll(async () => {
  await browser?.close();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

describe('离线核验网页', () => {
  it.each([
    ['电脑', 1280, 900],
    ['手机', 390, 844],
  ])(
    '%s：选文件，一句话；断开的说出第几条；不联网',
    async (_, width, height) => {
      const context = await browser.newContext({ viewport: { width, height }, offline: true });
      const page = await context.newPage();
      const faults: string[] = [];
      page.on('pageerror', (error) => faults.push(String(error)));
      page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
      page.on('request', (request) => !request.url().startsWith('file:') && faults.push(request.url()));
      await page.goto(pathToFileURL(join(folder, 'verify.html')).href);
      await page.getByLabel('选择文件').setInputFiles(join(folder, 'whole.ndjson'));
      const verdict = page.getByRole('status');
      await verdict.filter({ hasText: '完整：2 条链、43 条留痕，一条不少，一字未改。' }).waitFor();
      expect(await page.locator('#ends tbody tr').count()).toBe(2);
      expect(await page.locator('#ends tbody tr').first().innerText()).toMatch(
        /小区 7\s+40\s+\d{4}年\d+月\d+日.*[0-9a-f]{16}/s,
      );
      await page.evaluate(axe.source);
      const { violations } = await page.evaluate(() => (window as unknown as { axe: typeof axe }).axe.run(document));
      expect(violations.map((one) => one.id)).toEqual([]);
      await page.getByLabel('选择文件').setInputFiles(join(folder, 'broken.ndjson'));
      await verdict.filter({ hasText: '在 小区 7 的第 17 条断开：缺了一条' }).waitFor();
      expect(await page.locator('#verdict').getAttribute('class')).toBe('broken');
      await page
        .getByLabel('选择文件')
        .setInputFiles({ name: 'x.txt', mimeType: 'text/plain', buffer: Buffer.from('你好') });
      await verdict.filter({ hasText: '这不是留痕的导出文件。' }).waitFor();
      // Nothing to be scrolled sideways for, on a telephone either; letters large enough for old eyes.
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
      expect(
        await page.evaluate(() => Number.parseFloat(getComputedStyle(document.body).fontSize)),
      ).toBeGreaterThanOrEqual(20);
      expect(faults).toEqual([]);
      await context.close();
    },
    60_000,
  );
});
