/** Rosters of the simple registers: one for each, made from its description. */
import { type Fragment, sql } from '../../../platform/database.ts';
import type { Field } from '../../../platform/spreadsheets/index.ts';
import {
  addEntries,
  type CoveredEstate,
  circleOf,
  type EntryField,
  type EntryKind,
  entryKinds,
  isReference,
  type NewEntry,
  organisationRelations,
  type Period,
  periodsMeet,
  type Rank,
  rankingKinds,
  readRanks,
  refusalOfCircle,
  refusalsOfEstates,
  refusalsOfPeriod,
  refusalsOfValues,
  spokenPeriod,
  sqlTypes,
} from '../../entries/index.ts';
import { assignments, type Column, choicesOf, column, fieldsOf } from '../columns.ts';
import type { Opening, RosterKind } from '../kind.ts';
import type { Json, RowProblem, Values } from '../rosters.ts';
import { type KnownEstate, namesIn, suggestion } from '../rules.ts';
import { communityField, openAreas, openEstates, placeOf, streetField } from './places.ts';

function rosterOf(kind: EntryKind): RosterKind {
  const fields = fieldsOfRoster(kind);
  const columns = [
    ...kind.fields.map((field) => column(keyOf(field), field.column, sqlTypes[field.kind])),
    column('fromOn', 'from_on', 'date'),
    column('toOn', 'to_on', 'date'),
    column('document', 'document', 'text'),
  ];
  // A thing is found by where it lies, its name and the day it begins; a day that is not said means the state in force.
  const identity = columns.filter((one) => kind.identity.some((key) => keyOf(fieldNamed(kind, key)) === one.key));
  const place: Column[] =
    kind.place === 'estate'
      ? [column('estateId', 'estate_id', 'int')]
      : kind.place === 'bodies'
        ? []
        : [column('areaCode', 'scope', 'text')];
  const keys = [...place, ...identity, column('fromOn', 'from_on', 'date'), column('toOn', 'to_on', 'date')];
  const same = sql.raw([...place, ...identity].map((one) => `t.${one.column} = r.${one.column}`).join(' and '));
  const table = sql.table(`registers.${kind.table}`);
  const standing = sql`(select t.* from ${table} t where ${same} and (t.from_on = r.from_on
    or (r.from_on is null and coalesce(t.from_on, '-infinity') <= platform.today() and coalesce(t.to_on, 'infinity') > platform.today()))
    order by t.from_on desc nulls last limit 1)`;
  /** What goes on until a row says that something else begins. */
  const before = sql`(select t.* from ${table} t where ${same} and t.to_on is null and coalesce(t.from_on, '-infinity') < r.from_on limit 1)`;

  return {
    code: kind.code,
    label: kind.label,
    version: 1,
    fields,
    keys,
    missing: (mapped) => fields.filter((one) => one.required && !mapped.has(one.key)).map((one) => one.label),

    async open(about) {
      const reader = await openReader(kind, about);
      return { ...(reader.planned && { planned: reader.planned }), read: reader.read };
    },

    current: (rows) => sql`
      select r.*, case when t.id is not null then ${heldAs(kind, columns, place)} end as current,
        case when x.id is not null then 'fromOn' ${kind.estates ? sql`when t.id is not null and ${estatesDiffer(kind)} then 'estates'` : sql``} end as problem_key,
        case when x.id is not null then '已登记在 ' || coalesce(x.from_on::text, '（起日待补）') || ' 至 ' || coalesce(x.to_on::text, '今') || '，时段重叠'
          ${kind.estates ? sql`when t.id is not null and ${estatesDiffer(kind)} then '小区与已登记的不同。有变的，请写明自何日起，作为新的一段'` : sql``} end as problem
      from (${rows}) r left join lateral ${standing} t on true
      left join lateral (select t.id, t.from_on, t.to_on from ${table} t where ${same} and daterange(t.from_on, t.to_on) && daterange(r.from_on, r.to_on)
        and not (t.to_on is null and coalesce(t.from_on, '-infinity') < r.from_on) limit 1) x on t.id is null
      ${sql.join(
        kind.fields
          .filter((field) => isReference(field.kind))
          .map(
            (field) =>
              sql`left join ${nameTables[field.kind as 'grid']} ${sql.ref(`n_${field.column}`)} on ${sql.ref(`n_${field.column}.id`)} = t.${sql.raw(field.column)}`,
          ),
        sql` `,
      )}`,

    async write({ tx, rows, batch }) {
      await sql`
        with ended as (
          update ${table} p set to_on = r.from_on from (${rows}) r cross join lateral ${before} b where r.verdict = 'new' and p.id = b.id returning p.id
        )
        insert into registers.import_end (batch_id, relation, row_id) select ${batch.id}::int, ${kind.table}, id from ended`.execute(
        tx,
      );
      const { rows: fresh } = await sql<{ after: Record<string, Json>; firstId: number | null }>`
        select r.after, (select coalesce(t.first_id, t.id) from ${table} t where ${same} and t.to_on = r.from_on limit 1) as "firstId"
        from (${rows}) r where r.verdict = 'new' order by r.row_number`.execute(tx);
      await addEntries(
        tx,
        kind,
        fresh.map(({ after, firstId }): NewEntry => {
          const said = Object.fromEntries(kind.fields.map((field) => [field.key, after[keyOf(field)] ?? null]));
          const { estateId, areaCode, fromOn, toOn, document, estateIds } = after as Record<string, string | undefined>;
          return {
            ...said,
            ...{
              estateId: estateId as unknown as number,
              areaCode,
              fromOn,
              toOn,
              document,
              firstId,
              batchId: batch.id,
            },
            estates: estateIds ? estateIds.split(',').map(Number) : [],
          } as NewEntry;
        }),
      );
      await sql`
        update ${table} u set ${assignments(columns, 'u', 'r.after')} from (${rows}) r cross join lateral ${standing} t
        where r.verdict = 'changed' and u.id = t.id`.execute(tx);
    },

    async restore({ tx, rows }) {
      await sql`
        update ${table} u set ${assignments(columns, 'u', 'r.before')} from (${rows}) r cross join lateral ${standing} t where u.id = t.id`.execute(
        tx,
      );
    },

    ...(kind.place === 'estate' && { estates: (rows: Fragment) => rows }),
  };
}

