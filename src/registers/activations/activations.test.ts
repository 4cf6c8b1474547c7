import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codes, type District, engine, password, testDistrict, today } from '../../../tests/district.ts';
import { smsGateway } from '../../../tests/sms-gateway.ts';
import { type Clock, fixedClock } from '../../platform/clock.ts';
import { sql } from '../../platform/database.ts';
import { openFileStore } from '../../platform/files.ts';
import { buildServer } from '../../platform/http.ts';
import { jobs } from '../../platform/jobs.ts';
import { record } from '../../platform/journal.ts';
import { keysFrom } from '../../platform/keys.ts';
import { httpSmsProvider } from '../../platform/sms.ts';
import { addOwners } from '../estates/index.ts';
import { addAccount, addPeople, addPosts, routes as people, resolvePerson } from '../people/index.ts';
import { routes } from './index.ts';
import { letterDays, namesAllowed, refusalsOfConfirming, sameName } from './rules.ts';

const origin = 'http://localhost:8080';
/** The day may turn, so that letters expire. */
let clock: Clock = fixedClock(today);
const logged: string[] = [];

let district: District;
let server: FastifyInstance;
let folder: string;
let gateway: Awaited<ReturnType<typeof smsGateway>>;
beforeAll(async () => {
  district = await testDistrict();
  folder = await mkdtemp(join(tmpdir(), 'gongzhi-activations-'));
  gateway = await smsGateway();
  server = await buildServer({
    system: {
      database: district.database,
      clock: { now: () => clock.now(), today: () => clock.today() },
      files: openFileStore({ folder, keys: keysFrom(Buffer.alloc(32, 7)) }),
      sealing: district.sealing,
      signer: district.signer,
      jobs,
      demo: true,
      publicUrl: origin,
      sms: httpSmsProvider(gateway.settings, 500),
    },
    routes: [...people, ...routes],
    resolvePerson,
    log: { write: (line) => void logged.push(line) },
  });
});
afterAll(async () => {
  await server?.close();
  await gateway?.close();
  await district?.close();
  if (folder) await rm(folder, { recursive: true });
});

let visitors = 0;
function browser() {
  let cookie = '';
  visitors += 1;
  const remoteAddress = `192.0.2.${visitors}`;
  const asked = async (method: 'GET' | 'POST', url: string, payload?: object) => {
    const reply = await server.inject({
      method,
      url,
      remoteAddress,
      ...(payload && { payload }),
      headers: { origin, cookie },
    });
    const set = reply.headers['set-cookie'];
    if (set) cookie = String(set).split(';')[0]!;
    const body = reply.json();
    return {
      status: reply.statusCode,
      body,
      reasons: (body.refusals ?? []).map((one: { reason: string }) => one.reason).join('；') as string,
    };
  };
  return {
    get: (url: string) => asked('GET', url),
    post: (url: string, payload: object = {}) => asked('POST', url, payload),
  };
}

let serial = 0;
async function staff(organisationId: number, role: 'officer' | 'member' | 'head') {
  serial += 1;
  const name = `工作人员${serial}`;
  const personId = await district.database.transaction(engine, async (tx) => {
    const [added] = await addPeople(tx, district.sealing, [{ scope: codes.spring, name }]);
    await addPosts(tx, [{ personId: added!, organisationId, role, fromOn: '2026-01-01' }]);
    await addAccount(tx, { name, personId: added!, password, demo: true });
    await record(tx, { chain: `organisation:${organisationId}`, act: 'tests.added', object: `person:${added}` });
    return added!;
  });
  const who = browser();
  expect((await who.post('/api/sign-in', { name, password })).status).toBe(200);
  return { ...who, personId, name };
}
const communityOfficer = () => staff(district.organisations.springCommittee, 'officer');

/** A new owner of a unit of the garden estate, with a telephone of their own. */
async function owner(given: { phone?: string | null; identity?: string; unit?: number; name?: string } = {}) {
  serial += 1;
  const name = given.name ?? `业主某${serial}`;
  const phone = given.phone === undefined ? `1540001${String(serial).padStart(4, '0')}` : given.phone;
  const unitId = given.unit ?? district.units[2]!;
  const [personId] = await district.database.transaction(engine, async (tx) => {
    const ids = await addOwners(tx, district.sealing, [
      { unitId, name, phone, ...(given.identity && { identity: given.identity }) },
    ]);
    await record(tx, { chain: `estate:${district.estates.garden}`, act: 'tests.added', object: `unit:${unitId}` });
    return ids;
  });
  return { name, phone: phone!, personId: personId!, unitId };
}

