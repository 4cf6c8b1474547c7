/** SQL of batches and their staged rows. What the rows mean is in the kinds. */
import type { LocalDate } from '../../kernel/local-date.ts';
import { type Fragment, sql, type Transaction } from '../../platform/database.ts';
import { addAreas } from '../areas/index.ts';
import { entryKinds } from '../entries/index.ts';
import { addOrganisations } from '../organisations/index.ts';
import { names } from './columns.ts';
import type { RosterKind } from './kind.ts';
import type { Batch, Counts, Mapping, Origin, PlannedArea, RowProblem, RowVerdict } from './rosters.ts';
import { standingBodies } from './rules.ts';

const batchColumns = sql`
  b.id, b.kind, b.scope, b.organisation_id as "organisationId", b.post_id as "postId", b.person_id as "personId", b.origin, b.file_digest as "fileDigest",
  b.file_name as "fileName", b.kept_until as "keptUntil", b.state, b.sheet, b.header_row as "headerRow", b.mapping, b.options, b.outline, b.plan, b.counts, b.problem,
  b.created_at as "createdAt", b.committed_at as "committedAt", b.undone_at as "undoneAt"`;

export async function insertBatch(
  tx: Transaction,
  batch: Pick<
    Batch,
    'kind' | 'scope' | 'organisationId' | 'postId' | 'personId' | 'fileDigest' | 'fileName' | 'keptUntil'
  > & { origin: Origin },
): Promise<number> {
  const { rows } = await sql<{ id: number }>`
    insert into registers.import_batch (kind, scope, organisation_id, post_id, person_id, origin, file_digest, file_name, kept_until, state, options)
    values (${batch.kind}, ${batch.scope}, ${batch.organisationId}, ${batch.postId}, ${batch.personId}, ${batch.origin}, ${batch.fileDigest}, ${batch.fileName},
      ${batch.keptUntil}, 'reading', '{"createMissingAreas":false,"skipWrongRows":false}') returning id`.execute(tx);
  return rows[0]!.id;
}

export async function findBatch(tx: Transaction, id: number): Promise<Batch | undefined> {
  const { rows } = await sql<Batch>`select ${batchColumns} from registers.import_batch b where b.id = ${id}`.execute(
    tx,
  );
  return rows[0];
}

export async function lockBatch(tx: Transaction, id: number): Promise<Batch | undefined> {
  const { rows } =
    await sql<Batch>`select ${batchColumns} from registers.import_batch b where b.id = ${id} for update`.execute(tx);
  return rows[0];
}

/** The batch, unless the worker is at it. */
export async function lockFreeBatch(tx: Transaction, id: number): Promise<Batch | undefined> {
  const { rows } = await sql<Batch>`
    select ${batchColumns} from registers.import_batch b where b.id = ${id} for update skip locked`.execute(tx);
  return rows[0];
}

// ── How far a step has come. Never in the transaction of the step, but for `isCancelAsked`, which closes the door behind it.

export async function beginProgress(tx: Transaction, id: number): Promise<void> {
  await sql`insert into registers.import_progress (batch_id) values (${id})
    on conflict (batch_id) do update set done = 0, total = null, cancel_asked = false`.execute(tx);
}

/** Answers whether the sender wants the step stopped. */
export async function noteProgress(
  tx: Transaction,
  id: number,
  { done, total }: { done: number; total: number },
): Promise<boolean> {
  const { rows } = await sql<{ asked: boolean }>`
    update registers.import_progress set done = ${done}, total = ${Math.max(done, total)} where batch_id = ${id} returning cancel_asked as asked`.execute(
    tx,
  );
  return rows[0]?.asked ?? false;
}

export async function askCancel(tx: Transaction, id: number): Promise<void> {
  await sql`update registers.import_progress set cancel_asked = true where batch_id = ${id}`.execute(tx);
}

/** Asked last by the step itself: whoever asks for a cancel now waits until the step is committed, and finds it done. */
export async function isCancelAsked(tx: Transaction, id: number): Promise<boolean> {
  const { rows } = await sql<{ asked: boolean }>`
    select cancel_asked as asked from registers.import_progress where batch_id = ${id} for update`.execute(tx);
  return rows[0]?.asked ?? false;
}

