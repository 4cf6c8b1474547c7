import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codes, type District, engine, password, testDistrict, today } from '../../../tests/district.ts';
import { type TestProvider, testProvider } from '../../../tests/provider.ts';
import { softAuthenticator } from '../../../tests/soft-authenticator.ts';
import { fixedClock } from '../../platform/clock.ts';
import { sql } from '../../platform/database.ts';
import { openFileStore } from '../../platform/files.ts';
import { buildServer } from '../../platform/http.ts';
import { identityProvider } from '../../platform/identity-provider.ts';
import { jobs } from '../../platform/jobs.ts';
import { record } from '../../platform/journal.ts';
import { keysFrom } from '../../platform/keys.ts';
import { signIn } from '../../platform/sign-in.ts';
import { codeOf, stepAt } from '../../platform/totp.ts';
import { addAccount, addPeople, addPosts, routes as people, resolvePerson } from '../people/index.ts';
import { demandsSecondFactor } from '../people/rules.ts';
import { routes } from './index.ts';

const origin = 'http://localhost:8080';
const clock = fixedClock(today);

let district: District;
/** One database, looked at as a demo and as a real deployment. */
let demo: FastifyInstance;
let real: FastifyInstance;
let folder: string;
let provider: TestProvider;
beforeAll(async () => {
  district = await testDistrict();
  folder = await mkdtemp(join(tmpdir(), 'gongzhi-accounts-'));
  const system = {
    database: district.database,
    clock,
    files: openFileStore({ folder, keys: keysFrom(Buffer.alloc(32, 7)) }),
    sealing: district.sealing,
    signer: district.signer,
    jobs,
    publicUrl: origin,
  };
  provider = await testProvider(`${origin}/console/sign-in`);
  const built = (isDemo: boolean) =>
    buildServer({
      system: {
        ...system,
        demo: isDemo,
        identityProvider: identityProvider({ ...provider, label: '统一身份认证' }, origin),
      },
      routes: [...people, ...routes],
      resolvePerson,
    });
  [demo, real] = [await built(true), await built(false)];
});
afterAll(async () => {
  await demo?.close();
  await real?.close();
  await provider?.close();
  await district?.close();
  if (folder) await rm(folder, { recursive: true });
});

/** A browser: it keeps the cookie it was given last. */
function browser(server: FastifyInstance) {
  const jar = new Map<string, string>();
  const asked = async (method: 'GET' | 'POST', url: string, payload?: object) => {
    const reply = await server.inject({
      method,
      url,
      ...(payload && { payload }),
      headers: {
        origin,
        cookie: [...jar].map((one) => one.join('=')).join('; '),
        'user-agent': 'Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36',
      },
    });
    for (const set of [reply.headers['set-cookie'] ?? []].flat()) {
      const [name, value] = set.split(';')[0]!.split('=') as [string, string];
      if (/Max-Age=0|1970/.test(set)) jar.delete(name);
      else jar.set(name, value);
    }
    return { status: reply.statusCode, body: reply.json(), reason: () => reply.json().refusals[0].reason as string };
  };
  return {
    get: (url: string) => asked('GET', url),
    post: (url: string, payload: object = {}) => asked('POST', url, payload),
    signIn: (name: string, given = password) => asked('POST', '/api/sign-in', { name, password: given }),
    cookie: () => jar.get('gongzhi_8080')!,
    takes: (other: string) => jar.set('gongzhi_8080', other),
    carries: () => [...jar.keys()],
  };
}

let serial = 0;
/** Somebody new of the bureau, or of another organisation. */
async function somebody(
  role: 'officer' | 'administrator' | 'security-administrator' | 'audit-administrator' | 'member',
  organisationId = district.organisations.bureau,
  isDemo = false,
) {
  serial += 1;
  const name = `人员${serial}`;
  const personId = await district.database.transaction(engine, async (tx) => {
    const [added] = await addPeople(tx, district.sealing, [{ scope: codes.district, name }]);
    await addPosts(tx, [{ personId: added!, organisationId, role, fromOn: '2026-01-01' }]);
    await addAccount(tx, { name, personId: added!, password, demo: isDemo });
    await record(tx, { chain: `organisation:${organisationId}`, act: 'tests.added', object: `person:${added}` });
    return added!;
  });
  return { name, personId };
}

