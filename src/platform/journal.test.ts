import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../tests/database.ts';
import { type Actor, type Database, openDatabase, sql } from './database.ts';
import {
  canonicalJson,
  encodeC1,
  encodeJournalPayload,
  genesisOf,
  type HashName,
  hashMarks,
  leafOf,
  linkOf,
  record,
} from './journal.ts';

const office: Actor = {
  standing: 'office',
  lo: '99',
  hi: '99:',
  personId: 7,
  organisationId: 3,
  postId: 11,
  today: '2026-11-22',
  request: 'K7M2-9QXD',
};
const auditor: Actor = { standing: 'auditor', today: '2026-11-22' };

let test: TestDatabase;
let database: Database;
beforeAll(async () => {
  test = await testDatabase();
  database = await openDatabase({ url: test.loginUrl });
});
afterAll(async () => {
  await database?.close();
  await test?.drop();
});

const addProvince = (code: string) =>
  sql`insert into registers.area (code, level, name, enrolled_on) values (${code}, 'province', ${`演示省${code}`}, '2026-01-01')`;

interface Row {
  seq: bigint;
  at: string;
  act: string;
  object: string;
  person_id: number | null;
  organisation_id: number | null;
  post_id: number | null;
  reason: string | null;
  detail: string;
  request: string | null;
  payload: Buffer;
  leaf: Buffer;
  prev: Buffer;
  hash: Buffer;
  rows_digest: Buffer | null;
}

async function deployment(): Promise<string> {
  const { rows } = await database.transaction(auditor, (tx) =>
    sql<{ deployment: string }>`select deployment from platform.journal_setting`.execute(tx),
  );
  return rows[0]!.deployment;
}

async function chain(name: string): Promise<Row[]> {
  const { rows } = await database.transaction(auditor, (tx) =>
    sql<Row>`select *, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at from platform.journal where chain = ${name} order by seq`.execute(
      tx,
    ),
  );
  return rows;
}

interface Vector {
  title: string;
  format: number;
  tag: string;
  fields: (string | { hex: string } | null)[];
  encoded: string;
  leaf: Record<HashName, string>;
  event?: Record<string, string | null>;
}
/** Computed apart, by verify/vectors.py; the verifier of verify/ is held to the same file. */
const golden = JSON.parse(readFileSync(join(import.meta.dirname, '../../verify/vectors.json'), 'utf8')) as {
  vectors: Vector[];
  chain: Record<HashName, { genesis: string; link: string }> & {
    deployment: string;
    chain: string;
    leafOf: string;
    genesisOfFormat1: string;
  };
};
const hashes = ['sha256', 'sm3'] as const;
const bytesOf = (field: Vector['fields'][number]) =>
  field !== null && typeof field === 'object' ? Buffer.from(field.hex, 'hex') : field;

/** A database that has chosen this hash, and the superuser in it: vectors are of no person. */
async function choosing<T>(hash: HashName, work: (client: pg.Client, own: TestDatabase) => Promise<T>): Promise<T> {
  const own = await testDatabase();
  const client = new pg.Client({ connectionString: own.adminUrl });
  await client.connect();
  try {
    await client.query('select platform.choose_hash($1)', [hash]);
    return await work(client, own);
  } finally {
    await client.end();
    await own.drop();
  }
}

