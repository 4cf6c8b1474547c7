/**
 * What is said to be wrong in the demo's registers, and what is gone over: each by the command whoever it was would use, on the day it would have
 * been. Corrections that wait, were accepted and were declined; a survey that is closed with its list, and one under way.
 */
import type { RawBuilder } from 'kysely';
import { divisionRange } from '../../kernel/identifiers.ts';
import { addDays, type LocalDate } from '../../kernel/local-date.ts';
import { type Actor, type Database, sql, type Transaction } from '../../platform/database.ts';
import type { FileStore } from '../../platform/files.ts';
import type { Acting, Refused } from '../../platform/http.ts';
import { answerCorrection, askCorrection, attachToCorrection } from '../../registers/corrections/index.ts';
import { closeSurvey, confirmSheet, findSheets, findSurvey, openSurvey } from '../../registers/surveys/index.ts';
import { scanOf } from './documents.ts';

type Part = 'bureauOfficer' | 'subdistrictOfficer' | 'communityWorker' | 'owner';

export interface Means {
  database: Database;
  files?: FileStore | undefined;
  anchor: LocalDate;
  /** Somebody of the cast; an owner has no body and no area. */
  known(part: Part): Promise<{ personId: number; postId: number; organisationId: number | null; area: string | null }>;
}

/** One transaction as somebody, so many days before the anchor. */
async function as<Result>(
  { database, anchor, known }: Means,
  part: Part,
  daysAgo: number,
  work: (tx: Transaction, by: Acting, day: LocalDate) => Promise<Result>,
): Promise<Result> {
  const { area, personId, postId, organisationId } = await known(part);
  const day = addDays(anchor, -daysAgo);
  const who = { personId, postId, today: day };
  const actor: Actor =
    area === null || organisationId === null
      ? { standing: 'resident', ...who, estates: await estatesOf(database, personId, day) }
      : { standing: 'office', ...who, organisationId, ...divisionRange(area) };
  return database.transaction(actor, (tx) =>
    work(tx, { personId, post: { id: postId, organisationId }, actor, bars: [] }, day),
  );
}

async function estatesOf(database: Database, personId: number, today: LocalDate): Promise<number[]> {
  return database.transaction({ standing: 'engine', today }, async (tx) => {
    const { rows } = await sql<{ id: number }>`
      select distinct estate_id as id from registers.ownership where person_id = ${personId}::int order by 1`.execute(
      tx,
    );
    return rows.map(({ id }) => id);
  });
}

/** Step by step, each only while it is not there: a start that was cut off goes on. */
export async function goOverRegisters(means: Means): Promise<void> {
  for (const one of wrong) await correct(means, one);
  for (const one of surveys) await survey(means, one);
}

interface Wrong {
  by: Part;
  field: string;
  /** From what the register says of the field. */
  shouldBe: (says: number | null) => string;
  reason: string;
  daysAgo: number;
  scan?: string;
  answer?: { act: 'accept' | 'decline'; note: string; daysAgo: number };
}

/** All of the owner's own estate, which their community keeps. */
const wrong: readonly Wrong[] = [
  {
    by: 'owner',
    field: 'address',
    shouldBe: () => '湖滨路 18 号（演示）',
    reason: '门牌去年重新编过，小区大门口挂的是 18 号。',
    daysAgo: 21,
    answer: { act: 'decline', note: '已到派出所核对：18 号是隔壁的新编门牌，本小区没有变。', daysAgo: 17 },
  },
  {
    by: 'subdistrictOfficer',
    field: 'completedYear',
    shouldBe: (year) => String((year ?? 2012) - 1),
    reason: '竣工验收备案表上写的年份，比底册早一年。',
    daysAgo: 12,
    answer: { act: 'accept', note: '已看过备案表，属实，这几天改。', daysAgo: 10 },
  },
  {
    by: 'owner',
    field: 'buildingCount',
    shouldBe: (buildings) => String((buildings ?? 5) + 1),
    reason: '照小区平面图一幢一幢数过，后面那一幢底册没有算进去。',
    daysAgo: 3,
    scan: '小区平面图（演示）',
  },
];

