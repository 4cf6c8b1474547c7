// What befalls a post holds on the next request: deputies during leave, suspension, conflicts of interest, three administrators apart.

import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codes, type District, engine, password, testDistrict, today } from '../../../tests/district.ts';
import { requireHere } from '../../../tests/requirements.ts';
import { type Site, testSite } from '../../../tests/site.ts';
import { routes as allRoutes } from '../../app/routes.ts';
import { OfficeEnded, sql } from '../../platform/database.ts';
import { record } from '../../platform/journal.ts';
import { addAccount, addPeople, addPosts, resolvePerson } from '../people/index.ts';

let district: District;
let site: Site;
let admin: pg.Client;
const people: Record<'security' | 'audit' | 'system' | 'deputy', number> = {} as never;
const cookies: Record<string, string> = {};
beforeAll(async () => {
  district = await testDistrict();
  const { bureau, eastOffice } = district.organisations;
  await district.database.transaction(engine, async (tx) => {
    const names = ['严谨行', '鲁明鉴', '秦朗', '苏敏'];
    const ids = await addPeople(
      tx,
      district.sealing,
      names.map((name) => ({ scope: name === '苏敏' ? codes.east : codes.district, name })),
    );
    [people.security, people.audit, people.system, people.deputy] = ids as [number, number, number, number];
    const fromOn = '2026-01-01';
    await addPosts(tx, [
      { personId: people.security, organisationId: bureau, role: 'security-administrator', fromOn },
      { personId: people.audit, organisationId: bureau, role: 'audit-administrator', fromOn },
      { personId: people.system, organisationId: bureau, role: 'administrator', fromOn },
      { personId: people.deputy, organisationId: eastOffice, role: 'officer', fromOn },
    ]);
    const accounts = { 安全: people.security, 审计: people.audit, 系统: people.system, 副手: people.deputy };
    for (const [name, personId] of Object.entries(accounts))
      await addAccount(tx, { name, personId, password, demo: true });
    await record(tx, { chain: `organisation:${bureau}`, act: 'tests.prepared', object: 'people' });
  });
  site = await testSite(district, allRoutes);
  admin = new pg.Client({ connectionString: district.adminUrl });
  await admin.connect();
  for (const name of ['安全', '审计', '系统', '副手', '区住建局', '东湖街道', '安居物业'])
    cookies[name] = await site.signIn(name, password);
});
afterAll(async () => {
  await admin?.end();
  await site?.close();
  await district?.close();
});

const post = (as: string, url: string, payload: object = {}) => site.post(url, payload, cookies[as]!);
const get = (as: string, url: string) => site.get(url, cookies[as]!);
const reasons = (reply: { json(): unknown }) =>
  (reply.json() as { refusals?: { reason: string }[] }).refusals?.map((one) => one.reason);
const document = '示范区人事〔2026〕7号';

