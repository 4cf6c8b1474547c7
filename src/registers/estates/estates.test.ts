import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codes, type District, engine, testDistrict, today } from '../../../tests/district.ts';
import type { Actor, Transaction } from '../../platform/database.ts';
import { sql } from '../../platform/database.ts';
import { record } from '../../platform/journal.ts';
import { resolvePerson } from '../people/index.ts';
import {
  listCommittees,
  listEstates,
  listOwners,
  listProjects,
  listUnits,
  readCommittee,
  readEstate,
  readProject,
  readUnit,
} from './queries.ts';
import { addEstates, addOwners, addOwnerships, addProjects, addUnits } from './store.ts';

let district: District;
let actors: Record<'bureau' | 'east' | 'west' | 'company' | 'committee' | 'owner', Actor>;
beforeAll(async () => {
  district = await testDistrict();
  // Each actor is what signing in would give, so that the scope tested is the scope that is used.
  const { posts, organisations, people } = district;
  const as = (account: number, post: number) =>
    district.database.transaction(
      { standing: 'door', today },
      async (tx) => (await resolvePerson(tx, account, post))!.actor,
    );
  actors = {
    bureau: await as(district.accounts.lin, posts.linBureau),
    east: await as(district.accounts.chen, posts.chenEast),
    west: {
      standing: 'office',
      lo: '990102002',
      hi: '990102002:',
      personId: people.wu,
      organisationId: organisations.westOffice,
      postId: posts.wuWest,
      today,
    },
    company: await as(district.accounts.zhou, posts.zhouCompany),
    committee: {
      standing: 'body',
      estates: await estatesOf(people.he, district.committee),
      personId: people.he,
      organisationId: district.committee,
      postId: posts.heCommittee,
      today,
    },
    owner: await as(district.accounts.deng, posts.dengOwner),
  };
});
afterAll(() => district?.close());

const estatesOf = (person: number, organisation: number | null) =>
  district.database.transaction({ standing: 'door', today }, async (tx) => {
    const { rows } = await sql<{
      estates: number[];
    }>`select registers.estates_of(${person}, ${organisation}, ${today}::date) as estates`.execute(tx);
    return rows[0]!.estates;
  });

const page = { offset: 0, limit: 50 };
const everyEstate = { ...page, sort: 'area', order: 'asc' } as const;
const run = <T>(actor: Actor, work: (tx: Transaction) => Promise<T>) => district.database.transaction(actor, work);

describe('小区的可见范围', () => {
  it.each([
    ['区住建局看全区', 'bureau', ['春江花园', '老城里', '镜湖苑', '石桥新村']],
    ['东湖街道只看本街道', 'east', ['春江花园', '老城里', '镜湖苑']],
    ['西山街道只看本街道', 'west', ['石桥新村']],
    ['企业只看在服务的小区', 'company', ['春江花园']],
    ['业委会只看本小区', 'committee', ['春江花园']],
    ['业主只看自家小区', 'owner', ['春江花园']],
  ] as const)('%s', async (_, who, names) => {
    const { rows, total } = await run(actors[who], (tx) => listEstates(tx, everyEstate, today));
    expect(rows.map((row) => row.name)).toEqual(names);
    expect(total).toBe(names.length);
  });

  it.each(['office', 'body', 'resident'] as const)('没有设定范围的 %s 什么也看不到', async (standing) => {
    const found = await run({ standing, today }, async (tx) => ({
      estates: (await listEstates(tx, everyEstate, today)).total,
      committees: (await listCommittees(tx, everyEstate, today)).total,
      projects: (await listProjects(tx, everyEstate, today)).total,
      units: (await listUnits(tx, { ...page, id: district.estates.garden }, today)).total,
      owners: (await listOwners(tx, { ...page, estate: district.estates.garden }, today)).total,
    }));
    expect(found).toEqual({ estates: 0, committees: 0, projects: 0, units: 0, owners: 0 });
  });

  it('业主只看到自己的房屋和自己的名字，不给全小区的数', async () => {
    const { units, owners, estate } = await run(actors.owner, async (tx) => ({
      units: await listUnits(tx, { ...page, id: district.estates.garden }, today),
      owners: await listOwners(tx, { ...page, estate: district.estates.garden }, today),
      estate: await readEstate(tx, district.estates.garden, today, false),
    }));
    expect(units.rows.map((unit) => unit.buildingName + unit.name)).toEqual(['1幢101', '2幢车位1']);
    expect(new Set(owners.rows.map((owner) => owner.name))).toEqual(new Set(['邓小舟']));
    expect(estate).toMatchObject({ name: '春江花园', units: null, owners: null });
    expect(estate!.buildings.every((building) => building.units === null)).toBe(true);
  });

  it('企业看得到房屋，看不到业主姓名', async () => {
    const { units, owners } = await run(actors.company, async (tx) => ({
      units: await listUnits(tx, { ...page, id: district.estates.garden }, today),
      owners: await listOwners(tx, { ...page, estate: district.estates.garden }, today),
    }));
    expect(units.total).toBe(4);
    expect(owners.total).toBe(0);
  });

  it('别的街道打不开这个小区', async () => {
    expect(await run(actors.west, (tx) => readEstate(tx, district.estates.garden, today, true))).toBeNull();
    expect(await run(actors.west, (tx) => readCommittee(tx, district.committee, today))).toBeNull();
  });

  it('街道不能在别的街道登记小区', async () => {
    await expect(
      run(actors.west, (tx) => addEstates(tx, [{ communityCode: codes.spring, name: '越界小区', enrolledOn: today }])),
    ).rejects.toThrow('row-level security');
  });
});