export async function readProgress(
  tx: Transaction,
  id: number,
): Promise<{ done: number; total: number | null; cancelling: boolean } | null> {
  const { rows } = await sql<{ done: number; total: number | null; cancelling: boolean }>`
    select done, total, cancel_asked as cancelling from registers.import_progress where batch_id = ${id}`.execute(tx);
  return rows[0] ?? null;
}

type Change = Partial<
  Pick<
    Batch,
    | 'state'
    | 'origin'
    | 'sheet'
    | 'headerRow'
    | 'mapping'
    | 'options'
    | 'outline'
    | 'plan'
    | 'counts'
    | 'problem'
    | 'committedAt'
    | 'undoneAt'
  >
>;

export async function changeBatch(tx: Transaction, id: number, change: Change): Promise<void> {
  const names: Record<keyof Change, string> = {
    state: 'state',
    origin: 'origin',
    sheet: 'sheet',
    headerRow: 'header_row',
    mapping: 'mapping',
    options: 'options',
    outline: 'outline',
    plan: 'plan',
    counts: 'counts',
    problem: 'problem',
    committedAt: 'committed_at',
    undoneAt: 'undone_at',
  };
  const set = Object.entries(change).map(([key, value]) => {
    const isJson = value !== null && typeof value === 'object' && !(value instanceof Date);
    return sql`${sql.raw(names[key as keyof Change])} = ${isJson ? JSON.stringify(value) : value}`;
  });
  await sql`update registers.import_batch set ${sql.join(set)} where id = ${id}`.execute(tx);
}

export async function rememberedMapping(
  tx: Transaction,
  organisationId: number,
  kind: string,
): Promise<Record<string, string | null>> {
  const { rows } = await sql<{ title: string; field: string }>`
    select title, field from registers.import_mapping where organisation_id = ${organisationId} and kind = ${kind}`.execute(
    tx,
  );
  return Object.fromEntries(rows.map((row) => [row.title, row.field === '' ? null : row.field]));
}

export async function rememberMapping(
  tx: Transaction,
  organisationId: number,
  kind: string,
  titles: readonly { title: string; field: string | null }[],
): Promise<void> {
  const chosen = [...new Map(titles.map((one) => [one.title, one.field ?? ''])).entries()];
  await sql`
    insert into registers.import_mapping (organisation_id, kind, title, field)
    select ${organisationId}::int, ${kind}, title, field from unnest(${chosen.map(([title]) => title)}::text[], ${chosen.map(([, field]) => field)}::text[]) as m(title, field)
    on conflict (organisation_id, kind, title) do update set field = excluded.field`.execute(tx);
}

// ── The check. Rows are compared with the registers as they come, and kept with their verdict.

export async function openRows(tx: Transaction, batchId: number): Promise<void> {
  await sql`delete from registers.import_row where batch_id = ${batchId}`.execute(tx);
  await planForRows(tx);
}

export interface Given {
  n: number;
  l: string;
  a: object;
  p: readonly RowProblem[] | null;
}

/** Compares rows (each the JSON of a `Given`) with the registers: new where nothing is held, unchanged where everything a row says is held already. */
export async function judgeRows(
  tx: Transaction,
  kind: RosterKind,
  batchId: number,
  rows: readonly string[],
): Promise<void> {
  const given = sql`select n as row_number, l as label, a as after, p as problems, ${keysOf(kind, 'a')}
    from json_to_recordset(${`[${rows.join(',')}]`}::json) as j(n int, l text, a jsonb, p jsonb) offset 0`;
  await sql`
    insert into registers.import_row (batch_id, row_number, label, verdict, problems, before, after)
    select ${batchId}::int, row_number, label, verdict, problems,
      case when verdict = 'changed' then (select jsonb_object_agg(said.key, current->said.key) from jsonb_each(after) said where current->said.key is distinct from said.value) end, after
    from (
      select c.row_number, c.label, c.after, c.current,
        case when c.problems is not null or c.problem is not null then 'wrong' when c.current is null then 'new' when c.current @> c.after then 'unchanged' else 'changed' end as verdict,
        case when c.problems is null and c.problem is not null then jsonb_build_array(jsonb_build_object('key', c.problem_key, 'problem', c.problem)) else c.problems end as problems
      from (${kind.current(given)}) c
    ) judged`.execute(tx);
}

