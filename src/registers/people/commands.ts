/** Acts on people: lock, judge, save, record. */
import type { OutputOf, ReadInputOf } from '../../kernel/contract.ts';
import { sql, type Transaction } from '../../platform/database.ts';
import { notFound, type Person, type Refused } from '../../platform/http.ts';
import { record } from '../../platform/journal.ts';
import type { Sealing } from '../../platform/sealing.ts';
import type { appointHere } from './contract.ts';
import { addPeople, addPost } from './store.ts';

/** Gives a new person a post in an organisation within the administrator's range. */
export async function appoint(
  tx: Transaction,
  sealing: Sealing,
  person: Person,
  input: ReadInputOf<typeof appointHere>,
): Promise<OutputOf<typeof appointHere> | Refused> {
  const { rows } = await sql<{ name: string; scope: string }>`
    select name, scope from registers.organisation where id = ${input.id} and platform.in_scope(scope) for update`.execute(
    tx,
  );
  const organisation = rows[0];
  if (!organisation) return notFound('没有这个单位，或不在您的辖区内');
  const [personId] = await addPeople(tx, sealing, [{ scope: organisation.scope, name: input.name }]);
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
}