describe('小区列表', () => {
  const list = (input: object) => run(actors.bureau, (tx) => listEstates(tx, { ...everyEstate, ...input }, today));

  it('未知是空，不是 0，也不是“没有”', async () => {
    const lakeside = (await list({ search: '镜湖苑' })).rows[0]!;
    expect(lakeside).toMatchObject({
      kind: null,
      households: null,
      floorAreaCentiM2: null,
      served: null,
      hasCommittee: null,
      surveyedUnserved: null,
    });
    const oldTown = (await list({ search: '老城里' })).rows[0]!;
    expect(oldTown).toMatchObject({
      served: false,
      hasCommittee: false,
      hasManagementCommittee: false,
      surveyedUnserved: true,
    });
  });

  it.each([
    [{ served: 'yes' }, ['春江花园']],
    [{ served: 'no' }, ['老城里']],
    [{ served: 'unknown' }, ['镜湖苑', '石桥新村']],
    [{ committee: 'owners' }, ['春江花园']],
    [{ committee: 'none' }, ['老城里']],
    [{ committee: 'unknown' }, ['镜湖苑', '石桥新村']],
    [{ kind: 'unknown' }, ['镜湖苑']],
    [{ kind: 'old' }, ['老城里']],
    [{ area: codes.lake }, ['镜湖苑']],
    [{ search: '石桥' }, ['石桥新村']],
    [{ sort: 'households', order: 'desc', limit: 1 }, ['春江花园']],
    [{ offset: 3 }, ['石桥新村']],
  ])('筛选和排序 %o', async (input, names) => {
    expect((await list(input)).rows.map((row) => row.name)).toEqual(names);
  });

  it('小区页面：楼栋、企业、业委会与成员', async () => {
    const estate = (await run(actors.east, (tx) => readEstate(tx, district.estates.garden, today, true)))!;
    expect(estate.chain.map((area) => area.name)).toEqual(['示范省', '示范市', '示范区', '东湖街道', '春江社区']);
    expect(estate).toMatchObject({
      units: 4,
      owners: 2,
      companyName: '示范安居物业服务有限公司',
      floorAreaCentiM2: '5200005',
      scope: `${codes.spring}0001`,
    });
    expect(estate.buildings).toEqual([
      { id: expect.any(Number), name: '1幢', units: 2, areaCentiM2: '20934' },
      { id: expect.any(Number), name: '2幢', units: 2, areaCentiM2: '7550' },
    ]);
    expect(estate.projects).toMatchObject([{ mode: 'company', managerName: '周启明', inForce: true }]);
    expect(estate.committees[0]).toMatchObject({
      kind: 'owners',
      members: 5,
      partyMembers: 3,
      inTerm: true,
      roll: [{ name: '何文静', title: 'director' }, { name: '邓小舟' }],
    });
  });

  it('已经退场的企业不算在服务', async () => {
    const { rows } = await run(actors.bureau, (tx) => listProjects(tx, { ...everyEstate, inForce: 'no' }, today));
    expect(rows).toMatchObject([{ estateName: '石桥新村', endedOn: '2025-12-31', inForce: false }]);
  });

  it('业主名单只有电话尾号', async () => {
    const { rows } = await run(actors.east, (tx) =>
      listOwners(tx, { ...page, estate: district.estates.garden, search: '2222' }, today),
    );
    expect(rows.map((row) => [row.name, row.phoneTail, row.unitName])).toEqual([
      ['邓小舟', '2222', '101'],
      ['邓小舟', '2222', '车位1'],
    ]);
    expect(JSON.stringify(rows)).not.toContain('1391111');
  });

  it('房屋、业主的总数与所列一致：不筛选、只看一栋、查找都是', async () => {
    const { garden } = district.estates;
    const counted = await run(actors.bureau, async (tx) => {
      const [first] = (await listUnits(tx, { ...page, id: garden }, today)).rows;
      const building = first!.buildingId;
      const lists = [];
      for (const asked of [{}, { building }, { search: '101' }, { building, search: '101' }]) {
        const units = await listUnits(tx, { ...page, id: garden, ...asked }, today);
        const owners = await listOwners(tx, { ...page, estate: garden, ...asked }, today);
        lists.push([units.total, units.rows.length, owners.total, owners.rows.length]);
      }
      return lists;
    });
    expect(counted).toEqual([
      [4, 4, 3, 3],
      [2, 2, 2, 2],
      [2, 2, 1, 1],
      [1, 1, 1, 1],
    ]);
  });
});