const eventsOf = async (personOrObject: string) => {
  const { rows } = await district.database.transaction({ standing: 'auditor', today }, (tx) =>
    sql<{ act: string; chain: string; all: string }>`
      select act, chain, concat(object, detail, reason, encode(payload, 'escape')) as all from platform.journal
      where act like 'activations.%' and (object = ${personOrObject} or detail ~ ${`"person":${personOrObject.replace('person:', '')}\\D`}) order by at`.execute(
      tx,
    ),
  );
  return rows;
};
const newPassword = '春风又绿江南岸明月何时';

describe('手机验证码登录', () => {
  const codeTo = async (phone: string) => {
    await expect.poll(() => gateway.sent.some((one) => one.phone === phone)).toBe(true);
    return gateway.sent.findLast((one) => one.phone === phone)!.parameters.code;
  };

  it('登记过的业主：第一次即开通账号，以后直接登录；看到自己的身份', async () => {
    const { name, phone, personId } = await owner();
    const who = browser();
    expect((await who.post('/api/sign-in/phone', { phone: ` ${phone.slice(0, 3)} ${phone.slice(3)}` })).body).toEqual({
      minutes: 5,
    });
    const code = await codeTo(phone);
    expect((await who.post('/api/sign-in/phone/code', { phone, code })).body).toEqual({ name, missing: null });
    expect((await who.get('/api/me')).body).toMatchObject({
      name,
      post: { role: 'owner', organisationName: '本人房屋' },
    });
    expect((await browser().post('/api/sign-in/phone/code', { phone, code })).status).toBe(401);
    const events = await eventsOf(`person:${personId}`);
    expect(events.map((one) => [one.act, one.chain])).toEqual([
      ['activations.openedByPhone', `estate:${district.estates.garden}`],
    ]);
    expect(events[0]!.all).not.toContain(name);
    expect(events[0]!.all).not.toContain(phone);
  });

  it('登记与否，回答一样；没有登记的号码什么也不发，猜也猜不进', async () => {
    const { phone } = await owner();
    const [known, unknown] = [
      await browser().post('/api/sign-in/phone', { phone }),
      await browser().post('/api/sign-in/phone', { phone: '15499999999' }),
    ];
    expect([known.status, known.body]).toEqual([unknown.status, unknown.body]);
    await codeTo(phone);
    expect(gateway.sent.some((one) => one.phone === '15499999999')).toBe(false);
    const wrong = await browser().post('/api/sign-in/phone/code', { phone: '15499999999', code: '000000' });
    expect([wrong.status, wrong.reasons]).toEqual([401, expect.stringContaining('验证码不对')]);
    expect((await browser().post('/api/sign-in/phone', { phone })).status).toBe(429);
    expect((await browser().post('/api/sign-in/phone', { phone: '15499999999' })).status).toBe(429);
    expect((await browser().post('/api/sign-in/phone', { phone: '1234' })).reasons).toContain('11 位手机号');
  });

  it('两位业主登记同一号码：不猜，说明怎么办', async () => {
    const phone = '15400077777';
    await owner({ phone, name: '甲业主' });
    await owner({ phone, name: '乙业主' });
    const who = browser();
    await who.post('/api/sign-in/phone', { phone });
    const reply = await who.post('/api/sign-in/phone/code', { phone, code: await codeTo(phone) });
    expect([reply.status, reply.reasons]).toEqual([422, expect.stringContaining('登记在多位业主名下')]);
  });

  it('短信服务出错：回答仍一样，当即可以再要，运行状况里看得到', async () => {
    const { phone } = await owner();
    gateway.answers(500);
    expect((await browser().post('/api/sign-in/phone', { phone })).body).toEqual({ minutes: 5 });
    await expect
      .poll(async () =>
        (
          await district.database.transaction({ standing: 'door', today }, (tx) =>
            sql<{
              said: string;
            }>`select failed_as as said from platform.phone_code where failed_at is not null`.execute(tx),
          )
        ).rows.map((row) => row.said),
      )
      .toEqual(['短信服务自身出错，请联系服务方（500）']);
    gateway.answers(200);
    expect((await browser().post('/api/sign-in/phone', { phone })).status).toBe(200);
    await codeTo(phone);
  });

  it('号码不进日志和留痕', async () => {
    const { rows } = await district.database.transaction({ standing: 'auditor', today }, (tx) =>
      sql<{
        all: string;
      }>`select concat(object, detail, reason, encode(payload, 'escape')) as all from platform.journal`.execute(tx),
    );
    const phones = gateway.sent.map((one) => one.phone);
    expect(phones.length).toBeGreaterThan(2);
    for (const phone of phones) {
      expect(logged.join('')).not.toContain(phone);
      expect(rows.some((row) => row.all.includes(phone))).toBe(false);
    }
  });
});