export async function countRows(tx: Transaction, batchId: number): Promise<Omit<Counts, 'tidied'>> {
  const { rows: verdicts } = await sql<{ verdict: RowVerdict; count: number }>`
    select verdict, count(*)::int as count from registers.import_row where batch_id = ${batchId} group by verdict`.execute(
    tx,
  );
  const count = (verdict: RowVerdict) => verdicts.find((one) => one.verdict === verdict)?.count ?? 0;
  const each = { new: count('new'), changed: count('changed'), unchanged: count('unchanged'), wrong: count('wrong') };
  const total = each.new + each.changed + each.unchanged + each.wrong;
  if (each.wrong === 0) return { ...each, total, problems: [] };
  // The verdict keeps the problems of rows that have none from being opened.
  const { rows: problems } = await sql<{ key: string; count: number }>`
    select coalesce(p.problem->>'key', '') as key, count(*)::int as count
    from registers.import_row r cross join lateral jsonb_array_elements(r.problems) as p(problem) where r.batch_id = ${batchId} and r.verdict = 'wrong' group by 1 order by 2 desc, 1`.execute(
    tx,
  );
  return { ...each, total, problems };
}

const keysOf = (kind: RosterKind, json: string): Fragment =>
  sql.raw(kind.keys.map((one) => `(${json}->>'${one.key}')::${one.type} as ${one.column}`).join(', '));

/**
 * The rows of a batch that are written or restored, in a table of the transaction with statistics of its own: joins over rows that
 * were brought in a moment ago are otherwise planned as if there were none.
 */
export async function openWorking(tx: Transaction, kind: RosterKind, batchId: number): Promise<void> {
  await planForRows(tx);
  await sql`
    create temporary table working on commit drop as
    select row_number, label, verdict, before, after, ${keysOf(kind, 'after')} from registers.import_row
    where batch_id = ${batchId} and verdict in ('new', 'changed')`.execute(tx);
  await sql`analyze working (row_number, verdict, ${names(kind.keys)})`.execute(tx);
}

/**
 * Right after a large import the statistics are old, and of a range whose bounds are settings the planner knows nothing: it would meet each
 * row with the bitmap of the sender's whole range. By plain index every look-up stays one look-up. How many rows there are and how often a
 * key repeats is all a plan needs to know of a table of the transaction: a tenth of the usual sample tells it.
 */
async function planForRows(tx: Transaction): Promise<void> {
  await sql`set local enable_bitmapscan = off`.execute(tx);
  await sql`set local default_statistics_target = 10`.execute(tx);
  // Ten thousands of rows with their JSON are sorted in memory; only an import does that.
  await sql`set local work_mem = '64MB'`.execute(tx);
}

export const workingRows: Fragment = sql`select * from working`;
export const changedRows: Fragment = sql`select * from working where verdict = 'changed'`;

/**
 * Labels of rows about which the registers no longer hold what they held at the check. All are found and the first five named: with a
 * limit the planner would walk row by row, expecting to meet five soon, and there are none as a rule.
 */
export async function staleRows(tx: Transaction, kind: RosterKind): Promise<string[]> {
  const { rows } = await sql<{ labels: string[] | null }>`
    select (array_agg(w.label order by w.row_number))[1:5] as labels from (${kind.current(workingRows)}) w
    where w.problem is not null or case w.verdict when 'new' then w.current is not null else w.current is null or not w.current @> w.before end`.execute(
    tx,
  );
  return rows[0]?.labels ?? [];
}

