/** Read-only: what in sight answers to some words. Sight is the policies of the tables asked. */
import type { LocalDate } from '../../kernel/local-date.ts';
import { sql, type Transaction } from '../../platform/database.ts';
import type { Person } from '../../platform/http.ts';
import { namedEntries } from '../entries/index.ts';
import { requirementsInForce } from '../requirements/index.ts';
import { type Found, type FoundKind, foundKinds } from './contract.ts';
import { distanceOf, folded, readWords, type Sought, spells } from './rules.ts';
import { openSpelling } from './spelling.ts';

/** A flat is looked for in so many estates at most; more are no answer to a room number. */
const ESTATES = 5;
const NAMES = 20_000;

export interface Group {
  kind: FoundKind;
  rows: Found[];
  more: boolean;
}

export async function findByWords(
  tx: Transaction,
  { words: typed, each }: { words: string; each: number },
  person: Person,
  today: LocalDate,
): Promise<Group[]> {
  const sought = readWords(typed);
  const rows = [
    ...(await namesAnswering(tx, sought.words, person, today)),
    ...(await unitsAnswering(tx, sought, person, today)),
  ];
  const whole = folded(typed);
  const near = (one: Named) => (one.kind === 'unit' ? 0 : distanceOf(one.name, whole));
  return (Object.keys(foundKinds) as FoundKind[]).flatMap((kind) => {
    const found = rows.filter((one) => one.kind === kind);
    // Units come in the order of the building; whatever has a name by how near it comes, then the shorter name.
    found.sort((a, b) => near(a) - near(b) || (kind === 'unit' ? 0 : a.name.length - b.name.length));
    const shown = found.slice(0, each).map(({ code: _, ...one }) => one);
    return found.length > 0 ? [{ kind, rows: shown, more: found.length > each }] : [];
  });
}

type Named = Found & { code: string | null };

/** Names whose every word is found in them or in where they lie, as it stands or by its pinyin. */
async function namesAnswering(
  tx: Transaction,
  words: readonly string[],
  person: Person,
  today: LocalDate,
): Promise<Named[]> {
  const spelled = words.filter((one) => /^[a-z]+$/.test(one));
  const standing = words.filter((one) => !spelled.includes(one));
  const [named, demanded] = [
    await namesInSight(tx, standing, person, today),
    await demandsInForce(tx, standing, person, today),
  ];
  const all = [...named, ...demanded];
  if (spelled.length === 0) return all;
  const syllablesOf = await openSpelling();
  return all.filter((one) =>
    spelled.every(
      (word) =>
        // A clause is a sentence: some initials of it spell anything.
        (one.kind !== 'clause' &&
          (spells(word, syllablesOf(one.name)) || (one.place !== null && spells(word, syllablesOf(one.place))))) ||
        folded(`${one.name} ${one.code ?? ''}`).includes(word),
    ),
  );
}

async function namesInSight(
  tx: Transaction,
  words: readonly string[],
  person: Person,
  today: LocalDate,
): Promise<Named[]> {
  const office = person.actor.standing === 'office';
  const { rows } = await sql<Named>`
    with named (kind, id, name, place, code, part) as (
      select 'estate', e.id::text, e.name, concat_ws(' ', s.name, c.name), e.scope::text, 1
      from registers.estate e join registers.area c on c.code = e.community_code
      left join registers.area s on s.code = c.parent_code and s.level = 'subdistrict'
      union all
      select case when o.kind = 'property-company' then 'company' when o.kind in ('owners-committee', 'management-committee') then 'committee'
        else 'organisation' end, o.id::text, o.name, a.name, coalesce(o.uscc, ''), 2
      from registers.organisation o left join registers.area a on a.code = o.area_code
      where o.dissolved_on is null and (${!office} or platform.in_scope(o.scope) or o.kind = 'property-company')
      union all
      select 'area', a.code::text, a.name, p.name, a.code::text, 3
      from registers.area a left join registers.area p on p.code = a.parent_code where ${office} and platform.in_scope(a.code)
      union all
      select 'person', p.id::text, p.name, string_agg(g.name, '、' order by g.name), '', 4
      from registers.post t join registers.person p on p.id = t.person_id join registers.organisation g on g.id = t.organisation_id
      where ${office} and t.role <> 'owner' and t.from_on <= ${today}::date and coalesce(t.to_on, 'infinity') > ${today}::date
      group by p.id, p.name
      union all
      select 'entry', e.id, e.name, e.place, '', 6 from (${namedEntries(today)}) e
      union all
      select 'clause', c.id, c.id || ' ' || c.demand, coalesce(p.document->>'number', p.label), '', 5
      from registers.clause c join registers.pack p on p.id = c.pack_id
    )
    select kind, id, name, place, code from named
    where (select bool_and(strpos(lower(name || ' ' || coalesce(place, '')), w) > 0 or (code <> '' and starts_with(lower(code), w)))
      from unnest(${[...words]}::text[]) w) is not false
    order by part, code, id limit ${NAMES}`.execute(tx);
  return rows;
}

/** What is demanded where the person works: duties and indicators by their names. */
async function demandsInForce(
  tx: Transaction,
  words: readonly string[],
  person: Person,
  today: LocalDate,
): Promise<Named[]> {
  const { areaCode } = person.post;
  if (!areaCode) return [];
  return (await requirementsInForce(tx, areaCode, today)).flatMap(({ id, kind, label }) =>
    (kind === 'duty' || kind === 'indicator') && words.every((one) => folded(label).includes(one))
      ? [{ kind, id: String(id), name: label, place: null, code: null }]
      : [],
  );
}

/** Flats by room number, in the estates that the other words mean. */
async function unitsAnswering(tx: Transaction, { room }: Sought, person: Person, today: LocalDate): Promise<Named[]> {
  if (!room) return [];
  const estates = (await namesAnswering(tx, room.words, person, today)).filter((one) => one.kind === 'estate');
  if (estates.length === 0 || estates.length > ESTATES) return [];
  const { rows } = await sql<{ id: string; name: string; estateId: number }>`
    select u.id::text as id, b.name || ' ' || u.name as name, u.estate_id as "estateId"
    from registers.unit u join registers.building b on b.id = u.building_id,
      lateral (select '-' || btrim(regexp_replace(b.name || '-' || u.name, '[^0-9]+', '-', 'g'), '-') || '-' as numbers) n
    where u.estate_id = any (${estates.map((one) => Number(one.id))}::int[]) and strpos(n.numbers, ${`-${room.numbers}`}) > 0
    order by strpos(n.numbers, ${`-${room.numbers}-`}) = 0, u.estate_id, length(b.name), b.name, length(u.name), u.name limit 100`.execute(
    tx,
  );
  const nameOf = new Map(estates.map((one) => [one.id, one.name]));
  return rows.map(({ estateId, ...one }) => ({
    ...one,
    kind: 'unit',
    place: nameOf.get(String(estateId)) ?? null,
    code: null,
  }));
}