describe('激活信', () => {
  it('社区出信，业主凭码和姓名自定账号密码；码只在信上，库中只有摘要；信只用一次', async () => {
    const officer = await communityOfficer();
    const { name, personId, unitId } = await owner();
    const letter = (await officer.post(`/api/units/${unitId}/letters`, { personId })).body;
    expect(letter).toMatchObject({
      ownerName: name,
      estateName: '春江花园',
      unitName: '2幢 101',
      expiresOn: '2026-12-22',
      issuer: '春江社区居委会',
    });
    const url = new URL(letter.url);
    expect([url.pathname, url.search, url.hash]).toEqual(['/console/activate', '', `#${letter.code}`]);
    const { rows } = await district.database.transaction({ standing: 'auditor', today }, (tx) =>
      sql<{
        all: string;
      }>`select row(l.*)::text as all from registers.activation_letter l where person_id = ${personId}`.execute(tx),
    );
    expect(rows[0]!.all).not.toContain(letter.code);
    expect((await officer.get(`/api/units/${unitId}/activations`)).body.owners).toContainEqual(
      expect.objectContaining({ name, hasAccount: false, letter: { issuedOn: today, expiresOn: '2026-12-22' } }),
    );

    const who = browser();
    const give = (change: object = {}) =>
      who.post('/api/activation', {
        code: letter.code,
        name,
        account: `我家${serial}`,
        password: newPassword,
        ...change,
      });
    expect((await give({ password: '太短' })).reasons).toContain('至少 10 个字');
    expect((await give({ account: '区住建局' })).reasons).toContain('已经有人用了');
    expect((await give({ code: letter.code.toUpperCase().replaceAll('-', ' ') })).body).toEqual({
      name,
      missing: null,
    });
    expect((await who.get('/api/me')).body).toMatchObject({ name, post: { role: 'owner' } });
    expect((await browser().post('/api/sign-in', { name: `我家${serial}`, password: newPassword })).status).toBe(200);
    const again = await browser().post('/api/activation', {
      code: letter.code,
      name,
      account: '再来一次',
      password: newPassword,
    });
    expect([again.status, again.reasons]).toEqual([401, expect.stringContaining('已用过')]);
    expect((await eventsOf(`person:${personId}`)).map((one) => one.act)).toEqual([
      'activations.letterIssued',
      'activations.letterUsed',
    ]);
    expect((await officer.post(`/api/units/${unitId}/letters`, { personId })).reasons).toContain('已经有账号');
  });

  it('同时用两次只成一次', async () => {
    const officer = await communityOfficer();
    const { name, personId, unitId } = await owner();
    const { code } = (await officer.post(`/api/units/${unitId}/letters`, { personId })).body;
    const both = await Promise.all(
      ['甲号', '乙号'].map((account) =>
        browser().post('/api/activation', { code, name, account: `${account}${serial}`, password: newPassword }),
      ),
    );
    expect(both.map((one) => one.status).sort()).toEqual([200, 401]);
  });

  it('新信一出，旧信作废；过期的不能用；姓名填错几次作废', async () => {
    const officer = await communityOfficer();
    const one = await owner();
    const issue = async () => (await officer.post(`/api/units/${one.unitId}/letters`, { personId: one.personId })).body;
    const use = (code: string, name = one.name) =>
      browser().post('/api/activation', { code, name, account: `账号${one.personId}`, password: newPassword });
    const [old, fresh] = [await issue(), await issue()];
    expect((await use(old.code)).status).toBe(401);
    const day = new Date(`${today}T01:00:00Z`);
    clock = fixedClock(new Date(day.getTime() + letterDays * 86_400_000).toISOString().slice(0, 10));
    expect((await use(fresh.code)).status).toBe(401);
    clock = fixedClock(today);
    for (let n = 1; n < namesAllowed; n += 1) expect((await use(fresh.code, '别人')).status).toBe(401);
    expect((await use((await issue()).code, '别人')).status).toBe(401);
    const last = await issue();
    for (let n = 1; n <= namesAllowed; n += 1) expect((await use(last.code, '别人')).status).toBe(401);
    expect((await use(last.code)).status).toBe(401);
    expect((await use((await issue()).code)).status).toBe(200);
  });

  it('房子卖了，信就不能用了', async () => {
    const officer = await communityOfficer();
    const { name, personId, unitId } = await owner();
    const { code } = (await officer.post(`/api/units/${unitId}/letters`, { personId })).body;
    await district.database.transaction(engine, async (tx) => {
      await sql`update registers.ownership set to_on = ${today} where person_id = ${personId}`.execute(tx);
      await record(tx, { chain: `estate:${district.estates.garden}`, act: 'tests.sold', object: `unit:${unitId}` });
    });
    expect(
      (await browser().post('/api/activation', { code, name, account: '卖了房', password: newPassword })).status,
    ).toBe(401);
  });

  it('别的社区看不见，区里不代办，企业不能办', async () => {
    const { personId, unitId } = await owner();
    const bureau = browser();
    await bureau.post('/api/sign-in', { name: '区住建局', password });
    expect((await bureau.post(`/api/units/${unitId}/letters`, { personId })).reasons).toContain('由社区或街道办理');
    const west = await staff(district.organisations.westOffice, 'officer');
    expect((await west.post(`/api/units/${unitId}/letters`, { personId })).status).toBe(404);
    expect((await west.get(`/api/units/${unitId}/activations`)).status).toBe(404);
    const company = browser();
    await company.post('/api/sign-in', { name: '安居物业', password });
    expect((await company.post(`/api/units/${unitId}/letters`, { personId })).status).toBe(403);
  });
});