const bytesOf = (base32: string) => {
  const bits = [...base32]
    .map((one) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(one).toString(2).padStart(5, '0'))
    .join('');
  return Buffer.from(bits.match(/.{8}/g)!.map((eight) => Number.parseInt(eight, 2)));
};
/** Codes of later steps: the clock of the test stands still, and a step is good once. */
const codeIn = (secret: Buffer, off = 0) => codeOf(secret, stepAt(clock.now()) + off);

async function enrol(who: ReturnType<typeof browser>, off = -1) {
  const begun = (await who.post('/api/me/authenticator')).body;
  const secret = bytesOf(begun.secret);
  const confirmed = await who.post('/api/me/authenticator/confirmation', { code: codeIn(secret, off) });
  expect(confirmed.status, JSON.stringify(confirmed.body)).toBe(200);
  return {
    secret,
    uri: begun.uri as string,
    recoveryCodes: confirmed.body.recoveryCodes as string[],
    entered: confirmed.body.entered,
  };
}

describe('谁必须有二次验证', () => {
  it.each([
    ['officer', 'housing-bureau', 'district', true],
    ['head', 'organisation-department', 'city', true],
    ['officer', 'subdistrict-office', 'subdistrict', false],
    ['secretary', 'community-party-organisation', 'community', false],
    ['administrator', 'residents-committee', 'community', true],
    ['audit-administrator', 'subdistrict-office', 'subdistrict', true],
    ['manager', 'property-company', 'district', false],
    ['owner', '', null, false],
  ])('%s 在 %s（%s）：%s', (role, organisationKind, level, demanded) => {
    expect(demandsSecondFactor([{ role, organisationKind, level }])).toBe(demanded);
  });

  it('真实部署：区级机关的人密码对了也什么都打不开，启用以后才打开', async () => {
    const { name } = await somebody('officer');
    const who = browser(real);
    expect((await who.signIn(name)).body).toEqual({ name, missing: 'enrolment' });
    const half = who.cookie();
    for (const url of ['/api/me', '/api/posts', '/api/me/security']) expect((await who.get(url)).status, url).toBe(401);
    expect((await who.post('/api/me/password', { current: password, next: '一个足够长的新密码' })).status).toBe(401);
    expect((await who.get('/api/sign-in')).body.halfway).toMatchObject({ name, missing: 'enrolment' });
    const { entered, recoveryCodes, uri } = await enrol(who);
    expect(entered).toEqual({ name, missing: null });
    expect(recoveryCodes).toHaveLength(10);
    expect(decodeURIComponent(uri)).toContain(name);
    expect((await who.get('/api/me')).status).toBe(200);
    // The cookie of the half-open door is worth nothing.
    who.takes(half);
    expect((await who.get('/api/sign-in')).body.halfway).toBeNull();
    expect((await who.get('/api/me')).status).toBe(401);
  });

  it('演示：现成的登录免了，页面说明；同一账号在真实部署、不是演示账号的在演示里，都不免', async () => {
    const ready = await somebody('officer', district.organisations.bureau, true);
    const other = await somebody('officer');
    const who = browser(demo);
    expect((await who.signIn(ready.name)).body).toMatchObject({ name: ready.name });
    expect((await who.get('/api/me/security')).body).toMatchObject({ demanded: true, exempt: true });
    expect((await browser(real).signIn(ready.name)).body).toEqual({ name: ready.name, missing: 'enrolment' });
    expect((await browser(demo).signIn(other.name)).body).toEqual({ name: other.name, missing: 'enrolment' });
  });

  it('街道干部不要求；登录期间被任命为管理员，下一次请求就要补', async () => {
    const { name, personId } = await somebody('officer', district.organisations.eastOffice);
    const who = browser(real);
    expect((await who.signIn(name)).body).toMatchObject({ name });
    expect((await who.get('/api/me/security')).body).toMatchObject({ demanded: false, exempt: false });
    await district.database.transaction(engine, async (tx) => {
      await addPosts(tx, [
        { personId, organisationId: district.organisations.eastOffice, role: 'administrator', fromOn: today },
      ]);
      await record(tx, {
        chain: `organisation:${district.organisations.eastOffice}`,
        act: 'tests.added',
        object: `person:${personId}`,
      });
    });
    expect((await who.get('/api/me')).status).toBe(401);
    expect((await who.get('/api/sign-in')).body.halfway.missing).toBe('enrolment');
  });
});

