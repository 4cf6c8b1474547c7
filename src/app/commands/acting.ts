import type { Transaction } from '../../platform/database.ts';
import { sql } from '../../platform/database.ts';
import type { Person } from '../../platform/http.ts';
import { door } from '../../platform/sign-in.ts';
import type { System } from '../../platform/system.ts';
import { resolvePerson } from '../../registers/people/index.ts';
import { CommandError } from './command.ts';

/** Who acts on the command line (decisions 23): an administrator by the name of the account; whoever may run the program is trusted to name himself. */
export async function actAs<T>(
  { database, clock }: System,
  account: string | undefined,
  work: (tx: Transaction, person: Person & { organisationId: number }) => Promise<T>,
): Promise<T> {
  if (!account) throw new CommandError('请用 --as 账号 指明由谁办理（管理员的账号）；这会写入留痕。');
  const person = await database.transaction(door(clock), async (tx) => {
    const { rows } = await sql<{ id: number }>`select id from platform.account where name = ${account}`.execute(tx);
    return rows[0] && (await resolvePerson(tx, rows[0].id, null));
  });
  const post = person?.posts.find((one) => one.role === 'administrator' || one.role === 'security-administrator');
  if (!person || !post || post.organisationId === null)
    throw new CommandError(`账号 ${account} 不存在，或没有在任的管理员职务。`);
  const { organisationId } = post;
  return database.transaction(
    {
      standing: 'engine',
      today: clock.today(),
      personId: person.personId,
      organisationId,
      postId: post.id,
      request: 'gongzhi',
    },
    (tx) => work(tx, { ...person, post, organisationId }),
  );
}
