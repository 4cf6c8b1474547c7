import { describe, expect, it } from 'vitest';
import { localDate } from '../kernel/local-date.ts';
import { restCalendar } from '../kernel/term.ts';
import { type ClauseText, parseClauses } from './clause.ts';
import { type Pack, type PolicyFile, type Problem, parsePack, sourcesOf } from './pack.ts';
import { checkAnswers, entriesInForce, stackPacks } from './stack.ts';

const CLAUSES = `text: sample-2024
number: 示范〔2024〕1号
title: 示范方案
status: in-force
clauses:
  SM-1a:
    section: 一
    demand: 每个季度公布一次。
    force: binding
    kind: disclosure
    mechanism: revenue-disclosure
    capability: disclosure
    actors: [owners-committee]
    answer: { kind: duty, key: disclosure.workingFund }
  SM-1b:
    section: 一
    demand: 大家一起努力。
    force: exhortation
    kind: publicity
    mechanism: framing
    capability: reporting
    actors: []
    answer: { kind: exhortation }
`;

const HEAD = `id: sample
label: 示范包
level: district
under: national
status: in-force
rank: policy
from: 2024-03-18
text: sample-2024
document:
  number: 示范〔2024〕1号
  title: 示范方案
  issuedOn: 2024-03-18
  issuers: [示范区住建局]
`;

const DUTY = `disclosure.workingFund:
  label: 公布工作经费
  group: disclosure
  force: binding
  over: committees
  where: { inTerm: true }
  bearer: owners-committee
  guides: [subdistrict-office]
  owedTo: [owners]
  due: { every: quarter, month: 1, day: 10 }
  metBy: filings.filed
  source: { clause: SM-1a }
  examples:
    - { given: { period: 2026-Q3 }, expect: 2026-10-10 }
    - { on: 2026-08-15, expect: 2026-10-10 }
`;

const INDICATOR = `coverage.unserved:
  label: 服务覆盖率
  group: coverage
  force: binding
  over: estates
  where: { surveyedUnserved: true }
  counts: { served: true }
  target: { atLeast: 7/10 }
  by: 2024-06-30
  campaign: 2024
  source: { clauses: [SM-1a, SM-1b] }
  examples: [{ given: { part: 7, total: 10 }, expect: true }, { given: { part: 0, total: 0 }, expect: not-applicable }]
`;

const PARAMETER = `committees.partyMembers:
  label: 党员比例
  force: guiding
  rank: policy
  values:
    2024-03-18:
      is: { any: [{ share: { of: partyMembers, in: members, atLeast: 1/2 } }, { count: { atLeast: 3 } }] }
      source: { clause: SM-1a }
    2026-01-01: { is: { share: { of: partyMembers, in: members, atLeast: 2/3 } }, source: { text: 某条例, article: 第一条 } }
  examples:
    - { given: { partyMembers: 3, members: 7, count: 3 }, on: 2025-01-01, expect: true }
    - { given: { partyMembers: 4, members: 7 }, on: 2026-01-01, expect: false }
    - { given: {}, on: 2024-03-17, expect: none }
`;

function clauses(text = CLAUSES): ClauseText {
  const parsed = parseClauses({ path: 'clauses/sample-2024.yaml', text });
  if (!('clauses' in parsed)) throw new Error(JSON.stringify(parsed.problems));
  return parsed.clauses;
}

function files(topics: Record<string, string>, head = HEAD): PolicyFile[] {
  return [
    { path: 'sample/pack.yaml', text: head },
    ...Object.entries(topics).map(([name, text]) => ({ path: `sample/${name}.yaml`, text })),
  ];
}

function parse(topics: Record<string, string>, head = HEAD): Pack {
  const parsed = parsePack(files(topics, head), [clauses()]);
  if (!('pack' in parsed)) throw new Error(JSON.stringify(parsed.problems, null, 1));
  return parsed.pack;
}

function problemsOf(topics: Record<string, string>, head = HEAD): Problem[] {
  const parsed = parsePack(files(topics, head), [clauses()]);
  return 'problems' in parsed ? parsed.problems : [];
}