describe('登录的第二步', () => {
  it('自愿启用的人以后也要给验证码；用过的、错的说明，错多了锁定', async () => {
    const { name } = await somebody('officer', district.organisations.eastOffice);
    const who = browser(real);
    await who.signIn(name);
    const { secret, recoveryCodes } = await enrol(who);
    expect((await who.get('/api/me')).status).toBe(200);

    const later = browser(real);
    expect((await later.signIn(name)).body).toEqual({ name, missing: 'second-factor' });
    // A password alone replaces no factor.
    expect((await later.post('/api/me/authenticator')).status).toBe(401);
    expect((await later.post('/api/sign-in/code', { code: codeIn(secret, -1) })).reason()).toContain('已经用过');
    expect((await later.post('/api/sign-in/code', { code: codeIn(secret) })).body).toMatchObject({ name });
    expect((await later.get('/api/me')).status).toBe(200);

    const onPaper = browser(real);
    await onPaper.signIn(name);
    expect((await onPaper.post('/api/sign-in/code', { code: recoveryCodes[3]! })).status).toBe(200);
    expect((await onPaper.get('/api/me/security')).body).toMatchObject({ authenticator: true, recoveryCodesLeft: 9 });

    const guessing = browser(real);
    await guessing.signIn(name);
    for (let n = 0; n < 5; n += 1)
      expect((await guessing.post('/api/sign-in/code', { code: '000000' })).status).toBe(401);
    const locked = await guessing.post('/api/sign-in/code', { code: codeIn(secret, 1) });
    expect([locked.status, locked.reason()]).toEqual([429, expect.stringContaining('账号暂停登录至')]);
    expect((await browser(real).signIn(name)).status).toBe(429);
  });

  it('没有先给密码，验证码无从给起', async () => {
    const who = browser(real);
    expect((await who.post('/api/sign-in/code', { code: '123456' })).status).toBe(401);
    expect((await who.get('/api/sign-in')).body.halfway).toBeNull();
  });

  it('换一个登录，浏览器里原来的会话随之结束', async () => {
    const [one, other] = [await somebody('member', district.committee), await somebody('member', district.committee)];
    const who = browser(real);
    await who.signIn(one.name);
    const before = who.cookie();
    await who.signIn(other.name);
    expect((await who.get('/api/me')).body.name).toBe(other.name);
    who.takes(before);
    expect((await who.get('/api/me')).status).toBe(401);
  });
});

describe('通行密钥', () => {
  const site = { rpID: 'localhost', origin };
  const added = async (who: ReturnType<typeof browser>, name = '我的手机') => {
    const device = softAuthenticator(site);
    const { options } = (await who.post('/api/me/passkeys/options')).body;
    const reply = await who.post('/api/me/passkeys', { name, response: device.make(options) });
    expect(reply.status, JSON.stringify(reply.body)).toBe(200);
    return device;
  };
  const signsIn = async (who: ReturnType<typeof browser>, device: ReturnType<typeof softAuthenticator>, bent = {}) => {
    const { options } = (await who.post('/api/sign-in/passkey/options')).body;
    return who.post('/api/sign-in/passkey', { response: device.sign(options, bent) });
  };

  it('算作二次验证：必须有的人可以只添加它；以后不用账号名和密码，直接进门', async () => {
    const { name } = await somebody('officer');
    const who = browser(real);
    await who.signIn(name);
    const half = who.cookie();
    const device = await added(who);
    expect((await who.get('/api/me')).body.name).toBe(name);
    expect(who.cookie()).not.toBe(half);

    const later = browser(real);
    expect((await signsIn(later, device)).body).toEqual({ name, missing: null });
    expect((await later.get('/api/me')).status).toBe(200);
    const elsewhere = await signsIn(browser(real), device, { origin: 'http://localhost:8081' });
    expect([elsewhere.status, elsewhere.reason()]).toEqual([401, expect.stringContaining('不认识')]);

    // A password alone is half a door still, and adds nothing.
    const half2 = browser(real);
    expect((await half2.signIn(name)).body).toEqual({ name, missing: 'second-factor' });
    expect((await half2.get('/api/sign-in')).body).toMatchObject({
      passkeys: true,
      halfway: { authenticator: false, passkey: true },
    });
    expect((await half2.post('/api/me/passkeys/options')).status).toBe(401);
    expect((await signsIn(half2, device)).status).toBe(200);
    expect((await half2.get('/api/me')).status).toBe(200);
  });

  it('取名、改名、删除；最后一种方式不能删，有了动态口令就能删', async () => {
    const { name } = await somebody('officer');
    const who = browser(real);
    await who.signIn(name);
    const device = await added(who, '办公电脑');
    const [one] = (await who.get('/api/me/security')).body.passkeys;
    expect(one).toMatchObject({ name: '办公电脑', usedAt: null });
    expect((await who.post(`/api/me/passkeys/${one.id}/name`, { name: '新电脑' })).status).toBe(200);
    expect((await who.post(`/api/me/passkeys/${one.id}/end`)).reason()).toContain('不能停用最后一种方式');
    expect((await who.get('/api/me/security')).body.passkeys).toMatchObject([{ name: '新电脑' }]);
    await enrol(who);
    expect((await who.post(`/api/me/passkeys/${one.id}/end`)).status).toBe(200);
    expect((await who.post(`/api/me/passkeys/${one.id}/end`)).status).toBe(404);
    expect((await signsIn(browser(real), device)).status).toBe(401);
  });
});

