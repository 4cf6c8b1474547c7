import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { localDate } from '../kernel/local-date.ts';
import {
  daysIn,
  effectOf,
  FORCES,
  formatIs,
  type Is,
  limitIn,
  parseIs,
  RANKS,
  STATUSES,
  satisfies,
  valueOn,
} from './parameter.ts';
import type { Plain } from './yaml.ts';

function is(value: Plain): Is {
  const problems: string[] = [];
  const parsed = parseIs(value, [], (path, message) => problems.push(`${path.join('.')} ${message}`));
  if (!parsed) throw new Error(problems.join());
  return parsed;
}

describe('参数的值', () => {
  it.each([
    [{ atLeast: '2/3' }, '不低于 2/3'],
    [{ moreThan: '1/2' }, '超过 1/2'],
    [{ below: '3/10' }, '低于 3/10'],
    [{ atMost: '11' }, '不超过 11'],
    [{ atLeast: '5', atMost: '11' }, '不低于 5，且不超过 11'],
    [{ count: { atLeast: '5' } }, '数量不低于 5'],
    [{ share: { of: 'partyMembers', in: 'members', atLeast: '1/2' } }, '党员委员人数占委员人数的比例不低于 1/2'],
    [{ all: [{ atLeast: '5' }, { odd: 'true' }] }, '不低于 5，且为单数'],
    [{ any: [{ count: { atLeast: '3' } }, { count: { atMost: '1' } }] }, '数量不低于 3，或数量不超过 1'],
    [{ days: '15' }, '15 日'],
    [{ workingDays: '5' }, '5 个工作日'],
    [{ months: '3' }, '3 个月'],
    [{ years: '5' }, '5 年'],
    [{ one: ['a', 'b'] }, 'a、b'],
    [{ text: '书面' }, '书面'],
    [{ yes: 'true' }, '是'],
    [{ hours: '24' }, '24 小时'],
    [{ minutes: '30' }, '30 分钟'],
    [{ every: 'quarter' }, '每季度'],
    [{ fen: { atLeast: '5000000', atMost: '20000000' } }, '不低于 50,000.00 元，且不超过 200,000.00 元'],
  ])('%o 显示为“%s”', (value, text) => {
    expect(formatIs(is(value as Plain))).toBe(text);
  });

  it.each([
    [{ atLeast: '0.5' }, '整数或分数'],
    [{ atLeast: '1/0' }, '整数或分数'],
    [{ atLeast: '1', days: '3' }, '一次只用一种写法'],
    [{ count: { atLeast: '1/2' } }, '应为整数'],
    [{ share: { of: 'nobody', in: 'members', atLeast: '1/2' } }, 'nobody'],
    [{ share: { in: 'members', atLeast: '1/2' } }, '缺少 of'],
    [{ share: { of: 'partyMembers', in: 'members' } }, 'atLeast'],
    [{ days: '0' }, '正整数'],
    [{ days: '1.5' }, '正整数'],
    [{ one: [] }, '列表'],
    [{ yes: 'yes' }, 'true 或 false'],
    [{ odd: 'false' }, '只能写 true'],
    [{ hours: '0.5' }, '正整数'],
    [{ every: 'week' }, 'month、quarter'],
    [{ fen: { atMost: '0.5' } }, '应为整数'],
    [{ formula: 'a+b' }, '不认识的写法'],
    [{}, '以下之一'],
    ['2/3', '以下之一'],
  ])('%o 不是值（%s）', (value, message) => {
    const problems: string[] = [];
    expect(parseIs(value as Plain, [], (_, text) => problems.push(text))).toBeNull();
    expect(problems.join()).toContain(message);
  });

  it.each([
    [{ atLeast: '2/3' }, { part: '199', total: '300' }, false],
    [{ atLeast: '2/3' }, { part: '200', total: '300' }, true],
    [{ atLeast: '2/3' }, { part: '0', total: '0' }, null],
    [{ all: [{ atLeast: '5' }, { atMost: '11' }, { odd: 'true' }] }, { value: '4' }, false],
    [{ all: [{ atLeast: '5' }, { atMost: '11' }, { odd: 'true' }] }, { value: '5' }, true],
    [{ all: [{ atLeast: '5' }, { atMost: '11' }, { odd: 'true' }] }, { value: '6' }, false],
    [{ all: [{ atLeast: '5' }, { atMost: '11' }, { odd: 'true' }] }, { value: '11' }, true],
    [{ all: [{ atLeast: '5' }, { atMost: '11' }, { odd: 'true' }] }, { value: '13' }, false],
    [{ share: { of: 'partyMembers', in: 'members', atLeast: '1/2' } }, { partyMembers: '3', members: '6' }, true],
    [{ share: { of: 'partyMembers', in: 'members', atLeast: '1/2' } }, { partyMembers: '2', members: '5' }, false],
    [{ share: { of: 'partyMembers', in: 'members', atLeast: '1/2' } }, { partyMembers: '2' }, null],
    [
      { any: [{ share: { of: 'partyMembers', in: 'members', atLeast: '1/2' } }, { count: { atLeast: '3' } }] },
      { partyMembers: '3', members: '7', count: '3' },
      true,
    ],
    [{ one: ['a', 'b'] }, { code: 'b' }, true],
    [{ fen: { atLeast: '100', atMost: '200' } }, { fen: '200' }, true],
    [{ fen: { atLeast: '100', atMost: '200' } }, { fen: '201' }, false],
    [{ one: ['a', 'b'] }, { code: 'c' }, false],
  ])('%o 对 %o 为 %s', (value, given, expected) => {
    expect(satisfies(is(value as Plain), given as unknown as Record<string, string>)).toBe(expected);
  });

  it('按日期取值，失效后没有值', () => {
    const source = { text: 'civil-code', article: '第一条' };
    const values = [
      { from: localDate('2021-01-01'), is: is({ days: '15' }), source },
      { from: localDate('2024-01-01'), to: localDate('2025-12-31'), is: is({ days: '20' }), source },
    ];
    const on = (day: string) => valueOn(values, localDate(day));
    expect(on('2020-12-31')).toBeNull();
    expect(daysIn(on('2021-01-01')!.is)).toBe(15);
    expect(daysIn(on('2023-12-31')!.is)).toBe(15);
    expect(daysIn(on('2024-01-01')!.is)).toBe(20);
    expect(daysIn(on('2025-12-31')!.is)).toBe(20);
    expect(on('2026-01-01')).toBeNull();
  });

  it('形状不对的读取是程序错误', () => {
    expect(limitIn(is({ atLeast: '2/3' }))).toEqual({ comparison: 'atLeast', a: 2, b: 3 });
    expect(() => limitIn(is({ atLeast: '1', atMost: '2' }))).toThrow();
    expect(() => daysIn(is({ months: '2' }))).toThrow();
  });
});