/** By the engine, with the trace that every change must leave. */
const recorded = <T>(work: (tx: Transaction) => Promise<T>) =>
  run(engine, async (tx) => {
    const result = await work(tx);
    await record(tx, { chain: `organisation:${district.organisations.bureau}`, act: 'tests.added', object: 'estate' });
    return result;
  });

describe('一个物业项目', () => {
  let ids: { first: number; now: number; next: number; bridge: number };
  beforeAll(async () => {
    const { estates, organisations } = district;
    const now = await run(actors.bureau, (tx) => listProjects(tx, { ...everyEstate, estate: estates.garden }, today));
    const bridge = await run(actors.bureau, (tx) =>
      listProjects(tx, { ...everyEstate, estate: estates.bridge }, today),
    );
    const [first, next] = await recorded((tx) =>
      addProjects(tx, [
        {
          estateId: estates.garden,
          mode: 'company',
          companyId: organisations.otherCompany,
          startedOn: '2019-01-01',
          endedOn: '2024-01-01',
        },
        { estateId: estates.garden, mode: 'self-management', startedOn: '2027-01-01' },
      ]),
    );
    ids = { first: first!, now: now.rows[0]!.id, next: next!, bridge: bridge.rows[0]!.id };
  });

  it('谁在服务，之前和之后是谁，从近到远；没有开始的和已经结束的都不算在管', async () => {
    const found = (await run(actors.bureau, (tx) => readProject(tx, ids.now, today)))!;
    expect(found).toMatchObject({
      estateName: '春江花园',
      companyName: '示范安居物业服务有限公司',
      managerName: '周启明',
      supervised: true,
      startedOn: '2024-01-01',
      endedOn: null,
      inForce: true,
      instructors: [{ name: '苏敏', dispatchedBy: null, fromOn: '2025-03-01', toOn: null }],
    });
    expect(found.others.map((one) => [one.id, one.startedOn, one.endedOn, one.inForce])).toEqual([
      [ids.next, '2027-01-01', null, false],
      [ids.first, '2019-01-01', '2024-01-01', false],
    ]);
    const earlier = (await run(actors.bureau, (tx) => readProject(tx, ids.first, today)))!;
    expect(earlier).toMatchObject({ companyName: '示范宜家物业服务有限公司', inForce: false, instructors: [] });
    expect(earlier.others.map((one) => one.id)).toEqual([ids.next, ids.now]);
  });

  it.each([
    ['东湖街道', 'east', true, false],
    ['西山街道', 'west', false, true],
    ['在服务的企业', 'company', true, false],
    ['业委会', 'committee', true, false],
    ['业主', 'owner', true, false],
  ] as const)('%s：辖区内的、自己小区的打得开，别处的和没有的一样', async (_, who, garden, bridge) => {
    const opened = await run(actors[who], async (tx) => ({
      garden: (await readProject(tx, ids.now, today)) !== null,
      bridge: (await readProject(tx, ids.bridge, today)) !== null,
      none: await readProject(tx, 999_999, today),
    }));
    expect(opened).toEqual({ garden, bridge, none: null });
  });

  it('党建指导员和企业页面一样：街道和企业看得到，业主看不到', async () => {
    const named = async (who: keyof typeof actors) =>
      (await run(actors[who], (tx) => readProject(tx, ids.now, today)))!.instructors.map((one) => one.name);
    expect(await named('east')).toEqual(['苏敏']);
    expect(await named('company')).toEqual(['苏敏']);
    expect(await named('committee')).toEqual([]);
    expect(await named('owner')).toEqual([]);
  });

  it('已经退场的企业，原来的项目也打不开', async () => {
    const organisationId = district.organisations.otherCompany;
    const estates = await estatesOf(district.people.wu, organisationId);
    const left: Actor = { ...actors.company, organisationId, estates };
    expect(await run(left, (tx) => readProject(tx, ids.first, today))).toBeNull();
  });
});

