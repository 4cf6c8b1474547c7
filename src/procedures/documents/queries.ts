import { spokenVerifyCode } from '../../kernel/identifiers.ts';
import { addDays, type LocalDate, localDate } from '../../kernel/local-date.ts';
import { judge } from '../../law/procedure.ts';
import { type Actor, type Fragment, sql, type Transaction } from '../../platform/database.ts';
import type { Post } from '../../platform/http.ts';
import { type GroupRow, groupsKept, groupsWithin } from '../../registers/groups/index.ts';
import type { DocumentKind, DocumentStanding } from './contract.ts';
import type { DocumentAct, DocumentInHand, DocumentRole } from './documents.ts';
import { documentProcedure } from './procedure.ts';
import { chatOf, isWithin, rangeOf, standingOf, standingOfCopy } from './rules.ts';
import {
  askByCode,
  type DocumentRow,
  findAsked,
  pageOfDocuments,
  selectAskedCopies,
  selectCopies,
  selectDocuments,
  selectPosted,
  selectPostings,
  standsAs,
} from './store.ts';

/** Who acts on documents: all of a person that matters here. */
export interface By {
  personId: number;
  actor: Pick<Actor, 'standing' | 'lo' | 'hi'>;
  post: Pick<Post, 'id' | 'organisationId' | 'organisationName' | 'areaCode'>;
}

export interface DocumentFilter {
  side: 'sent' | 'received' | 'public' | 'all';
  standing?: DocumentStanding | undefined;
  kind?: DocumentKind | undefined;
}

/** `d` is the document; what is in sight is narrowed by row-level security. */
function wanted({ side, standing, kind }: DocumentFilter): Fragment {
  const mine = sql`(select platform.my_organisation())`;
  const sides = {
    sent: sql`d.organisation_id = ${mine}`,
    received: sql`d.to_id = ${mine}`,
    public: sql`d.is_public`,
    all: sql`true`,
  };
  return sql.join(
    [sides[side], ...(standing ? [standsAs[standing]] : []), ...(kind ? [sql`d.kind = ${kind}`] : [])],
    sql` and `,
  );
}

export async function findDocuments(
  tx: Transaction,
  filter: DocumentFilter,
  page: { offset: number; limit: number },
): Promise<{ rows: DocumentRow[]; total: number }> {
  return pageOfDocuments(tx, wanted(filter), page);
}

export async function findDocument(tx: Transaction, id: number): Promise<DocumentRow | undefined> {
  return (await selectDocuments(tx, sql`d.id = ${id}::int`))[0];
}

export function judgeAct(of: DocumentRow, noun: DocumentInHand, person: By, act: DocumentAct) {
  const role: DocumentRole = person.post.organisationId === of.organisationId ? 'issuer' : 'other';
  const state = standingOf({ copies: of.copies, withdrawn: of.withdrawnOn !== null });
  return judge(documentProcedure, act, { state, role, noun, on: noun.today });
}

export function addressOfCode(publicUrl: string, code: string): string {
  return `${publicUrl}/v/${code}`;
}

/** More groups than this stand on no page; the notice is then one of a whole district, and the register is the place to look. */
const GROUPS_SHOWN = 500;

const ownFirst = (mine: number | null) => (a: GroupRow, b: GroupRow) =>
  Number(b.organisationId === mine) - Number(a.organisationId === mine);

