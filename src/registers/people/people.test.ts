import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codes, type District, engine, password, testDistrict, today } from '../../../tests/district.ts';
import { fixedClock } from '../../platform/clock.ts';
import { sql } from '../../platform/database.ts';
import { openFileStore } from '../../platform/files.ts';
import { buildServer } from '../../platform/http.ts';
import { jobs } from '../../platform/jobs.ts';
import { record } from '../../platform/journal.ts';
import { keysFrom } from '../../platform/keys.ts';
import { readWorkbook } from '../../platform/spreadsheets/index.ts';
import { routes as areaRoutes } from '../areas/index.ts';
import { routes as estateRoutes } from '../estates/index.ts';
import { routes as organisationRoutes } from '../organisations/index.ts';
import { routes as requirementRoutes } from '../requirements/index.ts';
import { resolvePerson, routes } from './index.ts';
import { standingOf, titleOf } from './rules.ts';
import { addAccount, addPeople, addPosts } from './store.ts';

let district: District;
let server: FastifyInstance;
let folder: string;
beforeAll(async () => {
  district = await testDistrict();
  folder = await mkdtemp(join(tmpdir(), 'gongzhi-people-'));
  server = await buildServer({
    system: {
      database: district.database,
      clock: fixedClock(today),
      files: openFileStore({ folder, keys: keysFrom(Buffer.alloc(32, 7)) }),
      sealing: district.sealing,
      signer: district.signer,
      jobs,
      demo: true,
      publicUrl: 'http://127.0.0.1:8080',
    },
    routes: [...routes, ...areaRoutes, ...organisationRoutes, ...estateRoutes, ...requirementRoutes],
    resolvePerson,
  });
});
afterAll(async () => {
  await server?.close();
  await district?.close();
  if (folder) await rm(folder, { recursive: true });
});

const post = (url: string, payload: object, cookie?: string) =>
  server.inject({
    method: 'POST',
    url,
    payload,
    headers: { origin: 'http://127.0.0.1:8080', ...(cookie && { cookie }) },
  });
const get = (url: string, cookie?: string) =>
  server.inject({ method: 'GET', url, headers: { ...(cookie && { cookie }) } });

async function signedIn(name: string): Promise<string> {
  const reply = await post('/api/sign-in', { name, password });
  expect(reply.statusCode).toBe(200);
  return String(reply.headers['set-cookie']).split(';')[0]!;
}

