/** Read-only views of the simple registers. Who sees which row is the database's policy, not a condition here. */
import type { OutputOf, ReadInputOf } from '../../kernel/contract.ts';
import { divisionRange } from '../../kernel/identifiers.ts';
import { type Fragment, sql, type Transaction } from '../../platform/database.ts';
import type { countEntries, Entry, EntryContracts } from './contract.ts';
import { type EntryField, type EntryKind, entryKinds, isReference, type Reference } from './contract.ts';
import { estatesOf, tableOf } from './store.ts';

const references: Readonly<Record<Reference, Fragment>> = {
  organisation: sql`registers.organisation`,
  building: sql`registers.building`,
  // A grid that was renamed is called by its latest name.
  grid: sql`(select distinct on (coalesce(first_id, id)) coalesce(first_id, id) as id, name from registers.grid
    order by coalesce(first_id, id), from_on desc nulls last)`,
};

const joinOf = (field: EntryField) => `r_${field.column}`;

/** Rows with the names they show beside them. */
function tables(kind: EntryKind, of: Fragment = tableOf(kind)): Fragment {
  return sql`
    ${of} t join registers.area a on a.code = left(t.scope, 12)
    ${kind.place === 'estate' ? sql`join registers.estate e on e.id = t.estate_id` : sql``}
    ${sql.join(
      kind.fields
        .filter((field) => isReference(field.kind))
        .map((field) => {
          const on = sql.raw(`${joinOf(field)} on ${joinOf(field)}.id = t.${field.column}`);
          return sql`left join ${references[field.kind as Reference]} ${on}`;
        }),
      sql` `,
    )}`;
}

function shownField(field: EntryField): Fragment {
  const column = `t.${field.column}${field.kind === 'area' ? '::text' : ''}`;
  const other = joinOf(field);
  return sql.raw(
    `${isReference(field.kind) ? `case when ${other}.id is not null then jsonb_build_object('id', ${other}.id, 'name', ${other}.name) end` : column} as "${field.key}"`,
  );
}

/** What people call it: its name, or both bodies of a relation. */
const titleOf = (kind: EntryKind): Fragment =>
  kind.place === 'bodies' ? sql`r_superior_id.name || ' → ' || r_subordinate_id.name` : sql`t.name`;

const phaseOf = (today: string): Fragment => sql`
  case when t.to_on <= ${today}::date then 'over' when t.from_on > ${today}::date then 'coming' else 'in-force' end`;

const columns = (kind: EntryKind, today: string): Fragment => sql`
  t.id, ${titleOf(kind)} as title, ${kind.place === 'estate' ? sql`jsonb_build_object('id', e.id, 'name', e.name)` : sql`null::jsonb`} as estate,
  a.code as "areaCode", a.name as "areaName", t.from_on as "fromOn", t.to_on as "toOn", ${phaseOf(today)} as phase, t.document,
  t.end_reason as "endReason", ${covered(kind)} as estates, ${sql.join(kind.fields.map(shownField))}`;

const covered = (kind: EntryKind): Fragment =>
  kind.estates
    ? sql`coalesce((select jsonb_agg(jsonb_build_object('id', c.id, 'name', c.name) order by c.scope)
        from ${estatesOf(kind)} m join registers.estate c on c.id = m.estate_id where m.entry_id = t.id), '[]')`
    : sql`'[]'::jsonb`;

type Filter = { area?: string | undefined; estate?: number | undefined };

function conditionsOf(kind: EntryKind, { area, estate }: Filter): Fragment[] {
  const conditions: Fragment[] = [];
  if (area) {
    const { lo, hi } = divisionRange(area);
    const within = (column: string) => sql`(${sql.raw(column)} >= ${lo} and ${sql.raw(column)} < ${hi})`;
    conditions.push(
      kind.place === 'bodies' ? sql`(${within('t.scope')} or ${within('t.superior_scope')})` : within('t.scope'),
    );
  }
  if (estate !== undefined)
    conditions.push(
      kind.place === 'estate'
        ? sql`t.estate_id = ${estate}`
        : kind.estates
          ? sql`t.id in (select m.entry_id from ${estatesOf(kind)} m where m.estate_id = ${estate})`
          : sql`false`,
    );
  return conditions;
}

