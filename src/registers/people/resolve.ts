/** From an account to a person in a post, with what the database may show them. */
import { type Actor, sql, type Transaction } from '../../platform/database.ts';
import type { Person, Post } from '../../platform/http.ts';
import { demandsSecondFactor, rangeOf, standingOf, titleOf } from './rules.ts';

/**
 * As the door: the account's person in the post asked for, or in the first of the posts in force when null or no longer held.
 * Undefined when the account belongs to nobody, or to somebody without a post today.
 */
export async function resolvePerson(
  tx: Transaction,
  accountId: number,
  postId: number | null,
): Promise<Person | undefined> {
  const { rows } = await sql<Omit<Post, 'title'> & { personId: number; name: string; today: string }>`
    select p.id as "personId", p.name, o.id, o.role, o.organisation_id as "organisationId", coalesce(g.name, '本人房屋') as "organisationName",
      coalesce(g.kind, '') as "organisationKind", g.area_code as "areaCode", coalesce(a.name, '') as "areaName", a.level, platform.today() as today
    from registers.person p join registers.post o on o.person_id = p.id
    left join registers.organisation g on g.id = o.organisation_id left join registers.area a on a.code = g.area_code
    where p.account_id = ${accountId} and o.from_on <= platform.today() and coalesce(o.to_on, 'infinity') > platform.today()
      and coalesce(g.dissolved_on, 'infinity') > platform.today()
    order by o.id`.execute(tx);
  const [first] = rows;
  if (!first) return undefined;
  const posts = rows.map(
    ({ personId, name, today, ...post }): Post => ({
      ...post,
      title: titleOf(post.role, post.organisationKind),
      // A company's place of registration is not an area it answers for.
      level: standingOf(post) === 'office' ? post.level : null,
    }),
  );
  const post = posts.find((one) => one.id === postId) ?? posts[0]!;
  return {
    accountId,
    personId: first.personId,
    name: first.name,
    post,
    posts,
    actor: await actorOf(tx, first.personId, post, first.today),
    demandsSecondFactor: demandsSecondFactor(posts),
  };
}

async function actorOf(tx: Transaction, personId: number, post: Post, today: string): Promise<Actor> {
  const standing = standingOf(post);
  const actor: Actor = {
    standing,
    personId,
    postId: post.id,
    today,
    ...(post.organisationId !== null && { organisationId: post.organisationId }),
  };
  if (standing === 'office') return { ...actor, ...rangeOf(post.areaCode) };
  if (standing === 'auditor') return actor;
  const { rows } = await sql<{ estates: number[] }>`
    select registers.estates_of(${personId}, ${post.organisationId}, ${today}::date) as estates`.execute(tx);
  return { ...actor, estates: rows[0]!.estates };
}
