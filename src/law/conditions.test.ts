import { describe, expect, it } from 'vitest';
import {
  type Condition,
  formatCondition,
  holds,
  isKey,
  parseCondition,
  type Subject,
  type SubjectFacts,
} from './conditions.ts';
import type { Plain } from './yaml.ts';

function parse(value: Plain, subject: Subject): { condition: Condition | null; problems: string[] } {
  const problems: string[] = [];
  return {
    condition: parseCondition(value, subject, [], (path, message) => problems.push(`${path.join('.')}: ${message}`)),
    problems,
  };
}

function facts(values: Record<string, unknown>, filed: string[] = []): SubjectFacts {
  return { valueOf: (name) => (values[name] ?? null) as never, filed: (matter) => filed.includes(matter) };
}

const partyShare = {
  any: [{ share: { of: 'partyMembers', in: 'members', atLeast: '1/2' } }, { partyMembers: { atLeast: '3' } }],
};

describe('条件', () => {
  it.each([
    [{ inTerm: 'true' }, 'committees', { inTerm: true }, true, '在任期内'],
    [{ inTerm: 'false' }, 'committees', { inTerm: true }, false, '不是“在任期内”'],
    [{ inTerm: 'true' }, 'committees', {}, null, '在任期内'],
    [{ fullMembers: { atLeast: '3' } }, 'companies', { fullMembers: 2 }, false, '正式党员人数不低于 3'],
    [{ fullMembers: { atLeast: '3' } }, 'companies', { fullMembers: 3 }, true, '正式党员人数不低于 3'],
    [{ fullMembers: { moreThan: '3' } }, 'companies', { fullMembers: 3 }, false, '正式党员人数超过 3'],
    [{ fullMembers: { below: '3' } }, 'companies', { fullMembers: 3 }, false, '正式党员人数低于 3'],
    [{ fullMembers: { atMost: '3' } }, 'companies', { fullMembers: 3 }, true, '正式党员人数不超过 3'],
    [
      { formedOn: { since: '2024-03-18' } },
      'committees',
      { formedOn: '2024-03-18' },
      true,
      '本届任期开始日在 2024-03-18 及以后',
    ],
    [{ formedOn: { since: '2024-03-18' } }, 'committees', { formedOn: '2024-03-17' }, false, '2024-03-18'],
    [{ formedOn: { before: '2024-03-18' } }, 'committees', { formedOn: '2024-03-18' }, false, '2024-03-18 以前'],
    [{ odd: 'members' }, 'committees', { members: 7 }, true, '委员人数为单数'],
    [{ odd: 'members' }, 'committees', { members: 8 }, false, '委员人数为单数'],
    [partyShare, 'committees', { partyMembers: 3, members: 7 }, true, '比例不低于 1/2，或党员委员人数不低于 3'],
    [partyShare, 'committees', { partyMembers: 2, members: 5 }, false, '，或'],
    [partyShare, 'committees', { partyMembers: 3 }, true, '，或'],
    [partyShare, 'committees', { partyMembers: 2 }, null, '，或'],
    [{ inTerm: 'true', hasPartyUnit: 'true' }, 'committees', { inTerm: false }, false, '在任期内，且有党小组'],
    [{ inTerm: 'true', hasPartyUnit: 'true' }, 'committees', { inTerm: true }, null, '，且'],
    [
      { share: { of: 'ownerMembers', in: 'members', moreThan: '1/2' } },
      'managementCommittees',
      { ownerMembers: 0, members: 0 },
      null,
      '业主委员人数占委员人数',
    ],
  ] as const)('%o（%s）对 %o 为 %s', (value, subject, values, expected, text) => {
    const { condition, problems } = parse(value as unknown as Plain, subject);
    expect(problems).toEqual([]);
    expect(holds(condition!, facts(values))).toBe(expected);
    expect(formatCondition(condition!, subject)).toContain(text);
  });

  it('已报某事项', () => {
    const { condition } = parse({ filed: 'milestones.digitalPlatform' }, 'districts');
    expect(holds(condition!, facts({}, ['milestones.digitalPlatform']))).toBe(true);
    expect(holds(condition!, facts({}))).toBe(false);
    expect(formatCondition(condition!, 'districts', () => '建成平台')).toBe('已报“建成平台”');
  });

  it.each([
    [{ parking: 'true' }, 'estates', '没有属性 parking'],
    [{ constructor: 'true' }, 'estates', '没有属性 constructor'],
    [{ inTerm: 'true' }, 'estates', '没有属性 inTerm'],
    [{ inTerm: 'yes' }, 'committees', 'true 或 false'],
    [{ members: { atLeast: '1/2' } }, 'committees', '应为整数'],
    [{ members: { atLeast: '1', atMost: '3' } }, 'committees', '之一'],
    [{ members: '3' }, 'committees', '之一'],
    [{ formedOn: { since: '2024-02-30' } }, 'committees', 'since'],
    [{ share: { of: 'inTerm', in: 'members', atLeast: '1/2' } }, 'committees', '没有数值属性 inTerm'],
    [{ odd: 'formedOn' }, 'committees', '没有数值属性 formedOn'],
    [{ filed: 'Digital Platform' }, 'districts', '职责的键'],
    [{ any: [] }, 'estates', '条件的列表'],
    [{ any: { served: 'true' } }, 'estates', '条件的列表'],
    [{ all: [{ served: 'true' }, { nothing: 'true' }] }, 'estates', 'all.1.nothing'],
    [{}, 'estates', '条件应为'],
  ] as const)('%o（%s）不是条件：%s', (value, subject, message) => {
    const { condition, problems } = parse(value as unknown as Plain, subject);
    expect(condition).toBeNull();
    expect(problems.join()).toContain(message);
  });

  it.each([
    ['voting.turnout', true],
    ['coverage.unserved.yearEnd', true],
    ['voting', false],
    ['Voting.turnout', false],
    ['voting.turn-out', false],
    ["voting.x'; drop table", false],
  ])('键 %s：%s', (key, expected) => {
    expect(isKey(key)).toBe(expected);
  });
});
