import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codes, type District, engine, testDistrict, today } from '../../../tests/district.ts';
import { localDate } from '../../kernel/local-date.ts';
import { ANSWER_KINDS, CLAUSE_FORCES } from '../../law/clause.ts';
import { GROUPS, LEVELS } from '../../law/pack.ts';
import { CONFIDENCES, EFFECTS, FORCES, RANKS, STATUSES } from '../../law/parameter.ts';
import { type Policy, parsePolicy } from '../../law/policy.ts';
import { sql } from '../../platform/database.ts';
import { openFileStore } from '../../platform/files.ts';
import type { Person, Refused } from '../../platform/http.ts';
import { keysFrom } from '../../platform/keys.ts';
import { ownPolicyFolder, readPolicyFolders } from '../../platform/policy-files.ts';
import { resolvePerson } from '../people/index.ts';
import { attachText, bindPack, withdrawText } from './commands.ts';
import * as contract from './contract.ts';
import {
  bindingsOf,
  governedOn,
  listClauses,
  listPacks,
  listRequirements,
  packsInForce,
  readClause,
  requirementsInForce,
} from './queries.ts';
import {
  appliesSince,
  effectOfEntry,
  entriesThatSpeak,
  type LoadedPack,
  refusalsOfBinding,
  stackOf,
  textSpeakingIn,
} from './rules.ts';
import { loadCalendar, loadPacks } from './store.ts';

const duty = (label: string, more = '') => `
  label: ${label}
  group: disclosure
  force: binding
  over: committees
  bearer: owners-committee
  due: { every: quarter }
  metBy: filings.filed
  source: { clause: XX-1 }${more}
`;
const head = (id: string, level: string, under: string, more = '') => `id: ${id}
label: ${id}政策包
level: ${level}
${under && `under: ${under}\n`}status: in-force
rank: policy
from: 2024-01-01
text: xx-2024
document: { number: 示〔2024〕1号, title: 示范文件, issuers: [示范区委] }
${more}`;

/** A small policy: a national base, a district pack that overrides one key, and a draft that may displace nothing. */
function policyOf(changes: Record<string, string | null> = {}): Policy {
  const files: Record<string, string | null> = {
    'policy/national/pack.yaml': head('national', 'national', '').replace('rank: policy', 'rank: law'),
    'policy/national/a.yaml': `disclosure.fund:${duty('公布经费', '\n  allows: lower')}\ndisclosure.income:${duty('公布收益')}`,
    'policy/district/pack.yaml': head('shifan', 'district', 'national'),
    'policy/district/a.yaml': `disclosure.fund:${duty('区里公布经费')}\ndisclosure.bylaws:${duty('公布规约').replace('owners-committee', 'subdistrict-office')}`,
    'policy/draft/pack.yaml': head('draft', 'province', 'national').replace('status: in-force', 'status: draft'),
    'policy/draft/a.yaml': `disclosure.fund:${duty('草案公布经费')}`,
    'policy/clauses/xx.yaml': `text: xx-2024
number: 示〔2024〕1号
title: 示范文件
status: in-force
clauses:
  XX-1: { section: 一, demand: 经费要公布。, force: binding, kind: disclosure, mechanism: publish, capability: open, actors: [committee], answer: { kind: duty, keys: [disclosure.fund, disclosure.income] } }
  XX-2: { section: 二, demand: 大家都来出力。, force: exhortation, kind: disclosure, mechanism: publish, capability: open, actors: [], answer: { kind: exhortation } }
  XX-3: { section: 三, demand: 评一评星级。, force: binding, kind: disclosure, mechanism: stars, capability: open, actors: [committee], answer: { kind: planned, room: credit } }
`,
    'policy/clauses/vocabulary.yaml': `actors: { committee: 业委会 }\nkinds: { disclosure: 公开 }\nmechanisms: { publish: 公布, stars: 评星 }\ncapabilities: { open: 公开 }\n`,
    ...changes,
  };
  const parsed = parsePolicy(Object.entries(files).flatMap(([path, text]) => (text === null ? [] : [{ path, text }])));
  if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems, null, 1));
  return parsed.policy;
}

let district: District;
let lin: Person;
let chen: Person;
beforeAll(async () => {
  district = await testDistrict();
  const as = (account: number) =>
    district.database.transaction({ standing: 'door', today }, async (tx) => (await resolvePerson(tx, account, null))!);
  [lin, chen] = [await as(district.accounts.lin), await as(district.accounts.chen)];
  await load(policyOf());
});
afterAll(() => district?.close());