describe('统一身份认证', () => {
  /** There and back, as the browser goes; `bind` from within. */
  async function comesBack(
    who: ReturnType<typeof browser>,
    subject: string,
    given: { bind?: boolean; amr?: string[] } = {},
  ) {
    const left = await who.post('/api/sign-in/provider/leaving', { bind: given.bind ?? false });
    expect(left.status, JSON.stringify(left.body)).toBe(200);
    provider.is(subject, given.amr);
    const back = (await provider.visit(left.body.url)).searchParams;
    return () =>
      who.post('/api/sign-in/provider', {
        code: back.get('code'),
        state: back.get('state'),
        iss: back.get('iss') ?? undefined,
      });
  }
  const signsIn = async (who: ReturnType<typeof browser>, subject: string, amr?: string[]) =>
    (await comesBack(who, subject, { ...(amr && { amr }) }))();

  it('没有绑定的身份进不来，也不会自动开出账号；本人绑定以后就能登录，退出以后会话不再有用', async () => {
    const { name } = await somebody('member', district.committee);
    const stranger = await signsIn(browser(real), 'sub-1');
    expect([stranger.status, stranger.reason()]).toEqual([403, expect.stringContaining('还没有绑定账号')]);
    const who = browser(real);
    await who.signIn(name);
    expect((await who.get('/api/me/security')).body.identity).toEqual({ label: '统一身份认证', bound: false });
    expect((await (await comesBack(who, 'sub-1', { bind: true }))()).body).toEqual({
      name,
      missing: null,
      bound: true,
    });
    expect((await who.get('/api/me/security')).body.identity.bound).toBe(true);

    const later = browser(real);
    expect((await signsIn(later, 'sub-1')).body).toEqual({ name, missing: null, bound: false });
    expect(later.carries()).toEqual(['gongzhi_8080']);
    const token = later.cookie();
    expect((await later.get('/api/me')).status).toBe(200);
    await later.post('/api/sign-out');
    later.takes(token);
    expect((await later.get('/api/me')).status).toBe(401);

    expect((await who.post('/api/me/identity/end')).status).toBe(200);
    expect((await signsIn(browser(real), 'sub-1')).status).toBe(403);
  });

  it('另一个浏览器带回来的回答不认（state）；带回来两次也不认', async () => {
    const [victim, attacker] = [browser(real), browser(real)];
    await comesBack(victim, 'sub-x');
    const stolen = await comesBack(attacker, 'sub-attacker');
    // The attacker's answer in the victim's browser: its errand has another state.
    const left = await attacker.post('/api/sign-in/provider/leaving', {});
    expect(left.status).toBe(200);
    const reply = await stolen();
    expect(reply.status).toBe(401);
    const bare = await browser(real).post('/api/sign-in/provider', { code: 'c', state: 's' });
    expect([bare.status, bare.reason()]).toEqual([401, expect.stringContaining('不是从这个浏览器开始')]);
  });

  it('只凭一重的，职务要求二次验证的人还要补；对方验过两重的不用', async () => {
    const { name } = await somebody('officer');
    const who = browser(real);
    await who.signIn(name);
    await enrol(who);
    await (await comesBack(who, 'sub-2', { bind: true }))();
    expect((await signsIn(browser(real), 'sub-2')).body).toMatchObject({ name, missing: 'second-factor' });
    const strong = browser(real);
    expect((await signsIn(strong, 'sub-2', ['pwd', 'mfa'])).body).toMatchObject({ name, missing: null });
    expect((await strong.get('/api/me')).status).toBe(200);
  });

  it('管理员代为绑定与解除，留痕里没有身份标识；一个身份只绑一个账号', async () => {
    const [admin, one, other] = [
      await somebody('security-administrator', district.organisations.bureau, true),
      await somebody('member', district.committee),
      await somebody('member', district.committee),
    ];
    const who = browser(demo);
    await who.signIn(admin.name);
    const bind = (id: number) => who.post(`/api/people/${id}/identity`, { subject: 'employee-4711' });
    expect((await bind(one.personId)).status).toBe(200);
    expect((await bind(other.personId)).reason()).toContain('已经绑定');
    expect((await bind(999_999)).status).toBe(404);
    expect((await signsIn(browser(real), 'employee-4711')).body).toMatchObject({ name: one.name });
    expect((await who.post(`/api/people/${one.personId}/identity/end`)).status).toBe(200);
    expect((await signsIn(browser(real), 'employee-4711')).status).toBe(403);
    const { rows } = await district.database.transaction({ standing: 'auditor', today }, (tx) =>
      sql<{
        act: string;
        all: string;
      }>`select act, concat(detail, reason, encode(payload, 'escape')) as all from platform.journal j
        where object = ${`person:${one.personId}`} and act like 'accounts.%' order by seq`.execute(tx),
    );
    expect(rows.map((row) => row.act)).toEqual(['accounts.identityBound', 'accounts.identityUnbound']);
    expect(rows.some((row) => row.all.includes('employee'))).toBe(false);
  });

  it('业主自己绑定与解除：没有单位，记在小区的链上', async () => {
    const { deng } = district.people;
    const who = browser(real);
    await who.signIn('业主邓小舟');
    expect((await (await comesBack(who, 'sub-owner', { bind: true }))()).body).toMatchObject({ bound: true });
    expect((await who.post('/api/me/identity/end')).status).toBe(200);
    const { rows } = await district.database.transaction({ standing: 'auditor', today }, (tx) =>
      sql`select chain, act, person_id as who from platform.journal where object = ${`person:${deng}`} and act like 'accounts.identity%' order by seq`.execute(
        tx,
      ),
    );
    const at = { chain: `estate:${district.estates.garden}`, who: deng };
    expect(rows).toEqual([
      { ...at, act: 'accounts.identityBound' },
      { ...at, act: 'accounts.identityUnbound' },
    ]);
  });

  it('绑定要由登录着的本人带回来', async () => {
    const { name } = await somebody('member', district.committee);
    const who = browser(real);
    expect((await who.post('/api/sign-in/provider/leaving', { bind: true })).status).toBe(401);
    await who.signIn(name);
    const back = await comesBack(who, 'sub-3', { bind: true });
    await who.post('/api/sign-out');
    expect((await back()).status).toBe(401);
    expect((await signsIn(browser(real), 'sub-3')).status).toBe(403);
  });
});

