import { createHash } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codes, type District, password, testDistrict, today } from '../../../tests/district.ts';
import { type Site, testSite } from '../../../tests/site.ts';
import { localDate } from '../../kernel/local-date.ts';
import { judge, printGrid } from '../../law/procedure.ts';
import { type Actor, sql } from '../../platform/database.ts';
import { routes as groups } from '../../registers/groups/index.ts';
import { routes as people } from '../../registers/people/index.ts';
import type { DocumentInHand } from './documents.ts';
import { routes } from './index.ts';
import { documentProcedure } from './procedure.ts';
import {
  CHAT_LIMIT,
  chatOf,
  type DraftToMake,
  isWithin,
  type PostingToTick,
  refusalsOfDraft,
  refusalsOfPosting,
  standingOf,
  standingOfCopy,
} from './rules.ts';

describe('什么算有效', () => {
  it('有盖章件才有效；撤回的一概不算', () => {
    expect(standingOf({ copies: 0, withdrawn: false })).toBe('drafted');
    expect(standingOf({ copies: 1, withdrawn: false })).toBe('valid');
    expect(standingOf({ copies: 2, withdrawn: true })).toBe('withdrawn');
    expect(standingOf({ copies: 0, withdrawn: true })).toBe('withdrawn');
  });

  it('几件盖章件里最后一件有效，先前的已被替代；撤回后一件也不有效', () => {
    const of = (withdrawn: boolean) => [1, 2, 3].map((place) => standingOfCopy(place, { copies: 3, withdrawn }));
    expect(of(false)).toEqual(['superseded', 'superseded', 'valid']);
    expect(of(true)).toEqual(['withdrawn', 'withdrawn', 'withdrawn']);
  });

  it('谁在什么状态能办什么', () => {
    expect(printGrid(documentProcedure)).toMatchInlineSnapshot(`
      "| 状态 | 身份 | 起草 | 上传盖章件 | 撤回 |
      | --- | --- | --- | --- | --- |
      | （尚无） | 起草单位 | ✓ | · | · |
      | （尚无） | 其他单位 | · | · | · |
      | 已起草，待盖章 | 起草单位 | · | ✓ | ✓ |
      | 已起草，待盖章 | 其他单位 | · | · | · |
      | 有效 | 起草单位 | · | ✓ | ✓ |
      | 有效 | 其他单位 | · | · | · |
      | 已撤回 | 起草单位 | · | · | · |
      | 已撤回 | 其他单位 | · | · | · |"
    `);
  });

  const copy = {
    media: 'application/pdf',
    documentNumber: '示建〔2026〕1号',
    issuedOn: localDate(today),
    draftedOn: localDate('2026-11-20'),
    known: false,
  };
  it.each([
    ['合适', {}, []],
    ['Word 文件', { media: undefined }, [/没有盖章/]],
    ['同一个文件', { known: true }, [/已经在这里/]],
    ['明天成文', { issuedOn: localDate('2026-11-23') }, [/还没有到/]],
    ['起草当日成文', { issuedOn: localDate('2026-11-20') }, []],
    ['起草前一日成文', { issuedOn: localDate('2026-11-19') }, [/不能早于起草/]],
    ['几条都不合', { media: undefined, issuedOn: localDate('2026-11-23') }, [/盖章/, /还没有到/]],
  ] as const)('盖章件：%s', (_, change, reasons) => {
    const noun: DocumentInHand = { today: localDate(today), copy: { ...copy, ...change } };
    const verdict = judge(documentProcedure, 'seal', { state: 'drafted', role: 'issuer', noun, on: noun.today });
    const found = verdict.allowed ? [] : verdict.refusals.map((one) => one.reason);
    expect(found).toHaveLength(reasons.length);
    for (const [at, reason] of reasons.entries()) expect(found[at]).toMatch(reason);
  });
});

