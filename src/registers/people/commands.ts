/** Acts on people: lock, judge, save, record. */
import type { OutputOf, ReadInputOf } from '../../kernel/contract.ts';
import { sql, type Transaction } from '../../platform/database.ts';
import { type Asked, notFound, type Person, type Refused, refuse } from '../../platform/http.ts';
import { record } from '../../platform/journal.ts';
import { hashPassword, lend, newFirstPassword, setPassword, verifyPassword } from '../../platform/sign-in.ts';
import type {
  addPostHere,
  appointHere,
  changePassword as changePasswordContract,
  endPost as endPostContract,
  openAccount as openAccountContract,
} from './contract.ts';
import { refusalsOfEnd, refusalsOfFurtherPost, refusalsOfOwn, refusalsOfPassword } from './rules.ts';
import { addAccount, addPeople, addPost, lockPerson, lockPost, postsEver } from './store.ts';

/** Gives a new person a post in an organisation within the security administrator's range. */
export async function appoint(
  asked: Asked<ReadInputOf<typeof appointHere>>,
): Promise<OutputOf<typeof appointHere> | Refused> {
  const { input, person, system, today } = asked;
  const organisation = await asked.act(async (tx) => {
    const { rows } = await sql<{ scope: string }>`
      select scope from registers.organisation where id = ${input.id} and platform.in_scope(scope)`.execute(tx);
    return rows[0];
  });
  if (!organisation) return notFound('没有这个单位，或不在您的辖区内');
  // A person without a post yet is in nobody's sight, so the engine writes what was judged, in the name of the administrator.
  return system.database.transaction(
    { ...person.actor, standing: 'engine', today, request: asked.request },
    async (tx) => {
      const [personId] = await addPeople(tx, system.sealing, [{ scope: organisation.scope, name: input.name }]);
      const postId = await addPost(tx, {
        personId: personId!,
        organisationId: input.id,
        role: input.role,
        fromOn: input.fromOn,
        document: input.document ?? null,
      });
      await record(tx, {
        chain: `organisation:${person.post.organisationId!}`,
        act: 'people.appointed',
        object: `post:${postId}`,
        detail: {
          organisation: input.id,
          name: input.name,
          role: input.role,
          from: input.fromOn,
          document: input.document ?? null,
        },
      });
      return { postId, personId: personId! };
    },
  );
}

/** Gives somebody already known one more post: the same sign-in, one more to switch to. */
export async function addFurtherPost(
  asked: Asked<ReadInputOf<typeof addPostHere>>,
): Promise<OutputOf<typeof addPostHere> | Refused> {
  const { input, person, system, today } = asked;
  const { id: personId, organisationId, role, fromOn, toOn, document } = input;
  const seen = await asked.act(async (tx) => {
    const { rows } = await sql<{ person: boolean; organisation: boolean }>`
      select exists (select from registers.person where id = ${personId}) as person,
        exists (select from registers.organisation where id = ${organisationId} and platform.in_scope(scope)
          and coalesce(dissolved_on, 'infinity') > ${today}::date) as organisation`.execute(tx);
    return rows[0]!;
  });
  if (!seen.person) return notFound('没有这个人，或不在您的辖区内');
  if (!seen.organisation) return notFound('没有这个单位，或不在您的辖区内');
  // What they hold out of the administrator's sight counts as well, so the engine looks and writes.
  return system.database.transaction(
    { ...person.actor, standing: 'engine', today, request: asked.request },
    async (tx) => {
      await lockPerson(tx, personId);
      const [first, ...others] = [
        ...refusalsOfOwn(person.personId, personId),
        ...refusalsOfFurtherPost({ role, organisationId, fromOn, toOn }, await postsEver(tx, personId)),
      ];
      if (first) return refuse(first, ...others);
      const postId = await addPost(tx, { personId, organisationId, role, fromOn, toOn: toOn ?? null, document });
      await record(tx, {
        chain: `organisation:${person.post.organisationId!}`,
        act: 'people.postAdded',
        object: `post:${postId}`,
        detail: { person: personId, organisation: organisationId, role, from: fromOn, to: toOn ?? null, document },
      });
      return { postId };
    },
  );
}

