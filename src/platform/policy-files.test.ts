import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ownPolicyFolder, policyFolders, readPolicyFolders } from './policy-files.ts';

describe('政策文件夹', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gongzhi-policy-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('任意深度的 YAML 都读到，按路径排序，其余文件不理会', async () => {
    await mkdir(join(folder, 'a/districts/x'), { recursive: true });
    await mkdir(join(folder, 'a/.git'), { recursive: true });
    await writeFile(join(folder, 'a/pack.yaml'), 'id: a\n');
    await writeFile(join(folder, 'a/districts/x/topic.yaml'), 'k: 值\n');
    await writeFile(join(folder, 'a/README.md'), '#\n');
    await writeFile(join(folder, 'a/.git/config.yaml'), 'no\n');
    const files = await readPolicyFolders([`${join(folder, 'a')}/`]);
    expect(files).toEqual([
      { path: `${folder}/a/districts/x/topic.yaml`, text: 'k: 值\n' },
      { path: `${folder}/a/pack.yaml`, text: 'id: a\n' },
    ]);
  });

  it('非 UTF-8 的文件、.yml 文件、不存在的文件夹都说明白', async () => {
    await mkdir(join(folder, 'yml'));
    await writeFile(join(folder, 'yml/pack.yml'), 'id: a\n');
    await expect(readPolicyFolders([join(folder, 'yml')])).rejects.toThrow('请改名');
    await mkdir(join(folder, 'gbk'));
    await writeFile(join(folder, 'gbk/pack.yaml'), Buffer.from([0xc2, 0xcc, 0xb3, 0xc7]));
    await expect(readPolicyFolders([join(folder, 'gbk')])).rejects.toThrow('不是 UTF-8');
    await expect(readPolicyFolders([join(folder, 'nowhere')])).rejects.toThrow('读不到政策文件夹');
  });

  it('POLICY_DIR 加在自带的文件夹之后；自带的文件夹以 policy/ 显示', async () => {
    expect(policyFolders(undefined)).toEqual([ownPolicyFolder]);
    expect(policyFolders('/a:/b')).toEqual([ownPolicyFolder, '/a', '/b']);
    const own = await readPolicyFolders([ownPolicyFolder]);
    expect(own.map((file) => file.path)).toContain('policy/national/pack.yaml');
  });
});
