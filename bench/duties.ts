// The duties worked out anew, against one plain INSERT … SELECT of the same rows into the same table with its indexes.

import { materialiseDuties } from '../src/oversight/duties/index.ts';
import { type Result, sideBySide } from './measure.ts';
import type { Stage } from './stage.ts';

export async function benchDuties({ admin, system, engine, today }: Stage): Promise<Result[]> {
  await admin.query('create temporary table saved as select * from oversight.duty');
  const { rows } = await admin.query<{ rows: string; years: string }>(
    `select count(*)::text as rows, round((max(due_on) - min(due_on)) / 365.0, 1)::text as years from saved`,
  );
  const { rows: columns } = await admin.query<{ list: string }>(
    `select string_agg(attname, ', ' order by attnum) as list from pg_attribute where attrelid = 'oversight.duty'::regclass and attnum > 0 and not attisdropped and attname <> 'id'`,
  );
  const list = columns[0]!.list;
  const result = await sideBySide('全部义务重新推算', {
    before: () => admin.query('truncate oversight.duty'),
    measured: () => system.database.transaction(engine, (tx) => materialiseDuties(tx, today)),
    against: () => admin.query(`insert into oversight.duty (${list}) select ${list} from saved order by id`),
    pairs: 5,
    bar: 3,
    note: `${rows[0]!.rows} 行，约 ${rows[0]!.years} 年`,
  });
  await admin.query('drop table saved');
  return [result];
}
