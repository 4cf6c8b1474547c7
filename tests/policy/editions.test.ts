// A campaign ends, and the district sets its next one with a folder of files: the old targets stay as history, the new ones run.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeProblems, loadPolicy } from '../../src/app/policy.ts';
import { localDate } from '../../src/kernel/local-date.ts';
import { readIndicators } from '../../src/oversight/indicators/queries.ts';
import { fixedClock } from '../../src/platform/clock.ts';
import { sql } from '../../src/platform/database.ts';
import { record } from '../../src/platform/journal.ts';
import { addBindings, requirementsInForce } from '../../src/registers/requirements/index.ts';
import { codes, type District, engine, testDistrict, today } from '../district.ts';

const pack = `id: licheng-2026
label: 鲤城区下一轮行动
level: district
under: licheng
status: in-force
rank: policy
from: 2026-01-01
document: { number: 示〔2026〕1号, title: 下一轮实施方案, issuers: [示范区住建局] }
`;
const targets = `coverage.unserved.yearEnd:
  label: 无物业小区服务覆盖率（年底）
  group: coverage
  force: binding
  over: estates
  where: { surveyedUnserved: true }
  counts: { served: true }
  target: { atLeast: 95/100 }
  by: 2026-12-31
  campaign: 2026
  source: { text: 示〔2026〕1号, article: 第二条 }
reports.quarterly.onTime:
  label: 街道季报按期报送率
  group: reports
  force: binding
  over: duties
  of: reports.quarterly
  target: { atLeast: 9/10 }
  standing: true
  source: { text: 示〔2026〕1号, article: 第三条 }
`;

let district: District;
let folder: string;
beforeAll(async () => {
  district = await testDistrict();
  folder = mkdtempSync(join(tmpdir(), 'gongzhi-edition-'));
  mkdirSync(join(folder, 'licheng-2026'));
  writeFileSync(join(folder, 'licheng-2026/pack.yaml'), pack);
  writeFileSync(join(folder, 'licheng-2026/targets.yaml'), targets);
  const loaded = await loadPolicy({ database: district.database, clock: fixedClock(today) }, folder);
  if ('problems' in loaded) throw new Error(describeProblems(loaded.problems));
});
afterAll(async () => {
  await district?.close();
  rmSync(folder, { recursive: true });
});

const change = (work: Parameters<typeof district.database.transaction<void>>[1]) =>
  district.database.transaction(engine, async (tx) => {
    await work(tx);
    await record(tx, {
      chain: `organisation:${district.organisations.bureau}`,
      act: 'tests.bound',
      object: `area:${codes.district}`,
    });
  });
/** The targets of a campaign that apply here on a day: key, campaign, last day, whether it is settled. */
const targetsOn = (day: string) =>
  district.database.transaction({ ...engine, today: day }, async (tx) =>
    (await readIndicators(tx, codes.district, localDate(day)))
      .filter((one) => one.key === 'coverage.unserved.yearEnd')
      .map((one) => [one.campaign, one.by, one.final])
      .sort(),
  );

describe('下一轮行动', () => {
  it('绑定新一版以后：前一轮的目标按它自己的日子结算，留作历史；新一轮照新日子推进', async () => {
    await change((tx) => addBindings(tx, [{ areaCode: codes.district, packId: 'licheng', fromOn: '2024-03-18' }]));
    expect(await targetsOn(today)).toEqual([['2024', '2024-12-31', true]]);
    await change((tx) => addBindings(tx, [{ areaCode: codes.district, packId: 'licheng-2026', fromOn: '2026-01-01' }]));
    expect(await targetsOn(today)).toEqual([
      ['2024', '2024-12-31', true],
      ['2026', '2026-12-31', false],
    ]);
    expect(await targetsOn('2025-06-30')).toEqual([['2024', '2024-12-31', true]]);
  });

  it('没有日子的要求由新一版接替，不必声明', async () => {
    const onTime = await district.database.transaction(engine, async (tx) =>
      (await requirementsInForce(tx, codes.district, today)).filter((one) => one.key === 'reports.quarterly.onTime'),
    );
    expect(onTime.map((one) => one.packId)).toEqual(['licheng-2026']);
  });

  it('绑定终止以后，已经到期的目标仍可查；没有到期的随之停止', async () => {
    await change(async (tx) => {
      await sql`update registers.area_pack set to_on = '2026-06-30' where area_code = ${codes.district}`.execute(tx);
    });
    expect(await targetsOn(today)).toEqual([['2024', '2024-12-31', true]]);
  });
});
