/** Read-only views of the requirements. Everyone who is signed in may read them: what is demanded is no secret. */
import type { OutputOf, ReadInputOf } from '../../kernel/contract.ts';
import type { LocalDate } from '../../kernel/local-date.ts';
import { sql, type Transaction } from '../../platform/database.ts';
import {
  answerKinds,
  type Binding,
  type Clause,
  clauseForces,
  type listClauses as listClausesContract,
  type listPacks as listPacksContract,
  type listRequirements as listRequirementsContract,
  type OfficialText,
  type Pack,
  type showClause,
} from './contract.ts';
import { namesDocument, passageOf } from './passages.ts';
import { appliesSince, entriesThatSpeak, type LoadedPack, stackOf, textSpeakingIn } from './rules.ts';
import { findBound, findFirstBound, findPacks, findRequirements, type RequirementRow, saidOn } from './store.ts';

// ── What is in force where

/** The packs bound to an area and its superiors on a day, with those they stack on, from the national base down. */
export async function packsInForce(tx: Transaction, areaCode: string, on: string): Promise<LoadedPack[]> {
  const [bound] = await findBound(tx, on, areaCode);
  return bound ? stackOf(bound.packIds, await findPacks(tx), on) : [];
}

/** The requirements that speak in an area on a day; the lower pack overrides the higher. */
export async function requirementsInForce(tx: Transaction, areaCode: string, on: string): Promise<RequirementRow[]> {
  const stack = await packsInForce(tx, areaCode, on);
  return entriesThatSpeak(
    await findRequirements(
      tx,
      stack.map((pack) => pack.id),
    ),
    stack,
  );
}

export interface Governed {
  areaCode: string;
  packs: LoadedPack[];
  requirements: RequirementRow[];
  /** Pack by pack, the first day on which it applied here. */
  since: ReadonlyMap<string, string>;
}

/**
 * For every area that has a binding of its own: what is in force there, on each of the days asked for. A place stands under the lowest of
 * these areas whose code range holds it; what its superiors bind is already in the stack.
 */
export async function governedOn(
  tx: Transaction,
  daysOf: (requirements: readonly RequirementRow[]) => readonly string[],
): Promise<Map<string, Governed[]>> {
  const packs = await findPacks(tx);
  const all = await findRequirements(
    tx,
    packs.map((pack) => pack.id),
  );
  const everBound = Map.groupBy(await findFirstBound(tx), (one) => one.areaCode);
  const days = new Map<string, Governed[]>();
  for (const on of daysOf(all)) {
    const bound = await findBound(tx, on, null);
    const governed = bound.map(({ areaCode, packIds }) => {
      const stack = stackOf(packIds, packs, on);
      const since = new Map(
        stack.map((pack) => [pack.id, appliesSince(pack.id, everBound.get(areaCode) ?? [], packs)]),
      );
      return { areaCode, packs: stack, requirements: entriesThatSpeak(all, stack), since };
    });
    days.set(on, governed);
  }
  return days;
}

export async function listRequirements(
  tx: Transaction,
  input: ReadInputOf<typeof listRequirementsContract>,
  today: LocalDate,
): Promise<OutputOf<typeof listRequirementsContract>> {
  const stack = await packsInForce(tx, input.code, today);
  const speaking = entriesThatSpeak(
    await findRequirements(
      tx,
      stack.map((pack) => pack.id),
    ),
    stack,
  );
  const found = speaking.filter(
    (one) =>
      (!input.kind || one.kind === input.kind) &&
      (!input.group || one.group === input.group) &&
      (!input.search ||
        one.label.includes(input.search) ||
        one.key.includes(input.search) ||
        one.source.includes(input.search)),
  );
  return {
    rows: found
      .slice(input.offset, input.offset + input.limit)
      .map(({ beside, by, ...row }) => ({ ...listed(row), says: saidOn(row, today) })),
    total: found.length,
    offset: input.offset,
    limit: input.limit,
    packs: stack.map(({ id, label, status, note = null }) => ({ id, label, status, note })),
  };
}

function listed({ definition, ...row }: Omit<RequirementRow, 'beside' | 'by'>) {
  return row;
}

// ── Packs

const packColumns = sql`
  p.id, p.label, p.level, p.under, p.status, p.rank, p.from_on as "fromOn", p.to_on as "toOn", jsonb_strip_nulls(p.document) - 'text' as document`;

