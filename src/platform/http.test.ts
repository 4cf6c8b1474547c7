import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type TestDatabase, testDatabase } from '../../tests/database.ts';
import { contract } from '../kernel/contract.ts';
import { refusal } from '../kernel/results.ts';
import { fixedClock } from './clock.ts';
import { type Actor, type Database, openDatabase, sql } from './database.ts';
import { openFileStore } from './files.ts';
import { buildServer, notFound, type Person, type Post, refuse, route } from './http.ts';
import { jobs } from './jobs.ts';
import { openKeys } from './keys.ts';
import { createSealing } from './sealing.ts';
import { createAccount, hashPassword, signIn, switchPost } from './sign-in.ts';
import type { System } from './system.ts';

const ORIGIN = 'http://gongzhi.example:8080';
const folder = mkdtempSync(join(tmpdir(), 'gongzhi-http-'));
let test: TestDatabase;
let database: Database;
let system: System;
let server: FastifyInstance;
let cookie: string;
const logged: string[] = [];

const post = (id: number, role: string, organisationName: string): Post => ({
  id,
  role,
  title: '科员',
  organisationId: id,
  organisationName,
  organisationKind: 'housing-bureau',
  areaCode: '990102000000',
  areaName: '示范区',
  level: 'district',
  behalf: null,
});
const posts = [post(1, 'officer', '示范区住建局'), post(2, 'administrator', '示范区住建局')];

const page = z.object({ code: z.string(), by: z.string() });
const contracts = {
  signIn: contract({
    method: 'POST',
    path: '/api/session',
    label: '登录',
    may: ['anyone'],
    input: z.object({ name: z.string().min(1), password: z.string().min(1) }),
    output: z.object({}),
  }),
  signOut: contract({
    method: 'POST',
    path: '/api/session/end',
    label: '退出',
    may: ['signed-in'],
    input: z.object({}),
    output: z.object({}),
  }),
  switch: contract({
    method: 'POST',
    path: '/api/session/post',
    label: '切换岗位',
    may: ['signed-in'],
    input: z.object({ postId: z.int() }),
    output: z.object({}),
  }),
  me: contract({
    method: 'GET',
    path: '/api/me',
    label: '我是谁',
    may: ['signed-in'],
    input: z.object({}),
    output: z.object({ name: z.string(), post: z.number() }),
  }),
  echo: contract({
    method: 'GET',
    path: '/api/areas/:code/echo',
    label: '查询',
    may: ['office'],
    input: z.object({
      code: z.string(),
      limit: z.number().int().max(500).default(50),
      kinds: z.array(z.string()).optional(),
      open: z.boolean().optional(),
    }),
    output: z.object({
      code: z.string(),
      limit: z.number(),
      kinds: z.array(z.string()).optional(),
      open: z.boolean().optional(),
      big: z.string(),
      at: z.string(),
    }),
  }),
  add: contract({
    method: 'POST',
    path: '/api/areas/:code',
    label: '添加区划',
    may: ['office'],
    input: z.object({ code: z.string(), name: z.string().min(2), note: z.string().nullish() }),
    output: page,
  }),
  break: contract({
    method: 'POST',
    path: '/api/broken',
    label: '出错',
    may: ['office'],
    input: z.object({ what: z.string() }),
    output: z.object({}),
  }),
  configure: contract({
    method: 'POST',
    path: '/api/settings',
    label: '系统设置',
    may: ['system'],
    input: z.object({}),
    output: z.object({}),
  }),
  own: contract({
    method: 'GET',
    path: '/api/own',
    label: '我的房屋',
    may: ['resident', 'body'],
    input: z.object({}),
    output: z.object({}),
  }),
  upload: contract({
    method: 'POST',
    path: '/api/uploads',
    label: '上传',
    may: ['office'],
    input: z.object({ kind: z.string() }),
    output: z.object({ name: z.string(), size: z.number(), kind: z.string() }),
    body: 'file',
  }),
  workbook: contract({
    method: 'GET',
    path: '/api/export',
    label: '导出',
    may: ['office'],
    input: z.object({}),
    output: 'workbook',
  }),
};

