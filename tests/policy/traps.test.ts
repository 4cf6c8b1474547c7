// Where a plausible implementation is wrong: 54 traps of the domain notes. Those of packs, days, duties and indicators are tested here, each
// under its number; the others name the room that will meet them.

import { describe, expect, it } from 'vitest';
import { describeProblems, readPolicy } from '../../src/app/policy.ts';
import {
  checkCreditCode,
  checkDivisionCode,
  checkIdentityNumber,
  checkPropertyUnitCode,
  creditCheckOf,
} from '../../src/kernel/identifiers.ts';
import { localDate } from '../../src/kernel/local-date.ts';
import { endOfTerm, isRestDay, startOfTerm } from '../../src/kernel/term.ts';
import { PLANNED_ROOMS } from '../../src/law/clause.ts';
import { entriesOf, type PackEntry, type ParameterEntry, sourcesOf } from '../../src/law/pack.ts';
import { daysIn, type Is, lengthIn, satisfies, valueOn } from '../../src/law/parameter.ts';
import { entriesInForce } from '../../src/law/stack.ts';
import { ownPolicyFolder } from '../../src/platform/policy-files.ts';
import { effectOfEntry } from '../../src/registers/requirements/index.ts';

type Room = (typeof PLANNED_ROOMS)[number];

const traps: readonly [number, string, 'here' | Room][] = [
  [1, '三分之二以上含正好三分之二，过半数不含正好一半', 'here'],
  [2, '先四舍五入再比', 'here'],
  [3, '同意的分母是参与表决者，参与的分母是全体', 'here'],
  [4, '只看面积或者只看人数', 'voting'],
  [5, '人数当成户数', 'voting'],
  [6, '未交付的买受人投票', 'voting'],
  [7, '夫妻算两人', 'voting'],
  [8, '按姓名去重', 'voting'],
  [9, '车位默认计入面积', 'here'],
  [10, '弃权从分母里减掉', 'here'],
  [11, '没有收回的票直接算同意', 'voting'],
  [12, '使用和筹集维修资金混为一谈', 'here'],
  [13, '异议表决仍作决定', 'here'],
  [14, '出租广告位当成一般事项', 'here'],
  [15, '住改商按多数同意', 'here'],
  [16, '业委会决定以到会的人为分母', 'here'],
  [17, '双数委员、各地人数上限和三人业委会', 'here'],
  [18, '“不低于一半”当成过半', 'here'],
  [19, '党员比例挡住备案', 'here'],
  [20, '开始日、休假日顺延、调休上班和倒推', 'here'],
  [21, '到处都用工作日', 'here'],
  [22, '十二月末用错年份的休假通知', 'here'],
  [23, '正好三成也触发续交', 'here'],
  [24, '分摊零头加不拢', 'funds'],
  [25, '一部电梯的事由全小区表决', 'voting'],
  [26, '紧急使用就什么都不要', 'here'],
  [27, '买二级市场的国债', 'funds'],
  [28, '两个“165”号混为一谈', 'here'],
  [29, '“十日内退出”当成全国规定', 'here'],
  [30, '解聘六十日与不续签九十日混淆', 'here'],
  [31, '仍要求企业资质', 'here'],
  [32, '等级表的上下限重叠或者漏掉本级', 'here'],
  [33, '山东不足六十分一律 C 级', 'here'],
  [34, '过期、已修复的记录仍计分', 'credit'],
  [35, '抽签不能重算', 'inspections'],
  [36, '二十日与二十个工作日', 'here'],
  [37, '预备党员算进三人，五十、一百说成出自党章', 'here'],
  [38, '党员大会与党内选举的分母', 'here'],
  [39, '把每季一次党课当成规定', 'here'],
  [40, '社区党组织五年，企业党支部三年', 'here'],
  [41, '信用代码校验位为零和小写', 'here'],
  [42, '身份号码校验位对而日期不存在', 'here'],
  [43, '不动产单元代码的位数', 'here'],
  [44, '区划代码前六位必在国标里', 'here'],
  [45, '什么都要同意，或者一个勾选包办', 'here'],
  [46, '只能刷脸', 'here'],
  [47, '选票删得太早或者身份证明永远留着', 'voting'],
  [48, '面积覆盖与小区覆盖、组织覆盖与工作覆盖混用', 'here'],
  [49, '旧条文没有截止日', 'here'],
  [50, '忘了告知居民委员会', 'here'],
  [51, '数业主代表而不数业主', 'assemblies'],
  [52, '停职的委员从全体里减掉', 'committees'],
  [53, '到期就当合同结束', 'services'],
  [54, '加处罚款没有上限', 'here'],
];