export async function listPacks(
  tx: Transaction,
  input: ReadInputOf<typeof listPacksContract>,
): Promise<OutputOf<typeof listPacksContract>> {
  const { rows } = await sql<Omit<Pack, 'bindings'>>`
    select ${packColumns},
      (select count(*)::int from registers.requirement r where r.pack_id = p.id and r.kind = 'parameter' and r.retired_at is null) as parameters,
      (select count(*)::int from registers.requirement r where r.pack_id = p.id and r.kind = 'duty' and r.retired_at is null) as duties,
      (select count(*)::int from registers.requirement r where r.pack_id = p.id and r.kind = 'indicator' and r.retired_at is null) as indicators,
      (select count(*)::int from registers.clause c where c.pack_id = p.id) as clauses
    from registers.pack p where p.retired_at is null
    order by array_position(array['national', 'province', 'city', 'district', 'covenant'], p.level), p.id
    offset ${input.offset} limit ${input.limit}`.execute(tx);
  const total = await sql<{
    total: number;
  }>`select count(*)::int as total from registers.pack where retired_at is null`.execute(tx);
  const bindings = await listBindings(tx, sql`b.pack_id = any (${rows.map((row) => row.id)}::text[])`);
  return {
    rows: rows.map((row) => ({ ...row, bindings: bindings.filter((one) => one.packId === row.id) })),
    total: total.rows[0]!.total,
    offset: input.offset,
    limit: input.limit,
  };
}

/** The bindings of one area, past and present. */
export function bindingsOf(tx: Transaction, areaCode: string): Promise<Binding[]> {
  return listBindings(tx, sql`b.area_code = ${areaCode}`);
}

async function listBindings(tx: Transaction, condition: ReturnType<typeof sql>): Promise<Binding[]> {
  const { rows } = await sql<Binding>`
    select b.area_code as "areaCode", a.name as "areaName", b.pack_id as "packId", p.label as "packLabel", b.from_on as "fromOn", b.to_on as "toOn",
      b.document, b.from_on <= platform.today() and coalesce(b.to_on, 'infinity') > platform.today() as "inForce"
    from registers.area_pack b join registers.area a on a.code = b.area_code join registers.pack p on p.id = b.pack_id
    where ${condition} order by b.area_code, b.from_on desc, b.id desc`.execute(tx);
  return rows;
}

// ── Clauses

const clauseColumns = sql`
  c.id, c.pack_id as "packId", p.label as "packLabel", p.document ->> 'number' as "documentNumber", c.section, c.demand, c.force, c.kind,
  coalesce(k.label, c.kind) as "kindLabel", c.mechanism, coalesce(m.label, c.mechanism) as "mechanismLabel",
  (select coalesce(jsonb_agg(jsonb_build_object('code', actor.code, 'label', coalesce(v.label, actor.code)) order by actor.position), '[]')
    from unnest(c.actors) with ordinality as actor(code, position)
    left join registers.vocabulary v on v.kind = 'actor' and v.code = actor.code) as actors,
  jsonb_build_object('kind', c.answer ->> 'kind', 'keys', coalesce(c.answer -> 'keys', '[]'), 'room', c.answer ->> 'room') as answer`;

const clauseTables = sql`
  registers.clause c join registers.pack p on p.id = c.pack_id and p.retired_at is null
  left join registers.vocabulary k on k.kind = 'kind' and k.code = c.kind
  left join registers.vocabulary m on m.kind = 'mechanism' and m.code = c.mechanism`;

const eachActor = sql`cross join unnest(c.actors) as a(code) left join registers.vocabulary v on v.kind = 'actor' and v.code = a.code`;

export async function listClauses(
  tx: Transaction,
  input: ReadInputOf<typeof listClausesContract>,
): Promise<OutputOf<typeof listClausesContract>> {
  const filters = {
    pack: input.pack ? sql`c.pack_id = ${input.pack}` : null,
    section: input.section ? sql`c.section = ${input.section}` : null,
    actor: input.actor ? sql`c.actors @> array[${input.actor}]::text[]` : null,
    without: input.without ? sql`c.id <> all (${sql.val([input.without].flat())}::text[])` : null,
    ids: input.ids ? sql`c.id = any (${sql.val([input.ids].flat())}::text[])` : null,
    mechanism: input.mechanism ? sql`c.mechanism = ${input.mechanism}` : null,
    force: input.force ? sql`c.force = ${input.force}` : null,
    answer: input.answer ? sql`c.answer ->> 'kind' = ${input.answer}` : null,
    search: input.search
      ? sql`(strpos(c.demand, ${input.search}) > 0 or strpos(c.id, upper(${input.search})) > 0 or strpos(c.section, ${input.search}) > 0
          or strpos(m.label, ${input.search}) > 0)`
      : null,
  };
  const matching = (open?: keyof typeof filters, more = sql``) => {
    const conditions = Object.entries(filters).flatMap(([name, filter]) => (filter && name !== open ? [filter] : []));
    return sql`${clauseTables} ${more} where ${conditions.length > 0 ? sql.join(conditions, sql` and `) : sql`true`}`;
  };
  const { rows } = await sql<Clause>`
    select ${clauseColumns} from ${matching()} order by array_position(array['national', 'province', 'city', 'district'], p.level), p.id, c.position
    offset ${input.offset} limit ${input.limit}`.execute(tx);
  const total = await sql<{ total: number }>`select count(*)::int as total from ${matching()}`.execute(tx);
  type Count = { code: string; label: string; count: number };
  const count = async (
    open: keyof typeof filters,
    code: ReturnType<typeof sql>,
    label: ReturnType<typeof sql>,
    labels: Record<string, string> = {},
    more = sql``,
  ) => {
    const counted = await sql<Count>`
      select ${code} as code, ${label} as label, count(*)::int as count from ${matching(open, more)} group by 1, 2 order by 3 desc, 1`.execute(
      tx,
    );
    return counted.rows.map((row) => ({ ...row, label: labels[row.code] ?? row.label }));
  };
  return {
    rows,
    total: total.rows[0]!.total,
    offset: input.offset,
    limit: input.limit,
    counts: {
      pack: await count('pack', sql`c.pack_id`, sql`p.label`),
      // A section means something within one text only.
      section: input.pack
        ? (await count('section', sql`c.section`, sql`c.section`)).sort((a, b) => a.label.localeCompare(b.label, 'zh'))
        : [],
      mechanism: await count('mechanism', sql`c.mechanism`, sql`coalesce(m.label, c.mechanism)`),
      actor: await count('actor', sql`a.code`, sql`coalesce(v.label, a.code)`, {}, eachActor),
      force: await count('force', sql`c.force`, sql`c.force`, clauseForces),
      answer: await count('answer', sql`c.answer ->> 'kind'`, sql`c.answer ->> 'kind'`, answerKinds),
    },
  };
}