const load = (policy: Policy) => district.database.transaction(engine, (tx) => loadPacks(tx, policy));
const asLin = <T>(work: Parameters<typeof district.database.transaction<T>>[1]) =>
  district.database.transaction(lin.actor, work);
const page = { offset: 0, limit: 50 };

describe('载入政策包', () => {
  const tables = () =>
    district.database.transaction(engine, async (tx) => ({
      packs: (await sql`select * from registers.pack order by id`.execute(tx)).rows,
      clauses: (await sql`select * from registers.clause order by id`.execute(tx)).rows,
      requirements: (await sql`select * from registers.requirement order by id`.execute(tx)).rows,
    }));

  it('再载入一遍，一行不变', async () => {
    const before = await tables();
    expect(before.requirements).toHaveLength(5);
    expect(await load(policyOf())).toEqual({
      packs: 3,
      clauses: 3,
      requirements: 5,
      changed: [],
      retired: { packs: 0, requirements: 0 },
    });
    expect(await tables()).toEqual(before);
  });

  it('消失的要求停用而不删除，回来时编号不变；消失的条款删去', async () => {
    const before = await tables();
    const without = policyOf({ 'policy/district/a.yaml': `disclosure.fund:${duty('区里公布经费')}` });
    expect(await load(without)).toMatchObject({ changed: ['shifan'], retired: { packs: 0, requirements: 1 } });
    const gone = (await tables()).requirements as { key: string; retired_at: Date | null }[];
    expect(gone.filter((row) => row.retired_at !== null).map((row) => row.key)).toEqual(['disclosure.bylaws']);
    expect(await load(policyOf())).toMatchObject({ changed: ['shifan'], retired: { packs: 0, requirements: 0 } });
    const ids = ({ requirements }: Awaited<ReturnType<typeof tables>>) =>
      (requirements as { id: number }[]).map((row) => row.id);
    expect(ids(await tables())).toEqual(ids(before));
  });

  it('撤走一个政策包：停用，其余不动', async () => {
    const without = policyOf({ 'policy/draft/pack.yaml': null, 'policy/draft/a.yaml': null });
    expect(await load(without)).toMatchObject({ packs: 2, changed: [], retired: { packs: 1, requirements: 1 } });
    expect((await asLin((tx) => listPacks(tx, page))).rows.map((row) => row.id)).toEqual(['national', 'shifan']);
    expect(await load(policyOf())).toMatchObject({ changed: ['draft'], retired: { packs: 0, requirements: 0 } });
  });

  it('应用角色不能改写政策包', async () => {
    await expect(asLin((tx) => loadPacks(tx, policyOf()))).rejects.toThrow(/permission denied|row-level security/);
  });

  it('自带的政策与日历可以整套载入，再载入不变', async () => {
    const parsed = parsePolicy(await readPolicyFolders([ownPolicyFolder]));
    if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems.slice(0, 5), null, 1));
    await district.database.transaction(engine, async (tx) => {
      const loaded = await loadPacks(tx, parsed.policy);
      expect(loaded.clauses).toBe(parsed.policy.texts.flatMap((text) => text.clauses).length);
      expect((await loadPacks(tx, parsed.policy)).changed).toEqual([]);
      await loadCalendar(tx, parsed.policy.years);
      await loadCalendar(tx, parsed.policy.years);
      const { rows } = await sql<{ years: number; days: number }>`
        select (select count(*)::int from platform.calendar_year) as years, (select count(*)::int from platform.calendar_day) as days`.execute(
        tx,
      );
      expect(rows[0]).toEqual({
        years: parsed.policy.years.length,
        days: parsed.policy.years.flatMap((year) => [...year.rest, ...year.work]).length,
      });
    });
    await load(policyOf());
  });
});