describe('登录与身份', () => {
  it('登录后知道我是谁、以何身份、在哪个部署；退出后不再知道', async () => {
    const cookie = await signedIn('区住建局');
    const me = (await get('/api/me', cookie)).json();
    expect(me).toMatchObject({
      name: '林海',
      post: { title: '局长', organisationName: '示范区住房和城乡建设局', level: 'district', areaCode: codes.district },
      deployment: { today },
    });
    expect((await post('/api/sign-out', {}, cookie)).statusCode).toBe(200);
    expect((await get('/api/me', cookie)).statusCode).toBe(401);
  });

  it('密码不对与没有这个账号，回答一样', async () => {
    const wrong = await post('/api/sign-in', { name: '区住建局', password: '不是这个密码' });
    const nobody = await post('/api/sign-in', { name: '没有此人', password: '不是这个密码' });
    expect([wrong.statusCode, nobody.statusCode]).toEqual([401, 401]);
    expect(wrong.json().refusals).toEqual(nobody.json().refusals);
  });

  it('一人多职：切换后范围随之改变；不是自己的职务不能切换', async () => {
    const [second] = await district.database.transaction(engine, async (tx) => {
      const ids = await addPosts(tx, [
        {
          personId: district.people.chen,
          organisationId: district.organisations.westOffice,
          role: 'officer',
          fromOn: '2026-01-01',
        },
      ]);
      await record(tx, {
        chain: `organisation:${district.organisations.westOffice}`,
        act: 'tests.appointed',
        object: `post:${ids[0]}`,
      });
      return ids;
    });
    const cookie = await signedIn('东湖街道');
    const names = async () => (await get('/api/estates', cookie)).json().rows.map((row: { name: string }) => row.name);
    expect(await names()).toEqual(['春江花园', '老城里', '镜湖苑']);
    const switched = await post(`/api/posts/${second}/session`, {}, cookie);
    expect(switched.json()).toMatchObject({ post: { organisationName: '西山街道办事处' }, posts: [{}, {}] });
    expect(await names()).toEqual(['石桥新村']);
    expect((await post(`/api/posts/${district.posts.linBureau}/session`, {}, cookie)).statusCode).toBe(403);
  });

  it('离任的职务不再给任何范围', async () => {
    const at = (day: string) =>
      district.database.transaction({ standing: 'door', today: day }, (tx) =>
        resolvePerson(tx, district.accounts.zhou, null),
      );
    expect(await at('2023-12-31')).toBeUndefined();
    expect((await at(today))?.actor).toMatchObject({ standing: 'body', estates: [district.estates.garden] });
  });

  it('企业的登记地不算它管辖的区划', async () => {
    const person = await district.database.transaction({ standing: 'door', today }, (tx) =>
      resolvePerson(tx, district.accounts.zhou, null),
    );
    expect(person?.post.level).toBeNull();
    expect(person?.actor.lo).toBeUndefined();
  });

  it.each([
    ['owner', '', 'resident'],
    ['manager', 'property-company', 'body'],
    ['secretary', 'company-party-organisation', 'body'],
    ['director', 'owners-committee', 'body'],
    ['director', 'management-committee', 'body'],
    ['officer', 'residents-committee', 'office'],
    ['secretary', 'estate-party-branch', 'office'],
    ['administrator', 'housing-bureau', 'system'],
    ['security-administrator', 'housing-bureau', 'security'],
    ['audit-administrator', 'housing-bureau', 'audit'],
  ])('%s 在 %s：%s', (role, organisationKind, standing) => {
    expect(standingOf({ role, organisationKind })).toBe(standing);
  });

  it('职务名称', () => {
    expect([
      titleOf('head', 'housing-bureau'),
      titleOf('secretary', 'community-party-organisation'),
      titleOf('manager', 'property-company'),
    ]).toEqual(['局长', '书记', '项目经理']);
  });
});