const read = await readPolicy([ownPolicyFolder]);
if ('problems' in read) throw new Error(describeProblems(read.problems));
const { policy } = read;
const today = '2026-11-22';

/** The entry of a key that speaks under a pack; the last, where a named case or a conflict stands beside another. */
function entry(pack: string, key: string, on = today): PackEntry {
  const found = entriesInForce(policy.stacks.get(pack)!, localDate(on)).get(key)?.at(-1);
  if (!found) throw new Error(`${pack} 没有 ${key}`);
  return found.entry;
}
function is(pack: string, key: string, on = today): Is | null {
  return valueOn((entry(pack, key) as ParameterEntry).values, localDate(on))?.is ?? null;
}
/** Whether numbers satisfy what a pack says; null where it says nothing on that day. */
function fits(pack: string, key: string, given: Record<string, number | string>, on = today): boolean | null {
  const value = is(pack, key, on);
  return value && satisfies(value, Object.fromEntries(Object.entries(given).map(([name, one]) => [name, String(one)])));
}
const of = (part: number, total: number) => ({ part, total });
const end = (from: string, pack: string, key: string) =>
  endOfTerm({ from: localDate(from), ...lengthIn(is(pack, key)!) }, policy.calendar);
const start = (until: string, pack: string, key: string) =>
  startOfTerm({ until: localDate(until), ...lengthIn(is(pack, key)!) }, policy.calendar).on;
/** Which of several keys a value falls under. */
const under = (pack: string, keys: readonly string[], given: Record<string, number>) =>
  keys.filter((key) => fits(pack, key, given));

