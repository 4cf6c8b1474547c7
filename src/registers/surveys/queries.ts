/** Read-only views of surveys. Who sees which is the database's policy, not a condition here. */
import { divisionRange } from '../../kernel/identifiers.ts';
import { type Fragment, sql, type Transaction } from '../../platform/database.ts';
import { shown } from '../corrections/index.ts';
import { type Sheet, type SheetState, type Survey, type SurveyField, surveyFields } from './contract.ts';

const yesNo = (of: string) => `case ${of} when true then '是' when false then '否' end`;

/** Where the register says it: `e` an estate, `f` its facts of the day. */
const columns: Readonly<Record<SurveyField, string>> = {
  kind: 'e.kind',
  address: 'e.address',
  urban: yesNo('f.urban'),
  households: 'f.households::text',
  buildingCount: 'e.building_count::text',
  floorArea: 'f.floor_area_centi_m2::text',
  completedYear: 'e.completed_year::text',
  served: yesNo('f.served'),
  hasCommittee: yesNo('f.has_committee'),
  longTermManaged: yesNo('f.long_term_managed'),
};

const selected = sql`
  s.id, s.title, s.basis, s.area_code as "areaCode", a.name as "areaName", s.fields, s.organisation_id as "organisationId", o.name as "organisationName",
  s.opened_on as "openedOn", s.due_on as "dueOn", c.closed_on as "closedOn", c.note
  from registers.survey s join registers.area a on a.code = s.area_code join registers.organisation o on o.id = s.organisation_id
  left join registers.survey_closing c on c.survey_id = s.id`;

export async function findSurveys(
  tx: Transaction,
  { closed }: { closed?: 'yes' | 'no' | undefined },
  { offset, limit }: { offset: number; limit: number },
): Promise<{ rows: Survey[]; total: number }> {
  const where = closed === undefined ? sql`true` : sql`(c.survey_id is not null) = ${closed === 'yes'}`;
  const { rows } = await sql<Survey>`
    select ${selected} where ${where} order by c.closed_on is not null, s.due_on, s.id offset ${offset} limit ${limit}`.execute(
    tx,
  );
  const counted = await sql<{ total: number }>`
    select count(*)::int as total from registers.survey s left join registers.survey_closing c on c.survey_id = s.id where ${where}`.execute(
    tx,
  );
  return { rows, total: counted.rows[0]!.total };
}

export async function findSurvey(tx: Transaction, id: number): Promise<Survey | undefined> {
  return (await sql<Survey>`select ${selected} where s.id = ${id}::int`.execute(tx)).rows[0];
}

export interface ClosedSurvey {
  id: number;
  title: string;
  closedOn: string;
}

/** The surveys that are closed and went over all of a place; the last one first. */
export async function closedSurveysOver(
  tx: Transaction,
  { lo, hi }: { lo: string; hi: string },
): Promise<ClosedSurvey[]> {
  const { rows } = await sql<ClosedSurvey>`
    select s.id, s.title, c.closed_on as "closedOn" from registers.survey s join registers.survey_closing c on c.survey_id = s.id
    where s.lo <= ${lo} and s.hi >= ${hi} order by c.closed_on desc, s.id desc`.execute(tx);
  return rows;
}

/** The estates on the frozen list of a closed survey, as far as they are in sight. */
export const estatesOfSurvey = (id: number): Fragment =>
  sql`(select t.estate_id from registers.survey_subject t where t.survey_id = ${id}::int)`;