describe('社区柜台', () => {
  it.each([
    ['手机号后四位', (one: { phone: string }) => one.phone.slice(-4)],
    ['完整的手机号', (one: { phone: string }) => one.phone],
    ['证件号', () => '11010519491231002x'],
  ])('当面核对%s，开通并给临时密码', async (_, proofOf) => {
    const officer = await communityOfficer();
    const one = await owner({ identity: '11010519491231002X', name: `柜台${serial}` });
    const open = (proof: string, account = `柜台账号${serial}`) =>
      officer.post(`/api/units/${one.unitId}/counter`, { name: one.name, proof, account });
    expect((await open('0000')).reasons).toContain('与底册不一致');
    const opened = await open(proofOf(one));
    expect(opened.body).toMatchObject({ password: expect.stringMatching(/^[a-z2-9]{4}(-[a-z2-9]{4}){2}$/) });
    const signed = await browser().post('/api/sign-in', { name: opened.body.account, password: opened.body.password });
    // What an officer has read out is replaced before it opens anything.
    expect(signed.body).toEqual({ name: one.name, missing: 'password' });
    const events = await eventsOf(`person:${one.personId}`);
    expect(events.map((event) => event.act)).toEqual(['activations.openedAtCounter']);
    expect(events[0]!.all).not.toContain(one.name);
    expect((await open(proofOf(one), '再开')).reasons).toContain('已经有账号');
    // The identity number belongs to one person of the district: free it for the next row of this table.
    await district.database.transaction(engine, async (tx) => {
      await sql`update registers.person set identity_hash = null where id = ${one.personId}`.execute(tx);
      await record(tx, {
        chain: `estate:${district.estates.garden}`,
        act: 'tests.freed',
        object: `person:${one.personId}`,
      });
    });
  });

  it('没有这位业主、无从核对，各说原因', async () => {
    const officer = await communityOfficer();
    const bare = await owner({ phone: null, unit: district.units[3]! });
    const open = (name: string) =>
      officer.post(`/api/units/${bare.unitId}/counter`, { name, proof: '1234', account: '无从核对' });
    expect((await open('没有此人')).reasons).toContain('没有这位业主');
    expect((await open(bare.name)).reasons).toContain('无从核对');
  });
});

