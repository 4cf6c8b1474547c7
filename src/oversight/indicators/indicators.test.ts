import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codes, type District, engine, password, testDistrict, today } from '../../../tests/district.ts';
import { requireHere } from '../../../tests/requirements.ts';
import { type Site, testSite } from '../../../tests/site.ts';
import { routes } from '../../app/routes.ts';
import { localDate } from '../../kernel/local-date.ts';
import { type Actor, sql, type Transaction } from '../../platform/database.ts';
import type { Person } from '../../platform/http.ts';
import { record } from '../../platform/journal.ts';
import { collectRows, readWorkbook } from '../../platform/spreadsheets/index.ts';
import { addEstates } from '../../registers/estates/index.ts';
import { closeSurvey, openSurvey } from '../../registers/surveys/index.ts';
import { freezeBase, releaseBase } from './commands.ts';
import { findIndicatorSubjects, readIndicatorOf, readIndicators } from './queries.ts';
import { type Figure, maskSmall, monthsToTake, refusalsOfBase, targetWord, verdictOf } from './rules.ts';
import { readTrendOf, takeSnapshots } from './snapshots.ts';

const day = localDate(today);
const page = { offset: 0, limit: 100 };
let district: District;
let bureau: Actor;
let site: Site;
beforeAll(async () => {
  district = await testDistrict();
  await requireHere(district);
  bureau = { standing: 'office', lo: '990102', hi: '990102:', today, organisationId: district.organisations.bureau };
  site = await testSite(district, routes);
});
afterAll(async () => {
  await site?.close();
  await district?.close();
});

describe('结论：目标 70%，分子、分母、待补', () => {
  const target = { comparison: 'atLeast', a: 70, b: 100 } as const;
  it.each([
    [69n, 100n, 0n, 'short'],
    [70n, 100n, 0n, 'reached'],
    [71n, 100n, 0n, 'reached'],
    [69n, 100n, 1n, 'undecided'],
    [68n, 100n, 1n, 'short'],
    [70n, 100n, 30n, 'reached'],
    [0n, 0n, 0n, 'none'],
  ] as const)('%s / %s，待补 %s → %s', (numerator, denominator, unknown, verdict) => {
    expect(verdictOf({ numerator, denominator, unknown, unweighed: 0n }, target)).toBe(verdict);
  });

  it('没有目标的指标只作观察', () => {
    expect(verdictOf({ numerator: 1n, denominator: 2n, unknown: 0n, unweighed: 0n }, null)).toBe('watch');
  });

  it('还有对象的面积待补，就不下结论：面积不当作 0', () => {
    expect(verdictOf({ numerator: 100n, denominator: 100n, unknown: 0n, unweighed: 1n }, target)).toBe('undecided');
    expect(verdictOf({ numerator: 0n, denominator: 0n, unknown: 0n, unweighed: 1n }, target)).toBe('undecided');
  });
});

describe('目标的说法', () => {
  it.each([
    ['atLeast', 1, 1, '全部（100%）'],
    ['atLeast', 7, 10, '不低于 70%'],
    ['moreThan', 1, 2, '超过 50%'],
    ['atMost', 1, 1, '不超过 100%'],
    ['atLeast', 2, 3, '不低于 2/3'],
  ] as const)('%s %d/%d：%s', (comparison, a, b, word) => {
    expect(targetWord({ comparison, a, b })).toBe(word);
  });
});