// ── Fields

const fieldNamed = (kind: EntryKind, key: string) => kind.fields.find((one) => one.key === key)!;

/** What a reference is written by: its id, beside the name that people read. */
const keyOf = (field: EntryField) => (isReference(field.kind) ? `${field.key}Id` : field.key);

function fieldsOfRoster(kind: EntryKind): Field[] {
  const { estate, bodies, community } = {
    estate: kind.place === 'estate',
    bodies: kind.place === 'bodies',
    community: kind.place === 'community',
  };
  const places: Field[] = bodies
    ? []
    : estate
      ? [
          {
            key: 'estate',
            label: '小区名称',
            kind: 'text',
            required: true,
            maxLength: 60,
            synonyms: ['小区', '住宅小区', '所在小区'],
            example: '春江花园',
          },
          { ...streetField, hint: '辖区内有同名小区时填写' },
          { ...communityField, hint: '辖区内有同名小区时填写' },
        ]
      : [
          { ...streetField, hint: community ? '街道填报的可不填' : '区级打包的不填' },
          { ...communityField, hint: community ? '社区填报的可不填' : '跨社区的不填' },
        ];
  return [
    ...places,
    ...kind.fields.map(fieldOfRoster),
    ...(kind.estates
      ? [
          {
            key: 'estates',
            label: kind.estates.label,
            kind: 'text' as const,
            maxLength: 2_000,
            ...(kind.estates.least > 0 && { required: true as const }),
            synonyms: ['小区', '小区名称', '包含小区', '涉及小区', '服务小区', '小区名单'],
            hint: '顿号隔开',
            example: '春江花园、老城里',
          },
        ]
      : []),
    {
      key: 'fromOn',
      label: '自何日起',
      kind: 'date',
      synonyms: ['起始日期', '开始日期', '起', '启用日期', '任期起', '生效日期'],
      hint: '已登记的有变化时，写变化之日',
    },
    { key: 'toOn', label: '至何日止', kind: 'date', synonyms: ['终止日期', '结束日期', '止', '任期止'] },
    {
      key: 'document',
      label: '依据',
      kind: 'text',
      maxLength: 200,
      synonyms: ['依据文件', '文件', '批复文号', '文号'],
    },
  ];
}

