import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codes, type District, testDistrict, today } from '../../../tests/district.ts';
import { requireHere } from '../../../tests/requirements.ts';
import { localDate } from '../../kernel/local-date.ts';
import { sql } from '../../platform/database.ts';
import type { Person } from '../../platform/http.ts';
import { resolvePerson } from '../../registers/people/index.ts';
import { attachEvidence, type DeedToFile, fileDeed, withdrawFiling } from './commands.ts';
import { findFilings } from './queries.ts';

const day = localDate(today);
let district: District;
let lin: Person;
let chen: Person;
let wu: Person;
let he: Person;
let zhou: Person;
beforeAll(async () => {
  district = await testDistrict();
  await requireHere(district);
  const person = (account: number, post: number) =>
    district.database.transaction({ standing: 'door', today }, (tx) =>
      resolvePerson(tx, account, post),
    ) as Promise<Person>;
  lin = await person(district.accounts.lin, district.posts.linBureau);
  chen = await person(district.accounts.chen, district.posts.chenEast);
  zhou = await person(district.accounts.zhou, district.posts.zhouCompany);
  // Wu and He have no accounts of their own in the fixture; what matters here is their post.
  wu = {
    ...chen,
    personId: district.people.wu,
    post: { ...chen.post, id: district.posts.wuWest, organisationId: district.organisations.westOffice },
    actor: {
      ...chen.actor,
      lo: '990102002',
      hi: '990102002:',
      personId: district.people.wu,
      postId: district.posts.wuWest,
      organisationId: district.organisations.westOffice,
    },
  };
  he = {
    ...zhou,
    personId: district.people.he,
    post: {
      ...zhou.post,
      id: district.posts.heCommittee,
      organisationId: district.committee,
      organisationKind: 'owners-committee',
    },
    actor: {
      ...zhou.actor,
      personId: district.people.he,
      postId: district.posts.heCommittee,
      organisationId: district.committee,
      estates: [district.estates.garden],
    },
  };
});
afterAll(() => district.close());

const deed: DeedToFile = {
  matter: 'reports.quarterly',
  subjectKind: 'subdistricts',
  subjectId: codes.east,
  period: '2026-Q3',
  doneOn: '2026-10-09',
  evidence: 'to-follow',
};
const as = (person: Person) => ({ ...person.actor, today });
const file = (person: Person, change: Partial<DeedToFile> = {}) =>
  district.database.transaction(as(person), (tx) => fileDeed(tx, person, { ...deed, ...change }, day));

describe('报备一件事', () => {
  it('街道报自己的季报：记下何事、何期间、何日办成、何日报备，材料后补', async () => {
    expect(await file(chen)).toMatchObject({
      label: expect.stringContaining('季报'),
      subjectLabel: '东湖街道',
      period: '2026年第三季度',
      doneOn: '2026-10-09',
      filedOn: today,
      evidence: 'to-follow',
      filedBy: '陈晓岚',
    });
    const { rows } = await district.database.transaction({ standing: 'auditor', today }, (tx) =>
      sql<{
        act: string;
        chain: string;
        detail: string;
      }>`select act, chain, detail from platform.journal where act = 'filings.filed'`.execute(tx),
    );
    expect(rows).toEqual([
      {
        act: 'filings.filed',
        chain: `organisation:${district.organisations.eastOffice}`,
        detail: expect.stringContaining('2026-Q3'),
      },
    ]);
  });

  it('同一期间再报一次：拒绝，并说怎样更正', async () => {
    expect(await file(chen)).toMatchObject({
      allowed: false,
      refusals: [{ field: 'period', reason: expect.stringContaining('撤回') }],
    });
  });

  it('别的街道看不见这个对象，如同没有', async () => {
    expect(await file(wu, { period: '2026-Q2' })).toMatchObject({ allowed: false, status: 404 });
  });

  it('区住建局可以为街道补录过去的事', async () => {
    expect(await file(lin, { period: '2025-Q1', doneOn: '2025-04-09' })).toMatchObject({
      organisationName: '示范区住房和城乡建设局',
    });
  });

  it('业委会报自己的公示；企业不能替它报', async () => {
    const own = {
      matter: 'disclosure.workingFund',
      subjectKind: 'committees',
      subjectId: String(district.committee),
      period: '2026-Q3',
      doneOn: '2026-09-20',
    };
    expect(await file(zhou, own)).toMatchObject({ allowed: false });
    expect(await file(he, own)).toMatchObject({ filedBy: '何文静', subjectLabel: expect.any(String) });
  });

  it('本地政策包里没有的事项不能报', async () => {
    expect(await file(chen, { matter: 'no.such' })).toMatchObject({ allowed: false, status: 404 });
  });

  it('月份不是季报的期间：说出可填的期间', async () => {
    expect(await file(chen, { period: '2026-09' })).toMatchObject({
      allowed: false,
      refusals: [{ field: 'period', reason: expect.stringContaining('2026-Q3') }],
    });
  });
});

describe('材料与撤回', () => {
  it('补交材料后不再是“材料后补”；撤回要由报备单位办，撤回后义务恢复', async () => {
    const filed = await file(chen, { period: '2026-Q1', doneOn: '2026-04-09' });
    if ('allowed' in filed) throw new Error(JSON.stringify(filed));
    await district.database.transaction(as(chen), async (tx) => {
      await sql`select platform.keep_file(${'a'.repeat(64)}, 3, 'text/plain', '\\x00', null)`.execute(tx);
      expect(await attachEvidence(tx, chen, filed.id, { digest: 'a'.repeat(64), name: '季报.pdf' }, day)).toMatchObject(
        { evidence: 'attached', files: 1 },
      );
    });
    expect(
      await district.database.transaction(as(lin), (tx) => withdrawFiling(tx, lin, filed.id, '填错了', day)),
    ).toMatchObject({ allowed: false });
    expect(
      await district.database.transaction(as(chen), (tx) => withdrawFiling(tx, chen, filed.id, '期间填错', day)),
    ).toMatchObject({ withdrawn: '期间填错' });
    const standing = await district.database.transaction(as(chen), (tx) =>
      sql<{
        standing: string;
      }>`select standing from oversight.duty_standing where matter = 'reports.quarterly' and subject_id = ${codes.east} and period = '2026-Q1'`.execute(
        tx,
      ),
    );
    expect(standing.rows).toEqual([{ standing: 'overdue' }]);
    expect(await file(chen, { period: '2026-Q1', doneOn: '2026-04-10' })).toMatchObject({ period: '2026年第一季度' });
  });

  it('报备不能改也不能删：数据库里就没有这样的权利', async () => {
    const change = (statement: string) =>
      district.database.transaction(as(lin), (tx) => sql.raw(statement).execute(tx));
    await expect(change(`update filings.filing set done_on = '2026-01-01'`)).rejects.toThrow(/permission denied/);
    await expect(change('delete from filings.filing')).rejects.toThrow(/permission denied/);
  });

  it('清单只列自己看得见的', async () => {
    const list = (person: Person) =>
      district.database.transaction(as(person), (tx) => findFilings(tx, {}, { offset: 0, limit: 50 }));
    expect((await list(lin)).total).toBeGreaterThan(3);
    expect((await list(wu)).total).toBe(0);
    expect((await list(he)).rows.map((row) => row.label)).toEqual([expect.stringContaining('工作经费')]);
  });
});
