import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codes, type District, engine, testDistrict, today } from '../../../tests/district.ts';
import { requireHere } from '../../../tests/requirements.ts';
import { addDays, type LocalDate, localDate } from '../../kernel/local-date.ts';
import { type Actor, sql } from '../../platform/database.ts';
import { record } from '../../platform/journal.ts';
import { addPeople, addPosts } from '../../registers/people/index.ts';
import {
  answerWait,
  awaitBody,
  type By,
  confirmWaiver,
  declineWaiver,
  pauseDuty,
  proposeWaiver,
  resumeDuty,
  stopWaiting,
} from './commands.ts';
import type { Duty } from './contract.ts';
import { findDuties, findDuty, findInterventions, findProposals, sumDuties, waitsFor } from './queries.ts';

const now = localDate(today);

let district: District;
/** A second person at the bureau. */
let second: { personId: number; postId: number };
beforeAll(async () => {
  district = await testDistrict();
  await requireHere(district);
  second = await district.database.transaction(engine, async (tx) => {
    const [personId] = await addPeople(tx, district.sealing, [{ scope: codes.district, name: '许立' }]);
    const [postId] = await addPosts(tx, [
      { personId: personId!, organisationId: district.organisations.bureau, role: 'officer', fromOn: '2024-01-01' },
    ]);
    await record(tx, {
      chain: `organisation:${district.organisations.bureau}`,
      act: 'tests.staffed',
      object: `person:${personId}`,
    });
    return { personId: personId!, postId: postId! };
  });
});
afterAll(() => district?.close());

type Who = 'lin' | 'second' | 'chen' | 'zhou';
function who(name: Who): By & { area: string } {
  const { organisations, people, posts } = district;
  return {
    lin: { personId: people.lin, postId: posts.linBureau, organisationId: organisations.bureau, area: codes.district },
    second: { ...second, organisationId: organisations.bureau, area: codes.district },
    chen: { personId: people.chen, postId: posts.chenEast, organisationId: organisations.eastOffice, area: codes.east },
    zhou: { personId: people.zhou, postId: posts.zhouCompany, organisationId: organisations.company, area: '' },
  }[name] as By & { area: string };
}

/** Acts as one of them on a day. */
function as<T>(name: Who, work: (tx: Parameters<typeof findDuty>[0], by: By) => Promise<T>, day: LocalDate = now) {
  const { area, ...by } = who(name);
  const range = area.replace(/0+$/, '');
  const actor: Actor =
    name === 'zhou'
      ? { standing: 'body', estates: [district.estates.garden], ...by, today: day }
      : { standing: 'office', lo: range, hi: `${range}:`, ...by, today: day };
  return district.database.transaction(actor, (tx) => work(tx, { ...by, isOffice: name !== 'zhou', today: day }));
}

/** An overdue duty of the eastern office nobody has touched yet. */
const taken = new Set<number>();
async function anOverdue(): Promise<Duty> {
  const { rows } = await as('lin', (tx) =>
    findDuties(tx, { standing: 'overdue', borneBy: district.organisations.eastOffice }, { offset: 0, limit: 50 }),
  );
  const one = rows.find((row) => !taken.has(row.id))!;
  taken.add(one.id);
  return one;
}

const refusalsOf = (answer: unknown) =>
  (answer as { refusals?: { reason: string }[] }).refusals?.map((one) => one.reason) ?? [];
const standingOn = (id: number, day: LocalDate) => as('lin', async (tx) => (await findDuty(tx, id))!, day);

