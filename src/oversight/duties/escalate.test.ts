import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codes, type District, engine, testDistrict, today } from '../../../tests/district.ts';
import { requireHere } from '../../../tests/requirements.ts';
import { addDays, type LocalDate, localDate } from '../../kernel/local-date.ts';
import { sql, type Transaction } from '../../platform/database.ts';
import { record } from '../../platform/journal.ts';
import { addOrganisations } from '../../registers/organisations/index.ts';
import { escalateDuties } from './escalate.ts';
import { escalatedTo, findEscalations, warnedOf } from './queries.ts';

const now = localDate(today);
const matter = 'reports.quarterly';

let district: District;
beforeAll(async () => {
  district = await testDistrict();
  await requireHere(district);
});
afterAll(() => district?.close());

const on = <T>(day: LocalDate, work: (tx: Transaction) => Promise<T>) =>
  district.database.transaction({ ...engine, today: day }, work);
const night = (day: LocalDate) => on(day, (tx) => escalateDuties(tx, day));
const steps = (period = '2026-Q3', place: string = codes.east) =>
  on(now, async (tx) => {
    const { rows } = await sql<{ level: number; stage: string; stepped_on: string; recipient_id: number }>`
      select level, stage, stepped_on, recipient_id from oversight.escalation
      where period = ${period} and subject_id = ${place} order by id`.execute(tx);
    return rows.map((row) => [row.level, row.stage, row.stepped_on, row.recipient_id]);
  });
const dutyOf = (tx: Transaction, period: string, place: string) =>
  sql<{
    id: number;
  }>`select id from oversight.duty where matter = ${matter} and period = ${period} and subject_id = ${place}`
    .execute(tx)
    .then(({ rows }) => rows[0]!.id);
const told = (tx: Transaction, act: string) =>
  record(tx, { chain: `organisation:${district.organisations.bureau}`, act, object: 'test:1' });

describe('超期的义务上报', () => {
  it('先提醒责任单位，满两天仍未办才上报；上报对象没有登记的一级不算数', async () => {
    const { bureau, eastOffice } = district.organisations;
    expect((await night(now)).escalated).toBe(0);
    expect(await steps()).toEqual([[1, 'warned', today, bureau]]);
    const [id, warned] = await on(now, async (tx) => [
      await dutyOf(tx, '2026-Q3', codes.east),
      await warnedOf(tx, eastOffice, 2, 50),
    ]);
    expect(warned.find((one) => one.id === id)).toMatchObject({
      recipient: '示范区住房和城乡建设局',
      escalatesOn: addDays(now, 2),
    });
    expect(await night(addDays(now, 1))).toEqual({ warned: 0, escalated: 0 });
    expect((await night(addDays(now, 2))).escalated).toBeGreaterThan(0);
    // The organisation department is not registered in this district.
    const first = [
      [1, 'warned', today, bureau],
      [1, 'escalated', addDays(now, 2), bureau],
    ];
    expect(await steps()).toEqual(first);
    await on(addDays(now, 2), async (tx) => {
      expect((await escalatedTo(tx, bureau, 50)).map((one) => one.id)).toContain(id);
      expect((await warnedOf(tx, eastOffice, 2, 50)).map((one) => one.id)).not.toContain(id);
      expect(await findEscalations(tx, id)).toEqual([
        {
          level: 1,
          after: 5,
          kind: 'housing-bureau',
          recipient: '示范区住房和城乡建设局',
          warnedOn: today,
          escalatedOn: addDays(now, 2),
        },
        { level: 2, after: 15, kind: 'organisation-department', recipient: null, warnedOn: null, escalatedOn: null },
      ]);
    });
    const department = await on(now, async (tx) => {
      const [added] = await addOrganisations(tx, [
        { kind: 'organisation-department', name: '示范区委组织部', areaCode: codes.district, enrolledOn: '2026-01-01' },
      ]);
      await told(tx, 'organisations.added');
      return added!;
    });
    await night(addDays(now, 3));
    await night(addDays(now, 5));
    expect(await steps()).toEqual([
      ...first,
      [2, 'warned', addDays(now, 3), department],
      [2, 'escalated', addDays(now, 5), department],
    ]);
  });

  it('没到天数不提醒：正好提前两天才提醒，正好满天数才上报', async () => {
    // The fourth quarter is due on 10 January; five days later it would be taken further.
    const period = '2026-Q4';
    const day = (text: string) => localDate(text);
    await on(now, async (tx) => {
      await sql`update oversight.duty set provisional = false where period = ${period}`.execute(tx);
    });
    await night(day('2027-01-12'));
    expect(await steps(period)).toEqual([]);
    await night(day('2027-01-13'));
    expect((await steps(period)).map((one) => one.slice(0, 3))).toEqual([[1, 'warned', '2027-01-13']]);
    await night(day('2027-01-14'));
    await night(day('2027-01-15'));
    expect((await steps(period)).map((one) => one.slice(0, 3))).toEqual([
      [1, 'warned', '2027-01-13'],
      [1, 'escalated', '2027-01-15'],
    ]);
  });

  it('两个调度同时跑，每一级恰好一次，留痕也只一次', async () => {
    const events = () =>
      on(now, async (tx) => {
        const { rows } = await sql<{ count: number }>`
          select count(*)::int as count from platform.journal where act = 'duties.escalated' and object = 'day:2027-02-10'`.execute(
          tx,
        );
        return rows[0]!.count;
      });
    const day = localDate('2027-02-10');
    const ran = await Promise.all([night(day), night(day), night(day)]);
    const done = ran.filter((one) => one.warned + one.escalated > 0);
    expect(done.length).toBe(1);
    const bodies = await on(now, async (tx) => {
      const { rows } = await sql<{ body: number }>`
        select distinct case when stage = 'warned' then coalesce(answerable_id, recipient_id) else recipient_id end as body
        from oversight.escalation where stepped_on = ${day}`.execute(tx);
      return rows.length;
    });
    expect(await events()).toBe(bodies);
    await on(now, async (tx) => {
      const { rows } = await sql`
        select from oversight.escalation group by requirement_id, subject_kind, subject_id, period, level, stage having count(*) > 1`.execute(
        tx,
      );
      expect(rows).toEqual([]);
    });
  });

  it('不排队的两个调度，数据库也只收一次', async () => {
    const again = (tx: Transaction) =>
      sql`insert into oversight.escalation (requirement_id, subject_kind, subject_id, period, scope, level, stage, due_on, after_days, recipient_id, stepped_on)
        select requirement_id, subject_kind, subject_id, period, scope, level, stage, due_on, after_days, recipient_id, stepped_on from oversight.escalation limit 1`.execute(
        tx,
      );
    await expect(on(now, again)).rejects.toThrow('escalated_once');
  });

  it('机关、企业自己不能写上报', async () => {
    const { bureau } = district.organisations;
    const actor = { standing: 'office', lo: '990102', hi: '990102:', today, organisationId: bureau } as const;
    await expect(
      district.database.transaction(
        { ...actor, personId: district.people.lin, postId: district.posts.linBureau },
        (tx) =>
          sql`insert into oversight.escalation (requirement_id, subject_kind, subject_id, period, scope, level, stage, due_on, after_days, recipient_id, stepped_on)
            values (1, 'x', 'x', 'x', ${codes.east}, 9, 'escalated', ${today}, 1, ${bureau}, ${today})`.execute(tx),
      ),
    ).rejects.toThrow('permission denied');
  });
});

