/** SQL of the loaded packs. The tables are copies of files: they are written by loading, never by hand, and hold no trace of their own. */
import { createHash } from 'node:crypto';
import type { LocalDate } from '../../kernel/local-date.ts';
import { formatSource, TEXT_TITLES } from '../../law/citation.ts';
import { type Clause, clauseFinder, entriesOf, type Pack, type PackEntry, sourcesOf } from '../../law/pack.ts';
import { type Confidence, type DatedValue, formatIs, valueOn } from '../../law/parameter.ts';
import type { Policy } from '../../law/policy.ts';
import { placeOf } from '../../law/stack.ts';
import { sql, type Transaction } from '../../platform/database.ts';
import { effectOfEntry, type LoadedPack } from './rules.ts';

/** What a requirement row keeps of its entry; oversight and the procedures read it back by this type. */
export type Definition = PackEntry extends infer Entry
  ? Entry extends PackEntry
    ? Omit<Entry, 'file' | 'line' | 'examples'>
    : never
  : never;

export interface Loaded {
  packs: number;
  clauses: number;
  requirements: number;
  /** Packs whose content differs from what was loaded before. */
  changed: string[];
  retired: { packs: number; requirements: number };
}

/**
 * Makes the tables equal to a policy that was parsed without a problem. Requirements keep their ids, so that duties and waivers stay
 * attached; what vanished is retired, not deleted. Runs as the engine.
 */
export async function loadPacks(
  tx: Transaction,
  policy: Pick<Policy, 'packs' | 'texts' | 'vocabulary'>,
): Promise<Loaded> {
  const { packs, texts, vocabulary } = policy;
  const clauses = texts.flatMap((text) => {
    const pack = packOfText(text.text, packs);
    return pack ? text.clauses.map((clause, position) => clauseRow(clause, pack, position)) : [];
  });
  const cite = { clauseOf: clauseFinder(texts), titles: { ...TEXT_TITLES, ...vocabulary.texts } };
  const requirements = packs.flatMap((pack) =>
    entriesOf(pack).map((entry) => requirementRow(entry, pack, cite, vocabulary.codes)),
  );
  const packRows = packs.map((pack) => packRow(pack, requirements, clauses));

  const changed = await sql<{ id: string }>`
    insert into registers.pack (id, label, level, under, status, rank, from_on, to_on, document, digest)
    select id, label, level, under, status, rank, "fromOn", "toOn", document, digest
    from jsonb_to_recordset(${JSON.stringify(packRows)}::jsonb) as r(id text, label text, level text, under text, status text, rank text,
      "fromOn" date, "toOn" date, document jsonb, digest text)
    on conflict (id) do update set label = excluded.label, level = excluded.level, under = excluded.under, status = excluded.status,
      rank = excluded.rank, from_on = excluded.from_on, to_on = excluded.to_on, document = excluded.document, digest = excluded.digest,
      retired_at = null, loaded_at = clock_timestamp()
    where pack.digest <> excluded.digest or pack.retired_at is not null
    returning id`.execute(tx);
  const retiredPacks = await sql`
    update registers.pack set retired_at = clock_timestamp()
    where retired_at is null and id <> all (${packs.map((pack) => pack.id)}::text[])`.execute(tx);

  await sql`delete from registers.clause where id <> all (${clauses.map((clause) => clause.id)}::text[])`.execute(tx);
  await sql`
    insert into registers.clause (id, pack_id, position, section, demand, force, kind, mechanism, actors, answer)
    select id, "packId", position, section, demand, force, kind, mechanism, actors, answer
    from jsonb_to_recordset(${JSON.stringify(clauses)}::jsonb) as r(id text, "packId" text, position int, section text, demand text, force text,
      kind text, mechanism text, actors text[], answer jsonb)
    on conflict (id) do update set pack_id = excluded.pack_id, position = excluded.position, section = excluded.section, demand = excluded.demand,
      force = excluded.force, kind = excluded.kind, mechanism = excluded.mechanism, actors = excluded.actors, answer = excluded.answer
    where (clause.pack_id, clause.position, clause.section, clause.demand, clause.force, clause.kind, clause.mechanism, clause.actors, clause.answer)
      is distinct from (excluded.pack_id, excluded.position, excluded.section, excluded.demand, excluded.force, excluded.kind, excluded.mechanism,
        excluded.actors, excluded.answer)`.execute(tx);

  await sql`
    insert into registers.requirement (pack_id, key, kind, label, category, force, rank, effect, clauses, source, assumption, note, definition)
    select "packId", key, kind, label, "group", force, rank, effect, clauses, source, assumption, note, definition
    from jsonb_to_recordset(${JSON.stringify(requirements)}::jsonb) as r("packId" text, key text, kind text, label text, "group" text, force text,
      rank text, effect text, clauses text[], source text, assumption text, note text, definition jsonb)
    on conflict (pack_id, key) do update set kind = excluded.kind, label = excluded.label, category = excluded.category, force = excluded.force,
      rank = excluded.rank, effect = excluded.effect, clauses = excluded.clauses, source = excluded.source, assumption = excluded.assumption,
      note = excluded.note, definition = excluded.definition, retired_at = null
    where requirement.retired_at is not null
      or (requirement.kind, requirement.label, requirement.category, requirement.force, requirement.rank, requirement.effect, requirement.clauses,
        requirement.source, requirement.assumption, requirement.note, requirement.definition)
      is distinct from (excluded.kind, excluded.label, excluded.category, excluded.force, excluded.rank, excluded.effect, excluded.clauses,
        excluded.source, excluded.assumption, excluded.note, excluded.definition)`.execute(tx);
  const retiredRequirements = await sql`
    update registers.requirement set retired_at = clock_timestamp() where retired_at is null
      and (pack_id, key) not in (select "packId", key from jsonb_to_recordset(${JSON.stringify(requirements.map(({ packId, key }) => ({ packId, key })))}::jsonb)
        as r("packId" text, key text))`.execute(tx);
  await loadVocabulary(tx, vocabulary);
  return {
    packs: packs.length,
    clauses: clauses.length,
    requirements: requirements.length,
    changed: changed.rows.map((row) => row.id).sort(),
    retired: {
      packs: Number(retiredPacks.numAffectedRows ?? 0n),
      requirements: Number(retiredRequirements.numAffectedRows ?? 0n),
    },
  };
}

