import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codes, type District, engine, password, testDistrict, today } from '../../../tests/district.ts';
import { type Site, testSite } from '../../../tests/site.ts';
import { sql } from '../../platform/database.ts';
import { record } from '../../platform/journal.ts';
import { routes as people } from '../people/index.ts';
import type { Sheet } from './contract.ts';
import { routes } from './index.ts';
import { refusalsOfConfirming, refusalsOfOpening, type SheetToConfirm, type SurveyToOpen } from './rules.ts';

describe('拒绝的理由一次说全', () => {
  const opened: SurveyToOpen = { dueOn: today, today, area: { name: '东湖街道', estates: 3 }, running: false };
  it.each<[string, Partial<SurveyToOpen>, RegExp[]]>([
    ['今天到期', {}, []],
    ['昨天到期', { dueOn: '2026-11-21' }, [/不能早于今天/]],
    ['不在辖区', { area: undefined }, [/辖区/]],
    ['没有小区', { area: { name: '镜湖社区', estates: 0 } }, [/还没有登记小区/]],
    ['都不行', { dueOn: '2026-11-21', area: undefined, running: true }, [/辖区/, /早于/, /还没有结束/]],
  ])('开始：%s', (_, change, reasons) => {
    const found = refusalsOfOpening({ ...opened, ...change }).map((one) => one.reason);
    expect(found).toHaveLength(reasons.length);
    for (const [at, reason] of reasons.entries()) expect(found[at]).toMatch(reason);
  });

  const asked: SheetToConfirm = { closedOn: null, mark: 'a', estate: { state: 'waiting', mark: 'a', missing: [] } };
  it.each<[string, Partial<SheetToConfirm>, RegExp[]]>([
    ['无变化', {}, []],
    ['核对后又改过的再核对', { estate: { state: 'changed', mark: 'a', missing: [] } }, []],
    ['看不见', { estate: undefined }, [/辖区/]],
    ['已经结束', { closedOn: today }, [/已于 2026-11-22 结束/]],
    [
      '都不行',
      { mark: 'b', estate: { state: 'confirmed', mark: 'a', missing: ['户数'] } },
      [/户数待补/, /刚才改过/, /已经核对过/],
    ],
  ])('核对：%s', (_, change, reasons) => {
    const found = refusalsOfConfirming({ ...asked, ...change }).map((one) => one.reason);
    expect(found).toHaveLength(reasons.length);
    for (const [at, reason] of reasons.entries()) expect(found[at]).toMatch(reason);
  });
});

