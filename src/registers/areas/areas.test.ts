import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codes, type District, testDistrict, today } from '../../../tests/district.ts';
import { sql } from '../../platform/database.ts';
import type { Person } from '../../platform/http.ts';
import { resolvePerson } from '../people/index.ts';
import { addArea, enrolArea, setTrial } from './commands.ts';
import { listAreas, readArea } from './queries.ts';
import { refusalsOfNewArea, refusalsOfTrial } from './rules.ts';

let district: District;
let lin: Person;
let chen: Person;
let zhou: Person;
beforeAll(async () => {
  district = await testDistrict();
  const as = (account: number) =>
    district.database.transaction({ standing: 'door', today }, async (tx) => (await resolvePerson(tx, account, null))!);
  [lin, chen, zhou] = [
    await as(district.accounts.lin),
    await as(district.accounts.chen),
    await as(district.accounts.zhou),
  ];
});
afterAll(() => district?.close());

const page = { offset: 0, limit: 500 };

describe('区划树', () => {
  it.each([
    [
      '区级看全区及其上级',
      () => lin,
      ['示范省', '示范市', '示范区', '东湖街道', '春江社区', '镜湖社区', '西山街道', '石桥社区'],
    ],
    ['街道看本街道及其上级', () => chen, ['示范省', '示范市', '示范区', '东湖街道', '春江社区', '镜湖社区']],
    ['企业看所服务小区的社区及其上级', () => zhou, ['示范省', '示范市', '示范区', '东湖街道', '春江社区']],
  ])('%s', async (_, who, names) => {
    const { rows, total } = await district.database.transaction(who().actor, (tx) => listAreas(tx, page));
    expect(rows.map((row) => row.name)).toEqual(names);
    expect(total).toBe(names.length);
  });

  it('一个区划：上级链、下级和小区数', async () => {
    const area = (await district.database.transaction(lin.actor, (tx) => readArea(tx, codes.east)))!;
    expect(area).toMatchObject({
      name: '东湖街道',
      level: 'subdistrict',
      parentName: '示范区',
      children: 2,
      estates: 3,
      inTrial: false,
    });
    expect(area.chain.map((one) => one.name)).toEqual(['示范省', '示范市', '示范区', '东湖街道']);
    expect(area.below.map((one) => [one.name, one.estates])).toEqual([
      ['春江社区', 2],
      ['镜湖社区', 1],
    ]);
    expect(await district.database.transaction(lin.actor, (tx) => readArea(tx, '990102009000'))).toBeNull();
  });
});

describe('新增区划', () => {
  const parent = { code: codes.east, level: 'subdistrict', name: '东湖街道', childNames: ['春江社区'] } as const;
  it.each([
    ['990102001009', '新湾社区', parent, false, []],
    ['990102001009', '春江社区', parent, false, ['东湖街道下已有“春江社区”']],
    ['990102001009', '新湾社区', parent, true, ['区划代码 990102001009 已经登记']],
    ['990102002009', '新湾社区', parent, false, ['代码 990102002009 不在东湖街道（990102001000）的代码段内']],
    [codes.east, '新湾社区', parent, false, ['代码 990102001000 不在东湖街道（990102001000）的代码段内']],
    ['990102001009', '新湾社区', null, false, ['没有代码为 990102001000 的上级区划']],
  ] as const)('%s %s', (code, name, above, taken, reasons) => {
    expect(refusalsOfNewArea({ code, name, parentCode: codes.east }, above, taken).map((one) => one.reason)).toEqual(
      reasons,
    );
  });

  it('区级可以新增并留痕；街道不可以', async () => {
    const input = {
      code: '990102001009',
      name: '新湾社区',
      parentCode: codes.east,
      provisional: true,
      demonstrationZone: false,
      enrolledOn: today,
    };
    expect(await district.database.transaction(chen.actor, (tx) => addArea(tx, chen, input))).toMatchObject({
      allowed: false,
      status: 403,
    });
    expect(await district.database.transaction(lin.actor, (tx) => addArea(tx, lin, input))).toEqual({
      code: input.code,
    });
    expect(await journalOf('area:990102001009')).toEqual(['areas.added']);
  });
});

describe('纳入日期与试运行', () => {
  it('连同下级：社区、单位和小区一并设定', async () => {
    const changed = await district.database.transaction(lin.actor, (tx) =>
      enrolArea(tx, lin, { code: codes.west, on: '2026-10-01', below: true, reason: '分批推开' }),
    );
    expect(changed).toEqual({ areas: 2, organisations: 2, estates: 1 });
    const bridge = await district.database.transaction(
      lin.actor,
      async (tx) =>
        (
          await sql<{
            on: string;
          }>`select enrolled_on as on from registers.estate where id = ${district.estates.bridge}`.execute(tx)
        ).rows,
    );
    expect(bridge).toEqual([{ on: '2026-10-01' }]);
    expect(await journalOf(`area:${codes.west}`)).toContain('areas.enrolled');
  });

  it('街道进入试运行，再结束', async () => {
    const set = (until: string | null) =>
      district.database.transaction(lin.actor, (tx) => setTrial(tx, lin, { code: codes.east, until }, today));
    expect(await set('2027-03-31')).toEqual({ code: codes.east, trialUntil: '2027-03-31' });
    const area = await district.database.transaction(lin.actor, (tx) => readArea(tx, codes.east));
    expect(area).toMatchObject({ trialUntil: '2027-03-31', inTrial: true });
    expect(await set(null)).toEqual({ code: codes.east, trialUntil: null });
  });

  it.each([
    ['subdistrict', today, []],
    ['subdistrict', null, []],
    ['subdistrict', '2026-11-21', ['试运行截止日不能早于今天；要结束试运行，请清空日期']],
    ['community', today, ['试运行按街道（乡镇）设定，某地不是街道（乡镇）']],
  ] as const)('%s 试运行到 %s', (level, until, reasons) => {
    expect(refusalsOfTrial({ level, name: '某地' }, until, today).map((one) => one.reason)).toEqual(reasons);
  });

  it('辖区外的区划当作没有', async () => {
    const outside = { ...lin, actor: { ...lin.actor, lo: '990103', hi: '990103:' } };
    expect(
      await district.database.transaction(outside.actor, (tx) =>
        setTrial(tx, outside, { code: codes.east, until: null }, today),
      ),
    ).toMatchObject({ allowed: false, status: 404 });
  });
});

function journalOf(object: string): Promise<string[]> {
  return district.database.transaction({ standing: 'auditor', today }, async (tx) =>
    (
      await sql<{ act: string }>`select act from platform.journal where object = ${object} order by seq`.execute(tx)
    ).rows.map((row) => row.act),
  );
}