describe('冻结分母的理由一次说全', () => {
  const base = {
    areaCode: codes.district,
    baseOn: localDate('2024-03-18'),
    today: day,
    campaign: '2024',
    by: localDate('2024-12-31'),
    overDuties: false,
    subjects: 3,
    frozen: [],
    bars: 0,
  };
  it.each([
    ['都合适', {}, []],
    ['不属于行动', { campaign: null }, [/不属于有期限的行动/]],
    ['按次数计', { overDuties: true }, [/应办次数/]],
    ['基准日没到', { baseOn: localDate('2026-11-23'), by: null }, [/还没有到/]],
    ['基准日就是今天', { baseOn: day, by: null }, []],
    ['基准日晚于截止日', { baseOn: localDate('2025-01-01') }, [/晚于行动的截止日/]],
    ['基准日就是截止日', { baseOn: localDate('2024-12-31') }, []],
    ['上级已冻结', { areaCode: codes.east, frozen: [{ areaCode: codes.district, areaName: '示范区' }] }, [/已经冻结/]],
    ['下级已冻结', { frozen: [{ areaCode: codes.east, areaName: '东湖街道' }] }, [/东湖街道的分母已经冻结/]],
    ['旁边已冻结', { areaCode: codes.west, frozen: [{ areaCode: codes.east, areaName: '东湖街道' }] }, []],
    ['按摸排的名单', { survey: { closed: true, sameKind: true } }, []],
    ['摸排还没有结束', { baseOn: undefined, survey: { closed: false, sameKind: true } }, [/还没有结束/]],
    ['摸排数的不是它', { survey: { closed: true, sameKind: false } }, [/名单是小区/]],
    ['两样都没有写，或都写了', { baseOn: undefined }, [/二者选一/]],
    ['有须回避的', { bars: 1 }, [/回避/]],
    ['没有对象', { subjects: 0 }, [/一个对象也没有/]],
    ['几条都不合', { campaign: null, bars: 1, subjects: 0 }, [/有期限/, /回避/, /对象/]],
  ] as const)('%s', (_, change, reasons) => {
    const refusals = refusalsOfBase({ ...base, ...change });
    expect(refusals).toHaveLength(reasons.length);
    for (const [at, reason] of reasons.entries()) expect(refusals[at]!.reason).toMatch(reason);
  });
});

describe('月末快照取哪几个月', () => {
  it.each([
    [null, '2026-11-22', ['2026-05-31', '2026-06-30', '2026-07-31', '2026-08-31', '2026-09-30', '2026-10-31']],
    ['2026-10-31', '2026-11-30', []],
    ['2026-10-31', '2026-12-01', ['2026-11-30']],
    ['2026-10-31', '2027-01-01', ['2026-11-30', '2026-12-31']],
  ] as const)('上次 %s，今天 %s', (last, now, months) => {
    expect(monthsToTake(last && localDate(last), localDate(now))).toEqual(months);
  });
});

describe('公开页面不露小数目', () => {
  const figure = (numerator: bigint, denominator: bigint, unknown = 0n): Figure => ({
    numerator,
    denominator,
    unknown,
    unweighed: 0n,
  });
  const masked = (cells: readonly Figure[]) => {
    const total = cells.reduce((a, b) => figure(a.numerator + b.numerator, a.denominator + b.denominator));
    const { total: sum, cells: shown } = maskSmall(total, cells, 5n);
    return [sum.denominator, ...shown.map((one) => one.denominator)];
  };
  it.each([
    ['都够大', [figure(10n, 20n), figure(5n, 10n)], [30n, 20n, 10n]],
    ['0 和全部不是小数目', [figure(0n, 20n), figure(10n, 10n)], [30n, 20n, 10n]],
    ['两处分子各 4：都不公布', [figure(4n, 20n), figure(4n, 10n), figure(10n, 20n)], [50n, null, null, 20n]],
    [
      '一处小，再带上其余最小的一处，免得从总数减出来',
      [figure(4n, 20n), figure(15n, 30n), figure(10n, 20n)],
      [70n, null, 30n, null],
    ],
    ['差额 4 也是小数目', [figure(16n, 20n), figure(15n, 30n)], [50n, null, null]],
    ['待补 4 也是', [figure(8n, 20n, 4n), figure(15n, 30n)], [50n, null, null]],
    ['只有一处：总数就是它，一并不公布', [figure(4n, 20n), figure(0n, 0n)], [null, null, 0n]],
    ['总数本身小', [figure(2n, 30n), figure(2n, 30n)], [null, null, null]],
  ] as const)('%s', (_, cells, expected) => {
    expect(masked(cells)).toEqual(expected);
  });
});

