/** SQL of the administrative tree. Functions named add… write without a journal entry: the caller's command records once. */
import { type DivisionLevel, divisionRange, levelOfDivision } from '../../kernel/identifiers.ts';
import { sql, type Transaction } from '../../platform/database.ts';
import type { AreaKnown } from './rules.ts';

export interface NewArea {
  code: string;
  name: string;
  /** Null only for the top of this deployment's tree. */
  parentCode: string | null;
  enrolledOn: string;
  codeVersion?: string;
  provisional?: boolean;
  demonstrationZone?: boolean;
  trialUntil?: string | null;
  batchId?: number | null;
}

/** Adds areas, in any order; the level follows from the code. */
export async function addAreas(tx: Transaction, areas: readonly NewArea[]): Promise<void> {
  const rows = areas.map((area) => ({ ...area, level: levelOfDivision(area.code) }));
  // Parents first: the reference to the parent is checked row by row.
  rows.sort((a, b) => (a.code < b.code ? -1 : 1));
  await sql`
    insert into registers.area (code, code_version, level, name, parent_code, provisional, demonstration_zone, enrolled_on, trial_until, batch_id)
    select code, coalesce("codeVersion", '2025'), level, name, "parentCode", coalesce(provisional, false), coalesce("demonstrationZone", false),
      "enrolledOn", "trialUntil", "batchId"
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(code text, "codeVersion" text, level text, name text, "parentCode" text,
      provisional boolean, "demonstrationZone" boolean, "enrolledOn" date, "trialUntil" date, "batchId" int)`.execute(
    tx,
  );
}

export async function findArea(tx: Transaction, code: string): Promise<AreaKnown | null> {
  const { rows } = await sql<{ code: string; level: DivisionLevel; name: string; child_names: string[] }>`
    select a.code, a.level, a.name, coalesce(array_agg(c.name) filter (where c.code is not null), '{}') as child_names
    from registers.area a left join registers.area c on c.parent_code = a.code
    where a.code = ${code} group by a.code, a.level, a.name`.execute(tx);
  const row = rows[0];
  return row ? { code: row.code, level: row.level, name: row.name, childNames: row.child_names } : null;
}

export async function setEnrolledOn(tx: Transaction, code: string, on: string): Promise<number> {
  return changed(await sql`update registers.area set enrolled_on = ${on} where code = ${code}`.execute(tx));
}

/** The same day for the area, everything below it, and the bodies and estates there. */
export async function setEnrolledOnBelow(
  tx: Transaction,
  code: string,
  on: string,
): Promise<{ areas: number; organisations: number; estates: number }> {
  const { lo, hi } = divisionRange(code);
  const areas = await sql`update registers.area set enrolled_on = ${on} where code >= ${lo} and code < ${hi}`.execute(
    tx,
  );
  const organisations =
    await sql`update registers.organisation set enrolled_on = ${on} where scope >= ${lo} and scope < ${hi}`.execute(tx);
  const estates =
    await sql`update registers.estate set enrolled_on = ${on} where scope >= ${lo} and scope < ${hi}`.execute(tx);
  return { areas: changed(areas), organisations: changed(organisations), estates: changed(estates) };
}

export async function setTrialUntil(tx: Transaction, code: string, until: string | null): Promise<void> {
  await sql`update registers.area set trial_until = ${until} where code = ${code}`.execute(tx);
}

function changed(result: { numAffectedRows?: bigint }): number {
  return Number(result.numAffectedRows ?? 0n);
}