describe('各底册的接口', () => {
  it.each([
    '/api/areas',
    `/api/areas/${codes.east}`,
    '/api/organisations',
    '/api/companies',
    '/api/estates?served=unknown&sort=name&order=desc',
    '/api/committees',
    '/api/projects',
    '/api/posts',
    '/api/packs',
    '/api/clauses',
    `/api/areas/${codes.east}/requirements`,
  ])('%s 合乎契约', async (url) => {
    const reply = await get(url, await signedIn('区住建局'));
    expect(reply.statusCode, reply.body).toBe(200);
  });

  it('小区、企业、业委会、房屋、业主各页合乎契约', async () => {
    const cookie = await signedIn('东湖街道');
    const { estates, organisations, committee } = district;
    for (const url of [
      `/api/estates/${estates.garden}`,
      `/api/estates/${estates.garden}/units`,
      `/api/owners?estate=${estates.garden}`,
      `/api/companies/${organisations.company}`,
      `/api/committees/${committee}`,
      `/api/organisations/${organisations.eastOffice}`,
    ])
      expect((await get(url, cookie)).statusCode, url).toBe(200);
    expect((await get(`/api/estates/${estates.bridge}`, cookie)).statusCode).toBe(404);
  });

  it('没有行的导出也是一份工作簿', async () => {
    const cookie = await signedIn('区住建局');
    for (const url of ['/api/packs/export', '/api/clauses/export', `/api/areas/${codes.east}/requirements/export`]) {
      const reply = await get(url, cookie);
      expect(reply.statusCode, url).toBe(200);
      expect(await readWorkbook(reply.rawPayload, { name: 'export.xlsx' }), url).toMatchObject({
        ok: true,
        kind: 'xlsx',
      });
    }
  });

  it('小区的房屋与业主导出：电话只有尾号', async () => {
    const cookie = await signedIn('东湖街道');
    for (const url of [
      `/api/estates/${district.estates.garden}/units/export`,
      `/api/owners/export?estate=${district.estates.garden}`,
    ]) {
      const workbook = await readWorkbook((await get(url, cookie)).rawPayload, { name: 'export.xlsx' });
      if (!workbook.ok) throw new Error(workbook.problem);
      const rows: string[] = [];
      for (const sheet of workbook.sheets) for await (const row of sheet.rows) rows.push(row.cells.join('|'));
      expect(rows.some((row) => row.includes('1幢|101') && row.includes('89.34'))).toBe(true);
      expect(rows.some((row) => row.includes('13911112222'))).toBe(false);
    }
  });

  it('导出可以只要清单里显示的列，按它们的次序；没有写入的列写明；认不出的列等于没有说', async () => {
    const cookie = await signedIn('东湖街道');
    const sheet = async (columns: string) => {
      const reply = await get(`/api/estates/export${columns && `?columns=${encodeURIComponent(columns)}`}`, cookie);
      expect(reply.statusCode, reply.body.slice(0, 200)).toBe(200);
      const workbook = await readWorkbook(reply.rawPayload, { name: 'export.xlsx' });
      if (!workbook.ok) throw new Error(workbook.problem);
      const rows: string[][] = [];
      for await (const row of workbook.sheets[0]!.rows) rows.push(row.cells);
      const at = rows.findIndex((cells) => cells.some((cell) => ['小区名称', '户数'].includes(cell)));
      return {
        above: rows.slice(0, at).flat().join('\n'),
        head: rows[at]!.filter((cell) => cell !== ''),
        row: rows.find((cells) => cells.includes('春江花园'))!,
      };
    };
    const whole = await sheet('');
    expect(whole.head).toHaveLength(16);
    expect(whole.above).not.toContain('没有写入');
    const some = await sheet('户数|小区|街道、社区');
    expect(some.head).toEqual(['户数', '小区名称', '街道', '社区']);
    expect(some.row.slice(1, 4)).toEqual(['春江花园', '东湖街道', '春江社区']);
    expect(some.row[0]).toBe(whole.row[whole.head.indexOf('户数')]);
    expect(some.above).toMatch(/没有写入：类型、地址、.*纳入日期/);
    expect((await sheet('没有这一列')).head).toEqual(whole.head);
  });

  it('业主不能看业主名单以外的名录，也不能导出', async () => {
    const cookie = await signedIn('业主邓小舟');
    expect((await get('/api/posts', cookie)).statusCode).toBe(403);
    expect((await get('/api/estates/export', cookie)).statusCode).toBe(403);
    expect((await get(`/api/estates/${district.estates.garden}`, cookie)).json()).toMatchObject({
      name: '春江花园',
      owners: null,
    });
  });

  it('参数不对时逐项说明', async () => {
    const reply = await get('/api/estates?area=12&sort=secret', await signedIn('区住建局'));
    expect(reply.statusCode).toBe(400);
    expect(reply.json().refusals.map((one: { field: string }) => one.field)).toEqual(['area', 'sort']);
  });

  it.each([
    ['/api/estates/export', '小区名称', '镜湖苑', '待补'],
    ['/api/companies/export', '企业名称', '示范宜家物业服务有限公司', '待补'],
    ['/api/committees/export', '名称', '春江花园业主委员会', '2029-09-01'],
    ['/api/organisations/export', '单位名称', '东湖街道办事处', '街道办事处（乡镇政府）'],
    ['/api/areas/export', '名称', '镜湖社区', '社区（村）'],
    ['/api/projects/export', '小区', '春江花园', '周启明'],
    ['/api/posts/export', '姓名', '林海', '局长'],
  ])('%s 导出与列表一致，标明演示数据', async (url, title, name, also) => {
    const reply = await get(url, await signedIn('区住建局'));
    expect(reply.statusCode).toBe(200);
    const cells: string[][] = [];
    const workbook = await readWorkbook(reply.rawPayload, { name: 'export.xlsx' });
    if (!workbook.ok) throw new Error(workbook.problem);
    for (const sheet of workbook.sheets) for await (const row of sheet.rows) cells.push(row.cells);
    const flat = cells.map((row) => row.join('|'));
    expect(flat.some((row) => row.includes('演示数据'))).toBe(true);
    expect(flat.some((row) => row.includes(title))).toBe(true);
    expect(flat.find((row) => row.includes(name))).toContain(also);
  });
});