describe('起草与发群的判断', () => {
  const draft: DraftToMake = {
    place: codes.spring,
    issuer: { organisationId: 1, lo: '990102001', hi: '990102001:' },
    recipient: { id: 8, name: '春江社区居委会', dissolved: false },
    passages: [{ text: '正文' }],
  };
  it.each([
    ['合适', {}, []],
    ['没有主送单位', { recipient: null }, []],
    ['辖区外', { place: codes.west }, [/不在您的辖区/]],
    ['没有这个地方', { place: null }, [/没有这个地方/]],
    ['没有这个单位', { recipient: undefined }, [/没有这个主送单位/]],
    ['发给自己', { recipient: { id: 1, name: '本局', dissolved: false } }, [/不能是自己/]],
    ['已撤销', { recipient: { id: 8, name: '某会', dissolved: true } }, [/已经撤销/]],
    ['没有内容', { passages: [] }, [/没有内容/]],
  ] as const)('起草：%s', (_, change, reasons) => {
    const refusals = refusalsOfDraft({ ...draft, ...change } as DraftToMake);
    expect(refusals).toHaveLength(reasons.length);
    for (const [at, reason] of reasons.entries()) expect(refusals[at]!.reason).toMatch(reason);
  });

  const posting: PostingToTick = {
    standing: 'valid',
    isPublic: true,
    place: codes.spring,
    group: { scope: `${codes.spring}0001`, name: '业主群', closedOn: null, organisationId: 7 },
    posted: false,
    by: { organisationId: 7, isOffice: false },
  };
  it.each([
    ['发群：负责的企业', {}, []],
    ['发群：机关', { by: { organisationId: 1, isOffice: true } }, []],
    ['发群：别的企业', { by: { organisationId: 8, isOffice: false } }, [/由别的单位负责/]],
    ['发群：起草稿', { standing: 'drafted' }, [/还没有盖章件/]],
    ['发群：已撤回', { standing: 'withdrawn' }, [/已经撤回/]],
    ['发群：不公开', { isPublic: false }, [/不公开/]],
    ['发群：没有这个群', { group: undefined }, [/没有这个群/]],
    ['发群：停用的群', { group: { ...posting.group!, closedOn: '2026-01-01' } }, [/已经停用/]],
    ['发群：别的社区的群', { group: { ...posting.group!, scope: `${codes.lake}0001` } }, [/不在这份通知的范围/]],
    ['发群：记过了', { posted: true }, [/已经记过/]],
  ] as const)('%s', (_, change, reasons) => {
    const refusals = refusalsOfPosting({ ...posting, ...change } as PostingToTick);
    expect(refusals).toHaveLength(reasons.length);
    for (const [at, reason] of reasons.entries()) expect(refusals[at]!.reason).toMatch(reason);
  });

  it('小区在社区里，社区不在小区里', () => {
    expect(isWithin(`${codes.spring}0001`, codes.district)).toBe(true);
    expect(isWithin(`${codes.spring}0001`, `${codes.spring}0001`)).toBe(true);
    expect(isWithin(`${codes.spring}0002`, `${codes.spring}0001`)).toBe(false);
    expect(isWithin(codes.spring, `${codes.spring}0001`)).toBe(false);
  });
});

describe('发到群里的话', () => {
  const notice = {
    title: '关于停水的通知',
    issuer: '东湖街道办事处',
    issuedOn: '2026-11-22',
    passages: ['因检修，明日停水。', '请提前储水。'],
    url: 'https://gongzhi.example.cn/v/ABCDEFGHJK',
  };

  it('标题、各段、落款和查验的地址', () => {
    expect(chatOf(notice)).toBe(
      '【关于停水的通知】\n因检修，明日停水。\n请提前储水。\n东湖街道办事处 2026-11-22\n盖章件：https://gongzhi.example.cn/v/ABCDEFGHJK',
    );
  });

  it('无论几段、多长，不超过 300 字，地址总在；装不下的整段略去，说明全文在哪里', () => {
    for (const many of [1, 3, 30])
      for (const length of [1, 60, 199, 200, 220, 500]) {
        const text = chatOf({ ...notice, passages: Array.from({ length: many }, () => '办'.repeat(length)) });
        expect([...text].length).toBeLessThanOrEqual(CHAT_LIMIT);
        expect(text.endsWith(notice.url)).toBe(true);
        const said = text.split('\n').filter((one) => one === '办'.repeat(length)).length;
        expect(text.includes('全文见盖章件')).toBe(said < many);
      }
  });

  it('恰好 300 字的不略', () => {
    const rest = [...chatOf({ ...notice, passages: [''] })].length;
    const just = chatOf({ ...notice, passages: ['办'.repeat(CHAT_LIMIT - rest)] });
    expect([...just]).toHaveLength(CHAT_LIMIT);
    expect(just).not.toContain('全文');
    expect(chatOf({ ...notice, passages: ['办'.repeat(CHAT_LIMIT - rest + 1)] })).toContain('全文见盖章件');
  });
});

