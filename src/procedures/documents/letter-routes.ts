/** The letters that stand on the registers alone, drafted where their data are. */
import type { LocalDate } from '../../kernel/local-date.ts';
import { verdictOf } from '../../kernel/results.ts';
import type { Transaction } from '../../platform/database.ts';
import { notFound, type Person, type Refused, type Route, route } from '../../platform/http.ts';
import { readCorrection } from '../../registers/corrections/index.ts';
import { findSurvey, progressOf, surveyFields } from '../../registers/surveys/index.ts';
import { draftDocument } from './commands.ts';
import * as contracts from './contract.ts';
import { announcementOf, answerOf, refusalsOfAnnouncing, refusalsOfAnswering } from './letters.ts';

type Means = Parameters<typeof draftDocument>[4];

/** Drafts the notice of a survey that runs; by the office that opened it. */
export async function draftSurveyNotice(
  tx: Transaction,
  person: Person,
  id: number,
  today: LocalDate,
  means: Means,
): Promise<{ id: number } | Refused> {
  const survey = await findSurvey(tx, id);
  if (!survey) return notFound('没有这次摸排，或不在您的辖区内。');
  const of = {
    ...survey,
    fields: survey.fields.map((field) => surveyFields[field].label),
    estates: (await progressOf(tx, survey, today)).reduce((sum, { total }) => sum + total, 0),
    mine: survey.organisationId === person.post.organisationId,
  };
  const verdict = verdictOf(refusalsOfAnnouncing(of));
  if (!verdict.allowed) return verdict;
  const place = { area: survey.areaCode };
  const draft = {
    ...announcementOf(of),
    kind: 'survey-notice',
    place,
    isPublic: false,
    about: `survey:${id}`,
  } as const;
  return draftDocument(tx, person, draft, today, means);
}

/** Drafts the answer to a correction; by the body that answered it. */
export async function draftCorrectionAnswer(
  tx: Transaction,
  person: Person,
  id: number,
  today: LocalDate,
  means: Means,
): Promise<{ id: number } | Refused> {
  const correction = await readCorrection(tx, id, person);
  if (!correction) return notFound('没有这件纠错，或不在您的范围之内。');
  const of = { ...correction, mine: correction.keeperId === person.post.organisationId };
  const verdict = verdictOf(refusalsOfAnswering(of));
  if (!verdict.allowed) return verdict;
  const place = { estate: of.estateId };
  const draft = {
    ...answerOf(of),
    kind: 'correction-answer',
    place,
    isPublic: false,
    about: `correction:${id}`,
  } as const;
  return draftDocument(tx, person, draft, today, means);
}

export const letterRoutes: Route[] = [
  route(contracts.draftSurveyNotice, ({ input, act, person, today, system }) =>
    act((tx) => draftSurveyNotice(tx, person, input.id, today, system)),
  ),
  route(contracts.draftCorrectionAnswer, ({ input, act, person, today, system }) =>
    act((tx) => draftCorrectionAnswer(tx, person, input.id, today, system)),
  ),
];
