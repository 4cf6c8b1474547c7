/** Acts on organisations: lock, judge, save, record. */
import type { OutputOf, ReadInputOf } from '../../kernel/contract.ts';
import { checkCreditCode } from '../../kernel/identifiers.ts';
import { refusal, verdictOf } from '../../kernel/results.ts';
import { sql, type Transaction } from '../../platform/database.ts';
import type { Person, Refused } from '../../platform/http.ts';
import { record } from '../../platform/journal.ts';
import { askForDuties } from '../requirements/index.ts';
import type { registerOrganisationHere } from './contract.ts';
import { type NamedLike, refusalsOfRegistration } from './rules.ts';
import { addCompanies, addOrganisations } from './store.ts';

/** Registers a body; a property company gets its (still empty) party facts with it. */
export async function registerOrganisation(
  tx: Transaction,
  person: Person,
  input: ReadInputOf<typeof registerOrganisationHere>,
): Promise<OutputOf<typeof registerOrganisationHere> | Refused> {
  // The area is locked, so that two registrations of one name cannot pass each other.
  const { rows: areas } = await sql<{ within: boolean | null }>`
    select platform.in_scope(code) as within from registers.area where code = ${input.areaCode} and platform.in_scope(code) for update`.execute(
    tx,
  );
  const code = input.uscc ? checkCreditCode(input.uscc) : null;
  const uscc = code?.ok ? code.value : null;
  const { rows: alike } = await sql<NamedLike>`
    select name, uscc from registers.organisation
    where dissolved_on is null and (uscc = ${uscc} or (name = ${input.name} and area_code = ${input.areaCode}))`.execute(
    tx,
  );
  const refusals = refusalsOfRegistration(input, areas.length > 0, alike);
  const parent = input.parentId
    ? await sql`select from registers.organisation where id = ${input.parentId}`.execute(tx)
    : null;
  if (parent && parent.rows.length === 0) refusals.push(refusal('没有这个上级单位', { field: 'parentId' }));
  const verdict = verdictOf(refusals);
  if (!verdict.allowed) return verdict;
  const [id] = await addOrganisations(tx, [{ ...input, uscc }]);
  if (input.kind === 'property-company') await addCompanies(tx, [{ organisationId: id!, scope: input.areaCode }]);
  await askForDuties(tx);
  await record(tx, {
    chain: `organisation:${person.post.organisationId!}`,
    act: 'organisations.registered',
    object: `organisation:${id}`,
    detail: { kind: input.kind, name: input.name, uscc, area: input.areaCode },
  });
  return { id: id! };
}