describe('效力', () => {
  it.each([
    ['binding', 'law', 'in-force', false, 'refuses'],
    ['forbidding', 'regulation', 'in-force', false, 'refuses'],
    ['binding', 'covenant', 'in-force', true, 'refuses'],
    ['binding', 'policy', 'in-force', true, 'opens-duty'],
    ['binding', 'policy', 'in-force', false, 'warns'],
    ['guiding', 'law', 'in-force', true, 'asks-reason'],
    ['guiding', 'policy', 'in-force', false, 'asks-reason'],
    ['encouraging', 'law', 'in-force', true, 'informs'],
    ['permitting', 'policy', 'in-force', true, 'informs'],
    ['binding', 'law', 'draft', true, 'trial'],
    ['forbidding', 'policy', 'press-report', true, 'trial'],
    ['guiding', 'policy', 'draft', true, 'informs'],
    ['encouraging', 'law', 'draft', true, 'informs'],
  ] as const)('%s × %s × %s（发文机关下级：%s）为 %s', (force, rank, status, underIssuer, effect) => {
    expect(effectOf({ force, rank, status, underIssuer })).toBe(effect);
  });

  it('只有现行的法律、法规、规约中的“应当”“不得”可以不予办理', () => {
    const any = <Code extends string>(codes: Record<Code, string>) =>
      fc.constantFrom(...(Object.keys(codes) as Code[]));
    fc.assert(
      fc.property(any(FORCES), any(RANKS), any(STATUSES), fc.boolean(), (force, rank, status, underIssuer) => {
        const refuses = effectOf({ force, rank, status, underIssuer }) === 'refuses';
        expect(refuses).toBe(
          status === 'in-force' && rank !== 'policy' && (force === 'binding' || force === 'forbidding'),
        );
      }),
    );
  });
});
