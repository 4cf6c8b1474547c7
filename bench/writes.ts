// One recorded write as a command does it, against the same update of a copy of the table without trigger, policy or journal.

import { sql } from '../src/platform/database.ts';
import { record } from '../src/platform/journal.ts';
import { type Result, sideBySide } from './measure.ts';
import type { Stage } from './stage.ts';

export async function benchWrites({ admin, system, officer, district }: Stage): Promise<Result[]> {
  await admin.query(
    `create table public.plain as select * from registers.estate; create unique index on public.plain (id); create index on public.plain (scope)`,
  );
  const { rows } = await admin.query<{ id: number }>(
    `select id from registers.estate where left(scope, 6) = left($1, 6) order by id limit 50`,
    [district],
  );
  let turn = 0;
  const next = () => {
    turn += 1;
    return rows[turn % rows.length]!.id;
  };
  const result = await sideBySide('一次留痕的更正', {
    measured: () => {
      const id = next();
      return system.database.transaction(officer.actor, async (tx) => {
        await sql`update registers.estate set households = coalesce(households, 0) + 1 where id = ${id}`.execute(tx);
        await record(tx, { chain: `estate:${id}`, act: 'estates.corrected', object: `estate:${id}` });
      });
    },
    // As many round trips: begin, two statements, commit.
    against: async () => {
      await admin.query('begin');
      await admin.query('update public.plain set households = coalesce(households, 0) + 1 where id = $1', [next()]);
      await admin.query('select 1');
      await admin.query('commit');
    },
    pairs: 200,
    bar: null,
  });
  await admin.query('drop table public.plain');
  return [result];
}
