import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codes, type District, password, testDistrict } from '../../../tests/district.ts';
import { type Site, testSite } from '../../../tests/site.ts';
import { routes as people } from '../people/index.ts';
import { routes } from './index.ts';
import { type GroupToAdd, refusalsOfGroup } from './rules.ts';

describe('登记群：拒绝的理由一次说全', () => {
  const asked: GroupToAdd = {
    name: '春江花园业主群',
    estateKnown: true,
    keeper: { name: '安居物业', dissolved: false, concerned: true },
    known: false,
  };
  it.each([
    ['合适', {}, []],
    ['没有小区', { estateKnown: false }, [/没有这个小区/]],
    ['没有单位', { keeper: undefined }, [/没有这个单位/]],
    ['单位已撤销', { keeper: { ...asked.keeper!, dissolved: true } }, [/已经撤销/]],
    ['单位与小区无关', { keeper: { ...asked.keeper!, concerned: false } }, [/不管这个小区/]],
    ['同名', { known: true }, [/同名的群/]],
    ['名称里有六位数字', { name: '群 123456' }, []],
    ['名称里有七位数字', { name: '群 1234567' }, [/不要写电话/]],
    ['几条都不合', { estateKnown: false, known: true, name: '13800000000' }, [/小区/, /同名/, /电话/]],
  ] as const)('%s', (_, change, reasons) => {
    const refusals = refusalsOfGroup({ ...asked, ...change } as GroupToAdd);
    expect(refusals).toHaveLength(reasons.length);
    for (const [at, reason] of reasons.entries()) expect(refusals[at]!.reason).toMatch(reason);
  });
});

describe('群台账', () => {
  let district: District;
  let site: Site;
  let chen: string;
  let zhou: string;
  beforeAll(async () => {
    district = await testDistrict();
    site = await testSite(district, [...people, ...routes]);
    chen = await site.signIn('东湖街道', password);
    zhou = await site.signIn('安居物业', password);
  });
  afterAll(async () => {
    await site.close();
    await district.close();
  });
  const add = (change: object = {}, cookie = chen) =>
    site.post('/api/groups', { estate: district.estates.garden, name: '业主群', kind: 'owners', ...change }, cookie);
  const names = async (query: string, cookie = chen) =>
    ((await site.get(`/api/groups?${query}`, cookie)).json() as { rows: { name: string }[] }).rows.map(
      (one) => one.name,
    );

  it('街道登记群，指明负责的企业；同名的只登记一次，两人同时登记也是', async () => {
    const both = await Promise.all([
      add({ organisation: district.organisations.company }),
      add({ organisation: district.organisations.company }),
    ]);
    expect(both.map((one) => one.statusCode).sort()).toEqual([200, 422]);
    expect(await names(`area=${codes.spring}`)).toEqual(['业主群']);
    expect(await names(`estate=${district.estates.oldTown}`)).toEqual([]);
  });

  it('不管这个小区的企业、辖区外的小区，都不能登记；企业自己不能登记', async () => {
    const other = await add({ name: '群二', organisation: district.organisations.otherCompany });
    expect(other.json()).toMatchObject({ refusals: [{ field: 'organisation' }] });
    expect((await add({ name: '群二', estate: district.estates.bridge })).json()).toMatchObject({
      refusals: [{ field: 'estate' }],
    });
    expect((await add({ name: '群二' }, zhou)).statusCode).toBe(403);
  });

  it('停用要有原因，停用的留在台账里；停用之后可以再建同名的', async () => {
    const { id } = (await add({ name: '旧群', kind: 'building' })).json() as { id: number };
    expect((await site.post(`/api/groups/${id}/closing`, { reason: '群已解散' }, chen)).statusCode).toBe(200);
    expect((await site.post(`/api/groups/${id}/closing`, { reason: '群已解散' }, chen)).statusCode).toBe(422);
    expect(await names('closed=yes')).toEqual(['旧群']);
    expect(await names('')).not.toContain('旧群');
    expect((await add({ name: '旧群', kind: 'building' })).statusCode).toBe(200);
  });

  it('企业看得见所服务小区的群，表里没有人、没有电话的位置', async () => {
    expect(await names('', zhou)).toContain('业主群');
    const { rows } = (await site.get('/api/groups', chen)).json() as { rows: object[] };
    expect(Object.keys(rows[0]!).filter((name) => /member|phone|person|count/i.test(name))).toEqual([]);
  });
});