describe('政策包的读取', () => {
  it('参数、职责、指标各归其类，值带出处', () => {
    const pack = parse({ disclosure: DUTY, coverage: INDICATOR, committees: PARAMETER });
    expect(pack).toMatchObject({
      id: 'sample',
      under: 'national',
      from: '2024-03-18',
      document: { issuers: ['示范区住建局'] },
      duties: [
        {
          key: 'disclosure.workingFund',
          bearer: 'owners-committee',
          where: { kind: 'boolean', attribute: 'inTerm', is: true },
          due: { shape: 'following', every: 'quarter', month: 1, day: 10, roll: true },
          warnDays: null,
          file: 'sample/disclosure.yaml',
          line: 1,
        },
      ],
      indicators: [
        { target: { comparison: 'atLeast', a: 7, b: 10 }, by: '2024-06-30', campaign: '2024', measure: 'count' },
      ],
    });
    expect(pack.parameters[0]!.values.map(({ from }) => from)).toEqual(['2024-03-18', '2026-01-01']);
    expect(sourcesOf(pack.parameters[0]!)).toEqual([{ clauses: ['SM-1a'] }, { text: '某条例', article: '第一条' }]);
    expect(JSON.parse(JSON.stringify(pack))).toEqual(pack);
  });

  it('上报的各级照写，不写就没有', () => {
    const levels = '[{ after: 5, to: subdistrict-office }, { after: 15, to: housing-bureau }]';
    const [with_] = parse({
      disclosure: DUTY.replace('owedTo: [owners]', `supporting: [housing-bureau]\n  escalations: ${levels}`),
    }).duties;
    expect(with_).toMatchObject({
      supporting: ['housing-bureau'],
      escalations: [
        { after: 5, to: 'subdistrict-office' },
        { after: 15, to: 'housing-bureau' },
      ],
    });
    expect(parse({ disclosure: DUTY }).duties[0]).toMatchObject({ supporting: [], escalations: [] });
  });

  it.each<[string, string, string, number, string, (string | null)?]>([
    ['不认识的字段', DUTY, 'metBy: filings.filed|metBy: filings.filed\n  colour: red', 12, '不认识的字段 colour'],
    ['不认识的属性', DUTY, 'inTerm: true|inSeason: true', 6, '没有属性 inSeason'],
    ['不认识的对象', DUTY, 'over: committees|over: committies', 5, '不认识的对象 committies'],
    ['不认识的责任单位', DUTY, 'bearer: owners-committee|bearer: owners', 7, 'bearer 不认识 owners'],
    ['不认识的指导单位', DUTY, '[subdistrict-office]|[street]', 8, 'guides 不认识 street'],
    ['不认识的配合单位', DUTY, 'guides: [subdistrict-office]|supporting: [street]', 8, 'supporting 不认识 street'],
    ['上报写成一个单位', DUTY, 'owedTo: [owners]|escalations: housing-bureau', 9, 'escalations 应为列表'],
    [
      '上报天数为零',
      DUTY,
      'owedTo: [owners]|escalations: [{ after: 0, to: housing-bureau }]',
      9,
      'after 应为正整数（超期天数）',
    ],
    [
      '上报给责任单位自己',
      DUTY,
      'owedTo: [owners]|escalations: [{ after: 5, to: owners-committee }]',
      9,
      '不能上报给责任单位自己',
    ],
    [
      '上报各级不分先后',
      DUTY,
      'owedTo: [owners]|escalations: [{ after: 5, to: subdistrict-office }, { after: 5, to: housing-bureau }]',
      9,
      '后一级的天数须大于前一级',
    ],
    ['不认识的效力', DUTY, 'force: binding|force: must', 4, 'force 不认识 must'],
    ['不认识的分组', DUTY, 'group: disclosure|group: misc', 3, 'group 不认识 misc'],
    ['缺少效力', DUTY, '  force: binding\n|', 1, '缺少 force'],
    ['缺少名称', DUTY, '  label: 公布工作经费\n|', 1, '缺少 label'],
    ['缺少出处', DUTY, '  source: { clause: SM-1a }\n|', 1, '缺少 source', null],
    ['缺少分组', DUTY, '  group: disclosure\n|', 1, '缺少 group'],
    ['条款不存在', DUTY, 'clause: SM-1a|clause: SM-9z', 12, 'sample-2024 没有条款 SM-9z', 'SM-9z'],
    [
      '不认识的文本',
      DUTY,
      '{ clause: SM-1a }|{ text: some-law, article: 第一条 }',
      12,
      '不认识的文本 some-law',
      '《some-law》第一条',
    ],
    ['出处不成形', DUTY, '{ clause: SM-1a }|SM-1a', 12, 'source 应写作', null],
    ['重复的键', DUTY, 'label: 公布工作经费|label: 公布工作经费\n  label: 又一次', 3, '重复的键', null],
    ['周期不成形', DUTY, 'every: quarter|every: week', 10, 'every 应为'],
    [
      '事件与对象不符',
      DUTY,
      '{ every: quarter, month: 1, day: 10 }|{ after: estates.enrolled, days: 3 }',
      10,
      '与 over: committees 不符',
    ],
    [
      '例子不成立',
      DUTY,
      '2026-Q3 }, expect: 2026-10-10|2026-Q3 }, expect: 2026-10-09',
      14,
      '应得 2026-10-10，写的是 2026-10-09',
    ],
    ['例子缺少条件', DUTY, '{ period: 2026-Q3 }|{ quarter: 2026-Q3 }', 14, '缺少计算所需的 given'],
    ['提醒天数不是整数', DUTY, 'metBy: filings.filed|metBy: filings.filed\n  warnDays: 半月', 12, 'warnDays'],
    ['其他的落实方式', DUTY, 'filings.filed|reports.submitted', 11, 'metBy'],
    ['检查日不是日期', DUTY, 'metBy: filings.filed|metBy: filings.filed\n  checked: 2024-13-01', 12, '不是日期'],
    ['键不成形', DUTY, 'disclosure.workingFund:|Disclosure:', 1, '键 Disclosure'],
    ['既是职责又是指标', DUTY, 'metBy: filings.filed|target: { watch: true }', 1, '须恰有 values'],
    ['目标不成形', INDICATOR, 'atLeast: 7/10|atLeast: 0.7', 8, '整数或分数'],
    ['截止日早于生效日', INDICATOR, 'by: 2024-06-30|by: 2024-03-17', 9, '早于政策包生效日'],
    ['既有截止日又长期', INDICATOR, 'campaign: 2024|standing: true', 1, '须恰有 by'],
    ['缺少分子', INDICATOR, '  counts: { served: true }\n|', 1, '缺少 counts'],
    ['面积只用于小区', INDICATOR, 'over: estates|over: companies\n  measure: floorArea', 6, '只有小区'],
    ['指标例子不成立', INDICATOR, 'part: 7, total: 10|part: 69, total: 100', 12, '应得 false，写的是 true'],
    ['over: duties 缺少 of', INDICATOR, 'over: estates|over: duties', 1, '须写 of'],
    ['生效日不是日期', PARAMETER, '2026-01-01: {|2026-02-30: {', 9, '“2026-02-30”不是日期', '《某条例》第一条'],
    [
      '失效日早于生效日',
      PARAMETER,
      '2026-01-01: { is|2026-01-01: { to: 2025-01-01, is',
      9,
      '早于生效日',
      '《某条例》第一条',
    ],
    ['日期重叠', PARAMETER, 'source: { clause: SM-1a }|source: { clause: SM-1a }\n      to: 2026-01-01', 9, '日期重叠'],
    ['值不成形', PARAMETER, 'atLeast: 2/3|formula: x', 9, '应写作', '《某条例》第一条'],
    ['参数例子不成立', PARAMETER, 'expect: none|expect: true', 13, '应得 none'],
    ['缺少值的出处', PARAMETER, '      source: { clause: SM-1a }\n|', 6, '缺少 source', null],
  ])('%s：指出文件、行号与所涉条款', (_, text, change, line, message, clause = 'SM-1a') => {
    const [from = '', to = ''] = change.split('|');
    expect(text).toContain(from);
    const changed = text.replace(from, to);
    expect(problemsOf({ topic: changed })).toContainEqual({
      file: 'sample/topic.yaml',
      line,
      message: expect.stringContaining(message),
      ...(clause === null ? {} : { clause }),
    });
  });

  it.each([
    ['id: sample|id: Sample 1', 1, 'id 应为'],
    ['level: district|level: village', 3, 'level 不认识 village'],
    ['under: national\n|', 1, '缺少 under'],
    ['status: in-force|status: valid', 5, 'status 不认识 valid'],
    ['from: 2024-03-18|from: 2024-3-18', 7, '不是日期'],
    ['from: 2024-03-18|from: 2024-03-18\nto: 2024-03-17', 8, '早于生效日'],
    ['text: sample-2024|text: sample-2025', 8, 'clauses/sample-2025.yaml'],
    ['  title: 示范方案\n|', 9, '缺少 title'],
    ['label: 示范包|label: 示范包\nowner: 我', 3, '不认识的字段 owner'],
  ])('pack.yaml 的错误：%s', (change, line, message) => {
    const [from = '', to = ''] = change.split('|');
    expect(HEAD).toContain(from);
    expect(problemsOf({}, HEAD.replace(from, to))).toContainEqual({
      file: 'sample/pack.yaml',
      line,
      message: expect.stringContaining(message),
    });
  });

  it('一次列出所有文件的所有错误', () => {
    const problems = problemsOf(
      {
        a: DUTY.replace('over: committees', 'over: x').replace('force: binding', 'force: y'),
        b: INDICATOR.replace('estates', 'z'),
      },
      HEAD.replace('rank: policy', 'rank: w'),
    );
    expect(problems.map(({ file, line }) => `${file}:${line}`)).toEqual([
      'sample/a.yaml:4',
      'sample/a.yaml:5',
      'sample/b.yaml:5',
      'sample/pack.yaml:6',
    ]);
  });

  it('同一个键不能出现在两个文件中', () => {
    expect(problemsOf({ a: DUTY, b: DUTY })).toEqual([
      { file: 'sample/b.yaml', line: 1, message: expect.stringContaining('已在 sample/a.yaml 中用过') },
    ]);
  });

  it('没有 pack.yaml 的文件夹不是政策包', () => {
    expect(parsePack([{ path: 'x/a.yaml', text: DUTY }])).toEqual({
      problems: [{ file: 'x/a.yaml', line: 1, message: expect.stringContaining('没有 pack.yaml') }],
    });
  });

  it('带日历时，例子按顺延后的日期核对', () => {
    const rolled = DUTY.replace('day: 10', 'day: 3').replaceAll('expect: 2026-10-10', 'expect: 2026-10-05');
    expect(problemsOf({ topic: rolled })).toHaveLength(2);
    const calendar = restCalendar([{ year: 2026, rest: [], work: [] }]);
    expect(parsePack(files({ topic: rolled }), [clauses()], { calendar })).toHaveProperty('pack');
  });
});

