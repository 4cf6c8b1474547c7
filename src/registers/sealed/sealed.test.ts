// Telephones through the real routes: masked, shown for a reason, traced, erased by two persons; and nowhere in clear, on no disk.

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codes, type District, engine, password, testDistrict, today } from '../../../tests/district.ts';
import { type Site, testSite } from '../../../tests/site.ts';
import { brokenChains, unchainedReads } from '../../../tests/traces.ts';
import { routes as allRoutes, tasks } from '../../app/routes.ts';
import { fixedClock } from '../../platform/clock.ts';
import { sql } from '../../platform/database.ts';
import { openFileStore } from '../../platform/files.ts';
import { jobs } from '../../platform/jobs.ts';
import { record } from '../../platform/journal.ts';
import { keysFrom } from '../../platform/keys.ts';
import { readWorkbook } from '../../platform/spreadsheets/index.ts';
import { addAccount, addPeople, addPosts } from '../people/index.ts';
import { refusalsOfReason } from './rules.ts';

let district: District;
let site: Site;
let admin: pg.Client;
const cookies: Record<string, string> = {};
beforeAll(async () => {
  district = await testDistrict();
  const { bureau, springCommittee } = district.organisations;
  await district.database.transaction(engine, async (tx) => {
    const [security, audit, worker] = (await addPeople(tx, district.sealing, [
      { scope: codes.district, name: '严谨行' },
      { scope: codes.district, name: '鲁明鉴' },
      { scope: codes.spring, name: '苏敏' },
    ])) as [number, number, number];
    const fromOn = '2026-01-01';
    await addPosts(tx, [
      { personId: security, organisationId: bureau, role: 'security-administrator', fromOn },
      { personId: audit, organisationId: bureau, role: 'audit-administrator', fromOn },
      { personId: worker, organisationId: springCommittee, role: 'officer', fromOn },
    ]);
    await addAccount(tx, { name: '安全', personId: security, password, demo: true });
    await addAccount(tx, { name: '审计', personId: audit, password, demo: true });
    await addAccount(tx, { name: '社区', personId: worker, password, demo: true });
    await record(tx, { chain: `organisation:${bureau}`, act: 'tests.prepared', object: 'people' });
  });
  site = await testSite(district, allRoutes);
  admin = new pg.Client({ connectionString: district.adminUrl });
  await admin.connect();
  for (const name of ['安全', '审计', '社区', '区住建局', '东湖街道', '安居物业', '业主邓小舟'])
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
  (reply.json() as { refusals?: { reason: string }[] }).refusals?.map((one) => one.reason).join('；');
const reason = '通知领取选票';

describe('查看电话', () => {
  it('名册里只有尾号；说明理由才看得到一个人的电话，本人看得到谁看过、审计看得到全部', async () => {
    const { deng } = district.people;
    const listed = await get('东湖街道', `/api/owners?estate=${district.estates.garden}`);
    expect(listed.body).not.toContain('13911112222');
    expect(listed.json().rows[0]).toMatchObject({ name: '邓小舟', phoneTail: '2222' });
    expect(reasons(await post('东湖街道', `/api/people/${deng}/phone`, { reason: '' }))).toContain('至少 4 个字');
    const shown = await post('东湖街道', `/api/people/${deng}/phone`, { reason });
    expect(shown.json()).toEqual({ phone: '13911112222' });

    const mine = (await get('业主邓小舟', '/api/me/readings')).json();
    expect(mine.rows).toEqual([
      expect.objectContaining({
        organisationName: '东湖街道办事处',
        field: 'phone',
        kind: 'browsing',
        purpose: reason,
        reader: null,
      }),
    ]);
    expect((await get('审计', '/api/readings')).json().rows[0]).toMatchObject({ reader: '陈晓岚', purpose: reason });
    expect((await get('安全', '/api/readings')).json().total).toBe(1);
    for (const as of ['东湖街道', '安居物业', '业主邓小舟'])
      expect((await get(as, '/api/readings')).statusCode, as).toBe(403);
    // Nobody else's: what was read of others is not mine to know.
    expect((await get('安居物业', '/api/me/readings')).json().total).toBe(0);
  });

  it('本人看自己的不必说理由，也留痕；没有电话的人答没有', async () => {
    expect((await post('业主邓小舟', '/api/me/phone')).json()).toEqual({ phone: '13911112222' });
    const { rows } = await admin.query(`select kind, purpose, person_id from platform.sealed_read where kind = 'own'`);
    expect(rows).toEqual([{ kind: 'own', purpose: null, person_id: district.people.deng }]);
    expect((await post('区住建局', '/api/me/phone')).json()).toEqual({ phone: null });
  });

  it('成批导出要理由，一次导出一条留痕，每个号码各有查看记录', async () => {
    const url = `/api/estates/${district.estates.garden}/phones/export`;
    expect(reasons(await post('东湖街道', url, { reason: '打给 13911112222' }))).toContain('不要写电话');
    expect(
      (await post('东湖街道', `/api/estates/${district.estates.bridge}/phones/export`, { reason })).statusCode,
    ).toBe(404);
    for (const as of ['安居物业', '安全', '审计']) expect((await post(as, url, { reason })).statusCode, as).toBe(403);
    const reply = await post('东湖街道', url, { reason: '入户走访核对' });
    expect(reply.statusCode).toBe(200);
    const workbook = await readWorkbook(reply.rawPayload, { name: 'phones.xlsx' });
    if (!workbook.ok) throw new Error(workbook.problem);
    const cells: string[] = [];
    for (const sheet of workbook.sheets) for await (const row of sheet.rows) cells.push(row.cells.join('|'));
    expect(cells.join('\n')).toContain('何文静|13933334444');
    const { rows } = await admin.query(
      `select (select count(*)::int from platform.sealed_read where purpose = '入户走访核对' and kind = 'export') as readings,
         (select count(*)::int from platform.journal where reason = '入户走访核对') as events`,
    );
    expect(rows).toEqual([{ readings: 3, events: 1 }]);
  });

  it('辖区之外的人如同没有；企业、管理员不能看', async () => {
    const { rows } = await admin.query(`select id from registers.person where name = '罗平'`);
    const before = (await get('审计', '/api/readings')).json().total;
    expect((await post('东湖街道', `/api/people/${rows[0].id}/phone`, { reason })).statusCode).toBe(404);
    for (const as of ['安居物业', '安全', '审计'])
      expect((await post(as, `/api/people/${district.people.deng}/phone`, { reason })).statusCode, as).toBe(403);
    expect((await get('审计', '/api/readings')).json().total).toBe(before);
  });

  it.each([
    ['11 位', '打给 13911112222', false],
    ['隔开的', '打给 139 1111-2222', false],
    ['7 位', '8123456', false],
    ['6 位', '房号 123456', true],
  ])('理由里不能写号码：%s', (_, text, fine) => {
    expect(refusalsOfReason(text).length === 0).toBe(fine);
  });

  it('查看都在链上，改了、删了都认得出', async () => {
    expect(await unchainedReads(district.adminUrl)).toEqual([]);
    const found = async (statement: string) => {
      await admin.query(statement);
      return (await unchainedReads(district.adminUrl)).join();
    };
    await admin.query('alter table platform.sealed_read disable trigger all');
    await admin.query('create temporary table kept as select * from platform.sealed_read');
    expect(
      await found(
        `update platform.sealed_read set field = 'identity' where id = (select min(id) from platform.sealed_read)`,
      ),
    ).toContain('不符');
    expect(
      await found('delete from platform.sealed_read where id = (select min(id) from platform.sealed_read)'),
    ).toContain('不符');
    await admin.query('delete from platform.sealed_read');
    await admin.query('insert into platform.sealed_read overriding system value select * from kept');
    expect(
      await found(
        `insert into platform.sealed_read (subject, field, kind, purpose) values (gen_random_uuid(), 'phone', 'browsing', '偷看')`,
      ),
    ).toContain('没有上链');
    await admin.query(`delete from platform.sealed_read where purpose = '偷看'`);
    await admin.query('alter table platform.sealed_read enable always trigger traced');
    await admin.query('alter table platform.sealed_read enable trigger all');
    await admin.query('alter table platform.sealed_read enable always trigger traced');
  });
});

describe('附件', () => {
  it('看得见报备的，才看得见它的材料；导入的文件只有本单位看得见', async () => {
    const files = openFileStore({ folder: site.folder, keys: keysFrom(Buffer.alloc(32, 7)) });
    const seenBy = async (as: number, digest: string) =>
      district.database.transaction(await actorOf(as), async (tx) => (await files.get(tx, digest)) !== undefined);
    const [evidence, import_, unclaimed] = await district.database.transaction(
      await actorOf(district.accounts.chen),
      async (tx) => {
        const digests = [];
        for (const text of ['会议纪要', '小区清单', '无人认领'])
          digests.push(await files.put(tx, Buffer.from(text), 'text/plain'));
        const { rows } = await sql<{ id: number }>`
        insert into filings.filing (matter, subject_kind, subject_id, subject_label, scope, estate_id, organisation_id, done_on, filed_on, person_id, post_id, evidence)
        select 'a', 'estates', id::text, name, scope, id, ${district.organisations.eastOffice}, ${today}, ${today}, ${district.people.chen}, ${district.posts.chenEast}, 'attached'
        from registers.estate where id = ${district.estates.garden} returning id`.execute(tx);
        await sql`insert into filings.evidence (filing_id, file_digest, name, person_id) values (${rows[0]!.id}, ${digests[0]}, 'a.txt', ${district.people.chen})`.execute(
          tx,
        );
        await sql`insert into registers.import_batch (kind, scope, organisation_id, post_id, person_id, origin, file_digest, file_name, kept_until, state)
        values ('estates', ${codes.east}, ${district.organisations.eastOffice}, ${district.posts.chenEast}, ${district.people.chen}, 'paste', ${digests[1]}, 'x', ${today}, 'read')`.execute(
          tx,
        );
        await record(tx, {
          chain: `organisation:${district.organisations.eastOffice}`,
          act: 'tests.filed',
          object: 'filing',
        });
        return digests;
      },
    );
    const { chen, lin, zhou, deng } = district.accounts;
    expect([
      await seenBy(chen, evidence!),
      await seenBy(lin, evidence!),
      await seenBy(zhou, evidence!),
      await seenBy(deng, evidence!),
    ]).toEqual([true, true, true, true]);
    const west = { standing: 'office', lo: codes.west.slice(0, 9), hi: `${codes.west.slice(0, 9)}:`, today } as const;
    expect(await district.database.transaction(west, (tx) => files.get(tx, evidence!))).toBeUndefined();
    expect([await seenBy(chen, import_!), await seenBy(lin, import_!)]).toEqual([true, false]);
    expect([await seenBy(chen, unclaimed!), await seenBy(lin, unclaimed!)]).toEqual([false, false]);
  });
});

async function actorOf(account: number) {
  const { resolvePerson } = await import('../people/index.ts');
  return (await district.database.transaction({ standing: 'door', today }, (tx) => resolvePerson(tx, account, null)))!
    .actor;
}

describe('抹除', () => {
  const numbers = { owner: '13977775555', other: '13966664444' };
  const unasked = { identity: '990102190001019990', membership: '入党于九九〇一支部' };

  /** A roster with telephones, through the routes and the worker's own tasks. */
  async function importOwners(): Promise<void> {
    const text = [
      // People send more than was asked for: it stays in the sealed original and nowhere else.
      ['小区名称', '楼栋', '房号', '业主', '电话', '身份证号', '政治面貌'],
      ['春江花园', '9幢', '901', '罗平安', numbers.owner, unasked.identity, unasked.membership],
      ['春江花园', '9幢', '902', '何其多', numbers.other, unasked.identity, unasked.membership],
    ]
      .map((row) => row.join('\t'))
      .join('\n');
    const sent = await post('社区', '/api/imports/pasted', { kind: 'units', text });
    expect(sent.statusCode, sent.body).toBe(200);
    const { id } = sent.json();
    const system = {
      database: district.database,
      clock: fixedClock(today),
      sealing: district.sealing,
      jobs,
      demo: true,
      publicUrl: 'http://127.0.0.1:8080',
      files: openFileStore({ folder: site.folder, keys: keysFrom(Buffer.alloc(32, 7)) }),
    };
    const run = (step: string) =>
      (tasks as Record<string, (payload: unknown, about: unknown) => Promise<void>>)[`rosters:${step}`]!(
        { batch: id },
        { system, signal: AbortSignal.abort() },
      );
    await run('read');
    const outline = (await get('社区', `/api/imports/${id}`)).json();
    const sheet = outline.outline?.sheets?.[0] ?? outline.sheets?.[0];
    const columns = ['estate', 'building', 'unit', 'owner', 'phone'].map((key, index) => ({ index, key }));
    const mapped = await post('社区', `/api/imports/${id}/mapping`, { sheet: sheet.name, headerRow: 1, columns });
    expect(mapped.statusCode, mapped.body).toBe(200);
    await run('check');
    const asked = await post('社区', `/api/imports/${id}/commit`, {});
    expect(asked.statusCode, asked.body).toBe(200);
    await run('commit');
  }

  it('两个人才能抹除；抹除之后密钥、摘要、尾号都没有了，验证照旧全绿', async () => {
    await importOwners();
    const { rows } = await admin.query(`select id, subject from registers.person where name = '罗平安'`);
    const { id, subject } = rows[0];
    expect((await post('社区', `/api/people/${id}/phone`, { reason })).json()).toEqual({ phone: numbers.owner });
    expect(await brokenChains(district.adminUrl)).toEqual([]);
    expect(await unchainedReads(district.adminUrl)).toEqual([]);

    const asked = await post('社区', `/api/people/${id}/erasure`, { reason: '本人要求删除' });
    expect(asked.statusCode, asked.body).toBe(200);
    expect(reasons(await post('社区', `/api/people/${id}/erasure`, { reason: '本人要求删除' }))).toContain(
      '正在等待决定',
    );
    const decision = `/api/erasures/${asked.json().id}/decision`;
    const yes = { carryOut: true, answer: '核对身份无误' };
    for (const as of ['社区', '审计', '区住建局', '安居物业'])
      expect((await post(as, decision, yes)).statusCode, as).toBe(403);
    expect((await get('安全', '/api/erasures?state=open')).json().rows).toMatchObject([
      { personName: null, place: '春江花园', reason: '本人要求删除' },
    ]);
    const done = await post('安全', decision, yes);
    expect(done.json()).toEqual({ carriedOut: true });
    expect(reasons(await post('安全', decision, yes))).toContain('已经决定');

    const { rows: left } = await admin.query(
      `select p.phone_sealed, p.phone_hash, p.phone_tail, k.wrapped, k.destroyed_at is not null as destroyed,
         (select count(*)::int from registers.import_row r where r.after->>'phoneTail' = '5555') as staged
       from registers.person p join platform.subject_key k on k.subject = p.subject where p.id = $1`,
      [id],
    );
    expect(left).toEqual([
      { phone_sealed: null, phone_hash: null, phone_tail: null, wrapped: null, destroyed: true, staged: 0 },
    ]);
    expect((await post('社区', `/api/people/${id}/phone`, { reason })).json()).toEqual({ phone: null });
    expect(await brokenChains(district.adminUrl)).toEqual([]);
    expect(await unchainedReads(district.adminUrl)).toEqual([]);
    const { rows: acts } = await admin.query(
      `select act, reason from platform.journal where act like 'sealed.eras%' order by at`,
    );
    expect(acts).toEqual([
      { act: 'sealed.erasureAsked', reason: '本人要求删除' },
      { act: 'sealed.erased', reason: '核对身份无误' },
    ]);
    // Who read before is still told.
    expect(
      (await admin.query('select count(*)::int as n from platform.sealed_read where subject = $1', [subject])).rows,
    ).toEqual([{ n: 1 }]);
  });

  it('申请人自己不能决定；不予抹除的什么也不变', async () => {
    const { rows } = await admin.query(`select id from registers.person where name = '何其多'`);
    const asked = await post('社区', `/api/people/${rows[0].id}/erasure`, { reason: '本人要求删除' });
    const { rows: security } = await admin.query(
      `select person_id from registers.post where role = 'security-administrator'`,
    );
    const forced = district.database.transaction(
      {
        standing: 'security',
        lo: '99',
        hi: '99:',
        personId: (await admin.query('select asked_by from registers.erasure order by id desc limit 1')).rows[0]
          .asked_by,
        today,
      },
      async (tx) => void (await sql`select registers.erase(${asked.json().id}, '自己定')`.execute(tx)),
    );
    await expect(forced).rejects.toThrow(/check/);
    expect(security).toHaveLength(1);
    const no = await post('安全', `/api/erasures/${asked.json().id}/decision`, {
      carryOut: false,
      answer: '仍在争议处理中',
    });
    expect(no.json()).toEqual({ carriedOut: false });
    expect((await post('社区', `/api/people/${rows[0].id}/phone`, { reason })).json()).toEqual({
      phone: numbers.other,
    });
  });

  it('已知的电话、身份证号、党员身份在库的每一张表、数据目录的每一个文件（含预写日志）和附件目录里都找不到', async () => {
    const phones = ['13911112222', '13933334444', '13955556666', numbers.owner, numbers.other];
    const known = [...phones, ...Object.values(unasked)];
    // An invented sentence that is stored in clear shows that the search would find what is there.
    const clear = '明文应当找得到的一句话';
    await admin.query('create table public.clear_marker (text text)');
    await admin.query('insert into public.clear_marker values ($1)', [clear]);
    await admin.query('checkpoint');
    const { rows: tables } = await admin.query<{ name: string }>(
      `select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where c.relkind in ('r', 'p', 'm') and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname not like 'pg\\_%' order by 1`,
    );
    let dump = '';
    for (const { name } of tables)
      dump += (await admin.query(`select t::text as row from ${name} t`)).rows.map((one) => one.row).join('\n');
    expect(tables.length).toBeGreaterThan(40);
    expect(dump).toContain(clear);
    for (const number of known)
      for (const form of [number, ...formsOf(number).map((one) => one.toString('latin1'))])
        expect(dump.includes(form), number).toBe(false);

    const { rows } = await admin.query<{ folder: string; base: string }>(
      `select current_setting('data_directory') as folder, (select oid::text from pg_database where datname = current_database()) as base`,
    );
    const { folder, base } = rows[0]!;
    // This database's own files, the write-ahead log of the server, and the attachments.
    const seen = await searched([join(folder, 'base', base), join(folder, 'pg_wal'), site.folder], [...known, clear]);
    expect(seen.files).toBeGreaterThan(50);
    expect(seen.found.filter((one) => one.startsWith(clear)).length).toBeGreaterThan(0);
    expect(seen.found.filter((one) => !one.startsWith(clear))).toEqual([]);
  }, 60_000);
});

/** As text may lie in a table or a file: UTF-8, UTF-16, either in hexadecimal, base64 of either at any of its three phases. */
function formsOf(text: string): Buffer[] {
  const plain = [Buffer.from(text, 'utf8'), Buffer.from(text, 'utf16le'), Buffer.from(text, 'utf16le').swap16()];
  const coded = plain.flatMap((bytes) =>
    [0, 1, 2].map((lead) => {
      const whole = Buffer.concat([Buffer.alloc(lead), bytes])
        .toString('base64')
        .replace(/=+$/, '');
      // The letters at either end depend on the neighbours.
      return Buffer.from(whole.slice(lead === 0 ? 0 : lead + 1, -2));
    }),
  );
  return [...plain, ...plain.map((bytes) => Buffer.from(bytes.toString('hex'))), ...coded];
}

async function searched(folders: string[], texts: string[]): Promise<{ files: number; found: string[] }> {
  let files = 0;
  const found: string[] = [];
  for (const folder of folders) {
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      files += 1;
      const bytes = await readFile(join(entry.parentPath, entry.name)).catch(() => Buffer.alloc(0));
      for (const text of texts)
        if (formsOf(text).some((form) => bytes.includes(form))) found.push(`${text} ${entry.name}`);
    }
  }
  return { files, found };
}
