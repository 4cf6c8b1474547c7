import { type LocalDate, localDate } from '../../kernel/local-date.ts';
import { verdictOf } from '../../kernel/results.ts';
import { sql, type Transaction } from '../../platform/database.ts';
import { notFound, type Refused } from '../../platform/http.ts';
import { record } from '../../platform/journal.ts';
import type { Duty } from './contract.ts';
import { type DutyInPlace, findDuty, readBefallen } from './queries.ts';
import { type DutyAct, refusalsOfAct, refusalsOfPause, refusalsOfWait, type Seen } from './rules.ts';

/** Who acts, in which post. */
export interface By {
  personId: number;
  postId: number;
  organisationId: number;
  isOffice: boolean;
  today: LocalDate;
}

interface Told {
  detail?: Record<string, unknown>;
  reason?: string;
}

/** One act on one duty: lock, judge, save, record. `further` are reasons of this act beside those of its table. */
async function actOn(
  tx: Transaction,
  id: number,
  by: By,
  act: DutyAct,
  done: string,
  save: (duty: DutyInPlace, befallen: Awaited<ReturnType<typeof readBefallen>>) => Promise<Told>,
  further: (
    duty: DutyInPlace,
    befallen: Awaited<ReturnType<typeof readBefallen>>,
  ) => readonly { reason: string }[] = () => [],
): Promise<Duty | Refused> {
  await sql`select pg_advisory_xact_lock(hashtext('oversight.duty'), ${id}::int)`.execute(tx);
  const duty = await findDuty(tx, id);
  if (!duty) return notFound('没有这项义务，或不在您的辖区内。');
  const befallen = await readBefallen(tx, duty);
  const verdict = verdictOf([...refusalsOfAct(act, seenOf(duty, befallen), by, by.today), ...further(duty, befallen)]);
  if (!verdict.allowed) return verdict;
  const { detail = {}, reason } = await save(duty, befallen);
  await record(tx, {
    chain: duty.estateId === null ? `organisation:${by.organisationId}` : `estate:${duty.estateId}`,
    act: done,
    object: `duty:${duty.matter}:${duty.subjectKind}:${duty.subjectId}:${duty.periodKey}`,
    detail,
    ...(reason === undefined ? {} : { reason }),
  });
  return (await findDuty(tx, id))!;
}

/** A duty and what befell it, as the rules look at it. */
export function seenOf(duty: DutyInPlace, { waiver, pauses, waits }: Awaited<ReturnType<typeof readBefallen>>): Seen {
  return {
    standing: duty.standing,
    bearerId: duty.bearerId,
    awaitedId: duty.awaitedId,
    waiver: waiver && { state: waiver.state, proposedBy: waiver.personId, fromAbove: waiver.fromAbove },
    pauses: pauses.length,
    waits: waits.length,
  };
}

/** Proposes to waive a duty, with a reason; another person must confirm. */
export function proposeWaiver(
  tx: Transaction,
  { id, reason, document = null }: { id: number; reason: string; document?: string | null | undefined },
  by: By,
): Promise<Duty | Refused> {
  return actOn(tx, id, by, 'propose', 'duties.waiver-proposed', async (duty) => {
    await sql`insert into oversight.waiver (requirement_id, subject_kind, subject_id, period, scope, estate_id, reason, document, organisation_id, person_id, post_id)
      values (${duty.requirementId}, ${duty.subjectKind}, ${duty.subjectId}, ${duty.periodKey}, ${duty.scope}, ${duty.estateId}, ${reason}, ${document},
        ${by.organisationId}, ${by.personId}, ${by.postId})`.execute(tx);
    return { detail: { document }, reason };
  });
}

/** Another person confirms the proposal: the duty is waived and stays visible as waived. */
export function confirmWaiver(tx: Transaction, { id }: { id: number }, by: By): Promise<Duty | Refused> {
  return actOn(tx, id, by, 'confirm', 'duties.waived', (_, { waiver }) => decide(tx, waiver!, true, null, by));
}

export function declineWaiver(
  tx: Transaction,
  { id, reason }: { id: number; reason: string },
  by: By,
): Promise<Duty | Refused> {
  return actOn(tx, id, by, 'decline', 'duties.waiver-declined', (_, { waiver }) =>
    decide(tx, waiver!, false, reason, by),
  );
}

