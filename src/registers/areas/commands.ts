/** Acts on areas: lock, judge, save, record. */
import type { OutputOf, ReadInputOf } from '../../kernel/contract.ts';
import { verdictOf } from '../../kernel/results.ts';
import { sql, type Transaction } from '../../platform/database.ts';
import { forbidden, notFound, type Person, type Refused } from '../../platform/http.ts';
import { record } from '../../platform/journal.ts';
import { askForDuties, mayGovern } from '../requirements/index.ts';
import type { addAreaHere, enrolArea as enrolAreaContract, tryArea } from './contract.ts';
import { refusalsOfNewArea, refusalsOfTrial } from './rules.ts';
import { addAreas, findArea, setEnrolledOn, setEnrolledOnBelow, setTrialUntil } from './store.ts';

export async function addArea(
  tx: Transaction,
  person: Person,
  input: ReadInputOf<typeof addAreaHere>,
): Promise<OutputOf<typeof addAreaHere> | Refused> {
  if (!mayGovern(person.post)) return forbidden('由区级及以上部门或管理员新增区划');
  await lockArea(tx, input.parentCode);
  const verdict = verdictOf(
    refusalsOfNewArea(input, await findArea(tx, input.parentCode), (await findArea(tx, input.code)) !== null),
  );
  if (!verdict.allowed) return verdict;
  if (!(await inScope(tx, input.code))) return notFound(outOfScope);
  await addAreas(tx, [input]);
  await askForDuties(tx);
  await record(tx, {
    chain: `organisation:${person.post.organisationId!}`,
    act: 'areas.added',
    object: `area:${input.code}`,
    detail: {
      name: input.name,
      parent: input.parentCode,
      enrolledOn: input.enrolledOn,
      provisional: input.provisional,
    },
  });
  return { code: input.code };
}

/** Sets the day from which an area is measured; `below` also for the areas, bodies and estates under it. */
export async function enrolArea(
  tx: Transaction,
  person: Person,
  input: ReadInputOf<typeof enrolAreaContract>,
): Promise<OutputOf<typeof enrolAreaContract> | Refused> {
  if (!mayGovern(person.post)) return forbidden('由区级及以上部门或管理员设定纳入日期');
  if (!(await lockArea(tx, input.code))) return notFound(outOfScope);
  const changed = input.below
    ? await setEnrolledOnBelow(tx, input.code, input.on)
    : { areas: await setEnrolledOn(tx, input.code, input.on), organisations: 0, estates: 0 };
  await askForDuties(tx);
  await record(tx, {
    chain: `organisation:${person.post.organisationId!}`,
    act: 'areas.enrolled',
    object: `area:${input.code}`,
    detail: { on: input.on, below: input.below, ...changed },
    reason: input.reason,
  });
  return changed;
}

/** Puts a sub-district into trial mode until a day, or ends it. */
export async function setTrial(
  tx: Transaction,
  person: Person,
  input: ReadInputOf<typeof tryArea>,
  today: string,
): Promise<OutputOf<typeof tryArea> | Refused> {
  if (!mayGovern(person.post)) return forbidden('由区级及以上部门或管理员设定试运行');
  const area = await lockArea(tx, input.code);
  if (!area) return notFound(outOfScope);
  const verdict = verdictOf(refusalsOfTrial(area, input.until, today));
  if (!verdict.allowed) return verdict;
  await setTrialUntil(tx, input.code, input.until);
  await record(tx, {
    chain: `organisation:${person.post.organisationId!}`,
    act: 'areas.tried',
    object: `area:${input.code}`,
    detail: { until: input.until },
    reason: input.reason,
  });
  return { code: input.code, trialUntil: input.until };
}

const outOfScope = '没有这个区划，或不在您的辖区内';

async function lockArea(tx: Transaction, code: string): Promise<{ name: string; level: string } | undefined> {
  const { rows } = await sql<{ name: string; level: string }>`
    select name, level from registers.area where code = ${code} and platform.in_scope(code) for update`.execute(tx);
  return rows[0];
}

async function inScope(tx: Transaction, code: string): Promise<boolean> {
  const { rows } = await sql<{ within: boolean | null }>`select platform.in_scope(${code}) as within`.execute(tx);
  return rows[0]!.within === true;
}