export async function readClause(
  tx: Transaction,
  id: string,
  today: LocalDate,
  { area = null, mayAttach = false }: { area?: string | null; mayAttach?: boolean } = {},
): Promise<OutputOf<typeof showClause> | null> {
  const { rows } = await sql<
    Clause & { position: number; text: string | null }
  >`select ${clauseColumns}, c.position, p.document ->> 'text' as text from ${clauseTables} where c.id = ${id}`.execute(
    tx,
  );
  if (!rows[0]) return null;
  const { position, ...itself } = rows[0];
  const pack = await sql<
    OutputOf<typeof showClause>['pack']
  >`select ${packColumns} from registers.pack p where p.id = ${itself.packId}`.execute(tx);
  const neighbours = await sql<{ previousId: string | null; nextId: string | null }>`
    select (select id from registers.clause where pack_id = ${itself.packId} and position < ${position} order by position desc limit 1) as "previousId",
      (select id from registers.clause where pack_id = ${itself.packId} and position > ${position} order by position limit 1) as "nextId"`.execute(
    tx,
  );
  // Several packs may carry one text; the requirements of all of them answer.
  const carrying = await sql<{ id: string }>`
    select id from registers.pack where retired_at is null
      and document ->> 'text' = (select document ->> 'text' from registers.pack where id = ${itself.packId})`.execute(
    tx,
  );
  const requirements = await findRequirements(
    tx,
    carrying.rows.map((row) => row.id),
  );
  const answers = requirements
    .map(({ beside, by, ...row }) => ({
      ...row,
      says: saidOn(row, today),
      answering: row.kind === itself.answer.kind && itself.answer.keys.includes(row.key),
    }))
    .filter((row) => row.answering || row.clauses.includes(id))
    .sort((a, b) => Number(b.answering) - Number(a.answering));
  const official = itself.text === null ? null : await officialOf(tx, itself.text, area, itself);
  return { ...itself, mayAttach, official, pack: pack.rows[0]!, answers, ...neighbours.rows[0]! };
}

// ── Official texts

const officialTexts = sql`
  select t.id, t.text, t.number, t.name, t.attached_on as "attachedOn", o.name as "attachedBy", coalesce(platform.in_scope(t.scope), false) as "mayWithdraw", t.scope,
    t.file_digest as digest
  from registers.official_text t join registers.organisation o on o.id = t.organisation_id where t.withdrawn_on is null`;

type OfficialRow = OfficialText & { scope: string; digest: string };

export async function findOfficialText(tx: Transaction, id: number): Promise<OfficialText | undefined> {
  const found = await findOfficialRow(tx, id);
  if (!found) return undefined;
  const { scope, digest, ...shown } = found;
  return shown;
}

export async function findOfficialRow(tx: Transaction, id: number): Promise<OfficialRow | undefined> {
  const { rows } = await sql<OfficialRow>`${officialTexts} and t.id = ${id}`.execute(tx);
  return rows[0];
}

/** The file that speaks in an area, and in it the passage of a clause. */
async function officialOf(
  tx: Transaction,
  text: string,
  area: string | null,
  { section, demand }: Pick<Clause, 'section' | 'demand'>,
): Promise<OutputOf<typeof showClause>['official']> {
  const { rows } = await sql<OfficialRow>`${officialTexts} and t.text = ${text}`.execute(tx);
  const found = textSpeakingIn(rows, area);
  if (!found) return null;
  const { scope, digest, ...shown } = found;
  const { rows: read } = await sql<{
    words: string | null;
  }>`select words from registers.official_text where id = ${found.id}`.execute(tx);
  const words = read[0]!.words;
  return {
    ...shown,
    readable: words !== null,
    namesNumber: words !== null && (shown.number === null || namesDocument(words, shown.number)),
    passage: words === null ? null : passageOf(words, section, demand),
  };
}