describe('免除须两人', () => {
  it('一人提出不算免除；提出人自己不能确认；另一人确认才免除', async () => {
    const { id } = await anOverdue();
    const proposed = await as('lin', (tx, by) => proposeWaiver(tx, { id, reason: '机构撤并，无从报送' }, by));
    expect(proposed).toMatchObject({ standing: 'overdue', waivedReason: null });
    expect(refusalsOf(await as('lin', (tx, by) => confirmWaiver(tx, { id }, by)))).toEqual([
      '确认免除由上级单位的另一人办理，提出人不能办理',
    ]);
    expect(refusalsOf(await as('second', (tx, by) => proposeWaiver(tx, { id, reason: '再提一次' }, by)))).toEqual([
      '免除“待另一人确认”，不能提出免除',
    ]);
    expect(
      (await as('second', (tx, by) => findProposals(tx, by.personId, by.organisationId, 9))).map((one) => one.id),
    ).toEqual([id]);
    expect(await as('lin', (tx, by) => findProposals(tx, by.personId, by.organisationId, 9))).toEqual([]);
    expect(await as('second', (tx, by) => confirmWaiver(tx, { id }, by))).toMatchObject({
      standing: 'waived',
      waivedReason: '机构撤并，无从报送',
    });
    expect(refusalsOf(await as('second', (tx, by) => confirmWaiver(tx, { id }, by))).length).toBeGreaterThan(0);
  });

  it('责任单位和下级不能确认；不同意之后可再提出', async () => {
    const { id } = await anOverdue();
    await as('lin', (tx, by) => proposeWaiver(tx, { id, reason: '本季停报' }, by));
    expect(refusalsOf(await as('chen', (tx, by) => confirmWaiver(tx, { id }, by)))).toEqual([
      '确认免除由上级单位的另一人办理，责任单位不能办理',
    ]);
    expect(await as('second', (tx, by) => declineWaiver(tx, { id, reason: '理由不足' }, by))).toMatchObject({
      standing: 'overdue',
    });
    expect(await as('second', (tx, by) => proposeWaiver(tx, { id, reason: '补齐了材料' }, by))).toMatchObject({
      standing: 'overdue',
    });
    expect(await as('lin', (tx, by) => confirmWaiver(tx, { id }, by))).toMatchObject({
      standing: 'waived',
      waivedReason: '补齐了材料',
    });
  });

  it('区里提出的，街道不能替区里确认', async () => {
    const { rows } = await as('lin', (tx) =>
      findDuties(tx, { area: codes.spring, standing: 'overdue' }, { offset: 0, limit: 50 }),
    );
    const { id } = rows.find((one) => one.bearerId !== district.organisations.eastOffice && one.bearerId !== null)!;
    await as('lin', (tx, by) => proposeWaiver(tx, { id, reason: '区里统一安排' }, by));
    expect(refusalsOf(await as('chen', (tx, by) => confirmWaiver(tx, { id }, by)))).toEqual([
      '确认免除由上级单位的另一人办理，其他单位不能办理',
    ]);
  });

  it('数据库也不收：同一人确认、替别人提出、没有单位的旧式免除', async () => {
    const { id } = await anOverdue();
    await as('lin', (tx, by) => proposeWaiver(tx, { id, reason: '库里再试一次' }, by));
    const decide = (by: By, person: number) =>
      sql`insert into oversight.waiver_decision (waiver_id, proposed_by, confirmed, organisation_id, person_id, post_id)
        select max(id), ${district.people.lin}, true, ${by.organisationId}::int, ${person}::int, ${by.postId}::int from oversight.waiver`;
    await expect(as('lin', (tx, by) => decide(by, by.personId).execute(tx))).rejects.toThrow('another_person');
    // Whose name is not one's own is refused before that.
    await expect(as('lin', (tx, by) => decide(by, second.personId).execute(tx))).rejects.toThrow('row-level security');
    const propose = (person: number, alone: boolean) => sql`
      insert into oversight.waiver (requirement_id, subject_kind, subject_id, period, scope, reason, organisation_id, person_id, post_id, alone)
      select requirement_id, subject_kind, subject_id, period, scope, '一人免除', ${district.organisations.bureau}::int, ${person}::int, ${district.posts.linBureau}::int, ${alone}
      from oversight.duty where id = ${id}`;
    await expect(as('lin', (tx) => propose(second.personId, false).execute(tx))).rejects.toThrow('row-level security');
    await expect(as('lin', (tx, by) => propose(by.personId, true).execute(tx))).rejects.toThrow('two_persons');
  });
});

