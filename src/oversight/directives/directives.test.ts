import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codes, type District, engine, testDistrict, today } from '../../../tests/district.ts';
import { requireHere } from '../../../tests/requirements.ts';
import { type LocalDate, localDate } from '../../kernel/local-date.ts';
import { judge, printGrid } from '../../law/procedure.ts';
import { type Actor, sql, type Transaction } from '../../platform/database.ts';
import type { Person } from '../../platform/http.ts';
import { record } from '../../platform/journal.ts';
import { fileDeed } from '../../procedures/filings/index.ts';
import { issueDirective, passOnDirective, takeStep } from './commands.ts';
import type { StepAct } from './contract.ts';
import type { DirectiveInHand } from './directives.ts';
import { directiveProcedure } from './procedure.ts';
import { countReceived, findDirective, findDirectives, findMyTurn, readDirectiveOf } from './queries.ts';
import { type DirectiveToIssue, placeOfDirective, refusalsOfIssue } from './rules.ts';

const day = localDate(today);
const due = localDate('2026-12-10');

describe('发出督办：拒绝的理由一次说全', () => {
  const duty = {
    label: '季报',
    period: '2026 年第三季度',
    subjectScope: codes.east,
    bearerId: 8,
    dueOn: localDate('2026-10-10'),
    standing: 'overdue',
    metOn: null,
    filingId: null,
  };
  const asked: DirectiveToIssue = {
    today: day,
    dueOn: due,
    clauseKnown: true,
    issuer: { organisationId: 1, lo: '990102', hi: '990102:' },
    recipient: { id: 8, name: '东湖街道办事处', scope: codes.east, dissolved: false },
    duty: null,
    shownAt: null,
    standing: undefined,
    dueAbove: null,
  };
  const body = asked.recipient!;
  it.each([
    ['合适', {}, []],
    ['没有条款', { clauseKnown: false }, [/没有这一条款/]],
    ['期限是今天', { dueOn: day }, []],
    ['期限是昨天', { dueOn: localDate('2026-11-21') }, [/不能早于今天/]],
    ['转办的期限与上一级同日', { dueAbove: due }, []],
    ['转办的期限晚一天', { dueAbove: localDate('2026-12-09') }, [/上一级督办的期限是 2026-12-09/]],
    ['没有承办单位', { recipient: undefined }, [/没有这个承办单位/]],
    ['自己', { recipient: { ...body, id: 1 } }, [/自己的单位/]],
    ['已撤销', { recipient: { ...body, dissolved: true } }, [/已经撤销/]],
    ['辖区之外', { recipient: { ...body, scope: '990103001000' } }, [/不在您的辖区内/]],
    ['系统里已有的数', { shownAt: '小区' }, [/见“小区”/]],
    ['超期的义务', { duty }, []],
    [
      '已经办成',
      { duty: { ...duty, standing: 'met', metOn: localDate('2026-10-09'), filingId: 7 } },
      [/2026-10-09 办成.*报备第 7 件/],
    ],
    ['已经免除', { duty: { ...duty, standing: 'waived' } }, [/已经免除/]],
    ['没有到期', { duty: { ...duty, standing: 'due-soon' } }, [/还没有到期/]],
    ['管不到', { duty: { ...duty, bearerId: 9, subjectScope: codes.west } }, [/管不到/]],
    ['上级管得到下级的义务', { duty: { ...duty, bearerId: 9, subjectScope: `${codes.spring}0001` } }, []],
    ['已就此事督办', { standing: { id: 3, fromName: '区住建局' } }, [/区住建局已就此事督办.*第 3 件/]],
    [
      '几条都不合',
      { clauseKnown: false, dueOn: localDate('2026-11-21'), recipient: undefined, shownAt: '报备' },
      [/条款/, /早于今天/, /承办单位/, /报备/],
    ],
  ] as const)('%s', (_, change, reasons) => {
    const refusals = refusalsOfIssue({ ...asked, ...change } as DirectiveToIssue);
    expect(refusals.map((one) => one.reason)).toHaveLength(reasons.length);
    for (const [at, reason] of reasons.entries()) expect(refusals[at]!.reason).toMatch(reason);
  });

  it('企业注册在外地，就它在本地承担的义务督办：归在对象所在', () => {
    const away = { ...body, scope: '110101001000' };
    expect(placeOfDirective({ ...asked, recipient: away, duty })).toBe(codes.east);
    expect(placeOfDirective({ ...asked, recipient: away, duty: { ...duty, bearerId: 9 } })).toBeNull();
    expect(placeOfDirective({ ...asked, recipient: away })).toBeNull();
  });
});