/** Every estate of a survey in sight, with what the register says of it now, or said when the survey was closed. */
export function sheetsOf({ id, areaCode, fields, closedOn }: Survey, today: string): Fragment {
  if (closedOn !== null)
    return sql`(
      select t.estate_id, t.scope, t.label, t.facts, null::date as confirmed_on, null::int as organisation_id,
        case when t.confirmed then 'confirmed' else 'unconfirmed' end as state
      from registers.survey_subject t where t.survey_id = ${id}::int) k`;
  const { lo, hi } = divisionRange(areaCode);
  const facts = sql.raw(fields.map((field) => `'${field}', ${columns[field]}`).join(', '));
  return sql`(
    select p.*, w.confirmed_on, w.organisation_id,
      case when w.facts = p.facts then 'confirmed' when w.id is not null then 'changed'
        when jsonb_path_exists(p.facts, '$.* ? (@ == null)') then 'missing' else 'waiting' end as state
    from (
      select e.id as estate_id, e.scope, e.name as label, jsonb_build_object(${facts}) as facts
      from registers.estate e join registers.fact_estates(${today}::date) f on f.estate_id = e.id
      where e.scope >= ${lo} and e.scope < ${hi}) p
    left join (
      select distinct on (w.estate_id) w.* from registers.survey_sheet w where w.survey_id = ${id}::int order by w.estate_id, w.id desc) w on w.estate_id = p.estate_id) k`;
}

export interface SheetFilter {
  area?: string | undefined;
  state?: SheetState | undefined;
  estate?: number | undefined;
}

export async function findSheets(
  tx: Transaction,
  of: Survey,
  { area, state, estate }: SheetFilter,
  { offset, limit }: { offset: number; limit: number },
  today: string,
): Promise<{ rows: Sheet[]; total: number }> {
  const conditions = [sql`true`];
  if (area !== undefined) {
    const { lo, hi } = divisionRange(area);
    conditions.push(sql`k.scope >= ${lo} and k.scope < ${hi}`);
  }
  if (state !== undefined) conditions.push(sql`k.state = ${state}`);
  if (estate !== undefined) conditions.push(sql`k.estate_id = ${estate}::int`);
  const from = sql`${sheetsOf(of, today)} where ${sql.join(conditions, sql` and `)}`;
  type Row = Omit<Sheet, 'facts' | 'row'> & { facts: Record<string, string | null>; streetName: string | null };
  const { rows } = await sql<Row>`
    select k.estate_id as "estateId", k.label as name, a.name as "areaName", b.name as "streetName", k.state, k.facts, md5(k.facts::text) as mark,
      k.confirmed_on as "confirmedOn", o.name as "confirmedBy"
    from (select * from ${from} order by k.scope offset ${offset} limit ${limit}) k
    join registers.area a on a.code = left(k.scope, 12) left join registers.area b on b.code = a.parent_code
    left join registers.organisation o on o.id = k.organisation_id order by k.scope`.execute(tx);
  const counted = await sql<{ total: number }>`select count(*)::int as total from ${from}`.execute(tx);
  return {
    rows: rows.map(({ streetName, facts, ...row }) => {
      const told = of.fields.map((field) => ({
        field,
        label: surveyFields[field].label,
        says: shown('estate', field, facts[field] ?? null),
      }));
      return { ...row, facts: told, row: rowOf(row, streetName, told) };
    }),
    total: counted.rows[0]!.total,
  };
}

/** The estate as a row of its roster, with all that is gone over. */
function rowOf(row: { name: string; areaName: string }, streetName: string | null, told: Sheet['facts']): string {
  const cells: [string, string][] = [
    ['小区名称', row.name],
    ['街道', streetName ?? ''],
    ['社区', row.areaName],
    ...told.map(({ field, says }): [string, string] => [surveyFields[field].column, says ?? '']),
  ];
  return [cells.map(([title]) => title), cells.map(([, text]) => text.replaceAll(/\s+/g, ' '))]
    .map((line) => line.join('\t'))
    .join('\n');
}

export async function progressOf(tx: Transaction, of: Survey, today: string) {
  const { rows } = await sql<{ areaCode: string; areaName: string; total: number; confirmed: number }>`
    select a.code as "areaCode", a.name as "areaName", p.total, p.confirmed from (
      select left(k.scope, 12) as code, count(*)::int as total, (count(*) filter (where k.state = 'confirmed'))::int as confirmed
      from ${sheetsOf(of, today)} group by 1) p
    join registers.area a on a.code = p.code order by a.code`.execute(tx);
  return rows;
}