/** Labels of rows about which the registers no longer hold what the import wrote, with the fields that differ. */
export async function touchedRows(tx: Transaction, kind: RosterKind): Promise<string[]> {
  const { rows } = await sql<{ touched: { label: string; fields: string[] | null }[] | null }>`
    select (array_agg(jsonb_build_object('label', w.label,
        'fields', (select jsonb_agg(said.key order by said.key) from jsonb_each(w.after) said where w.current->said.key is distinct from said.value)) order by w.row_number))[1:5] as touched
    from (${kind.current(workingRows)}) w where w.current is null or not w.current @> w.after`.execute(tx);
  return (rows[0]?.touched ?? []).map((row) => {
    const names = (row.fields ?? []).flatMap((key) => kind.fields.find((field) => field.key === key)?.label ?? []);
    return names.length > 0 ? `${row.label}（${names.join('、')}）` : row.label;
  });
}

// ── Undoing

export async function takeBack(tx: Transaction, batchId: number): Promise<void> {
  await sql`select registers.take_back(${batchId}::int)`.execute(tx);
}

/** What the import brought to an end goes on. */
export async function reopenEnded(tx: Transaction, batchId: number): Promise<void> {
  const ends = {
    service_project: 'ended_on',
    ownership: 'to_on',
    committee_member: 'to_on',
    party_arrangement: 'ended_on',
    instructor: 'to_on',
    ...Object.fromEntries(entryKinds.map((kind) => [kind.table, 'to_on'])),
  };
  for (const [relation, name] of Object.entries(ends)) {
    await sql`
      update ${sql.table(`registers.${relation}`)} t set ${sql.raw(name)} = null from registers.import_end e
      where e.batch_id = ${batchId} and e.relation = ${relation} and t.id = e.row_id`.execute(tx);
  }
}

// ── The journal: one event per estate with the digest of its rows, in one statement however many there are (decisions 16).

/** Noted before anything is undone, because an estate that is taken back can no longer be looked up. */
export async function noteEstates(tx: Transaction, kind: RosterKind): Promise<void> {
  if (!kind.estates) return;
  await sql`
    create temporary table concerned on commit drop as
    select w.estate_id, count(*)::int as rows,
      encode(sha256(convert_to(string_agg(w.row_number || ' ' || w.after::text, E'\n' order by w.row_number), 'UTF8')), 'hex') as digest
    from (${kind.estates(workingRows)}) w group by w.estate_id`.execute(tx);
}

/** The detail is written as canonicalJson would: keys sorted, no blanks. */
export async function recordEstates(tx: Transaction, kind: RosterKind, batchId: number, act: string): Promise<void> {
  if (!kind.estates) return;
  await sql`
    select platform.record_each(array_agg('estate:' || estate_id), ${act}, ${`import:${batchId}`},
      array_agg('{"digest":"' || digest || '","kind":' || to_json(${kind.code}::text)
        || coalesce(',"onBehalfOf":' || nullif(current_setting('app.behalf', true), ''), '') || ',"rows":' || rows || '}'))
    from concerned having count(*) > 0`.execute(tx);
}

// ── Areas that come with a batch

/** Adds areas with the bodies every such area has. */
export async function addPlannedAreas(
  tx: Transaction,
  areas: readonly PlannedArea[],
  today: LocalDate,
  batchId: number,
): Promise<void> {
  if (areas.length === 0) return;
  await addAreas(
    tx,
    areas.map(({ level: _, ...area }) => ({ ...area, enrolledOn: today, batchId })),
  );
  await addOrganisations(
    tx,
    areas.flatMap((area) => standingBodies(area).map((body) => ({ ...body, enrolledOn: today, batchId }))),
  );
}

export async function areasTaken(tx: Transaction, areas: readonly PlannedArea[]): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select a.name from registers.area a
    join jsonb_to_recordset(${JSON.stringify(areas)}::jsonb) as p(code text, name text, "parentCode" text)
      on a.code = p.code or (a.parent_code = p."parentCode" and a.name = p.name)`.execute(tx);
  return rows.map((row) => row.name);
}

export function mappedKeys(mapping: Mapping): Set<string> {
  return new Set(mapping.columns.flatMap((one) => (one.key === null ? [] : [one.key])));
}