describe('督办的程序', () => {
  const noun: DirectiveInHand = { today: day, due, until: null, dueAbove: null, openBelow: 0, done: null };
  const reasons = (act: StepAct, change: Partial<DirectiveInHand>, role: 'issuer' | 'recipient' = 'recipient') => {
    const from = directiveProcedure.steps[act].from[0]!;
    const verdict = judge(directiveProcedure, act, { state: from, role, noun: { ...noun, ...change }, on: day });
    return verdict.allowed ? [] : verdict.refusals.map((one) => one.reason);
  };
  it.each([
    ['答复：不针对义务', 'reply', {}, 'recipient', []],
    ['答复：义务已报备', 'reply', { done: true }, 'recipient', []],
    ['答复：还没有报备', 'reply', { done: false }, 'recipient', [/请先报备/]],
    ['答复：下级还有一件', 'reply', { openBelow: 1 }, 'recipient', [/还有 1 件/]],
    ['申请延期：晚一天', 'askExtension', { until: localDate('2026-12-11') }, 'recipient', []],
    ['申请延期：同一天', 'askExtension', { until: due }, 'recipient', [/晚于现在的期限/]],
    [
      '申请延期：已过的日子',
      'askExtension',
      { due: localDate('2026-11-01'), until: localDate('2026-11-21') },
      'recipient',
      [/早于今天/],
    ],
    [
      '同意延期：不晚于上一级',
      'extend',
      { until: localDate('2026-12-20'), dueAbove: localDate('2026-12-20') },
      'issuer',
      [],
    ],
    [
      '同意延期：晚于上一级',
      'extend',
      { until: localDate('2026-12-21'), dueAbove: localDate('2026-12-20') },
      'issuer',
      [/上一级/],
    ],
    ['撤回：下级还有', 'withdraw', { openBelow: 2 }, 'issuer', [/还有 2 件/]],
  ] as const)('%s', (_, act, change, role, expected) => {
    const found = reasons(act, change, role);
    expect(found).toHaveLength(expected.length);
    for (const [at, one] of expected.entries()) expect(found[at]).toMatch(one);
  });

  it('谁在什么状态能办什么', () => {
    expect(printGrid(directiveProcedure)).toMatchInlineSnapshot(`
      "| 状态 | 身份 | 发出 | 转办下级 | 答复 | 申请延期 | 同意延期 | 不同意延期 | 退回重办 | 办结 | 撤回 |
      | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
      | （尚无） | 发出单位 | ✓ | · | · | · | · | · | · | · | · |
      | （尚无） | 承办单位 | · | · | · | · | · | · | · | · | · |
      | （尚无） | 其他单位 | · | · | · | · | · | · | · | · | · |
      | 办理中 | 发出单位 | · | · | · | · | ✓ | · | · | · | ✓ |
      | 办理中 | 承办单位 | · | ✓ | ✓ | ✓ | · | · | · | · | · |
      | 办理中 | 其他单位 | · | · | · | · | · | · | · | · | · |
      | 申请延期中 | 发出单位 | · | · | · | · | ✓ | ✓ | · | · | ✓ |
      | 申请延期中 | 承办单位 | · | · | ✓ | · | · | · | · | · | · |
      | 申请延期中 | 其他单位 | · | · | · | · | · | · | · | · | · |
      | 已答复，待核 | 发出单位 | · | · | · | · | · | · | ✓ | ✓ | ✓ |
      | 已答复，待核 | 承办单位 | · | · | · | · | · | · | · | · | · |
      | 已答复，待核 | 其他单位 | · | · | · | · | · | · | · | · | · |
      | 已办结 | 发出单位 | · | · | · | · | · | · | · | · | · |
      | 已办结 | 承办单位 | · | · | · | · | · | · | · | · | · |
      | 已办结 | 其他单位 | · | · | · | · | · | · | · | · | · |
      | 已撤回 | 发出单位 | · | · | · | · | · | · | · | · | · |
      | 已撤回 | 承办单位 | · | · | · | · | · | · | · | · | · |
      | 已撤回 | 其他单位 | · | · | · | · | · | · | · | · | · |"
    `);
  });
});