describe('条款', () => {
  it.each<[string, number, string, string?]>([
    ['force: exhortation|force: binding', 23, '只有号召性条款', 'SM-1b'],
    ['kind: duty, key|kind: chore, key', 14, 'kind 不认识 chore', 'SM-1a'],
    ['key: disclosure.workingFund|room: x', 14, '不认识的字段 room', 'SM-1a'],
    ['{ kind: exhortation }|{ kind: planned, room: kitchen }', 23, '没有名为 kitchen 的模块', 'SM-1b'],
    ['{ kind: exhortation }|{ kind: page, key: kitchen }', 23, '没有名为 kitchen 的页面', 'SM-1b'],
    ['{ kind: exhortation }|{ kind: step, key: kitchen }', 23, '没有名为 kitchen 的办理步骤', 'SM-1b'],
    ['    demand: 大家一起努力。\n|', 15, '缺少 demand', 'SM-1b'],
    ['SM-1b:|sm1b:', 15, '条款编号 sm1b', 'sm1b'],
    ['status: in-force|status: x', 4, 'status 不认识 x'],
  ])('%s', (change, line, message, clause) => {
    const [from = '', to = ''] = change.split('|');
    expect(CLAUSES).toContain(from);
    const parsed = parseClauses({ path: 'c.yaml', text: CLAUSES.replace(from, to) });
    const problems = 'problems' in parsed ? parsed.problems : [];
    expect(problems).toContainEqual({
      file: 'c.yaml',
      line,
      message: expect.stringContaining(message),
      ...(clause === undefined ? {} : { clause }),
    });
  });

  it('答案所指的键必须在该文本的政策包里，且种类相符', () => {
    const pack = parse({ disclosure: DUTY });
    expect(checkAnswers([clauses()], [pack])).toEqual([]);
    const lost = clauses(
      CLAUSES.replace('key: disclosure.workingFund', 'keys: [disclosure.workingFund, disclosure.lost]'),
    );
    expect(checkAnswers([lost], [pack])).toEqual([
      { file: 'clauses/sample-2024.yaml', line: 14, message: '没有键为 disclosure.lost 的职责', clause: 'SM-1a' },
    ]);
    const other = clauses(CLAUSES.replace('kind: duty, key', 'kind: indicator, key'));
    expect(checkAnswers([other], [pack])[0]).toMatchObject({ message: 'disclosure.workingFund 是职责，不是指标' });
  });
});

