// An export of the journal for whoever checks it without this program: the bytes that were hashed, the links, the heads. What each line means is in
// verify/check.ts, which reads it and shares nothing with this file.

import { type Database, sql, type Transaction } from './database.ts';
import type { Chain } from './journal.ts';

const BATCH = 1_000;

/** Writes the lines of an export, of one chain or of all, and answers how many events and chains they were. All of one moment. */
export function exportJournal(
  database: Database,
  { today, chain, write }: { today: string; chain?: Chain; write: (line: string) => Promise<void> },
): Promise<{ events: number; chains: number }> {
  return database.transaction({ standing: 'auditor', today }, async (tx) => {
    await sql`set transaction isolation level repeatable read, read only`.execute(tx);
    const say = (entry: Record<string, unknown>) => write(`${JSON.stringify(entry)}\n`);
    const { rows: setting } = await sql<{ deployment: string; hash: string; at: string }>`
      select deployment, hash, to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as at from platform.journal_setting`.execute(
      tx,
    );
    const { deployment, hash, at } = setting[0]!;
    await say({ gongzhi: 'journal', version: 1, deployment, hash, exportedAt: at, chain: chain ?? null });
    let events = 0;
    const { rows: heads } = await sql<{ chain: string; seq: bigint; hash: Buffer }>`
      select chain, seq, hash from platform.journal_head where ${chain ?? null}::text is null or chain = ${chain ?? null} order by chain`.execute(
      tx,
    );
    for (const head of heads) {
      for await (const event of eventsOf(tx, head.chain)) {
        events += 1;
        await say({
          chain: head.chain,
          seq: String(event.seq),
          payload: event.payload.toString('base64'),
          hash: event.hash.toString('hex'),
        });
      }
      await say({ head: head.chain, seq: String(head.seq), hash: head.hash.toString('hex') });
    }
    await say({ end: { events, chains: heads.length } });
    return { events, chains: heads.length };
  });
}

async function* eventsOf(
  tx: Transaction,
  chain: string,
): AsyncGenerator<{ seq: bigint; payload: Buffer; hash: Buffer }> {
  let after = 0n;
  for (;;) {
    const { rows } = await sql<{ seq: bigint; payload: Buffer; hash: Buffer }>`
      select seq, payload, hash from platform.journal where chain = ${chain} and seq > ${after} order by seq limit ${BATCH}`.execute(
      tx,
    );
    yield* rows;
    if (rows.length < BATCH) return;
    after = rows.at(-1)!.seq;
  }
}