/** What the page of one document shows: versions, groups, and which acts are open and why not. */
export async function readDocumentOf(tx: Transaction, id: number, person: By, today: LocalDate, publicUrl: string) {
  const of = await findDocument(tx, id);
  if (!of) return undefined;
  const withdrawn = of.withdrawnOn !== null;
  const url = addressOfCode(publicUrl, of.code);
  const spread = of.isPublic && of.standing === 'valid';
  const postings = of.isPublic ? await selectPostings(tx, id) : [];
  const groups = of.isPublic ? await groupsWithin(tx, rangeOf(of.scope), GROUPS_SHOWN) : [];
  const acts = (['seal', 'withdraw'] as const).map((act) => ({
    act,
    label: documentProcedure.steps[act].label,
    verdict: judgeAct(of, { today, copy: null }, person, act),
  }));
  return {
    ...of,
    code: spokenVerifyCode(of.code),
    url,
    mine: person.post.organisationId === of.organisationId,
    withdrawn: withdrawn ? { reason: of.withdrawnReason!, on: of.withdrawnOn! } : null,
    copies: (await selectCopies(tx, id)).map((one) => ({
      ...one,
      standing: standingOfCopy(one.place, { copies: of.copies, withdrawn }),
    })),
    chat: spread
      ? chatOf({
          title: of.title,
          issuer: of.organisationName,
          issuedOn: of.issuedOn!,
          passages: of.passages.map(({ text }) => text),
          url,
        })
      : null,
    // What is left to do for one's own stands first.
    groups: groups.toSorted(ownFirst(person.post.organisationId)).map((group) => {
      const posted = postings.find((one) => one.groupId === group.id);
      return {
        id: group.id,
        name: group.name,
        estateName: group.estateName,
        organisationName: group.organisationName,
        posted: posted ? { on: localDate(posted.on), by: posted.by } : null,
        mayPost:
          spread &&
          !posted &&
          (person.actor.standing === 'office' || group.organisationId === person.post.organisationId),
      };
    }),
    acts: acts.map(({ verdict, ...one }) => ({
      ...one,
      allowed: verdict.allowed,
      refusals: verdict.allowed ? [] : verdict.refusals.map(({ reason }) => reason),
    })),
  };
}

/** Ours: a notice older than this is no news in a group. */
const NEWS_DAYS = 30;

/** The notices in force that have not reached every group one's own body looks after, and how many groups are left. */
export async function findToPost(tx: Transaction, today: LocalDate) {
  const groups = await groupsKept(tx, GROUPS_SHOWN);
  if (groups.length === 0) return [];
  const notices = await selectDocuments(
    tx,
    sql`d.is_public and d.drafted_on > ${addDays(today, -NEWS_DAYS)}::date and ${standsAs.valid}`,
    { offset: 0, limit: GROUPS_SHOWN },
  );
  const posted = await selectPosted(
    tx,
    notices.map((one) => one.id),
  );
  return notices.flatMap(({ id, title, scope, issuedOn }) => {
    const left = groups.filter((group) => isWithin(group.scope, scope) && !posted.has(`${id} ${group.id}`));
    return left.length === 0 ? [] : [{ id, title, issuedOn: issuedOn!, groups: left.length }];
  });
}

/** As the door: what the paper of this code says of itself; undefined for a draft as for a code there is not. */
export async function verifyByCode(tx: Transaction, code: string) {
  await askByCode(tx, code);
  const of = await findAsked(tx);
  if (!of) return undefined;
  const copies = await selectAskedCopies(tx);
  const withdrawn = of.withdrawnOn !== null;
  return {
    code: spokenVerifyCode(code),
    kind: of.kind,
    title: of.title,
    issuer: of.issuer,
    isPublic: of.isPublic,
    standing: withdrawn ? ('withdrawn' as const) : ('valid' as const),
    withdrawn: withdrawn ? { reason: of.withdrawnReason!, on: of.withdrawnOn! } : null,
    copies: copies.map((one) => ({
      ...one,
      standing: standingOfCopy(one.place, { copies: copies[0]!.place, withdrawn }),
    })),
  };
}

/** The sealed copies in force of the documents about an estate. */
export async function copiesOfEstate(
  tx: Transaction,
  estate: { scope: string },
): Promise<{ name: string; digest: string; what: string }[]> {
  const valid = await selectDocuments(tx, sql`d.scope = ${estate.scope} and ${standsAs.valid}`);
  return Promise.all(
    valid.map(async ({ id, title, documentNumber }) => {
      const { name, digest } = (await selectCopies(tx, id))[0]!;
      return { name, digest, what: `${title}（${documentNumber}）` };
    }),
  );
}
