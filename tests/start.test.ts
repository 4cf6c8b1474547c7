// What bin/start must not start on, done to the real program: each is refused, with a sentence that says what to do, and nothing is changed.

import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Deployment, ended, freePort, prepareDeployment, startProgram } from '../bench/deployment.ts';
import { type TestDatabase, testDatabase } from './database.ts';

let deployment: Deployment;
let place: TestDatabase;
let folder: string;
beforeAll(async () => {
  deployment = await prepareDeployment({ scale: 0.02 });
  place = await testDatabase();
  folder = mkdtempSync(join(tmpdir(), 'gongzhi-start-'));
});
afterAll(async () => {
  await deployment?.close();
  await place?.drop();
  rmSync(folder, { recursive: true, force: true });
});

/** Starts with these settings, waits for the end, and gives the exit code and what was printed. */
async function refused(settings: Record<string, string>): Promise<{ code: number | null; said: string }> {
  const program = startProgram({ PORT: String(await freePort()), ...settings });
  const code = await ended(program.process);
  const said = program.output();
  expect(said).not.toMatch(/\n\s+at |\.ts:\d|node:internal/);
  return { code, said };
}

describe('不能启动的情形，都说明怎么办', () => {
  it('密钥文件换成了别的、丢了：不启动，不另建；换回原来的照常启动', async () => {
    const file = join(deployment.folder, 'keys', 'master.key');
    renameSync(file, `${file}.kept`);
    const missing = await refused({ GONGZHI_DATA: deployment.folder });
    expect(missing.code).toBe(1);
    expect(missing.said).toMatch(/找不到密钥文件[\s\S]*请从备份恢复该文件，或用 GONGZHI_KEY_FILE 指明位置/);
    expect(existsSync(file)).toBe(false);
    writeFileSync(file, `${'ab'.repeat(32)}\n`, { mode: 0o600 });
    const wrong = await refused({ GONGZHI_DATA: deployment.folder });
    expect(wrong.code).toBe(1);
    expect(wrong.said).toMatch(/不是这个数据库的[\s\S]*请换回原来的密钥文件/);
    expect(readFileSync(file, 'utf8')).toBe(`${'ab'.repeat(32)}\n`);
    renameSync(`${file}.kept`, file);
    const program = await deployment.start();
    expect(await ended(program.process, 'SIGTERM')).toBe(0);
  });

  it('已有一个在运行：说出它的地址，退出码 3；第一个不受影响', async () => {
    const first = await deployment.start();
    const second = await refused({ GONGZHI_DATA: deployment.folder });
    expect(second.code).toBe(3);
    expect(second.said).toContain(`地址 ${deployment.url}`);
    expect(second.said).toContain('请直接打开该地址');
    expect((await fetch(`${deployment.url}/health`)).status).toBe(200);
    expect(await ended(first.process, 'SIGTERM')).toBe(0);
  });

  it('端口已被占用：请换一个', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(deployment.port, '127.0.0.1', resolve));
    const { code, said } = await refused({ GONGZHI_DATA: deployment.folder, PORT: String(deployment.port) });
    taken.close();
    expect(code).toBe(1);
    expect(said).toContain('端口已被占用：请用 PORT 换一个端口');
  });

  it('数据文件夹不能写入：说出是哪一个，怎么换', async () => {
    const file = join(folder, 'a-file');
    writeFileSync(file, '');
    const { code, said } = await refused({ GONGZHI_DATA: join(file, 'data') });
    expect(code).toBe(1);
    expect(said).toContain(`不能写入数据文件夹 ${join(file, 'data')}`);
    expect(said).toContain('用 GONGZHI_DATA 指定另一个文件夹');
  });

  it('数据库连不上：说出是哪一项设置', async () => {
    const nowhere = `postgres://gongzhi_login:x@127.0.0.1:${await freePort()}/gongzhi`;
    for (const [name, settings] of [
      ['DATABASE_URL', {}],
      ['DATABASE_ADMIN_URL', { DATABASE_ADMIN_URL: nowhere }],
    ] as const) {
      const { code, said } = await refused({ GONGZHI_DATA: folder, DATABASE_URL: nowhere, ...settings });
      expect(code).toBe(2);
      expect(said).toContain(`连不上 ${name} 所指的数据库`);
      expect(said).toContain('请检查地址、用户和口令');
    }
  });

  it('登录角色是超级用户：不启动，说出该用哪个角色', async () => {
    const alone = await refused({ GONGZHI_DATA: folder, DATABASE_URL: place.adminUrl });
    expect(alone.code).toBe(1);
    expect(alone.said).toMatch(/登录角色 \w+ 是超级用户；请让 DATABASE_URL 使用迁移时建立的 …_login 角色/);
    const both = await refused({
      GONGZHI_DATA: folder,
      DATABASE_URL: place.adminUrl,
      DATABASE_ADMIN_URL: place.adminUrl,
    });
    expect(both.code).toBe(2);
    expect(both.said).toMatch(/DATABASE_URL 的用户应为 \w+_login/);
  });
});
