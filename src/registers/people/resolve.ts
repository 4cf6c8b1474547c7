/** From an account to a person in a post, with what the database may show them. */
import { type Actor, sql, type Transaction } from '../../platform/database.ts';
import type { Bar, Person, Post } from '../../platform/http.ts';
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
  const { rows } = await sql<
    Omit<Post, 'title' | 'behalf'> & {
      personId: number;
      name: string;
      today: string;
      behalfId: number | null;
      holder: string | null;
    }
  >`
    select p.id as "personId", p.name, o.id, o.role, o.organisation_id as "organisationId", coalesce(g.name, '本人房屋') as "organisationName",
      coalesce(g.kind, '') as "organisationKind", g.area_code as "areaCode", coalesce(a.name, '') as "areaName", a.level, platform.today() as today,
      h.behalf_id as "behalfId", b.name as holder
    from registers.person p cross join lateral registers.posts_held(p.id, platform.today()) h join registers.post o on o.id = h.post_id
    left join registers.organisation g on g.id = o.organisation_id left join registers.area a on a.code = g.area_code
    left join registers.person b on b.id = h.behalf_id
    where p.account_id = ${accountId} and coalesce(g.dissolved_on, 'infinity') > platform.today()
    order by h.behalf_id is not null, o.id`.execute(tx);
  const [first] = rows;
  if (!first) return undefined;
  const posts = rows.map(
    ({ personId, name, today, behalfId, holder, ...post }): Post => ({
      ...post,
      behalf: behalfId === null ? null : { personId: behalfId, name: holder ?? '' },
      title: titleOf(post.role, post.organisationKind),
      // A company's place of registration is not an area it answers for.
      level: ['body', 'resident'].includes(standingOf(post)) ? null : post.level,
    }),
  );
  const post = posts.find((one) => one.id === postId) ?? posts[0]!;
  return {
    accountId,
    personId: first.personId,
    name: first.name,
    post,
    posts,
    bars: await barsOf(tx, first.personId),
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
    ...(post.behalf && { behalfId: post.behalf.personId }),
  };
  if (standing !== 'body' && standing !== 'resident') return { ...actor, ...rangeOf(post.areaCode) };
  // A deputy stands where the holder of the post stands.
  const { rows } = await sql<{ estates: number[] }>`
    select registers.estates_of(${post.behalf?.personId ?? personId}, ${post.organisationId}, ${today}::date) as estates`.execute(
    tx,
  );
  return { ...actor, estates: rows[0]!.estates };
}

async function barsOf(tx: Transaction, personId: number): Promise<Bar[]> {
  const { rows } = await sql<Bar>`
    select b.id, b.estate_id as "estateId", b.company_id as "companyId", b.subject_label as label, b.reason, b.to_on as "toOn"
    from registers.bars_on(${personId}, platform.today()) b order by b.id`.execute(tx);
  return rows;
}