describe('效力', () => {
  it.each([
    ['in-force', 'policy', 'binding', 'subdistrict-office', 'opens-duty'],
    ['in-force', 'policy', 'binding', 'owners-committee', 'warns'],
    ['in-force', 'policy', 'binding', 'property-company', 'warns'],
    ['in-force', 'law', 'binding', 'owners-committee', 'refuses'],
    ['in-force', 'policy', 'guiding', 'subdistrict-office', 'asks-reason'],
    ['in-force', 'policy', 'encouraging', 'subdistrict-office', 'informs'],
    ['draft', 'policy', 'binding', 'subdistrict-office', 'trial'],
    ['press-report', 'policy', 'guiding', 'subdistrict-office', 'informs'],
  ] as const)('%s %s %s %s 的职责：%s', (status, rank, force, bearer, effect) => {
    const [entry] = policyOf().packs[0]!.duties;
    expect(effectOfEntry({ ...entry!, rank, force, bearer }, status)).toBe(effect);
  });

  it('原文待核的法律条文只提醒，不拒绝', () => {
    const [entry] = policyOf().packs[0]!.duties;
    const of = (confidence: 'original' | 'copy' | 'unverified') =>
      effectOfEntry({ ...entry!, rank: 'law', force: 'binding', confidence }, 'in-force');
    expect([of('original'), of('copy'), of('unverified')]).toEqual(['refuses', 'refuses', 'warns']);
  });

  it('政策文件的参数只提醒，不拒绝', () => {
    const [entry] = policyOf().packs[0]!.duties;
    const parameter = { ...entry!, kind: 'parameter', values: [], rank: 'policy', force: 'binding' } as const;
    expect(effectOfEntry(parameter, 'in-force')).toBe('warns');
  });
});

describe('叠加', () => {
  const pack = (
    id: string,
    level: LoadedPack['level'],
    under: string | null,
    more: Partial<LoadedPack> = {},
  ): LoadedPack => ({
    id,
    label: id,
    level,
    under,
    status: 'in-force',
    rank: 'policy',
    fromOn: '2024-01-01',
    toOn: null,
    ...more,
  });
  const packs = [
    pack('n', 'national', null),
    pack('p', 'province', 'n'),
    pack('d', 'district', 'p'),
    pack('t', 'city', 'n', { status: 'draft' }),
    pack('old', 'city', 'n', { toOn: '2024-12-31' }),
    // At one level: the regulation, the plan that stands on it, the plan's next edition.
    pack('rules', 'district', 'n', { rank: 'regulation' }),
    pack('d2', 'district', 'rules'),
    pack('next', 'district', 'd2', { fromOn: '2024-06-01' }),
  ];

  it.each([
    [['d'], '2024-06-01', ['n', 'p', 'd']],
    [['d', 't'], '2024-06-01', ['n', 'p', 't', 'd']],
    [['old'], '2024-12-31', ['n', 'old']],
    [['next'], '2024-06-01', ['n', 'rules', 'd2', 'next']],
    [['old'], '2025-01-01', ['n']],
    [['d'], '2023-12-31', []],
    [[], '2024-06-01', []],
    [['没有这个包'], '2024-06-01', []],
  ])('绑定 %o 于 %s', (bound, on, expected) => {
    expect(stackOf(bound, packs, on).map((one) => one.id)).toEqual(expected);
  });

  it.each([
    ['绑定的包：自绑定之日', 'd', [['d', '2026-04-01']], '2026-04-01'],
    ['它所叠加的包也是', 'n', [['d', '2026-04-01']], '2026-04-01'],
    [
      '先绑过别的包的，两者所叠加的从先算起',
      'n',
      [
        ['old', '2024-02-01'],
        ['d', '2026-04-01'],
      ],
      '2024-02-01',
    ],
    [
      '换成下一版，前一版不从头算起',
      'd2',
      [
        ['d2', '2024-02-01'],
        ['next', '2026-04-01'],
      ],
      '2024-02-01',
    ],
    [
      '别处的包不相干',
      'd',
      [
        ['old', '2024-02-01'],
        ['d', '2026-04-01'],
      ],
      '2026-04-01',
    ],
  ] as const)('适用自何日：%s', (_, id, bound, since) => {
    const everBound = bound.map(([packId, fromOn]) => ({ packId, fromOn }));
    expect(appliesSince(id, everBound, packs)).toBe(since);
  });

  it.each([
    [
      '下级覆盖上级',
      [
        ['n', false],
        ['d', false],
      ],
      ['d'],
    ],
    [
      '收窄或声明冲突的并列',
      [
        ['n', false],
        ['d', true],
      ],
      ['n', 'd'],
    ],
    [
      '草案并列，不覆盖',
      [
        ['n', false],
        ['t', false],
      ],
      ['n', 't'],
    ],
    [
      '下级也不覆盖草案',
      [
        ['t', false],
        ['d', false],
      ],
      ['t', 'd'],
    ],
  ] as const)('%s', (_, entries, speaking) => {
    const stack = stackOf(['d', 't'], packs, '2024-06-01');
    const given = entries.map(([packId, beside]) => ({ packId, key: 'k', beside, by: null }));
    expect(entriesThatSpeak(given, stack).map((one) => one.packId)).toEqual(speaking);
  });
});