describe('暂停', () => {
  it('暂停期间状态是暂停，期限顺延，到期自行恢复', async () => {
    const { id, dueOn, daysLate } = await anOverdue();
    const sums = () => as('lin', (tx) => sumDuties(tx, {}));
    const before = await sums();
    const to = addDays(now, 10);
    expect(
      await as('lin', (tx, by) => pauseDuty(tx, { id, to, reason: '封闭施工', basis: '示范通知〔2026〕1号' }, by)),
    ).toMatchObject({ standing: 'paused', pausedUntil: to, pausedDays: 10, dueOn: addDays(localDate(dueOn), 10) });
    expect(await standingOn(id, addDays(now, 9))).toMatchObject({ standing: 'paused' });
    // From the day it runs again it is as late as it was.
    expect(await standingOn(id, to)).toMatchObject({ standing: 'overdue', pausedUntil: null, daysLate });
    expect(await sums()).toMatchObject({ paused: before.paused + 1, owed: before.owed - 1 });
  });

  it('提前恢复的，只顺延到恢复那天', async () => {
    const { id, dueOn } = await anOverdue();
    await as('lin', (tx, by) =>
      pauseDuty(tx, { id, to: addDays(now, 30), reason: '封闭施工', basis: '示范通知〔2026〕2号' }, by),
    );
    const day = addDays(now, 4);
    expect(await as('lin', (tx, by) => resumeDuty(tx, { id, reason: '施工结束' }, by), day)).toMatchObject({
      standing: 'overdue',
      pausedDays: 4,
      dueOn: addDays(localDate(dueOn), 4),
    });
  });

  it('重叠的暂停只算一次', async () => {
    const { id } = await anOverdue();
    await as('lin', async (tx, by) => {
      for (const [from, to] of [
        ['2026-11-02', '2026-11-08'],
        ['2026-11-05', '2026-11-12'],
      ])
        await sql`insert into oversight.pause (requirement_id, subject_kind, subject_id, period, scope, from_on, to_on, reason, basis, organisation_id, person_id, post_id)
          select requirement_id, subject_kind, subject_id, period, scope, ${from}::date, ${to}::date, '施工', '示范通知', ${by.organisationId}::int, ${by.personId}::int, ${by.postId}::int
          from oversight.duty where id = ${id}`.execute(tx);
      await record(tx, { chain: `organisation:${by.organisationId}`, act: 'tests.paused', object: `duty:${id}` });
    });
    expect(await standingOn(id, now)).toMatchObject({ standing: 'overdue', pausedDays: 10 });
  });

  it('要在今天之后恢复；责任单位不能暂停自己的；暂停中不能再暂停', async () => {
    const { id } = await anOverdue();
    const pause = (to: LocalDate) => ({ id, to, reason: '封闭施工', basis: '示范通知〔2026〕3号' });
    expect(refusalsOf(await as('lin', (tx, by) => pauseDuty(tx, pause(now), by)))).toEqual([
      `恢复之日须在今天（${today}）之后。`,
    ]);
    expect(refusalsOf(await as('chen', (tx, by) => pauseDuty(tx, pause(addDays(now, 5)), by)))).toEqual([
      '暂停由上级单位办理，责任单位不能办理',
    ]);
    await as('lin', (tx, by) => pauseDuty(tx, pause(addDays(now, 1)), by));
    expect(refusalsOf(await as('second', (tx, by) => pauseDuty(tx, pause(addDays(now, 5)), by)))).toEqual([
      '暂停“暂停中”，不能暂停',
    ]);
  });

  it('只看超期的，与从全部义务中挑出超期的，一项不差（其中有暂停过的）', async () => {
    const find = (filter: Parameters<typeof findDuties>[1]) =>
      as('lin', async (tx) => (await findDuties(tx, filter, { offset: 0, limit: 500 })).rows);
    const every = await find({});
    expect(every.some((one) => one.standing === 'overdue' && one.pausedDays > 0)).toBe(true);
    for (const standing of ['overdue', 'paused', 'due-soon', 'met', 'waived'] as const)
      expect(await find({ standing }), standing).toEqual(every.filter((one) => one.standing === standing));
  });
});

