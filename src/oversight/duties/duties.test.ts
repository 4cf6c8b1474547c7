import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codes, type District, engine, testDistrict, today } from '../../../tests/district.ts';
import { requireHere } from '../../../tests/requirements.ts';
import { localDate } from '../../kernel/local-date.ts';
import { type Actor, sql } from '../../platform/database.ts';
import { record } from '../../platform/journal.ts';
import { listCompanies } from '../../registers/organisations/queries.ts';
import { loadCalendar } from '../../registers/requirements/index.ts';
import { materialiseDuties } from './materialise.ts';
import { findDuties, findInterventions, readBoardOf, sumDuties } from './queries.ts';

let district: District;
beforeAll(async () => {
  district = await testDistrict();
  await requireHere(district);
});
afterAll(() => district.close());

const office = (area: string, organisationId: number): Actor => ({
  standing: 'office',
  lo: area.replace(/0+$/, ''),
  hi: `${area.replace(/0+$/, '')}:`,
  today,
  organisationId,
});
const all = { offset: 0, limit: 500 };

async function file(
  matter: string,
  subject: { kind: string; id: string; scope: string; estate?: number },
  period: string,
  doneOn: string,
) {
  await district.database.transaction(
    { ...engine, personId: district.people.lin, organisationId: district.organisations.bureau },
    async (tx) => {
      await sql`insert into filings.filing (matter, subject_kind, subject_id, subject_label, scope, estate_id, organisation_id, period, done_on, filed_on, person_id, post_id, evidence)
      values (${matter}, ${subject.kind}, ${subject.id}, '测试', ${subject.scope}, ${subject.estate ?? null}, ${district.organisations.bureau}, ${period}, ${doneOn}, ${today},
        ${district.people.lin}, ${district.posts.linBureau}, 'none')`.execute(tx);
      await record(tx, {
        chain: `organisation:${district.organisations.bureau}`,
        act: 'filings.filed',
        object: 'filing:test',
      });
    },
  );
}

describe('应为：由政策包、底册和期间推算义务', () => {
  it('季报：每个街道、每个季度一项，次季首月 10 日前，责任单位是街道办事处', async () => {
    const { rows } = await district.database.transaction(office(codes.district, district.organisations.bureau), (tx) =>
      findDuties(tx, { matter: 'reports.quarterly', year: 2026 }, all),
    );
    const east = rows.filter((row) => row.subjectLabel === '东湖街道');
    expect(east.map((row) => [row.period, row.dueOn, row.standing, row.bearerName])).toEqual([
      ['2025年第四季度', '2026-01-10', 'overdue', '东湖街道办事处'],
      ['2026年第一季度', '2026-04-10', 'overdue', '东湖街道办事处'],
      ['2026年第二季度', '2026-07-10', 'overdue', '东湖街道办事处'],
      ['2026年第三季度', '2026-10-10', 'overdue', '东湖街道办事处'],
    ]);
  });

  it('纳入（2026-01-01）之前到期的义务显示未纳入，不算超期', async () => {
    const { rows } = await district.database.transaction(office(codes.district, district.organisations.bureau), (tx) =>
      findDuties(tx, { matter: 'reports.quarterly', year: 2025 }, all),
    );
    expect(rows.length).toBeGreaterThan(0);
    expect(new Set(rows.map((row) => row.standing))).toEqual(new Set(['not-enrolled']));
  });

  it('清单分页：每页都说共有几项，翻过最后一页也说', async () => {
    const page = (offset: number, limit: number) =>
      district.database.transaction(office(codes.district, district.organisations.bureau), (tx) =>
        findDuties(tx, { matter: 'reports.quarterly', year: 2026 }, { offset, limit }),
      );
    const { total, rows } = await page(0, 500);
    expect(total).toBe(rows.length);
    const parts = [await page(0, 3), await page(3, 500), await page(total, 3)];
    expect(parts.map((part) => part.total)).toEqual([total, total, total]);
    expect(parts.flatMap((part) => part.rows)).toEqual(rows);
  });

  it('只要超期的，与从全部义务中挑出超期的，一项不差', async () => {
    const find = (filter: Parameters<typeof findDuties>[1]) =>
      district.database.transaction(office(codes.district, district.organisations.bureau), (tx) =>
        findDuties(tx, filter, all),
      );
    const every = (await find({})).rows;
    const standings = ['overdue', 'due-soon', 'not-due', 'lapsed', 'not-enrolled', 'met', 'waived'] as const;
    for (const standing of standings)
      expect((await find({ standing })).rows, standing).toEqual(every.filter((row) => row.standing === standing));
    expect((await find({ standing: ['overdue', 'due-soon'] })).rows).toEqual(
      every.filter((row) => row.standing === 'overdue' || row.standing === 'due-soon'),
    );
  });

  it('业委会工作经费：只对在任的业委会，对象和责任单位都是它自己', async () => {
    const { rows } = await district.database.transaction(office(codes.district, district.organisations.bureau), (tx) =>
      findDuties(tx, { matter: 'disclosure.workingFund', year: 2026 }, all),
    );
    expect(rows.map((row) => row.period)).toEqual(expect.arrayContaining(['2026年第一季度', '2026年第四季度']));
    expect(new Set(rows.map((row) => row.bearerId))).toEqual(new Set([district.committee]));
  });

  it('推算两遍，第二遍什么都不改', async () => {
    const again = await district.database.transaction(engine, (tx) => materialiseDuties(tx, localDate(today)));
    expect(again.changed).toBe(0);
    expect(again.duties).toBeGreaterThan(50);
  });

  it('底册变了，不再成立的义务消失，新成立的出现', async () => {
    const community = async () =>
      (await district.database.transaction(engine, (tx) => sumDuties(tx, { matter: 'joint.meeting' }))).required;
    const before = await community();
    await district.database.transaction(engine, async (tx) => {
      await sql`insert into registers.area (code, level, name, parent_code, enrolled_on) values ('990102003000', 'subdistrict', '北岭街道', ${codes.district}, '2026-01-01')`.execute(
        tx,
      );
      await record(tx, {
        chain: `organisation:${district.organisations.bureau}`,
        act: 'areas.added',
        object: 'area:990102003000',
      });
      await materialiseDuties(tx, localDate(today));
    });
    expect(await community()).toBeGreaterThan(before);
    await district.database.transaction(engine, async (tx) => {
      await sql`update registers.area set level = 'community', name = '北岭（并入）' where code = '990102003000'`.execute(
        tx,
      );
      await record(tx, {
        chain: `organisation:${district.organisations.bureau}`,
        act: 'areas.changed',
        object: 'area:990102003000',
      });
      await materialiseDuties(tx, localDate(today));
    });
    expect(await community()).toBe(before);
  });
});