describe('绑定政策包', () => {
  const bind = (person: Person, code: string, packId: string, from: string, to?: string) =>
    district.database.transaction(person.actor, (tx) =>
      bindPack(tx, person, { code, packId, from, to, document: '区府办函' }),
    );

  it('街道不能决定，区级可以，并留痕', async () => {
    expect(await bind(chen, codes.east, 'shifan', '2026-01-01')).toMatchObject({ allowed: false, status: 403 });
    expect(await bind(lin, codes.district, 'shifan', '2026-01-01')).toMatchObject({
      areaCode: codes.district,
      packId: 'shifan',
      fromOn: '2026-01-01',
      inForce: true,
    });
    const acts = await district.database.transaction(
      { standing: 'auditor', today },
      async (tx) =>
        (
          await sql<{
            act: string;
            detail: string;
          }>`select act, detail from platform.journal where object = ${`area:${codes.district}`} and act = 'requirements.bound'`.execute(
            tx,
          )
        ).rows,
    );
    expect(acts).toMatchObject([{ detail: '{"document":"区府办函","from":"2026-01-01","pack":"shifan","to":null}' }]);
    expect(await asLin((tx) => bindingsOf(tx, codes.district))).toHaveLength(1);
    const behind = new pg.Client({ connectionString: district.adminUrl });
    await behind.connect();
    const { rows: queued } = await behind
      .query('select task_identifier from graphile_worker.jobs')
      .finally(() => behind.end());
    expect(queued).toEqual([{ task_identifier: 'duties:materialise' }]);
  });

  it('社区沿上级链得到政策包，下级覆盖上级', async () => {
    const { stack, speaking, earlier } = await asLin(async (tx) => ({
      stack: await packsInForce(tx, codes.spring, today),
      speaking: await requirementsInForce(tx, codes.spring, today),
      earlier: await packsInForce(tx, codes.spring, '2025-12-31'),
    }));
    expect(stack.map((one) => one.id)).toEqual(['national', 'shifan']);
    expect(speaking.map((one) => [one.packId, one.key]).sort()).toEqual([
      ['national', 'disclosure.income'],
      ['shifan', 'disclosure.bylaws'],
      ['shifan', 'disclosure.fund'],
    ]);
    expect(earlier).toEqual([]);
  });

  it('只在西山街道试用草案：草案并列为试算，东湖不受影响', async () => {
    expect(await bind(lin, codes.west, 'draft', '2026-06-01', '2026-12-01')).toMatchObject({ toOn: '2026-12-01' });
    const governed = (await asLin((tx) => governedOn(tx, () => [today]))).get(today)!;
    expect(
      governed.map((one) => [
        one.areaCode,
        one.packs.map((each) => each.id),
        one.requirements
          .filter((each) => each.key === 'disclosure.fund')
          .map((each) => each.effect)
          .sort(),
      ]),
    ).toEqual([
      [codes.district, ['national', 'shifan'], ['warns']],
      [codes.west, ['national', 'draft', 'shifan'], ['trial', 'warns']],
    ]);
    expect(await asLin((tx) => packsInForce(tx, codes.west, '2026-12-01'))).toHaveLength(2);
  });

  it('一地的要求列表可筛选，草案标明', async () => {
    const { rows, total, packs } = await asLin((tx) =>
      listRequirements(tx, { ...page, code: codes.stone, search: '经费' }, localDate(today)),
    );
    expect(new Map(rows.map((row) => [row.label, [row.status, row.source]]))).toEqual(
      new Map([
        ['区里公布经费', ['in-force', '示〔2024〕1号 一（XX-1）']],
        ['草案公布经费', ['draft', '示〔2024〕1号 一（XX-1）']],
      ]),
    );
    expect(total).toBe(2);
    expect(packs.map((one) => one.id)).toEqual(['national', 'draft', 'shifan']);
  });

  const known = [{ packId: 'd', fromOn: '2026-01-01', toOn: '2026-07-01' }];
  const someArea = { name: '示范区', level: 'district' };
  const somePack: LoadedPack = {
    id: 'd',
    label: '区包',
    level: 'district',
    under: null,
    status: 'in-force',
    rank: 'policy',
    fromOn: '2024-01-01',
    toOn: null,
  };
  it.each([
    [{ from: '2026-07-01' }, someArea, somePack, []],
    [{ from: '2026-06-30' }, someArea, somePack, ['示范区自 2026-01-01 起已适用“区包”']],
    [{ from: '2025-06-01', to: '2026-01-01' }, someArea, somePack, []],
    [{ from: '2025-06-01', to: '2026-01-02' }, someArea, somePack, ['示范区自 2026-01-01 起已适用“区包”']],
    [{ from: '2026-08-01', to: '2026-08-01' }, someArea, somePack, ['终止日须晚于起始日']],
    [
      { from: '2026-08-01' },
      { name: '示范市', level: 'city' },
      somePack,
      ['“区包”的层级低于示范市，不能适用于整个示范市'],
    ],
    [{ from: '2026-08-01' }, { name: '春江社区', level: 'community' }, somePack, []],
    [{ from: '2026-08-01' }, null, null, ['没有这个区划，或不在您的辖区内', '没有载入编号为 d 的政策包']],
  ] as const)('能否绑定 %o', (asked, area, of, reasons) => {
    expect(refusalsOfBinding({ packId: 'd', ...asked }, area, of, known).map((one) => one.reason)).toEqual(reasons);
  });
});

