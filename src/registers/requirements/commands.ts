/** Acts on requirements: lock, judge, save, record. */
import type { OutputOf, ReadInputOf } from '../../kernel/contract.ts';
import { verdictOf } from '../../kernel/results.ts';
import { sql, type Transaction } from '../../platform/database.ts';
import { forbidden, notFound, type Person, type Refused } from '../../platform/http.ts';
import { record } from '../../platform/journal.ts';
import type { bindPackHere, OfficialText } from './contract.ts';
import { bindingsOf, findOfficialText } from './queries.ts';
import { askForDuties } from './recompute.ts';
import { mayGovern, refusalsOfAttaching, refusalsOfBinding } from './rules.ts';
import { addBindings, findPacks, insertOfficialText, numberOfText } from './store.ts';

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

/** Attaches the official file of a policy text; the bytes are already in the file store, under `digest`. */
export async function attachText(
  tx: Transaction,
  person: Person,
  text: string,
  file: { digest: string; name: string; words: string | null } | { trouble: string },
): Promise<OfficialText | Refused> {
  const number = await numberOfText(tx, text);
  const trouble = 'trouble' in file ? file.trouble : undefined;
  const verdict = verdictOf(
    refusalsOfAttaching({ governs: mayGovern(person.post), known: number !== undefined, trouble }),
  );
  if (!verdict.allowed || 'trouble' in file) return verdict as Refused;
  const id = await insertOfficialText(
    tx,
    { ...file, text, number: number ?? null, post: person.post },
    person.personId,
  );
  await record(tx, {
    chain: `organisation:${person.post.organisationId!}`,
    act: 'requirements.textAttached',
    object: `official_text:${id}`,
    detail: { text, number: number ?? null, digest: file.digest, name: file.name },
  });
  return (await findOfficialText(tx, id))!;
}

/** Takes an attached file down, with a reason; the clause page shows the file before it, or none. */
export async function withdrawText(
  tx: Transaction,
  person: Person,
  id: number,
  reason: string,
  today: string,
): Promise<OfficialText | Refused> {
  const found = await findOfficialText(tx, id);
  if (!found) return notFound('没有这份原文，或已撤下');
  if (!found.mayWithdraw || !mayGovern(person.post)) return forbidden('由附上它的单位或其上级撤下');
  await sql`update registers.official_text set withdrawn_on = ${today}::date, withdrawn_reason = ${reason} where id = ${id}`.execute(
    tx,
  );
  await record(tx, {
    chain: `organisation:${person.post.organisationId!}`,
    act: 'requirements.textWithdrawn',
    object: `official_text:${id}`,
    reason,
  });
  return found;
}