describe('一套房屋', () => {
  /** 2幢101: once 邓小舟's, now 沈一鸣's, sold to 何文静 as of a day to come. */
  let unitId: number;
  beforeAll(async () => {
    unitId = district.units[2]!;
    await recorded(async (tx) => {
      await addOwners(tx, district.sealing, [{ unitId, name: '沈一鸣', phone: '13977778888', fromOn: '2015-06-30' }]);
      await addOwnerships(tx, [
        { unitId, personId: district.people.deng, fromOn: '2010-03-01', toOn: '2015-06-30' },
        { unitId, personId: district.people.he, fromOn: '2027-01-01' },
      ]);
    });
  });
  const open = (who: keyof typeof actors, id = unitId) =>
    run(actors[who], (tx) => readUnit(tx, id, today, actors[who].standing));

  it('是哪个小区哪一栋的、多大、什么用途；产权从近到远，从前的写明止于哪天，电话只有现在的业主的尾号', async () => {
    const found = await open('bureau');
    expect(found).toEqual({
      id: unitId,
      estateId: district.estates.garden,
      estateName: '春江花园',
      buildingId: expect.any(Number),
      buildingName: '2幢',
      name: '101',
      kind: 'dwelling',
      areaCentiM2: '7550',
      owners: 1,
      ownerships: [
        {
          personId: district.people.he,
          name: '何文静',
          current: false,
          phoneTail: null,
          fromOn: '2027-01-01',
          toOn: null,
        },
        {
          personId: expect.any(Number),
          name: '沈一鸣',
          current: true,
          phoneTail: '8888',
          fromOn: '2015-06-30',
          toOn: null,
        },
        {
          personId: district.people.deng,
          name: '邓小舟',
          current: false,
          phoneTail: null,
          fromOn: '2010-03-01',
          toOn: '2015-06-30',
        },
      ],
    });
    expect(await open('east')).toEqual(found);
    expect(JSON.stringify(found)).not.toContain('1397777');
  });

  it('电话尾号和业主名单上的一样：名单上没有的，这里也没有', async () => {
    const { rows } = await run(actors.east, (tx) =>
      listOwners(tx, { ...page, estate: district.estates.garden }, today),
    );
    for (const id of district.units) {
      const shown = (await open('east', id))!.ownerships!.filter((one) => one.phoneTail !== null);
      expect(shown.map((one) => [one.personId, one.phoneTail])).toEqual(
        rows.filter((one) => one.unitId === id).map((one) => [one.personId, one.phoneTail]),
      );
    }
  });

  it('企业和业委会看得到房屋，看不到业主，哪怕业委会主任自己就是业主', async () => {
    for (const who of ['company', 'committee'] as const)
      for (const id of [unitId, district.units[1]!])
        expect(await open(who, id), who).toMatchObject({ estateName: '春江花园', owners: 1, ownerships: null });
  });

  it('业主打得开自己的，别人的和没有的一样；卖掉的，只看到自己那一段', async () => {
    expect(await open('owner', district.units[0])).toMatchObject({
      name: '101',
      ownerships: [{ name: '邓小舟', current: true, phoneTail: '2222', fromOn: '2018-05-01' }],
    });
    expect(await open('owner', district.units[1])).toBeNull();
    expect(await open('owner', 999_999)).toBeNull();
    expect((await open('owner'))!.ownerships).toMatchObject([
      { name: '邓小舟', current: false, phoneTail: null, toOn: '2015-06-30' },
    ]);
  });

  it('别的街道、不在这里服务的企业打不开', async () => {
    expect(await open('west')).toBeNull();
    const { rows } = await run(actors.west, (tx) => listUnits(tx, { ...page, id: district.estates.bridge }, today));
    expect(await open('west', rows[0]!.id)).toMatchObject({ estateName: '石桥新村', ownerships: [{ name: '罗平' }] });
    expect(await open('company', rows[0]!.id)).toBeNull();
    expect(await open('owner', rows[0]!.id)).toBeNull();
  });
});

