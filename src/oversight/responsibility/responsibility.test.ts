import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codes, type District, testDistrict, today } from '../../../tests/district.ts';
import { requireHere } from '../../../tests/requirements.ts';
import { localDate } from '../../kernel/local-date.ts';
import { type Actor, sql, type Transaction } from '../../platform/database.ts';
import type { Person } from '../../platform/http.ts';
import { fileDeed } from '../../procedures/filings/index.ts';
import { findOwnRules, readDivisions, readMeasures } from './queries.ts';
import { sharesIn, speaksOf } from './rules.ts';

const day = localDate(today);
const page = { offset: 0, limit: 500 };
let district: District;
let bureau: Actor;
let east: Actor;
beforeAll(async () => {
  district = await testDistrict();
  await requireHere(district);
  const { bureau: organisationId, eastOffice } = district.organisations;
  bureau = { standing: 'office', lo: '990102', hi: '990102:', today, organisationId };
  east = { standing: 'office', lo: '990102001', hi: '990102001:', today, organisationId: eastOffice };
});
afterAll(() => district.close());

const as = <T>(actor: Actor, work: (tx: Transaction) => Promise<T>) => district.database.transaction(actor, work);

describe('责任矩阵', () => {
  it('每项措施写明谁办、期限、条款；应办、办成、还欠与义务清单一次不差', async () => {
    const measures = await as(bureau, (tx) => readMeasures(tx, codes.district, day));
    expect(measures.length).toBeGreaterThan(20);
    for (const one of measures) {
      expect(one.bearer, one.matter).toMatch(/[一-龥]/);
      expect(one.rhythm, one.matter).not.toBe('');
      expect(one.required - one.done, one.matter).toBe(one.owed);
    }
    expect(measures.find((one) => one.matter === 'committees.sealRules')).toMatchObject({
      section: '三（三）',
      clauses: ['LC-3.3n'],
    });
    const { rows } = await as(bureau, (tx) =>
      sql<{
        overdue: number;
      }>`select count(*)::int as overdue from oversight.duty_standing where standing = 'overdue'`.execute(tx),
    );
    expect(measures.reduce((sum, one) => sum + one.owed, 0)).toBe(rows[0]!.overdue);
    expect(rows[0]!.overdue).toBeGreaterThan(0);
  });

  it('街道只算自己的：两个街道之和加上区里的，就是全区', async () => {
    const owed = async (area: string, actor = bureau) =>
      (await as(actor, (tx) => readMeasures(tx, area, day))).reduce((sum, one) => sum + one.owed, 0);
    expect(await owed(codes.east, east)).toBe(await owed(codes.east));
    const { rows } = await as(bureau, (tx) =>
      sql<{
        own: number;
      }>`select count(*)::int as own from oversight.duty_standing where standing = 'overdue' and scope = ${codes.district}`.execute(
        tx,
      ),
    );
    expect((await owed(codes.east)) + (await owed(codes.west)) + rows[0]!.own).toBe(await owed(codes.district));
  });

  it('文本自带的分工逐项列出，只列这里适用的文本', async () => {
    const divisions = await as(bureau, (tx) => readDivisions(tx, codes.district, day));
    expect(divisions).toHaveLength(15);
    expect(divisions.every((one) => /责任：/.test(one.text) && one.clauses.includes('LC-3.1h'))).toBe(true);
  });
});

describe('文本的分工连到措施', () => {
  it.each([
    ['三（四）分工：监管物业企业', '三（四）2', true],
    ['三（一）分工：业委会组建', '三（十）1', false],
    ['任务1分工：党的工作全覆盖', '二（一）1', true],
    ['任务1分工：党的工作全覆盖', '二（三）12', false],
    ['任务12分工：破解堵点难点', '二（三）12', true],
    ['工作经费', '三（四）2', false],
  ])('%s — %s', (label, section, expected) => {
    expect(speaksOf(label, section)).toBe(expected);
  });

  it('牵头、配合、落实各归各；别的话不算', () => {
    expect(sharesIn('牵头：组织、住建；配合：民政；落实：各州市组织；以此为准')).toEqual([
      { part: '牵头', bodies: '组织、住建' },
      { part: '配合', bodies: '民政' },
      { part: '落实', bodies: '各州市组织' },
    ]);
  });

  it('措施带着它那一部分的责任和指导单位；全国的措施没有', async () => {
    const measures = await as(bureau, (tx) => readMeasures(tx, codes.district, day));
    const seal = measures.find((one) => one.matter === 'committees.sealRules')!;
    expect(seal.section).toMatch(/^三（三）/);
    expect(seal.shares).toEqual([
      { part: '责任', bodies: '街道、社区' },
      { part: '指导', bodies: '组织、民政、住建、公安' },
    ]);
    expect(measures.filter((one) => one.shares.length > 0).length).toBeGreaterThan(20);
  });
});

describe('制度清单', () => {
  it('缺的在前，显为“缺”；报备之后有日期、说明；别的街道看不见', async () => {
    const seal = async (actor = bureau) =>
      (await as(actor, (tx) => findOwnRules(tx, { area: codes.district, matter: 'committees.sealRules' }, page, day)))
        .rows;
    const before = await seal();
    // Before the enrolment day nothing is overdue, but a rule that is not there is a gap all the same.
    expect(before.map((one) => [one.subjectLabel, one.state])).toEqual([
      ['东湖街道', 'missing'],
      ['西山街道', 'missing'],
    ]);
    const lin = {
      actor: bureau,
      personId: district.people.lin,
      post: { id: district.posts.linBureau, organisationId: district.organisations.bureau },
      bars: [],
    } as unknown as Person;
    const { rows } = await as(bureau, (tx) =>
      sql<{ period: string }>`select period from oversight.duty where id = ${before[0]!.dutyId}`.execute(tx),
    );
    const filed = await as(bureau, (tx) =>
      fileDeed(
        tx,
        lin,
        {
          matter: 'committees.sealRules',
          subjectKind: 'subdistricts',
          subjectId: codes.east,
          period: rows[0]!.period,
          doneOn: '2025-03-01',
          summary: '印章监管办法 东办〔2025〕3号',
          evidence: 'to-follow',
        },
        day,
      ),
    );
    expect(filed).toHaveProperty('id');
    expect(await seal()).toMatchObject([
      { subjectLabel: '西山街道', state: 'missing' },
      {
        subjectLabel: '东湖街道',
        state: 'filed',
        ruledOn: '2025-03-01',
        summary: '印章监管办法 东办〔2025〕3号',
        files: 0,
      },
    ]);
    expect((await seal(east)).map((one) => one.subjectLabel)).toEqual(['东湖街道']);
    const gaps = await as(bureau, (tx) => findOwnRules(tx, { area: codes.district, state: 'missing' }, page, day));
    expect(gaps.rows.every((one) => one.state === 'missing')).toBe(true);
    expect(gaps.total).toBe(gaps.rows.length);
    expect(new Set(gaps.rows.map((one) => one.matter))).not.toContain('joint.meeting');
    // Past the last page there are as many as before.
    const past = await as(bureau, (tx) =>
      findOwnRules(tx, { area: codes.district, state: 'missing' }, { offset: 500, limit: 20 }, day),
    );
    expect(past).toEqual({ rows: [], total: gaps.total });
  });
});