describe('登录安全', () => {
  it('停用动态口令要给一次验证码；职务要求的不能停用；换新恢复码', async () => {
    const [free, bound] = [await somebody('officer', district.organisations.eastOffice), await somebody('officer')];
    const who = browser(real);
    await who.signIn(free.name);
    const { secret, recoveryCodes } = await enrol(who);
    expect((await who.post('/api/me/authenticator/end', { code: '000000' })).status).toBe(422);
    const renewed = await who.post('/api/me/recovery-codes', { code: codeIn(secret) });
    expect(renewed.body.recoveryCodes).toHaveLength(10);
    expect((await who.post('/api/me/authenticator/end', { code: recoveryCodes[0]! })).status).toBe(422);
    expect((await who.post('/api/me/authenticator/end', { code: renewed.body.recoveryCodes[0] })).status).toBe(200);
    expect((await browser(real).signIn(free.name)).body).toMatchObject({ name: free.name, post: {} });

    const official = browser(real);
    await official.signIn(bound.name);
    const own = await enrol(official);
    const refused = await official.post('/api/me/authenticator/end', { code: codeIn(own.secret) });
    expect([refused.status, refused.reason()]).toEqual([422, expect.stringContaining('不能停用最后一种方式')]);
  });

  it('列出自己的会话，结束别处的', async () => {
    const { name } = await somebody('member', district.committee);
    const [here, there] = [browser(real), browser(real)];
    await here.signIn(name);
    await there.signIn(name);
    const { sessions } = (await here.get('/api/me/security')).body;
    expect(sessions).toEqual([
      expect.objectContaining({ here: true, agent: 'Chrome，Windows' }),
      expect.objectContaining({ here: false, agent: 'Chrome，Windows' }),
    ]);
    expect((await here.post(`/api/me/sessions/${sessions[1].id}/end`)).status).toBe(200);
    expect((await there.get('/api/me')).status).toBe(401);
    expect((await here.post(`/api/me/sessions/${sessions[1].id}/end`)).status).toBe(404);
    await there.signIn(name);
    expect((await here.post('/api/me/sessions/end')).body).toEqual({ ended: 1 });
    expect((await here.get('/api/me')).status).toBe(200);
  });

  it('切到管理员的身份，会话换号；切回来不换', async () => {
    const { name, personId } = await somebody('officer', district.organisations.eastOffice, true);
    await district.database.transaction(engine, async (tx) => {
      await addPosts(tx, [
        { personId, organisationId: district.organisations.eastOffice, role: 'administrator', fromOn: today },
      ]);
      await record(tx, {
        chain: `organisation:${district.organisations.eastOffice}`,
        act: 'tests.added',
        object: `person:${personId}`,
      });
    });
    const who = browser(demo);
    const me = (await who.signIn(name)).body;
    const before = who.cookie();
    const [plain, raised] = [me.post, me.posts.find((one: { role: string }) => one.role === 'administrator')];
    await who.post(`/api/posts/${raised.id}/session`);
    expect(who.cookie()).not.toBe(before);
    const after = who.cookie();
    expect((await who.get('/api/me')).body.post.role).toBe('administrator');
    await who.post(`/api/posts/${plain.id}/session`);
    expect(who.cookie()).toBe(after);
    who.takes(before);
    expect((await who.get('/api/me')).status).toBe(401);
  });

  it('管理员为丢了手机的人清除：会话结束、重新启用、留痕写明理由；自己的、辖区外的、非管理员不行', async () => {
    const [admin, lost, plain] = [
      await somebody('security-administrator', district.organisations.bureau, true),
      await somebody('officer'),
      await somebody('officer', district.organisations.eastOffice),
    ];
    const phone = browser(real);
    await phone.signIn(lost.name);
    await enrol(phone);
    const who = browser(demo);
    await who.signIn(admin.name);
    const clear = (id: number, from = who) => from.post(`/api/people/${id}/second-factor/end`, { reason: '手机遗失' });
    const officer = browser(demo);
    await officer.signIn(plain.name);
    expect((await clear(lost.personId, officer)).status).toBe(403);
    expect((await clear(admin.personId)).reason()).toContain('不能清除自己的');
    expect((await clear(999_999)).status).toBe(404);
    expect((await clear(lost.personId)).status).toBe(200);
    expect((await phone.get('/api/me')).status).toBe(401);
    expect((await browser(real).signIn(lost.name)).body).toMatchObject({ missing: 'enrolment' });
    const { rows } = await district.database.transaction({ standing: 'auditor', today }, (tx) =>
      sql<{ object: string; reason: string; person: number }>`
        select object, reason, person_id as person from platform.journal where act = 'accounts.secondFactorCleared'`.execute(
        tx,
      ),
    );
    expect(rows).toEqual([{ object: `person:${lost.personId}`, reason: '手机遗失', person: admin.personId }]);
  });
});

