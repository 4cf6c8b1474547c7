import { type LocalDate, localDate } from '../../kernel/local-date.ts';
import { verdictOf } from '../../kernel/results.ts';
import { isSubject } from '../../law/conditions.ts';
import type { DutyEntry } from '../../law/pack.ts';
import type { Transaction } from '../../platform/database.ts';
import { notFound, type Person, type Refused, refuse } from '../../platform/http.ts';
import { type Chain, record } from '../../platform/journal.ts';
import { refusalOfBar } from '../../registers/people/index.ts';
import { requirementsByRange } from '../../registers/requirements/index.ts';
import { findSubject } from '../../registers/subjects/index.ts';
import type { Evidence, Filing } from './contract.ts';
import type { Deed } from './filings.ts';
import { findFiling, judgeAct } from './queries.ts';
import { periodsOf, refusalsOfDeed, roleFor, speaksTo } from './rules.ts';
import { insertEvidence, insertFiling, insertWithdrawal, isFiled, lockMatter } from './store.ts';

export interface DeedToFile {
  matter: string;
  subjectKind: string;
  subjectId: string;
  period: string;
  doneOn: string;
  summary?: string | undefined;
  evidence: Evidence;
}

/** Files a deed: lock, judge, save, record. Past deeds are welcome, with evidence to follow. */
export async function fileDeed(
  tx: Transaction,
  person: Person,
  input: DeedToFile,
  today: LocalDate,
): Promise<Filing | Refused> {
  const subject = isSubject(input.subjectKind)
    ? await findSubject(tx, input.subjectKind, input.subjectId, today)
    : undefined;
  if (!subject) {
    const id = Number(input.subjectId);
    const barred = refusalOfBar(
      person.bars,
      input.subjectKind === 'estates' ? { estateId: id } : { organisationId: id },
    );
    return barred ? { ...refuse(barred), status: 403 } : notFound('没有这个对象，或不在您的辖区内。');
  }
  const duties = (await requirementsByRange(tx, 'duty', today)).filter(
    (one) => one.key === input.matter && speaksTo(one, subject.scope),
  );
  const duty = duties.map((one) => one.definition as unknown as DutyEntry).find((one) => one.over === subject.kind);
  if (!duty) return notFound('这里适用的政策包中没有这一事项。');
  await lockMatter(tx, { ...input, subjectKind: subject.kind });
  const doneOn = localDate(input.doneOn);
  const deed: Deed = {
    today,
    doneOn,
    ...periodsOf(duty.due, input.period, doneOn),
    filedAlready: await isFiled(tx, { ...input, subjectKind: subject.kind }),
    role: roleFor(
      {
        isOffice: person.actor.standing === 'office',
        organisationId: person.post.organisationId,
        organisationKind: person.post.organisationKind,
      },
      duty,
      subject,
    ),
  };
  const verdict = verdictOf(refusalsOfDeed(deed));
  if (!verdict.allowed) return verdict;
  const id = await insertFiling(tx, {
    matter: input.matter,
    subjectKind: subject.kind,
    subjectId: subject.id,
    subjectLabel: subject.label,
    scope: subject.scope,
    estateId: subject.estateId,
    organisationId: person.post.organisationId!,
    period: input.period,
    doneOn,
    filedOn: today,
    personId: person.personId,
    postId: person.post.id,
    summary: input.summary ?? null,
    evidence: input.evidence,
  });
  await record(tx, {
    chain: chainOf(subject.estateId, person),
    act: 'filings.filed',
    object: `filing:${id}`,
    detail: {
      matter: input.matter,
      subject: `${subject.kind}:${subject.id}`,
      period: input.period,
      doneOn,
      summary: input.summary ?? null,
      evidence: input.evidence,
    },
  });
  return (await findFiling(tx, id))!;
}

/** Adds a file that stands behind a filing; the bytes are already in the file store, under `digest`. */
export async function attachEvidence(
  tx: Transaction,
  person: Person,
  id: number,
  file: { digest: string; name: string },
  today: LocalDate,
): Promise<Filing | Refused> {
  const filing = await findFiling(tx, id);
  if (!filing) return notFound('没有这件报备，或不在您的辖区内。');
  const verdict = judgeAct(filing, person, 'attach', today);
  if (!verdict.allowed) return verdict;
  await insertEvidence(tx, id, file.digest, file.name, person.personId);
  await record(tx, {
    chain: await chainOfFiling(tx, filing, person, today),
    act: 'filings.evidenced',
    object: `filing:${id}`,
    detail: { digest: file.digest, name: file.name },
  });
  return (await findFiling(tx, id))!;
}

/** Takes a filing back, with a reason; the duty it met is owed again. */
export async function withdrawFiling(
  tx: Transaction,
  person: Person,
  id: number,
  reason: string,
  today: LocalDate,
): Promise<Filing | Refused> {
  const filing = await findFiling(tx, id);
  if (!filing) return notFound('没有这件报备，或不在您的辖区内。');
  const verdict = judgeAct(filing, person, 'withdraw', today);
  if (!verdict.allowed) return verdict;
  await insertWithdrawal(tx, id, reason, person.personId);
  await record(tx, {
    chain: await chainOfFiling(tx, filing, person, today),
    act: 'filings.withdrawn',
    object: `filing:${id}`,
    reason,
  });
  return (await findFiling(tx, id))!;
}

function chainOf(estateId: number | null, person: Person): Chain {
  return estateId === null ? `organisation:${person.post.organisationId!}` : `estate:${estateId}`;
}

async function chainOfFiling(tx: Transaction, filing: Filing, person: Person, today: LocalDate): Promise<Chain> {
  const subject = isSubject(filing.subjectKind)
    ? await findSubject(tx, filing.subjectKind, filing.subjectId, today)
    : undefined;
  return chainOf(subject?.estateId ?? null, person);
}
