import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../tests/database.ts';
import { type Actor, type Database, openDatabase, sql } from './database.ts';
import { canonicalJson, encodeC1, encodeJournalPayload, genesisOf, leafOf, linkOf, record } from './journal.ts';

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
}

async function chain(name: string): Promise<Row[]> {
  const { rows } = await database.transaction(auditor, (tx) =>
    sql<Row>`select *, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at from platform.journal where chain = ${name} order by seq`.execute(
      tx,
    ),
  );
  return rows;
}

/** The bytes were computed by hand (and once in Python) from the definition of C1, not with the code under test. */
const vectors: [title: string, fields: (string | null)[], hex: string][] = [
  ['没有字段', [], '0101000000017a'],
  ['空值与空文本不同', [null, ''], '0101000000017affffffff00000000'],
  ['空文本与空值次序相反', ['', null], '0101000000017a00000000ffffffff'],
  ['中文', ['小区'], '0101000000017a00000006e5b08fe58cba'],
  ['辅助平面', ['𠮷'], '0101000000017a00000004f0a0aeb7'],
  ['分解的字母先合成', ['e\u0301'], '0101000000017a00000002c3a9'],
  ['全角不变半角', ['Ａ'], '0101000000017a00000003efbca1'],
  ['分隔符不移动边界（一）', ['a|b', 'c'], '0101000000017a00000003617c620000000163'],
  ['分隔符不移动边界（二）', ['a', 'b|c'], '0101000000017a000000016100000003627c63'],
  ['换行与引号', ['"\n'], '0101000000017a00000002220a'],
  ['最大的 64 位整数', ['9223372036854775807'], `0101000000017a00000013${'39323233333732303336383534373735383037'}`],
  ['四字节长度', ['x'.repeat(256)], `0101000000017a00000100${'78'.repeat(256)}`],
];

describe('留痕', () => {
  it.each(vectors)('C1 编码：%s', async (_, fields, hex) => {
    expect(encodeC1('z', fields).toString('hex')).toBe(hex);
    const { rows } = await database.transaction(auditor, (tx) =>
      sql<{
        bytes: Buffer;
      }>`select '\\x0101'::bytea || coalesce(string_agg(platform.length_prefixed(field), ''::bytea order by n), ''::bytea) as bytes
        from unnest(${['z', ...fields]}::text[]) with ordinality as t (field, n)`.execute(tx),
    );
    expect(rows[0]!.bytes.toString('hex')).toBe(hex);
  });

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
      let prev = genesisOf(name);
      for (const row of await chain(name)) {
        const payload = encodeJournalPayload({
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
    let prev = genesisOf('estate:1');
    for (const row of rows) {
      expect(row.prev.equals(prev)).toBe(true);
      prev = row.hash;
    }
  });

  it('服务器的任何角色都不能改、删、直接写留痕', async () => {
    for (const standing of ['office', 'body', 'resident', 'engine', 'door', 'auditor'] as const) {
      for (const statement of [
        sql`update platform.journal set act = 'x'`,
        sql`delete from platform.journal`,
        sql`truncate platform.journal`,
        sql`update platform.journal_head set seq = 0`,
        sql`delete from platform.covered_change`,
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
