import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codes, type District, engine, password, testDistrict, today } from '../../../tests/district.ts';
import { requireHere } from '../../../tests/requirements.ts';
import { type Site, testSite } from '../../../tests/site.ts';
import { sql } from '../../platform/database.ts';
import { record } from '../../platform/journal.ts';
import { routes as corrections } from '../../registers/corrections/index.ts';
import { addAccount, addPeople, addPosts, routes as people } from '../../registers/people/index.ts';
import { routes as surveys } from '../../registers/surveys/index.ts';
import { routes } from './index.ts';
import {
  announcementOf,
  answerOf,
  type CorrectionToAnswer,
  refusalsOfAnnouncing,
  refusalsOfAnswering,
} from './letters.ts';

const survey = {
  title: '小区底数摸排',
  basis: '年底前把底数核清。',
  areaName: '东湖街道',
  estates: 12,
  fields: ['户数', '楼栋数'],
  dueOn: '2026-12-10',
  closedOn: null,
  organisationName: '示范区住建局',
  mine: true,
};

const correction: CorrectionToAnswer = {
  id: 7,
  estateName: '春江花园',
  subjectLabel: '春江花园 1幢101',
  fieldLabel: '面积（㎡）',
  said: null,
  says: '88.34',
  shouldBe: '88.34',
  reason: '证上写的',
  state: 'declined',
  organisationName: null,
  askedOn: '2026-11-02',
  answer: '与测绘一致；',
  keeperName: '春江社区居委会',
  mine: true,
};

describe('摸排通知、纠错答复的话', () => {
  it('通知写明核对什么、怎么核对、什么时候前；别人引来的话末尾只有一个句号', () => {
    const { title, addressee, passages } = announcementOf(survey);
    expect([title, addressee]).toEqual(['关于开展“小区底数摸排”的通知', '东湖街道各有关单位']);
    const text = passages.map((one) => one.text).join('\n');
    expect(text).toContain('年底前把底数核清。现对东湖街道的小区底册逐个核对');
    expect(text).toContain('共 12 个小区，逐个核对：户数、楼栋数。');
    expect(text).toContain('请于2026年12月10日前核对完');
    expect(text).not.toMatch(/。。|；。/);
  });

  it.each<[CorrectionToAnswer['state'], RegExp, RegExp]>([
    ['declined', /不予更正。与测绘一致。/, /提出异议/],
    ['accepted', /同意更正。与测绘一致。底册正在更正。/, /答复如下/],
    ['corrected', /底册已经更正，现在写的是“88.34”。/, /答复如下/],
  ])('答复写明提出的内容和结果：%s', (state, found, also) => {
    const { passages, addressee } = answerOf({ ...correction, state });
    const text = passages.map((one) => one.text).join('\n');
    expect(text).toContain('底册当时写的：待补。提出应当是：88.34。理由：证上写的。');
    expect(text).toMatch(found);
    expect(text).toMatch(also);
    expect(/异议/.test(text)).toBe(state === 'declined');
    expect(addressee).toBe('春江花园提出纠错的业主');
    expect(answerOf({ ...correction, organisationName: '示范安居' }).addressee).toBe('示范安居');
  });

  it('不该起草的，理由一次说全', () => {
    const reasons = (refusals: { reason: string }[]) => refusals.map((one) => one.reason).join();
    expect(refusalsOfAnnouncing(survey)).toEqual([]);
    expect(reasons(refusalsOfAnnouncing({ ...survey, mine: false, closedOn: '2026-11-01' }))).toMatch(/由它发.*已于/);
    expect(refusalsOfAnswering(correction)).toEqual([]);
    expect(reasons(refusalsOfAnswering({ ...correction, mine: false, state: 'open' }))).toMatch(/由它起草.*先答复/);
    expect(reasons(refusalsOfAnswering({ ...correction, state: 'withdrawn' }))).toMatch(/已经撤回/);
  });
});