describe('条款', () => {
  it('列表、筛选与各项计数', async () => {
    const { rows, total, counts } = await asLin((tx) => listClauses(tx, { ...page, force: 'binding' }));
    expect(rows.map((row) => row.id)).toEqual(['XX-1', 'XX-3']);
    expect(total).toBe(2);
    expect(rows[0]).toMatchObject({
      kindLabel: '公开',
      mechanismLabel: '公布',
      actors: [{ code: 'committee', label: '业委会' }],
      documentNumber: '示〔2024〕1号',
    });
    expect(rows[1]!.answer).toEqual({ kind: 'planned', keys: [], room: 'credit' });
    // Its own question is left open: the other forces stay countable.
    expect(counts.force).toEqual([
      { code: 'binding', label: '应当', count: 2 },
      { code: 'exhortation', label: '号召', count: 1 },
    ]);
    expect(counts.mechanism).toEqual([
      { code: 'publish', label: '公布', count: 1 },
      { code: 'stars', label: '评星', count: 1 },
    ]);
    expect(counts.answer.map((one) => [one.label, one.count])).toEqual([
      ['职责', 1],
      ['建设中', 1],
    ]);
    expect((await asLin((tx) => listClauses(tx, { ...page, search: 'xx-2' }))).rows.map((row) => row.id)).toEqual([
      'XX-2',
    ]);
  });

  it('一个条款：由哪些要求落实，前后条款', async () => {
    const clause = (await asLin((tx) => readClause(tx, 'XX-1', localDate(today))))!;
    expect(clause.answers.map((one) => [one.key, one.packId, one.answering]).sort()).toEqual([
      ['disclosure.bylaws', 'shifan', false],
      ['disclosure.fund', 'draft', true],
      ['disclosure.fund', 'national', true],
      ['disclosure.fund', 'shifan', true],
      ['disclosure.income', 'national', true],
    ]);
    expect(clause).toMatchObject({ previousId: null, nextId: 'XX-2', pack: { id: 'national', status: 'in-force' } });
    expect(contract.showClause.output.safeParse(JSON.parse(JSON.stringify(clause))).error).toBeUndefined();
    expect(await asLin((tx) => readClause(tx, 'XX-9', localDate(today)))).toBeNull();
  });
});

