// bin/gongzhi due as somebody types it, on the test district.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codes, type District, testDistrict } from '../../../tests/district.ts';
import { requireHere } from '../../../tests/requirements.ts';

const root = join(import.meta.dirname, '../../..');
let district: District;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gongzhi-due-'));
  district = await testDistrict();
  await requireHere(district);
});
afterAll(async () => {
  await district?.close();
  rmSync(folder, { recursive: true, force: true });
});

function run(...given: string[]) {
  return spawnSync(process.execPath, [join(root, 'src/app/cli.ts'), 'due', ...given], {
    encoding: 'utf8',
    env: {
      PATH: process.env.PATH,
      GONGZHI_DATA: join(folder, 'data'),
      DATABASE_URL: district.database.pool.options.connectionString!,
      DATABASE_ADMIN_URL: district.adminUrl,
    },
  });
}

type Row = { label: string; subject: string; bearer: string | null; standing: string; dueOn: string };
const listed = (...given: string[]) => JSON.parse(run(...given, '--json').stdout) as Row[];

describe('bin/gongzhi due', () => {
  it('一地的：只列那里的，先超期、久的在前；表与 --json 同样多', () => {
    const rows = listed('--area', codes.west);
    expect(rows.length).toBeGreaterThan(3);
    expect(new Set(rows.map((row) => row.standing).filter((one) => one !== 'overdue'))).toEqual(
      rows.some((row) => row.standing === 'due-soon') ? new Set(['due-soon']) : new Set(),
    );
    const overdue = rows.filter((row) => row.standing === 'overdue').map((row) => row.dueOn);
    expect(overdue).toEqual(overdue.toSorted());
    expect(rows.some((row) => row.subject.includes('东湖'))).toBe(false);
    const told = run('--area', codes.west).stdout;
    expect(told).toContain(`共 ${rows.length} 项`);
    expect(told).toContain('2026-01-10  已超期  街道季报  西山街道  西山街道办事处  LC-5.3b');
  }, 240_000);

  it('一个单位的：按编号，或只有它才有的几个字，所列相同', () => {
    const { eastOffice } = district.organisations;
    const rows = listed('--body', String(eastOffice));
    expect(rows.length).toBeGreaterThan(3);
    expect(new Set(rows.map((row) => row.bearer))).toEqual(new Set(['东湖街道办事处']));
    expect(listed('--body', '东湖')).toEqual(rows);
  }, 240_000);

  it('问不清楚时说明该怎么做', () => {
    expect(run('--body', '街道办事处')).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/不止一个单位，请写编号：\n +\d+ {2}东湖街道办事处\n +\d+ {2}西山街道办事处/),
    });
    expect(run('--area', '99')).toMatchObject({ status: 2, stderr: expect.stringContaining('12 位数字') });
  }, 240_000);
});
