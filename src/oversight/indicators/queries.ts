import { divisionRange } from '../../kernel/identifiers.ts';
import type { LocalDate } from '../../kernel/local-date.ts';
import { formatCondition, SUBJECTS } from '../../law/conditions.ts';
import type { IndicatorEntry } from '../../law/pack.ts';
import { type Fragment, sql, type Transaction } from '../../platform/database.ts';
import { filedSql } from '../../procedures/filings/index.ts';
import { type Range, type RangedRequirement, requirementsByRange } from '../../registers/requirements/index.ts';
import { conditionSql, subjectsInSight } from '../../registers/subjects/index.ts';
import type { Indicator, IndicatorSubject } from './contract.ts';
import { type Figure, targetWord, verdictOf } from './rules.ts';

/** An indicator as it applies inside one area. */
interface Asked extends Range {
  requirement: RangedRequirement;
  entry: IndicatorEntry;
  asOf: LocalDate;
}

/** The indicators that speak to any place inside the area; each asked only where it applies. */
async function indicatorsIn(
  tx: Transaction,
  area: string | undefined,
  today: LocalDate,
  id?: number,
): Promise<Asked[]> {
  const within = area === undefined ? undefined : divisionRange(area);
  return (await requirementsByRange(tx, 'indicator', today)).flatMap((requirement) => {
    if (id !== undefined && requirement.id !== id) return [];
    const range = within === undefined ? requirement : common(requirement, within);
    const entry = requirement.definition as unknown as IndicatorEntry;
    return range === undefined
      ? []
      : [
          {
            lo: range.lo,
            hi: range.hi,
            requirement,
            entry,
            asOf: entry.by !== null && entry.by < today ? entry.by : today,
          },
        ];
  });
}

/** Ranges of areas nest or are apart. */
function common(a: Range, b: Range): Range | undefined {
  if (a.lo >= b.lo && a.hi <= b.hi) return a;
  if (b.lo >= a.lo && b.hi <= a.hi) return b;
  return undefined;
}

/** The subjects of an indicator, as alias `s` with `counted` true, false or null (unknown). */
function population({ requirement, entry, lo, hi, asOf }: Asked): Fragment {
  const day = sql`${asOf}::date`;
  const apart = requirement.except.map((range) => sql`and not (s.scope >= ${range.lo} and s.scope < ${range.hi})`);
  const here = sql`s.scope >= ${lo} and s.scope < ${hi} ${sql.join(apart, sql` `)}`;
  if (entry.over === 'duties') {
    // Duties of this kind that have fallen due: done in time, or not.
    return sql`select s.subject_kind, s.subject_id, s.subject_label || ' ' || s.period as label, s.scope, s.estate_id, 1::bigint as weight,
        coalesce(s.met_on <= s.due_on, false) as counted
      from oversight.duty_standing s where s.matter = ${entry.of} and s.due_on <= ${day} and s.standing in ('met', 'overdue', 'lapsed') and ${here}`;
  }
  const { over } = entry;
  const filed = (matter: string) => filedSql(over, matter, day);
  const where = entry.where ? sql`and ${conditionSql(over, entry.where, filed)}` : sql``;
  const counted = entry.counts ? conditionSql(over, entry.counts, filed) : sql`true`;
  const weight = entry.measure === 'floorArea' ? sql`coalesce(s.floor_area_centi_m2, 0)` : sql`1::bigint`;
  return sql`select ${over}::text as subject_kind, s.subject_id, s.label, s.scope, s.estate_id, ${weight} as weight, ${counted} as counted
    from ${subjectsInSight(over, day)} s where ${here} ${where}`;
}

const sums = sql`coalesce(sum(weight) filter (where counted), 0)::bigint as numerator, coalesce(sum(weight), 0)::bigint as denominator,
  coalesce(sum(weight) filter (where counted is null), 0)::bigint as unknown`;