describe('一份文件从起草到撤回', () => {
  let district: District;
  let site: Site;
  let admin: pg.Client;
  const cookies: Record<'lin' | 'chen' | 'zhou', string> = {} as never;
  beforeAll(async () => {
    district = await testDistrict();
    site = await testSite(district, [...people, ...groups, ...routes]);
    const names = { lin: '区住建局', chen: '东湖街道', zhou: '安居物业' };
    for (const who of ['lin', 'chen', 'zhou'] as const) cookies[who] = await site.signIn(names[who], password);
    admin = new pg.Client(district.adminUrl);
    await admin.connect();
  });
  afterAll(async () => {
    await admin.end();
    await site.close();
    await district.close();
  });

  const scan = (text: string) => Buffer.from(`%PDF-1.4 盖章件 ${text}`);
  const digest = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
  type Answer = Record<string, unknown> & { id: number };
  const draft = async (change: object = {}, who: keyof typeof cookies = 'chen') => {
    const reply = await site.post(
      '/api/documents',
      {
        title: '关于停水的通知',
        text: '因检修，明日停水。\n\n请提前储水。',
        isPublic: true,
        area: codes.spring,
        ...change,
      },
      cookies[who],
    );
    expect(reply.statusCode, reply.body).toBe(200);
    return (reply.json() as Answer).id;
  };
  const seal = (id: number, bytes: Buffer, who: keyof typeof cookies = 'chen') =>
    site.upload(
      `/api/documents/${id}/sealed-copies?documentNumber=${encodeURIComponent('东街〔2026〕7号')}&issuedOn=${today}&name=scan.pdf`,
      bytes,
      cookies[who],
    );
  const read = async (id: number, who: keyof typeof cookies = 'chen') =>
    (await site.get(`/api/documents/${id}`, cookies[who])).json() as {
      code: string;
      url: string;
      standing: string;
      copies: { place: number; digest: string; standing: string }[];
      chat: string | null;
      groups: { id: number; posted: object | null; mayPost: boolean }[];
      acts: { act: string; allowed: boolean }[];
      passages: object[];
    };
  const verify = (code: string) => site.get(`/api/verify/${code}`);
  const eventsOf = async (id: number) =>
    (
      await admin.query<{ act: string }>(`select act from platform.journal where object = $1 order by at`, [
        `document:${id}`,
      ])
    ).rows.map((row) => row.act);

  it('起草稿只有起草的单位看得见；凭码查不到，与没有这个码是一样的回答', async () => {
    const id = await draft();
    const of = await read(id);
    expect(of).toMatchObject({ standing: 'drafted', chat: null, copies: [], passages: [{}, {}] });
    expect((await site.get(`/api/documents/${id}`, cookies.lin)).statusCode).toBe(404);
    expect((await site.get(`/api/documents/${id}`, cookies.zhou)).statusCode).toBe(404);
    const [own, none] = [await verify(of.code), await verify('2222222222')];
    expect(own.statusCode).toBe(404);
    expect({ ...own.json(), request: '' }).toEqual({ ...none.json(), request: '' });
    expect((await site.get(`/api/verify/${of.code}/copy`)).statusCode).toBe(404);
    const file = await site.get(`/api/documents/${id}/draft`, cookies.chen);
    expect(file.rawPayload.subarray(0, 2).toString()).toBe('PK');
    expect(decodeURIComponent(String(file.headers['content-disposition']))).toContain('起草稿，未盖章');
  });

  it('传回的盖章件才是有效的版本，凭码取到的就是它，逐字节相同；再传一件，先前的已被替代', async () => {
    const id = await draft();
    const { code, url } = await read(id);
    expect(url).toBe(`http://127.0.0.1:8080/v/${code.replace('-', '')}`);
    expect((await seal(id, Buffer.from('PK word'))).json()).toMatchObject({ refusals: [{ field: 'file' }] });
    expect((await read(id)).standing).toBe('drafted');
    const [first, second] = [scan('一'), scan('二')];
    expect((await seal(id, first)).statusCode).toBe(200);
    expect((await seal(id, first)).json()).toMatchObject({
      refusals: [{ reason: expect.stringMatching(/已经在这里/) }],
    });
    expect((await site.get(`/api/verify/${code}/copy`)).rawPayload).toEqual(first);
    expect((await seal(id, second)).statusCode).toBe(200);
    expect((await verify(code.toLowerCase())).json()).toEqual({
      code,
      kind: 'notice',
      title: '关于停水的通知',
      issuer: '东湖街道办事处',
      standing: 'valid',
      withdrawn: null,
      isPublic: true,
      copies: [
        { place: 2, documentNumber: '东街〔2026〕7号', issuedOn: today, digest: digest(second), standing: 'valid' },
        { place: 1, documentNumber: '东街〔2026〕7号', issuedOn: today, digest: digest(first), standing: 'superseded' },
      ],
    });
    expect((await site.get(`/api/verify/${code}/copy`)).rawPayload).toEqual(second);
    const old = await site.get(`/api/documents/${id}/sealed-copies/1`, cookies.lin);
    expect(decodeURIComponent(String(old.headers['content-disposition']))).toContain('【已被替代】');
    expect(await eventsOf(id)).toEqual(['documents.drafted', 'documents.sealed', 'documents.sealed']);
  });

  it('撤回要有理由；撤回之后处处写明撤回，凭码再也取不到文件，也不能再盖章、再发群', async () => {
    const id = await draft();
    await seal(id, scan('撤'));
    const { code } = await read(id);
    expect((await site.post(`/api/documents/${id}/withdrawal`, { reason: '' }, cookies.chen)).statusCode).toBe(400);
    expect((await site.post(`/api/documents/${id}/withdrawal`, { reason: '日期写错' }, cookies.lin)).statusCode).toBe(
      422,
    );
    expect((await site.post(`/api/documents/${id}/withdrawal`, { reason: '日期写错' }, cookies.chen)).statusCode).toBe(
      200,
    );
    const asked = (await verify(code)).json() as { copies: { standing: string }[] };
    expect(asked).toMatchObject({ standing: 'withdrawn', withdrawn: { reason: '日期写错', on: today } });
    expect(asked.copies.map((one) => one.standing)).toEqual(['withdrawn']);
    expect((await site.get(`/api/verify/${code}/copy`)).statusCode).toBe(404);
    expect(await read(id)).toMatchObject({ standing: 'withdrawn', chat: null, copies: [{ standing: 'withdrawn' }] });
    expect((await seal(id, scan('再'))).statusCode).toBe(422);
    const file = await site.get(`/api/documents/${id}/sealed-copies/1`, cookies.chen);
    expect(decodeURIComponent(String(file.headers['content-disposition']))).toContain('【已撤回】');
  });

  it('不公开的文件：凭码看得见真伪，取不到文件；主送单位和上级看得见，别的企业看不见', async () => {
    const id = await draft({ isPublic: false });
    await seal(id, scan('内'));
    const { code } = await read(id);
    expect((await verify(code)).json()).toMatchObject({ standing: 'valid', isPublic: false });
    expect((await site.get(`/api/verify/${code}/copy`)).statusCode).toBe(404);
    expect((await site.get(`/api/documents/${id}`, cookies.lin)).statusCode).toBe(200);
    expect((await site.get(`/api/documents/${id}`, cookies.zhou)).statusCode).toBe(404);
    expect((await site.get(`/api/documents/${id}/sealed-copies/1`, cookies.zhou)).statusCode).toBe(404);
  });

  it('码错一个字，说得出是码不对，不去查', async () => {
    expect((await verify('2222222223')).json()).toMatchObject({
      refusals: [{ field: 'code', reason: expect.stringMatching(/校验位/) }],
    });
  });

  it('通知发到了哪个群：盖章前不能记；负责的企业记一次，只写单位和日期', async () => {
    const { id: group } = (
      await site.post(
        '/api/groups',
        {
          estate: district.estates.garden,
          name: '业主群',
          kind: 'owners',
          organisation: district.organisations.company,
        },
        cookies.chen,
      )
    ).json() as Answer;
    const id = await draft();
    const toPost = async (who: keyof typeof cookies) =>
      (await site.get('/api/documents/to-post', cookies[who])).json().items.filter((one: Answer) => one.id === id);
    expect(await toPost('zhou')).toEqual([]);
    const tick = (who: keyof typeof cookies) => site.post(`/api/documents/${id}/postings`, { group }, cookies[who]);
    expect((await tick('chen')).statusCode).toBe(422);
    await seal(id, scan('群'));
    expect((await read(id, 'zhou')).groups).toEqual([
      expect.objectContaining({ id: group, posted: null, mayPost: true }),
    ]);
    // Whose group it is has it to do, and nobody else.
    expect(await toPost('zhou')).toEqual([
      { id, title: '关于停水的通知', issuedOn: today, groups: 1, postId: district.posts.zhouCompany },
    ]);
    expect(await toPost('chen')).toEqual([]);
    const both = await Promise.all([tick('zhou'), tick('zhou')]);
    expect(both.map((one) => one.statusCode).sort()).toEqual([200, 422]);
    expect((await read(id)).groups[0]).toMatchObject({ posted: { on: today, by: '安居物业' }, mayPost: false });
    const of = async (who: keyof typeof cookies) =>
      (await site.get(`/api/groups/${group}/postings`, cookies[who])).json();
    for (const who of ['chen', 'zhou'] as const)
      expect(await of(who)).toEqual({
        items: [{ documentId: id, title: '关于停水的通知', on: today, by: '安居物业' }],
      });
    expect((await site.get(`/api/groups/${group}`, cookies.zhou)).json()).toMatchObject({
      name: '业主群',
      closedOn: null,
    });
    expect((await site.get('/api/groups/999999', cookies.zhou)).statusCode).toBe(404);
    expect((await read(id)).chat).toContain('【关于停水的通知】');
    expect(await toPost('zhou')).toEqual([]);
    const { rows } = await admin.query(`select * from documents.posting`);
    expect(Object.keys(rows[0]!).sort()).toEqual(['document_id', 'group_id', 'organisation_id', 'posted_on']);
  });

  it('门口的角色不说出码，一份文件也看不见；说出码，只看见那一份', async () => {
    const door: Actor = { standing: 'door', today };
    const { rows: all } = await admin.query<{ code: string }>(
      `select d.code from documents.document d where exists (select from documents.sealed_copy c where c.document_id = d.id)`,
    );
    expect(all.length).toBeGreaterThan(2);
    const seen = (code: string) =>
      district.database.transaction(door, async (tx) => {
        if (code) await sql`select set_config('app.verify_code', ${code}, true)`.execute(tx);
        const documents = await sql<{ code: string }>`select code from documents.document`.execute(tx);
        const copies = await sql<{ code: string }>`select code from documents.sealed_copy`.execute(tx);
        const files = await sql`select digest from platform.file`.execute(tx);
        return [documents.rows.length, new Set(copies.rows.map((row) => row.code)).size, files.rows.length];
      });
    expect(await seen('')).toEqual([0, 0, 0]);
    expect((await seen(all[0]!.code)).slice(0, 2)).toEqual([1, 1]);
    await expect(
      district.database.transaction(door, (tx) => sql`select content from documents.document`.execute(tx)),
    ).rejects.toThrow(/permission denied/);
  });

  it('文件、盖章件、撤回、发群都不能改也不能删：数据库里就没有这样的权利', async () => {
    const lin: Actor = {
      standing: 'office',
      lo: '990102',
      hi: '990102:',
      today,
      organisationId: district.organisations.bureau,
      personId: district.people.lin,
      postId: district.posts.linBureau,
    };
    for (const table of ['document', 'sealed_copy', 'withdrawal', 'posting'])
      await expect(
        district.database.transaction(lin, (tx) => sql.raw(`delete from documents.${table}`).execute(tx)),
        table,
      ).rejects.toThrow(/permission denied/);
    await expect(
      district.database.transaction(lin, (tx) =>
        sql.raw(`update documents.sealed_copy set file_digest = ''`).execute(tx),
      ),
    ).rejects.toThrow(/permission denied/);
  });
});
