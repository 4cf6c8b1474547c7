import { divisionRange } from '../../kernel/identifiers.ts';
import type { LocalDate } from '../../kernel/local-date.ts';
import { formatCondition, SUBJECTS, type Subject } from '../../law/conditions.ts';
import type { IndicatorEntry } from '../../law/pack.ts';
import { type Fragment, sql, type Transaction } from '../../platform/database.ts';
import { filedRows, filedSql } from '../../procedures/filings/index.ts';
import { type Range, type RangedRequirement, requirementsByRange } from '../../registers/requirements/index.ts';
import { conditionSql, subjectsInSight } from '../../registers/subjects/index.ts';
import { type Indicator, type IndicatorSubject, listOf, type Part } from './contract.ts';
import { type Figure, targetWord, verdictOf } from './rules.ts';

/** An indicator as it applies inside one area. */
export interface Asked extends Range {
  requirement: RangedRequirement;
  entry: IndicatorEntry;
  asOf: LocalDate;
  /** Frozen denominators that speak to a part of the area, or to all of it. */
  bases: readonly Base[];
}

/** A denominator fixed by an act, and where. */
export interface Base extends Range {
  id: number;
  requirementId: number;
  areaCode: string;
  areaName: string;
  baseOn: string;
  frozenOn: string;
  surveyId: number | null;
  document: string;
  organisationName: string;
}

/** The indicators that speak to any place inside the area; each asked only where it applies. */
export async function indicatorsIn(
  tx: Transaction,
  area: string | undefined,
  today: LocalDate,
  id?: number,
): Promise<Asked[]> {
  const within = area === undefined ? undefined : divisionRange(area);
  const bases = await basesInForce(tx);
  return (await requirementsByRange(tx, 'indicator', today)).flatMap((requirement) => {
    if (id !== undefined && requirement.id !== id) return [];
    const range = within === undefined ? requirement : common(requirement, within);
    if (range === undefined) return [];
    const { lo, hi } = range;
    const entry = requirement.definition as unknown as IndicatorEntry;
    const asOf = entry.by !== null && entry.by < today ? entry.by : today;
    const here = bases.filter((one) => one.requirementId === requirement.id && common(one, range) !== undefined);
    return [{ lo, hi, requirement, entry, asOf, bases: here }];
  });
}

/** Frozen denominators that have not been released. */
export async function basesInForce(tx: Transaction): Promise<Base[]> {
  const { rows } = await sql<Omit<Base, 'lo' | 'hi'>>`
    select b.id, b.requirement_id as "requirementId", b.area_code as "areaCode", a.name as "areaName", b.base_on as "baseOn", b.frozen_on as "frozenOn",
      b.survey_id as "surveyId", b.document, o.name as "organisationName"
    from oversight.indicator_base b join registers.area a on a.code = b.area_code join registers.organisation o on o.id = b.organisation_id
    where not exists (select from oversight.indicator_base_release r where r.base_id = b.id) order by b.id`.execute(tx);
  return rows.map((row) => ({ ...row, ...divisionRange(row.areaCode) }));
}

/** Ranges of areas nest or are apart. */
function common(a: Range, b: Range): Range | undefined {
  if (a.lo >= b.lo && a.hi <= b.hi) return a;
  if (b.lo >= a.lo && b.hi <= a.hi) return b;
  return undefined;
}

/** Where an indicator reads: its subjects as they are on a day, and what is on file about them. */
interface Source {
  subjects(over: Subject, day: LocalDate): Fragment;
  duties(matter: string, day: LocalDate): Fragment;
  /** Nothing: the table itself. */
  filed(matter: string): Fragment | undefined;
}

const dutyColumns = sql`s.matter, s.subject_kind, s.subject_id, s.subject_label, s.period, s.scope, s.estate_id, s.due_on, s.met_on`;
const dutiesDue = (matters: readonly string[], day: LocalDate) => sql`(
  select ${dutyColumns} from oversight.duty_standing s
  where s.matter = any (${sql.val(matters)}::text[]) and s.due_on <= ${day}::date and s.standing in ('met', 'overdue', 'lapsed'))`;

const directSource: Source = {
  subjects: (over, day) => subjectsInSight(over, sql`${day}::date`),
  duties: (matter, day) => dutiesDue([matter], day),
  filed: () => undefined,
};

/**
 * Many indicators speak of the same things, and every mention of a table costs a plan with its policies: here each is read once, ahead of
 * the statement (`heads`, when everything has been asked for), and the indicators read that.
 */
