import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codes, type District, testDistrict, today } from '../../../tests/district.ts';
import type { Transaction } from '../../platform/database.ts';
import type { Person, Refused } from '../../platform/http.ts';
import { serviceModes as estatesModes } from '../estates/index.ts';
import { resolvePerson } from '../people/index.ts';
import { addEntry, changeEntry, closeEntry, correctEntry } from './commands.ts';
import { type Entry, type EntryKind, entryContracts, entryKinds, serviceModes } from './contract.ts';
import { listEntries, readCounts, readEntry } from './queries.ts';
import { circleOf, periodsMeet, refusalsOfEstates, refusalsOfValues } from './rules.ts';

const kindOf = (code: string): EntryKind => entryKinds.find((one) => one.code === code)!;

describe('时段与层级', () => {
  const period = (text: string) => {
    const [fromOn, toOn] = text.split('/').map((day) => (day === '' ? null : `2026-${day}`));
    return { fromOn: fromOn!, toOn: toOn! };
  };
  it.each([
    ['01-01/02-01', '02-01/03-01', false],
    ['01-01/02-02', '02-01/03-01', true],
    ['/02-01', '02-01/', false],
    ['/02-02', '02-01/', true],
    ['/', '05-01/05-02', true],
    ['05-01/05-01', '/', false],
  ])('%s 与 %s 同时：%s', (a, b, answer) => {
    expect(periodsMeet(period(a), period(b))).toBe(answer);
    expect(periodsMeet(period(b), period(a))).toBe(answer);
  });

  const rank = (superior: number, subordinate: number, text = '/') => ({ superior, subordinate, ...period(text) });
  it.each([
    ['自己成了自己的上级：直接', [rank(2, 1)], rank(1, 2), [1, 2]],
    ['自己成了自己的上级：隔一层', [rank(3, 1), rank(2, 3)], rank(1, 2), [1, 3, 2]],
    ['自己成了自己的上级：几个上级中的一个', [rank(4, 1), rank(2, 1), rank(5, 4)], rank(1, 2), [1, 2]],
    ['自己成了自己的上级：不在一个时候', [rank(2, 1, '01-01/02-01')], rank(1, 2, '02-01/'), null],
    ['自己成了自己的上级：链条上没有一天全都在', [rank(3, 1, '01-01/02-01'), rank(2, 3, '03-01/')], rank(1, 2), null],
    ['自己成了自己的上级：没有关系', [rank(3, 1)], rank(1, 2), null],
  ])('%s', (_, ranks, added, way) => {
    expect(circleOf(ranks, added)).toEqual(way);
  });

  it.each([
    ['cameras', { name: '南门', deviceCode: 'rtsp://1.2.3.4/a' }, ['deviceCode']],
    ['cameras', { name: '南门 192.168.1.20', deviceCode: 'C-1' }, ['name']],
    ['cameras', { name: '南门', deviceCode: '35050200001320000001' }, []],
    ['grid-workers', { worktime: 'full', source: 'volunteer' }, ['source']],
    ['grid-workers', { worktime: 'part', source: 'volunteer' }, []],
    ['organisation-relations', { superior: 3, subordinate: 3 }, ['subordinate']],
  ])('%s %o：问题在 %o', (code, values, fields) => {
    expect(refusalsOfValues(code, values).map((one) => one.field)).toEqual(fields);
  });

  it.each([
    ['面积刚好', 10_000n, 1, []],
    ['面积少一点，小区够数', 9_999n, 1, ['floorAreaCentiM2']],
    ['面积待补，小区不够数', null, 3, ['estates']],
    ['面积少一点，小区也不够数', 9_999n, 3, ['estates', 'floorAreaCentiM2']],
  ])('%s', (_, floorAreaCentiM2, least, fields) => {
    const estates = [
      { name: '甲', within: true, floorAreaCentiM2: 6_000n },
      { name: '乙', within: true, floorAreaCentiM2: 4_000n },
    ];
    const about = { least, label: '小区', areaName: '社区', floorAreaCentiM2 };
    expect(refusalsOfEstates(estates, about).map((one) => one.field)).toEqual(fields);
  });

  it('服务方式与小区的一致', () => {
    expect(serviceModes).toEqual(estatesModes);
  });
});

