/** Acts on offices: lock, judge, save, record. What they change holds from the next transaction of whoever it concerns. */
import type { ReadInputOf } from '../../kernel/contract.ts';
import { type Refusal, verdictOf } from '../../kernel/results.ts';
import { sql, type Transaction } from '../../platform/database.ts';
import { forbidden, notFound, type Person, type Refused, refuse } from '../../platform/http.ts';
import { record } from '../../platform/journal.ts';
import { refusalsOfRole } from '../people/index.ts';
import type * as contracts from './contract.ts';
import { mayArrange, refusalsOfDeputy, refusalsOfLeave, refusalsOfSelf, refusalsOfTerm } from './rules.ts';

export async function nameDeputy(
  tx: Transaction,
  person: Person,
  input: ReadInputOf<typeof contracts.nameDeputy>,
  today: string,
) {
  const post = await lockPost(tx, input.id);
  if (!post) return notFound(noPost);
  if (!mayArrange(askerOf(person), post)) return forbidden(notArranging);
  const { rows } = await sql<{ roles: string[]; colleague: boolean }>`
    select coalesce(array_agg(o.role) filter (where o.from_on < ${input.toOn}::date and coalesce(o.to_on, 'infinity') > ${input.fromOn}::date), '{}') as roles,
      coalesce(bool_or(o.organisation_id = ${post.organisationId} and o.from_on <= ${today}::date and coalesce(o.to_on, 'infinity') > ${today}::date), false) as colleague
    from registers.person p left join registers.post o on o.person_id = p.id
    where p.id = ${input.personId} group by p.id`.execute(tx);
  const refused = refusedFor([
    ...refusalsOfDeputy(input, post, rows[0]),
    ...refusalsOfRole(post.role, rows[0]?.roles ?? []).map((one) => ({ ...one, field: 'personId' })),
  ]);
  if (refused) return refused;
  const id = await insert(
    tx,
    sql`insert into registers.deputy (post_id, organisation_id, person_id, from_on, to_on, document)
    values (${input.id}, ${post.organisationId}, ${input.personId}, ${input.fromOn}, ${input.toOn}, ${input.document}) returning id`,
  );
  await note(tx, person, 'deputyNamed', `deputy:${id}`, {
    post: input.id,
    deputy: input.personId,
    from: input.fromOn,
    to: input.toOn,
    document: input.document,
  });
  return { id };
}

export async function takeLeave(tx: Transaction, person: Person, input: ReadInputOf<typeof contracts.takeLeave>) {
  const post = await lockPost(tx, input.id);
  if (!post) return notFound(noPost);
  if (!mayArrange(askerOf(person), post)) return forbidden(notArranging);
  const { rows } = await sql<{ fromOn: string; toOn: string }>`
    select from_on as "fromOn", least(to_on, returned_on) as "toOn" from registers.leave where post_id = ${input.id} order by from_on`.execute(
    tx,
  );
  const refused = refusedFor(refusalsOfLeave(input, rows));
  if (refused) return refused;
  const id = await insert(
    tx,
    sql`insert into registers.leave (post_id, organisation_id, from_on, to_on, document)
    values (${input.id}, ${post.organisationId}, ${input.fromOn}, ${input.toOn}, ${input.document}) returning id`,
  );
  await note(tx, person, 'leaveTaken', `leave:${id}`, {
    post: input.id,
    from: input.fromOn,
    to: input.toOn,
    document: input.document,
  });
  return { id };
}

export async function returnFromLeave(tx: Transaction, person: Person, id: number, today: string) {
  const { rows } = await sql<{ postId: number; over: boolean; begun: boolean }>`
    select post_id as "postId", least(to_on, returned_on) <= ${today}::date as over, from_on <= ${today}::date as begun
    from registers.leave where id = ${id} for update`.execute(tx);
  const leave = rows[0];
  const post = leave && (await lockPost(tx, leave.postId));
  if (!leave || !post) return notFound();
  if (!mayArrange(askerOf(person), post)) return forbidden(notArranging);
  if (leave.over) return refuse({ reason: '已经返岗' });
  await sql`update registers.leave set returned_on = greatest(from_on, ${today}::date) where id = ${id}`.execute(tx);
  await note(tx, person, 'returned', `leave:${id}`, { post: leave.postId, on: today });
  return { returnedOn: today };
}