export function sharedSource(): Source & { heads(): Fragment } {
  const subjects = new Map<string, Fragment>();
  const [ofDuties, ofFilings] = [new Set<string>(), new Set<string>()];
  let lastDay: LocalDate | undefined;
  return {
    subjects(over, day) {
      const key = `${over} ${day}`;
      if (!subjects.has(key)) subjects.set(key, directSource.subjects(over, day));
      return sql.raw(`subjects_${[...subjects.keys()].indexOf(key)}`);
    },
    duties(matter, day) {
      ofDuties.add(matter);
      if (lastDay === undefined || day > lastDay) lastDay = day;
      return sql`(select * from duties where matter = ${matter})`;
    },
    filed(matter) {
      ofFilings.add(matter);
      return sql`filed_once`;
    },
    heads() {
      const heads = [...subjects.values()].map(
        (rows, at) => sql`${sql.raw(`subjects_${at}`)} as (select * from ${rows} s)`,
      );
      if (lastDay !== undefined) heads.push(sql`duties as ${dutiesDue([...ofDuties], lastDay)}`);
      if (ofFilings.size > 0) heads.push(sql`filed_once as (select * from ${filedRows([...ofFilings])} f)`);
      return sql`with ${sql.join(heads)}`;
    },
  };
}

const inside = ({ lo, hi }: Range) => sql`(s.scope >= ${lo} and s.scope < ${hi})`;

/** What an indicator over subjects asks of the subject `s`, and what the subject weighs: null while its floor area is 待补. */
function termsOf(over: Subject, { where, counts, measure }: IndicatorEntry, day: Fragment, from: Source) {
  const filed = (matter: string) => filedSql(over, matter, day, from.filed(matter));
  return {
    belongs: where ? conditionSql(over, where, filed) : sql`true`,
    counted: counts ? conditionSql(over, counts, filed) : sql`true`,
    weight: measure === 'floorArea' ? sql`s.floor_area_centi_m2` : sql`1::bigint`,
  };
}

/**
 * The subjects of an indicator, as alias `s` with `counted` true, false or null (unknown). Where the denominator is frozen it is the frozen
 * list, each judged as it is now; one that has left the registers is unknown, not gone. `enrolled` keeps to what was enrolled on the day: with
 * it, what enters the registers later does not change the figure of an earlier day.
 */
export function population(
  { requirement, entry, lo, hi, asOf, bases }: Asked,
  { enrolled = false, from = directSource }: { enrolled?: boolean; from?: Source } = {},
): Fragment {
  const day = sql`${asOf}::date`;
  const apart = requirement.except.map((range) => sql`and not ${inside(range)}`);
  const here = sql`${inside({ lo, hi })} ${sql.join(apart, sql` `)}`;
  if (entry.over === 'duties') {
    // Duties of this kind that have fallen due: done in time, or not.
    return sql`select s.subject_kind, s.subject_id, s.subject_label || ' ' || s.period as label, s.scope, s.estate_id, 1::bigint as weight,
        coalesce(s.met_on <= s.due_on, false) as counted
      from ${from.duties(entry.of!, asOf)} s where s.due_on <= ${day} and ${here}`;
  }
  const { over } = entry;
  const { belongs, counted, weight } = termsOf(over, entry, day, from);
  const subjects = from.subjects(over, asOf);
  const frozen = bases.map(
    (
      base,
    ) => sql`select s.subject_kind, s.subject_id, s.subject_label as label, s.scope, s.estate_id, s.weight, now.counted
      from oversight.indicator_base_subject s
      left join (select s.subject_id, ${counted} as counted from ${subjects} s) now on now.subject_id = s.subject_id
      where s.base_id = ${base.id}::int and ${here}`,
  );
  if (bases.some((base) => base.lo <= lo && base.hi >= hi)) return sql.join(frozen, sql` union all `);
  const open = bases.map((base) => sql`and not ${inside(base)}`);
  const live = sql`select ${over}::text as subject_kind, s.subject_id, s.label, s.scope, s.estate_id, ${weight} as weight, ${counted} as counted
    from ${subjects} s where ${here} ${sql.join(open, sql` `)} and ${belongs} ${enrolled ? sql`and s.enrolled_on <= ${day}` : sql``}`;
  return sql.join([live, ...frozen], sql` union all `);
}

