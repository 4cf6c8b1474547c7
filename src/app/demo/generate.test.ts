import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkCreditCode, levelOfDivision } from '../../kernel/identifiers.ts';
import { localDate } from '../../kernel/local-date.ts';
import { demoRosters } from './load.ts';
import { cast } from './names.ts';
import type { Roster } from './roster.ts';
import { unitsOf } from './units.ts';

const anchor = localDate('2026-11-22');
const rosters = demoRosters({ anchor, seed: 1 });
const [district, ...others] = rosters as [Roster, ...Roster[]];

/** Estates surveyed as unserved that have a service project on a day. */
function servedOn(roster: Roster, day: string): number {
  const served = new Set(
    roster.projects
      .filter(({ startedOn, endedOn }) => startedOn! <= day && (endedOn ?? '9999') > day)
      .map(({ estate }) => estate),
  );
  return roster.estates.filter(({ estate }, at) => estate.surveyedUnserved && served.has(at)).length;
}

describe('演示数据的生成', () => {
  it('同一种子与锚定日得到完全相同的数据，换种子则不同', () => {
    const small = { anchor, seed: 7, scale: 0.05 };
    const json = (given: Parameters<typeof demoRosters>[0]) =>
      JSON.stringify(demoRosters(given), (_, value) => (typeof value === 'bigint' ? `${value}` : value));
    expect(json(small)).toBe(json(small));
    expect(json({ ...small, seed: 8 })).not.toBe(json(small));
    const [first] = demoRosters(small);
    expect(unitsOf(7, first!.estates[0]!.plan)).toEqual(unitsOf(7, first!.estates[0]!.plan));
  });

  it('示范区与方案同规模：8 个街道、80 个社区、231 个在管小区、60 个摸底时无物业小区、12 万户、60 家企业', () => {
    const level = (name: string) => district.areas.filter((area) => levelOfDivision(area.code) === name).length;
    expect(level('subdistrict')).toBe(8);
    expect(level('community')).toBe(80);
    expect(district.estates.filter(({ estate }) => !estate.surveyedUnserved).length).toBe(231);
    expect(district.estates.filter(({ estate }) => estate.surveyedUnserved).length).toBe(60);
    expect(district.companies.length).toBe(60);
    const made = district.estates.map(({ plan }) => unitsOf(1, plan));
    expect(made.reduce((sum, { units }) => sum + units.length, 0)).toBe(120_000);
    const owned = made.reduce((sum, { ownerships }) => sum + new Set(ownerships.map(({ unit }) => unit)).size, 0);
    expect(owned).toBeGreaterThan(114_000);
    const phones = made.flatMap(({ owners }) => owners.flatMap(({ phone }) => (phone ? [phone] : [])));
    expect(phones.length).toBeGreaterThan(200);
    expect(phones.length).toBeLessThan(600);
  });

  it('业委会约占小区的 55%，有届满的，有党员人数不足的，有人数待补的', () => {
    const owners = district.committees.filter(({ kind }) => kind === 'owners');
    const share = owners.length / district.estates.length;
    expect(share).toBeGreaterThan(0.48);
    expect(share).toBeLessThan(0.62);
    expect(owners.filter(({ termTo }) => termTo! <= anchor).length).toBeGreaterThan(3);
    const below = owners.filter(
      ({ memberCount, partyMemberCount: party }) =>
        memberCount && party !== null && party! < 3 && 2 * party! < memberCount,
    );
    expect(below.length).toBeGreaterThan(20);
    expect(owners.filter(({ partyMemberCount }) => partyMemberCount === null).length).toBeGreaterThan(3);
    expect(district.committees.filter(({ kind }) => kind === 'management').length).toBeGreaterThan(3);
  });

  it('2024 年的两次目标有可信的结果：六月底过七成，年底差几个', () => {
    expect(servedOn(district, '2024-03-17')).toBe(0);
    expect(servedOn(district, '2024-06-30')).toBe(43);
    expect(servedOn(district, '2024-12-31')).toBe(57);
    expect(servedOn(district, anchor)).toBeLessThan(60);
  });

  it('不明的留空：面积、户数、长效管理都有待补的', () => {
    for (const field of ['floorAreaCentiM2', 'households', 'longTermManaged', 'fundAlarmUnits'] as const) {
      const unknown = district.estates.filter(({ estate }) => estate[field] === null).length;
      expect(unknown, field).toBeGreaterThan(3);
      expect(unknown, field).toBeLessThan(120);
    }
  });

  it('纳入日随锚定日走：两个街道晚纳入，一个试运行', () => {
    expect(district.enrolledOn).toBe('2026-01-01');
    const streets = district.areas.filter((area) => levelOfDivision(area.code) === 'subdistrict');
    expect(streets.filter(({ enrolledOn }) => enrolledOn > district.enrolledOn).length).toBe(2);
    expect(streets.filter(({ trialUntil }) => trialUntil && trialUntil > anchor).length).toBe(1);
    const [later] = demoRosters({ anchor: localDate('2027-03-05'), seed: 1, scale: 0.05 });
    expect(later!.enrolledOn).toBe('2026-05-01');
  });

  it('没有一个区划代码落在真实范围内，代码与名称不重复', () => {
    const areas = rosters.flatMap((roster) => roster.areas);
    // GB/T 2260 begins provinces with 11 to 65, 71, 81 and 82.
    for (const { code } of areas) expect(code).toMatch(/^9[5-9]\d{10}$/);
    expect(new Set(areas.map(({ code }) => code)).size).toBe(areas.length);
    expect(new Set(areas.map(({ parentCode, name }) => `${parentCode}${name}`)).size).toBe(areas.length);
    const estates = rosters.flatMap((roster) =>
      roster.estates.map(({ estate }) => `${estate.communityCode}${estate.name}`),
    );
    expect(new Set(estates).size).toBe(estates.length);
    const codes = new Set(areas.map(({ code }) => code));
    for (const roster of rosters)
      for (const { estate } of roster.estates) expect(codes.has(estate.communityCode)).toBe(true);
  });

  it('统一社会信用代码全部有效且不重复，企业名一看即知是虚构', () => {
    const companies = rosters.flatMap((roster) => roster.companies.map(({ organisation }) => organisation));
    for (const { uscc, name } of companies) {
      expect(checkCreditCode(uscc!)).toMatchObject({ ok: true, value: uscc });
      expect(name).toMatch(/^(示范|演示)/);
    }
    expect(new Set(companies.map(({ uscc }) => uscc)).size).toBe(companies.length);
    expect(new Set(companies.map(({ name }) => name)).size).toBe(companies.length);
  });

  it('其余四个地方各有两街道、四社区、十二小区、六企业，五个文本都有地方适用', () => {
    expect(others.length).toBe(4);
    for (const { areas, estates, companies } of others) {
      expect([areas.length, estates.length, companies.length]).toEqual([3 + 2 + 4, 12, 6]);
    }
    const packs = rosters.flatMap(({ bindings }) => bindings.map(({ packId }) => packId));
    expect(packs.toSorted()).toEqual(['henan', 'jiangsu', 'jiaozuo', 'licheng', 'yunnan', 'zhengzhou']);
  });

  it('固定人物各只有一人，登录的人都有任职，一人兼两处', () => {
    for (const name of Object.values(cast)) {
      const people = district.people.filter((one) => one.name === name).length;
      const owners = district.estates.filter(({ plan }) => plan.firstOwners.includes(name)).length;
      expect(people + owners, name).toBe(1);
    }
    const two = district.people.find(({ name }) => name === cast.twoPosts)!;
    expect(new Set(two.posts.map(({ at }) => JSON.stringify(at))).size).toBe(2);
    for (const { at } of district.people.flatMap(({ posts }) => posts)) {
      if (at && 'body' in at) expect(district.bodies[at.body]).toBeDefined();
    }
  });

  it('每个单位都有办事的人', () => {
    for (const roster of rosters) {
      const held = new Set(
        [...roster.people, ...roster.ownerPosts].flatMap(({ posts }) => posts.map(({ at }) => JSON.stringify(at))),
      );
      for (const [body, { name }] of roster.bodies.entries())
        expect(held.has(JSON.stringify({ body })), name).toBe(true);
      for (const company of roster.companies.keys()) expect(held.has(JSON.stringify({ company }))).toBe(true);
      for (const committee of roster.committees.keys()) expect(held.has(JSON.stringify({ committee }))).toBe(true);
    }
  });

  it('生成的代码不看时钟、不掷骰子', () => {
    const sources = readdirSync(import.meta.dirname).filter(
      (name) => name.endsWith('.ts') && !name.endsWith('.test.ts'),
    );
    expect(sources.length).toBeGreaterThan(6);
    for (const name of sources)
      expect(readFileSync(join(import.meta.dirname, name), 'utf8'), name).not.toMatch(
        /Math\.random|new Date|Date\.now|performance\./,
      );
  });
});
