// The tamper matrix (trust.md 5.2), with the superuser as attacker: what the verifier names, and what only a witness can see.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../tests/database.ts';
import { type Actor, type Database, openDatabase, sql, type Transaction } from './database.ts';
import { type Chain, canonicalJson, type HashName, record } from './journal.ts';
import { type Fault, verifyJournal, verifyWith } from './verify-journal.ts';

const today = '2026-11-22';
const office: Actor = { standing: 'office', lo: '99', hi: '99:', personId: 7, organisationId: 3, postId: 11, today };

/** A deployment with two chains of six events and the rows they are about; `hash` as chosen before its first event. */
async function deployment(hash: HashName = 'sha256') {
  const place = await testDatabase();
  const admin = new pg.Client({ connectionString: place.adminUrl });
  await admin.connect();
  // A clone of a template is the template's deployment until it is told otherwise.
  await admin.query(
    `update platform.journal_setting set deployment = gen_random_uuid(), salt = sha256(uuid_send(gen_random_uuid()))`,
  );
  await admin.query('select platform.choose_hash($1)', [hash]);
  const database = await openDatabase({ url: place.loginUrl });
  const act = (chain: Chain, name: string, work: (tx: Transaction) => Promise<unknown>) =>
    database.transaction(office, async (tx) => {
      await work(tx);
      await record(tx, { chain, act: name, object: `area:${name}`, detail: { name } });
    });
  const area = (code: string, level = 'province') =>
    sql`insert into registers.area (code, level, name, enrolled_on) values (${code}, ${level}, ${`示范${code}`}, '2026-01-01')`;
  for (const chain of ['organisation:3', 'organisation:4'] as const) {
    const lead = chain === 'organisation:3' ? '991' : '992';
    for (const n of [1, 2, 3]) await act(chain, `added${n}`, (tx) => area(`${lead}${n}`.padEnd(12, '0')).execute(tx));
    await act(chain, 'renamed', (tx) =>
      sql`update registers.area set name = '更名', trial_until = '2026-12-31' where code = ${`${lead}1`.padEnd(12, '0')}`.execute(
        tx,
      ),
    );
    await act(chain, 'told', async () => undefined);
    await act(chain, 'named', (tx) =>
      sql`update registers.area set name = '再更名' where code = ${`${lead}2`.padEnd(12, '0')}`.execute(tx),
    );
  }
  return {
    admin,
    database,
    place,
    async close() {
      await database.close();
      await admin.end();
      await place.drop();
    },
  };
}

let whole: Awaited<ReturnType<typeof deployment>>;
let other: Awaited<ReturnType<typeof deployment>>;
beforeAll(async () => {
  [whole, other] = await Promise.all([deployment(), deployment()]);
});
afterAll(async () => {
  await whole?.close();
  await other?.close();
});

const told = ({ kind, chain, seq, relation, key }: Fault) =>
  [kind, chain ?? relation, seq === undefined ? key : Number(seq)].filter((one) => one !== undefined).join(' ');

/** What the verifier says after these statements of the superuser, who has first switched off every trigger that would speak; nothing stays. */
async function foundAfter(statements: string, { admin }: { admin: pg.Client } = whole): Promise<string[]> {
  await admin.query('begin');
  try {
    await admin.query(`alter table registers.area disable trigger user; ${statements}`);
    const verdict = await verifyWith(async <Row>(text: string) => (await admin.query(text)).rows as Row[]);
    return verdict.faults.map(told);
  } finally {
    await admin.query('rollback');
  }
}

const at = (seq: number) => `chain = 'organisation:3' and seq = ${seq}`;
/** Makes a leaf and link of the payload as it now stands, from one event to the end of the chain, and the head fit them. */
const rehash = (from: number) => `
  do $$ declare e record; before bytea; begin
    for e in select * from platform.journal where chain = 'organisation:3' and seq >= ${from} order by seq loop
      select hash into before from platform.journal where chain = e.chain and seq = e.seq - 1;
      update platform.journal set prev = coalesce(before, prev), leaf = sha256('\\x00'::bytea || payload),
        hash = sha256('\\x02'::bytea || coalesce(before, prev) || sha256('\\x00'::bytea || payload)) where chain = e.chain and seq = e.seq;
    end loop;
    update platform.journal_head h set (seq, hash) = (select seq, hash from platform.journal where chain = h.chain order by seq desc limit 1) where chain = 'organisation:3';
  end $$;`;
