// A sixth jurisdiction, written in the format of policy/ only, in a folder outside the program.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadPolicy } from '../../src/app/policy.ts';
import { localDate } from '../../src/kernel/local-date.ts';
import { materialiseDuties } from '../../src/oversight/duties/index.ts';
import { fixedClock } from '../../src/platform/clock.ts';
import { sql } from '../../src/platform/database.ts';
import { record } from '../../src/platform/journal.ts';
import { addBindings } from '../../src/registers/requirements/index.ts';
import { codes, type District, engine, testDistrict, today } from '../district.ts';

let district: District;
let folder: string;
const pack = `id: hill-city
label: 第六地示例政策包
level: district
under: national
status: in-force
rank: policy
from: 2026-01-01
document: { number: 示山〔2026〕1号, title: 物业工作月报办法, issuers: [示山市住建局] }
`;
const duty = `reports.monthly:
  label: 街道物业工作月报
  group: reports
  force: binding
  over: subdistricts
  bearer: subdistrict-office
  owedTo: [housing-bureau]
  due: { every: month, month: 1, day: 5, roll: false }
  metBy: filings.filed
  source: { text: 示山〔2026〕1号, article: 第三条 }
reports.monthly.onTime:
  label: 月报按期率
  group: reports
  force: binding
  over: duties
  of: reports.monthly
  target: { atLeast: 90/100 }
  standing: true
  source: { text: 示山〔2026〕1号, article: 第四条 }
`;

beforeAll(async () => {
  district = await testDistrict();
  folder = mkdtempSync(join(tmpdir(), 'gongzhi-sixth-'));
  mkdirSync(join(folder, 'hill-city'));
  writeFileSync(join(folder, 'hill-city/pack.yaml'), pack);
  writeFileSync(join(folder, 'hill-city/reports.yaml'), duty);
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await district.close();
});

const system = () => ({ database: district.database, clock: fixedClock(today) });
const due = () =>
  district.database.transaction(engine, async (tx) => {
    const { rows } = await sql<{ period: string; dueOn: string; standing: string }>`
      select period, due_on as "dueOn", standing from oversight.duty_standing
      where matter = 'reports.monthly' and subject_id = ${codes.east} and due_on <= ${today} order by due_on desc limit 2`.execute(
      tx,
    );
    return rows;
  });

describe('第六个地方：只有 policy 格式的文件', () => {
  it('放进外部文件夹，重新载入并绑定之后，就推算出它的义务', async () => {
    const loaded = await loadPolicy(system(), folder);
    expect('problems' in loaded).toBe(false);
    await district.database.transaction(engine, async (tx) => {
      await addBindings(tx, [{ areaCode: codes.district, packId: 'hill-city', fromOn: '2026-01-01' }]);
      await materialiseDuties(tx, localDate(today));
      await record(tx, {
        chain: `organisation:${district.organisations.bureau}`,
        act: 'tests.bound',
        object: 'pack:hill-city',
      });
    });
    expect(await due()).toEqual([
      { period: '2026-10', dueOn: '2026-11-05', standing: 'overdue' },
      { period: '2026-09', dueOn: '2026-10-05', standing: 'overdue' },
    ]);
  });

  it('改坏之后载入被拒绝，说出文件和行号；原来的照常运行', async () => {
    writeFileSync(join(folder, 'hill-city/reports.yaml'), duty.replace('every: month', 'every: fortnight'));
    const loaded = await loadPolicy(system(), folder);
    if (!('problems' in loaded)) throw new Error('应当有问题');
    expect(loaded.problems.map((one) => [one.file.split('/').at(-1), one.line])).toContainEqual(['reports.yaml', 8]);
    await district.database.transaction(engine, (tx) => materialiseDuties(tx, localDate(today)));
    expect((await due()).length).toBe(2);
  });
});