function fieldOfRoster(field: EntryField): Field {
  const { key, label, required, synonyms, hint, example, maxLength, choices } = field;
  return {
    key,
    label,
    kind: isReference(field.kind) ? 'text' : (field.kind as Field['kind']),
    ...(required && { required }),
    ...(synonyms && { synonyms }),
    ...(hint && { hint }),
    ...(example && { example }),
    ...(choices && { choices: choicesOf(choices) }),
    maxLength: maxLength ?? 100,
  };
}

// ── What the registers hold

const nameTables: Readonly<Record<string, Fragment>> = {
  organisation: sql`registers.organisation`,
  building: sql`registers.building`,
  grid: sql`registers.grid`,
};

const estatesTable = (kind: EntryKind) => sql.table(`registers.${kind.estates!.table}`);
const estatesDiffer = (kind: EntryKind) => sql`coalesce(r.after->>'estateIds', '') <> coalesce((
  select string_agg(m.estate_id::text, ',' order by m.estate_id) from ${estatesTable(kind)} m where m.entry_id = t.id), '')`;

function heldAs(kind: EntryKind, columns: readonly Column[], place: readonly Column[]): Fragment {
  const references = kind.fields.filter((field) => isReference(field.kind));
  const parts: Fragment[] = [fieldsOf([...place, ...columns], 't')];
  for (const field of references) parts.push(sql`${field.key}::text, ${sql.ref(`n_${field.column}.name`)}`);
  if (kind.estates)
    parts.push(
      sql`'estateIds', coalesce((select string_agg(m.estate_id::text, ',' order by m.estate_id) from ${estatesTable(kind)} m where m.entry_id = t.id), ''),
        'estates', coalesce((select string_agg(e.name, '、' order by e.id) from ${estatesTable(kind)} m join registers.estate e on e.id = m.estate_id
          where m.entry_id = t.id), '')`,
    );
  return sql`jsonb_build_object(${sql.join(parts)})`;
}

// ── Reading rows

interface Named {
  id: number;
  name: string;
  /** What it must lie in to be meant: an estate's id, a community's code. */
  within: string | null;
  inside: boolean;
}