const forgedPayload = (seq: number) =>
  `update platform.journal set act = 'added9', payload = platform.journal_payload(chain, seq, at, 'added9', object, person_id::text, organisation_id::text,
     post_id::text, reason, detail, request, rows_digest) where ${at(seq)};`;

describe('篡改表：攻击者是数据库超级用户', () => {
  it('没有篡改：完整；在只读的核验身份下也读得全', async () => {
    expect(await foundAfter('')).toEqual([]);
    expect(await verifyJournal(whole.database, today)).toEqual({
      hash: 'sha256',
      chains: 2,
      events: 12,
      rows: 6,
      faults: [],
      sealed: 0,
      more: 0,
    });
  });

  it.each<[title: string, statements: string, faults: string[]]>([
    // What the journal says
    ['只改所示内容', `update platform.journal set act = 'x' where ${at(2)}`, ['columns organisation:3 2']],
    [
      '只改时刻一微秒',
      `update platform.journal set at = at + interval '1 microsecond' where ${at(2)}`,
      ['columns organisation:3 2'],
    ],
    [
      '只改所示的行摘要',
      `update platform.journal set rows_digest = sha256('x') where ${at(2)}`,
      ['rows organisation:3 2', 'columns organisation:3 2'],
    ],
    ['内容与存证字节一起改', forgedPayload(2), ['leaf organisation:3 2']],
    [
      '连叶一起改',
      `${forgedPayload(2)} update platform.journal set leaf = sha256('\\x00'::bytea || payload) where ${at(2)}`,
      ['hash organisation:3 2'],
    ],
    [
      '连这一条的链上哈希一起改',
      `${forgedPayload(2)} update platform.journal set leaf = sha256('\\x00'::bytea || payload), hash = sha256('\\x02'::bytea || prev || sha256('\\x00'::bytea || payload)) where ${at(2)}`,
      ['prev organisation:3 3'],
    ],
    ['自这一条起全部重算，连末端（只有见证人看得出）', `${forgedPayload(2)} ${rehash(2)}`, []],
    [
      '自这一条起全部重算，末端没有改',
      `${forgedPayload(6)} ${rehash(6).replace(/update platform.journal_head.*/, '')}`,
      ['head organisation:3'],
    ],
    [
      '删中间一条',
      `delete from platform.journal where ${at(3)}`,
      ['rows-unrecorded registers.area 991300000000', 'gap organisation:3 3'],
    ],
    [
      '删中间没有改行的一条，后面的改号、重算，连末端（只有见证人看得出）',
      `delete from platform.journal where ${at(5)}; update platform.journal set seq = 5 where ${at(6)};
      update platform.journal set payload = platform.journal_payload(chain, seq, at, act, object, person_id::text, organisation_id::text, post_id::text, reason, detail, request, rows_digest)
        where ${at(5)}; ${rehash(5)}`,
      [],
    ],
    [
      '删末尾一条',
      `delete from platform.journal where ${at(6)}`,
      ['rows-unrecorded registers.area 991200000000', 'head organisation:3'],
    ],
    [
      '删末尾一条并改末端：其所改的行还在',
      `delete from platform.journal where ${at(6)}; ${rehash(5)}`,
      ['rows-unrecorded registers.area 991200000000'],
    ],
    [
      '删末尾一条、其行摘要，行也改回，并改末端（只有见证人看得出）',
      `delete from platform.covered_row where id = (select rows_to from platform.journal where ${at(6)}); delete from platform.journal where ${at(6)};
       update registers.area set name = '示范991200000000' where code = '991200000000'; ${rehash(5)}`,
      [],
    ],
    [
      '删整条链',
      `delete from platform.journal where chain = 'organisation:3'`,
      [
        ...['991100000000', '991200000000', '991300000000', '991100000000', '991200000000'].map(
          (code) => `rows-unrecorded registers.area ${code}`,
        ),
        'head organisation:3',
      ],
    ],
    [
      '塞进一条伪造的',
      `insert into platform.journal select chain, 7, at, 'forged', object, person_id, organisation_id, post_id, reason, detail, request,
        platform.journal_payload(chain, 7, at, 'forged', object, person_id::text, organisation_id::text, post_id::text, reason, detail, request, null),
        leaf, sha256('x'), hash, transaction, null, null from platform.journal where ${at(6)}`,
      ['leaf organisation:3 7'],
    ],
    [
      '末尾追加一条伪造的，哈希都算对，末端没有改',
      `insert into platform.journal select chain, 7, at, act, object, person_id, organisation_id, post_id, reason, detail, request, p, l, hash,
        sha256('\\x02'::bytea || hash || l), transaction, null, null from (select *, sha256('\\x00'::bytea || p) as l from (select *, platform.journal_payload(chain, 7, at, act, object,
          person_id::text, organisation_id::text, post_id::text, reason, detail, request, null) as p from platform.journal where ${at(6)}) a) b`,
      ['head organisation:3'],
    ],
    [
      '对调两条',
      `update platform.journal set seq = -1 where ${at(3)}; update platform.journal set seq = 3 where ${at(4)}; update platform.journal set seq = 4 where ${at(-1)}`,
      ['columns organisation:3 3'],
    ],
    [
      '同一号两条',
      `alter table platform.journal drop constraint journal_pkey; insert into platform.journal select chain, seq, at, act, object, person_id, organisation_id, post_id, reason, detail,
        request, payload, leaf, sha256('y'), hash, transaction, rows_digest, rows_to from platform.journal where ${at(5)}`,
      ['duplicate organisation:3 5'],
    ],
    [
      '时刻改到上一条之前，全部重算',
      `update platform.journal set at = '2020-01-01' where ${at(5)}; update platform.journal set payload = platform.journal_payload(chain, seq, at, act, object,
        person_id::text, organisation_id::text, post_id::text, reason, detail, request, rows_digest) where ${at(5)}; ${rehash(5)}`,
      ['time organisation:3 5'],
    ],
    [
      '降为不管行的第一版格式，全部重算',
      `update platform.journal set rows_digest = null, payload = overlay(substr(payload, 1, octet_length(payload) - 36) placing '\\x01'::bytea from 1) where ${at(6)}; ${rehash(6)}`,
      ['rows organisation:3 6', 'format organisation:3 6'],
    ],
    [
      '末端的号改小',
      `update platform.journal_head set seq = 5 where chain = 'organisation:3'`,
      ['head organisation:3'],
    ],
    ['末端被删', `delete from platform.journal_head where chain = 'organisation:3'`, ['head organisation:3']],
    // The rows themselves
    [
      '改了一行，没有留痕',
      `update registers.area set name = '改' where code = '991300000000'`,
      ['row registers.area 991300000000'],
    ],
    [
      '改了一行的辖区归属',
      `update registers.area set trial_until = null where code = '991100000000'`,
      ['row registers.area 991100000000'],
    ],
    [
      '空值改成空文本之类也认得出',
      `alter table registers.area drop constraint area_parent_code_fkey; update registers.area set code_version = '' where code = '991100000000'`,
      ['row registers.area 991100000000'],
    ],
    [
      '删了一行，没有留痕',
      `delete from registers.area where code = '991300000000'`,
      ['missing registers.area 991300000000'],
    ],
    [
      '加了一行，没有留痕',
      `insert into registers.area (code, level, name, enrolled_on) values ('993000000000', 'province', '伪', '2026-01-01')`,
      ['unrecorded registers.area 993000000000'],
    ],
    [
      '改了一行，连它的摘要',
      `update registers.area set name = '改' where code = '991300000000';
      update platform.covered_row c set digest = sha256('x') where key = '991300000000'`,
      ['row registers.area 991300000000', 'rows organisation:3 3'],
    ],
    [
      '改了一行，补一条合格的摘要，没有留痕',
      `alter table platform.covered_row disable trigger user; alter table registers.area enable trigger covered_update;
      update registers.area set name = '改' where code = '991300000000'`,
      ['rows-unrecorded registers.area 991300000000'],
    ],
    [
      '摘要改挂在另一行名下',
      `update platform.covered_row set key = '991100000000' where key = '991300000000'`,
      ['unrecorded registers.area 991300000000', 'rows organisation:3 3'],
    ],
    [
      '删了行的摘要',
      `delete from platform.covered_row where key = '991300000000'`,
      ['unrecorded registers.area 991300000000', 'rows organisation:3 3'],
    ],
    [
      '抹去中间一次更改的摘要',
      `delete from platform.covered_row where key = '991100000000' and id > 3`,
      ['row registers.area 991100000000', 'rows organisation:3 4'],
    ],
    [
      '行摘要改为不含某列',
      `update platform.covered_shape set columns = array_remove(columns, 'name') where relation = 'registers.area'`,
      ['991100000000', '991200000000', '991300000000', '992100000000', '992200000000', '992300000000'].map(
        (code) => `row registers.area ${code}`,
      ),
    ],
  ])('%s', async (_, statements, faults) => {
    expect(await foundAfter(statements)).toEqual(faults);
  });

  it('贴来另一部署的同名链，连末端一起：第一条就不相接，所管的行也对不上', async () => {
    const { rows } = await other.admin.query(
      `select j::text as j from platform.journal j where chain = 'organisation:3' order by seq`,
    );
    const { rows: heads } = await other.admin.query(
      `select h::text as h from platform.journal_head h where chain = 'organisation:3'`,
    );
    const { rows: covered } = await other.admin.query(
      'select transaction, id, relation, key, shape, digest, first from platform.covered_row',
    );
    const quote = (text: string) => `'${text.replaceAll("'", "''")}'`;
    const pasted = `delete from platform.journal where chain = 'organisation:3'; delete from platform.journal_head where chain = 'organisation:3';
      insert into platform.journal select r.* from unnest(array[${rows.map((one) => quote(one.j)).join(', ')}]) t, lateral (select (t::platform.journal).*) r;
      insert into platform.journal_head select r.* from unnest(array[${heads.map((one) => quote(one.h)).join(', ')}]) t, lateral (select (t::platform.journal_head).*) r;`;
    const found = await foundAfter(pasted);
    expect(found).toContain('prev organisation:3 1');
    expect(found.filter((one) => /^rows/.test(one)).length).toBeGreaterThan(0);
    expect(covered.length).toBe(10);
  });
});