describe('底数摸排', () => {
  let district: District;
  let site: Site;
  let lin: string;
  let chen: string;
  beforeAll(async () => {
    district = await testDistrict();
    site = await testSite(district, [...people, ...routes]);
    [lin, chen] = (await Promise.all(['区住建局', '东湖街道'].map((name) => site.signIn(name, password)))) as [
      string,
      string,
    ];
  });
  afterAll(async () => {
    await site?.close();
    await district?.close();
  });

  const open = (cookie: string, change: object = {}) =>
    site.post(
      '/api/surveys',
      {
        ...{ title: '户数摸底', basis: '2026 年专项行动', area: codes.district, fields: ['kind', 'households'] },
        dueOn: '2026-12-31',
        ...change,
      },
      cookie,
    );
  const sheets = async (id: number, cookie: string) =>
    ((await site.get(`/api/surveys/${id}/sheets`, cookie)).json() as { rows: Sheet[] }).rows;
  const sheet = async (id: number, name: string, cookie = chen) =>
    (await sheets(id, cookie)).find((one) => one.name === name)!;
  const confirm = (id: number, { estateId, mark }: Sheet, cookie = chen) =>
    site.post(`/api/surveys/${id}/sheets`, { id, estate: estateId, mark }, cookie);
  const change = (what: string) =>
    district.database.transaction(engine, async (tx) => {
      await sql.raw(`update registers.estate set ${what}`).execute(tx);
      await record(tx, {
        chain: `organisation:${district.organisations.bureau}`,
        act: 'tests.changed',
        object: 'tests',
      });
    });
  const progress = async (id: number, cookie = lin) =>
    (
      (await site.get(`/api/surveys/${id}`, cookie)).json() as {
        progress: { areaName: string; total: number; confirmed: number }[];
      }
    ).progress;

  it('区里开始，街道只看得见自己的小区，无变化点一下；改过的要再核对；待补的不能核对；结束后名单不再变', async () => {
    const both = await Promise.all([open(lin), open(lin)]);
    expect(both.map((one) => one.statusCode).sort()).toEqual([200, 422]);
    const { id } = both.find((one) => one.statusCode === 200)!.json() as { id: number };
    expect((await sheets(id, chen)).map((one) => [one.name, one.state])).toEqual([
      ['春江花园', 'waiting'],
      ['老城里', 'missing'],
      ['镜湖苑', 'missing'],
    ]);
    const garden = await sheet(id, '春江花园');
    expect(garden.facts).toEqual([
      { field: 'kind', label: '类型', says: '商品房小区' },
      { field: 'households', label: '户数', says: '6' },
    ]);
    expect(garden.row.split('\n')[1]).toBe('春江花园\t东湖街道\t春江社区\t商品房小区\t6');
    expect((await confirm(id, { ...garden, mark: 'old' })).statusCode).toBe(422);
    expect((await confirm(id, garden)).statusCode).toBe(200);
    expect((await confirm(id, garden)).statusCode).toBe(422);
    expect((await confirm(id, await sheet(id, '老城里'))).statusCode).toBe(422);
    expect((await confirm(id, await sheet(id, '石桥新村', lin))).statusCode).toBe(422);
    expect(await progress(id)).toMatchObject([
      { areaName: '春江社区', total: 2, confirmed: 1 },
      { areaName: '镜湖社区', total: 1, confirmed: 0 },
      { areaName: '石桥社区', total: 1, confirmed: 0 },
    ]);

    await change(`households = 7 where id = ${district.estates.garden}`);
    expect((await sheet(id, '春江花园')).state).toBe('changed');
    expect((await confirm(id, await sheet(id, '春江花园'))).statusCode).toBe(200);

    expect((await site.post(`/api/surveys/${id}/closing`, { note: '摸完了' }, chen)).statusCode).toBe(422);
    const ends = await Promise.all([1, 2].map(() => site.post(`/api/surveys/${id}/closing`, { note: '摸完了' }, lin)));
    expect(ends.map((one) => one.statusCode).sort()).toEqual([200, 422]);
    expect(ends.find((one) => one.statusCode === 200)!.json()).toEqual({ subjects: 4 });
    await change(`households = 8 where id = ${district.estates.garden}`);
    expect(await sheet(id, '春江花园')).toMatchObject({ state: 'confirmed', facts: [{}, { says: '7' }] });
    expect((await sheet(id, '镜湖苑')).state).toBe('unconfirmed');
    expect((await confirm(id, await sheet(id, '春江花园'))).statusCode).toBe(422);
    expect((await site.get(`/api/surveys/${id}/sheets/export`, chen)).statusCode).toBe(200);
    expect((await progress(id, chen)).reduce((sum, one) => sum + one.confirmed, 0)).toBe(1);
  });

  it('街道只能在自己辖区开始；别的街道的看不见', async () => {
    expect((await open(chen)).json()).toMatchObject({ refusals: [{ field: 'area' }] });
    const { id } = (await open(chen, { area: codes.east })).json() as { id: number };
    expect((await site.get(`/api/surveys/${id}`, lin)).statusCode).toBe(200);
    const west = { standing: 'office', lo: '990102002', hi: '990102002:', today } as const;
    const seen = await district.database.transaction(west, (tx) =>
      sql<{ id: number; title: string }>`select id, title from registers.survey`.execute(tx),
    );
    expect(seen.rows.map((one) => one.id)).not.toContain(id);
    expect(seen.rows).toHaveLength(1); // the district's
  });

  it('绕过程序也写不成：结束以后的核对、别的单位的结束，数据库都不收', async () => {
    const { organisations, people: who, posts, estates } = district;
    const east = {
      standing: 'office',
      ...{ lo: '990102001', hi: '990102001:', today, personId: who.chen, postId: posts.chenEast },
      organisationId: organisations.eastOffice,
    } as const;
    const forge = (statement: string) =>
      district.database.transaction(east, async (tx) => {
        await sql.raw(statement).execute(tx);
        await record(tx, { chain: `estate:${estates.garden}`, act: 'tests.forged', object: 'tests' });
      });
    const by = `${organisations.eastOffice}, ${who.chen}, ${posts.chenEast}, '${today}'`;
    const closed = '(select min(survey_id) from registers.survey_closing)';
    await expect(
      forge(`insert into registers.survey_sheet (survey_id, estate_id, scope, facts, organisation_id, person_id, post_id, confirmed_on)
        select ${closed}, id, scope, '{}', ${by} from registers.estate where id = ${estates.garden}`),
    ).rejects.toThrow(/row-level security/);
    const { id } = (await open(lin, { title: '第二次' })).json() as { id: number };
    await expect(
      forge(
        `insert into registers.survey_closing (survey_id, note, organisation_id, person_id, post_id, closed_on) values (${id}, '替它结束', ${by})`,
      ),
    ).rejects.toThrow(/row-level security/);
  });
});
