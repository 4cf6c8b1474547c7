// The duties worked out anew, against one plain INSERT … SELECT of the same rows into the same table with its indexes.

import { dateOf, yearOf } from '../src/kernel/local-date.ts';
import { horizonOf, materialiseDuties } from '../src/oversight/duties/index.ts';
import { readIndicators } from '../src/oversight/indicators/queries.ts';
import { type Result, sideBySide } from './measure.ts';
import { type Stage, withoutPolicies } from './stage.ts';

const YEARS = 5;

export async function benchDuties(stage: Stage): Promise<Result[]> {
  return [await benchBoard(stage), await benchHistory(stage)];
}

async function benchBoard(stage: Stage): Promise<Result> {
  const { admin, system, engine, today } = stage;
  await admin.query('create temporary table saved as select * from oversight.duty');
  const { rows } = await admin.query<{ rows: string; years: string }>(
    `select count(*)::text as rows, round((max(due_on) - min(due_on)) / 365.0, 1)::text as years from saved`,
  );
  const list = await columnsOfDuty(stage);
  const result = await sideBySide('全部义务重新推算', {
    before: () => admin.query('truncate oversight.duty'),
    measured: () => system.database.transaction(engine, (tx) => materialiseDuties(tx, today)),
    against: () => admin.query(`insert into oversight.duty (${list}) select ${list} from saved order by id`),
    pairs: 5,
    bar: 3,
    note: `${rows[0]!.rows} 行，约 ${rows[0]!.years} 年`,
  });
  await admin.query('drop table saved');
  return result;
}

/**
 * All duties and all indicators with five years of history, worked out from nothing under row-level security; against the rows of the same
 * duties written by one statement, and the statements of the same indicators by hand without policies. The packs are taken to have been in
 * force all that time; afterwards everything is as it was.
 */
async function benchHistory(stage: Stage): Promise<Result> {
  const { admin, system, engine, officer, today, district } = stage;
  const horizon = horizonOf(today, YEARS);
  const inForce = dateOf(yearOf(today) - YEARS, 1, 1);
  await admin.query('create temporary table packs as select id, from_on from registers.pack');
  await admin.query(`update registers.pack set from_on = '${inForce}' where from_on > '${inForce}'`);
  const recompute = () => system.database.transaction(engine, (tx) => materialiseDuties(tx, today, horizon));
  const { duties } = await recompute();
  await admin.query(
    'create temporary table history as select * from oversight.duty; analyze history; analyze oversight.duty',
  );
  const list = await columnsOfDuty(stage);
  const result = await sideBySide('五年的义务与指标重新推算', {
    before: () => admin.query('truncate oversight.duty'),
    measured: async () => {
      await recompute();
      await system.database.transaction(officer.actor, (tx) => readIndicators(tx, district, today));
    },
    against: async () => {
      await admin.query(`insert into oversight.duty (${list}) select ${list} from history order by id`);
      await withoutPolicies(stage, (tx) => readIndicators(tx, district, today));
    },
    pairs: 3,
    bar: 3,
    note: `${duties} 行，${YEARS} 年`,
  });
  await admin.query(
    'update registers.pack p set from_on = s.from_on from packs s where s.id = p.id; drop table packs, history',
  );
  await system.database.transaction(engine, (tx) => materialiseDuties(tx, today));
  return result;
}

async function columnsOfDuty({ admin }: Stage): Promise<string> {
  const { rows } = await admin.query<{ list: string }>(
    `select string_agg(attname, ', ' order by attnum) as list from pg_attribute where attrelid = 'oversight.duty'::regclass and attnum > 0 and not attisdropped and attname <> 'id'`,
  );
  return rows[0]!.list;
}