/** Makes the calendar of rest days equal to the notices in policy/calendars. Runs as the engine. */
export async function loadCalendar(tx: Transaction, years: Policy['years']): Promise<void> {
  const days = years.flatMap(({ year, rest, work }) => [
    ...rest.map((day) => ({ day, kind: 'rest', year })),
    ...work.map((day) => ({ day, kind: 'work', year })),
  ]);
  await sql`
    insert into platform.calendar_year (year, notice)
    select year, notice from jsonb_to_recordset(${JSON.stringify(years.map(({ year, notice }) => ({ year, notice: notice ?? `${year} 年` })))}::jsonb) as r(year int, notice text)
    on conflict (year) do update set notice = excluded.notice, loaded_at = clock_timestamp() where calendar_year.notice <> excluded.notice`.execute(
    tx,
  );
  const given = sql`jsonb_to_recordset(${JSON.stringify(days)}::jsonb) as r(day date, kind text, year int)`;
  await sql`
    delete from platform.calendar_day d where d.year = any (${years.map(({ year }) => year)}::int[])
      and not exists (select from ${given} where r.day = d.day and r.kind = d.kind and r.year = d.year)`.execute(tx);
  await sql`insert into platform.calendar_day (day, kind, year) select day, kind, year from ${given} on conflict (day) do nothing`.execute(
    tx,
  );
}

/** Of several packs that carry one text, the highest: its clauses are the text's. */
function packOfText(text: string, packs: readonly Pack[]): Pack | undefined {
  const carrying = packs.filter((pack) => pack.text === text);
  return carrying.find((pack) => !carrying.some((other) => other.id === pack.under)) ?? carrying[0];
}

function packRow(pack: Pack, requirements: readonly { packId: string }[], clauses: readonly { packId: string }[]) {
  const { id, label, level, under, status, rank, from, to, text, document } = pack;
  const row = { id, label, level, under, status, rank, fromOn: from, toOn: to, document: { ...document, text } };
  const content = [row, requirements.filter((one) => one.packId === id), clauses.filter((one) => one.packId === id)];
  return { ...row, digest: createHash('sha256').update(JSON.stringify(content)).digest('hex') };
}