describe('一个人', () => {
  const show = async (id: number, account: string) => get(`/api/people/${id}`, await signedIn(account));

  it('任职、产权、离岗和代理；电话只有尾号，整个号码和证件号哪里也没有', async () => {
    const { people, organisations, posts } = district;
    await district.database.transaction(engine, async (tx) => {
      await sql`insert into registers.leave (post_id, organisation_id, from_on, to_on, document)
        values (${posts.heCommittee}, ${organisations.eastOffice}, '2026-05-01', '2026-06-01', '请假条')`.execute(tx);
      await record(tx, { chain: `organisation:${organisations.eastOffice}`, act: 'tests.left', object: 'test:1' });
    });
    const reply = await show(people.he, '区住建局');
    expect(reply.json()).toMatchObject({
      name: '何文静',
      hasAccount: false,
      posts: [{ title: '主任', fromOn: '2024-09-01', toOn: null }],
      owner: { phoneTail: '4444', units: [{ estateName: '春江花园', fromOn: '2018-05-01', toOn: null }] },
    });
    expect(reply.body).not.toMatch(/13933334444|phone_hash|sealed|identity/);
    const twice = (await show(people.deng, '区住建局')).json();
    expect(twice.posts).toEqual([]);
    expect(twice.owner.units.map((one: { fromOn: string }) => one.fromOn).sort()).toEqual(['2018-05-01', '2019-07-01']);
  });

  it('清单里看不到的人，这里也没有：辖区外的、登记在辖区里却没有任职和产权的；单位和业主不能问', async () => {
    const { people, organisations } = district;
    const idle = await district.database.transaction(engine, async (tx) => {
      const [id] = await addPeople(tx, district.sealing, [
        { scope: codes.east, name: '只有档案的人', phone: '13966667777' },
      ]);
      await record(tx, { chain: `organisation:${organisations.bureau}`, act: 'tests.added', object: `person:${id}` });
      return id!;
    });
    for (const [id, account, status] of [
      [people.chen, '东湖街道', 200],
      [people.deng, '东湖街道', 200],
      [people.wu, '东湖街道', 404],
      [people.lin, '东湖街道', 404],
      [people.wu, '区住建局', 200],
      [idle, '东湖街道', 404],
      [idle, '区住建局', 404],
      [999_999, '区住建局', 404],
      [people.deng, '安居物业', 403],
      [people.deng, '业主邓小舟', 403],
    ] as const)
      expect((await show(id, account)).statusCode, `${account} 问 ${id}`).toBe(status);

    // A post in sight shows the post; the telephone stays where it was.
    await district.database.transaction(engine, async (tx) => {
      await addPosts(tx, [
        { personId: idle, organisationId: organisations.bureau, role: 'officer', fromOn: '2026-01-01' },
      ]);
      await record(tx, {
        chain: `organisation:${organisations.bureau}`,
        act: 'tests.posted',
        object: `person:${idle}`,
      });
    });
    const posted = await show(idle, '区住建局');
    expect(posted.json()).toMatchObject({ posts: [{ organisationId: organisations.bureau }], owner: null });
    expect(posted.body).not.toContain('7777');
  });

  it('管理员只看得到任职：业主的房屋和电话尾号不给', async () => {
    const { people, organisations } = district;
    await district.database.transaction(engine, async (tx) => {
      for (const role of ['administrator', 'security-administrator', 'audit-administrator'] as const) {
        const [personId] = await addPeople(tx, district.sealing, [{ scope: codes.district, name: role }]);
        await addPosts(tx, [{ personId: personId!, organisationId: organisations.bureau, role, fromOn: '2026-01-01' }]);
        await addAccount(tx, { name: role, personId: personId!, password, demo: true });
      }
      await record(tx, { chain: `organisation:${organisations.bureau}`, act: 'tests.staffed', object: 'test:2' });
    });
    for (const account of ['administrator', 'security-administrator', 'audit-administrator']) {
      const reply = await show(people.he, account);
      expect(reply.json(), account).toMatchObject({ posts: [{ title: '主任' }], owner: null });
      expect(reply.body, account).not.toMatch(/4444|春江花园 /);
      expect((await show(people.deng, account)).statusCode, account).toBe(404);
    }
    const audit = (await show(people.he, 'audit-administrator')).json();
    expect(audit.absences).toMatchObject([{ kind: 'leave', fromOn: '2026-05-01', toOn: '2026-06-01', other: null }]);
  });
});