describe('重置忘记的密码', () => {
  const reset = (from: ReturnType<typeof browser>, id: number, reason = '本人来电，已核实') =>
    from.post(`/api/people/${id}/password/reset`, { reason });
  const own = '自己设的一句话做密码';
  async function administrator() {
    const { name, personId } = await somebody('administrator', district.organisations.bureau, true);
    const who = browser(demo);
    await who.signIn(name);
    return { who, name, personId };
  }

  it('临时密码只能用来设自己的密码：先补二次验证；登录时看到是谁、何时、为什么；旧会话和旧密码随之作废；留痕不含密码', async () => {
    const admin = await administrator();
    const forgot = await somebody('officer');
    const before = browser(real);
    await before.signIn(forgot.name);
    const { secret } = await enrol(before);
    const given = await reset(admin.who, forgot.personId);
    expect(given.body).toEqual({
      account: forgot.name,
      password: expect.stringMatching(/^[a-z2-9]{4}(-[a-z2-9]{4}){2}$/),
      hours: 72,
    });
    const lent = given.body.password as string;
    expect((await before.get('/api/me')).status).toBe(401);
    expect((await before.signIn(forgot.name)).status).toBe(401);

    const who = browser(real);
    expect((await who.signIn(forgot.name, lent)).body).toEqual({ name: forgot.name, missing: 'second-factor' });
    // Whoever lent the password does not get past the factor, and so never to the next password.
    expect((await who.post('/api/sign-in/password', { next: own })).status).toBe(401);
    const elsewhere = browser(real);
    await elsewhere.signIn(forgot.name, lent);
    expect((await who.post('/api/sign-in/code', { code: codeIn(secret) })).body).toEqual({
      name: forgot.name,
      missing: 'password',
    });
    expect((await who.get('/api/me')).status).toBe(401);
    expect((await who.get('/api/sign-in')).body.halfway.loan).toEqual({
      by: `示范区住房和城乡建设局系统管理员${admin.name}`,
      reason: '本人来电，已核实',
      at: clock.now().toISOString(),
    });
    expect((await who.post('/api/sign-in/password', { next: lent })).reason()).toContain('和现在的一样');
    expect((await who.post('/api/sign-in/password', { next: '太短' })).reason()).toContain('至少 10 个字');
    const carried = who.cookie();
    expect((await who.post('/api/sign-in/password', { next: own })).body).toEqual({ name: forgot.name, missing: null });
    expect(who.cookie()).not.toBe(carried);
    expect((await who.get('/api/me')).body.name).toBe(forgot.name);
    expect((await elsewhere.get('/api/sign-in')).body.halfway).toBeNull();
    expect((await browser(real).signIn(forgot.name, lent)).status).toBe(401);
    expect((await browser(real).signIn(forgot.name, own)).body.missing).toBe('second-factor');

    const { rows } = await district.database.transaction({ standing: 'auditor', today }, (tx) =>
      sql<{ reason: string; person: number; whole: string }>`
        select reason, person_id as person, j::text as whole from platform.journal j
        where act = 'accounts.passwordReset' and object = ${`person:${forgot.personId}`}`.execute(tx),
    );
    expect(rows).toEqual([{ reason: '本人来电，已核实', person: admin.personId, whole: expect.any(String) }]);
    expect(rows[0]!.whole).not.toContain(lent);
  });

  it('没有启用二次验证的，先设自己的密码，再启用：给密码的人启用不了', async () => {
    const admin = await administrator();
    const forgot = await somebody('officer');
    const lent = (await reset(admin.who, forgot.personId)).body.password as string;
    const who = browser(real);
    expect((await who.signIn(forgot.name, lent)).body.missing).toBe('password');
    expect((await who.post('/api/me/authenticator')).status).toBe(401);
    expect((await who.post('/api/sign-in/password', { next: own })).body.missing).toBe('enrolment');
  });

  it('过了期的临时密码不能登录，说明要再给一个', async () => {
    const admin = await administrator();
    const forgot = await somebody('officer');
    const lent = (await reset(admin.who, forgot.personId)).body.password as string;
    const at = (milliseconds: number) =>
      signIn(
        district.database,
        { ...clock, now: () => new Date(clock.now().getTime() + 72 * 3_600_000 + milliseconds) },
        { name: forgot.name, password: lent },
      );
    expect(await at(-1)).toHaveProperty('session');
    expect(await at(0)).toEqual({ refused: 'expired' });
  });

  it('自己的、辖区外的、没有账号的不能重置；只有系统管理员能', async () => {
    const admin = await administrator();
    const other = await somebody('officer');
    expect((await reset(admin.who, admin.personId)).reason()).toContain('不能重置自己的密码');
    expect((await reset(admin.who, 999_999)).status).toBe(404);
    expect((await reset(admin.who, district.people.wu)).reason()).toContain('还没有账号');
    expect((await reset(admin.who, other.personId, ' ')).status).toBe(400);
    for (const role of ['officer', 'security-administrator', 'audit-administrator'] as const) {
      const one = await somebody(role, district.organisations.bureau, true);
      const who = browser(demo);
      await who.signIn(one.name);
      expect((await reset(who, other.personId)).status, role).toBe(403);
    }
  });
});