describe('第一版的留痕', () => {
  it('永远可以核验：照第一版写下的链接着写第二版，仍是完整的', async () => {
    const text = readFileSync(join(import.meta.dirname, '../../migrations/0001-platform.sql'), 'utf8');
    const first = /create function platform\.record[\s\S]*?end \$\$;/
      .exec(text)![0]
      .replace('platform.record', 'platform.record_first');
    expect(
      await foundAfter(`${first} select platform.record_first('organisation:9', 'a.b', 'c:1', '{}', '理由');
        select platform.record_first('organisation:9', 'a.b', 'c:1', '{}'); select platform.record('organisation:9', 'a.b', 'c:1', '{}')`),
    ).toEqual([]);
    expect(
      await foundAfter(`${first} select platform.record_first('organisation:9', 'a.b', 'c:1', '{}', '理由');
        update platform.journal set reason = '别的' where chain = 'organisation:9'`),
    ).toEqual(['columns organisation:9 1']);
  });
});

describe('SM3 的部署', () => {
  it('完整；改一行、改一条都认得出', async () => {
    const sm3 = await deployment('sm3');
    try {
      expect(await verifyJournal(sm3.database, today)).toMatchObject({ hash: 'sm3', events: 12, faults: [] });
      expect(await foundAfter(`update registers.area set name = '改' where code = '991300000000'`, sm3)).toEqual([
        'row registers.area 991300000000',
      ]);
      expect(await foundAfter(forgedPayload(2), sm3)).toEqual(['leaf organisation:3 2']);
      // The same chain under the other hash is not this deployment's.
      expect(
        await foundAfter(
          `update platform.journal set payload = overlay(payload placing '\\x01'::bytea from 2) where ${at(1)}`,
          sm3,
        ),
      ).toEqual(['format organisation:3 1']);
    } finally {
      await sm3.close();
    }
  });
});

