import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codes, type District, engine, password, testDistrict } from '../../../tests/district.ts';
import { type Site, testSite } from '../../../tests/site.ts';
import { divisionRange } from '../../kernel/identifiers.ts';
import { sql } from '../../platform/database.ts';
import { routes as people } from '../people/index.ts';
import { routes } from './index.ts';
import { refusalsOfView } from './rules.ts';

describe('能存的筛选条件', () => {
  it.each(['', 'area=990102001001&kind=old', 'search=%E6%98%A5%E6%B1%9F', 'company=12345678', 'search=502'])(
    '可以：%s',
    (query) => expect(refusalsOfView(query, 0)).toEqual([]),
  );

  it.each([
    'search=13800000000',
    'search=138+0000+0000',
    'search=138%20-%200000%200000',
    'search=%EF%BC%91%EF%BC%93%EF%BC%98%EF%BC%90%EF%BC%90%EF%BC%90%EF%BC%90%EF%BC%90%EF%BC%90%EF%BC%90%EF%BC%90',
    'text=99010219900101001X',
    'text=%&search=138%200000%200000',
  ])('像电话或证件号的不存：%s', (query) => {
    expect(refusalsOfView(query, 0).map((one) => one.field)).toEqual(['query']);
  });

  it.each([
    [11, 0],
    [12, 1],
  ])('已有别的 %i 个视图：%i 条理由', (others, reasons) => {
    expect(refusalsOfView('', others)).toHaveLength(reasons);
  });
});

describe('列设置和视图', () => {
  let district: District;
  let site: Site;
  const cookies: Record<string, string> = {};
  beforeAll(async () => {
    district = await testDistrict();
    site = await testSite(district, [...people, ...routes]);
    for (const name of ['区住建局', '东湖街道', '安居物业', '业主邓小舟'])
      cookies[name] = await site.signIn(name, password);
  });
  afterAll(async () => {
    await site?.close();
    await district?.close();
  });

  const mine = async (name: string) => (await site.get('/api/lists', cookies[name])).json();
  const keep = (name: string, view: object) => site.post('/api/lists/views', view, cookies[name]);
  const columns = [
    { title: '类型', shown: true },
    { title: '户数', shown: false },
  ];

  it('各存各的：别人看不见，也删不掉；同名再存是改', async () => {
    const layout = { list: '小区', columns, dense: true };
    expect((await site.post('/api/lists/layouts', layout, cookies.区住建局)).statusCode).toBe(200);
    expect((await site.post('/api/lists/layouts', { ...layout, dense: false }, cookies.区住建局)).statusCode).toBe(200);
    const first = await keep('区住建局', { list: '小区', name: '老旧小区', query: 'kind=old' });
    const { id } = first.json();
    expect((await keep('区住建局', { list: '小区', name: '老旧小区', query: 'kind=old&served=no' })).json()).toEqual({
      id,
    });
    expect(await mine('区住建局')).toEqual({
      layouts: [{ ...layout, dense: false }],
      views: [{ id, list: '小区', name: '老旧小区', query: 'kind=old&served=no' }],
    });
    for (const other of ['东湖街道', '安居物业', '业主邓小舟']) {
      expect(await mine(other), other).toEqual({ layouts: [], views: [] });
      expect((await site.post(`/api/lists/views/${id}/removal`, {}, cookies[other])).statusCode, other).toBe(404);
      expect((await keep(other, { list: '小区', name: '老旧小区', query: '' })).statusCode, other).toBe(200);
    }
    expect((await mine('区住建局')).views).toHaveLength(1);
    expect((await site.post(`/api/lists/views/${id}/removal`, {}, cookies.区住建局)).statusCode).toBe(200);
    expect((await mine('区住建局')).views).toEqual([]);
    expect((await mine('东湖街道')).views).toHaveLength(1);
  });

  it('替别人存的行，数据库不收', async () => {
    const { chen, lin } = district.people;
    const as = {
      ...engine,
      standing: 'office',
      personId: lin,
      postId: district.posts.linBureau,
      organisationId: district.organisations.bureau,
      ...divisionRange(codes.district),
    } as const;
    const insert = (person: number) =>
      district.database.transaction(as, (tx) =>
        sql`insert into registers.list_view (person_id, list, name, query) values (${person}, '小区', '别人的', '')`.execute(
          tx,
        ),
      );
    await expect(insert(chen)).rejects.toThrow(/row-level security/);
    await insert(lin);
  });

  it('没有登录的不行；像电话的条件写明理由', async () => {
    expect((await site.get('/api/lists')).statusCode).toBe(401);
    const reply = await keep('东湖街道', { list: '小区', name: '找人', query: 'search=13800000000' });
    expect(reply.statusCode).toBe(422);
    expect(reply.json().refusals[0].reason).toContain('电话');
  });
});
