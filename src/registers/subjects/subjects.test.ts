import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codes, type District, engine, testDistrict, today } from '../../../tests/district.ts';
import { localDate } from '../../kernel/local-date.ts';
import { attributesOf, type Condition, holds, SUBJECTS, type Subject } from '../../law/conditions.ts';
import { sql } from '../../platform/database.ts';
import { conditionSql } from './condition-sql.ts';
import { findSubject, subjectsOn } from './queries.ts';
import { columnOf, facts } from './subjects.ts';

let district: District;
beforeAll(async () => {
  district = await testDistrict();
});
afterAll(() => district.close());

const kinds = Object.keys(SUBJECTS) as Subject[];
const filed = () => sql`false`;

describe('对象与条件', () => {
  it('词汇表里的每个属性，事实函数都有这一列', async () => {
    await district.database.transaction(engine, async (tx) => {
      for (const kind of kinds) {
        const columns = Object.keys(attributesOf(kind)).map((attribute) => sql.raw(`s.${columnOf(kind, attribute)}`));
        await sql`select ${sql.join(columns)} from ${subjectsOn(kind, sql`${today}::date`)} s`.execute(tx);
      }
    });
    expect(kinds.length).toBe(Object.keys(facts).length);
  });

  it('词汇表之外的词到不了 SQL', () => {
    expect(() => columnOf('estates', 'served; drop table registers.estate; --')).toThrow('no attribute');
    expect(() => columnOf('estates', 'toString')).toThrow('no attribute');
  });

  it('生成的 SQL 与参考含义逐一相同（随机条件 × 全部小区，含待补）', async () => {
    const condition: fc.Arbitrary<Condition> = fc.letrec<{ any: Condition }>((tie) => ({
      any: fc.oneof(
        { maxDepth: 3 },
        fc.record({
          kind: fc.constant('boolean' as const),
          attribute: fc.constantFrom('served', 'surveyedUnserved', 'urban', 'hasCommittee'),
          is: fc.boolean(),
        }),
        fc.record({
          kind: fc.constant('number' as const),
          attribute: fc.constantFrom('households', 'floorAreaCentiM2', 'fundAlarmUnits'),
          limit: fc.record({
            comparison: fc.constantFrom('atLeast' as const, 'moreThan' as const, 'below' as const, 'atMost' as const),
            a: fc.integer({ min: 0, max: 12 }),
            b: fc.constant(1),
          }),
        }),
        fc.record({
          kind: fc.constant('share' as const),
          of: fc.constant('households'),
          in: fc.constant('floorAreaCentiM2'),
          limit: fc.constant({ comparison: 'atLeast' as const, a: 1, b: 866667 }),
        }),
        fc.record({ kind: fc.constant('odd' as const), attribute: fc.constant('households') }),
        fc.record({
          kind: fc.constant('date' as const),
          attribute: fc.constant('enrolledOn'),
          comparison: fc.constantFrom('since' as const, 'before' as const),
          on: fc.constantFrom(localDate('2025-12-31'), localDate('2026-01-01'), localDate('2026-01-02')),
        }),
        fc.record({
          kind: fc.constantFrom('any' as const, 'all' as const),
          conditions: fc.array(tie('any'), { minLength: 1, maxLength: 3 }),
        }),
      ),
    })).any;
    await district.database.transaction(engine, async (tx) => {
      const names = Object.keys(attributesOf('estates'));
      const { rows } = await sql<
        Record<string, never>
      >`select ${sql.join(names.map((name) => sql`${sql.raw(`s.${columnOf('estates', name)}`)} as ${sql.ref(name)}`))}, s.subject_id as id
        from ${subjectsOn('estates', sql`${today}::date`)} s order by s.subject_id`.execute(tx);
      await fc.assert(
        fc.asyncProperty(condition, async (one) => {
          const answers = await sql<{ id: string; answer: boolean | null }>`
            select s.subject_id as id, ${conditionSql('estates', one, filed)} as answer from ${subjectsOn('estates', sql`${today}::date`)} s order by s.subject_id`.execute(
            tx,
          );
          expect(answers.rows.map((row) => row.answer)).toEqual(
            rows.map((row) => holds(one, { valueOf: (name) => row[name] ?? null, filed: () => false })),
          );
        }),
        { numRuns: 150 },
      );
    });
  });

  it('别处的区划找不到，如同没有', async () => {
    const west = { standing: 'office', lo: '990102002', hi: '990102002:', today } as const;
    await district.database.transaction(west, async (tx) => {
      expect(await findSubject(tx, 'subdistricts', codes.east, localDate(today))).toBeUndefined();
      expect(await findSubject(tx, 'estates', String(district.estates.garden), localDate(today))).toBeUndefined();
      expect(await findSubject(tx, 'subdistricts', codes.west, localDate(today))).toMatchObject({ label: '西山街道' });
    });
  });
});