describe('每家企业有一个负责的单位', () => {
  it('登记地的街道办事处；没有的，住建部门；都没有登记的，待补', async () => {
    const bodies = (place: string) =>
      district.database.transaction(engine, async (tx) => {
        const { rows } = await sql<{ name: string | null }>`
          select (select name from registers.organisation where id = registers.responsible_body(${place})) as name`.execute(
          tx,
        );
        return rows[0]!.name;
      });
    expect(await Promise.all([codes.east, codes.spring, codes.district, codes.city].map(bodies))).toEqual([
      '东湖街道办事处',
      '东湖街道办事处',
      '示范区住房和城乡建设局',
      null,
    ]);
    const companies = await district.database.transaction(office(codes.district, district.organisations.bureau), (tx) =>
      listCompanies(tx, { offset: 0, limit: 50, sort: 'name', order: 'asc' }, today),
    );
    expect(companies.rows.map((one) => one.responsibleName)).toEqual(['东湖街道办事处', '西山街道办事处']);
  });

  it('本地的政策包改了，照本地的；还没生效、只是征求意见稿、绑在别处的，不算', async () => {
    const answers: Record<string, (string | null)[]> = {};
    const undone = new Error('只看不留');
    const trial = district.database.transaction(engine, async (tx) => {
      const ask = async () => {
        const { rows } = await sql<{ name: string | null }>`
          select (select name from registers.organisation where id = registers.responsible_body(p.place)) as name
          from unnest(${sql.val([codes.spring, codes.east])}::text[]) with ordinality p (place, n) order by n`.execute(
          tx,
        );
        return rows.map(({ name }) => name);
      };
      const values = [{ from: '2024-03-18', is: { kind: 'oneOf', codes: ['residents-committee', 'housing-bureau'] } }];
      await sql`insert into registers.requirement (pack_id, key, kind, label, force, rank, effect, source, definition)
        values ('licheng', 'companies.responsibleBodies', 'parameter', '归哪个单位负责', 'guiding', 'policy', 'informs', '试验', ${JSON.stringify({ values })}::jsonb)`.execute(
        tx,
      );
      answers.here = await ask();
      await sql`update registers.pack set status = 'draft' where id = 'licheng'`.execute(tx);
      answers.draft = await ask();
      await sql`update registers.pack set status = 'in-force', from_on = '2027-01-01' where id = 'licheng'`.execute(tx);
      answers.later = await ask();
      await sql`update registers.pack set from_on = '2024-03-18' where id = 'licheng'`.execute(tx);
      await sql`update registers.area_pack set to_on = ${today}::date where pack_id = 'licheng'`.execute(tx);
      answers.unbound = await ask();
      throw undone;
    });
    await expect(trial).rejects.toBe(undone);
    const office = ['东湖街道办事处', '东湖街道办事处'];
    expect(answers).toEqual({
      here: ['春江社区居委会', '示范区住房和城乡建设局'],
      draft: office,
      later: office,
      unbound: office,
    });
  });
});