describe('AB 角', () => {
  it('离岗期间代理：看见所代职务所见，留痕写明代谁；返岗之后的下一个请求就不再代理', async () => {
    const { chenEast } = district.posts;
    const named = await post('东湖街道', `/api/posts/${chenEast}/deputies`, {
      personId: people.deputy,
      fromOn: '2026-01-01',
      toOn: '2027-01-01',
      document,
    });
    expect(named.statusCode, named.body).toBe(200);
    expect((await get('副手', '/api/me')).json().posts).toHaveLength(1);
    const leave = await post('东湖街道', `/api/posts/${chenEast}/leaves`, {
      fromOn: today,
      toOn: '2026-12-01',
      document,
    });
    expect(leave.statusCode, leave.body).toBe(200);
    const me = (await get('副手', '/api/me')).json();
    expect(me.posts[1]).toMatchObject({ id: chenEast, behalf: { name: '陈晓岚' } });
    expect((await post('副手', `/api/posts/${chenEast}/session`)).statusCode).toBe(200);
    const estates = (await get('副手', '/api/estates')).json().rows.map((one: { name: string }) => one.name);
    expect(estates).toEqual(['春江花园', '老城里', '镜湖苑']);

    const { deng, chen } = district.people;
    expect((await post('副手', `/api/people/${deng}/phone`, { reason: '通知领取选票' })).statusCode).toBe(200);
    expect((await post('副手', `/api/people/${deng}/erasure`, { reason: '本人要求删除' })).statusCode).toBe(200);
    const { rows } = await admin.query(
      `select act, person_id, post_id, detail::jsonb->'onBehalfOf' as behalf from platform.journal where act like 'sealed.%' order by at`,
    );
    const said = { person_id: people.deputy, post_id: chenEast, behalf: chen };
    expect(rows).toEqual([
      { act: 'sealed.read', ...said },
      { act: 'sealed.erasureAsked', ...said },
    ]);
    const url = `/api/leaves/${leave.json().id}/return`;
    expect((await post('副手', url)).statusCode).toBe(403);
    const back = await post('东湖街道', url);
    expect(back.statusCode, back.body).toBe(200);
    expect((await get('副手', '/api/me')).json().posts).toHaveLength(1);
  });

  it('代理的身份在事务之始再问一次：返岗之后，先前取得的身份不能再用', async () => {
    const { chenEast } = district.posts;
    const made = await admin
      .query(
        `insert into registers.leave (post_id, organisation_id, from_on, to_on, document) values ($1, $2, '2026-11-25', '2026-12-05', $3) returning id`,
        [chenEast, district.organisations.eastOffice, document],
      )
      .catch((error: Error) => error);
    expect(made).toBeInstanceOf(Error); // not even the superuser, without a trace
    const deputy = await admin.query('select account_id from registers.person where id = $1', [people.deputy]);
    const at = async (day: string) =>
      district.database.transaction({ standing: 'door', today: day }, (tx) =>
        resolvePerson(tx, deputy.rows[0].account_id, chenEast),
      );
    expect((await at('2026-11-22'))!.post.behalf).toBeNull();
    const stale = { ...(await at('2026-11-22'))!.actor, postId: chenEast, behalfId: district.people.chen };
    await expect(
      district.database.transaction(stale, (tx) => sql`select from registers.estate`.execute(tx)),
    ).rejects.toBeInstanceOf(OfficeEnded);
  });

  it.each([
    ['本人', () => district.people.chen, '不能是任职者本人'],
    ['别的单位的人', () => district.people.lin, '没有这个人'],
  ])('不能做 AB 角：%s', async (_, who, reason) => {
    const reply = await post('东湖街道', `/api/posts/${district.posts.chenEast}/deputies`, {
      personId: who(),
      fromOn: '2026-01-01',
      toOn: '2027-01-01',
      document,
    });
    expect(reasons(reply)?.join()).toContain(reason);
  });

  it('别的单位的任职不能安排；日期颠倒、重复离岗，理由一并给出', async () => {
    const { linBureau, chenEast } = district.posts;
    const body = { fromOn: '2026-12-10', toOn: '2026-12-01', document };
    expect((await post('东湖街道', `/api/posts/${linBureau}/leaves`, body)).statusCode).toBe(404);
    expect(reasons(await post('东湖街道', `/api/posts/${chenEast}/leaves`, body))).toEqual(['结束日期须晚于开始日期']);
    const first = { fromOn: '2027-01-01', toOn: '2027-02-01', document };
    expect((await post('东湖街道', `/api/posts/${chenEast}/leaves`, first)).statusCode).toBe(200);
    expect(reasons(await post('东湖街道', `/api/posts/${chenEast}/leaves`, first))?.join()).toContain('已登记离岗');
  });
});