describe('政策文件的原文', () => {
  const words = '示〔2024〕1号\n一、公开\n经费按季公布。\n二、动员\n大家出力。';
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'gongzhi-texts-'));
    return () => rmSync(folder, { recursive: true });
  });
  const as = <T>(person: Person, work: Parameters<typeof district.database.transaction<T>>[1]) =>
    district.database.transaction(person.actor, work);
  const files = () => openFileStore({ folder, keys: keysFrom(Buffer.alloc(32, 7)) });
  const attach = (person: Person, text: string, read: string | null = words) =>
    as(person, async (tx) => {
      const digest = await files().put(tx, Buffer.from(`${text} ${read}`), 'text/plain');
      return attachText(tx, person, text, { digest, name: '印发件.txt', words: read });
    });
  const clause = (person: Person, id = 'XX-1') =>
    as(person, (tx) => readClause(tx, id, localDate(today), { area: person.post.areaCode }));

  it('没有附，就没有；街道不能附，没有载入的文件不能附，读不懂的文件不能附，理由一次说全', async () => {
    expect((await clause(lin))!.official).toBeNull();
    expect(await attach(chen, 'xx-2024')).toMatchObject({
      allowed: false,
      refusals: [{ reason: '由区级及以上部门附上政策文件的原文' }],
    });
    const refused = await as(chen, (tx) => attachText(tx, chen, 'yy-2024', { trouble: '文件是空的' }));
    expect((refused as Refused).refusals.map((one) => one.reason)).toEqual([
      '由区级及以上部门附上政策文件的原文',
      '没有载入这份政策文件',
      '文件是空的',
    ]);
  });

  it('区里附上：留痕，辖区里的人在条款页看得到自己那一段，也打得开文件', async () => {
    const attached = (await attach(lin, 'xx-2024')) as contract.OfficialText;
    expect(attached).toMatchObject({
      number: '示〔2024〕1号',
      attachedBy: '示范区住房和城乡建设局',
      attachedOn: today,
    });
    const seen = (await clause(chen))!;
    expect(seen.official).toMatchObject({
      name: '印发件.txt',
      readable: true,
      namesNumber: true,
      mayWithdraw: false,
      passage: { paragraphs: ['一、公开', '经费按季公布。'] },
    });
    expect(contract.showClause.output.safeParse(JSON.parse(JSON.stringify(seen))).error).toBeUndefined();
    // A place the file does not have: nothing is made up.
    expect((await clause(chen, 'XX-3'))!.official).toMatchObject({ readable: true, passage: null });
    const { rows } = await as(chen, (tx) =>
      sql<{
        digest: string;
      }>`select file_digest as digest from registers.official_text where id = ${attached.id}`.execute(tx),
    );
    const digest = rows[0]!.digest;
    expect((await as(chen, (tx) => files().get(tx, digest)))!.bytes.toString()).toContain('经费按季公布');
    const { rows: events } = await district.database.transaction({ standing: 'auditor', today }, (tx) =>
      sql<{ detail: string }>`select detail from platform.journal where act = 'requirements.textAttached'`.execute(tx),
    );
    expect(events).toHaveLength(1);
    expect(JSON.parse(events[0]!.detail)).toMatchObject({ text: 'xx-2024', digest });
  });

  it('附错了可以撤下：条款页回到前一份，撤下的文件谁也打不开', async () => {
    const wrong = (await attach(lin, 'xx-2024', null)) as contract.OfficialText;
    expect((await clause(chen))!.official).toMatchObject({ id: wrong.id, readable: false, passage: null });
    const taken = (id: number, person: Person) =>
      as(person, (tx) => withdrawText(tx, person, id, '附成了内部稿', today));
    expect(await taken(wrong.id, chen)).toMatchObject({ allowed: false, status: 403 });
    expect(await taken(wrong.id, lin)).toMatchObject({ id: wrong.id });
    expect(await taken(wrong.id, lin)).toMatchObject({ allowed: false, status: 404 });
    expect((await clause(chen))!.official).toMatchObject({ readable: true });
    const { rows } = await district.database.transaction(engine, (tx) =>
      sql<{ digest: string }>`select file_digest as digest from registers.official_text where id = ${wrong.id}`.execute(
        tx,
      ),
    );
    expect(await as(lin, (tx) => files().get(tx, rows[0]!.digest))).toBeUndefined();
  });

  it('几个地方都附了：用上级里最近的一份，没有上级的用最新的', () => {
    const texts = [
      { id: 1, scope: codes.province },
      { id: 2, scope: codes.district },
      { id: 3, scope: '990200000000' },
    ];
    expect(textSpeakingIn(texts, codes.spring)!.id).toBe(2);
    expect(textSpeakingIn(texts.slice(0, 1), codes.spring)!.id).toBe(1);
    expect(textSpeakingIn(texts, null)!.id).toBe(3);
    expect(textSpeakingIn([], null)).toBeUndefined();
  });
});

it('界面上的名称与政策包的词表一致', () => {
  expect(contract.forces).toEqual(FORCES);
  expect(contract.ranks).toEqual(RANKS);
  expect(contract.statuses).toEqual(STATUSES);
  expect(contract.effects).toEqual(EFFECTS);
  expect(contract.packLevels).toEqual(LEVELS);
  expect(contract.groups).toEqual(GROUPS);
  expect(Object.keys(contract.clauseForces)).toEqual(Object.keys(CLAUSE_FORCES));
  expect(contract.confidences).toEqual(CONFIDENCES);
  expect(Object.keys(contract.answerKinds).sort()).toEqual(Object.keys(ANSWER_KINDS).sort());
});
