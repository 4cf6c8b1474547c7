/** SQL of people and posts. Functions named add… write without a journal entry: the caller's command records once. */
import { sql, type Transaction } from '../../platform/database.ts';
import type { Sealing } from '../../platform/sealing.ts';
import { createAccount, hashPassword } from '../../platform/sign-in.ts';
import type { PostRole } from './contract.ts';

export interface NewPerson {
  /** Where the person is registered: a division code, or an estate's scope. */
  scope: string;
  name: string;
  /** Sealed; only the last four digits stay readable. */
  phone?: string | null;
  identity?: string | null;
  batchId?: number | null;
}

/** Adds people and answers their ids in the order given. Keys are made only for those of whom something is sealed. */
export async function addPeople(tx: Transaction, sealing: Sealing, people: readonly NewPerson[]): Promise<number[]> {
  const secrets = people.map(({ phone, identity }) => ({ ...(phone && { phone }), ...(identity && { identity }) }));
  const withSecrets = people.filter((_, at) => Object.keys(secrets[at]!).length > 0);
  const made = await sealing.sealNew<'phone' | 'identity'>(
    tx,
    secrets.filter((one) => Object.keys(one).length > 0),
  );
  const sealedOf = new Map(withSecrets.map((person, at) => [person, made[at]!]));
  const column = <T>(value: (person: NewPerson) => T) => people.map(value);
  const hash = (person: NewPerson, field: 'phone' | 'identity') => {
    const text = person[field];
    return text ? sealing.hashFor(person.scope.slice(0, 6), field, text) : null;
  };
  const { rows } = await sql<{ id: number }>`
    with added as (
      insert into registers.person (scope, name, subject, phone_sealed, phone_hash, phone_tail, identity_sealed, identity_hash, batch_id)
      select scope, name, subject, phone_sealed, phone_hash, phone_tail, identity_sealed, identity_hash, batch_id
      from unnest(${column((one) => one.scope)}::text[], ${column((one) => one.name)}::text[], ${column((one) => sealedOf.get(one)?.subject ?? null)}::uuid[],
        ${column((one) => sealedOf.get(one)?.sealed.phone ?? null)}::bytea[], ${column((one) => hash(one, 'phone'))}::bytea[],
        ${column((one) => one.phone?.slice(-4) ?? null)}::text[], ${column((one) => sealedOf.get(one)?.sealed.identity ?? null)}::bytea[],
        ${column((one) => hash(one, 'identity'))}::bytea[], ${column((one) => one.batchId ?? null)}::int[])
        with ordinality as r(scope, name, subject, phone_sealed, phone_hash, phone_tail, identity_sealed, identity_hash, batch_id, position)
      order by position returning id
    )
    select id from added order by id`.execute(tx);
  return rows.map((row) => row.id);
}

export interface KnownPerson {
  id: number;
  name: string;
  phoneHash: Buffer | null;
  identityHash: Buffer | null;
}

/** People of one district by the keyed hash of phone or identity number. */
export async function findPeopleByHash(
  tx: Transaction,
  districtCode: string,
  hashes: { phones: readonly Buffer[]; identities: readonly Buffer[] },
): Promise<KnownPerson[]> {
  // One look into the index for each hash: in the middle of an import the planner has no figures for rows just written and would read the table.
  const found = (hash: ReturnType<typeof sql>) => sql`
    (select id, name, phone_hash as "phoneHash", identity_hash as "identityHash" from registers.person
      where ${hash} = given.hash and left(scope, 6) = ${districtCode.slice(0, 6)} offset 0)`;
  const { rows } = await sql<KnownPerson>`
    select p.* from unnest(${[...hashes.phones]}::bytea[]) as given (hash) cross join lateral ${found(sql`phone_hash`)} p
    union
    select p.* from unnest(${[...hashes.identities]}::bytea[]) as given (hash) cross join lateral ${found(sql`identity_hash`)} p
    order by id`.execute(tx);
  return rows;
}

export interface NewPost {
  personId: number;
  /** Null only for an owner. */
  organisationId: number | null;
  role: PostRole;
  fromOn: string;
  toOn?: string | null;
  document?: string | null;
}

/** Adds posts and answers their ids in the order given. */
export async function addPosts(tx: Transaction, posts: readonly NewPost[]): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    with added as (
      insert into registers.post (person_id, organisation_id, role, from_on, to_on, document)
      select person_id, organisation_id, role, from_on, to_on, document
      from rows from (jsonb_to_recordset(${JSON.stringify(posts)}::jsonb) as ("personId" int, "organisationId" int, role text, "fromOn" date, "toOn" date,
        document text)) with ordinality as r(person_id, organisation_id, role, from_on, to_on, document, position)
      order by position returning id
    )
    select id from added order by id`.execute(tx);
  return rows.map((row) => row.id);
}

export async function addPost(tx: Transaction, post: NewPost): Promise<number> {
  return (await addPosts(tx, [post]))[0]!;
}

/** What is judged about somebody's posts is judged for one asker after the other. */
export async function lockPerson(tx: Transaction, personId: number): Promise<void> {
  await sql`select from registers.person where id = ${personId} for update`.execute(tx);
}

export async function lockPost(
  tx: Transaction,
  id: number,
): Promise<{ personId: number; fromOn: string; toOn: string | null } | undefined> {
  const { rows } = await sql<{ personId: number; fromOn: string; toOn: string | null }>`
    select person_id as "personId", from_on as "fromOn", to_on as "toOn" from registers.post
    where id = ${id} and organisation_id is not null and role <> 'owner' for update`.execute(tx);
  return rows[0];
}

/** Every post of somebody and every one they deputise for, past and to come. */
export async function postsEver(
  tx: Transaction,
  personId: number,
): Promise<{ role: string; organisationId: number | null; fromOn: string; toOn: string | null }[]> {
  const { rows } = await sql<{ role: string; organisationId: number | null; fromOn: string; toOn: string | null }>`
    select role, organisation_id as "organisationId", from_on as "fromOn", to_on as "toOn" from registers.post where person_id = ${personId}
    union all
    select o.role, null, d.from_on, least(d.to_on, o.to_on) from registers.deputy d join registers.post o on o.id = d.post_id
    where d.person_id = ${personId}`.execute(tx);
  return rows;
}

/** Gives a person an account, as the engine. `passwordHash` spares a demo from hashing one password a hundred times. Undefined when the name is taken. */
export async function addAccount(
  tx: Transaction,
  account: { name: string; personId: number; demo?: boolean } & ({ password: string } | { passwordHash: string }),
): Promise<number | undefined> {
  const passwordHash = 'passwordHash' in account ? account.passwordHash : await hashPassword(account.password);
  const accountId = await createAccount(tx, { name: account.name, passwordHash, demo: account.demo ?? false });
  if (accountId === undefined) return undefined;
  await sql`update registers.person set account_id = ${accountId} where id = ${account.personId}`.execute(tx);
  return accountId;
}