describe('账号与密码', () => {
  it('管理员为辖区内的人开通账号：首个密码只给一次，凭它能登录，开通留痕', async () => {
    await district.database.transaction(engine, async (tx) => {
      await addPosts(tx, [
        {
          personId: district.people.lin,
          organisationId: district.organisations.bureau,
          role: 'administrator',
          fromOn: '2024-01-01',
        },
      ]);
      await record(tx, {
        chain: `organisation:${district.organisations.bureau}`,
        act: 'tests.post',
        object: 'post:new',
      });
    });
    const lin = await signedIn('区住建局');
    const open = (account: string, cookie = lin) =>
      post(`/api/people/${district.people.wu}/account`, { account }, cookie);
    expect((await open('西山街道')).statusCode).toBe(403);
    const me = (await get('/api/me', lin)).json();
    const administrator = me.posts.find((one: { role: string }) => one.role === 'administrator');
    await post(`/api/posts/${administrator.id}/session`, {}, lin);
    expect((await open('东湖街道')).json().refusals[0].reason).toContain('已经有人用了');
    const opened = (await open('西山街道')).json();
    expect(opened).toMatchObject({
      account: '西山街道',
      password: expect.stringMatching(/^[a-z2-9]{4}(-[a-z2-9]{4}){2}$/),
    });
    expect((await post('/api/sign-in', { name: '西山街道', password: opened.password })).json()).toMatchObject({
      name: '吴建国',
    });
    expect((await open('再开一个')).json().refusals[0].reason).toContain('已经有账号');
    const { rows } = await district.database.transaction({ standing: 'auditor', today }, (tx) =>
      sql<{ detail: string }>`select detail from platform.journal where act = 'people.accountOpened'`.execute(tx),
    );
    expect(rows.map((row) => row.detail)).toEqual([expect.stringContaining('西山街道')]);
    expect(rows[0]!.detail).not.toContain(opened.password);
  });

  it.each([
    ['现在的密码不对', '不是这个密码', '换一个足够长的新密码', '现在的密码不对'],
    ['新密码太短（9 个字）', password, '九个字的密码不够长', '至少 10 个字'],
    ['新旧一样', password, password, '和现在的一样'],
  ])('修改密码被拒绝：%s', async (_, current, next, reason) => {
    const cookie = await signedIn('安居物业');
    const reply = await post('/api/me/password', { current, next }, cookie);
    expect(
      reply
        .json()
        .refusals.map((one: { reason: string }) => one.reason)
        .join(),
    ).toContain(reason);
  });

  it('修改密码后旧密码不能登录，其他会话随之结束，自己的还在', async () => {
    const [own, other] = [await signedIn('安居物业'), await signedIn('安居物业')];
    expect((await post('/api/me/password', { current: password, next: '十个字的新密码够了吧' }, own)).statusCode).toBe(
      200,
    );
    expect((await post('/api/sign-in', { name: '安居物业', password })).statusCode).toBe(401);
    expect((await post('/api/sign-in', { name: '安居物业', password: '十个字的新密码够了吧' })).statusCode).toBe(200);
    expect((await get('/api/me', own)).statusCode).toBe(200);
    expect((await get('/api/me', other)).statusCode).toBe(401);
  });
});