export async function suspend(tx: Transaction, person: Person, input: ReadInputOf<typeof contracts.suspend>) {
  const refusals = [...refusalsOfSelf(person.personId, input.id, '停职'), ...refusalsOfTerm(input)];
  const organisation = await officeOf(tx, input.id, input.post);
  if (organisation === undefined) return notFound('没有这个人的这项任职，或不在您的辖区内');
  const refused = refusedFor(refusals);
  if (refused) return refused;
  const id = await insert(
    tx,
    sql`insert into registers.suspension (organisation_id, person_id, post_id, from_on, to_on, reason, document, imposed_by)
    values (${organisation}, ${input.id}, ${input.post ?? null}, ${input.fromOn}, ${input.toOn ?? null}, ${input.reason}, ${input.document}, ${person.personId})
    returning id`,
  );
  await note(
    tx,
    person,
    'suspended',
    `suspension:${id}`,
    {
      person: input.id,
      post: input.post ?? null,
      from: input.fromOn,
      to: input.toOn ?? null,
      document: input.document,
    },
    input.reason,
  );
  return { id };
}

export async function barPerson(tx: Transaction, person: Person, input: ReadInputOf<typeof contracts.barPerson>) {
  const refusals: Refusal[] = [...refusalsOfSelf(person.personId, input.id, '登记回避'), ...refusalsOfTerm(input)];
  if ((input.estate === undefined) === (input.company === undefined))
    refusals.push({ reason: '请选择须回避的一个小区或一个单位', field: 'estate' });
  const organisation = await officeOf(tx, input.id, undefined);
  if (organisation === undefined) return notFound('没有这个人，或不在您的辖区内');
  const { rows } = await sql<{ label: string; scope: string | null }>`
    select name as label, scope::text from registers.estate where id = ${input.estate ?? null}
    union all select name, null from registers.organisation where id = ${input.company ?? null}`.execute(tx);
  const subject = rows[0];
  if (!subject && refusals.length === 0) return notFound('没有这个小区或单位，或不在您的辖区内');
  const refused = refusedFor(refusals);
  if (refused) return refused;
  const id = await insert(
    tx,
    sql`insert into registers.bar (organisation_id, person_id, estate_id, company_id, scope, subject_label, from_on, to_on, reason, document, imposed_by)
    values (${organisation}, ${input.id}, ${input.estate ?? null}, ${input.company ?? null}, ${subject!.scope}, ${subject!.label}, ${input.fromOn}, ${input.toOn ?? null},
      ${input.reason}, ${input.document ?? null}, ${person.personId}) returning id`,
  );
  await note(
    tx,
    person,
    'barred',
    `bar:${id}`,
    {
      person: input.id,
      estate: input.estate ?? null,
      company: input.company ?? null,
      from: input.fromOn,
      to: input.toOn ?? null,
      document: input.document ?? null,
    },
    input.reason,
  );
  return { id };
}

/** Ends a suspension or a bar before its day, with the reason. */
export async function lift(
  tx: Transaction,
  person: Person,
  what: 'suspension' | 'bar',
  input: { id: number; reason: string },
  today: string,
) {
  const table = sql.table(`registers.${what}`);
  const { rows } = await sql<{ personId: number; lifted: boolean }>`
    select person_id as "personId", lifted_on is not null as lifted from ${table} where id = ${input.id} for update`.execute(
    tx,
  );
  const found = rows[0];
  if (!found) return notFound();
  const refused = refusedFor([
    ...refusalsOfSelf(person.personId, found.personId, '解除'),
    ...(found.lifted ? [{ reason: '已经解除' }] : []),
  ]);
  if (refused) return refused;
  await sql`update ${table} set lifted_on = ${today}, lifted_reason = ${input.reason} where id = ${input.id}`.execute(
    tx,
  );
  await note(tx, person, `${what}Lifted`, `${what}:${input.id}`, {}, input.reason);
  return { liftedOn: today };
}

