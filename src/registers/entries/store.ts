/** SQL of the simple registers. Table and column names come from the descriptions, never from a request. */
import { type Fragment, sql, type Transaction } from '../../platform/database.ts';
import type { EntryField, EntryKind } from './contract.ts';
import type { Period, Rank } from './rules.ts';

export const sqlTypes: Readonly<Record<EntryField['kind'], 'text' | 'int' | 'bigint' | 'boolean' | 'date'>> = {
  text: 'text',
  choice: 'text',
  integer: 'int',
  area: 'bigint',
  yesNo: 'boolean',
  date: 'date',
  organisation: 'int',
  building: 'int',
  grid: 'int',
};

export const tableOf = (kind: EntryKind): Fragment => sql.raw(`registers.${kind.table}`);
export const estatesOf = (kind: EntryKind): Fragment => sql.raw(`registers.${kind.estates!.table}`);

/** A row to be written: its fields by their keys, references by id. */
export interface NewEntry {
  estateId?: number | null;
  areaCode?: string | null;
  fromOn?: string | null;
  toOn?: string | null;
  document?: string | null;
  firstId?: number | null;
  batchId?: number | null;
  estates?: readonly number[];
  [field: string]: unknown;
}

/** Adds rows of one register and answers their ids in the order given; no journal entry: the caller's command records once. */
export async function addEntries(tx: Transaction, kind: EntryKind, entries: readonly NewEntry[]): Promise<number[]> {
  if (entries.length === 0) return [];
  const typed = kind.fields.map((field) => ({ ...field, type: sqlTypes[field.kind] }));
  const own = typed.map((field) => field.column).join(', ');
  const [places, scope, from] = {
    estate: ['estate_id, ', 'e.scope', 'join registers.estate e on e.id = g.estate_id'],
    community: ['', 'g.area_code', ''],
    area: ['', 'g.area_code', ''],
    bodies: [
      'superior_scope, ',
      'o.scope',
      'join registers.organisation o on o.id = g.subordinate_id join registers.organisation s on s.id = g.superior_id',
    ],
  }[kind.place] as [string, string, string];
  const given = { estate: 'g.estate_id, ', bodies: 's.scope, ' }[kind.place as string] ?? '';
  const json = JSON.stringify(entries, (_, value) => (typeof value === 'bigint' ? `${value}` : value));
  const { rows } = await sql<{ id: number }>`
    with given as (
      select * from rows from (jsonb_to_recordset(${json}::jsonb) as ("estateId" int, "areaCode" text, ${sql.raw(
        typed.map((field) => `"${field.key}" ${field.type}`).join(', '),
      )}, "fromOn" date, "toOn" date, document text, "firstId" int, "batchId" int)) with ordinality
        as r(estate_id, area_code, ${sql.raw(own)}, from_on, to_on, document, first_id, batch_id, position)
    ), added as (
      insert into ${tableOf(kind)} (scope, ${sql.raw(places)}${sql.raw(own)}, from_on, to_on, document, first_id, batch_id)
      select ${sql.raw(scope)}, ${sql.raw(given)}${sql.raw(typed.map((field) => `g.${field.column}`).join(', '))},
        g.from_on, g.to_on, g.document, g.first_id, g.batch_id
      from given g ${sql.raw(from)} order by g.position returning id
    )
    select id from added order by id`.execute(tx);
  const ids = rows.map((row) => row.id);
  if (kind.estates) {
    const pairs = entries.flatMap(({ estates = [], batchId = null }, at) =>
      [...new Set(estates)].map((estateId) => ({ entryId: ids[at], estateId, batchId })),
    );
    await sql`
      insert into ${estatesOf(kind)} (entry_id, estate_id, scope, batch_id)
      select r."entryId", e.id, e.scope, r."batchId" from jsonb_to_recordset(${JSON.stringify(pairs)}::jsonb) as r("entryId" int, "estateId" int, "batchId" int)
      join registers.estate e on e.id = r."estateId" order by 1, 2`.execute(tx);
  }
  return ids;
}