describe('等别的单位', () => {
  it('等待期间计在被等的单位名下，写明几天；它答复之后又计在责任单位名下', async () => {
    const { bureau, eastOffice } = district.organisations;
    const owed = (bearer: number) => as('lin', async (tx) => (await sumDuties(tx, { bearer })).owed);
    const { id } = await anOverdue();
    const [ours, theirs] = [await owed(eastOffice), await owed(bureau)];
    const waiting = await as('chen', (tx, by) =>
      awaitBody(tx, { id, awaited: bureau, since: '2026-11-15', asked: '等区里核定数据' }, by),
    );
    expect(waiting).toMatchObject({ awaitedId: bureau, waitingDays: 7, standing: 'overdue' });
    expect([await owed(eastOffice), await owed(bureau)]).toEqual([ours - 1, theirs + 1]);
    const inBoth = (filter: Parameters<typeof findDuties>[1]) =>
      as('lin', async (tx) =>
        (await findDuties(tx, filter, { offset: 0, limit: 500 })).rows.some((one) => one.id === id),
      );
    expect(
      await Promise.all([{ bearer: bureau }, { bearer: eastOffice }, { borneBy: eastOffice }].map(inBoth)),
    ).toEqual([true, false, true]);
    expect((await as('lin', (tx) => waitsFor(tx, bureau, 9))).map((one) => [one.id, one.asked])).toEqual([
      [id, '等区里核定数据'],
    ]);
    const first = await as('lin', (tx) => findInterventions(tx, { waiting: 'yes' }, 100));
    expect(first.map((one) => [one.worst.id, one.bearerId])).toEqual([[id, bureau]]);
    expect(refusalsOf(await as('chen', (tx, by) => answerWait(tx, { id, answer: '自问自答' }, by)))).toEqual([
      '答复由被等的单位办理，责任单位不能办理',
    ]);
    await as('lin', (tx, by) => answerWait(tx, { id, answer: '已核定下发' }, by));
    expect([await owed(eastOffice), await owed(bureau)]).toEqual([ours, theirs]);
    expect(await as('lin', (tx) => waitsFor(tx, bureau, 9))).toEqual([]);
  });

  it('只有责任单位能说在等；不能等没到的日子、下级和别处的单位；不再等也留着', async () => {
    const { id } = await anOverdue();
    const wait = (input: { awaited?: number; since?: string }) => ({
      id,
      awaited: district.organisations.bureau,
      since: '2026-11-20',
      asked: '等区里核定',
      ...input,
    });
    expect(refusalsOf(await as('lin', (tx, by) => awaitBody(tx, wait({}), by)))).toEqual([
      '说明在等由责任单位办理，其他单位不能办理',
    ]);
    expect(
      refusalsOf(
        await as('chen', (tx, by) =>
          awaitBody(tx, wait({ awaited: district.organisations.westOffice, since: '2026-11-23' }), by),
        ),
      ),
    ).toEqual(['开始等的日子还没有到。', '只能等对象所在地的机关、上级机关，或本小区的物业企业、业主组织。']);
    await as('chen', (tx, by) => awaitBody(tx, wait({}), by));
    expect(refusalsOf(await as('chen', (tx, by) => awaitBody(tx, wait({}), by)))).toEqual(['等待“在等”，不能说明在等']);
    expect(await as('chen', (tx, by) => stopWaiting(tx, { id, reason: '已自行核对' }, by))).toMatchObject({
      awaitedId: null,
      bearerId: district.organisations.eastOffice,
    });
  });

  it('数据库也不收：替别的单位说在等，第三个单位结束等待', async () => {
    const { id } = await anOverdue();
    const wait = (bearer: number) => sql`
      insert into oversight.wait (requirement_id, subject_kind, subject_id, period, scope, bearer_id, awaited_id, since_on, asked, person_id, post_id)
      select requirement_id, subject_kind, subject_id, period, scope, ${bearer}::int, ${district.organisations.bureau}::int, due_on, '等着', ${district.people.chen}::int, ${district.posts.chenEast}::int
      from oversight.duty where id = ${id}`;
    await expect(as('chen', (tx) => wait(district.organisations.westOffice).execute(tx))).rejects.toThrow(
      'row-level security',
    );
    await as('chen', (tx, by) =>
      awaitBody(tx, { id, awaited: district.organisations.bureau, since: today, asked: '等区里意见' }, by),
    );
    await expect(
      as('zhou', (tx, by) =>
        sql`insert into oversight.wait_end (wait_id, scope, ended_on, answered, answer, organisation_id, person_id, post_id)
          values (1, ${codes.east}, ${today}, true, '我来答', ${by.organisationId}, ${by.personId}, ${by.postId})`.execute(
          tx,
        ),
      ),
    ).rejects.toThrow();
  });
});
