import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codes, type District, engine, testDistrict, today } from '../../../tests/district.ts';
import { requireHere } from '../../../tests/requirements.ts';
import { localDate } from '../../kernel/local-date.ts';
import { type Actor, sql } from '../../platform/database.ts';
import { record } from '../../platform/journal.ts';
import { findIndicatorSubjects, readIndicatorOf, readIndicators } from './queries.ts';
import { targetWord, verdictOf } from './rules.ts';

const day = localDate(today);
const page = { offset: 0, limit: 100 };
let district: District;
let bureau: Actor;
beforeAll(async () => {
  district = await testDistrict();
  await requireHere(district);
  bureau = { standing: 'office', lo: '990102', hi: '990102:', today, organisationId: district.organisations.bureau };
});
afterAll(() => district.close());

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
    expect(verdictOf({ numerator, denominator, unknown }, target)).toBe(verdict);
  });

  it('没有目标的指标只作观察', () => {
    expect(verdictOf({ numerator: 1n, denominator: 2n, unknown: 0n }, null)).toBe('watch');
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
});