describe('督办在库里', () => {
  let district: District;
  let overdue: { id: number; matter: string; subjectId: string; period: string };
  const people: Record<'bureau' | 'east' | 'west' | 'spring' | 'company', Person> = {} as never;
  beforeAll(async () => {
    district = await testDistrict();
    await requireHere(district);
    const { organisations, posts, people: persons } = district;
    const office = (lo: string, organisationId: number, personId: number, postId: number) =>
      ({
        actor: { standing: 'office', lo, hi: `${lo}:`, today, organisationId },
        personId,
        post: { id: postId, organisationId, organisationKind: 'office' },
        bars: [],
      }) as unknown as Person;
    people.bureau = office('990102', organisations.bureau, persons.lin, posts.linBureau);
    people.east = office('990102001', organisations.eastOffice, persons.chen, posts.chenEast);
    people.west = office('990102002', organisations.westOffice, persons.wu, posts.wuWest);
    people.spring = office('990102001001', organisations.springCommittee, persons.chen, posts.chenEast);
    people.company = {
      ...people.east,
      actor: { standing: 'body', estates: [district.estates.garden], organisationId: organisations.company, today },
      personId: persons.zhou,
      post: { id: posts.zhouCompany, organisationId: organisations.company },
    } as unknown as Person;
    const { rows } = await as('bureau', (tx) =>
      sql<typeof overdue>`select id, matter, subject_id as "subjectId", period from oversight.duty_standing
        where standing = 'overdue' and bearer_id = ${organisations.eastOffice} order by due_on, id limit 1`.execute(tx),
    );
    overdue = rows[0]!;
  });
  afterAll(() => district.close());

  const as = <T>(who: keyof typeof people, work: (tx: Transaction) => Promise<T>) =>
    district.database.transaction(people[who].actor as Actor, work);
  const issue = (who: keyof typeof people, change: object = {}) =>
    as(who, (tx) =>
      issueDirective(
        tx,
        people[who],
        {
          to: district.organisations.eastOffice,
          clauseId: 'LC-5.3a',
          title: '调度',
          demand: '开一次调度会',
          dueOn: due,
          ...change,
        },
        day,
      ),
    );
  const step = (who: keyof typeof people, id: number, act: StepAct, until?: LocalDate) =>
    as(who, (tx) => takeStep(tx, people[who], { id, act, note: '说明情况', until }, day));
  const state = async (id: number) => (await as('bureau', (tx) => findDirective(tx, id)))!;
  const made = (result: object): number => {
    expect(result).toHaveProperty('id');
    return (result as { id: number }).id;
  };

  it('同一件事许多人同时督办，只成一件；别的都说明在哪里', async () => {
    const all = <T>(work: () => Promise<T>) => Promise.all(Array.from({ length: 8 }, work));
    // The connections are opened before, or the first would be done while the others still knock.
    await all(() => as('bureau', (tx) => countReceived(tx)));
    const results = await all(() => issue('bureau'));
    expect(results.filter((one) => 'id' in one)).toHaveLength(1);
    expect(results.find((one) => 'refusals' in one)).toMatchObject({
      refusals: [{ reason: expect.stringMatching(/已就此事督办/) }],
    });
  });

  it('区 → 街道 → 社区：转办保留链条，最初是谁发的一路看得见；下级不办结，上级不能答复', async () => {
    const first = made(await issue('bureau', { title: '转办的事' }));
    const passed = made(
      await as('east', (tx) =>
        passOnDirective(
          tx,
          people.east,
          { id: first, to: district.organisations.springCommittee, demand: '请社区先办', dueOn: '2026-12-05' },
          day,
        ),
      ),
    );
    const below = await as('spring', (tx) => readDirectiveOf(tx, passed, people.spring, day));
    expect(below).toMatchObject({
      originName: '示范区住房和城乡建设局',
      fromName: '东湖街道办事处',
      clauseId: 'LC-5.3a',
      above: null,
    });
    expect(await as('spring', (tx) => findDirective(tx, first))).toBeUndefined();
    expect(
      (await as('bureau', (tx) => readDirectiveOf(tx, first, people.bureau, day)))!.below.map((one) => one.id),
    ).toEqual([passed]);
    expect(await step('east', first, 'reply')).toMatchObject({
      refusals: [{ reason: expect.stringMatching(/还有 1 件/) }],
    });
    expect(await step('spring', passed, 'reply')).toEqual({ id: passed });
    expect(await step('east', passed, 'close')).toEqual({ id: passed });
    expect(await step('east', first, 'reply')).toEqual({ id: first });
    expect(await state(first)).toMatchObject({ state: 'answered' });
    expect(await step('bureau', first, 'return')).toEqual({ id: first });
    expect(await state(first)).toMatchObject({ state: 'open' });
  });

  it('延期：承办单位申请，发出单位同意，期限改变；下级的期限不能晚于上一级', async () => {
    const first = made(await issue('bureau', { title: '要延期的事', dueOn: '2026-11-30' }));
    const passed = made(
      await as('east', (tx) =>
        passOnDirective(
          tx,
          people.east,
          { id: first, to: district.organisations.springCommittee, demand: '请社区先办', dueOn: '2026-11-30' },
          day,
        ),
      ),
    );
    expect(await step('spring', passed, 'askExtension', localDate('2026-12-02'))).toEqual({ id: passed });
    expect(await step('east', passed, 'extend', localDate('2026-12-02'))).toMatchObject({
      refusals: [{ field: 'until' }],
    });
    expect(await step('east', first, 'askExtension', localDate('2026-12-02'))).toEqual({ id: first });
    expect(await step('bureau', first, 'extend', localDate('2026-12-02'))).toEqual({ id: first });
    expect(await state(first)).toMatchObject({ due: '2026-12-02', state: 'open' });
    expect(await step('east', passed, 'extend', localDate('2026-12-02'))).toEqual({ id: passed });
    // Overdue is worked out for the day asked, not stored.
    const later = await district.database.transaction(
      { ...(people.bureau.actor as Actor), today: '2026-12-03' },
      (tx) => findDirectives(tx, { side: 'sent', open: 'overdue' }, { offset: 0, limit: 50 }),
    );
    expect(later.rows.find((one) => one.id === first)).toMatchObject({ overdue: true, daysLate: 1 });
    expect((await state(first)).overdue).toBe(false);
  });

  it('督办一项超期的义务：报备之前不能答复；报备之后再督办，就说已在哪里', async () => {
    const id = made(await issue('bureau', { duty: overdue.id, title: '补办' }));
    expect(await step('east', id, 'reply')).toMatchObject({
      refusals: [{ reason: expect.stringMatching(/请先报备/) }],
    });
    const filing = await as('bureau', (tx) =>
      fileDeed(
        tx,
        people.bureau,
        {
          matter: overdue.matter,
          subjectKind: 'subdistricts',
          subjectId: overdue.subjectId,
          period: overdue.period,
          doneOn: today,
          evidence: 'to-follow',
        },
        day,
      ),
    );
    expect(filing).toHaveProperty('id');
    expect(await step('east', id, 'reply')).toEqual({ id });
    expect(await step('bureau', id, 'close')).toEqual({ id });
    expect(await issue('bureau', { duty: overdue.id, title: '再督办' })).toMatchObject({
      refusals: [{ reason: expect.stringMatching(/已于 2026-11-22 办成并报备：见报备第 \d+ 件/) }],
    });
  });

  it('系统里已有的数和名单，不能再要', async () => {
    expect(await issue('bureau', { title: '报小区数', wants: 'estates' })).toMatchObject({
      refusals: [{ reason: expect.stringMatching(/见“小区”/) }],
    });
  });

  it('只有两头和它们的上级看得见；别的街道看不见、也办不了；企业只看到发给自己的', async () => {
    const id = made(await issue('bureau', { title: '只给东湖' }));
    expect(await as('west', (tx) => findDirective(tx, id))).toBeUndefined();
    expect(await step('west', id, 'reply')).toMatchObject({ status: 404 });
    expect(await as('company', (tx) => findDirective(tx, id))).toBeUndefined();
    const own = made(await issue('east', { title: '给企业的', to: district.organisations.company }));
    expect(await as('company', (tx) => findDirective(tx, own))).toMatchObject({ id: own });
    expect(
      (await as('company', (tx) => findDirectives(tx, { side: 'all' }, { offset: 0, limit: 50 }))).rows.map(
        (one) => one.id,
      ),
    ).toEqual([own]);
    expect(await step('company', own, 'close')).toMatchObject({ allowed: false });
    expect(await step('company', own, 'reply')).toEqual({ id: own });
  });

  it('收到多少、谁发的，与清单一件不差；撤回的不算', async () => {
    const gone = made(await issue('bureau', { title: '发错了' }));
    await step('bureau', gone, 'withdraw');
    const counts = await as('east', (tx) => countReceived(tx));
    const { rows } = await as('east', (tx) => findDirectives(tx, { side: 'received' }, { offset: 0, limit: 100 }));
    const standing = rows.filter((one) => one.state !== 'withdrawn');
    expect(standing.length).toBeLessThan(rows.length);
    expect(counts.filter((one) => one.mine)).toEqual([
      expect.objectContaining({
        fromName: '示范区住房和城乡建设局',
        total: standing.length,
        open: standing.filter((one) => one.state !== 'closed').length,
      }),
    ]);
    expect(counts.some((one) => !one.mine && one.toName === '春江社区居委会')).toBe(true);
  });

  it('轮到谁：先是承办单位，答复了轮到发出的核，申请延期也轮到发出的；办结的谁也不轮到', async () => {
    const id = made(await issue('bureau', { title: '轮到谁办的事' }));
    const turns = async () => {
      const found: string[] = [];
      for (const who of ['bureau', 'east', 'west', 'spring'] as const)
        if ((await as(who, findMyTurn)).some((one) => one.id === id)) found.push(who);
      return found;
    };
    expect(await turns()).toEqual(['east']);
    await step('east', id, 'askExtension', localDate('2026-12-20'));
    expect(await turns()).toEqual(['bureau']);
    await step('bureau', id, 'extend', localDate('2026-12-20'));
    await step('east', id, 'reply');
    expect(await turns()).toEqual(['bureau']);
    await step('bureau', id, 'close');
    expect(await turns()).toEqual([]);
  });

  it('每一步都在留痕里；写了不留痕，提交不了', async () => {
    const { rows } = await district.database.transaction(engine, (tx) =>
      sql<{
        act: string;
      }>`select distinct act from platform.journal where act like 'directives.%' order by act`.execute(tx),
    );
    expect(rows.map((one) => one.act)).toEqual(
      ['askExtension', 'close', 'extend', 'issued', 'passedOn', 'reply', 'return', 'withdraw'].map(
        (act) => `directives.${act}`,
      ),
    );
    const { organisations, posts, people: persons } = district;
    await expect(
      as('bureau', (tx) =>
        sql`insert into oversight.directive_step (directive_id, act, state, note, organisation_id, person_id, post_id, taken_on)
          values (1, 'close', 'closed', '悄悄办结', ${organisations.bureau}, ${persons.lin}, ${posts.linBureau}, ${today})`.execute(
          tx,
        ),
      ),
    ).rejects.toThrow();
  });

  it('须回避的小区的督办，须回避的人看不见', async () => {
    const { rows } = await as('bureau', (tx) =>
      sql<{ id: number; bearer: number }>`select id, bearer_id as bearer from oversight.duty_standing
        where standing = 'overdue' and estate_id = ${district.estates.garden} and bearer_id is not null order by id limit 1`.execute(
        tx,
      ),
    );
    const id = made(await issue('bureau', { duty: rows[0]!.id, to: rows[0]!.bearer, title: '小区的事' }));
    await district.database.transaction(engine, async (tx) => {
      await sql`insert into registers.bar (organisation_id, person_id, estate_id, scope, subject_label, from_on, reason, imposed_by)
        select ${district.organisations.bureau}, ${district.people.lin}, id, scope, name, ${today}, '本人居住', ${district.people.wu} from registers.estate where id = ${district.estates.garden}`.execute(
        tx,
      );
      await record(tx, {
        chain: `organisation:${district.organisations.bureau}`,
        act: 'tests.barred',
        object: 'tests',
      });
    });
    const barred = {
      ...(people.bureau.actor as Actor),
      personId: district.people.lin,
      postId: district.posts.linBureau,
    };
    expect(await district.database.transaction(barred, (tx) => findDirective(tx, id))).toBeUndefined();
    expect(await state(id)).toMatchObject({ id });
  });
});