describe('政策包的叠加', () => {
  const national = parse(
    {
      meetings: parameter('meetings.noticeDays', '{ days: 15 }', 'allows: lower'),
      voting: parameter('voting.turnout', '{ atLeast: 2/3 }'),
    },
    HEAD.replace('id: sample', 'id: national')
      .replace('level: district\nunder: national', 'level: national')
      .replace('2024-03-18\ntext', '2021-01-01\ntext'),
  );
  const lower = (topics: Record<string, string>, change: (head: string) => string = (head) => head) =>
    parse(topics, change(HEAD));
  const faults = (...packs: Pack[]) => {
    const stacked = stackPacks(packs);
    return 'problems' in stacked ? stacked.problems.map(({ message }) => message) : [];
  };
  const stackOf = (id: string, ...packs: Pack[]) => {
    const stacked = stackPacks(packs);
    if ('problems' in stacked) throw new Error(JSON.stringify(stacked.problems));
    return stacked.stacks.get(id)!;
  };
  const on = localDate('2026-01-01');

  function parameter(key: string, is: string, more = 'note: 说明'): string {
    return `${key}:\n  label: 参数\n  force: binding\n  ${more}\n  source: { text: civil-code, article: 第一条 }\n  values:\n    2021-01-01: { is: ${is} }\n`;
  }

  it('上级允许时下级取代，未允许时拒绝', () => {
    const allowed = lower({ meetings: parameter('meetings.noticeDays', '{ days: 20 }') });
    const { chain } = stackOf('sample', national, allowed);
    expect(chain.map(({ id }) => id)).toEqual(['national', 'sample']);
    expect(
      entriesInForce({ chain }, on)
        .get('meetings.noticeDays')!
        .map(({ pack }) => pack.id),
    ).toEqual(['sample']);
    expect(
      entriesInForce({ chain }, localDate('2024-03-17'))
        .get('meetings.noticeDays')!
        .map(({ pack }) => pack.id),
    ).toEqual(['national']);
    const refused = lower({ voting: parameter('voting.turnout', '{ atLeast: 1/2 }') });
    expect(faults(national, refused)).toEqual([
      expect.stringContaining('voting.turnout：national 已有规定且未写 allows: lower'),
    ]);
  });

  it('收窄到具名情形或声明冲突时，上下两级都列出', () => {
    for (const more of ['narrows: 跨区企业', 'conflictsWith: national']) {
      const { chain } = stackOf(
        'sample',
        national,
        lower({ voting: parameter('voting.turnout', '{ atLeast: 1/2 }', more) }),
      );
      expect(
        entriesInForce({ chain }, on)
          .get('voting.turnout')!
          .map(({ pack }) => pack.id),
      ).toEqual(['national', 'sample']);
    }
    expect(
      faults(national, lower({ voting: parameter('voting.turnout', '{ atLeast: 1/2 }', 'conflictsWith: other') })),
    ).toEqual([expect.stringContaining('conflictsWith 应写 national')]);
    expect(
      faults(national, lower({ voting: parameter('voting.other', '{ atLeast: 1/2 }', 'narrows: 跨区企业') })),
    ).toEqual([expect.stringContaining('narrows 须有上级')]);
  });

  it('征求意见稿只作试算，不取代现行规定；其下的现行政策照常取代', () => {
    const draft = lower({ meetings: parameter('meetings.noticeDays', '{ days: 20 }') }, (head) =>
      head.replace('in-force', 'draft'),
    );
    const { chain } = stackOf('sample', national, draft);
    expect(
      entriesInForce({ chain }, on)
        .get('meetings.noticeDays')!
        .map(({ pack, trial }) => [pack.id, trial]),
    ).toEqual([
      ['national', false],
      ['sample', true],
    ]);
  });

  it.each<[string, (head: string) => string, string]>([
    ['上级不存在', (head) => head.replace('under: national', 'under: nowhere'), '没有名为 nowhere 的政策包'],
    ['叠加在自己上', (head) => head.replace('under: national', 'under: sample'), '成环'],
    ['与别的包同号', (head) => head.replace('id: sample', 'id: national'), '已由'],
  ])('%s', (_, change, message) => {
    expect(faults(national, lower({}, change))).toEqual([expect.stringContaining(message)]);
  });

  it('两个包互相叠加成环，各自报告', () => {
    const a = lower({}, (head) => head.replace('under: national', 'under: b'));
    const b = lower({}, (head) => head.replace('id: sample', 'id: b').replace('under: national', 'under: sample'));
    expect(faults(a, b).filter((message) => message.includes('成环'))).toHaveLength(2);
  });

  it('同级不能互相叠加', () => {
    const city = lower({}, (head) => head.replace('id: sample', 'id: b').replace('under: national', 'under: sample'));
    expect(faults(national, lower({}), city)).toEqual([expect.stringContaining('不能叠加在')]);
  });

  it('同级之间：政策文件叠加在条例上，后一版叠加在前一版上；不许倒过来', () => {
    const rules = lower({}, (head) =>
      head.replace('id: sample', 'id: rules').replace('rank: policy', 'rank: regulation'),
    );
    const plan = lower({}, (head) => head.replace('under: national', 'under: rules'));
    const next = lower({}, (head) =>
      head
        .replace('id: sample', 'id: next')
        .replace('under: national', 'under: sample')
        .replace('from: 2024', 'from: 2026'),
    );
    expect(stackOf('next', national, rules, plan, next).chain.map(({ id }) => id)).toEqual([
      'national',
      'rules',
      'sample',
      'next',
    ]);
    const above = lower({}, (head) => head.replace('under: national', 'under: next'));
    const first = { ...next, under: 'national' };
    expect(faults(national, first, above)).toEqual([expect.stringContaining('同级之间')]);
  });

  it('后一版重新规定自己前一版的事，不必声明；前一版定了日子的目标留作历史', () => {
    const key = (from: string) => INDICATOR.replaceAll('2024', from);
    const first = lower({ coverage: INDICATOR, meetings: parameter('meetings.noticeDays', '{ days: 20 }') });
    const next = lower({ coverage: key('2026'), meetings: parameter('meetings.noticeDays', '{ days: 18 }') }, (head) =>
      head
        .replace('id: sample', 'id: next')
        .replace('under: national', 'under: sample')
        .replace('from: 2024', 'from: 2026'),
    );
    const inForce = entriesInForce(stackOf('next', national, first, next), localDate('2026-06-01'));
    const said = (one: string) => inForce.get(one)!.map(({ pack }) => pack.id);
    expect(said('meetings.noticeDays')).toEqual(['next']);
    expect(said('coverage.unserved')).toEqual(['sample', 'next']);
  });

  it('与上级冲突而未声明：说出文件、行号、两边的条款', () => {
    const stacked = stackPacks([
      national,
      lower({ voting: PARAMETER.replace('committees.partyMembers', 'voting.turnout') }),
    ]);
    expect('problems' in stacked && stacked.problems).toEqual([
      { file: 'sample/voting.yaml', line: 1, message: expect.stringContaining('见 《民法典》第一条'), clause: 'SM-1a' },
    ]);
  });

  it('条件和指标所指的职责必须在本包或上级包里', () => {
    const counts = INDICATOR.replace('counts: { served: true }', 'counts: { filed: disclosure.workingFund }');
    expect(faults(national, lower({ coverage: counts }))).toEqual([
      expect.stringContaining('没有键为 disclosure.workingFund 的职责'),
    ]);
    expect(faults(national, lower({ coverage: counts, disclosure: DUTY }))).toEqual([]);
    const onTime = INDICATOR.replace(/ {2}where.*\n {2}counts.*\n/, '  of: disclosure.lost\n').replace(
      'estates',
      'duties',
    );
    expect(faults(national, lower({ coverage: onTime }))).toEqual([
      expect.stringContaining('没有键为 disclosure.lost 的职责'),
    ]);
  });
});
