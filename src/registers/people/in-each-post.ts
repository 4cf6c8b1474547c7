import type { Actor, Transaction } from '../../platform/database.ts';
import type { Asked, Post } from '../../platform/http.ts';
import { resolvePerson } from './resolve.ts';
import { standingOf } from './rules.ts';

/** Asks once for every post of a person, each time with the sight of that post; administrators bear nothing and are asked nothing. */
export async function inEachPost<Answer>(
  { person, system, today, request, atTheDoor }: Asked<unknown>,
  ask: (tx: Transaction, post: Post, actor: Actor) => Promise<Answer>,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (const post of person.posts) {
    if (!['office', 'body', 'resident'].includes(standingOf(post))) continue;
    const { actor } = (await atTheDoor((tx) => resolvePerson(tx, person.accountId, post.id)))!;
    answers.push(await system.database.transaction({ ...actor, today, request }, (tx) => ask(tx, post, actor)));
  }
  return answers;
}