const routes = [
  route(contracts.signIn, async ({ input, system: { database: db, clock }, session }) => {
    const result = await signIn(db, clock, input);
    if ('refused' in result)
      return refuse(refusal(result.refused === 'locked' ? '连续输错，账号暂时锁定' : '用户名或密码不对'));
    session.begin(result.session);
    return {};
  }),
  route(contracts.signOut, async ({ session }) => {
    await session.end();
    return {};
  }),
  route(contracts.switch, async ({ input, session, person, atTheDoor }) => {
    if (!person.posts.some((one) => one.id === input.postId)) return notFound('没有这个岗位');
    await atTheDoor((tx) => switchPost(tx, session.token!, input.postId));
    return {};
  }),
  route(contracts.me, async ({ person }) => ({ name: person.name, post: person.post.id })),
  route(
    contracts.echo,
    async ({ input, now }) => ({ ...input, big: 2n ** 60n, at: now, phone: '13800000000' }) as never,
  ),
  route(contracts.add, ({ input, act }) =>
    act(async (tx) => {
      await sql`insert into registers.area (code, level, name, enrolled_on) values (${input.code}, 'province', ${input.name}, platform.today())`.execute(
        tx,
      );
      if (input.name === '重名')
        return refuse(
          { reason: '已有同名区划', field: 'name', clause: { clauses: ['LC-1'] } },
          { reason: '代码也已被占用', field: 'code' },
        );
      await sql`select platform.record('organisation:1', 'areas.added', ${`area:${input.code}`}, '{}')`.execute(tx);
      return { code: input.code, by: (await sql<{ u: string }>`select current_user as u`.execute(tx)).rows[0]!.u };
    }),
  ),
  route(contracts.break, async ({ input, act }) => {
    if (input.what === 'code') throw new Error('程序有错');
    await act((tx) => sql`select ${`王小明${input.what}`}::date`.execute(tx));
    return {};
  }),
  route(contracts.configure, async () => ({})),
  route(contracts.own, async () => ({})),
  route(contracts.upload, async ({ file, input }) => ({
    name: file!.name,
    size: file!.bytes.length,
    kind: input.kind,
  })),
  route(contracts.workbook, async () => ({
    name: '任务清单（一）.xlsx',
    mediaType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    bytes: new Uint8Array([80, 75]),
  })),
];

beforeAll(async () => {
  test = await testDatabase();
  database = await openDatabase({ url: test.loginUrl });
  const clock = fixedClock('2026-11-22');
  const keys = await openKeys({ database, file: join(folder, 'master.key'), today: clock.today() });
  system = {
    database,
    clock,
    files: openFileStore({ folder: join(folder, 'files'), keys }),
    sealing: createSealing(keys),
    signer: keys.signer,
    jobs,
    demo: false,
    publicUrl: ORIGIN,
  };
  await database.transaction({ standing: 'engine', today: clock.today() }, async (tx) => {
    await createAccount(tx, { name: '李敏', passwordHash: await hashPassword('示范区 2026 夏') });
  });
  mkdirSync(join(folder, 'web', 'assets'), { recursive: true });
  writeFileSync(join(folder, 'web', 'index.html'), '<!doctype html><title>共治</title>');
  writeFileSync(join(folder, 'web', 'assets', 'a-1.js'), 'export {};');
  server = await buildServer({
    system,
    routes,
    web: join(folder, 'web'),
    warnings: async () => ['政策包 X 没有载入'],
    log: { write: (line) => void logged.push(line) },
    resolvePerson: async (tx, accountId, postId): Promise<Person | undefined> => {
      const { rows } = await sql<{
        name: string;
      }>`select name from platform.account where id = ${accountId} and current_user like '%\\_door'`.execute(tx);
      const actor: Actor = {
        standing: postId === 2 ? 'system' : 'office',
        lo: '99',
        hi: '99:',
        personId: 5,
        postId: postId ?? 1,
        organisationId: 1,
        today: '1999-01-01',
      };
      return (
        rows[0] && {
          accountId,
          personId: 5,
          name: rows[0].name,
          post: posts.find((one) => one.id === (postId ?? 1))!,
          posts,
          bars: [],
          actor,
        }
      );
    },
  });
});
afterAll(async () => {
  await server?.close();
  await database?.close();
  await test?.drop();
  rmSync(folder, { recursive: true, force: true });
});