async function openReader(kind: EntryKind, about: Opening) {
  const { tx, sender } = about;
  const areas = kind.place === 'community' || kind.place === 'area' ? await openAreas(about) : undefined;
  const findEstate = kind.place === 'estate' || kind.estates ? await openEstates(tx) : undefined;
  const floorAreas = kind.estates ? await readFloorAreas(about) : new Map<number, bigint | null>();
  const finders = new Map<string, (name: string, within: string | null) => Named | string>();
  const names = new Map<number, string>();
  for (const field of kind.fields)
    if (isReference(field.kind) && !finders.has(field.kind)) {
      const all = await readNames(about, field.kind);
      finders.set(field.kind, finderOf(all, field.kind));
      if (field.kind === 'organisation') for (const one of all) names.set(one.id, one.name);
    }
  const ranks: Rank[] = kind === organisationRelations ? await readRanks(tx, null) : [];
  const periods = new Map<string, (Period & { row: number })[]>();

  return {
    planned: areas?.planned,
    read(values: Values, row: number) {
      const problems: RowProblem[] = [];
      const after: Record<string, Json> = {};
      const said: Record<string, unknown> = {};
      const within = readPlace(values, after, problems);
      for (const field of kind.fields) {
        const value = values[field.key];
        if (value === undefined) continue;
        if (value === null && field.required) problems.push({ key: field.key, problem: `${field.label}不能清空` });
        if (!isReference(field.kind) || typeof value !== 'string') {
          if (value === 0n || value === 0)
            problems.push({ key: field.key, problem: `${field.label}不能为 0；不知道的写“待补”` });
          after[keyOf(field)] = said[field.key] = typeof value === 'bigint' ? Number(value) : (value as Json);
          if (isReference(field.kind)) after[field.key] = null;
          continue;
        }
        const found = finders.get(field.kind)!(value, within);
        if (typeof found === 'string') {
          problems.push({ key: field.key, problem: found });
          continue;
        }
        after[keyOf(field)] = said[field.key] = found.id;
        after[field.key] = found.name;
      }
      for (const key of ['fromOn', 'toOn', 'document']) if (values[key] !== undefined) after[key] = values[key] as Json;
      readEstates(values, after, problems);
      const period = { fromOn: (after.fromOn as string) ?? null, toOn: (after.toOn as string) ?? null };
      const judged = [...refusalsOfValues(kind.code, said), ...refusalsOfPeriod(period)];
      for (const one of judged) problems.push({ ...(one.field && { key: one.field }), problem: one.reason });
      const thing = [within, ...kind.identity.map((key) => after[keyOf(fieldNamed(kind, key))])].join('/');
      if (problems.length === 0) problems.push(...readPeriod(thing, period, row), ...readRank(after, period));
      const label =
        kind.place === 'bodies'
          ? [values.superior, values.subordinate].join(' → ')
          : String(values.name ?? `第 ${row} 行`);
      return { label, identity: `${thing}/${period.fromOn ?? ''}`, after, problems };
    },
  };

  /** The estate's id or the area's code, as what else a row names must lie in it. */
  function readPlace(values: Values, after: Record<string, Json>, problems: RowProblem[]): string | null {
    if (kind.place === 'estate') {
      if (typeof values.estate !== 'string') return null;
      const result = findEstate!(values.estate, placeOf(values));
      if ('problems' in result) problems.push(...result.problems);
      else after.estateId = result.found.id;
      return after.estateId === undefined ? null : String(after.estateId);
    }
    if (!areas) return null;
    const { community, street } = placeOf(values);
    const own = { found: { code: sender.areaCode, level: sender.level } };
    const result =
      community !== undefined || kind.place === 'community'
        ? areas.findCommunity(placeOf(values))
        : street !== undefined
          ? areas.findStreet(street)
          : own;
    if ('problems' in result) problems.push(...result.problems);
    else if (result.found.code < sender.lo || result.found.code >= sender.hi)
      problems.push({ key: 'street', problem: '不在您的辖区内' });
    else after.areaCode = result.found.code;
    return (after.areaCode as string | undefined) ?? null;
  }

  function readEstates(values: Values, after: Record<string, Json>, problems: RowProblem[]): void {
    if (!kind.estates) return;
    const found: KnownEstate[] = [];
    for (const name of typeof values.estates === 'string' ? namesIn(values.estates) : []) {
      const result = findEstate!(name, kind.place === 'community' ? placeOf(values) : {});
      if ('problems' in result) problems.push(...result.problems.map(({ problem }) => ({ key: 'estates', problem })));
      else found.push(result.found);
    }
    if (problems.length > 0) return;
    found.sort((a, b) => a.id - b.id);
    const lead = String(after.areaCode).replace(/(?:000){0,2}$/, '');
    const covered = found.map(
      (one): CoveredEstate => ({
        name: one.name,
        within: one.scope.startsWith(lead),
        floorAreaCentiM2: floorAreas.get(one.id) ?? null,
      }),
    );
    const { least, label } = kind.estates;
    const floorAreaCentiM2 = values.floorAreaCentiM2 == null ? null : BigInt(values.floorAreaCentiM2 as string);
    for (const one of refusalsOfEstates(covered, { least, label, areaName: '所填的街道、社区', floorAreaCentiM2 }))
      problems.push({ ...(one.field && { key: one.field }), problem: one.reason });
    if (values.estates === undefined) return;
    after.estateIds = found.map((one) => one.id).join(',');
    after.estates = found.map((one) => one.name).join('、');
  }

  /** Two rows of a file about the same thing at the same time. */
  function readPeriod(thing: string, period: Period, row: number): RowProblem[] {
    const before = periods.get(thing) ?? [];
    periods.set(thing, [...before, { ...period, row }]);
    return before
      .filter((one) => one.fromOn !== period.fromOn && periodsMeet(one, period))
      .map((one) => ({ key: 'fromOn', problem: `与第 ${one.row} 行（${spokenPeriod(one)}）的时段重叠` }));
  }

  /** What is registered, and the rows before: together no body above itself. */
  function readRank(after: Record<string, Json>, period: Period): RowProblem[] {
    if (kind !== organisationRelations || !rankingKinds.includes(String(after.kind))) return [];
    const added: Rank = { ...period, superior: Number(after.superiorId), subordinate: Number(after.subordinateId) };
    const circle = circleOf(ranks, added);
    if (!circle) {
      ranks.push(added);
      return [];
    }
    return [{ key: 'superior', problem: refusalOfCircle(circle.map((id) => names.get(id) ?? '')).reason }];
  }
}

