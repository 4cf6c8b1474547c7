import { type LocalDate, localDate } from '../../kernel/local-date.ts';
import { verdictOf } from '../../kernel/results.ts';
import { sql, type Transaction } from '../../platform/database.ts';
import { notFound, type Refused, refuse } from '../../platform/http.ts';
import { record } from '../../platform/journal.ts';
import { type ShownList, type StepAct, shownLists } from './contract.ts';
import type { By } from './directives.ts';
import { directiveProcedure } from './procedure.ts';
import { findDirective, inHand, judgeStep } from './queries.ts';
import { type DirectiveToIssue, placeOfDirective, refusalsOfIssue } from './rules.ts';
import {
  type DirectiveRow,
  findClause,
  findOwed,
  findRecipient,
  insertDirective,
  insertStep,
  lockDirective,
  lockRecipient,
  type OwedRow,
  selectDirectives,
} from './store.ts';

const notHere = '没有这件督办，或不在您的范围之内。';

interface Asked {
  to: number;
  clauseId: string;
  title: string;
  demand: string;
  dueOn: string;
}

/** Asks a body below for one thing: lock, judge, save, record. */
export async function issueDirective(
  tx: Transaction,
  person: By,
  input: Asked & { duty?: number | undefined; wants?: ShownList | undefined },
  today: LocalDate,
): Promise<{ id: number } | Refused> {
  const owed = input.duty === undefined ? null : ((await findOwed(tx, sql`d.id = ${input.duty}::int`)) ?? undefined);
  if (owed === undefined) return notFound('没有这项义务，或不在您的辖区内。');
  const shownAt = input.wants === undefined ? null : shownLists[input.wants];
  return ask(tx, person, input, { owed, shownAt, above: null }, today);
}

/** Asks a body below for what one was asked oneself; the chain is kept. */
export async function passOnDirective(
  tx: Transaction,
  person: By,
  input: { id: number; to: number; demand: string; dueOn: string },
  today: LocalDate,
): Promise<{ id: number } | Refused> {
  await lockDirective(tx, input.id);
  const above = await findDirective(tx, input.id);
  if (!above) return notFound(notHere);
  const verdict = judgeStep(above, await inHand(tx, above, today), person, 'passOn');
  if (!verdict.allowed) return verdict;
  const { matter, subjectKind, subjectId, periodKey, clauseId, title } = above;
  const owed =
    matter === null
      ? null
      : await findOwed(
          tx,
          sql`d.matter = ${matter} and d.subject_kind = ${subjectKind} and d.subject_id = ${subjectId} and d.period = ${periodKey}`,
        );
  return ask(tx, person, { ...input, clauseId, title }, { owed: owed ?? null, shownAt: null, above }, today);
}

async function ask(
  tx: Transaction,
  person: By,
  { to, clauseId, title, demand, dueOn }: Asked,
  { owed, shownAt, above }: { owed: OwedRow | null; shownAt: string | null; above: DirectiveRow | null },
  today: LocalDate,
): Promise<{ id: number } | Refused> {
  const { post, actor, personId } = person;
  await lockRecipient(tx, to);
  const same = owed
    ? sql`d.matter = ${owed.matter} and d.subject_kind = ${owed.subjectKind} and d.subject_id = ${owed.subjectId} and d.period = ${owed.periodKey}`
    : sql`d.matter is null and d.clause_id = ${clauseId} and d.title = ${title}`;
  const about: DirectiveToIssue = {
    today,
    dueOn: localDate(dueOn),
    clauseKnown: (await findClause(tx, clauseId)) !== undefined,
    issuer: { organisationId: post.organisationId!, lo: actor.lo ?? '', hi: actor.hi ?? '' },
    recipient: await findRecipient(tx, to, today),
    duty: owed,
    shownAt,
    standing: (await selectDirectives(tx, sql`d.to_id = ${to}::int and d.is_open and ${same}`))[0],
    dueAbove: above && localDate(above.due),
  };
  const verdict = verdictOf(refusalsOfIssue(about));
  if (!verdict.allowed) return verdict;
  const id = await insertDirective(tx, {
    aboveId: above?.id ?? null,
    clauseId,
    title,
    demand,
    owed,
    scope: placeOfDirective(about)!,
    originId: above?.originId ?? post.organisationId!,
    fromId: post.organisationId!,
    toId: to,
    issuedOn: today,
    dueOn: about.dueOn,
    personId,
    postId: post.id,
  });
  await record(tx, {
    chain: `organisation:${post.organisationId!}`,
    act: above ? 'directives.passedOn' : 'directives.issued',
    object: `directive:${id}`,
    detail: { to, clause: clauseId, title, demand, dueOn, above: above?.id ?? null, matter: owed?.matter ?? null },
  });
  return { id };
}

/** One step on a directive: reply, extension, return, close, withdraw. */
export async function takeStep(
  tx: Transaction,
  person: By,
  input: { id: number; act: StepAct; note: string; until?: string | undefined },
  today: LocalDate,
): Promise<{ id: number } | Refused> {
  await lockDirective(tx, input.id);
  const directive = await findDirective(tx, input.id);
  if (!directive) return notFound(notHere);
  const { act, note } = input;
  const dated = act === 'askExtension' || act === 'extend';
  if (dated && input.until === undefined) return refuse({ reason: '请写明延到哪一天。', field: 'until' });
  const until = dated ? localDate(input.until!) : null;
  const verdict = judgeStep(directive, await inHand(tx, directive, today, until), person, act);
  if (!verdict.allowed) return verdict;
  const organisationId = person.post.organisationId!;
  await insertStep(tx, {
    directiveId: directive.id,
    act,
    state: directiveProcedure.steps[act].to,
    note,
    until,
    organisationId,
    personId: person.personId,
    postId: person.post.id,
    takenOn: today,
  });
  await record(tx, {
    chain: `organisation:${organisationId}`,
    act: `directives.${act}`,
    object: `directive:${directive.id}`,
    detail: { note, until },
  });
  return { id: directive.id };
}