describe('停职', () => {
  it('停职压倒准许：下一个请求起什么也看不见，先前的身份也不能用；恢复后照旧；都留痕', async () => {
    const before = (await district.database.transaction({ standing: 'door', today }, (tx) =>
      resolvePerson(tx, district.accounts.zhou, null),
    ))!.actor;
    expect((await get('安居物业', '/api/estates')).json().total).toBe(1);
    const made = await post('安全', `/api/people/${district.people.zhou}/suspensions`, {
      fromOn: today,
      reason: '涉嫌违规被调查',
      document,
    });
    expect(made.statusCode, made.body).toBe(200);
    expect((await get('安居物业', '/api/estates')).statusCode).toBe(401);
    await expect(
      district.database.transaction(before, (tx) => sql`select from registers.estate`.execute(tx)),
    ).rejects.toBeInstanceOf(OfficeEnded);
    expect(reasons(await site.post('/api/sign-in', { name: '安居物业', password }))?.join()).toContain('没有任职');
    const lifted = await post('安全', `/api/suspensions/${made.json().id}/lifting`, { reason: '查无实据' });
    expect(lifted.statusCode, lifted.body).toBe(200);
    cookies.安居物业 = await site.signIn('安居物业', password);
    expect((await get('安居物业', '/api/estates')).json().total).toBe(1);
    const { rows } = await admin.query(
      `select act, reason from platform.journal where act like 'offices.susp%' order by at`,
    );
    expect(rows).toEqual([
      { act: 'offices.suspended', reason: '涉嫌违规被调查' },
      { act: 'offices.suspensionLifted', reason: '查无实据' },
    ]);
  });

  it('不能停自己的职；只有安全管理员能停职', async () => {
    const body = { fromOn: today, reason: '试试看', document };
    expect(reasons(await post('安全', `/api/people/${people.security}/suspensions`, body))).toEqual(['不能对自己停职']);
    for (const as of ['系统', '审计', '区住建局', '东湖街道'])
      expect((await post(as, `/api/people/${people.deputy}/suspensions`, body)).statusCode, as).toBe(403);
  });

  it('没有放行的事务，库里什么也看不见，也写不进', async () => {
    const prefix = district.database.prefix;
    const client = await district.database.pool.connect();
    try {
      await client.query(`begin; set local role ${prefix}_office; set local app.lo = '0'; set local app.hi = ':'`);
      expect((await client.query('select from registers.estate')).rowCount).toBe(0);
      await client.query('select platform.enter()');
      expect((await client.query('select from registers.estate')).rowCount).toBe(4);
    } finally {
      await client.query('rollback');
      client.release();
    }
  });
});

describe('回避', () => {
  it('须回避的小区，连同其房屋、业主、项目、义务、报备，一概不见；说得出为什么；可以提异议，成立即解除', async () => {
    const { garden } = district.estates;
    expect((await get('东湖街道', '/api/estates')).json().total).toBe(3);
    const made = await post('安全', `/api/people/${district.people.chen}/bars`, {
      estate: garden,
      fromOn: today,
      reason: '配偶在该小区业委会任职',
    });
    expect(made.statusCode, made.body).toBe(200);
    const id = made.json().id;
    expect((await get('东湖街道', '/api/estates')).json().rows.map((one: { name: string }) => one.name)).toEqual([
      '老城里',
      '镜湖苑',
    ]);
    const shown = await get('东湖街道', `/api/estates/${garden}`);
    expect([shown.statusCode, reasons(shown)?.join()]).toEqual([
      403,
      expect.stringContaining('配偶在该小区业委会任职'),
    ]);
    for (const list of [
      `/api/owners?estate=${garden}`,
      `/api/estates/${garden}/units`,
      '/api/projects',
      '/api/committees',
    ])
      expect((await get('东湖街道', list)).json().total, list).toBe(0);
    const filed = await post('东湖街道', '/api/filings', {
      matter: 'reports.quarterly',
      subjectKind: 'estates',
      subjectId: String(garden),
      period: '2026-Q3',
      doneOn: today,
      evidence: 'none',
    });
    expect([filed.statusCode, reasons(filed)?.join()]).toEqual([403, expect.stringContaining('您须回避春江花园')]);
    // Others see it as before.
    expect((await get('区住建局', '/api/estates')).json().total).toBe(4);

    expect((await get('东湖街道', '/api/me/bars')).json().rows).toMatchObject([
      { id, subject: '春江花园', inForce: true },
    ]);
    expect((await post('东湖街道', `/api/bars/${id}/objection`, { reason: '配偶上月已卸任' })).statusCode).toBe(200);
    expect(reasons(await post('东湖街道', `/api/bars/${id}/objection`, { reason: '再说一遍' }))).toEqual([
      '已经提出过异议',
    ]);
    expect((await get('安全', '/api/bars')).json().rows[0].objection).toMatchObject({
      reason: '配偶上月已卸任',
      upheld: null,
    });
    const answered = await post('安全', `/api/bars/${id}/objection/answer`, { uphold: true, answer: '经核实成立' });
    expect(answered.statusCode, answered.body).toBe(200);
    expect((await get('东湖街道', '/api/estates')).json().total).toBe(3);
  });

  it('须回避的企业：看不见它的党建情况和关于它的报备', async () => {
    const { company } = district.organisations;
    const total = async () => (await get('东湖街道', '/api/companies')).json().total;
    expect(await total()).toBe(1);
    const made = await post('安全', `/api/people/${district.people.chen}/bars`, {
      company,
      fromOn: today,
      reason: '持有该企业股份',
      document,
    });
    expect(await total()).toBe(0);
    expect((await post('安全', `/api/bars/${made.json().id}/lifting`, { reason: '已经转让' })).statusCode).toBe(200);
    expect(await total()).toBe(1);
  });
});