function clauseRow(clause: Clause, pack: Pack, position: number) {
  const { id, section, demand, force, kind, mechanism, actors, answer } = clause;
  return { id, packId: pack.id, position, section, demand, force, kind, mechanism, actors, answer };
}

function requirementRow(
  entry: PackEntry,
  pack: Pack,
  cite: Parameters<typeof formatSource>[1],
  codes: Readonly<Record<string, string>>,
) {
  const { file, line, examples, ...definition } = entry;
  const sources = sourcesOf(entry);
  return {
    packId: pack.id,
    key: entry.key,
    kind: entry.kind,
    label: entry.label,
    group: entry.group,
    force: entry.force,
    rank: entry.rank,
    effect: effectOfEntry(entry, pack.status),
    clauses: [...new Set(sources.flatMap((source) => ('clauses' in source ? source.clauses : [])))],
    source: [...new Set(sources.map((source) => formatSource(source, cite)))].join('；'),
    assumption: entry.assumption,
    note: entry.note,
    // Values carry their words, because the labels of codes stay with the files.
    definition:
      entry.kind === 'parameter'
        ? {
            ...definition,
            values: entry.values.map((one) => ({ ...one, says: formatIs(one.is, (code) => codes[code] ?? code) })),
          }
        : definition,
  };
}

async function loadVocabulary(tx: Transaction, vocabulary: Policy['vocabulary']): Promise<void> {
  const kinds = {
    actor: vocabulary.actors,
    kind: vocabulary.kinds,
    capability: vocabulary.capabilities,
    mechanism: vocabulary.mechanisms,
  };
  const rows = Object.entries(kinds).flatMap(([kind, labels]) =>
    Object.entries(labels).map(([code, label]) => ({ kind, code, label })),
  );
  const given = sql`jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(kind text, code text, label text)`;
  await sql`delete from registers.vocabulary v where not exists (select from ${given} where r.kind = v.kind and r.code = v.code)`.execute(
    tx,
  );
  await sql`
    insert into registers.vocabulary (kind, code, label) select kind, code, label from ${given}
    on conflict (kind, code) do update set label = excluded.label where vocabulary.label <> excluded.label`.execute(tx);
}

export interface RequirementRow {
  id: number;
  packId: string;
  packLabel: string;
  key: string;
  kind: 'parameter' | 'duty' | 'indicator';
  label: string;
  group: string | null;
  force: Definition['force'];
  rank: Definition['rank'];
  effect: 'refuses' | 'opens-duty' | 'warns' | 'asks-reason' | 'informs' | 'trial';
  status: LoadedPack['status'];
  clauses: string[];
  source: string;
  assumption: string | null;
  note: string | null;
  confidence: Confidence | null;
  checked: string | null;
  definition: Definition;
  /** Where it stands among the entries of its key. */
  beside: boolean;
  by: LocalDate | null;
}

/** What a parameter says on a day, in words; null for duties and indicators, and before its first value or after its last. */
export function saidOn({ definition }: Pick<RequirementRow, 'definition'>, on: LocalDate): string | null {
  if (definition.kind !== 'parameter') return null;
  return valueOn(definition.values as readonly (DatedValue & { says: string })[], on)?.says ?? null;
}

export async function findPacks(tx: Transaction): Promise<LoadedPack[]> {
  const { rows } = await sql<LoadedPack>`
    select id, label, level, under, status, rank, from_on as "fromOn", to_on as "toOn", document ->> 'note' as note
    from registers.pack where retired_at is null order by id`.execute(tx);
  return rows;
}

