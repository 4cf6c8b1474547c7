// The browser as a witness: it remembers the last checkpoint, and says so when what it saw is no longer there.

import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/platform/clock.ts';
import { openWorld, signIn, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld({ scale: 0.02 });
  await world.seal();
}, 180_000);
afterAll(() => world?.close());

const place = 'gongzhi-seen-checkpoint';

describe('浏览器记得上次见到的检查点', () => {
  it('平时看不见它；记录变少时整页上方说明，并给出可抄录的凭据；签署恢复声明后改为提醒核对', async () => {
    const { page, faults } = await world.open();
    await signIn(page, world, '区住建局');
    await expect
      .poll(() => page.evaluate((key) => localStorage.getItem(key), place), { timeout: 30_000 })
      .not.toBeNull();
    const first = JSON.parse((await page.evaluate((key) => localStorage.getItem(key), place))!) as { size: number };

    await world.happen();
    await world.seal();
    await page.reload({ waitUntil: 'networkidle' });
    await expect
      .poll(() => page.evaluate((key) => JSON.parse(localStorage.getItem(key)!).size, place), { timeout: 30_000 })
      .toBeGreaterThan(first.size);
    expect(await page.locator('.seen-mark').count()).toBe(0);

    // Whoever owns the database takes the last event back and seals the tree anew.
    const seen = await page.evaluate((key) => localStorage.getItem(key)!, place);
    const admin = new pg.Client({ connectionString: world.adminUrl });
    await admin.connect();
    await admin.query(
      `delete from platform.journal j using platform.journal_head h where h.chain = j.chain and j.act = 'tests.happened'`,
    );
    await admin.query(`update platform.journal_head h set seq = h.seq - 1, hash = coalesce((select hash from platform.journal j where j.chain = h.chain and j.seq = h.seq - 1), h.hash)
      where not exists (select from platform.journal j where j.chain = h.chain and j.seq = h.seq)`);
    await admin.query(
      'truncate platform.tree_leaf, platform.tree_node, platform.sealed_head, platform.cosignature, platform.checkpoint',
    );
    await world.seal();
    await page.reload({ waitUntil: 'networkidle' });
    await page.getByText('系统里的记录与您上次看到的不一致').waitFor();
    expect(await page.locator('.seen-mark').innerText()).toContain(String(JSON.parse(seen).size));
    // What was seen stays until somebody has explained it.
    expect(await page.evaluate((key) => localStorage.getItem(key), place)).toBe(seen);

    await admin.query(
      `insert into platform.restoration (found_at, size, resolved_at, resolved_by, statement) values ($1, 1, $1, 'recovery', $2)`,
      [systemClock.now(), `${JSON.parse(seen).origin}/recovery\nkept 1\nlost unknown\n`],
    );
    await admin.end();
    await page.reload({ waitUntil: 'networkidle' });
    await page.getByText('系统曾从备份恢复').waitFor();
    await page.reload({ waitUntil: 'networkidle' });
    await page.locator('h1').first().waitFor();
    expect(await page.getByText('系统曾从备份恢复').count()).toBe(0);
    expect(faults).toEqual([]);
  }, 120_000);
});