/** Ends a post on a day. From that day's first transaction on it gives nothing, to its deputies neither. */
export async function endPost(
  tx: Transaction,
  person: Person,
  input: ReadInputOf<typeof endPostContract>,
  today: string,
): Promise<OutputOf<typeof endPostContract> | Refused> {
  const { id, toOn, document, reason } = input;
  const post = await lockPost(tx, id);
  if (!post) return notFound('没有这项任职，或不在您的辖区内');
  const [first, ...others] = [...refusalsOfOwn(person.personId, post.personId), ...refusalsOfEnd(post, toOn, today)];
  if (first) return refuse(first, ...others);
  await sql`update registers.post set to_on = ${toOn}, end_document = ${document}, end_reason = ${reason} where id = ${id}`.execute(
    tx,
  );
  await record(tx, {
    chain: `organisation:${person.post.organisationId!}`,
    act: 'people.postEnded',
    object: `post:${id}`,
    detail: { person: post.personId, to: toOn, document },
    reason,
  });
  return { toOn };
}

/** Changes one's own password; every other session of the account ends. */
export async function changePassword(
  asked: Asked<ReadInputOf<typeof changePasswordContract>>,
): Promise<OutputOf<typeof changePasswordContract> | Refused> {
  const { person, input, now, session } = asked;
  const { rows } = await asked.atTheDoor((tx) =>
    sql<{
      hash: string | null;
    }>`select password_hash as hash from platform.account where id = ${person.accountId}`.execute(tx),
  );
  const known = rows[0]?.hash != null && (await verifyPassword(input.current, rows[0].hash));
  const refusals = refusalsOfPassword({ known, current: input.current, next: input.next });
  const [first, ...others] = refusals;
  if (first) return refuse(first, ...others);
  const passwordHash = await hashPassword(input.next);
  await asked.atTheDoor((tx) =>
    setPassword(tx, {
      accountId: person.accountId,
      passwordHash,
      now,
      ...(session.token && { exceptToken: session.token }),
    }),
  );
  return {};
}

/** Opens an account for a person within the administrator's range, with a first password that nobody has typed and that is only a loan. */
export async function openAccount(
  asked: Asked<ReadInputOf<typeof openAccountContract>>,
): Promise<OutputOf<typeof openAccountContract> | Refused> {
  const { input, person, system, today } = asked;
  const found = await asked.act(async (tx) => {
    const { rows } = await sql<{ account: number | null }>`
      select p.account_id as account from registers.person p where p.id = ${input.id}`.execute(tx);
    return rows[0];
  });
  if (!found) return notFound('没有这个人，或不在您的辖区内');
  if (found.account !== null) return refuse({ reason: '这个人已经有账号' });
  const password = newFirstPassword();
  const opened = await system.database.transaction(
    { ...person.actor, standing: 'engine', today, request: asked.request },
    async (tx) => {
      const accountId = await addAccount(tx, { name: input.account, personId: input.id, password });
      if (accountId === undefined) return undefined;
      await lend(tx, accountId, { by: signatureOf(person), reason: '开通账号' }, asked.now);
      await record(tx, {
        chain: `organisation:${person.post.organisationId!}`,
        act: 'people.accountOpened',
        object: `person:${input.id}`,
        detail: { account: input.account },
      });
      return accountId;
    },
  );
  return opened === undefined
    ? refuse({ reason: `账号“${input.account}”已经有人用了，请换一个`, field: 'account' })
    : { account: input.account, password };
}

/** As an administrator is named to those they gave a password. */
export const signatureOf = ({ post, name }: Person) => `${post.organisationName}${post.title}${name}`;