/** The requirements of loaded packs, in the order of the packs' keys. */
export async function findRequirements(tx: Transaction, packIds: readonly string[]): Promise<RequirementRow[]> {
  const { rows } = await sql<Omit<RequirementRow, 'beside' | 'by'>>`
    select r.id, r.pack_id as "packId", p.label as "packLabel", r.key, r.kind, r.label, r.category as "group", r.force, r.rank, r.effect, p.status,
      r.clauses, r.source, r.assumption, r.note, r.definition ->> 'confidence' as confidence, r.definition ->> 'checked' as checked, r.definition
    from registers.requirement r join registers.pack p on p.id = r.pack_id
    where r.retired_at is null and p.retired_at is null and r.pack_id = any (${[...packIds]}::text[]) order by r.category nulls last, r.id`.execute(
    tx,
  );
  return rows.map((row) => ({ ...row, ...placeOf(row.definition) }));
}

/** The packs bound on a day to each area of a chain, or to every area when none is asked for. `to_on` is the first day without. */
export async function findBound(
  tx: Transaction,
  on: string,
  areaCode: string | null,
): Promise<{ areaCode: string; packIds: string[] }[]> {
  // Every area with a binding of its own, or the one asked for, with what its chain of superiors binds.
  const start = areaCode === null ? sql`code in (select area_code from registers.area_pack)` : sql`code = ${areaCode}`;
  const { rows } = await sql<{ areaCode: string; packIds: string[] }>`
    with recursive chain as (
      select code as start, code, parent_code from registers.area where ${start}
      union all select c.start, a.code, a.parent_code from registers.area a join chain c on a.code = c.parent_code
    )
    select c.start as "areaCode", coalesce(array_agg(distinct b.pack_id) filter (where b.pack_id is not null), '{}') as "packIds"
    from chain c left join registers.area_pack b on b.area_code = c.code and b.from_on <= ${on}::date and coalesce(b.to_on, 'infinity') > ${on}::date
    group by c.start order by c.start`.execute(tx);
  return rows;
}

/** Since when each pack was first bound to an area or to one above it, for every area with a binding of its own. */
export async function findFirstBound(tx: Transaction): Promise<{ areaCode: string; packId: string; fromOn: string }[]> {
  const { rows } = await sql<{ areaCode: string; packId: string; fromOn: string }>`
    with recursive chain as (
      select code as start, code, parent_code from registers.area where code in (select area_code from registers.area_pack)
      union all select c.start, a.code, a.parent_code from registers.area a join chain c on a.code = c.parent_code
    )
    select c.start as "areaCode", b.pack_id as "packId", min(b.from_on) as "fromOn"
    from chain c join registers.area_pack b on b.area_code = c.code group by c.start, b.pack_id`.execute(tx);
  return rows;
}

export interface NewBinding {
  areaCode: string;
  packId: string;
  fromOn: string;
  toOn?: string | null;
  document?: string | null;
}

/** Writes a binding without a journal entry: the caller's command records once (setup, demo). */
export async function addBindings(tx: Transaction, bindings: readonly NewBinding[]): Promise<void> {
  await sql`
    insert into registers.area_pack (area_code, pack_id, from_on, to_on, document)
    select "areaCode", "packId", "fromOn", "toOn", document
    from jsonb_to_recordset(${JSON.stringify(bindings)}::jsonb) as r("areaCode" text, "packId" text, "fromOn" date, "toOn" date, document text)`.execute(
    tx,
  );
}

/** The document number of a loaded text; undefined when no pack carries it, null when it has none. */
export async function numberOfText(tx: Transaction, text: string): Promise<string | null | undefined> {
  const { rows } = await sql<{ number: string | null }>`
    select document ->> 'number' as number from registers.pack where retired_at is null and document ->> 'text' = ${text} order by id limit 1`.execute(
    tx,
  );
  return rows[0]?.number;
}

export async function insertOfficialText(
  tx: Transaction,
  of: {
    text: string;
    number: string | null;
    digest: string;
    name: string;
    words: string | null;
    post: { id: number; organisationId: number | null; areaCode: string | null };
  },
  personId: number,
): Promise<number> {
  const { rows } = await sql<{ id: number }>`
    insert into registers.official_text (text, number, organisation_id, scope, file_digest, name, words, person_id, post_id, attached_on)
    values (${of.text}, ${of.number}, ${of.post.organisationId}::int, ${of.post.areaCode}, ${of.digest}, ${of.name}, ${of.words}, ${personId}::int,
      ${of.post.id}::int, platform.today()) returning id`.execute(tx);
  return rows[0]!.id;
}