const headers = () => ({ origin: ORIGIN, host: 'gongzhi.example:8080', cookie });
const write = (url: string, payload: object | string = {}, more: Record<string, string> = {}) =>
  server.inject({
    method: 'POST',
    url,
    headers: { ...headers(), 'content-type': 'application/json', ...more },
    payload,
  });
const read = (url: string) => server.inject({ method: 'GET', url, headers: headers() });
const enter = async () => {
  const response = await write('/api/session', { name: '李敏', password: '示范区 2026 夏' });
  return String(response.headers['set-cookie']).split(';')[0]!;
};

beforeEach(async () => {
  cookie = '';
  cookie = await enter();
});

describe('登录与会话', () => {
  it('会话号只在 HttpOnly、SameSite=Lax 的 Cookie 里，库中只有摘要', async () => {
    const response = await write('/api/session', { name: '李敏', password: '示范区 2026 夏' });
    const set = String(response.headers['set-cookie']);
    expect(set).toMatch(/^gongzhi_8080=[A-Za-z0-9_-]{43}; Max-Age=43200; Path=\/; HttpOnly; SameSite=Lax$/);
    expect(response.body).toBe('{}');
    const token = /=([^;]+)/.exec(set)![1]!;
    const { rows } = await database.transaction({ standing: 'door', today: '2026-11-22' }, (tx) =>
      sql<{ h: string }>`select hash::text || account_id as h from platform.session`.execute(tx),
    );
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.some((row) => row.h.includes(Buffer.from(token).toString('hex')))).toBe(false);
  });

  it('对外地址是 https 时 Cookie 只走加密连接', async () => {
    const other = await buildServer({
      system: { ...system, publicUrl: 'https://gongzhi.example' },
      routes,
      resolvePerson: async () => undefined,
    });
    const response = await other.inject({
      method: 'POST',
      url: '/api/session',
      headers: { origin: 'https://gongzhi.example', 'content-type': 'application/json' },
      payload: { name: '李敏', password: '示范区 2026 夏' },
    });
    expect(String(response.headers['set-cookie'])).toMatch(/^__Host-gongzhi=.*; HttpOnly; Secure; SameSite=Lax$/);
    expect(response.headers['strict-transport-security']).toBeTruthy();
    await other.close();
  });

  it('未登录 401，退出后原 Cookie 不再有效，伪造的 Cookie 无效', async () => {
    expect((await read('/api/me')).json()).toEqual({ name: '李敏', post: 1 });
    const out = await write('/api/session/end');
    expect(String(out.headers['set-cookie'])).toMatch(/^gongzhi_8080=;.*Expires=Thu, 01 Jan 1970/);
    const after = await read('/api/me');
    expect(after.statusCode).toBe(401);
    expect(after.json().refusals).toEqual([{ reason: '请先登录' }]);
    cookie = `gongzhi_8080=${'A'.repeat(43)}`;
    expect((await read('/api/me')).statusCode).toBe(401);
  });

  it('切换岗位后以新岗位操作；不是自己的岗位不行', async () => {
    expect((await write('/api/settings')).statusCode).toBe(403);
    expect((await write('/api/session/post', { postId: 3 })).statusCode).toBe(404);
    expect((await write('/api/session/post', { postId: 2 })).statusCode).toBe(200);
    expect((await read('/api/me')).json().post).toBe(2);
    expect((await write('/api/settings')).statusCode).toBe(200);
  });

  it('身份不符 403，说明现在的身份与要办的事', async () => {
    const response = await read('/api/own');
    expect(response.statusCode).toBe(403);
    expect(response.json().refusals[0].reason).toBe('您现在以“示范区住建局 科员”的身份操作，不能办理“我的房屋”。');
  });
});

describe('请求的来源', () => {
  it.each([
    ['没有 Origin', { origin: '' }, 403],
    ['别的网站', { origin: 'https://evil.example' }, 403],
    ['同名的别的端口', { origin: 'http://gongzhi.example:9090' }, 403],
    ['null', { origin: 'null' }, 403],
    ['对外地址', { origin: ORIGIN, host: 'inner:80' }, 200],
    ['所访问的地址', { origin: 'http://localhost:8080', host: 'localhost:8080' }, 200],
  ])('写操作：%s', async (_, more, status) => {
    const response = await write('/api/session/post', { postId: 1 }, more);
    expect(response.statusCode).toBe(status);
    if (status === 403) expect(response.json().refusals[0].reason).toContain('来源');
  });
});