describe('业委会成员担保', () => {
  const member = () => staff(district.committee, 'member');

  it('成员担保，社区另一人核对后出信；留痕里没有姓名', async () => {
    const [vouching, officer, one] = [await member(), await communityOfficer(), await owner()];
    const { voucherId } = (await vouching.post(`/api/units/${one.unitId}/vouchers`, { name: one.name })).body;
    expect((await officer.get(`/api/estates/${district.estates.garden}/vouchers`)).body.vouchers[0]).toMatchObject({
      id: voucherId,
      ownerName: one.name,
      unitName: '2幢 101',
      state: 'waiting',
    });
    const letter = (await officer.post(`/api/vouchers/${voucherId}/confirmation`)).body;
    expect(letter).toMatchObject({ ownerName: one.name });
    expect((await officer.post(`/api/vouchers/${voucherId}/confirmation`)).reasons).toContain('已经办结');
    const mine = (await vouching.get(`/api/estates/${district.estates.garden}/vouchers`)).body.vouchers;
    expect(mine.find((each: { id: number }) => each.id === voucherId)).toMatchObject({ state: 'confirmed' });
    expect(
      (
        await browser().post('/api/activation', {
          code: letter.code,
          name: one.name,
          account: `担保${serial}`,
          password: newPassword,
        })
      ).status,
    ).toBe(200);
    for (const event of await eventsOf(`voucher:${voucherId}`)) expect(event.all).not.toContain(one.name);
    expect((await eventsOf(`voucher:${voucherId}`)).map((event) => event.act)).toEqual(['activations.vouched']);
  });

  it('同一个人既在业委会又在社区，不能自己核对自己的担保', async () => {
    const [both, one] = [await communityOfficer(), await owner()];
    await district.database.transaction(engine, async (tx) => {
      await addPosts(tx, [
        { personId: both.personId, organisationId: district.committee, role: 'member', fromOn: '2026-01-01' },
      ]);
      await record(tx, {
        chain: `organisation:${district.committee}`,
        act: 'tests.added',
        object: `person:${both.personId}`,
      });
    });
    const { post, posts } = (await both.get('/api/me')).body;
    const seat = posts.find((each: { organisationKind: string }) => each.organisationKind === 'owners-committee');
    await both.post(`/api/posts/${seat.id}/session`);
    const { voucherId } = (await both.post(`/api/units/${one.unitId}/vouchers`, { name: one.name })).body;
    await both.post(`/api/posts/${post.id}/session`);
    expect((await both.post(`/api/vouchers/${voucherId}/confirmation`)).reasons).toContain('须是两个人');
    expect((await both.post(`/api/vouchers/${voucherId}/declining`, { reason: '自己办自己' })).reasons).toContain(
      '须是两个人',
    );
    // What the command judges the table refuses as well.
    await expect(
      district.database.transaction({ standing: 'office', lo: codes.spring, hi: '990102001002', today }, (tx) =>
        sql`update registers.voucher set decided_by = vouched_by, decided_on = ${today}, person_id = ${one.personId} where id = ${voucherId}`.execute(
          tx,
        ),
      ),
    ).rejects.toThrow('two_persons');
    const other = await communityOfficer();
    expect((await other.post(`/api/vouchers/${voucherId}/declining`, { reason: '不是本人' })).status).toBe(200);
    expect((await other.post(`/api/vouchers/${voucherId}/confirmation`)).reasons).toContain('已经办结');
  });

  it('底册里没有这个名字的不予出信；企业不能担保，业委会不能担保别的小区', async () => {
    const [vouching, officer] = [await member(), await communityOfficer()];
    const unitId = district.units[0]!;
    const { voucherId } = (await vouching.post(`/api/units/${unitId}/vouchers`, { name: '没有此人' })).body;
    expect((await officer.post(`/api/vouchers/${voucherId}/confirmation`)).reasons).toContain('没有这位业主');
    const company = browser();
    await company.post('/api/sign-in', { name: '安居物业', password });
    expect((await company.post(`/api/units/${unitId}/vouchers`, { name: '某人' })).reasons).toContain(
      '由业委会（物管会）成员办理',
    );
    const elsewhere = await district.database.transaction(engine, (tx) =>
      sql<{ id: number }>`select id from registers.unit where estate_id = ${district.estates.bridge}`.execute(tx),
    );
    expect((await vouching.post(`/api/units/${elsewhere.rows[0]!.id}/vouchers`, { name: '罗平' })).status).toBe(404);
    expect((await vouching.post(`/api/vouchers/${voucherId}/confirmation`)).status).toBe(403);
  });

  it.each([
    [{ decided: false, vouchedBy: 1, confirmedBy: 2, ownerId: 3 }, 0],
    [{ decided: true, vouchedBy: 1, confirmedBy: 2, ownerId: 3 }, 1],
    [{ decided: false, vouchedBy: 1, confirmedBy: 1, ownerId: 3 }, 1],
    [{ decided: false, vouchedBy: 1, confirmedBy: 2, ownerId: 1 }, 1],
    [{ decided: true, vouchedBy: 1, confirmedBy: 1, ownerId: 1 }, 3],
  ])('%j：%d 条理由', (given, n) => {
    expect(refusalsOfConfirming(given)).toHaveLength(n);
  });

  it.each([
    ['古丽·阿依', '古丽•阿依', true],
    ['张 三', '张三', true],
    ['张三', '张三丰', false],
  ])('姓名 %s 与 %s：%s', (a, b, same) => {
    expect(sameName(a, b)).toBe(same);
  });
});
