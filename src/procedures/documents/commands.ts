import { randomInt } from 'node:crypto';
import { spokenVerifyCode, VERIFY_ALPHABET, verifyCheckOf } from '../../kernel/identifiers.ts';
import { type LocalDate, localDate } from '../../kernel/local-date.ts';
import { verdictOf } from '../../kernel/results.ts';
import type { Transaction } from '../../platform/database.ts';
import { mediaOfScan } from '../../platform/documents.ts';
import { notFound, type Refused, type System } from '../../platform/http.ts';
import { record } from '../../platform/journal.ts';
import { type Passage, writeOfficialDocument } from '../../platform/official-document.ts';
import { findGroup } from '../../registers/groups/index.ts';
import type { DocumentKind } from './contract.ts';
import { addressOfCode, type By, findDocument, judgeAct } from './queries.ts';
import { refusalsOfDraft, refusalsOfPosting } from './rules.ts';
import {
  findPlace,
  findRecipient,
  insertCopy,
  insertDocument,
  insertPosting,
  insertWithdrawal,
  lockDocument,
  selectCopies,
  selectPostings,
} from './store.ts';

const notHere = '没有这份文件，或不在您的范围之内。';

/** What a template made of its data. */
export interface Draft {
  kind: DocumentKind;
  title: string;
  /** 主送: by default the name of the body it goes to. */
  addressee?: string | undefined;
  toId?: number | undefined;
  /** Where it belongs. */
  place: { area: string } | { estate: number } | { scope: string };
  isPublic: boolean;
  passages: readonly Passage[];
  /** What it is about: `directive:7`. */
  about?: string;
  blankHead?: boolean;
}

type Means = Pick<System, 'files' | 'publicUrl' | 'demo'>;

/** Drafts a document from what a template wrote: judge, write the paper, save, record. */
export async function draftDocument(
  tx: Transaction,
  person: By,
  draft: Draft,
  today: LocalDate,
  { files, publicUrl, demo }: Means,
): Promise<{ id: number } | Refused> {
  const { post, actor } = person;
  const organisationId = post.organisationId!;
  const place = await findPlace(tx, draft.place);
  const recipient = draft.toId === undefined ? null : await findRecipient(tx, draft.toId, today);
  const verdict = verdictOf(
    refusalsOfDraft({
      place,
      issuer: { organisationId, lo: actor.lo ?? '', hi: actor.hi ?? '' },
      recipient,
      passages: draft.passages,
    }),
  );
  if (!verdict.allowed) return verdict;
  const code = drawCode();
  const addressee = draft.addressee ?? recipient?.name ?? null;
  const bytes = await writeOfficialDocument({
    title: draft.title,
    addressee,
    passages: draft.passages,
    issuer: post.organisationName,
    writtenOn: today,
    blankHead: draft.blankHead ?? false,
    verify: { url: addressOfCode(publicUrl, code), code: spokenVerifyCode(code) },
    demo,
  });
  const draftDigest = await files.put(tx, bytes, DOCX);
  const id = await insertDocument(tx, {
    kind: draft.kind,
    code,
    title: draft.title,
    addressee,
    passages: draft.passages,
    about: draft.about ?? null,
    scope: place!,
    organisationId,
    toId: draft.toId ?? null,
    isPublic: draft.isPublic,
    draftDigest,
    draftedOn: today,
    personId: person.personId,
    postId: post.id,
  });
  await record(tx, {
    chain: `organisation:${organisationId}`,
    act: 'documents.drafted',
    object: `document:${id}`,
    detail: {
      kind: draft.kind,
      title: draft.title,
      digest: draftDigest,
      to: draft.toId ?? null,
      about: draft.about ?? null,
    },
  });
  return { id };
}

export const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';

/** Nine letters drawn, some 44 bits, and their check: nobody guesses a paper they do not hold. */
function drawCode(): string {
  const body = Array.from({ length: 9 }, () => VERIFY_ALPHABET.charAt(randomInt(VERIFY_ALPHABET.length))).join('');
  return body + verifyCheckOf(body);
}

/** Takes in the sealed scan, which is the valid version from now on: lock, judge, save, record. */
export async function addSealedCopy(
  tx: Transaction,
  person: By,
  input: { id: number; documentNumber: string; issuedOn: string },
  file: { name: string; bytes: Buffer },
  today: LocalDate,
  { files }: Pick<System, 'files'>,
): Promise<{ id: number } | Refused> {
  await lockDocument(tx, input.id);
  const of = await findDocument(tx, input.id);
  if (!of) return notFound(notHere);
  const media = mediaOfScan(file.bytes);
  const digest = media && (await files.put(tx, file.bytes, media));
  const copies = await selectCopies(tx, of.id);
  const issuedOn = localDate(input.issuedOn);
  const copy = {
    media,
    documentNumber: input.documentNumber,
    issuedOn,
    draftedOn: localDate(of.draftedOn),
    known: copies.some((one) => one.digest === digest),
  };
  const verdict = judgeAct(of, { today, copy }, person, 'seal');
  if (!verdict.allowed) return verdict;
  const place = of.copies + 1;
  await insertCopy(tx, {
    documentId: of.id,
    place,
    documentNumber: input.documentNumber,
    issuedOn,
    digest: digest!,
    name: file.name,
    addedOn: today,
    personId: person.personId,
    postId: person.post.id,
  });
  await record(tx, {
    chain: `organisation:${of.organisationId}`,
    act: 'documents.sealed',
    object: `document:${of.id}`,
    detail: { place, number: input.documentNumber, issuedOn, digest: digest! },
  });
  return { id: of.id };
}

/** Takes a document back, with a reason that whoever holds the paper will read. */
export async function withdrawDocument(
  tx: Transaction,
  person: By,
  id: number,
  reason: string,
  today: LocalDate,
): Promise<{ id: number } | Refused> {
  await lockDocument(tx, id);
  const of = await findDocument(tx, id);
  if (!of) return notFound(notHere);
  const verdict = judgeAct(of, { today, copy: null }, person, 'withdraw');
  if (!verdict.allowed) return verdict;
  await insertWithdrawal(tx, id, reason, { on: today, personId: person.personId, postId: person.post.id });
  await record(tx, {
    chain: `organisation:${of.organisationId}`,
    act: 'documents.withdrawn',
    object: `document:${id}`,
    reason,
  });
  return { id };
}

/** Says that a notice was posted in a group: when and by which body, not by whom. */
export async function tickPosting(
  tx: Transaction,
  person: By,
  input: { id: number; group: number },
  today: LocalDate,
): Promise<{ id: number } | Refused> {
  await lockDocument(tx, input.id);
  const of = await findDocument(tx, input.id);
  if (!of) return notFound(notHere);
  const group = await findGroup(tx, input.group);
  const organisationId = person.post.organisationId;
  const verdict = verdictOf(
    refusalsOfPosting({
      standing: of.standing,
      isPublic: of.isPublic,
      place: of.scope,
      group,
      posted: (await selectPostings(tx, of.id)).some((one) => one.groupId === input.group),
      by: { organisationId, isOffice: person.actor.standing === 'office' },
    }),
  );
  if (!verdict.allowed) return verdict;
  await insertPosting(tx, { documentId: of.id, groupId: input.group, organisationId: organisationId!, on: today });
  await record(tx, {
    chain: `estate:${group!.estateId}`,
    act: 'documents.posted',
    object: `document:${of.id}`,
    detail: { group: input.group },
  });
  return { id: of.id };
}
