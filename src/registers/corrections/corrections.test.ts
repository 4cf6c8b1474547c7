import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codes, type District, engine, password, testDistrict, today } from '../../../tests/district.ts';
import { requireHere } from '../../../tests/requirements.ts';
import { type Site, testSite } from '../../../tests/site.ts';
import { type Actor, sql } from '../../platform/database.ts';
import { record } from '../../platform/journal.ts';
import { addAccount, addPeople, addPosts, routes as people } from '../people/index.ts';
import { routes } from './index.ts';
import { nameOfAttachment, refusalsOfAsking, refusalsOfAttaching, rowOf, type ToAsk } from './rules.ts';

describe('提出纠错', () => {
  const asked: ToAsk = {
    subject: { about: 'unit', says: { area: '89.34', name: '101', kind: '住宅', owners: null } },
    field: 'area',
    shouldBe: '88.34',
    reason: '不动产权证上写的',
    keeperKnown: true,
    waiting: false,
  };
  it.each<[string, Partial<ToAsk>, RegExp[]]>([
    ['合适', {}, []],
    ['看不到', { subject: undefined }, [/您看不到/]],
    ['没有这一栏', { field: 'toString' }, [/没有所说的内容/]],
    ['本来就是', { shouldBe: '89.34' }, [/就是“89.34”/]],
    ['电话', { shouldBe: '13900000001' }, [/不要写电话/]],
    ['全角的证件号码', { reason: '我是３５０５０２１９９００１０１００１Ｘ' }, [/不要写电话/]],
    ['十位数字不是号码', { shouldBe: '1234567890' }, []],
    [
      '都不行',
      { shouldBe: '89.34', reason: '打 13900000001', keeperKnown: false, waiting: true },
      [/就是/, /电话/, /管底册的单位/, /还在等答复/],
    ],
  ])('拒绝的理由一次说全：%s', (_, change, reasons) => {
    const found = refusalsOfAsking({ ...asked, ...change }).map((one) => one.reason);
    expect(found).toHaveLength(reasons.length);
    for (const [at, reason] of reasons.entries()) expect(found[at]).toMatch(reason);
  });

  it.each<[string, Parameters<typeof refusalsOfAttaching>[0], RegExp[]]>([
    ['照片', { media: 'image/png', sameAlready: false, attached: 8 }, []],
    ['第十份', { media: 'image/png', sameAlready: false, attached: 9 }, [/最多附 9 份/]],
    ['别的都不收，附过的不再收', { media: undefined, sameAlready: true, attached: 9 }, [/JPG/, /已经附过/, /最多/]],
  ])('附件：%s', (_, of, reasons) => {
    const found = refusalsOfAttaching(of).map((one) => one.reason);
    expect(found).toHaveLength(reasons.length);
    for (const [at, reason] of reasons.entries()) expect(found[at]).toMatch(reason);
    expect(nameOfAttachment('image/jpeg', 2)).toBe('照片 2.jpg');
  });

  it('改底册的一行：找得到登记的各列，加上要改的一列；换行和制表符变不成别的格子', () => {
    const names = { 小区名称: '春江花园', 楼栋: '1幢', 房号: '101' };
    expect(rowOf('unit', 'area', names, '88\t34\n9')).toEqual({
      roster: 'units',
      text: '小区名称\t楼栋\t房号\t建筑面积\n春江花园\t1幢\t101\t88 34 9',
    });
    expect(rowOf('unit', 'owners', names, '邓小舟')).toBeNull();
  });
});