describe('不上报的', () => {
  let other: District;
  beforeAll(async () => {
    other = await testDistrict();
    await requireHere(other);
  });
  afterAll(() => other?.close());

  it('试运行的街道、暂停的、期限暂定的、已报备的都不提醒也不上报', async () => {
    const { bureau, eastOffice } = other.organisations;
    const { lin } = other.people;
    const { linBureau } = other.posts;
    const q = (period: string) =>
      sql`from oversight.duty where matter = ${matter} and subject_id = ${codes.east} and period = ${period}`;
    await other.database.transaction({ ...engine, personId: lin, organisationId: bureau }, async (tx) => {
      await sql`update registers.area set trial_until = '2027-12-31' where code = ${codes.west}`.execute(tx);
      await sql`insert into oversight.pause (requirement_id, subject_kind, subject_id, period, scope, from_on, to_on, reason, basis, organisation_id, person_id, post_id)
        select requirement_id, subject_kind, subject_id, period, scope, ${today}::date, '2026-12-31', '施工', '示范通知', ${bureau}::int, ${lin}::int, ${linBureau}::int ${q('2026-Q1')}`.execute(
        tx,
      );
      await sql`update oversight.duty set provisional = true where matter = ${matter} and subject_id = ${codes.east} and period = '2026-Q2'`.execute(
        tx,
      );
      await sql`insert into filings.filing (matter, subject_kind, subject_id, subject_label, scope, organisation_id, period, done_on, filed_on, person_id, post_id, evidence)
        select matter, subject_kind, subject_id, subject_label, scope, ${eastOffice}::int, period, due_on, ${today}::date, ${lin}::int, ${linBureau}::int, 'none' ${q('2026-Q3')}`.execute(
        tx,
      );
      await record(tx, { chain: `organisation:${bureau}`, act: 'tests.prepared', object: 'test:2' });
    });
    for (const day of [now, addDays(now, 2), addDays(now, 4)])
      await other.database.transaction({ ...engine, today: day }, (tx) => escalateDuties(tx, day));
    await other.database.transaction(engine, async (tx) => {
      const { rows } = await sql<{ period: string; subject: string }>`
        select distinct e.period, e.subject_id as subject from oversight.escalation e join registers.requirement r on r.id = e.requirement_id
        where r.key = ${matter} order by 1, 2`.execute(tx);
      expect(rows).toEqual([{ period: '2025-Q4', subject: codes.east }]);
    });
  });
});