/** Every indicator of an area in one statement. */
export async function readIndicators(
  tx: Transaction,
  area: string | undefined,
  today: LocalDate,
): Promise<Indicator[]> {
  const asked = await indicatorsIn(tx, area, today);
  if (asked.length === 0) return [];
  const parts = asked.map((one, place) => sql`select ${place}::int as place, ${sums} from (${population(one)}) p`);
  const { rows } = await sql<Figure & { place: number }>`${sql.join(parts, sql` union all `)}`.execute(tx);
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

function add(a: Figure, b: Figure): Figure {
  return {
    numerator: a.numerator + b.numerator,
    denominator: a.denominator + b.denominator,
    unknown: a.unknown + b.unknown,
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
    select left(scope, ${below}::int) as child, ${sums} from (${sql.join(asked.map(population), sql` union all `)}) p group by 1`.execute(
    tx,
  );
  const { rows: areas } = await sql<{ code: string; name: string; level: string }>`
    select code, name, level from registers.area where code = any (${sql.val(rows.map((row) => row.child.padEnd(12, '0')))}::text[]) order by code`.execute(
    tx,
  );
  const labels = await matterLabels(tx);
  const total = rows.reduce<Figure>(add, { numerator: 0n, denominator: 0n, unknown: 0n });
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
  { area, part }: { area?: string | undefined; part: 'counted' | 'missing' | 'unknown' | 'all' },
  today: LocalDate,
  { offset, limit }: { offset: number; limit: number },
): Promise<{ rows: IndicatorSubject[]; total: number }> {
  const asked = await indicatorsIn(tx, area, today, id);
  if (asked.length === 0) return { rows: [], total: 0 };
  const kept = { counted: sql`counted`, missing: sql`not counted`, unknown: sql`counted is null`, all: sql`true` }[
    part
  ];
  const all = sql`(${sql.join(asked.map(population), sql` union all `)}) p`;
  const { rows: count } = await sql<{ total: number }>`select count(*)::int as total from ${all} where ${kept}`.execute(
    tx,
  );
  const { rows } = await sql<IndicatorSubject>`
    select p.subject_kind as "subjectKind", p.subject_id as "subjectId", p.label, concat_ws(' ', sub.name, com.name) as place, p.estate_id as "estateId", p.counted
    from ${all}
    left join registers.area sub on sub.code = left(p.scope, 9) || '000' and sub.level = 'subdistrict'
    left join registers.area com on com.code = left(p.scope, 12) and com.level = 'community'
    where ${kept} order by p.counted nulls first, p.scope, p.label limit ${limit} offset ${offset}`.execute(tx);
  return { rows, total: count[0]!.total };
}

/** What a matter is called, by its key: for 口径. */
type MatterLabels = ReadonlyMap<string, string>;

async function matterLabels(tx: Transaction): Promise<MatterLabels> {
  const { rows } = await sql<{ key: string; label: string }>`
    select key, label from registers.requirement where kind = 'duty' and retired_at is null`.execute(tx);
  return new Map(rows.map((row) => [row.key, row.label]));
}

function spoken(
  { requirement, entry, asOf }: Asked,
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
    definition: definitionOf(entry, labels),
    ...figureOf(figure, entry),
  };
}

function figureOf(figure: Figure, entry: IndicatorEntry) {
  return {
    numerator: figure.numerator.toString(),
    denominator: figure.denominator.toString(),
    unknown: figure.unknown.toString(),
    verdict: verdictOf(figure, entry.target),
  };
}

/** 口径 in words. */
function definitionOf(entry: IndicatorEntry, labels: MatterLabels): string {
  if (entry.over === 'duties') return '分母：到今天为止应办的次数（已纳入的）；分子：其中按期办成的次数。';
  const labelOf = (matter: string) => labels.get(matter) ?? matter;
  const whole =
    SUBJECTS[entry.over].label + (entry.where ? `（${formatCondition(entry.where, entry.over, labelOf)}）` : '');
  const counts = entry.counts ? formatCondition(entry.counts, entry.over, labelOf) : '全部';
  const measure = entry.measure === 'floorArea' ? '按建筑面积计' : '按个数计';
  return `分母：${whole}；分子：其中${counts}；${measure}。情况不明的计入分母，另列“待补”。`;
}
