// A recorded write as a command does it, from eight connections over many estates, against the same update of the same row under the same policies
// and indexes, in as many round trips, where nothing is recorded. The rows beside the business row (its digest, the event, the head of the chain)
// are what the guarantee costs, and are told by the ratio.

import { type Actor, sql, type Transaction } from '../src/platform/database.ts';
import { record } from '../src/platform/journal.ts';
import { type Result, sideBySide } from './measure.ts';
import type { Stage } from './stage.ts';

const CLIENTS = 8;
const WRITES_EACH = 25;

export async function benchWrites({ admin, system, officer, district }: Stage): Promise<Result[]> {
  const { prefix } = system.database;
  await admin.query(`
    create table public.plain (like registers.estate including all);
    insert into public.plain overriding system value select * from registers.estate;
    alter table public.plain enable row level security;
    alter table public.plain force row level security;
    create policy office on public.plain to ${prefix}_office using (platform.in_scope(scope)) with check (platform.in_scope(scope));
    grant select, update on public.plain to ${prefix}_office`);
  await admin.query('vacuum analyze public.plain');
  await admin.query('checkpoint');
  const { rows } = await admin.query<{ id: number }>(
    `select id from registers.estate where left(scope, 6) = left($1, 6) order by id`,
    [district],
  );
  const results: Result[] = [];
  for (const [name, estates, bar] of [
    [`一次留痕的更正，${CLIENTS} 个连接、${rows.length} 个小区`, rows, 2],
    [`一次留痕的更正，${CLIENTS} 个连接都在一个小区`, rows.slice(0, 1), null],
  ] as const) {
    let turn = 0;
    const byAll = (write: (tx: Transaction, id: number) => Promise<unknown>) => () =>
      Promise.all(
        Array.from({ length: CLIENTS }, async () => {
          for (let n = 0; n < WRITES_EACH; n += 1) {
            turn += 1;
            const { id } = estates[turn % estates.length]!;
            await system.database.transaction(officer.actor as Actor, (tx) => write(tx, id));
          }
        }),
      );
    results.push(
      await sideBySide(name, {
        measured: byAll(async (tx, id) => {
          await sql`update registers.estate set households = coalesce(households, 0) + 1 where id = ${id}`.execute(tx);
          await record(tx, { chain: `estate:${id}`, act: 'estates.corrected', object: `estate:${id}` });
        }),
        against: byAll(async (tx, id) => {
          await sql`update public.plain set households = coalesce(households, 0) + 1 where id = ${id}`.execute(tx);
          await sql`select 1`.execute(tx);
        }),
        pairs: 31,
        bar,
        note: `每次 ${CLIENTS * WRITES_EACH} 笔`,
      }),
    );
  }
  await admin.query('drop table public.plain');
  return results;
}
