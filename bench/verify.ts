// The verifier against bare hashing of the same bytes, read from the same rows in as many batches; and, for information, against bare hashing that does
// not read the columns at all. And the rows: digest, last digest recorded and comparison against the digest alone.

import { hash } from 'node:crypto';
import { sql, type Transaction } from '../src/platform/database.ts';
import {
  type Ask,
  type Batch,
  batchAfter,
  columnsInOrder,
  settingOf,
  verifyEventRows,
  verifyRows,
  walkChains,
} from '../src/platform/verify-journal.ts';
import { type Result, sideBySide } from './measure.ts';
import type { Stage } from './stage.ts';

const CHAINS = 200;
const EVENTS = 60_000;

export async function benchVerify({ admin, system, officer, today }: Stage): Promise<Result[]> {
  await system.database.transaction(officer.actor, async (tx) => {
    for (let round = 0; round < EVENTS / CHAINS; round += 1)
      await sql`select platform.record_each(array_agg('estate:' || (100000 + n)), 'estates.corrected', ${`import:${round}`},
        array_agg('{"digest":"' || encode(sha256(n::text::bytea), 'hex') || '","kind":"estates","rows":' || n || '}')) from generate_series(1, ${CHAINS}) n`.execute(
        tx,
      );
  });
  await admin.query('vacuum analyze');
  const inOneMoment = (work: (tx: Transaction, ask: Ask) => Promise<unknown>) => () =>
    system.database.transaction({ standing: 'verifier', today }, async (tx) => {
      await sql`set transaction isolation level repeatable read, read only`.execute(tx);
      await work(tx, async <Row>(text: string) => (await sql.raw<Row>(text).execute(tx)).rows);
    });
  const { rows } = await admin.query<{ events: number; bytes: number; rows: number }>(
    `select count(*)::int as events, sum(octet_length(payload))::int as bytes, (select count(*)::int from (select distinct relation, key from platform.covered_row) c) as rows from platform.journal`,
  );
  const { events, bytes, rows: covered } = rows[0]!;
  const { rows: relations } = await admin.query<{ relation: string }>(
    'select distinct relation from platform.covered_shape',
  );
  const walked = inOneMoment(async (_, ask) => {
    const { faults } = await walkChains(ask, await settingOf(ask));
    if (faults.length > 0) throw new Error(JSON.stringify(faults[0]));
  });
  /** Reads in batches and hashes each payload and link; `payload` and `prev` are places of fields among those of an event. */
  const hashed = (
    batchOf: (chain: string, seq: bigint) => string,
    [prev, payload]: readonly [number, number],
    fields: number,
  ) =>
    inOneMoment(async (_, ask) => {
      const link = Buffer.alloc(65, 2);
      const [from, length] = [new Int32Array(fields), new Int32Array(fields)];
      let coming = ask<Batch>(batchOf('', 0n));
      for (;;) {
        const [batch] = await coming;
        if (batch!.many === 0) break;
        coming = ask<Batch>(batchOf(batch!.chain, BigInt(batch!.seq)));
        const read = batch!.events;
        for (let at = 0; at < read.length; ) {
          at += 4;
          for (let field = 0; field < fields; field += 1) {
            from[field] = at + 8;
            length[field] = Math.max(0, read.readInt32BE(at + 4));
            at += length[field]! + 8;
          }
          const begin = from[payload]!;
          read[begin - 1] = 0;
          read.copy(link, 1, from[prev]!, from[prev]! + 32);
          hash('sha256', read.subarray(begin - 1, begin + length[payload]!), 'buffer').copy(link, 33);
          hash('sha256', link, 'buffer');
        }
      }
    });
  const told = `${events} 条、${Math.round(bytes / 1_000_000)} MB 存证字节`;
  return [
    await sideBySide('核验各链', {
      measured: walked,
      against: hashed(batchAfter, [0, 3], 4 + columnsInOrder.length),
      pairs: 9,
      bar: 2,
      note: `${told}，对照为读同样的字节、只算哈希`,
    }),
    await sideBySide('核验各链', {
      measured: walked,
      against: hashed(
        (chain, seq) => batchAfter(chain, seq).replace(/row\(prev.*?\)\)/, 'row(prev, payload))'),
        [0, 1],
        2,
      ),
      pairs: 9,
      bar: null,
      note: `${told}，对照不读所示的各列`,
    }),
    await sideBySide('核验各行', {
      measured: inOneMoment(async (_, ask) => {
        const setting = await settingOf(ask);
        const { faults } = await verifyRows(ask, setting);
        faults.push(...(await verifyEventRows(ask, setting)));
        if (faults.length > 0) throw new Error(JSON.stringify(faults[0]));
      }),
      against: inOneMoment((_, ask) =>
        ask(
          relations
            .map(({ relation }) => `select count(sha256(record_send(row(t.*)))) from ${relation} t`)
            .join(' union all '),
        ),
      ),
      pairs: 5,
      bar: null,
      note: `${covered} 行，对照为数据库只算一遍哈希`,
    }),
  ];
}