/** What would belong to a frozen denominator by its conditions but came after it was frozen: shown, not counted. */
function leftOut({ requirement, entry, lo, hi, asOf, bases }: Asked): Fragment {
  const { over } = entry;
  if (over === 'duties' || bases.length === 0)
    return sql`select null::text as subject_kind, null::text as subject_id, null::text as label, null::text as scope, null::int as estate_id,
      null::bigint as weight, null::boolean as counted where false`;
  const { belongs, counted, weight } = termsOf(over, entry, sql`${asOf}::date`, directSource);
  const apart = requirement.except.map((range) => sql`and not ${inside(range)}`);
  const frozen = sql.val(bases.map((base) => base.id));
  return sql`select ${over}::text as subject_kind, s.subject_id, s.label, s.scope, s.estate_id, ${weight} as weight, ${counted} as counted
    from ${subjectsInSight(over, sql`${asOf}::date`)} s where ${inside({ lo, hi })} ${sql.join(apart, sql` `)} and ${belongs}
      and (${sql.join(bases.map(inside), sql` or `)})
      and s.subject_id not in (select f.subject_id from oversight.indicator_base_subject f where f.base_id = any (${frozen}::int[]))`;
}

const sums = sql`coalesce(sum(weight) filter (where counted), 0)::bigint as numerator, coalesce(sum(weight), 0)::bigint as denominator,
  coalesce(sum(weight) filter (where counted is null), 0)::bigint as unknown, count(*) filter (where weight is null) as unweighed`;

export { sums as figureSums };

/** Every indicator of an area in one statement. */
export async function readIndicators(
  tx: Transaction,
  area: string | undefined,
  today: LocalDate,
): Promise<Indicator[]> {
  const asked = await indicatorsIn(tx, area, today);
  if (asked.length === 0) return [];
  const from = sharedSource();
  const parts = asked.map(
    (one, place) => sql`select ${place}::int as place, ${sums} from (${population(one, { from })}) p`,
  );
  const { rows } = await sql<Figure & { place: number }>`${from.heads()} ${sql.join(parts, sql` union all `)}`.execute(
    tx,
  );
  const labels = await matterLabels(tx);
  const figures = new Map(rows.map((row) => [row.place, row]));
  return mergeSame(asked.map((one, place) => ({ one, figure: figures.get(place)! }))).map(({ one, figure }) =>
    spoken(one, figure, today, labels),
  );
}

/** One requirement may apply to several ranges inside the area: their figures add up. */
function mergeSame(parts: { one: Asked; figure: Figure }[]): { one: Asked; figure: Figure }[] {
  const merged = new Map<number, { one: Asked; figure: Figure }>();
  for (const { one, figure } of parts) {
    const known = merged.get(one.requirement.id);
    merged.set(one.requirement.id, known ? { one, figure: add(known.figure, figure) } : { one, figure });
  }
  return [...merged.values()];
}

export const nothing: Figure = { numerator: 0n, denominator: 0n, unknown: 0n, unweighed: 0n };

export function add(a: Figure, b: Figure): Figure {
  return {
    numerator: a.numerator + b.numerator,
    denominator: a.denominator + b.denominator,
    unknown: a.unknown + b.unknown,
    unweighed: a.unweighed + b.unweighed,
  };
}

/** An indicator with its figure in each area one level below; `below` is how many digits of the code tell them apart. */
export async function readIndicatorOf(
  tx: Transaction,
  id: number,
  area: string | undefined,
  today: LocalDate,
  below: number,
) {
  const asked = await indicatorsIn(tx, area, today, id);
  const [first] = asked;
  if (!first) return undefined;
  const { rows } = await sql<Figure & { child: string }>`
    select left(scope, ${below}::int) as child, ${sums} from (${sql.join(
      asked.map((one) => population(one)),
      sql` union all `,
    )}) p group by 1`.execute(tx);
  const { rows: areas } = await sql<{ code: string; name: string; level: string }>`
    select code, name, level from registers.area where code = any (${sql.val(rows.map((row) => row.child.padEnd(12, '0')))}::text[]) order by code`.execute(
    tx,
  );
  const labels = await matterLabels(tx);
  const total = rows.reduce<Figure>(add, nothing);
  return {
    ...spoken(first, total, today, labels),
    areas: areas.map((one) => ({
      ...one,
      ...figureOf(rows.find((row) => row.child.padEnd(12, '0') === one.code)!, first.entry),
    })),
  };
}

