/** Acts on people: lock, judge, save, record. */
import type { OutputOf, ReadInputOf } from '../../kernel/contract.ts';
import { sql } from '../../platform/database.ts';
import { type Asked, notFound, type Refused, refuse } from '../../platform/http.ts';
import { record } from '../../platform/journal.ts';
import { hashPassword, newFirstPassword, setPassword, verifyPassword } from '../../platform/sign-in.ts';
import type {
  appointHere,
  changePassword as changePasswordContract,
  openAccount as openAccountContract,
} from './contract.ts';
import { refusalsOfPassword } from './rules.ts';
import { addAccount, addPeople, addPost } from './store.ts';

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

/** Opens an account for a person within the administrator's range, with a first password that nobody has typed. */
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
