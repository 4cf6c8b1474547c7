import type { LocalDate } from '../../kernel/local-date.ts';
import { type Fragment, sql, type Transaction } from '../../platform/database.ts';
import type { Passage } from '../../platform/official-document.ts';
import type { Document, DocumentKind, DocumentStanding } from './contract.ts';

/** A document with what its acts and pages need beside what the lists show. */
export interface DocumentRow extends Document {
  code: string;
  scope: string;
  passages: Passage[];
  draftDigest: string;
  copies: number;
  withdrawnReason: string | null;
  withdrawnOn: string | null;
}

/** Which documents stand so; asked only when it is asked for. */
export const standsAs: Readonly<Record<DocumentStanding, Fragment>> = {
  withdrawn: sql`d.id in (select w.document_id from documents.withdrawal w)`,
  valid: sql`d.id in (select c.document_id from documents.sealed_copy c) and d.id not in (select w.document_id from documents.withdrawal w)`,
  drafted: sql`d.id not in (select c.document_id from documents.sealed_copy c) and d.id not in (select w.document_id from documents.withdrawal w)`,
};

type Page = { offset: number; limit: number };

export async function selectDocuments(tx: Transaction, where: Fragment, page?: Page): Promise<DocumentRow[]> {
  return (await pageOfDocuments(tx, where, page)).rows;
}

/** The page is cut and counted first: how a document stands is looked up for what is shown. Past the last row the count is asked apart. */
export async function pageOfDocuments(
  tx: Transaction,
  where: Fragment,
  page?: Page,
): Promise<{ rows: DocumentRow[]; total: number }> {
  const order = sql`order by d.drafted_on desc, d.id desc`;
  const { rows } = await sql<DocumentRow & { total: number }>`
    select d.id, d.kind, d.title, d.organisation_id as "organisationId", o.name as "organisationName", d.to_id as "toId", d.addressee,
      coalesce((select a.name from registers.area a where a.code = left(d.scope, 12)), '—') as "placeName", d.is_public as "isPublic",
      d.drafted_on as "draftedOn", case when w.document_id is not null then 'withdrawn' when c.place is not null then 'valid' else 'drafted' end as standing,
      c.document_number as "documentNumber", c.issued_on as "issuedOn", d.code, d.scope, d.content->'passages' as passages,
      d.draft_digest as "draftDigest", coalesce(c.place, 0) as copies, w.reason as "withdrawnReason", w.withdrawn_on as "withdrawnOn", d.total
    from (select d.*, count(*) over ()::int as total from documents.document d where ${where} ${order}
      ${page ? sql`limit ${page.limit} offset ${page.offset}` : sql``}) d
    join registers.organisation o on o.id = d.organisation_id
    left join lateral (select c.place, c.document_number, c.issued_on from documents.sealed_copy c where c.document_id = d.id order by c.place desc limit 1) c on true
    left join lateral (select w.document_id, w.reason, w.withdrawn_on from documents.withdrawal w where w.document_id = d.id limit 1) w on true
    ${order}`.execute(tx);
  const total = rows[0]?.total ?? (page && page.offset > 0 ? await countDocuments(tx, where) : 0);
  return { rows: rows.map(({ total: _, ...row }) => row), total };
}

async function countDocuments(tx: Transaction, where: Fragment): Promise<number> {
  const { rows } = await sql<{ total: number }>`
    select count(*)::int as total from documents.document d where ${where}`.execute(tx);
  return rows[0]!.total;
}

export interface NewDocument {
  kind: DocumentKind;
  code: string;
  title: string;
  addressee: string | null;
  passages: readonly Passage[];
  about: string | null;
  scope: string;
  organisationId: number;
  toId: number | null;
  isPublic: boolean;
  draftDigest: string;
  draftedOn: LocalDate;
  personId: number;
  postId: number;
}

export async function insertDocument(tx: Transaction, one: NewDocument): Promise<number> {
  const { rows } = await sql<{ id: number }>`
    insert into documents.document (kind, code, title, addressee, content, about, scope, organisation_id, to_id, is_public, draft_digest, drafted_on, person_id, post_id)
    values (${one.kind}, ${one.code}, ${one.title}, ${one.addressee}, ${JSON.stringify({ passages: one.passages })}::jsonb, ${one.about}, ${one.scope},
      ${one.organisationId}, ${one.toId}, ${one.isPublic}, ${one.draftDigest}, ${one.draftedOn}, ${one.personId}, ${one.postId}) returning id`.execute(
    tx,
  );
  return rows[0]!.id;
}