describe('批量登记', () => {
  it('小区序号接着社区最大的往下编，两次同时登记也不重复', async () => {
    const names = (prefix: string) =>
      Array.from({ length: 5 }, (_, index) => ({
        communityCode: codes.lake,
        name: `${prefix}${index}`,
        enrolledOn: today,
      }));
    const [one, two] = await Promise.all([
      recorded((tx) => addEstates(tx, names('甲'))),
      recorded((tx) => addEstates(tx, names('乙'))),
    ]);
    const serials = [...one, ...two].map((estate) => Number(estate.scope.slice(12))).sort((a, b) => a - b);
    expect(serials).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect(one.map((estate) => estate.id)).toEqual([...one.map((estate) => estate.id)].sort((a, b) => a - b));
  });

  it('没有留痕的登记不能提交', async () => {
    await expect(
      run(engine, (tx) => addEstates(tx, [{ communityCode: codes.lake, name: '无痕', enrolledOn: today }])),
    ).rejects.toThrow('没有留痕');
  });

  it('同名同电话是一个人，同名不同电话是两个人，没有电话的各是各', async () => {
    const counts = await recorded(async (tx) => {
      const units = await addUnits(
        tx,
        district.estates.lakeside,
        ['1', '2', '3', '4', '5', '6'].map((name) => ({ building: '甲座', name })),
      );
      const people = await addOwners(tx, district.sealing, [
        { unitId: units[0]!, name: '方圆', phone: '13700000001' },
        { unitId: units[1]!, name: '方圆', phone: '13700000001' },
        { unitId: units[2]!, name: '方圆', phone: '13700000002' },
        { unitId: units[3]!, name: '方圆' },
        { unitId: units[4]!, name: '方圆' },
        { unitId: units[5]!, name: '邓小舟', phone: '13911112222' },
      ]);
      return people;
    });
    expect(counts[0]).toBe(counts[1]);
    expect(new Set(counts).size).toBe(5);
    expect(counts[5]).toBe(district.people.deng);
  });

  it('电话加密保存，库中没有明文', async () => {
    const found = await run(
      engine,
      async (tx) =>
        (
          await sql<{ row: string; sealed: Buffer; subject: string }>`
      select person::text as row, phone_sealed as sealed, subject from registers.person where id = ${district.people.chen}`.execute(
            tx,
          )
        ).rows[0]!,
    );
    expect(found.row).not.toContain('13900000001');
    const opened = run(actors.east, (tx) =>
      district.sealing.open(tx, { ...found, field: 'phone' }, { kind: 'browsing', reason: '测试' }),
    );
    expect(await opened).toBe('13900000001');
  });

  it('房屋归到不存在的小区时整批拒绝', async () => {
    await expect(run(engine, (tx) => addUnits(tx, 999_999, [{ building: '1幢', name: '101' }]))).rejects.toThrow(
      'null value',
    );
  });
});
