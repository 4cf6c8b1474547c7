import type { LocalDate } from '../../kernel/local-date.ts';
import { verdictOf } from '../../kernel/results.ts';
import type { Transaction } from '../../platform/database.ts';
import { mediaOfScan } from '../../platform/documents.ts';
import type { FileStore } from '../../platform/files.ts';
import { type Acting, notFound, type Refused, refuse } from '../../platform/http.ts';
import { record } from '../../platform/journal.ts';
import { fieldsOf, findCorrection, judgeAct, subjectOf } from './queries.ts';
import { refusalsOfAsking, refusalsOfAttaching, refusalsOfNumbers } from './rules.ts';
import {
  type By,
  findAttachments,
  findKeeper,
  findNext,
  findSubject,
  insertAnswer,
  insertAttachment,
  insertCorrection,
  isWaiting,
  lockCorrections,
} from './store.ts';

const notHere = '没有这件纠错，或不在您的范围之内。';

const byOf = ({ personId, post }: Acting, on: LocalDate): By => ({
  personId,
  postId: post.id,
  organisationId: post.organisationId,
  on,
});

/** Says that a record is wrong: lock, judge, save, record. What was typed stays out of the journal; its row is digested there. */
export async function askCorrection(
  tx: Transaction,
  person: Acting,
  input: { subject: string; field: string; shouldBe: string; reason: string },
  today: LocalDate,
): Promise<{ id: number } | Refused> {
  const { field, shouldBe, reason } = input;
  const subject = await findSubject(tx, ...subjectOf(input.subject));
  if (subject) await lockCorrections(tx, subject.estateId);
  const keeper = subject && (await findKeeper(tx, subject.scope));
  const verdict = verdictOf(
    refusalsOfAsking({
      subject: subject && {
        about: subject.about,
        says: Object.fromEntries(fieldsOf(subject).map((one) => [one.field, one.says])),
      },
      field,
      shouldBe,
      reason,
      keeperKnown: keeper !== undefined,
      waiting: subject !== undefined && (await isWaiting(tx, person.personId, subject, field)),
    }),
  );
  if (!verdict.allowed || !subject || !keeper) return verdict as Refused;
  const asked = { subject, field, shouldBe, reason, keeperId: keeper.id, previousId: null };
  const id = await insertCorrection(tx, asked, byOf(person, today));
  await record(tx, {
    chain: `estate:${subject.estateId}`,
    act: 'corrections.asked',
    object: `correction:${id}`,
    detail: { about: input.subject, field, keeper: keeper.id },
  });
  return { id };
}

/** Objects to what was declined: asked once more, of the keeper one level above, or of the same where there is none. */
export async function objectToAnswer(
  tx: Transaction,
  person: Acting,
  input: { id: number; reason: string },
  today: LocalDate,
): Promise<{ id: number } | Refused> {
  const before = await findCorrection(tx, input.id);
  if (!before) return notFound(notHere);
  await lockCorrections(tx, before.estateId);
  const verdict = judgeAct(before, person, 'object');
  if (!verdict.allowed) return verdict;
  if ((await findNext(tx, before.id)) !== null) return refuse({ reason: '已经提出过异议，请看那一件。' });
  const numbers = verdictOf(refusalsOfNumbers({ reason: input.reason }));
  if (!numbers.allowed) return numbers;
  const subject = await findSubject(tx, before.about, before.subjectId);
  if (!subject) return notFound('没有这一项登记，或您看不到它。');
  const keeperId = (await findKeeper(tx, subject.scope, before.keeperId))?.id ?? before.keeperId;
  const { field, shouldBe } = before;
  const asked = { subject, field, shouldBe, reason: input.reason, keeperId, previousId: before.id };
  const by = byOf(person, today);
  const id = await insertCorrection(tx, asked, by);
  // Whoever answers next sees what the first keeper saw.
  const attached = await findAttachments(tx, before.id);
  for (const one of attached) await insertAttachment(tx, id, one, by);
  await record(tx, {
    chain: `estate:${subject.estateId}`,
    act: 'corrections.objected',
    object: `correction:${id}`,
    detail: { previous: before.id, keeper: keeperId, attached: attached.map((one) => one.digest) },
  });
  return { id };
}

/** Puts a photo or a scan beside a correction that waits: lock, judge, save, record. */
export async function attachToCorrection(
  tx: Transaction,
  person: Acting,
  { id, bytes }: { id: number; bytes: Buffer },
  files: FileStore,
  today: LocalDate,
): Promise<{ id: number } | Refused> {
  const before = await findCorrection(tx, id);
  if (!before) return notFound(notHere);
  await lockCorrections(tx, before.estateId);
  const judged = judgeAct((await findCorrection(tx, id))!, person, 'attach');
  if (!judged.allowed) return judged;
  const media = mediaOfScan(bytes);
  const digest = media && (await files.put(tx, bytes, media));
  const attached = await findAttachments(tx, id);
  const sameAlready = attached.some((one) => one.digest === digest);
  const verdict = verdictOf(refusalsOfAttaching({ media, sameAlready, attached: attached.length }));
  if (!verdict.allowed || !media || !digest) return verdict as Refused;
  const attachment = await insertAttachment(tx, id, { digest, media }, byOf(person, today));
  await record(tx, {
    chain: `estate:${before.estateId}`,
    act: 'corrections.attached',
    object: `correction:${id}`,
    detail: { digest },
  });
  return { id: attachment };
}

const recorded = { accept: 'accepted', decline: 'declined', withdraw: 'withdrawn' } as const;

/** Accepts, declines, or takes back. */
export async function answerCorrection(
  tx: Transaction,
  person: Acting,
  { id, act, note }: { id: number; act: keyof typeof recorded; note: string },
  today: LocalDate,
): Promise<{ id: number } | Refused> {
  const before = await findCorrection(tx, id);
  if (!before) return notFound(notHere);
  await lockCorrections(tx, before.estateId);
  const now = (await findCorrection(tx, id))!;
  const judged = judgeAct(now, person, act);
  const verdict = judged.allowed ? verdictOf(refusalsOfNumbers({ note })) : judged;
  if (!verdict.allowed) return verdict;
  await insertAnswer(tx, id, act, note, byOf(person, today));
  await record(tx, {
    chain: `estate:${now.estateId}`,
    act: `corrections.${recorded[act]}`,
    object: `correction:${id}`,
  });
  return { id };
}