describe('行的摘要', () => {
  let place: TestDatabase;
  let database: Database;
  let admin: pg.Client;
  beforeAll(async () => {
    place = await testDatabase();
    database = await openDatabase({ url: place.loginUrl });
    admin = new pg.Client({ connectionString: place.adminUrl });
    await admin.connect();
  });
  afterAll(async () => {
    await database?.close();
    await admin?.end();
    await place?.drop();
  });
  const faults = async () => (await verifyJournal(database, today)).faults.map(told);
  const event = (tx: Transaction) => record(tx, { chain: 'organisation:3', act: 'a.b', object: 'c:1' });

  it('一个事务里几次更改、几条留痕：各管各的行；改了又回滚的不算', async () => {
    await database.transaction({ standing: 'engine', today }, async (tx) => {
      await sql`insert into registers.area (code, level, name, enrolled_on) values ('990000000000', 'province', '甲', '2026-01-01'), ('980000000000', 'province', '乙', '2026-01-01')`.execute(
        tx,
      );
      await event(tx);
      await event(tx);
      await sql`update registers.area set name = name || '一'`.execute(tx);
      await sql`savepoint before`.execute(tx);
      await sql`update registers.area set code = '960000000000' where code = '980000000000'`.execute(tx);
      await sql`rollback to before`.execute(tx);
      await sql`update registers.area set name = name || '二' where code = '990000000000'`.execute(tx);
      await event(tx);
    });
    expect(await faults()).toEqual([]);
    const { rows } = await admin.query(`select rows_digest is not null as has from platform.journal order by seq`);
    expect(rows.map((one) => one.has)).toEqual([true, false, true]);
  });

  it('最后一次更改之后没有留痕，拒绝提交；没有改到行的语句不必留痕', async () => {
    await expect(
      database.transaction(office, async (tx) => {
        await sql`update registers.area set name = '一'`.execute(tx);
        await event(tx);
        await sql`update registers.area set name = '二'`.execute(tx);
      }),
    ).rejects.toMatchObject({ code: 'GZ001', message: '改动了 registers.area 却没有留痕，拒绝提交' });
    await expect(
      database.transaction(office, async (tx) => {
        await sql`update registers.area set name = '一'`.execute(tx);
        await event(tx);
        await sql`set constraints all immediate`.execute(tx);
        await sql`update registers.area set name = '二'`.execute(tx);
      }),
    ).rejects.toMatchObject({ code: 'GZ001' });
    await database.transaction(office, (tx) =>
      sql`update registers.area set name = '一' where code = '970000000000'`.execute(tx),
    );
    expect(await faults()).toEqual([]);
  });

  it('主键改了：旧键记为删去，新键记其内容；删了又建也跟得上', async () => {
    await database.transaction({ standing: 'engine', today }, async (tx) => {
      await sql`update registers.area set code = '970000000000' where code = '980000000000'`.execute(tx);
      await event(tx);
    });
    expect(await faults()).toEqual([]);
    const { rows } = await admin.query(
      `select key, digest is null as gone from platform.covered_row order by id desc limit 2`,
    );
    expect(rows).toEqual([
      { key: '980000000000', gone: true },
      { key: '970000000000', gone: false },
    ]);
    await admin.query(`begin; delete from registers.area where code = '970000000000';
      insert into registers.area (code, level, name, enrolled_on) values ('970000000000', 'province', '丙', '2026-01-01');
      select platform.record('organisation:3', 'a.b', 'c:1', '{}'); commit`);
    expect(await faults()).toEqual([]);
  });

  it('加了列不动旧的摘要；再执行 cover 之后新的更改也管新列', async () => {
    await admin.query(`alter table registers.area add column lifts int not null default 0`);
    expect(await faults()).toEqual([]);
    await admin.query(`select platform.cover('registers.area')`);
    expect(await faults()).toEqual([]);
    await database.transaction({ standing: 'engine', today }, async (tx) => {
      await sql`update registers.area set lifts = 1 where code = '970000000000'`.execute(tx);
      await event(tx);
    });
    expect(await faults()).toEqual([]);
    await admin.query(
      `alter table registers.area disable trigger user; update registers.area set lifts = 2; alter table registers.area enable always trigger covered_update`,
    );
    expect(await faults()).toEqual(['row registers.area 970000000000']);
  });

  it('摘要与会话的时区、日期和字节的写法无关', async () => {
    await admin.query(
      `set timezone = 'Asia/Shanghai'; set datestyle = 'German, DMY'; set bytea_output = 'escape'; set intervalstyle = 'iso_8601'; set extra_float_digits = 0`,
    );
    await admin.query(`begin; alter table registers.area enable always trigger covered_insert;
      insert into registers.person (scope, name, phone_sealed, identity_hash) values ('990000000000', '甲', '\\\\x00ff', '\\\\x01');
      select platform.record('organisation:3', 'a.b', 'c:1', '{}'); commit`);
    await admin.query('reset all');
    expect((await faults()).filter((one) => one.includes('person'))).toEqual([]);
  });

  it('没有盐就猜不到内容：同样的内容在两个部署里摘要不同', async () => {
    const digests = await Promise.all(
      [whole, other].map(async ({ admin: one }) =>
        (
          await one.query<{ digest: Buffer }>(`select digest from platform.covered_row where key = '991300000000'`)
        ).rows[0]!.digest.toString('hex'),
      ),
    );
    expect(digests[0]).not.toBe(digests[1]);
  });

  it('细目里的非规范文字按规范写法存证，核验相符', async () => {
    await database.transaction(office, (tx) =>
      record(tx, { chain: 'organisation:3', act: 'a.b', object: 'c:1', detail: { 名: 'e\u0301' }, reason: 'e\u0301' }),
    );
    expect((await faults()).filter((one) => one.includes('organisation'))).toEqual([]);
    expect(canonicalJson({ 名: 'e\u0301' })).not.toBe(canonicalJson({ 名: '\u00e9' }));
  });
});