describe('起草', () => {
  let district: District;
  let site: Site;
  let deng: string;
  let lin: string;
  let chen: string;
  let spring: string;
  beforeAll(async () => {
    district = await testDistrict();
    await requireHere(district);
    await district.database.transaction(engine, async (tx) => {
      const { springCommittee } = district.organisations;
      const [personId] = await addPeople(tx, district.sealing, [{ scope: codes.spring, name: '梁社区' }]);
      await addPosts(tx, [
        { personId: personId!, organisationId: springCommittee, role: 'officer', fromOn: '2024-01-01' },
      ]);
      await addAccount(tx, { name: '春江社区', personId: personId!, password, demo: true });
      await record(tx, { chain: `organisation:${springCommittee}`, act: 'tests.staffed', object: 'tests' });
    });
    site = await testSite(district, [...people, ...corrections, ...surveys, ...routes]);
    [deng, lin, chen, spring] = (await Promise.all(
      ['业主邓小舟', '区住建局', '东湖街道', '春江社区'].map((name) => site.signIn(name, password)),
    )) as [string, string, string, string];
  });
  afterAll(async () => {
    await site?.close();
    await district?.close();
  });

  const idOf = (reply: { json(): unknown }) => (reply.json() as { id: number }).id;

  it('摸排通知由开始的单位起草，小区数与摸排一样；结束了不再发', async () => {
    const input = { title: '户数摸底', basis: '专项行动', area: codes.district, fields: ['households'], dueOn: today };
    const id = idOf(await site.post('/api/surveys', input, lin));
    expect((await site.post(`/api/surveys/${id}/notice`, {}, chen)).json()).toMatchObject({
      refusals: [{ reason: '由示范区住房和城乡建设局开始的，由它发通知。' }],
    });
    const made = await site.post(`/api/surveys/${id}/notice`, {}, lin);
    const document = (await site.get(`/api/documents/${idOf(made)}`, lin)).json();
    expect(document).toMatchObject({ kind: 'survey-notice', title: '关于开展“户数摸底”的通知', isPublic: false });
    const { total } = (await site.get(`/api/surveys/${id}/sheets`, lin)).json() as { total: number };
    expect(JSON.stringify(document.passages)).toContain(`共 ${total} 个小区，逐个核对：户数。`);
    expect((await site.post(`/api/surveys/${id}/closing`, { note: '到期' }, lin)).statusCode).toBe(200);
    expect((await site.post(`/api/surveys/${id}/notice`, {}, lin)).json()).toMatchObject({
      refusals: [{ reason: expect.stringContaining('已于') }],
    });
  });

  it('纠错答复由答复的单位起草；别的单位看不见；标题、留痕和纸上都没有业主的姓名', async () => {
    const asked = { subject: `unit:${district.units[0]}`, field: 'area', shouldBe: '八十八平方', reason: '证上写的' };
    const id = idOf(await site.post('/api/corrections', asked, deng));
    const letter = (cookie: string) => site.post(`/api/corrections/${id}/letter`, {}, cookie);
    expect((await letter(spring)).json()).toMatchObject({ refusals: [{ reason: '还没有答复，先答复再起草。' }] });
    await site.post(`/api/corrections/${id}/answer`, { act: 'decline', note: '与测绘一致' }, spring);
    expect((await letter(lin)).statusCode).toBe(404);
    expect((await letter(deng)).statusCode).toBe(403);
    const made = idOf(await letter(spring));
    const document = (await site.get(`/api/documents/${made}`, spring)).json();
    expect(document).toMatchObject({ kind: 'correction-answer', title: `关于纠错第 ${id} 件的答复`, isPublic: false });
    expect(JSON.stringify(document.passages)).toMatch(/八十八平方.*不予更正。与测绘一致。/);
    expect(JSON.stringify(document)).not.toContain('邓小舟');
    const { rows } = await district.database.transaction({ standing: 'auditor', today } as never, (tx) =>
      sql<{ detail: string }>`select detail::text from platform.journal where object = ${`document:${made}`}`.execute(
        tx,
      ),
    );
    expect(JSON.stringify(rows)).not.toMatch(/八十八|测绘|邓/);
  });
});