/** Two acts on one document wait for one another. */
export async function lockDocument(tx: Transaction, id: number): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('documents.document'), ${id}::int)`.execute(tx);
}

export interface CopyRow {
  place: number;
  documentNumber: string;
  issuedOn: string;
  addedOn: string;
  name: string;
  digest: string;
}

export async function selectCopies(tx: Transaction, documentId: number): Promise<CopyRow[]> {
  const { rows } = await sql<CopyRow>`
    select place, document_number as "documentNumber", issued_on as "issuedOn", added_on as "addedOn", name, file_digest as digest
    from documents.sealed_copy where document_id = ${documentId}::int order by place desc`.execute(tx);
  return rows;
}

export async function insertCopy(
  tx: Transaction,
  one: {
    documentId: number;
    place: number;
    documentNumber: string;
    issuedOn: LocalDate;
    digest: string;
    name: string;
    addedOn: LocalDate;
    personId: number;
    postId: number;
  },
): Promise<void> {
  await sql`insert into documents.sealed_copy (document_id, place, document_number, issued_on, file_digest, name, added_on, person_id, post_id)
    values (${one.documentId}, ${one.place}, ${one.documentNumber}, ${one.issuedOn}, ${one.digest}, ${one.name}, ${one.addedOn}, ${one.personId}, ${one.postId})`.execute(
    tx,
  );
}

export async function insertWithdrawal(
  tx: Transaction,
  documentId: number,
  reason: string,
  by: { on: LocalDate; personId: number; postId: number },
): Promise<void> {
  await sql`insert into documents.withdrawal (document_id, reason, withdrawn_on, person_id, post_id)
    values (${documentId}, ${reason}, ${by.on}, ${by.personId}, ${by.postId})`.execute(tx);
}

export interface PostingRow {
  groupId: number;
  on: string;
  by: string;
}

export async function selectPostings(tx: Transaction, documentId: number): Promise<PostingRow[]> {
  const { rows } = await sql<PostingRow>`
    select p.group_id as "groupId", p.posted_on as on, coalesce(o.short_name, o.name) as by
    from documents.posting p join registers.organisation o on o.id = p.organisation_id where p.document_id = ${documentId}::int`.execute(
    tx,
  );
  return rows;
}

export async function selectPostingsOf(tx: Transaction, groupId: number) {
  const { rows } = await sql<{ documentId: number; title: string; on: string; by: string }>`
    select p.document_id as "documentId", d.title, p.posted_on as on, coalesce(o.short_name, o.name) as by
    from documents.posting p join documents.document d on d.id = p.document_id join registers.organisation o on o.id = p.organisation_id
    where p.group_id = ${groupId}::int order by p.posted_on, p.document_id`.execute(tx);
  return rows;
}

/** Which of these documents reached which group, as "document group". */
export async function selectPosted(tx: Transaction, documents: readonly number[]): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ key: string }>`
    select document_id || ' ' || group_id as key from documents.posting where document_id = any (${sql.val([...documents])}::int[])`.execute(
    tx,
  );
  return new Set(rows.map(({ key }) => key));
}

export async function insertPosting(
  tx: Transaction,
  one: { documentId: number; groupId: number; organisationId: number; on: LocalDate },
): Promise<void> {
  await sql`insert into documents.posting (document_id, group_id, organisation_id, posted_on)
    values (${one.documentId}, ${one.groupId}, ${one.organisationId}, ${one.on})`.execute(tx);
}

/** The place of an area or an estate within sight. */
export async function findPlace(
  tx: Transaction,
  of: { area: string } | { estate: number } | { scope: string },
): Promise<string | null> {
  if ('scope' in of) return of.scope;
  const { rows } =
    'estate' in of
      ? await sql<{ scope: string }>`select scope from registers.estate where id = ${of.estate}::int`.execute(tx)
      : await sql<{ scope: string }>`select code as scope from registers.area where code = ${of.area}`.execute(tx);
  return rows[0]?.scope ?? null;
}

export async function findRecipient(tx: Transaction, id: number, today: LocalDate) {
  const { rows } = await sql<{ id: number; name: string; dissolved: boolean }>`
    select id, name, coalesce(dissolved_on <= ${today}::date, false) as dissolved from registers.organisation where id = ${id}::int`.execute(
    tx,
  );
  return rows[0];
}

/** As the door: from here on the transaction sees the one document of this code, and nothing of any other. */
export async function askByCode(tx: Transaction, code: string): Promise<void> {
  await sql`select set_config('app.verify_code', ${code}, true)`.execute(tx);
}

export interface AskedRow {
  id: number;
  kind: DocumentKind;
  title: string;
  issuer: string;
  isPublic: boolean;
  withdrawnReason: string | null;
  withdrawnOn: string | null;
}

export async function findAsked(tx: Transaction): Promise<AskedRow | undefined> {
  const { rows } = await sql<AskedRow>`
    select d.id, d.kind, d.title, o.name as issuer, d.is_public as "isPublic", w.reason as "withdrawnReason", w.withdrawn_on as "withdrawnOn"
    from documents.document d join registers.organisation o on o.id = d.organisation_id left join documents.withdrawal w on w.document_id = d.id`.execute(
    tx,
  );
  return rows[0];
}

export async function selectAskedCopies(
  tx: Transaction,
): Promise<Pick<CopyRow, 'place' | 'documentNumber' | 'issuedOn' | 'digest'>[]> {
  const { rows } = await sql<CopyRow>`
    select place, document_number as "documentNumber", issued_on as "issuedOn", file_digest as digest from documents.sealed_copy order by place desc`.execute(
    tx,
  );
  return rows;
}