export async function objectToBar(
  tx: Transaction,
  person: Person,
  input: { id: number; reason: string },
  today: string,
) {
  const { rows } = await sql<{ organisation: number; objected: boolean }>`
    select b.organisation_id as organisation, exists (select from registers.objection o where o.bar_id = b.id) as objected
    from registers.bar b where b.id = ${input.id} and b.person_id = ${person.personId}`.execute(tx);
  if (!rows[0]) return notFound('这不是您的回避');
  if (rows[0].objected) return refuse({ reason: '已经提出过异议' });
  await sql`insert into registers.objection (bar_id, organisation_id, person_id, reason, objected_on)
    values (${input.id}, ${rows[0].organisation}, ${person.personId}, ${input.reason}, ${today})`.execute(tx);
  await note(tx, person, 'objected', `bar:${input.id}`, {}, input.reason);
  return { objectedOn: today };
}

/** An objection that is upheld lifts the bar. */
export async function answerObjection(
  tx: Transaction,
  person: Person,
  input: ReadInputOf<typeof contracts.answerObjection>,
  today: string,
) {
  const { rows } = await sql<{ personId: number; answered: boolean }>`
    select person_id as "personId", upheld is not null as answered from registers.objection where bar_id = ${input.id} for update`.execute(
    tx,
  );
  const found = rows[0];
  if (!found) return notFound('没有对这项回避的异议');
  const refused = refusedFor([
    ...refusalsOfSelf(person.personId, found.personId, '答复'),
    ...(found.answered ? [{ reason: '已经答复' }] : []),
  ]);
  if (refused) return refused;
  await sql`update registers.objection set upheld = ${input.uphold}, answer = ${input.answer}, answered_by = ${person.personId}, answered_on = ${today}
    where bar_id = ${input.id}`.execute(tx);
  if (input.uphold)
    await sql`update registers.bar set lifted_on = ${today}, lifted_reason = ${input.answer} where id = ${input.id} and lifted_on is null`.execute(
      tx,
    );
  await note(tx, person, 'objectionAnswered', `bar:${input.id}`, { upheld: input.uphold }, input.answer);
  return { answeredOn: today };
}

const noPost = '没有这项任职，或不在您的辖区内';
const notArranging = '由任职者本人、本单位负责人或安全管理员办理';

const askerOf = ({ personId, post, actor }: Person) => ({
  personId,
  role: post.role,
  organisationId: post.organisationId,
  standing: actor.standing,
});

function refusedFor(refusals: readonly Refusal[]): Refused | undefined {
  const verdict = verdictOf(refusals);
  return verdict.allowed ? undefined : verdict;
}

async function lockPost(tx: Transaction, id: number) {
  const { rows } = await sql<{ personId: number; organisationId: number; role: string }>`
    select person_id as "personId", organisation_id as "organisationId", role from registers.post
    where id = ${id} and organisation_id is not null for update`.execute(tx);
  return rows[0];
}

/** The office by which somebody lies within the range: that of the post named, or of any post they hold. */
async function officeOf(tx: Transaction, personId: number, postId: number | undefined): Promise<number | undefined> {
  const { rows } = await sql<{ organisation: number }>`
    select organisation_id as organisation from registers.post
    where person_id = ${personId} and organisation_id is not null and (${postId ?? null}::int is null or id = ${postId ?? null}) order by id limit 1`.execute(
    tx,
  );
  return rows[0]?.organisation;
}

async function insert(tx: Transaction, statement: ReturnType<typeof sql>): Promise<number> {
  const { rows } = await (statement as ReturnType<typeof sql<{ id: number }>>).execute(tx);
  return rows[0]!.id;
}

function note(
  tx: Transaction,
  person: Person,
  act: string,
  object: string,
  detail: Record<string, unknown>,
  reason?: string,
) {
  return record(tx, {
    chain: `organisation:${person.post.organisationId!}`,
    act: `offices.${act}`,
    object,
    detail,
    ...(reason !== undefined && { reason }),
  });
}