describe('纠错', () => {
  let district: District;
  let site: Site;
  let deng: string;
  let zhou: string;
  let chen: string;
  let lin: string;
  let spring: string;
  let unit: string;
  beforeAll(async () => {
    district = await testDistrict();
    await requireHere(district);
    await district.database.transaction(engine, async (tx) => {
      const { springCommittee } = district.organisations;
      const [personId] = await addPeople(tx, district.sealing, [{ scope: codes.spring, name: '梁社区' }]);
      await addPosts(tx, [
        { personId: personId!, organisationId: springCommittee, role: 'officer', fromOn: '2024-01-01' },
      ]);
      await addAccount(tx, { name: '春江社区', personId: personId!, password, demo: true });
      await record(tx, { chain: `organisation:${springCommittee}`, act: 'tests.staffed', object: 'tests' });
    });
    site = await testSite(district, [...people, ...routes]);
    [deng, zhou, chen, lin, spring] = (await Promise.all(
      ['业主邓小舟', '安居物业', '东湖街道', '区住建局', '春江社区'].map((name) => site.signIn(name, password)),
    )) as [string, string, string, string, string];
    unit = `unit:${district.units[0]}`;
  });
  afterAll(async () => {
    await site?.close();
    await district?.close();
  });

  const ask = (cookie: string, change: object = {}) =>
    site.post(
      '/api/corrections',
      { subject: unit, field: 'area', shouldBe: '88.34', reason: '证上写的', ...change },
      cookie,
    );
  const asked = async (cookie: string, change: object = {}) =>
    ((await ask(cookie, change)).json() as { id: number }).id;
  const answer = (id: number, act: string, cookie: string, note = '核过了') =>
    site.post(`/api/corrections/${id}/answer`, { act, note }, cookie);
  const listed = async (cookie: string, query = '') =>
    ((await site.get(`/api/corrections?${query}`, cookie)).json() as { rows: { id: number; state: string }[] }).rows;
  const ids = async (cookie: string, query = '') => (await listed(cookie, query)).map((one) => one.id);
  const one = async (id: number, cookie: string) =>
    (await site.get(`/api/corrections/${id}`, cookie)).json() as {
      state: string;
      said: string | null;
      says: string | null;
      keeperName: string;
      nextId: number | null;
      acts: { act: string }[];
      row: { text: string } | null;
      attachments: { id: number; name: string; addedOn: string }[];
    };

  it('业主看得见自己的房屋怎么写，看不见别家的；提出后，提出的人和管底册的单位看得见，别人都看不见', async () => {
    const shown = (await site.get(`/api/corrections/subject?subject=${unit}`, deng)).json();
    expect(shown).toMatchObject({ label: '春江花园 1幢101', keeperName: '春江社区居委会' });
    expect(shown.fields).toContainEqual({ field: 'area', label: '面积（㎡）', says: '89.34' });
    const other = `unit:${district.units[1]}`;
    expect((await site.get(`/api/corrections/subject?subject=${other}`, deng)).statusCode).toBe(404);
    expect((await ask(deng, { subject: other })).json()).toMatchObject({ refusals: [{ field: 'subject' }] });
    const id = await asked(deng);
    expect(await ids(deng)).toEqual([id]);
    // A page past the last one still knows how many there are.
    expect((await site.get('/api/corrections?offset=50', deng)).json()).toMatchObject({ rows: [], total: 1 });
    expect(await ids(spring, 'side=received')).toEqual([id]);
    for (const cookie of [zhou, chen, lin]) {
      expect([...(await ids(cookie)), ...(await ids(cookie, 'side=received'))]).toEqual([]);
      expect((await site.get(`/api/corrections/${id}`, cookie)).statusCode).toBe(404);
      expect((await answer(id, 'decline', cookie)).statusCode).toBe(404);
    }
    expect((await ask(deng)).json()).toMatchObject({ refusals: [{ reason: expect.stringContaining('还在等答复') }] });
    expect((await answer(id, 'accept', deng)).statusCode).toBe(422);
    expect((await answer(id, 'withdraw', spring)).statusCode).toBe(422);
    expect((await answer(id, 'withdraw', deng)).statusCode).toBe(200);
    expect((await one(id, deng)).state).toBe('withdrawn');
    expect(await ids(spring, 'side=received&state=owed')).toEqual([]);
  });

  it('所写的不进留痕，只留下谁在何日对哪一项提出、答复', async () => {
    const id = await asked(deng, { shouldBe: '八十八平方', reason: '房产证第三页' });
    await answer(id, 'decline', spring, '与测绘一致');
    const { rows } = await district.database.transaction({ standing: 'auditor', today } as never, (tx) =>
      sql<{ act: string; detail: string; reason: string | null }>`
        select act, detail, reason from platform.journal where object = ${`correction:${id}`} order by seq`.execute(tx),
    );
    expect(rows.map((row) => row.act)).toEqual(['corrections.asked', 'corrections.declined']);
    expect(JSON.stringify(rows)).not.toMatch(/八十八|房产证|测绘/);
  });

  it('附照片：提出的人在答复之前能附，管底册的单位看得见；别人看不见也取不到；留痕里只有摘要', async () => {
    const id = await asked(deng, { field: 'name', shouldBe: '102' });
    const png = (text: string) => Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.from(text)]);
    const attach = (bytes: Buffer, cookie: string) =>
      site.upload(
        `/api/corrections/${id}/attachments?name=${encodeURIComponent('13900000001的房产证.png')}`,
        bytes,
        cookie,
      );
    const first = await attach(png('甲'), deng);
    expect(first.statusCode).toBe(200);
    expect((await attach(png('甲'), deng)).json()).toMatchObject({ refusals: [{ reason: '这一份已经附过了。' }] });
    expect((await attach(Buffer.from('PK文档'), deng)).statusCode).toBe(422);
    expect((await attach(png('乙'), spring)).statusCode).toBe(422);
    expect((await attach(png('乙'), zhou)).statusCode).toBe(404);
    const address = `/api/corrections/${id}/attachments/${(first.json() as { id: number }).id}`;
    for (const cookie of [deng, spring]) {
      expect((await one(id, cookie)).attachments).toEqual([
        { id: first.json().id, name: '照片 1.png', addedOn: today },
      ]);
      const got = await site.get(address, cookie);
      expect([got.statusCode, got.headers['content-type'], got.rawPayload.equals(png('甲'))]).toEqual([
        200,
        'image/png',
        true,
      ]);
    }
    for (const cookie of [zhou, chen, lin]) expect((await site.get(address, cookie)).statusCode).toBe(404);
    const digest = createHash('sha256').update(png('甲')).digest('hex');
    const seen = (actor: Actor) => district.database.transaction(actor, (tx) => site.system.files.get(tx, digest));
    const { people: who, posts, organisations } = district;
    const inPost = { standing: 'office', lo: codes.east.slice(0, 9), hi: `${codes.east.slice(0, 9)}:`, today } as const;
    // The range alone opens nothing: the sub-district lies above the place and keeps another register.
    expect(
      await seen({ ...inPost, personId: who.chen, postId: posts.chenEast, organisationId: organisations.eastOffice }),
    ).toBeUndefined();
    const { rows } = await district.database.transaction({ standing: 'auditor', today } as never, (tx) =>
      sql<{ act: string; detail: object }>`
        select act, detail from platform.journal where object = ${`correction:${id}`} and act = 'corrections.attached'`.execute(
        tx,
      ),
    );
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).toContain(digest);
    expect(JSON.stringify(rows)).not.toMatch(/139|房产证/);
    await answer(id, 'decline', spring);
    expect((await attach(png('丙'), deng)).statusCode).toBe(422);
    const late = district.database.transaction(
      { standing: 'resident', personId: who.deng, postId: posts.dengOwner, estates: [district.estates.garden], today },
      async (tx) => {
        const other = await site.system.files.put(tx, png('丁'), 'image/png');
        await sql`insert into registers.correction_attachment (correction_id, scope, file_digest, media, person_id, post_id, added_on)
          select id, scope, ${other}, 'image/png', ${who.deng}, ${posts.dengOwner}, ${today} from registers.correction where id = ${id}`.execute(
          tx,
        );
      },
    );
    await expect(late).rejects.toThrow(/row-level security/);
    // An objection takes along what was attached: the next keeper sees it beside its own, and still nobody else does.
    const objection = (
      (await site.post(`/api/corrections/${id}/objection`, { reason: '照片为证' }, deng)).json() as { id: number }
    ).id;
    const [along] = (await one(objection, chen)).attachments;
    expect(along).toMatchObject({ name: '照片 1.png', addedOn: today });
    const taken = `/api/corrections/${objection}/attachments/${along!.id}`;
    expect((await site.get(taken, chen)).rawPayload.equals(png('甲'))).toBe(true);
    expect((await site.get(address, chen)).statusCode).toBe(404);
    for (const cookie of [zhou, lin, spring]) expect((await site.get(taken, cookie)).statusCode).toBe(404);
    await site.post(`/api/corrections/${objection}/answer`, { act: 'withdraw', note: '不再争了' }, deng);
  });

  it('同意更正之后，底册改了才算更正；没改之前一直在要办的里面', async () => {
    const id = await asked(deng);
    const cells = (await one(id, spring)).row!.text.split('\n').map((line) => line.split('\t'));
    expect(Object.fromEntries(cells[0]!.map((title, at) => [title, cells[1]![at]]))).toEqual({
      ...{ 街道: '东湖街道', 社区: '春江社区', 小区名称: '春江花园', 楼栋: '1幢', 房号: '101', 建筑面积: '88.34' },
    });
    expect((await one(id, deng)).row).toBeNull();
    const both = await Promise.all([answer(id, 'accept', spring), answer(id, 'accept', spring)]);
    expect(both.map((reply) => reply.statusCode).sort()).toEqual([200, 422]);
    expect(await one(id, deng)).toMatchObject({ state: 'accepted', said: '89.34', says: '89.34', acts: [] });
    expect(await ids(spring, 'side=received&state=owed')).toEqual([id]);
    await district.database.transaction(engine, async (tx) => {
      await sql`update registers.unit set area_centi_m2 = 8834 where id = ${district.units[0]}`.execute(tx);
      await record(tx, { chain: `estate:${district.estates.garden}`, act: 'tests.changed', object: unit });
    });
    expect(await one(id, deng)).toMatchObject({ state: 'corrected', said: '89.34', says: '88.34' });
    expect(await ids(spring, 'side=received&state=owed')).toEqual([]);
    expect(await ids(spring, 'side=received&state=corrected')).toEqual([id]);
  });

  it('不予更正要写理由；提出的人可以提出异议，由上一级答复，只能一次；到顶的还由它答复', async () => {
    const id = await asked(deng, { field: 'kind', shouldBe: '商铺' });
    expect((await answer(id, 'decline', spring, ' ')).statusCode).toBe(400);
    expect((await answer(id, 'decline', spring, '打 13900000001')).statusCode).toBe(422);
    expect((await answer(id, 'decline', spring)).statusCode).toBe(200);
    expect((await one(id, deng)).acts.map((each) => each.act)).toEqual(['object']);
    const object = (of: number, cookie: string) =>
      site.post(`/api/corrections/${of}/objection`, { reason: '一直在开店' }, cookie);
    expect((await object(id, spring)).statusCode).toBe(422);
    const both = await Promise.all([object(id, deng), object(id, deng)]);
    expect(both.map((reply) => reply.statusCode).sort()).toEqual([200, 422]);
    let last = (await one(id, deng)).nextId!;
    for (const [cookie, name] of [
      [chen, '东湖街道办事处'],
      [lin, '示范区住房和城乡建设局'],
      [lin, '示范区住房和城乡建设局'],
    ] as const) {
      expect((await one(last, deng)).keeperName).toBe(name);
      expect((await site.get(`/api/corrections/${last}`, spring)).statusCode).toBe(404);
      expect((await answer(last, 'decline', cookie)).statusCode).toBe(200);
      last = ((await object(last, deng)).json() as { id: number }).id;
    }
  });

  it('企业能说它服务的小区不对，别的小区不能；导出同清单一样', async () => {
    const id = await asked(zhou, { subject: `estate:${district.estates.garden}`, field: 'households', shouldBe: '4' });
    expect(await ids(zhou)).toEqual([id]);
    const refused = await ask(zhou, { subject: `estate:${district.estates.bridge}`, field: 'households' });
    expect(refused.json()).toMatchObject({ refusals: [{ field: 'subject' }] });
    expect((await site.get('/api/corrections/export', zhou)).statusCode).toBe(200);
    expect(await ids(spring, 'side=received&state=open')).toContain(id);
  });

  it('绕过程序也写不成：替别人提出、替别的单位答复、对看不见的小区提出，数据库都不收', async () => {
    const { people: who, posts, estates } = district;
    const scope = `${codes.stone}0001`;
    const resident = {
      standing: 'resident',
      personId: who.deng,
      postId: posts.dengOwner,
      estates: [estates.garden],
      today,
    } as const;
    const insert = (person: number, estate: number) =>
      district.database.transaction(resident, async (tx) => {
        await sql`insert into registers.correction (estate_id, scope, about, subject_id, subject_label, field, should_be, reason, keeper_id, person_id, post_id, asked_on)
          values (${estate}, coalesce((select scope from registers.estate where id = ${estate}), ${scope}), 'estate', ${estate}, '某小区', 'other', '甲', '乙',
            ${district.organisations.bureau}, ${person}, ${posts.dengOwner}, ${today})`.execute(tx);
        await record(tx, { chain: `estate:${estate}`, act: 'tests.forged', object: 'tests' });
      });
    await expect(insert(who.chen, estates.garden)).rejects.toThrow(/row-level security/);
    await expect(insert(who.deng, estates.bridge)).rejects.toThrow(/row-level security/);
    await expect(insert(who.deng, estates.garden)).resolves.toBeUndefined();
    const [waiting] = await ids(deng, 'state=open');
    const forged = district.database.transaction(resident, async (tx) => {
      await sql`insert into registers.correction_answer (correction_id, scope, act, note, person_id, post_id, answered_on)
        select id, scope, 'accept', '自己同意', ${who.deng}, ${posts.dengOwner}, ${today} from registers.correction where id = ${waiting!}`.execute(
        tx,
      );
      await record(tx, { chain: `estate:${estates.garden}`, act: 'tests.forged', object: 'tests' });
    });
    await expect(forged).rejects.toThrow(/row-level security/);
  });
});