describe('放假安排未公布的年份', () => {
  it('期限暂定；通知到了，期限确定，落在休息日的顺延', async () => {
    const ofDecember = () =>
      district.database.transaction(engine, async (tx) => {
        const { rows } = await sql<{ dueOn: string; provisional: boolean }>`
          select due_on as "dueOn", provisional from oversight.duty where matter = 'joint.meeting' and subject_id = ${codes.east} and period = '2026-Q4'`.execute(
          tx,
        );
        return rows[0];
      });
    expect(await ofDecember()).toEqual({ dueOn: '2026-12-31', provisional: true });
    // The notice for 2027, invented: it reaches back into December.
    await district.database.transaction(engine, async (tx) => {
      await loadCalendar(tx, [
        {
          year: 2027,
          notice: '示范通知',
          rest: ['2026-12-31', '2027-01-01', '2027-01-02', '2027-01-03'].map(localDate),
          work: [],
        },
      ]);
      await materialiseDuties(tx, localDate(today));
    });
    expect(await ofDecember()).toEqual({ dueOn: '2027-01-04', provisional: false });
  });
});

describe('应为减已为', () => {
  it('报备之后状态变为已完成，总账随之相减', async () => {
    const bureau = office(codes.district, district.organisations.bureau);
    const read = () =>
      district.database.transaction(bureau, (tx) => sumDuties(tx, { matter: 'reports.quarterly', year: 2026 }));
    const before = await read();
    await file(
      'reports.quarterly',
      { kind: 'subdistricts', id: codes.east, scope: codes.east },
      '2026-Q1',
      '2026-04-10',
    );
    const after = await read();
    expect(after).toEqual({ ...before, done: before.done + 1, owed: before.owed - 1 });
    expect(after.required).toBe(after.done + after.owed);
  });

  it('总账：各类、各事项、各地之和都等于总数', async () => {
    const board = await district.database.transaction(office(codes.district, district.organisations.bureau), (tx) =>
      readBoardOf(tx, { area: codes.district, year: 2026 }, 9),
    );
    const sum = (ones: { owed: number }[]) => ones.reduce((total, one) => total + one.owed, 0);
    expect(board.total.owed).toBeGreaterThan(0);
    for (const part of [board.categories, board.matters, board.areas]) expect(sum(part)).toBe(board.total.owed);
    expect(board.areas.map((area) => area.name)).toEqual(expect.arrayContaining(['东湖街道', '西山街道']));
  });

  it('街道只看见自己的义务', async () => {
    const rows = (
      await district.database.transaction(office(codes.east, district.organisations.eastOffice), (tx) =>
        findDuties(tx, {}, all),
      )
    ).rows;
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.filter((row) => row.place.includes('西山') || row.subjectLabel === '西山街道')).toEqual([]);
  });

  it('没有身份和范围时什么也看不见', async () => {
    const rows = (await district.database.transaction({ standing: 'office', today }, (tx) => findDuties(tx, {}, all)))
      .rows;
    expect(rows).toEqual([]);
  });

  it('要干预清单：最久的在最前；试运行的街道不在其中', async () => {
    const bureau = office(codes.district, district.organisations.bureau);
    const before = await district.database.transaction(bureau, (tx) =>
      findInterventions(tx, { area: codes.district }, 100),
    );
    expect(before.map((one) => one.daysLate)).toEqual(before.map((one) => one.daysLate).toSorted((a, b) => b - a));
    expect(before.some((one) => one.subjectLabel === '西山街道')).toBe(true);
    await district.database.transaction(engine, async (tx) => {
      await sql`update registers.area set trial_until = '2026-12-31' where code = ${codes.west}`.execute(tx);
      await record(tx, {
        chain: `organisation:${district.organisations.bureau}`,
        act: 'areas.trial',
        object: `area:${codes.west}`,
      });
    });
    const after = await district.database.transaction(bureau, (tx) =>
      findInterventions(tx, { area: codes.district }, 100),
    );
    expect(after.some((one) => one.subjectLabel === '西山街道')).toBe(false);
    expect(after.length).toBeGreaterThan(0);
  });
});
