import { divisionRange } from '../../kernel/identifiers.ts';
import { type LocalDate, localDate } from '../../kernel/local-date.ts';
import { verdictOf } from '../../kernel/results.ts';
import { sql, type Transaction } from '../../platform/database.ts';
import { notFound, type Person, type Refused } from '../../platform/http.ts';
import { record } from '../../platform/journal.ts';
import { closedSurveysOver, estatesOfSurvey } from '../../registers/surveys/index.ts';
import { listOf } from './contract.ts';
import { basesInForce, definitionOf, indicatorsIn, matterLabels, population } from './queries.ts';
import { refusalsOfBase } from './rules.ts';

const notHere = '没有这项指标，或这个地方不在您的辖区内。';

/** Fixes who is in the denominator of a campaign's indicator from now on: lock, judge, save, record. */
export async function freezeBase(
  tx: Transaction,
  person: Person,
  input: { id: number; area: string; baseOn?: string | undefined; survey?: number | undefined; document: string },
  today: LocalDate,
): Promise<{ id: number; subjects: number } | Refused> {
  const { lo, hi } = divisionRange(input.area);
  const { actor, post } = person;
  const own = actor.lo !== undefined && actor.hi !== undefined && actor.lo <= lo && hi <= actor.hi;
  const asked = own ? await indicatorsIn(tx, input.area, today, input.id) : [];
  const [first] = asked;
  if (!first) return notFound(notHere);
  await sql`select pg_advisory_xact_lock(hashtext('indicators.base'), ${input.id}::int)`.execute(tx);
  const { entry } = first;
  const frozen = (await basesInForce(tx)).filter((one) => one.requirementId === input.id);
  const survey = (await closedSurveysOver(tx, { lo, hi })).find((one) => one.id === input.survey);
  const days = [input.baseOn, survey?.closedOn].flatMap((one) => one ?? []);
  const baseOn = days.length === 1 ? localDate(days[0]!) : undefined;
  // What the registers say today of who belonged to it on the base day, frozen ones aside; of a survey those that stood on its list.
  const all = sql.join(
    asked.map((one) => population({ ...one, bases: [], asOf: baseOn ?? today })),
    sql` union all `,
  );
  const listed = survey ? sql`where p.estate_id in ${estatesOfSurvey(survey.id)}` : sql``;
  const members = sql`(${all}) p ${listed}`;
  const { rows } = await sql<{ subjects: number }>`select count(*)::int as subjects from ${members}`.execute(tx);
  const { subjects } = rows[0]!;
  const verdict = verdictOf(
    refusalsOfBase({
      areaCode: input.area,
      baseOn,
      survey:
        input.survey === undefined ? undefined : { closed: survey !== undefined, sameKind: entry.over === 'estates' },
      today,
      campaign: entry.campaign,
      by: entry.by,
      overDuties: entry.over === 'duties',
      subjects,
      frozen,
      bars: person.bars.length,
    }),
  );
  if (!verdict.allowed || baseOn === undefined) return verdict as Refused;
  const definition = `${definitionOf({ ...first, bases: [], asOf: baseOn }, await matterLabels(tx))}${
    survey ? `名单：${listOf({ baseOn, surveyId: survey.id })}。` : ''
  }`;
  const { rows: made } = await sql<{ id: number }>`
    insert into oversight.indicator_base (requirement_id, area_code, scope, base_on, frozen_on, document, definition, survey_id, organisation_id, person_id, post_id)
    values (${input.id}, ${input.area}, ${input.area}, ${baseOn}, ${today}, ${input.document}, ${definition}, ${survey?.id ?? null}, ${post.organisationId}, ${person.personId}, ${post.id})
    returning id`.execute(tx);
  const { id } = made[0]!;
  await sql`
    insert into oversight.indicator_base_subject (base_id, subject_kind, subject_id, subject_label, scope, estate_id, weight)
    select ${id}::int, subject_kind, subject_id, label, scope, estate_id, weight from ${members}`.execute(tx);
  await record(tx, {
    chain: `organisation:${post.organisationId!}`,
    act: 'indicators.frozen',
    object: `indicatorBase:${id}`,
    detail: {
      indicator: first.requirement.key,
      pack: first.requirement.packId,
      area: input.area,
      baseOn,
      ...(survey && { survey: survey.id }),
      subjects,
      document: input.document,
    },
  });
  return { id, subjects };
}

/** Takes the freezing back, with a reason; the frozen list stays readable. */
export async function releaseBase(
  tx: Transaction,
  person: Person,
  { id, reason }: { id: number; reason: string },
  today: LocalDate,
): Promise<{ id: number } | Refused> {
  await sql`select pg_advisory_xact_lock(hashtext('indicators.release'), ${id}::int)`.execute(tx);
  const base = (await basesInForce(tx)).find((one) => one.id === id);
  const { lo, hi } = person.actor;
  if (!base || lo === undefined || hi === undefined || base.lo < lo || base.hi > hi)
    return notFound('没有这一次冻结，或已经解除，或不在您的辖区内。');
  await sql`insert into oversight.indicator_base_release (base_id, reason, organisation_id, person_id, released_on)
    values (${id}, ${reason}, ${person.post.organisationId}, ${person.personId}, ${today})`.execute(tx);
  await record(tx, {
    chain: `organisation:${person.post.organisationId!}`,
    act: 'indicators.released',
    object: `indicatorBase:${id}`,
    reason,
  });
  return { id };
}