describe('C1 编码的金标准', () => {
  it('至少三十组，各不相同', () => {
    expect(golden.vectors.length).toBeGreaterThanOrEqual(30);
    // A letter composed and decomposed are one text, and no text is no bytes; everything else differs.
    const distinct = new Set(golden.vectors.map((one) => `${one.format} ${one.encoded}`));
    expect(distinct.size).toBe(golden.vectors.length - 2);
  });

  it.each(golden.vectors)('程序：$title', ({ tag, fields, format, encoded, leaf }) => {
    for (const hash of hashes) {
      const bytes = encodeC1(tag, fields.map(bytesOf), { format, hash });
      expect(bytes.toString('hex')).toBe(`0${format}0${hashMarks[hash]}${encoded}`);
      expect(leafOf(bytes, hash).toString('hex')).toBe(leaf[hash]);
    }
  });

  it.each(golden.vectors.filter((one) => one.event))('程序：$title（按字段）', ({ event, format, encoded }) => {
    const id = (name: string) => (event![name] === null ? null : Number(event![name]));
    const bytes = encodeJournalPayload({
      ...({ chain: event!.chain, at: event!.at, act: event!.act, object: event!.object } as { chain: string } & Row),
      format: format as 1 | 2,
      seq: BigInt(event!.seq!),
      personId: id('person'),
      organisationId: id('organisation'),
      postId: id('post'),
      reason: event!.reason!,
      detail: event!.detail!,
      request: event!.request!,
      rowsDigest: event!.rowsDigest == null ? null : Buffer.from(event!.rowsDigest, 'hex'),
    });
    expect(bytes.subarray(2).toString('hex')).toBe(encoded);
  });

  it.each(hashes)('数据库：%s', async (hash) => {
    await choosing(hash, async (client) => {
      for (const { title, tag, fields, format, encoded, leaf, event } of golden.vectors) {
        const { rows } = await client.query<{ encoded: string; leaf: string }>(
          `with bytes as (select string_agg(case when bytes is not null then platform.length_prefixed(decode(bytes, 'hex')) else platform.length_prefixed(field) end, ''::bytea order by n) as encoded
             from unnest($1::text[], $2::text[]) with ordinality t (field, bytes, n))
           select encode(encoded, 'hex') as encoded, encode(platform.hash('\\x00'::bytea || $3::bytea || platform.hash_mark() || encoded), 'hex') as leaf from bytes`,
          [
            [tag, ...fields.map((one) => (typeof one === 'string' ? one : null))],
            [null, ...fields.map((one) => (one !== null && typeof one === 'object' ? one.hex : null))],
            Buffer.from([format]),
          ],
        );
        expect(rows[0], title).toEqual({ encoded, leaf: leaf[hash] });
        if (!event || format === 1) continue;
        const { rows: events } = await client.query<{ payload: string }>(
          `select encode(platform.journal_payload($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, decode($12, 'hex')), 'hex') as payload`,
          Object.values(event),
        );
        expect(events[0]!.payload, title).toBe(`020${hashMarks[hash]}${encoded}`);
      }
    });
  });

  it.each(hashes)('链的起点与相接：%s', async (hash) => {
    const { deployment, chain: name, genesisOfFormat1 } = golden.chain;
    expect(genesisOf(name, null).toString('hex')).toBe(genesisOfFormat1);
    const genesis = genesisOf(name, deployment, hash);
    expect(genesis.toString('hex')).toBe(golden.chain[hash].genesis);
    const leaf = golden.vectors.find((one) => one.title === golden.chain.leafOf)!.leaf[hash];
    expect(linkOf(genesis, Buffer.from(leaf, 'hex'), hash).toString('hex')).toBe(golden.chain[hash].link);
    await choosing(hash, async (client) => {
      await client.query('update platform.journal_setting set deployment = $1', [deployment]);
      const { rows } = await client.query<{ genesis: Buffer }>('select platform.genesis($1) as genesis', [name]);
      expect(rows[0]!.genesis.toString('hex')).toBe(golden.chain[hash].genesis);
    });
  });
});

describe('哈希算法', () => {
  it('首条留痕之前可以改选，之后谁也不能改', async () => {
    await choosing('sm3', async (client, own) => {
      const { rows } = await client.query<{ bytes: Buffer }>(`select platform.hash('abc') as bytes`);
      expect(rows[0]!.bytes.toString('hex')).toMatch(/^66c7f0f4/);
      await client.query(`select platform.choose_hash('sha256')`);
      await client.query(`select platform.choose_hash('sm3')`);
      const weak = await openDatabase({ url: own.loginUrl });
      await weak.transaction(office, (tx) => record(tx, { chain: 'organisation:3', act: 'a.b', object: 'c:1' }));
      await weak.close();
      await client.query(`select platform.choose_hash('sm3')`); // says nothing new
      for (const statement of [
        `select platform.choose_hash('sha256')`,
        `update platform.journal_setting set hash = 'sha256'`,
        'update platform.journal_setting set deployment = gen_random_uuid()',
        'delete from platform.journal_setting',
      ])
        await expect(client.query(statement), statement).rejects.toMatchObject({
          message: '留痕已经开始，其设定（哈希算法为 sm3）不能再改',
        });
    });
  });

  it('数据库不能计算 SM3 时说明要做什么，什么也没有改', async () => {
    await choosing('sha256', async (client) => {
      // An extension of that name without SM3, as an OpenSSL without it leaves it.
      await client.query(
        'create extension pgcrypto schema platform; alter function platform.digest(bytea, text) rename to gone',
      );
      await expect(client.query(`select platform.choose_hash('sm3')`)).rejects.toThrow(
        /^这个 PostgreSQL 不能计算 SM3（.*）：请安装 pgcrypto/,
      );
      const { rows } = await client.query('select hash, platform.hash_mark() as mark from platform.journal_setting');
      expect(rows).toEqual([{ hash: 'sha256', mark: Buffer.from([1]) }]);
    });
  });
});