describe('底册的登记', () => {
  let district: District;
  let lin: Person;
  let chen: Person;
  let zhou: Person;
  let deng: Person;
  beforeAll(async () => {
    district = await testDistrict();
    const as = (account: number) =>
      district.database.transaction(
        { standing: 'door', today },
        async (tx) => (await resolvePerson(tx, account, null))!,
      );
    const { accounts } = district;
    [lin, chen, zhou, deng] = [
      await as(accounts.lin),
      await as(accounts.chen),
      await as(accounts.zhou),
      await as(accounts.deng),
    ];
  });
  afterAll(() => district?.close());

  const act = <T>(person: Person, work: (tx: Transaction) => Promise<T>) =>
    district.database.transaction(person.actor, work);
  const add = (person: Person, code: string, input: object) => {
    const read = entryContracts[code]!.add.input.parse(input);
    return act(person, (tx) => addEntry(tx, person, kindOf(code), read));
  };
  const made = async (answer: Promise<{ id: number } | Refused>) => {
    const got = await answer;
    if ('allowed' in got) throw new Error(JSON.stringify(got));
    return got.id;
  };
  const fieldsRefused = async (answer: Promise<{ id: number } | Refused>) => {
    const got = await answer;
    return 'allowed' in got ? got.refusals.map((one) => one.field ?? one.reason) : [];
  };
  const list = (person: Person, code: string, input: object = {}) =>
    act(person, (tx) => listEntries(tx, kindOf(code), entryContracts[code]!.list.input.parse(input), today));
  const titles = async (person: Person, code: string, input: object = {}) =>
    ((await list(person, code, input)).rows as Entry[]).map((one) => one.title);

  it('一台电梯：登记、变更、更正、终止，每一段都在历史里', async () => {
    const { garden } = district.estates;
    const kind = kindOf('common-parts');
    const contracts = entryContracts[kind.code]!;
    const lift = {
      estate: garden,
      name: '1幢1号电梯',
      class: 'lift',
      state: 'sound',
      responsible: district.organisations.company,
      fromOn: '2020-05-01',
    };
    const first = await made(add(chen, 'common-parts', lift));
    const change = (input: object) =>
      act(chen, (tx) =>
        changeEntry(tx, chen, kind, contracts.change.input.parse({ ...lift, ...input }) as { id: number }),
      );
    expect(await fieldsRefused(change({ id: first, fromOn: '2020-05-01' }))).toEqual(['fromOn']);
    const second = await made(change({ id: first, state: 'stopped', fromOn: '2026-03-01', document: '停用通知' }));
    expect(await fieldsRefused(change({ id: first, fromOn: '2026-04-01' }))).toContain('fromOn');
    const correct = (input: object) =>
      act(chen, (tx) =>
        correctEntry(
          tx,
          chen,
          kind,
          contracts.correct.input.parse({ ...lift, ...input, reason: '当时填错了' }) as never,
        ),
      );
    expect(await fieldsRefused(correct({ id: second, fromOn: '2026-02-01' }))).toEqual(['fromOn']);
    await made(correct({ id: second, state: 'faulty', fromOn: '2026-03-01' }));
    await made(
      act(chen, (tx) => closeEntry(tx, chen, kind, { id: second, toOn: '2026-10-01', reason: '电梯拆除更换' })),
    );
    const shown = await act(chen, (tx) => readEntry(tx, kind, first, today));
    expect(
      (shown!.history as unknown as Entry[]).map((one) => [one.fromOn, one.toOn, one.phase, one.state, one.endReason]),
    ).toEqual([
      ['2026-03-01', '2026-10-01', 'over', 'faulty', '电梯拆除更换'],
      ['2020-05-01', '2026-03-01', 'over', 'sound', null],
    ]);
    expect(shown).toMatchObject({ title: '1幢1号电梯', estate: { name: '春江花园' }, areaName: '春江社区' });
    expect(await titles(chen, 'common-parts')).toEqual([]);
    expect(await titles(chen, 'common-parts', { phase: 'over' })).toEqual(['1幢1号电梯', '1幢1号电梯']);
    // As it was then: the day it began counts, the day it ended does not.
    const statesOn = async (on: string, phase = 'in-force') =>
      ((await list(chen, 'common-parts', { on, phase })).rows as Entry[]).map((one) => [one.state, one.phase]);
    expect(await statesOn('2020-04-30')).toEqual([]);
    expect(await statesOn('2020-05-01')).toEqual([['sound', 'in-force']]);
    expect(await statesOn('2026-02-28')).toEqual([['sound', 'in-force']]);
    expect(await statesOn('2026-03-01')).toEqual([['faulty', 'in-force']]);
    expect(await statesOn('2026-10-01')).toEqual([]);
    expect(await statesOn('2026-01-01', 'coming')).toEqual([['faulty', 'coming']]);
  });

  it('同名的同一项，同一时候只有一个；前后相接可以', async () => {
    const { garden } = district.estates;
    await made(
      add(chen, 'cameras', {
        estate: garden,
        name: '北门',
        retentionDays: 30,
        fromOn: '2024-01-01',
        toOn: '2025-01-01',
      }),
    );
    expect(await fieldsRefused(add(chen, 'cameras', { estate: garden, name: '北门', fromOn: '2024-12-31' }))).toEqual([
      'fromOn',
    ]);
    expect(
      await fieldsRefused(
        add(chen, 'cameras', { estate: garden, name: '北门', fromOn: '2026-01-01', toOn: '2026-01-01' }),
      ),
    ).toEqual(['toOn']);
    await made(add(chen, 'cameras', { estate: garden, name: '北门', fromOn: '2025-01-01', connected: false }));
    expect((await list(chen, 'cameras')).rows).toMatchObject([{ name: '北门', connected: false, retentionDays: null }]);
  });

  it('几个上级：党委领导、社区领导、母公司垂直，各是各的；绕回自己的不收', async () => {
    const { bureau, company, eastOffice, springCommittee } = district.organisations;
    const relate = (superior: number, kind: string, subordinate: number, given: object = {}) =>
      add(lin, 'organisation-relations', { superior, kind, subordinate, fromOn: '2025-01-01', ...given });
    await made(relate(bureau, 'manages', eastOffice));
    await made(relate(eastOffice, 'leads', springCommittee));
    await made(relate(springCommittee, 'leads', company, { document: '示范〔2025〕1号' }));
    await made(relate(bureau, 'vertical', company));
    const circle = await relate(company, 'leads', bureau);
    expect('allowed' in circle && circle.refusals[0]!.reason).toMatch(/成了自己的上级.*示范安居物业服务有限公司/);
    expect(await fieldsRefused(relate(company, 'leads', bureau))).toEqual(['superior']);
    await made(relate(company, 'guides', bureau)); // guiding is no rank
    await made(relate(company, 'leads', bureau, { fromOn: '2023-01-01', toOn: '2025-01-01' })); // when it was not yet so
    expect(await fieldsRefused(relate(springCommittee, 'leads', company))).toEqual(['fromOn']);
    expect(await fieldsRefused(relate(company, 'leads', company))).toEqual(['subordinate']);
    expect(await titles(chen, 'organisation-relations', { search: '示范安居' })).toHaveLength(3);
    const { rows } = await list(lin, 'organisation-relations', { kind: 'vertical' });
    const read = entryContracts['organisation-relations']!.correct.input.parse({
      ...{
        id: rows[0]!.id,
        superior: eastOffice,
        subordinate: company,
        kind: 'vertical',
        fromOn: '2025-01-01',
        reason: '上级填错了',
      },
    });
    expect(
      await fieldsRefused(act(lin, (tx) => correctEntry(tx, lin, kindOf('organisation-relations'), read as never))),
    ).toContain('superior');
  });

  it('管理区域：面积要对得上，小区要在其内；打包至少两个', async () => {
    const { garden, oldTown, bridge } = district.estates;
    const { bureau } = district.organisations;
    const area = { area: codes.spring, name: '春江花园物业管理区域', decidedBy: bureau, estates: [garden] };
    expect(await fieldsRefused(add(lin, 'management-areas', { ...area, floorAreaCentiM2: '5200004' }))).toEqual([
      'floorAreaCentiM2',
    ]);
    expect(await fieldsRefused(add(lin, 'management-areas', { ...area, estates: [bridge] }))).toEqual(['estates']);
    expect(await fieldsRefused(add(lin, 'management-areas', { ...area, estates: [] }))).toEqual(['estates']);
    expect(await fieldsRefused(add(lin, 'management-areas', { ...area, area: codes.east }))).toHaveLength(1);
    await made(add(lin, 'management-areas', { ...area, floorAreaCentiM2: '5200005' }));
    expect(await fieldsRefused(add(lin, 'bundles', { area: codes.east, name: '一片', estates: [garden] }))).toEqual([
      'estates',
    ]);
    const bundle = await made(
      add(lin, 'bundles', { area: codes.east, name: '一片', mode: 'company', estates: [garden, oldTown] }),
    );
    expect(await act(lin, (tx) => readEntry(tx, kindOf('bundles'), bundle, today))).toMatchObject({
      estates: [{ name: '春江花园' }, { name: '老城里' }],
    });
  });

  it('网格员要在社区的网格里；楼栋要在小区里；街道办不了别处的', async () => {
    const grid = await made(add(chen, 'grids', { area: codes.spring, name: '第一网格' }));
    const worker = { area: codes.spring, name: '林小梅', grid, worktime: 'part', source: 'building-head' };
    await made(add(chen, 'grid-workers', worker));
    expect(await fieldsRefused(add(chen, 'grid-workers', { ...worker, area: codes.lake }))).toEqual(['grid']);
    expect((await list(chen, 'grid-workers')).rows).toMatchObject([
      { grid: { name: '第一网格' }, areaName: '春江社区' },
    ]);
    const { bridge, garden } = district.estates;
    const rows = await act(lin, (tx) =>
      tx.selectFrom('registers.building').select(['id', 'estate_id']).orderBy('id').execute(),
    );
    const inside = rows.find((one) => one.estate_id === garden)!.id;
    expect(
      await fieldsRefused(add(lin, 'building-heads', { estate: bridge, name: '陈秀英', building: inside })),
    ).toEqual(['building']);
    expect(await fieldsRefused(add(chen, 'cameras', { estate: bridge, name: '东门' }))).toEqual([
      '没有这个小区或这项登记，或不在您的辖区内',
    ]);
  });

  it('企业看得到服务的小区的，业主看得到自己小区的，网格和楼栋长只给机关看', async () => {
    expect(await titles(zhou, 'cameras')).toEqual(['北门']);
    expect(await titles(deng, 'bundles')).toEqual(['一片']);
    expect(await titles(deng, 'grids')).toEqual([]);
    const counted = await act(zhou, (tx) => readCounts(tx, { estate: district.estates.garden }, entryKinds, today));
    expect(Object.fromEntries(counted.items.map((one) => [one.code, one.total]))).toMatchObject({
      cameras: 1,
      bundles: 1,
    });
  });

  it.each([
    [
      '库里也不收：同一项的两段重叠',
      `update registers.camera set from_on = '2024-06-01' where from_on = '2025-01-01'`,
      /camera_once/,
    ],
    ['库里也不收：监控里写了取流地址', `update registers.camera set device_code = 'rtsp://10.0.0.1/live'`, /no_stream/],
    ['库里也不收：专职写了兼职来源', `update registers.grid_worker set worktime = 'full'`, /source_of_part_time/],
    ['库里也不收：止不晚于起', `update registers.grid set from_on = '2026-02-01', to_on = '2026-01-01'`, /grid_period/],
    [
      '库里也不收：单位绕回自己',
      `update registers.organisation_relation set kind = 'dual' where kind = 'guides'`,
      /成了自己的上级/,
    ],
    [
      '库里也不收：别的小区的楼栋',
      `update registers.common_part set building_id = (select max(id) from registers.building)`,
      /building_id/,
    ],
  ])('%s', async (_, statement, fault) => {
    const client = new pg.Client({ connectionString: district.adminUrl });
    await client.connect();
    try {
      await client.query('begin');
      await expect(client.query(statement)).rejects.toThrow(fault);
    } finally {
      await client.query('rollback');
      await client.end();
    }
  });
});