export async function findIndicatorSubjects(
  tx: Transaction,
  id: number,
  { area, part }: { area?: string | undefined; part: Part },
  today: LocalDate,
  { offset, limit }: { offset: number; limit: number },
): Promise<{ rows: IndicatorSubject[]; total: number }> {
  const asked = await indicatorsIn(tx, area, today, id);
  if (asked.length === 0) return { rows: [], total: 0 };
  const kept = {
    counted: sql`counted`,
    missing: sql`not counted`,
    unknown: sql`(counted is null or weight is null)`,
    all: sql`true`,
    leftOut: sql`true`,
  }[part];
  const of = part === 'leftOut' ? leftOut : (one: Asked) => population(one);
  const all = sql`(${sql.join(asked.map(of), sql` union all `)}) p`;
  const { rows: count } = await sql<{ total: number }>`select count(*)::int as total from ${all} where ${kept}`.execute(
    tx,
  );
  const { rows } = await sql<IndicatorSubject>`
    select p.subject_kind as "subjectKind", p.subject_id as "subjectId", p.label, concat_ws(' ', sub.name, com.name) as place, p.estate_id as "estateId", p.counted,
      p.weight is null as unweighed
    from ${all}
    left join registers.area sub on sub.code = left(p.scope, 9) || '000' and sub.level = 'subdistrict'
    left join registers.area com on com.code = left(p.scope, 12) and com.level = 'community'
    where ${kept} order by p.counted nulls first, p.scope, p.label limit ${limit} offset ${offset}`.execute(tx);
  return { rows, total: count[0]!.total };
}

/** What a matter is called, by its key: for 口径. */
export type MatterLabels = ReadonlyMap<string, string>;

export async function matterLabels(tx: Transaction): Promise<MatterLabels> {
  const { rows } = await sql<{ key: string; label: string }>`
    select key, label from registers.requirement where kind = 'duty' and retired_at is null`.execute(tx);
  return new Map(rows.map((row) => [row.key, row.label]));
}

export function spoken(
  { requirement, entry, asOf, bases }: Asked,
  figure: Figure,
  today: LocalDate,
  labels: MatterLabels,
): Indicator {
  const { id, key, label, group, force, rank, status, effect, clauses, source, packLabel, assumption, note } =
    requirement;
  return {
    id,
    key,
    label,
    category: group,
    force,
    rank,
    status,
    effect,
    clauses,
    source,
    packLabel,
    assumption,
    note,
    over: entry.over,
    unit: entry.measure === 'floorArea' ? '平方米' : entry.over === 'duties' ? '次' : '个',
    target: entry.target && { ...entry.target, text: targetWord(entry.target) },
    by: entry.by,
    campaign: entry.campaign,
    asOf,
    final: asOf < today,
    definition: definitionOf({ requirement, entry, asOf, bases }, labels),
    frozen: bases.map(({ lo, hi, requirementId, ...base }) => base),
    ...figureOf(figure, entry),
  };
}

export function figureOf(figure: Figure, entry: IndicatorEntry) {
  return {
    numerator: figure.numerator.toString(),
    denominator: figure.denominator.toString(),
    unknown: figure.unknown.toString(),
    unweighed: Number(figure.unweighed),
    verdict: verdictOf(figure, entry.target),
  };
}

/** 口径 in words: what is counted over what, what is left out, as of which day, by which pack and clause. */
export function definitionOf(
  { requirement, entry, asOf, bases }: Pick<Asked, 'requirement' | 'entry' | 'asOf' | 'bases'>,
  labels: MatterLabels,
): string {
  const { whole, counts, leftOut } = partsOfDefinition(entry, labels);
  const out = [
    leftOut,
    ...bases.map((base) => `${base.areaName} ${base.frozenOn} 冻结分母（${listOf(base)}）之后新增的`),
    ...(requirement.except.length > 0 ? ['另行适用政策包的下级地方'] : []),
  ];
  return `分母：${whole}；分子：${counts}。不计入：${out.join('、')}。截至 ${asOf}；依据：${requirement.packLabel}，${requirement.source}。`;
}

function partsOfDefinition(entry: IndicatorEntry, labels: MatterLabels) {
  if (entry.over === 'duties')
    return { whole: '应办的次数', counts: '其中按期办成的次数', leftOut: '尚未到期的、纳入之前到期的、已免除的' };
  const labelOf = (matter: string) => labels.get(matter) ?? matter;
  const { label } = SUBJECTS[entry.over];
  const where = entry.where ? `（${formatCondition(entry.where, entry.over, labelOf)}）` : '';
  const counts = entry.counts ? formatCondition(entry.counts, entry.over, labelOf) : '全部';
  const measure =
    entry.measure === 'floorArea' ? '按建筑面积计，面积待补的另列' : '按个数计，情况不明的计入分母、另列“待补”';
  return {
    whole: `${label}${where}，${measure}`,
    counts: `其中${counts}`,
    leftOut: entry.where ? `不合上述条件或条件待补的${label}` : '截至日不在底册的',
  };
}
