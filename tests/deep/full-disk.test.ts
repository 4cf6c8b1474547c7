// The disk under the data folder fills up while people work: nothing acknowledged is lost, what cannot be written is refused with a sentence,
// and when there is room again everything goes on by itself.

import { execFileSync } from 'node:child_process';
import { appendFileSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { expect, it } from 'vitest';
import { prepareDeployment, until } from '../../bench/deployment.ts';
import { brokenChains } from '../traces.ts';

/** Only root may put a small file system under a folder. */
const mayMount = process.getuid?.() === 0;

if (mayMount)
  it('磁盘写满：已确认的不丢，写入被拒绝并说明，腾出空间后自行恢复', async () => {
    const mounted = (folder: string) => {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=600m,mode=0711', 'tmpfs', folder]);
      return () => execFileSync('umount', ['-l', folder]);
    };
    const deployment = await prepareDeployment({ scale: 0.02, mounted });
    const admin = () => new pg.Client({ connectionString: deployment.adminUrl });
    const ballast = join(deployment.folder, 'ballast');
    try {
      await deployment.start();
      const { cookie, url } = deployment;
      const send = async (at: number) => {
        const answer = await fetch(`${url}/api/imports/pasted`, {
          method: 'POST',
          headers: { cookie, origin: url, 'content-type': 'application/json' },
          body: JSON.stringify({ kind: 'estates', text: `小区名称\t地址\n${at}苑\t${'长'.repeat(60_000)}` }),
        }).catch(() => undefined);
        return answer && { status: answer.status, text: await answer.text() };
      };
      const acknowledged: number[] = [];
      const first = await send(0);
      acknowledged.push((JSON.parse(first!.text) as { id: number }).id);
      // The rest of the disk, but for a little.
      const piece = Buffer.alloc(1_000_000);
      const fill = (leave: number) => {
        try {
          for (;;) {
            const { bavail, bsize } = statfsSync(deployment.folder);
            if (bavail * bsize <= leave) return;
            appendFileSync(ballast, piece);
          }
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error; // full to the last byte
        }
      };
      fill(1_500_000);
      const refusals: { status: number; text: string }[] = [];
      let silent = 0;
      for (let at = 1; at < 200 && refusals.length < 5; at += 1) {
        const answer = await send(at);
        if (!answer) silent += 1;
        else if (answer.status === 200) acknowledged.push((JSON.parse(answer.text) as { id: number }).id);
        else refusals.push(answer);
      }
      expect(refusals.map((one) => one.status)).toEqual([503, 503, 503, 503, 503]);
      for (const { text } of refusals) expect(text).toContain('服务器的磁盘已满');
      expect(silent).toBe(0);
      expect((await fetch(`${url}/api/estates?limit=5`, { headers: { cookie } })).status).toBe(200);
      rmSync(ballast);
      await until('腾出空间后没有恢复', async () => (await send(1_000))?.status === 200);

      // Worse: not even the database's own log finds room. It stops, and is started again as soon as there is some.
      fill(0);
      const writer = admin();
      writer.on('error', () => undefined);
      await writer.connect();
      await expect(
        (async () => {
          for (let at = 0; at < 1_000; at += 1)
            await writer.query(`select pg_logical_emit_message(true, 'test', repeat('长', 300000))`);
        })(),
      ).rejects.toThrow();
      await writer.end().catch(() => undefined);
      rmSync(ballast);
      await until('腾出空间后没有恢复', async () => (await send(1_000))?.status === 200);
      const client = admin();
      await client.connect();
      const { rows } = await client.query<{ id: number }>('select id from registers.import_batch where id = any ($1)', [
        acknowledged,
      ]);
      await client.end();
      expect(rows.length).toBe(acknowledged.length);
      expect(await brokenChains(deployment.adminUrl)).toEqual([]);
    } finally {
      rmSync(ballast, { force: true });
      await deployment.close();
    }
  });
else it('磁盘写满须以 root 测试', () => expect(mayMount, '请以 root 运行').toBe(true));