async function correct(
  means: Means,
  { by: part, field, shouldBe, reason, daysAgo, scan, answer }: Wrong,
): Promise<void> {
  const [estate] = await estatesOf(means.database, (await means.known('owner')).personId, means.anchor);
  const before = await standing(
    means,
    sql<{ id: number; answered: boolean }>`
    select c.id, exists (select from registers.correction_answer w where w.correction_id = c.id) as answered
    from registers.correction c where c.field = ${field} and c.estate_id = ${estate}::int`,
  );
  const { id } =
    before ??
    (await as(means, part, daysAgo, async (tx, by, day) => {
      const { rows } = await sql<{ year: number | null; buildings: number | null }>`
        select completed_year as year, building_count as buildings from registers.estate where id = ${estate}::int`.execute(
        tx,
      );
      const says = field === 'completedYear' ? rows[0]!.year : rows[0]!.buildings;
      const said = { subject: `estate:${estate}`, field, shouldBe: shouldBe(says), reason };
      const asked = made(await askCorrection(tx, by, said, day));
      if (scan && means.files)
        made(await attachToCorrection(tx, by, { id: asked.id, bytes: scanOf([scan]) }, means.files, day));
      return asked;
    }));
  if (answer && !before?.answered)
    await as(means, 'communityWorker', answer.daysAgo, async (tx, by, day) =>
      made(await answerCorrection(tx, by, { id, act: answer.act, note: answer.note }, day)),
    );
}

async function standing<Row>({ database, anchor }: Means, asked: RawBuilder<Row>): Promise<Row | undefined> {
  return database.transaction({ standing: 'engine', today: anchor }, async (tx) => {
    const { rows } = await asked.execute(tx);
    return rows[0];
  });
}

interface Surveyed {
  by: Part;
  title: string;
  basis: string;
  fields: ('households' | 'buildingCount' | 'served' | 'hasCommittee' | 'kind')[];
  daysAgo: number;
  /** Days before the anchor; below zero: after it. */
  due: number;
  confirmedAgo: number;
  closed?: { daysAgo: number; note: string };
}

const surveys: readonly Surveyed[] = [
  {
    by: 'subdistrictOfficer',
    title: '本街道小区类型摸底（演示）',
    basis: '分类推进物业服务覆盖，先把底数核清',
    fields: ['kind', 'served'],
    daysAgo: 44,
    due: 25,
    confirmedAgo: 35,
    closed: { daysAgo: 24, note: '到期结束；没有核对的照实写没有核对。' },
  },
  {
    by: 'bureauOfficer',
    title: '小区底数摸排（演示）',
    basis: '年底前把户数、楼栋数和物业服务核对一遍',
    fields: ['households', 'buildingCount', 'served', 'hasCommittee'],
    daysAgo: 9,
    due: -21,
    confirmedAgo: 4,
  },
];

/** The community confirms the first of its estates that lack nothing, and leaves the others. */
async function survey(means: Means, { by: part, due, confirmedAgo, daysAgo, closed, ...of }: Surveyed): Promise<void> {
  const area = (await means.known(part)).area!;
  const dueOn = addDays(means.anchor, -due);
  const before = await standing(
    means,
    sql<{ id: number; confirmed: boolean; closed: boolean }>`
    select s.id, exists (select from registers.survey_sheet w where w.survey_id = s.id) as confirmed,
      exists (select from registers.survey_closing c where c.survey_id = s.id) as closed
    from registers.survey s where s.title = ${of.title}`,
  );
  const { id } =
    before ??
    (await as(means, part, daysAgo, async (tx, by, day) =>
      made(await openSurvey(tx, by, { ...of, area, dueOn }, day)),
    ));
  if (!before?.confirmed)
    await as(means, 'communityWorker', confirmedAgo, async (tx, by, day) => {
      const found = (await findSurvey(tx, id))!;
      const { rows } = await findSheets(tx, found, { state: 'waiting' }, { offset: 0, limit: 2 }, day);
      for (const { estateId, mark } of rows) made(await confirmSheet(tx, by, { id, estate: estateId, mark }, day));
    });
  if (closed && !before?.closed)
    await as(means, part, closed.daysAgo, async (tx, by, day) => {
      const ended = await closeSurvey(tx, by, { id, note: closed.note }, day);
      if ('allowed' in ended) throw new Error(`演示摸排没有结束：${ended.refusals[0].reason}`);
    });
}

/** Refused in the demo means that the demo is wrong. */
function made(result: { id: number } | Refused): { id: number } {
  if ('id' in result) return result;
  throw new Error(`演示数据没有写成：${result.refusals[0].reason}`);
}