const all = (conditions: readonly Fragment[]) =>
  conditions.length === 0 ? sql`true` : sql.join(conditions, sql` and `);

export async function listEntries(
  tx: Transaction,
  kind: EntryKind,
  input: ReadInputOf<EntryContracts['list']>,
  today: string,
): Promise<OutputOf<EntryContracts['list']>> {
  const on = input.on ?? today;
  const conditions = conditionsOf(kind, input);
  if (input.phase !== 'all') conditions.push(sql`${phaseOf(on)} = ${input.phase}`);
  for (const field of kind.fields.filter((one) => one.kind === 'choice')) {
    const asked = (input as Readonly<Record<string, unknown>>)[field.key];
    if (typeof asked === 'string') conditions.push(sql`t.${sql.raw(field.column)} = ${asked}`);
  }
  if (input.search)
    conditions.push(
      sql`strpos(concat_ws(' ', ${titleOf(kind)}, a.name, ${kind.place === 'estate' ? sql`e.name` : sql`null`}), ${input.search}) > 0`,
    );
  // The page is cut first: names are looked up for what is shown, unless they are asked for.
  const named = input.search || (input.sort === 'title' && kind.place === 'bodies');
  const from = sql`${named ? tables(kind) : sql`${tableOf(kind)} t`} where ${all(conditions)}`;
  const orders = { area: sql`t.scope`, title: titleOf(kind), fromOn: sql`t.from_on` };
  const order = sql`${orders[input.sort]} ${input.order === 'desc' ? sql`desc` : sql`asc`} nulls last, t.id`;
  const cut = sql`(select t.* from ${from} order by ${order} offset ${input.offset} limit ${input.limit})`;
  const { rows } = await sql<Entry>`select ${columns(kind, on)} from ${tables(kind, cut)} order by ${order}`.execute(
    tx,
  );
  const total = await sql<{ total: number }>`select count(*)::int as total from ${from}`.execute(tx);
  return { rows: rows as never, total: total.rows[0]!.total, offset: input.offset, limit: input.limit };
}

/** One row with all that it was and will be, the latest first. */
export async function readEntry(
  tx: Transaction,
  kind: EntryKind,
  id: number,
  today: string,
): Promise<OutputOf<EntryContracts['show']> | null> {
  const { rows: history } = await sql<Entry>`
    select ${columns(kind, today)} from ${tables(kind)}
    where coalesce(t.first_id, t.id) = (select coalesce(first_id, id) from ${tableOf(kind)} where id = ${id})
    order by t.from_on desc nulls last, t.id desc`.execute(tx);
  const itself = history.find((one) => one.id === id);
  return itself ? ({ ...itself, history } as never) : null;
}

export async function readCounts(
  tx: Transaction,
  input: ReadInputOf<typeof countEntries>,
  kinds: readonly EntryKind[],
  today: string,
): Promise<OutputOf<typeof countEntries>> {
  // Of an estate only what is registered for estates.
  const asked = kinds.filter((kind) => input.estate === undefined || kind.place === 'estate' || kind.estates);
  const counted = asked.map(
    (kind) => sql`select ${kind.code}::text as code, count(*)::int as total from ${tableOf(kind)} t
      where ${all([...conditionsOf(kind, input), sql`${phaseOf(today)} = 'in-force'`])}`,
  );
  const { rows } = await sql<{ code: string; total: number }>`${sql.join(counted, sql` union all `)}`.execute(tx);
  return {
    items: asked.map(({ code, label, counter, lead }) => ({
      ...{ code, label, counter, lead },
      total: rows.find((row) => row.code === code)?.total ?? 0,
    })),
  };
}

/** Everything in force that is found by its name, for finding: (code, id, name, place). */
export const namedEntries = (today: string): Fragment =>
  sql.join(
    entryKinds
      .filter((kind) => kind.findable)
      .map(
        (kind) => sql`select ${`${kind.code}/`} || t.id as id, t.name, ${kind.label} || ' ' || a.name as place
          from ${tableOf(kind)} t join registers.area a on a.code = left(t.scope, 12) where ${phaseOf(today)} = 'in-force'`,
      ),
    sql` union all `,
  );