describe('留痕', () => {
  it.each([
    ['全部字段', office, '因换届', { 名称: '锦绣', count: 3 }],
    [
      '没有人、单位、岗位与理由',
      { ...office, personId: undefined, organisationId: undefined, postId: undefined, request: undefined },
      undefined,
      {},
    ],
    ['理由为空文本', office, '', { 户: '𠮷' }],
  ] as [string, Actor, string | undefined, Record<string, unknown>][])(
    '程序重算的字节、叶与链和数据库所记一致：%s',
    async (title, actor, reason, detail) => {
      const name = `organisation:${title.length + 100}` as const;
      for (let n = 1; n <= 3; n += 1) {
        const seq = await database.transaction(actor, (tx) =>
          record(tx, { chain: name, act: 'areas.renamed', object: `area:${n}`, detail, reason }),
        );
        expect(seq).toBe(BigInt(n));
      }
      let prev = genesisOf(name, await deployment());
      for (const row of await chain(name)) {
        const payload = encodeJournalPayload({
          format: 2,
          rowsDigest: row.rows_digest,
          chain: name,
          seq: row.seq,
          at: row.at,
          act: row.act,
          object: row.object,
          personId: row.person_id,
          organisationId: row.organisation_id,
          postId: row.post_id,
          reason: row.reason,
          detail: row.detail,
          request: row.request,
        });
        expect(row.at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
        expect(row.person_id).toBe(actor.personId ?? null);
        expect(row.reason).toBe(reason ?? null);
        expect(payload.equals(row.payload)).toBe(true);
        expect(leafOf(payload).equals(row.leaf)).toBe(true);
        expect(row.prev.equals(prev)).toBe(true);
        expect(linkOf(prev, row.leaf).equals(row.hash)).toBe(true);
        prev = row.hash;
      }
    },
  );

  it('改动了受约束的表而没有留痕，拒绝提交，什么也不留下', async () => {
    await expect(database.transaction(office, (tx) => addProvince('990000000000').execute(tx))).rejects.toMatchObject({
      code: 'GZ001',
      message: '改动了 registers.area 却没有留痕，拒绝提交',
    });
    const { rows } = await database.transaction(office, (tx) => sql`select code from registers.area`.execute(tx));
    expect(rows).toEqual([]);
  });

  it('改动与留痕同进退；别的事务的留痕不算数', async () => {
    await database.transaction(office, (tx) => record(tx, { chain: 'organisation:3', act: 'a.b', object: 'c:1' }));
    await expect(database.transaction(office, (tx) => addProvince('990000000000').execute(tx))).rejects.toMatchObject({
      code: 'GZ001',
    });
    await expect(
      database.transaction(office, async (tx) => {
        await addProvince('990000000000').execute(tx);
        await record(tx, { chain: 'organisation:3', act: 'areas.added', object: 'area:990000000000' });
        throw new Error('不做了');
      }),
    ).rejects.toThrow('不做了');
    expect(await chain('organisation:3')).toHaveLength(1);
    await database.transaction(office, async (tx) => {
      await addProvince('990000000000').execute(tx);
      await record(tx, { chain: 'organisation:3', act: 'areas.added', object: 'area:990000000000' });
    });
    expect((await chain('organisation:3')).map((row) => [row.seq, row.act])).toEqual([
      [1n, 'a.b'],
      [2n, 'areas.added'],
    ]);
  });

  it('同时追加的各得一号，不断链', async () => {
    await Promise.all(
      Array.from({ length: 12 }, (_, n) =>
        database.transaction(office, (tx) => record(tx, { chain: 'estate:1', act: 'a.b', object: `c:${n}` })),
      ),
    );
    const rows = await chain('estate:1');
    expect(rows.map((row) => row.seq)).toEqual(Array.from({ length: 12 }, (_, n) => BigInt(n + 1)));
    let prev = genesisOf('estate:1', await deployment());
    for (const row of rows) {
      expect(row.prev.equals(prev)).toBe(true);
      prev = row.hash;
    }
  });

  it('同时在几条新链上各追加一条，各得一号，不断链；一条链写两次的拒绝', async () => {
    const recordOn = (on: readonly string[], n: number) =>
      database.transaction(office, (tx) =>
        sql`select platform.record_each(${on}::text[], 'a.b', ${`c:${n}`}, ${on.map(() => '{"n":"小区"}')}::text[])`.execute(
          tx,
        ),
      );
    // Many times over: what goes wrong here goes wrong between two statements of two writers.
    for (let round = 0; round < 20; round += 1) {
      const chains = [1, 2, 3].map((at) => `estate:${2_000 + round * 10 + at}` as const);
      // Each begins with some of them, in either order.
      const given = (n: number) => (n % 3 === 2 ? chains.slice(1) : n % 2 ? chains : [...chains].reverse());
      // And one who writes on a single chain, the other way of writing.
      const single = database.transaction(office, (tx) =>
        record(tx, { chain: chains[1]!, act: 'a.b', object: 'c:9', detail: { n: '小区' } }),
      );
      await Promise.all([...Array.from({ length: 6 }, (_, n) => recordOn(given(n), n)), single]);
      for (const [at, name] of chains.entries()) {
        const rows = await chain(name);
        expect(rows.map((row) => Number(row.seq))).toEqual(Array.from({ length: [4, 7, 6][at]! }, (_, n) => n + 1));
        let prev = genesisOf(name, await deployment());
        for (const row of rows) {
          expect(row.prev.equals(prev)).toBe(true);
          prev = row.hash;
        }
      }
    }
    await expect(recordOn(['estate:24', 'estate:24'], 7)).rejects.toMatchObject({ code: 'GZ003' });
  });

  it('服务器的任何角色都不能改、删、直接写留痕', async () => {
    for (const standing of ['office', 'body', 'resident', 'engine', 'door', 'auditor'] as const) {
      for (const statement of [
        sql`update platform.journal set act = 'x'`,
        sql`delete from platform.journal`,
        sql`truncate platform.journal`,
        sql`update platform.journal_head set seq = 0`,
        sql`update platform.covered_row set digest = null`,
        sql`insert into platform.covered_row (relation, key, shape, first) values ('registers.area', '1', 1, false)`,
        sql`update platform.covered_shape set columns = '{}'`,
        sql`update platform.journal_setting set hash = 'sm3'`,
        sql`select salt from platform.journal_setting`,
        sql`select platform.choose_hash('sm3')`,
      ]) {
        await expect(
          database.transaction({ standing, today: '2026-11-22' }, (tx) => statement.execute(tx)),
        ).rejects.toMatchObject({ code: '42501' });
      }
    }
  });

  it.each([
    [{ b: 1, a: { d: null, c: [true, '小区'] } }, '{"a":{"c":[true,"小区"],"d":null},"b":1}'],
    [{ a: undefined, b: 5n }, '{"b":"5"}'],
    [{ n: -0 }, '{"n":0}'],
    ['x"\n', '"x\\"\\n"'],
  ])('规范 JSON 只有一种写法 %#', (value, text) => expect(canonicalJson(value)).toBe(text));

  it.each([[1.5], [Number.NaN], [2 ** 53], [new Date(0)], [[undefined]], [new Map()]])(
    '没有唯一写法的值不收 %#',
    (value) => {
      expect(() => canonicalJson({ value })).toThrow(TypeError);
    },
  );
});