const here: Record<number, () => void> = {
  1() {
    expect([
      fits('national', 'voting.turnout', of(200, 300)),
      fits('national', 'voting.turnout', of(199, 300)),
    ]).toEqual([true, false]);
    expect([
      fits('national', 'voting.consent.ordinary', of(151, 300)),
      fits('national', 'voting.consent.ordinary', of(150, 300)),
    ]).toEqual([true, false]);
  },
  2() {
    expect(fits('national', 'voting.turnout', of(6666, 10_000))).toBe(false);
    expect(fits('national', 'voting.turnout', of(0, 0))).toBeNull();
  },
  3() {
    // 66 of 100 agreed to use the fund, 80 took part.
    expect(fits('national', 'voting.before2021.fundOrRebuild', of(66, 100), '2020-12-31')).toBe(false);
    expect(fits('national', 'voting.turnout', of(80, 100), '2021-01-02')).toBe(true);
    expect(fits('national', 'voting.consent.ordinary', of(66, 80), '2021-01-02')).toBe(true);
  },
  9() {
    expect(is('national', 'voting.parking.countsInArea')).toEqual({ kind: 'yes', yes: false });
    expect(entry('national', 'voting.parking.countsInArea').assumption).toContain('议事规则');
  },
  10() {
    // 100 ballots: 50 yes, 20 no, 30 abstain. Without the abstentions 50 of 70 would pass.
    expect(fits('national', 'voting.consent.ordinary', of(50, 100))).toBe(false);
    expect(is('national', 'voting.abstention')).toEqual({ kind: 'yes', yes: true });
  },
  12() {
    const kind = (code: string) =>
      under('national', ['voting.matters.special', 'voting.matters.ordinary'], { code } as never);
    expect([kind('fund-raise'), kind('fund-use')]).toEqual([['voting.matters.special'], ['voting.matters.ordinary']]);
    expect(fits('national', 'voting.consent.special', of(60, 100))).toBe(false);
    expect(fits('national', 'voting.consent.ordinary', of(60, 100))).toBe(true);
  },
  13() {
    expect(fits('henan', 'voting.objectionLimit', of(10, 100), '2020-12-31')).toBe(true);
    expect(fits('henan', 'voting.objectionLimit', of(10, 100), '2021-01-01')).toBeNull();
    expect(fits('henan', 'voting.turnout', of(20, 100))).toBe(false);
  },
  14() {
    expect(fits('national', 'voting.matters.special', { code: 'common-business' })).toBe(true);
    expect(fits('national', 'voting.matters.ordinary', { code: 'common-business' })).toBe(false);
  },
  15() {
    expect(fits('national', 'voting.dwellingToBusiness', of(29, 30))).toBe(false);
    expect(entry('national', 'voting.dwellingToBusiness').allowsLower).toBe(false);
  },
  16() {
    // Seven members, four present, three agree: three of four, but not half of seven.
    expect(fits('national', 'committees.decision', of(3, 7))).toBe(false);
    const three = ['national', 'henan', 'beijing', 'hangzhou', 'shandong'].map((pack) =>
      fits(pack, 'committees.decision', of(3, 6)),
    );
    expect(three).toEqual([true, true, false, false, false]);
    expect([fits('national', 'committees.quorum', of(4, 7)), fits('shandong', 'committees.quorum', of(4, 7))]).toEqual([
      true,
      false,
    ]);
  },
  17() {
    const sizes = (pack: string) => [3, 5, 6, 11, 13].filter((value) => fits(pack, 'committees.size', { value }));
    expect(sizes('national')).toEqual([5, 11]);
    expect(['beijing', 'shanghai', 'shandong'].map(sizes)).toEqual([
      [5, 11, 13],
      [5, 11, 13],
      [5, 11, 13],
    ]);
    expect(fits('beijing', 'committees.smallEstate.size', { value: 3 })).toBe(true);
    expect([100, 101].map((value) => fits('beijing', 'committees.smallEstate.households', { value }))).toEqual([
      true,
      false,
    ]);
    expect(fits('licheng', 'managementCommittees.size', { value: 4 })).toBe(false);
  },
  18() {
    expect([
      fits('national', 'assemblies.prepOwners', of(4, 8)),
      fits('national', 'assemblies.prepSize', { value: 8 }),
    ]).toEqual([true, false]);
    expect(fits('national', 'assemblies.prepOwners', of(3, 7))).toBe(false);
  },
  19() {
    for (const pack of ['jiangsu', 'licheng']) {
      expect(effectOfEntry(entry(pack, 'committees.partyMembers'), 'in-force')).toBe('asks-reason');
    }
    // No policy document refuses anything, whatever it says.
    const refusing = policy.packs.flatMap((pack) =>
      entriesOf(pack).filter((one) => one.rank === 'policy' && effectOfEntry(one, pack.status) === 'refuses'),
    );
    expect(refusing).toEqual([]);
    expect(entry('licheng', 'committees.filing')).toMatchObject({ rank: 'regulation', due: { length: { days: 30 } } });
  },
  20() {
    expect(end('2025-09-05', 'national', 'committees.filingDays').on).toBe('2025-10-09');
    expect(end('2025-09-11', 'national', 'committees.filingDays').on).toBe('2025-10-11');
    expect(end('2025-06-02', 'national', 'committees.filingDays').on).toBe('2025-07-02');
    expect(start('2026-06-30', 'national', 'contracts.nonRenewalNotice')).toBe('2026-04-01');
    expect(start('2026-05-31', 'national', 'committees.renewalLead')).toBe('2026-02-28');
    expect(isRestDay(localDate('2026-02-28'), policy.calendar)).toBe(false);
  },
  21() {
    expect(end('2025-09-30', 'national', 'penalties.hearingRequest').on).toBe('2025-10-14');
    expect(lengthIn(is('national', 'committees.filingDays')!)).toEqual({ days: 30 });
    expect(lengthIn(is('national', 'penalties.payment')!)).toEqual({ days: 15 });
    expect(lengthIn(is('beijing', 'committees.filingReviewDays')!)).toEqual({ workingDays: 5 });
    expect(lengthIn(is('shandong', 'committees.filingReviewDays')!)).toEqual({ days: 10 });
  },
  22() {
    expect(isRestDay(localDate('2022-12-31'), policy.calendar)).toBe(true);
    expect(policy.years.find(({ rest }) => rest.includes(localDate('2022-12-31')))?.year).toBe(2023);
    expect(policy.years.some(({ year }) => year === 2027)).toBe(false);
    expect(end('2027-03-01', 'national', 'penalties.hearingRequest').provisional).toBe(true);
    expect(end('2025-12-30', 'national', 'penalties.hearingRequest')).toEqual({ on: '2026-01-07', provisional: false });
  },
  23() {
    const due = (balance: number) => fits('licheng', 'funds.renewalTrigger', of(balance, 580_710));
    expect([due(174_213), due(174_212)]).toEqual([false, true]);
  },
  26() {
    expect(is('national', 'funds.emergency.disclosed')).toEqual({ kind: 'yes', yes: true });
    expect(entry('national', 'funds.emergencyUse').force).toBe('permitting');
    const leak = (pack: string) =>
      ['roof-wall-leak', 'leak-appraised'].filter((code) => fits(pack, 'funds.emergencyList', { code }));
    expect([leak('zhengzhou-regulations'), leak('shanghai')]).toEqual([['roof-wall-leak'], ['leak-appraised']]);
  },
  28() {
    const cited = (topic: string) =>
      new Set(
        policy.packs.flatMap((pack) =>
          entriesOf(pack)
            .filter((one) => pack.id === 'national' && one.key.startsWith(`${topic}.`))
            .flatMap((one) => sourcesOf(one).map((source) => ('text' in source ? source.text : ''))),
        ),
      );
    expect([...cited('handover')]).toEqual(['acceptance-measures']);
    expect(cited('funds').has('acceptance-measures')).toBe(false);
    expect(cited('funds').has('maintenance-fund-measures')).toBe(true);
  },
  29() {
    const days = ['shanghai', 'hangzhou', 'beijing'].map((pack) => daysIn(is(pack, 'contracts.exitDays')!));
    expect(days).toEqual([10, 15, 30]);
    expect(end('2025-09-25', 'shanghai', 'contracts.exitDays').on).toBe('2025-10-09');
    expect(entry('beijing', 'contracts.exitDays').note).toContain('接到解聘通知');
    for (const pack of ['national', 'henan', 'licheng']) expect(() => entry(pack, 'contracts.exitDays')).toThrow();
    expect(fits('henan', 'contracts.exitPenaltyPerDay', { fen: 1_000_000 })).toBe(true);
  },
  30() {
    expect(end('2025-03-01', 'national', 'contracts.dismissalNotice').on).toBe('2025-04-30');
    expect(start('2026-06-30', 'national', 'contracts.nonRenewalNotice')).toBe('2026-04-01');
    const both = entriesInForce(policy.stacks.get('henan')!, localDate(today)).get('contracts.nonRenewalNotice')!;
    expect(both.map(({ pack }) => pack.id)).toEqual(['national', 'henan-regulations']);
  },
  31() {
    expect(entry('national', 'tenders.qualification')).toMatchObject({ force: 'forbidding', allowsLower: false });
  },
  32() {
    const grades = ['aaa', 'aa', 'a', 'b', 'c'].map((grade) => `credit.grades.${grade}`);
    for (let value = 60; value <= 105; value += 1) expect(under('shangqiu', grades, { value })).toHaveLength(1);
    expect(under('shangqiu', grades, { value: 90 })).toEqual(['credit.grades.aa']);
    expect([69, 60, 70].map((value) => fits('shangqiu', 'credit.blackList', { value }))).toEqual([true, true, false]);
  },
  33() {
    const grades = ['aaa', 'aa', 'a', 'b', 'c'].map((grade) => `credit.grades.${grade}`);
    expect(under('shandong', grades, { value: 59, count: 0 })).toEqual(['credit.grades.b']);
    expect(under('shandong', grades, { value: 59, count: 1 })).toEqual(['credit.grades.c']);
    expect(under('shandong', grades, { value: 85, count: 1 })).toEqual(['credit.grades.aaa']);
  },
  36() {
    expect(lengthIn(is('national', 'inspections.publication')!)).toEqual({ workingDays: 20 });
    expect(end('2025-09-26', 'national', 'inspections.publication').on).toBe('2025-10-30');
  },
  37() {
    expect([2, 3].map((value) => fits('national', 'party.eligibility', { value }))).toEqual([false, true]);
    const filled = policy.packs
      .find((pack) => pack.id === 'henan')!
      .indicators.find((one) => one.key === 'organisation.eligibleCompanies');
    expect(JSON.stringify(filled!.where)).toContain('fullMembers');
    for (const key of ['party.generalBranch', 'party.committeeOfBase']) {
      expect(entry('national', key)).toMatchObject({ force: 'guiding', confidence: 'unverified' });
      expect(JSON.stringify(sourcesOf(entry('national', key)))).not.toContain('章程');
    }
  },
  38() {
    // 21 should attend, 11 do, 10 agree; in an election 16 are there and 9 agree.
    expect(fits('national', 'party.membersMeeting.vote', of(10, 21))).toBe(false);
    expect(entry('national', 'party.membersMeeting.vote').note).toContain('应到会');
    expect(fits('national', 'party.election.vote', of(9, 16))).toBe(true);
    expect(entry('national', 'party.election.vote').note).toContain('实到会');
  },
  39() {
    expect(is('national', 'party.lecture')!.kind).toBe('text');
    expect(entry('national', 'party.lectureRhythm')).toMatchObject({
      force: 'guiding',
      assumption: expect.stringContaining('按期'),
    });
    expect(entry('national', 'party.committeeMeeting').note).toContain('没有支委会');
  },
  40() {
    const term = (key: string) =>
      endOfTerm({ from: localDate('2023-05-10'), ...lengthIn(is('national', key)!) }, policy.calendar, { roll: false })
        .on;
    expect([term('party.branchTerm'), term('party.communityTerm')]).toEqual(['2026-05-10', '2028-05-10']);
  },
  41() {
    expect(creditCheckOf('91350502MAQ6HXUH7')).toBe('0');
    expect(checkCreditCode('9144030071526726xg')).toMatchObject({ ok: true, value: '9144030071526726XG' });
  },
  42() {
    expect(checkIdentityNumber('350502190002290014').ok).toBe(false);
    expect(checkIdentityNumber('11010519491231002x').ok).toBe(true);
  },
  43() {
    expect(checkPropertyUnitCode('350502 001002 GB00012 F00010023').ok).toBe(true);
    expect(checkPropertyUnitCode('350502001002GB00012F00000010023').ok).toBe(false);
    expect([27, 28, 32].map((value) => fits('national', 'formats.unitCode', { value }))).toEqual([false, true, false]);
  },
  44() {
    // A development zone's statistical prefix, which the national standard does not list.
    expect(checkDivisionCode('350571001001').ok).toBe(true);
  },
  45() {
    expect(entry('national', 'privacy.separateConsent')).toMatchObject({
      rank: 'law',
      force: 'binding',
      allowsLower: false,
    });
    expect(is('national', 'privacy.grounds')).toMatchObject({ text: expect.stringContaining('法定职责') });
    expect(entry('national', 'privacy.grounds').note).toContain('不弹同意框');
  },
  46() {
    expect(is('national', 'privacy.faceOnly')).toEqual({ kind: 'yes', yes: false });
    expect(effectOfEntry(entry('national', 'privacy.faceOnly'), 'in-force')).toBe('refuses');
  },
  48() {
    expect(entry('yunnan', 'coverage.area')).toMatchObject({ measure: 'floorArea', target: { a: 9, b: 10 } });
    expect(entry('licheng', 'coverage.unserved.midYear')).toMatchObject({ measure: 'count', target: { a: 7, b: 10 } });
    const counts = ['organisation.organisationCoverage', 'organisation.workCoverage'].map((key) =>
      JSON.stringify(entry('jiangsu', key)),
    );
    expect([counts[0]!.includes('organisationCovered'), counts[1]!.includes('workCovered')]).toEqual([true, true]);
  },
  49() {
    const old = entriesOf(policy.stacks.get('henan')!.chain[0]!).filter((one) =>
      one.key.startsWith('voting.before2021.'),
    );
    expect(old.length).toBe(3);
    for (const one of [...old, entry('henan', 'voting.objectionLimit')] as ParameterEntry[]) {
      expect(valueOn(one.values, localDate('2020-12-31')), one.key).not.toBeNull();
      expect(valueOn(one.values, localDate('2021-01-01')), one.key).toBeNull();
    }
    for (const pack of policy.stacks.values()) {
      if (pack.pack.level !== 'national')
        expect(entriesOf(pack.pack).some((one) => /^voting\.(?:turnout|consent)/.test(one.key))).toBe(false);
    }
  },
  50() {
    for (const key of ['meetings.residentsCommittee', 'meetings.decisionsToResidentsCommittee']) {
      expect(entry('national', key)).toMatchObject({
        rank: 'regulation',
        force: 'binding',
        allowsLower: false,
        confidence: 'original',
      });
    }
  },
  54() {
    // A fine of 10 000 unpaid for 40 days: 3 % a day would be 12 000.
    expect(fits('national', 'penalties.lateCap', of(12_000, 10_000))).toBe(false);
    expect(fits('national', 'penalties.lateRate', of(3, 100))).toBe(true);
  },
};

describe('五十四个陷阱', () => {
  it('一个不漏：在这里测的都有测试，其余写明由哪个模块负责', () => {
    expect(traps.map(([number]) => number)).toEqual(Array.from({ length: 54 }, (_, at) => at + 1));
    const tested = traps.filter(([, , where]) => where === 'here').map(([number]) => number);
    expect(Object.keys(here).map(Number)).toEqual(tested);
    for (const [, , where] of traps) if (where !== 'here') expect(PLANNED_ROOMS).toContain(where);
  });

  it.each(traps.filter(([, , where]) => where === 'here'))('陷阱 %i：%s', (number) => here[number]!());
});