/** One row as it stands, its fields by their keys, locked. */
export interface Held extends Period {
  id: number;
  firstId: number;
  scope: string;
  estateId: number | null;
  values: Record<string, unknown>;
  estates: number[];
}

export async function lockEntry(tx: Transaction, kind: EntryKind, id: number): Promise<Held | undefined> {
  const { rows } = await sql<Held>`
    select t.id, coalesce(t.first_id, t.id) as "firstId", t.scope, t.from_on as "fromOn", t.to_on as "toOn",
      ${kind.place === 'estate' ? sql`t.estate_id` : sql`null::int`} as "estateId",
      jsonb_build_object(${sql.raw(
        kind.fields
          .map((field) => `'${field.key}', t.${field.column}${field.kind === 'area' ? '::text' : ''}`)
          .join(', '),
      )}) as values, ${coveredIds(kind)} as estates
    from ${tableOf(kind)} t where t.id = ${id} for update of t`.execute(tx);
  return rows[0];
}

const coveredIds = (kind: EntryKind): Fragment =>
  kind.estates
    ? sql`array(select m.estate_id from ${estatesOf(kind)} m where m.entry_id = t.id order by 1)`
    : sql`'{}'::int[]`;

/** The periods of the same thing beside one row: of the series it belongs to, and of whatever bears the same name in the same place. */
export async function otherPeriods(
  tx: Transaction,
  kind: EntryKind,
  entry: { id: number | null; firstId: number | null; scope: string; estateId: number | null },
  values: Readonly<Record<string, unknown>>,
): Promise<Period[]> {
  const same = kind.identity.map((key) => {
    const field = kind.fields.find((one) => one.key === key)!;
    return sql`t.${sql.raw(field.column)} is not distinct from ${values[key] ?? null}::${sql.raw(sqlTypes[field.kind])}`;
  });
  if (kind.place === 'estate') same.push(sql`t.estate_id = ${entry.estateId}`);
  else if (kind.place !== 'bodies') same.push(sql`t.scope = ${entry.scope}`);
  const { rows } = await sql<Period>`
    select t.from_on as "fromOn", t.to_on as "toOn" from ${tableOf(kind)} t
    where t.id is distinct from ${entry.id}::int and (coalesce(t.first_id, t.id) = ${entry.firstId}::int or (${sql.join(same, sql` and `)}))
    order by t.from_on nulls first`.execute(tx);
  return rows;
}

export async function updateEntry(
  tx: Transaction,
  kind: EntryKind,
  id: number,
  values: Readonly<Record<string, unknown>>,
  period: Period & { document?: string | null },
): Promise<void> {
  const set = kind.fields.map(
    (field) =>
      sql`${sql.raw(field.column)} = ${(values[field.key] as string | null | undefined) ?? null}::${sql.raw(sqlTypes[field.kind])}`,
  );
  await sql`update ${tableOf(kind)} set ${sql.join(set)}, from_on = ${period.fromOn}, to_on = ${period.toOn}, document = ${period.document ?? null}
    where id = ${id}`.execute(tx);
}

export async function endEntry(
  tx: Transaction,
  kind: EntryKind,
  id: number,
  toOn: string,
  reason: string | null,
): Promise<void> {
  await sql`update ${tableOf(kind)} set to_on = ${toOn}, end_reason = ${reason} where id = ${id}`.execute(tx);
}

/** Who stands above whom, beside one row. */
export async function readRanks(tx: Transaction, without: number | null): Promise<Rank[]> {
  const { rows } = await sql<Rank>`
    select superior_id as superior, subordinate_id as subordinate, from_on as "fromOn", to_on as "toOn" from registers.organisation_relation
    where kind <> 'guides' and id is distinct from ${without}::int`.execute(tx);
  return rows;
}

/** Writers of one register of relations wait for each other, as the trigger would have them do. */
export async function lockRanks(tx: Transaction): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('registers.organisation_relation'))`.execute(tx);
}
