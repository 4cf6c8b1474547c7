// The pictures of the README. `GONGZHI_WRITE_DOCS=1 bin/test tests/browser/screenshots.test.ts` takes them anew, of the whole demo district.

import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorld, signIn, visit, type World } from './world.ts';

const anew = process.env.GONGZHI_WRITE_DOCS === '1';
const folder = anew
  ? join(import.meta.dirname, '../../docs/screenshots')
  : mkdtempSync(join(tmpdir(), 'gongzhi-pictures-'));

let world: World;
beforeAll(async () => {
  world = await openWorld({ scale: anew ? 1 : 0.05 });
}, 240_000);
afterAll(async () => {
  await world?.close();
  if (!anew) rmSync(folder, { recursive: true });
});

const pictures = [
  ['workbench', '', 1366],
  ['cockpit', 'cockpit', 1366],
  ['duties', 'duties?tab=overdue', 1366],
  ['indicators', 'indicators', 1366],
  ['clause', 'clauses/LC-3.3i', 1366],
  ['estates', 'estates', 1366],
  ['import', 'imports/new', 1366],
  ['areas', 'areas', 1366],
  ['workbench', '', 390],
  ['cockpit', 'cockpit', 390],
  ['duties', 'duties?tab=overdue', 390],
  ['clause', 'clauses/LC-3.3i', 390],
  ['import', 'imports/new', 390],
] as const;

describe('说明书里的图', () => {
  it.each([1366, 390])(
    '%d 像素宽：每张都写明演示数据，画面不空',
    async (width) => {
      const { page, faults } = await world.open({ width, height: width === 1366 ? 900 : 844 });
      await signIn(page, world, '区住建局');
      for (const [name, address] of pictures.filter((one) => one[2] === width)) {
        await visit(page, world, address);
        await page.getByText('正在载入').waitFor({ state: 'detached' });
        expect(await page.getByText('演示数据').first().isVisible(), name).toBe(true);
        const path = join(folder, `${name}-${width}.png`);
        await page.screenshot({ path });
        expect(statSync(path).size, name).toBeGreaterThan(15_000);
      }
      expect(faults).toEqual([]);
    },
    120_000,
  );
});