describe('增加任职与离任', () => {
  // A workbench stands on the national base, as every deployment does.
  beforeAll(() => requireHere(district));
  const add = (person: number, body: object, as = '安全') => post(as, `/api/people/${person}/posts`, body);
  const said = { fromOn: today, document };

  it('同一个账号多一项任职，下一个请求就能切换；合并的待办里两个单位都在；离任之后下一个请求就没有，代办也随之停止', async () => {
    const { westOffice } = district.organisations;
    const made = await add(people.deputy, { organisationId: westOffice, role: 'officer', ...said });
    expect(made.statusCode, made.body).toBe(200);
    const { postId } = made.json();
    expect((await get('副手', '/api/me')).json().posts.map((one: { id: number }) => one.id)).toContain(postId);
    const todo = (await get('副手', '/api/workbench')).json().posts;
    expect(todo.map((one: { organisationName: string }) => one.organisationName)).toEqual([
      '东湖街道办事处',
      '西山街道办事处',
    ]);
    expect((await post('副手', `/api/posts/${postId}/session`)).json().post.organisationName).toBe('西山街道办事处');
    expect((await get('副手', '/api/estates')).json().rows.map((one: { name: string }) => one.name)).toEqual([
      '石桥新村',
    ]);
    const { rows: account } = await admin.query('select account_id from registers.person where id = $1', [
      people.deputy,
    ]);
    const before = (await district.database.transaction({ standing: 'door', today }, (tx) =>
      resolvePerson(tx, account[0].account_id, postId),
    ))!.actor;

    const end = { toOn: today, document: '示范区人事〔2026〕9号', reason: '调回原单位' };
    const ended = await post('安全', `/api/posts/${postId}/end`, end);
    expect(ended.statusCode, ended.body).toBe(200);
    expect((await get('副手', '/api/me')).json()).toMatchObject({
      post: { organisationName: '东湖街道办事处' },
      posts: [{}],
    });
    expect((await get('副手', '/api/estates')).json().total).toBe(3);
    await expect(
      district.database.transaction(before, (tx) => sql`select from registers.estate`.execute(tx)),
    ).rejects.toBeInstanceOf(OfficeEnded);
    expect((await get('安全', '/api/posts?past=yes')).json().rows).toContainEqual(
      expect.objectContaining({ id: postId, toOn: today, endDocument: end.document, endReason: end.reason }),
    );
    const { rows } = await admin.query(
      `select act, person_id, reason, detail::jsonb->>'document' as document from platform.journal where object = $1 order by at`,
      [`post:${postId}`],
    );
    expect(rows).toEqual([
      { act: 'people.postAdded', person_id: people.security, reason: null, document },
      { act: 'people.postEnded', person_id: people.security, reason: end.reason, document: end.document },
    ]);
  });

  it('页面上显示的身份已经没有了，办的事不会落到另一个身份名下', async () => {
    const { westOffice } = district.organisations;
    const { postId } = (await add(people.deputy, { organisationId: westOffice, role: 'officer', ...said })).json();
    await post('副手', `/api/posts/${postId}/session`);
    await post('安全', `/api/posts/${postId}/end`, { toOn: today, document, reason: '误任' });
    const asShown = await site.server.inject({
      method: 'POST',
      url: '/api/me/sessions/end',
      payload: {},
      headers: { origin: 'http://127.0.0.1:8080', cookie: cookies.副手!, 'x-gongzhi-post': String(postId) },
    });
    expect([asShown.statusCode, reasons(asShown)?.join()]).toEqual([
      409,
      expect.stringContaining('您的身份已经变为“东湖街道办事处 物业专员”'),
    ]);
  });

  it.each([
    ['另一种管理员', () => people.system, { role: 'audit-administrator' }, '系统、安全、审计三个管理员不能由同一人'],
    ['自己', () => people.security, { role: 'officer' }, '不能办理自己的任职'],
    ['已任的职务', () => people.system, { role: 'administrator' }, '已在这个单位任系统管理员'],
    ['届满早于任职', () => people.deputy, { role: 'officer', toOn: today }, '离任日期须晚于任职日期'],
    ['没有文件', () => people.deputy, { role: 'officer', document: ' ' }, '请填写依据文件'],
    ['辖区外的单位', () => people.deputy, { role: 'officer', organisationId: 999_999 }, '没有这个单位'],
    ['没有这个人', () => 999_999, { role: 'officer' }, '没有这个人'],
  ])('增加任职被拒绝并说明：%s', async (_, who, body, reason) => {
    const reply = await add(who(), { organisationId: district.organisations.bureau, ...said, ...body });
    expect([400, 404, 422]).toContain(reply.statusCode);
    expect(reasons(reply)?.join()).toContain(reason);
  });

  it('任期不重叠的另一种管理员可以接着任；同时办两次，只成一次', async () => {
    const first = { organisationId: district.organisations.bureau, role: 'administrator', document };
    const both = await Promise.all([
      add(people.deputy, { ...first, fromOn: '2030-01-01', toOn: '2031-01-01' }),
      add(people.deputy, { ...first, role: 'audit-administrator', fromOn: '2030-06-01', toOn: '2031-06-01' }),
    ]);
    expect(both.map((one) => one.statusCode).sort()).toEqual([200, 422]);
    const after = await add(people.deputy, { ...first, role: 'security-administrator', fromOn: '2031-06-01' });
    expect(after.statusCode, after.body).toBe(200);
  });

  it.each([
    ['早于任职之日', '2023-12-31', '不能早于任职日期'],
    ['已经离任的再离任', null, '已于'],
  ])('离任被拒绝：%s', async (_, toOn, reason) => {
    const { chenEast } = district.posts;
    const { rows } = await admin.query('select id from registers.post where end_reason is not null limit 1');
    const of = toOn === null ? rows[0].id : chenEast;
    const reply = await post('安全', `/api/posts/${of}/end`, { toOn: toOn ?? today, document, reason: '到期' });
    expect([reply.statusCode, reasons(reply)?.join()]).toEqual([422, expect.stringContaining(reason)]);
  });

  it('不能办自己的离任；别的角色也不能任免', async () => {
    const { rows } = await admin.query('select id from registers.post where person_id = $1', [people.security]);
    const body = { toOn: today, document, reason: '离任' };
    expect(reasons(await post('安全', `/api/posts/${rows[0].id}/end`, body))).toEqual([
      '不能办理自己的任职，请由另一位安全管理员办理',
    ]);
    for (const as of ['系统', '审计', '区住建局', '东湖街道', '安居物业']) {
      expect((await post(as, `/api/posts/${district.posts.chenEast}/end`, body)).statusCode, as).toBe(403);
      expect((await add(people.deputy, { organisationId: 1, role: 'officer', ...said }, as)).statusCode, as).toBe(403);
    }
  });
});