describe('指标：分子、分母来自底册与报备', () => {
  const find = async (key: string) => {
    const items = await district.database.transaction(bureau, (tx) => readIndicators(tx, codes.district, day));
    return items.find((one) => one.key === key)!;
  };

  it('无物业小区覆盖率：摸底时一个小区无物业，至今没有服务', async () => {
    expect(await find('coverage.unserved.now')).toMatchObject({
      numerator: '0',
      denominator: '1',
      unknown: '0',
      verdict: 'short',
      final: false,
    });
  });

  it('已结束的行动按截止日计算：2024 年底的结果不因后来进场而改变', async () => {
    await district.database.transaction(engine, async (tx) => {
      await sql`insert into registers.service_project (estate_id, scope, mode, company_id, started_on)
        select id, scope, 'company', ${district.organisations.company}, '2025-03-01' from registers.estate where id = ${district.estates.oldTown}`.execute(
        tx,
      );
      await record(tx, {
        chain: `estate:${district.estates.oldTown}`,
        act: 'projects.started',
        object: `estate:${district.estates.oldTown}`,
      });
    });
    expect(await find('coverage.unserved.yearEnd')).toMatchObject({
      numerator: '0',
      denominator: '1',
      asOf: '2024-12-31',
      final: true,
      verdict: 'short',
    });
    expect(await find('coverage.unserved.now')).toMatchObject({
      numerator: '1',
      denominator: '1',
      asOf: today,
      final: false,
      verdict: 'reached',
    });
  });

  it('业委会党员比例：5 人中 3 名党员，达到“不低于一半或不少于 3 人”；人数不明时列为待补', async () => {
    expect(await find('committees.partyMembers.newlyFormed')).toMatchObject({
      numerator: '1',
      denominator: '1',
      unknown: '0',
      verdict: 'reached',
    });
    await district.database.transaction(engine, async (tx) => {
      await sql`update registers.committee set party_member_count = null where organisation_id = ${district.committee}`.execute(
        tx,
      );
      await record(tx, {
        chain: `estate:${district.estates.garden}`,
        act: 'committees.changed',
        object: `organisation:${district.committee}`,
      });
    });
    expect(await find('committees.partyMembers.newlyFormed')).toMatchObject({
      numerator: '0',
      denominator: '1',
      unknown: '1',
      verdict: 'undecided',
    });
  });

  it('数字背后的名单：与分子、分母逐一对得上，并能按街道拆开', async () => {
    const { id, denominator, numerator } = await find('coverage.unserved.now');
    const list = (part: 'all' | 'counted') =>
      district.database.transaction(bureau, (tx) =>
        findIndicatorSubjects(tx, id, { area: codes.district, part }, day, page),
      );
    expect((await list('all')).total).toBe(Number(denominator));
    expect((await list('counted')).rows.map((row) => row.label)).toEqual(['老城里']);
    expect(Number(numerator)).toBe(1);
    const split = await district.database.transaction(bureau, (tx) => readIndicatorOf(tx, id, codes.district, day, 9));
    expect(split?.areas.map((area) => [area.name, area.denominator])).toEqual([['东湖街道', '1']]);
  });

  it('公开版：不足 5 个的不公布，也不能由合计推算；监管的人在页面上看到每个数', async () => {
    const { id } = await find('coverage.unserved.now');
    const cookie = await site.signIn('区住建局', password);
    expect((await site.get(`/api/indicators/${id}`, cookie)).json().areas).toMatchObject([{ numerator: '1' }]);
    const book = await readWorkbook((await site.get(`/api/indicators/${id}/publication`, cookie)).rawPayload, {
      name: '公开版.xlsx',
    });
    const read = book.ok && (await collectRows(book.sheets[0]!));
    const rows = read && read.ok === true ? read.rows.map((row) => row.cells.slice(0, 3)) : [];
    expect(rows.slice(-2)).toEqual([
      ['合计', '不公布', '不公布'],
      ['东湖街道', '不公布', '不公布'],
    ]);
    expect(rows.flat().join()).toContain('不足 5 个的，以及能由此推算出来的，不公布');
  });

  it('每项指标都说清口径和依据', async () => {
    const items = await district.database.transaction(bureau, (tx) => readIndicators(tx, codes.district, day));
    expect(items.length).toBeGreaterThan(20);
    for (const one of items) {
      expect(one.definition).toMatch(/分母：.+分子：/);
      // In words, never by key.
      expect(one.definition).not.toMatch(/[a-z]+\.[a-zA-Z]+/);
      expect(one.source.length).toBeGreaterThan(0);
    }
  });

  it('街道的数字只算街道之内', async () => {
    const west: Actor = { standing: 'office', lo: '990102002', hi: '990102002:', today };
    const items = await district.database.transaction(west, (tx) => readIndicators(tx, codes.district, day));
    expect(items.find((one) => one.key === 'coverage.unserved.now')).toMatchObject({
      denominator: '0',
      verdict: 'none',
    });
  });

  describe('冻结的分母', () => {
    const lin = () =>
      ({
        actor: bureau,
        personId: district.people.lin,
        post: { id: district.posts.linBureau, organisationId: district.organisations.bureau },
        bars: [],
      }) as unknown as Person;
    const asLin = <T>(work: (tx: Transaction) => Promise<T>) =>
      district.database.transaction(
        { ...bureau, personId: district.people.lin, postId: district.posts.linBureau },
        work,
      );
    const input = async () => ({
      id: (await find('coverage.unserved.yearEnd')).id,
      area: codes.district,
      baseOn: '2024-03-18',
      document: '示范区摸底底册（2024 年 3 月）',
    });
    const addUnserved = (name: string) =>
      district.database.transaction(engine, async (tx) => {
        const [added] = await addEstates(tx, [
          { communityCode: codes.lake, name, surveyedUnserved: true, serviceSurveyed: true, enrolledOn: today },
        ]);
        await record(tx, { chain: `estate:${added!.id}`, act: 'estates.added', object: `estate:${added!.id}` });
      });

    it('两人同时冻结，只成一次；后来新增的小区不改变比例，另列可见；解除后才计入', async () => {
      const asked = await input();
      const results = await Promise.all([1, 2].map(() => asLin((tx) => freezeBase(tx, lin(), asked, day))));
      expect(results.filter((one) => 'subjects' in one)).toEqual([{ id: expect.any(Number), subjects: 1 }]);
      expect(results.filter((one) => 'refusals' in one)).toHaveLength(1);
      await addUnserved('新查出的小区');
      const frozen = await find('coverage.unserved.yearEnd');
      expect(frozen).toMatchObject({ numerator: '0', denominator: '1', final: true });
      expect(frozen.frozen).toMatchObject([{ areaName: '示范区', baseOn: '2024-03-18', frozenOn: today }]);
      expect(frozen.definition).toMatch(/冻结分母（按 2024-03-18 的名单）之后新增的/);
      const list = (part: 'all' | 'leftOut') =>
        asLin((tx) => findIndicatorSubjects(tx, asked.id, { area: codes.district, part }, day, page));
      expect((await list('all')).rows.map((row) => row.label)).toEqual(['老城里']);
      expect((await list('leftOut')).rows.map((row) => row.label)).toEqual(['新查出的小区']);
      // A sub-district reads its part of the same frozen list.
      const east: Actor = { standing: 'office', lo: '990102001', hi: '990102001:', today };
      const below = await district.database.transaction(east, (tx) => readIndicators(tx, codes.east, day));
      expect(below.find((one) => one.id === asked.id)).toMatchObject({ numerator: '0', denominator: '1' });
      const { id } = results.find((one) => 'id' in one) as { id: number };
      await asLin((tx) => releaseBase(tx, lin(), { id, reason: '基准日有误' }, day));
      expect(await find('coverage.unserved.yearEnd')).toMatchObject({
        numerator: '0',
        denominator: '2',
        verdict: 'short',
      });
      expect(await asLin((tx) => releaseBase(tx, lin(), { id, reason: '再来一次' }, day))).toMatchObject({
        allowed: false,
      });
    });

    it('按摸排的名单冻结：名单上没有的，底册当天有也不进；没有结束的、没有摸遍的不行；口径和留痕都写明', async () => {
      const asked = { ...(await input()), baseOn: undefined };
      const on = (date: string) => localDate(date);
      const survey = async (area: string, title: string) => {
        const fields = { title, basis: '2024 年专项行动', area, fields: ['kind' as const], dueOn: '2024-03-31' };
        const made = await asLin((tx) => openSurvey(tx, lin(), fields, on('2024-03-05')));
        return (made as { id: number }).id;
      };
      const closed = (id: number) => asLin((tx) => closeSurvey(tx, lin(), { id, note: '到期结束' }, on('2024-03-20')));
      const [whole, east, open] = [
        await survey(codes.district, '全区摸底'),
        await survey(codes.east, '东湖摸底'),
        await survey(codes.district, '还在摸'),
      ];
      await closed(whole);
      await closed(east);
      await addUnserved('摸排以后才查出的小区');
      const freeze = (change: { survey?: number; baseOn?: string }) =>
        asLin((tx) => freezeBase(tx, lin(), { ...asked, ...change }, day));
      for (const id of [open, east])
        expect(await freeze({ survey: id })).toMatchObject({ refusals: [{ field: 'survey' }] });
      for (const both of [{}, { survey: whole, baseOn: '2024-03-18' }])
        expect(await freeze(both)).toMatchObject({ refusals: [{ field: 'baseOn' }] });
      const freezable = await site.get(`/api/indicators/${asked.id}`, await site.signIn('区住建局', password));
      expect(freezable.json()).toMatchObject({ freezable: { surveys: [{ id: whole, closedOn: '2024-03-20' }] } });

      const made = (await freeze({ survey: whole })) as { id: number; subjects: number };
      const frozen = await find('coverage.unserved.yearEnd');
      expect(frozen.definition).toContain(`冻结分母（按第 ${whole} 次摸排 2024-03-20 结束时的名单）之后新增的`);
      expect(frozen.frozen).toMatchObject([{ surveyId: whole, baseOn: '2024-03-20' }]);
      const list = async (part: 'all' | 'leftOut') =>
        (await asLin((tx) => findIndicatorSubjects(tx, asked.id, { area: codes.district, part }, day, page))).rows.map(
          (row) => row.label,
        );
      expect((await list('all')).sort()).toEqual(['新查出的小区', '老城里']);
      expect(made.subjects).toBe(2);
      expect(await list('leftOut')).toEqual(['摸排以后才查出的小区']);
      const { rows } = await district.database.transaction({ standing: 'auditor', today }, (tx) =>
        sql<{ detail: string; definition: string }>`
          select j.detail::text as detail, b.definition from platform.journal j join oversight.indicator_base b on j.object = 'indicatorBase:' || b.id
          where b.id = ${made.id}::int and j.act = 'indicators.frozen'`.execute(tx),
      );
      expect(rows[0]!.detail).toMatch(new RegExp(`"survey": ?${whole}\\b`));
      expect(rows[0]!.definition).toContain(`名单：按第 ${whole} 次摸排 2024-03-20 结束时的名单。`);
      // Not even past the program: the list of a survey that still runs is none.
      const forged = asLin(async (tx) => {
        await sql`insert into oversight.indicator_base (requirement_id, area_code, scope, base_on, frozen_on, document, definition, survey_id, organisation_id, person_id, post_id)
          values (${asked.id}, ${codes.district}, ${codes.district}, ${today}, ${today}, '伪造', '伪造', ${open}, ${district.organisations.bureau}, ${district.people.lin},
            ${district.posts.linBureau})`.execute(tx);
      });
      await expect(forged).rejects.toThrow(/row-level security/);
      await asLin((tx) => releaseBase(tx, lin(), { id: made.id, reason: '试过了' }, day));
    });

    it('辖区之外不能冻结；街道不能替全区冻结', async () => {
      const west = {
        ...lin(),
        actor: { standing: 'office', lo: '990102002', hi: '990102002:', today },
      } as unknown as Person;
      const asked = await input();
      expect(await asLin((tx) => freezeBase(tx, west, asked, day))).toMatchObject({ status: 404 });
      expect(await asLin((tx) => freezeBase(tx, west, { ...asked, area: codes.east }, day))).toMatchObject({
        status: 404,
      });
    });
  });

  describe('月末快照', () => {
    const take = () => district.database.transaction(engine, (tx) => takeSnapshots(tx, day));
    const trend = (id: number, actor = bureau) =>
      district.database.transaction(actor, (tx) => readTrendOf(tx, { id, area: codes.district, anew: 'yes' }, day));

    it('两个调度同时跑，每月只存一次；再跑不再存', async () => {
      const taken = await Promise.all([take(), take()]);
      expect(taken.map((one) => one.length).sort()).toEqual([0, 6]);
      expect(await take()).toEqual([]);
    });

    it('按当日重算，与存下的一致；后来新增的小区不影响过去', async () => {
      const { id } = await find('coverage.unserved.now');
      const before = await trend(id);
      expect(before.at(-1)).toMatchObject({ asOf: '2026-10-31', numerator: '1', denominator: '1' });
      await district.database.transaction(engine, async (tx) => {
        const [added] = await addEstates(tx, [
          {
            communityCode: codes.stone,
            name: '十一月才纳入',
            surveyedUnserved: true,
            serviceSurveyed: true,
            enrolledOn: '2026-11-01',
          },
        ]);
        await record(tx, { chain: `estate:${added!.id}`, act: 'estates.added', object: `estate:${added!.id}` });
      });
      const after = await trend(id);
      expect(after.length).toBeGreaterThan(4);
      for (const { asOf, anew, ...kept } of after) {
        const { numerator, denominator, unknown, unweighed, verdict } = kept;
        expect(anew, asOf).toEqual({ numerator, denominator, unknown, unweighed, verdict });
      }
    });

    it('每项指标、每个月都是如此', async () => {
      const items = await district.database.transaction(bureau, (tx) => readIndicators(tx, codes.district, day));
      let compared = 0;
      for (const { id, key } of items)
        for (const { asOf, anew, numerator, denominator } of await trend(id)) {
          expect([anew!.numerator, anew!.denominator], `${key} ${asOf}`).toEqual([numerator, denominator]);
          compared++;
        }
      expect(compared).toBeGreaterThan(20);
    });

    it('底册更正了过去，重算就与存下的不同，两个数都看得见', async () => {
      const { id } = await find('coverage.unserved.now');
      await district.database.transaction(engine, async (tx) => {
        await sql`update registers.estate set surveyed_unserved = true, service_surveyed = true where id = ${district.estates.lakeside}`.execute(
          tx,
        );
        await record(tx, {
          chain: `estate:${district.estates.lakeside}`,
          act: 'estates.changed',
          object: `estate:${district.estates.lakeside}`,
        });
      });
      expect((await trend(id)).at(-1)).toMatchObject({ denominator: '1', anew: { denominator: '2' } });
    });

    it('街道只看到自己的那一份，企业看不到别人的小区合成的线', async () => {
      const { id } = await find('coverage.unserved.now');
      const west: Actor = { standing: 'office', lo: '990102002', hi: '990102002:', today };
      expect(await trend(id, west)).toEqual([]);
      const company: Actor = {
        standing: 'body',
        estates: [district.estates.garden],
        organisationId: district.organisations.company,
        today,
      };
      expect(await trend(id, company)).toEqual([]);
    });
  });
});

describe('按建筑面积计的指标', () => {
  let other: District;
  beforeAll(async () => {
    other = await testDistrict();
    await requireHere(other, 'yunnan', '2023-01-01');
  });
  afterAll(() => other.close());

  it('面积待补的小区单独列出，不当作 0，也就不下结论；名单里找得到', async () => {
    const actor: Actor = { standing: 'office', lo: '990102', hi: '990102:', today };
    const items = await other.database.transaction(actor, (tx) => readIndicators(tx, codes.district, day));
    const byArea = items.find((one) => one.unit === '平方米')!;
    expect(byArea).toMatchObject({ denominator: '5200005', unweighed: 3, verdict: 'undecided' });
    const { rows } = await other.database.transaction(actor, (tx) =>
      findIndicatorSubjects(tx, byArea.id, { area: codes.district, part: 'unknown' }, day, page),
    );
    expect(rows.filter((row) => row.unweighed)).toHaveLength(3);
  });
});