async function decide(
  tx: Transaction,
  waiver: { id: number; personId: number; reason: string },
  confirmed: boolean,
  answer: string | null,
  by: By,
): Promise<Told> {
  await sql`insert into oversight.waiver_decision (waiver_id, proposed_by, confirmed, answer, organisation_id, person_id, post_id)
    values (${waiver.id}, ${waiver.personId}, ${confirmed}, ${answer}, ${by.organisationId}, ${by.personId}, ${by.postId})`.execute(
    tx,
  );
  return { detail: { waiver: waiver.id }, reason: answer ?? waiver.reason };
}

/** Pauses a duty from today until the day it runs again. */
export function pauseDuty(
  tx: Transaction,
  { id, reason, basis, ...input }: { id: number; to: string; reason: string; basis: string },
  by: By,
): Promise<Duty | Refused> {
  const to = localDate(input.to);
  return actOn(
    tx,
    id,
    by,
    'pause',
    'duties.paused',
    async (duty) => {
      await sql`insert into oversight.pause (requirement_id, subject_kind, subject_id, period, scope, estate_id, from_on, to_on, reason, basis, organisation_id, person_id, post_id)
        values (${duty.requirementId}, ${duty.subjectKind}, ${duty.subjectId}, ${duty.periodKey}, ${duty.scope}, ${duty.estateId}, ${by.today}, ${to}, ${reason}, ${basis},
          ${by.organisationId}, ${by.personId}, ${by.postId})`.execute(tx);
      return { detail: { from: by.today, to, basis }, reason };
    },
    () => refusalsOfPause({ to, today: by.today }),
  );
}

/** Lets a paused duty run again before its day. */
export function resumeDuty(
  tx: Transaction,
  { id, reason }: { id: number; reason: string },
  by: By,
): Promise<Duty | Refused> {
  return actOn(tx, id, by, 'resume', 'duties.resumed', async (duty) => {
    await sql`insert into oversight.resumption (pause_id, resumed_on, reason, person_id, post_id)
      select p.id, ${by.today}::date, ${reason}, ${by.personId}::int, ${by.postId}::int from oversight.pause p
      where p.requirement_id = ${duty.requirementId} and p.subject_kind = ${duty.subjectKind} and p.subject_id = ${duty.subjectId} and p.period = ${duty.periodKey}
        and p.to_on > ${by.today}::date and not exists (select from oversight.resumption e where e.pause_id = p.id)`.execute(
      tx,
    );
    return { reason };
  });
}

/** The bearer says which body the duty waits for, since when and for what: from now on it counts against that body. */
export function awaitBody(
  tx: Transaction,
  { id, awaited, asked, ...input }: { id: number; awaited: number; since: string; asked: string },
  by: By,
): Promise<Duty | Refused> {
  const since = localDate(input.since);
  return actOn(
    tx,
    id,
    by,
    'wait',
    'duties.waiting',
    async (duty) => {
      await sql`insert into oversight.wait (requirement_id, subject_kind, subject_id, period, scope, estate_id, bearer_id, awaited_id, since_on, asked, person_id, post_id)
        values (${duty.requirementId}, ${duty.subjectKind}, ${duty.subjectId}, ${duty.periodKey}, ${duty.scope}, ${duty.estateId}, ${by.organisationId}, ${awaited}, ${since}, ${asked},
          ${by.personId}, ${by.postId})`.execute(tx);
      return { detail: { awaited, since, asked } };
    },
    ({ periodFrom }, { awaitable }) =>
      refusalsOfWait({
        since,
        today: by.today,
        periodFrom,
        awaitable: awaitable.some((one) => one.id === awaited),
      }),
  );
}

/** The body waited for answers, and the duty counts against its bearer again. */
export function answerWait(
  tx: Transaction,
  { id, answer }: { id: number; answer: string },
  by: By,
): Promise<Duty | Refused> {
  return actOn(tx, id, by, 'answer', 'duties.wait-answered', (duty) => endWait(tx, duty, true, answer, by));
}

export function stopWaiting(
  tx: Transaction,
  { id, reason }: { id: number; reason: string },
  by: By,
): Promise<Duty | Refused> {
  return actOn(tx, id, by, 'stop', 'duties.wait-ended', (duty) => endWait(tx, duty, false, reason, by));
}

async function endWait(tx: Transaction, duty: DutyInPlace, answered: boolean, answer: string, by: By): Promise<Told> {
  await sql`insert into oversight.wait_end (wait_id, ended_on, answered, answer, organisation_id, person_id, post_id)
    values (${duty.waitId}, ${by.today}, ${answered}, ${answer}, ${by.organisationId}, ${by.personId}, ${by.postId})`.execute(
    tx,
  );
  return { detail: { answer } };
}