describe('三员分立', () => {
  it.each([
    ['安全管理员', 'security', 'administrator'],
    ['系统管理员', 'system', 'audit-administrator'],
    ['审计管理员', 'audit', 'security-administrator'],
  ] as const)('%s不能再任另一种管理员：数据库拒绝', async (_, who, role) => {
    const add = district.database.transaction(engine, async (tx) => {
      await addPosts(tx, [
        { personId: people[who], organisationId: district.organisations.bureau, role, fromOn: today },
      ]);
      await record(tx, { chain: 'organisation:1', act: 'tests.added', object: 'post' });
    });
    await expect(add).rejects.toThrow(/administrators_apart|不得兼任/);
  });

  it('也不能代理另一种管理员', async () => {
    const { rows } = await admin.query(`select id from registers.post where role = 'audit-administrator'`);
    const reply = await post('安全', `/api/posts/${rows[0].id}/deputies`, {
      personId: people.system,
      fromOn: today,
      toOn: '2027-01-01',
      document,
    });
    expect(reasons(reply)?.join()).toContain('系统、安全、审计三个管理员不能由同一人担任或代理');
    const forced = district.database.transaction(engine, async (tx) => {
      await sql`insert into registers.deputy (post_id, organisation_id, person_id, from_on, to_on, document)
        values (${rows[0].id}, ${district.organisations.bureau}, ${people.system}, ${today}, '2027-01-01', 'x')`.execute(
        tx,
      );
      await record(tx, { chain: 'organisation:1', act: 'tests.added', object: 'deputy' });
    });
    await expect(forced).rejects.toThrow('不得兼任或代理');
  });

  it('管理员看不见业务；系统管理员看得见有哪些小区、谁任何职', async () => {
    for (const as of ['系统', '安全', '审计'])
      for (const url of ['/api/estates', '/api/filings', '/api/duties', '/api/companies', '/api/owners?estate=1'])
        expect((await get(as, url)).statusCode, `${as} ${url}`).toBe(403);
    for (const as of ['系统', '安全', '审计']) {
      const posts = (await get(as, '/api/posts')).json();
      expect(posts.rows.map((one: { personName: string }) => one.personName)).toContain('陈晓岚');
    }
    const prefix = district.database.prefix;
    for (const standing of ['system', 'security', 'audit'] as const)
      for (const table of [
        'registers.unit',
        'registers.ownership',
        'filings.filing',
        'oversight.duty',
        'registers.committee',
      ]) {
        const seen = await district.database
          .transaction({ standing, lo: '0', hi: ':', today }, (tx) => sql`select from ${sql.table(table)}`.execute(tx))
          .then(
            ({ rows }) => rows.length,
            (error: { code: string }) => (error.code === '42501' ? 0 : error.code),
          );
        expect(seen, `${prefix} ${standing} ${table}`).toBe(0);
      }
  });

  it('审计管理员读留痕和查看记录，什么也改不了，也不能自己写留痕；安全管理员只见安全事件', async () => {
    const all = (await get('审计', '/api/journal')).json();
    expect(all.total).toBeGreaterThan(5);
    expect(all.rows.map((one: { act: string }) => one.act)).toContain('tests.prepared');
    const reset = await post('系统', `/api/people/${people.deputy}/password/reset`, { reason: '忘记密码' });
    expect(reset.statusCode, reset.body).toBe(200);
    const some = (await get('安全', '/api/journal')).json();
    expect(some.rows.map((one: { act: string }) => one.act)).toContain('accounts.passwordReset');
    expect(some.total).toBeGreaterThan(0);
    expect(
      some.rows.every((one: { act: string }) =>
        /^(people|offices|accounts|sealed|deployment|security)\./.test(one.act),
      ),
    ).toBe(true);
    expect((await get('系统', '/api/journal')).statusCode).toBe(403);
    const { rows } = await admin.query(
      `select p.oid::regprocedure::text as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace
       where n.nspname in ('platform', 'registers') and p.proname in ('record', 'record_each', 'enqueue', 'keep_file', 'open_sealed', 'take_back', 'erase')
         and has_function_privilege($1, p.oid, 'execute')
       union all
       select c.oid::regclass || ' ' || a.privilege_type from pg_class c cross join lateral aclexplode(c.relacl) a
       where a.grantee = $1::regrole and a.privilege_type <> 'SELECT' and c.relkind = 'r'`,
      [`${district.database.prefix}_audit`],
    );
    expect(rows).toEqual([]);
  });

  it('任职由安全管理员办，账号由系统管理员办；都留痕', async () => {
    const appointed = { name: '林海二', role: 'officer', fromOn: today };
    const url = `/api/organisations/${district.organisations.westOffice}/posts`;
    expect((await post('系统', url, appointed)).statusCode).toBe(403);
    const made = await post('安全', url, appointed);
    expect(made.statusCode, made.body).toBe(200);
    const account = `/api/people/${made.json().personId}/account`;
    expect((await post('安全', account, { account: '林海二' })).statusCode).toBe(403);
    const opened = await post('系统', account, { account: '林海二' });
    expect(opened.statusCode, opened.body).toBe(200);
    const { rows } = await admin.query(
      `select act, person_id from platform.journal where act in ('people.appointed', 'people.accountOpened') order by at`,
    );
    expect(rows).toEqual([
      { act: 'people.appointed', person_id: people.security },
      { act: 'people.accountOpened', person_id: people.system },
    ]);
  });
});
