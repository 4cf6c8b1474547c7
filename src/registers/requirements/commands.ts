/** Acts on requirements: lock, judge, save, record. */
import type { OutputOf, ReadInputOf } from '../../kernel/contract.ts';
import { verdictOf } from '../../kernel/results.ts';
import { sql, type Transaction } from '../../platform/database.ts';
import { forbidden, type Person, type Refused } from '../../platform/http.ts';
import { record } from '../../platform/journal.ts';
import type { bindPackHere } from './contract.ts';
import { bindingsOf } from './queries.ts';
import { askForDuties } from './recompute.ts';
import { mayGovern, refusalsOfBinding } from './rules.ts';
import { addBindings, findPacks } from './store.ts';

/** Binds a pack to an area from a day on. */
export async function bindPack(
  tx: Transaction,
  person: Person,
  input: ReadInputOf<typeof bindPackHere>,
): Promise<OutputOf<typeof bindPackHere> | Refused> {
  if (!mayGovern(person.post)) return forbidden('由区级及以上部门或管理员决定适用哪个政策包');
  const { rows } = await sql<{ name: string; level: string }>`
    select name, level from registers.area where code = ${input.code} and platform.in_scope(code) for update`.execute(
    tx,
  );
  const pack = (await findPacks(tx)).find((one) => one.id === input.packId) ?? null;
  const verdict = verdictOf(refusalsOfBinding(input, rows[0] ?? null, pack, await bindingsOf(tx, input.code)));
  if (!verdict.allowed) return verdict;
  await addBindings(tx, [
    {
      areaCode: input.code,
      packId: input.packId,
      fromOn: input.from,
      toOn: input.to ?? null,
      document: input.document ?? null,
    },
  ]);
  const made = (await bindingsOf(tx, input.code)).find(
    (one) => one.packId === input.packId && one.fromOn === input.from,
  )!;
  await askForDuties(tx);
  await record(tx, {
    chain: `organisation:${person.post.organisationId!}`,
    act: 'requirements.bound',
    object: `area:${input.code}`,
    detail: { pack: input.packId, from: input.from, to: input.to ?? null, document: input.document ?? null },
  });
  return made;
}
