import { divisionRange } from '../../kernel/identifiers.ts';
import type { LocalDate } from '../../kernel/local-date.ts';
import { verdictOf } from '../../kernel/results.ts';
import { sql, type Transaction } from '../../platform/database.ts';
import { type Acting, notFound, type Refused, refuse } from '../../platform/http.ts';
import { record } from '../../platform/journal.ts';
import type { SurveyField } from './contract.ts';
import { findSheets, findSurvey, sheetsOf } from './queries.ts';
import { refusalsOfConfirming, refusalsOfOpening } from './rules.ts';

const notHere = '没有这次摸排，或不在您的辖区内。';

/** Asks those below to go over the register of a place: lock, judge, save, record. */
export async function openSurvey(
  tx: Transaction,
  { post, personId, actor }: Acting,
  input: { title: string; basis: string; area: string; fields: SurveyField[]; dueOn: string },
  today: LocalDate,
): Promise<{ id: number } | Refused> {
  const { title, basis, area: code, dueOn } = input;
  const { lo, hi } = divisionRange(code);
  const own = actor.lo !== undefined && actor.hi !== undefined && actor.lo <= lo && hi <= actor.hi;
  await sql`select pg_advisory_xact_lock(hashtext('registers.survey'))`.execute(tx);
  const { rows: places } = await sql<{ name: string; estates: number; running: boolean }>`
    select a.name, (select count(*)::int from registers.estate e where e.scope >= ${lo} and e.scope < ${hi}) as estates,
      exists (select from registers.survey s where s.area_code = a.code and s.title = ${title}
        and s.id not in (select c.survey_id from registers.survey_closing c)) as running
    from registers.area a where a.code = ${code}`.execute(tx);
  const area = own ? places[0] : undefined;
  const verdict = verdictOf(refusalsOfOpening({ dueOn, today, area, running: area?.running ?? false }));
  if (!verdict.allowed) return verdict;
  const fields = [...new Set(input.fields)];
  const { rows } = await sql<{ id: number }>`
    insert into registers.survey (title, basis, area_code, scope, lo, hi, fields, opened_on, due_on, organisation_id, person_id, post_id)
    values (${title}, ${basis}, ${code}, ${code}, ${lo}, ${hi}, ${sql.val(fields)}::text[], ${today}, ${dueOn}, ${post.organisationId}, ${personId}, ${post.id})
    returning id`.execute(tx);
  const { id } = rows[0]!;
  await record(tx, {
    chain: `organisation:${post.organisationId!}`,
    act: 'surveys.opened',
    object: `survey:${id}`,
    detail: { title, basis, area: code, fields, dueOn },
  });
  return { id };
}

/** Two acts on one survey wait for one another, so that nothing is confirmed after the list was frozen. */
const lock = (tx: Transaction, id: number) =>
  sql`select pg_advisory_xact_lock(hashtext('registers.survey of'), ${id}::int)`.execute(tx);

/** Says that the register is right about an estate, as it was shown. */
export async function confirmSheet(
  tx: Transaction,
  { post, personId }: Acting,
  { id, estate, mark }: { id: number; estate: number; mark: string },
  today: LocalDate,
): Promise<{ id: number } | Refused> {
  await lock(tx, id);
  const survey = await findSurvey(tx, id);
  if (!survey) return notFound(notHere);
  const [found] = (await findSheets(tx, survey, { estate }, { offset: 0, limit: 1 }, today)).rows;
  const verdict = verdictOf(
    refusalsOfConfirming({
      closedOn: survey.closedOn,
      estate: found && {
        state: found.state,
        mark: found.mark,
        missing: found.facts.filter((one) => one.says === null).map((one) => one.label),
      },
      mark,
    }),
  );
  if (!verdict.allowed) return verdict;
  const { rows } = await sql<{ id: number }>`
    insert into registers.survey_sheet (survey_id, estate_id, scope, facts, organisation_id, person_id, post_id, confirmed_on)
    select ${id}::int, k.estate_id, k.scope, k.facts, ${post.organisationId}::int, ${personId}::int, ${post.id}::int, ${today}::date
    from ${sheetsOf(survey, today)} where k.estate_id = ${estate}::int returning id`.execute(tx);
  await record(tx, {
    chain: `estate:${estate}`,
    act: 'surveys.confirmed',
    object: `survey:${id}`,
    detail: { fields: survey.fields },
  });
  return { id: rows[0]!.id };
}

/** Ends it: the estates, what the register says of each and whether it was confirmed become the list that stays. */
export async function closeSurvey(
  tx: Transaction,
  { post, personId, bars }: Acting,
  { id, note }: { id: number; note: string },
  today: LocalDate,
): Promise<{ subjects: number } | Refused> {
  await lock(tx, id);
  const survey = await findSurvey(tx, id);
  if (!survey) return notFound(notHere);
  if (survey.closedOn !== null) return refuse({ reason: `这次摸排已于 ${survey.closedOn} 结束。` });
  if (survey.organisationId !== post.organisationId)
    return refuse({ reason: `由${survey.organisationName}开始的，由它结束。` });
  // Whoever must keep out of an estate would leave it out of the list.
  if (bars.length > 0) return refuse({ reason: '您有须回避的对象，看不全名单，请由同单位的别人结束。' });
  const { rows } = await sql<{ estate_id: number }>`
    insert into registers.survey_subject (survey_id, estate_id, scope, label, facts, confirmed)
    select ${id}::int, k.estate_id, k.scope, k.label, k.facts, k.state = 'confirmed' from ${sheetsOf(survey, today)} returning estate_id`.execute(
    tx,
  );
  await sql`insert into registers.survey_closing (survey_id, note, organisation_id, person_id, post_id, closed_on)
    values (${id}, ${note}, ${post.organisationId}, ${personId}, ${post.id}, ${today})`.execute(tx);
  await record(tx, {
    chain: `organisation:${post.organisationId!}`,
    act: 'surveys.closed',
    object: `survey:${id}`,
    detail: { subjects: rows.length },
    reason: note,
  });
  return { subjects: rows.length };
}