async function readFloorAreas({ tx }: Opening): Promise<Map<number, bigint | null>> {
  const { rows } = await sql<{
    id: number;
    area: bigint | null;
  }>`select id, floor_area_centi_m2 as area from registers.estate`.execute(tx);
  return new Map(rows.map((one) => [one.id, one.area]));
}

async function readNames({ tx }: Opening, kind: string): Promise<Named[]> {
  const asked: Readonly<Record<string, Fragment>> = {
    // A name that several bear means the one nearby.
    organisation: sql`select id, name, null as within, platform.in_scope(scope) as inside from registers.organisation where dissolved_on is null order by id`,
    building: sql`select id, name, estate_id::text as within, true as inside from registers.building order by id`,
    grid: sql`select distinct on (coalesce(first_id, id)) coalesce(first_id, id) as id, name, scope as within, true as inside from registers.grid
      where coalesce(to_on, 'infinity') > platform.today() order by coalesce(first_id, id), from_on desc nulls last`,
  };
  return (await sql<Named>`${asked[kind]!}`.execute(tx)).rows;
}

function finderOf(all: readonly Named[], kind: string) {
  const bare = (text: string) => text.normalize('NFKC').replaceAll(' ', '');
  const byName = Map.groupBy(all, (one) => `${one.within ?? ''}/${bare(one.name)}`);
  const what = { organisation: '登记', building: '小区里没有登记楼栋', grid: '社区里没有登记网格' }[kind] ?? '';
  return (name: string, within: string | null): Named | string => {
    const alike = byName.get(`${kind === 'organisation' ? '' : (within ?? '')}/${bare(name)}`) ?? [];
    const near = alike.filter((one) => one.inside);
    if (near.length > 1) return `辖区内有 ${near.length} 个“${name}”，请在页面上逐项登记`;
    if (alike[0]) return near[0] ?? alike[0];
    const perhaps = suggestion(
      name,
      all.filter((one) => one.within === null || one.within === within).map((one) => one.name),
      bare,
    );
    return kind === 'organisation' ? `没有${what}单位“${name}”${perhaps}` : `${what}“${name}”${perhaps}`;
  };
}

/** Last: what it calls stands above it. */
export const entryRosters: readonly RosterKind[] = entryKinds.map(rosterOf);