describe('输入', () => {
  it('地址里的文字按契约成为数字、是否与列表', async () => {
    const response = await read('/api/areas/990102/echo?limit=7&kinds=a&open=false');
    expect(response.json()).toEqual({
      code: '990102',
      limit: 7,
      kinds: ['a'],
      open: false,
      big: String(2n ** 60n),
      at: '2026-11-22T01:00:00.000Z',
    });
    expect((await read('/api/areas/990102/echo?kinds=a&kinds=b')).json()).toMatchObject({
      limit: 50,
      kinds: ['a', 'b'],
    });
  });

  it.each([
    ['/api/areas/1/echo?limit=1e3', 'limit', '应为数字'],
    ['/api/areas/1/echo?limit=501', 'limit', '不能大于 500'],
    ['/api/areas/1/echo?limits=5', 'limits', '不认识的字段'],
  ])('%s → 400，指出字段', async (url, field, reason) => {
    const response = await read(url);
    expect(response.statusCode).toBe(400);
    expect(response.json().refusals).toEqual([{ reason, field }]);
  });

  it('所有不合的字段一次说完', async () => {
    const response = await write('/api/session', { name: 5, pasword: 'x' });
    expect(response.statusCode).toBe(400);
    expect(response.json().refusals).toEqual([
      { reason: '应为文字', field: 'name' },
      { reason: '请填写', field: 'password' },
      { reason: '不认识的字段', field: 'pasword' },
    ]);
  });

  it('路径里的字段不能被内容改写', async () => {
    const response = await write('/api/areas/970000000000', { code: '980000000000', name: '演示省' });
    expect(response.statusCode).toBe(500); // outside the scope: row-level security, not the body, decides
  });

  it.each([
    ['不是 JSON', '{"a":', {}, 400],
    ['原型污染', '{"__proto__":{"a":1}}', {}, 400],
    ['是列表', '[1]', {}, 400],
    ['纯文本', 'a', { 'content-type': 'text/plain' }, 415],
    ['表单', 'a=1', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['超过 10 MB', JSON.stringify({ name: 'x'.repeat(11 * 1024 * 1024) }), {}, 413],
  ])('内容%s', async (_, payload, more, status) => {
    const response = await write('/api/session/post', payload, more);
    expect(response.statusCode).toBe(status);
    expect(response.json().refusals[0].reason).toMatch(/[\u4e00-\u9fff]/);
  });
});

describe('答复', () => {
  it('拒绝为 422，带全部理由、条款与字段，且什么也不留下', async () => {
    const response = await write('/api/areas/990000000000', { name: '重名' });
    expect(response.statusCode).toBe(422);
    expect(response.json().refusals).toEqual([
      { reason: '已有同名区划', field: 'name', clause: { clauses: ['LC-1'] } },
      { reason: '代码也已被占用', field: 'code' },
    ]);
    expect((await write('/api/areas/990000000000', { name: '演示省' })).json()).toEqual({
      code: '990000000000',
      by: `${database.prefix}_office`,
    });
  });

  it('报障码写进留痕，业务日取自时钟而不是登录时', async () => {
    const response = await write('/api/areas/990000000001', { name: '演示二' });
    const { rows } = await database.transaction({ standing: 'auditor', today: '2026-11-22' }, (tx) =>
      sql<{
        request: string;
        on: string;
      }>`select j.request, a.enrolled_on::text as on from platform.journal j join registers.area a on j.object = 'area:' || a.code where a.code = '990000000001'`.execute(
        tx,
      ),
    );
    expect(rows).toEqual([{ request: response.headers['x-request-id'], on: '2026-11-22' }]);
  });

  it('页面报来的故障记进日志，只有地址、种类和出错之处；别的字一个也不收', async () => {
    const report = (payload: object) =>
      server.inject({ method: 'POST', url: '/api/faults', headers: { origin: ORIGIN, cookie }, payload });
    logged.length = 0;
    const fault = { page: '/console/clauses/LC-3.3i', kind: 'TypeError', where: ['clause-x1.js:1:234'] };
    const reply = await report(fault);
    expect(reply.statusCode, reply.body).toBe(200);
    expect(logged.map((line) => JSON.parse(line))).toMatchObject([{ ...fault, request: reply.json().code }]);
    expect(reply.headers['x-request-id']).toBe(reply.json().code);
    for (const wrong of [
      { ...fault, page: '/console/estates?search=13800000000' },
      { ...fault, kind: '林海 is not defined' },
      { ...fault, where: ['林海的电话'] },
      { ...fault, message: '多出来的' },
    ])
      expect((await report(wrong)).statusCode).toBe(400);
    expect(logged).toHaveLength(1);
    expect(
      (await server.inject({ method: 'POST', url: '/api/faults', headers: { origin: ORIGIN }, payload: fault }))
        .statusCode,
    ).toBe(401);
  });

  it.each(['code', '13800000000'])('出错只给报障码；日志里有出错之处，没有个人信息：%s', async (what) => {
    logged.length = 0;
    const response = await write('/api/broken?phone=13911112222', { what });
    expect(response.statusCode).toBe(500);
    const name = String(response.headers['x-request-id']);
    expect(name).toMatch(/^[2-9A-HJKMNP-Z]{5}-[2-9A-HJKMNP-Z]{5}$/);
    expect(response.json()).toEqual({
      refusals: [{ reason: `系统出错，没有完成。请把报障码 ${name} 告诉管理员。` }],
      request: name,
    });
    expect(logged).toHaveLength(1);
    expect(logged[0]).toContain(name);
    expect(logged[0]).toContain('http.test.ts');
    expect(logged[0]).not.toMatch(/138000|139111|王小明|gongzhi_8080/);
  });

  it('正常与被拒的请求都不写日志', async () => {
    logged.length = 0;
    await read('/api/areas/990102/echo?limit=7');
    await read('/api/areas/990102/echo?limit=x');
    await read('/api/nothing');
    expect(logged).toEqual([]);
  });

  it('工作簿作为附件送出，中文文件名照原样', async () => {
    const response = await read('/api/export');
    expect(response.headers['content-disposition']).toBe(
      `attachment; filename*=UTF-8''${encodeURIComponent('任务清单（一）.xlsx')}`,
    );
    expect(response.rawPayload).toEqual(Buffer.from([80, 75]));
    expect(response.headers['cache-control']).toBe('no-store');
  });
});

describe('文件', () => {
  const send = (url: string, payload: Buffer, more = {}) =>
    server.inject({
      method: 'POST',
      url,
      headers: { ...headers(), 'content-type': 'application/vnd.ms-excel', ...more },
      payload,
    });

  it('原样收下任何类型的字节，名字与字段在地址里', async () => {
    const response = await send(
      `/api/uploads?kind=estates&name=${encodeURIComponent('C:\\桌面\\..\\小区<名>单\u202e.xlsx')}`,
      Buffer.from('{"a":1}'),
      { 'content-type': 'application/json' },
    );
    expect(response.json()).toEqual({ name: '小区名单.xlsx', size: 7, kind: 'estates' });
  });

  it('25 MB 为限；空文件不收；未登录的连内容都不读', async () => {
    expect((await send('/api/uploads?kind=a&name=a', Buffer.alloc(25 * 1024 * 1024))).json().size).toBe(
      25 * 1024 * 1024,
    );
    expect((await send('/api/uploads?kind=a&name=a', Buffer.alloc(25 * 1024 * 1024 + 1))).statusCode).toBe(413);
    expect((await send('/api/uploads?kind=a&name=a', Buffer.alloc(0))).json().refusals[0].field).toBe('file');
    cookie = '';
    expect((await send('/api/uploads?kind=a&name=a', Buffer.alloc(25 * 1024 * 1024 + 1))).statusCode).toBe(401);
  });
});

describe('对外的地址', () => {
  it('/health 可用时答 200，列出须处理的事项；载入放假安排后该项消失', async () => {
    cookie = '';
    const before = await read('/health');
    expect(before.statusCode).toBe(200);
    expect(before.json().status).toBe('ok');
    const missing = expect.stringContaining('2026 年的放假安排尚未载入');
    expect(before.json().warnings).toEqual(
      expect.arrayContaining([missing, expect.stringContaining('见证方'), '政策包 X 没有载入']),
    );
    await database.transaction({ standing: 'engine', today: '2026-11-22' }, (tx) =>
      sql`insert into platform.calendar_year (year, notice) values (2026, '通知')`.execute(tx),
    );
    expect((await read('/health')).json().warnings).not.toEqual(expect.arrayContaining([missing]));
  });

  it('/api/deployment 说明是演示还是真实', async () => {
    expect((await read('/api/deployment')).json()).toEqual({
      demo: false,
      mode: 'unprepared',
      today: '2026-11-22',
      publicUrl: ORIGIN,
    });
    await database.transaction({ standing: 'engine', today: '2026-11-22' }, (tx) =>
      sql`insert into platform.deployment (mode, anchor_on) values ('real', '2026-11-22')`.execute(tx),
    );
    expect((await read('/api/deployment')).json().mode).toBe('real');
  });

  it('/openapi.json 描述每一个接口', async () => {
    const description = (await read('/openapi.json')).json();
    expect(description.openapi).toBe('3.1.0');
    for (const one of routes) {
      const operation =
        description.paths[one.contract.path.replace(/:(\w+)/g, '{$1}')][one.contract.method.toLowerCase()];
      expect(operation.summary).toBe(one.contract.label);
    }
    expect(Object.keys(description.paths)).toEqual(expect.arrayContaining(['/health', '/api/deployment']));
    const add = description.paths['/api/areas/{code}'].post;
    expect(add.parameters).toEqual([{ name: 'code', in: 'path', required: true, schema: { type: 'string' } }]);
    expect(add.requestBody.content['application/json'].schema.required).toEqual(['name']);
    expect(description.paths['/api/areas/{code}/echo'].get.parameters[1]).toMatchObject({
      name: 'limit',
      in: 'query',
      required: false,
    });
    expect(description.paths['/api/uploads'].post.parameters.map((one: { name: string }) => one.name)).toEqual([
      'kind',
      'name',
    ]);
  });

  it('/ 转到 /console/，控制台内的地址都是同一页，缺少的资源是 404', async () => {
    cookie = '';
    expect((await read('/')).headers.location).toBe('/console/');
    expect((await read('/console')).headers.location).toBe('/console/');
    for (const url of ['/console/', '/console/duties/12?tab=a', '/console/clauses/LC-3.3i']) {
      const response = await read(url);
      expect(response.statusCode).toBe(200);
      expect(response.body).toContain('共治');
      expect(response.headers['cache-control']).toBe('no-cache');
    }
    expect((await read('/console/assets/a-1.js')).headers['cache-control']).toContain('immutable');
    for (const url of ['/console/assets/b-2.js', '/api/nothing', '/nothing', '/console/..%2f..%2fmaster.key']) {
      const response = await read(url);
      expect(response.statusCode, url).toBe(404);
      expect(response.json().refusals[0].reason, url).toBe('没有这个地址');
    }
  });

  it('每个答复都带安全标头，策略中没有外部主机', async () => {
    cookie = '';
    for (const url of ['/console/', '/health', '/api/me', '/api/nothing', '/']) {
      const { headers: got } = await read(url);
      const policy = String(got['content-security-policy']);
      expect(policy, url).toContain("frame-ancestors 'none'");
      expect(policy).not.toMatch(/https?:|\*|unsafe-eval/);
      expect(got['x-content-type-options']).toBe('nosniff');
      expect(got['referrer-policy']).toBe('same-origin');
    }
  });
});

it('真实的连接上：先登录，再以同一 Cookie 查询', async () => {
  const address = await server.listen({ host: '127.0.0.1', port: 0 });
  const entered = await fetch(`${address}/api/session`, {
    method: 'POST',
    headers: { origin: address, 'content-type': 'application/json' },
    body: JSON.stringify({ name: '李敏', password: '示范区 2026 夏' }),
  });
  const me = await fetch(`${address}/api/me`, {
    headers: { cookie: entered.headers.get('set-cookie')!.split(';')[0]! },
  });
  expect(await me.json()).toEqual({ name: '李敏', post: 1 });
});
