// The regular verification as the worker runs it, and who is told what it found.

import { rmSync } from 'node:fs';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type District, engine, password, testDistrict, today } from '../../tests/district.ts';
import { type Site, testSite } from '../../tests/site.ts';
import { crontab, routes, tasks } from '../app/routes.ts';
import { localDate } from '../kernel/local-date.ts';
import { addAccount, addPeople, addPosts } from '../registers/people/index.ts';
import type { Clock } from './clock.ts';
import { sql } from './database.ts';
import { findWarnings } from './health.ts';
import { record } from './journal.ts';

let district: District;
let site: Site;
let admin: pg.Client;
let now = new Date(`${today}T09:00:00+08:00`);
const clock: Clock = { today: () => localDate(today), now: () => now };
const cookies: Record<string, string> = {};
const chain = () => `organisation:${district.organisations.bureau}` as const;
beforeAll(async () => {
  district = await testDistrict();
  await district.database.transaction(engine, async (tx) => {
    const [id] = await addPeople(tx, district.sealing, [{ scope: '990102000000', name: '鲁明鉴' }]);
    const post = {
      organisationId: district.organisations.bureau,
      role: 'audit-administrator',
      fromOn: '2026-01-01',
    } as const;
    await addPosts(tx, [{ personId: id!, ...post }]);
    await addAccount(tx, { name: '审计', personId: id!, password, demo: true });
    await record(tx, { chain: chain(), act: 'tests.prepared', object: 'people' });
  });
  site = await testSite(district, routes, clock);
  admin = new pg.Client({ connectionString: district.adminUrl });
  await admin.connect();
  for (const name of ['审计', '区住建局']) cookies[name] = await site.signIn(name, password);
});
afterAll(async () => {
  await admin?.end();
  await site?.close();
  await district?.close();
});

const run = (task: string) => tasks[task]!({} as never, { system: site.system, signal: new AbortController().signal });
/** One night, and an hour of the day. */
const night = () => run('journal:verify-all');
const hour = () => run('journal:verify');
const later = async (hours: number) => {
  now = new Date(now.getTime() + hours * 3_600_000);
  cookies.审计 = await site.signIn('审计', password);
};
const told = async () => (await site.get('/api/journal/verification', cookies.审计)).json().verification;
const warnings = async () => (await findWarnings(site.system)).filter((one) => /核验/.test(one));

describe('定时核验留痕', () => {
  it('每小时一次，其中一次连附件；没有核验过，如实说没有', async () => {
    const hours = crontab.split('\n').flatMap((line) => {
      const [, of, task] = /^30 (\S+) \* \* \* (journal:verify(?:-all)?)(?: \?priority=\d+)?$/.exec(line) ?? [];
      if (!of) return [];
      return of.split(',').flatMap((part) => {
        const [from, to = from] = part.split('-').map(Number);
        return Array.from({ length: to! - from! + 1 }, (_, at) => [from! + at, task] as const);
      });
    });
    expect(hours.map(([at]) => at).sort((a, b) => a - b)).toEqual(Array.from({ length: 24 }, (_, at) => at));
    expect(hours.filter(([, task]) => task === 'journal:verify-all')).toHaveLength(1);
    expect(await told()).toBeNull();
  });

  it('完整：审计管理员看得到看了多少；别人无从看起', async () => {
    await night();
    const found = await told();
    expect(found).toMatchObject({ faults: [], more: 0, late: false, at: now.toISOString() });
    const { rows } = await admin.query(
      'select (select count(*)::int from platform.journal) as events, (select count(*)::int from platform.journal_head) as chains',
    );
    expect(found.looked).toMatchObject(rows[0]);
    expect((await site.get('/api/journal/verification', cookies.区住建局)).statusCode).toBe(403);
    expect(await warnings()).toEqual([]);
  });

  it('超级用户改了一行、一条：说出哪张表哪一行、哪条链第几条、哪一类；运行状况也说', async () => {
    await admin.query(`alter table registers.estate disable trigger covered_update;
      update registers.estate set households = 1 where id = ${district.estates.garden};
      alter table registers.estate enable always trigger covered_update;
      update platform.journal set reason = '补' where chain = '${chain()}' and seq = 1`);
    await night();
    expect((await told()).faults.map((one: { says: string }) => one.says)).toEqual([
      `registers.estate ${district.estates.garden}：记录的现状与最后一次留痕的摘要不符`,
      `${chain()} 第 1 条：所示内容与存证字节不符`,
    ]);
    expect(await warnings()).toEqual([expect.stringMatching(/发现 2 处不符，第一处是“registers\.estate/)]);
  });

  it('没有按时核验：页面和运行状况都说', async () => {
    await later(1);
    expect(await told()).toMatchObject({ late: false });
    await later(2);
    expect(await told()).toMatchObject({ late: true });
    expect(await warnings()).toEqual([expect.stringMatching(/2 处不符/), expect.stringMatching(/没有按时核验/)]);
  });

  it('附件的内容没有了也说', async () => {
    const { files } = site.system;
    const digest = await district.database.transaction(engine, (tx) =>
      files.put(tx, Buffer.from('会议纪要'), 'text/plain'),
    );
    const ofFiles = async () => (await told()).faults.filter((one: { kind: string }) => one.kind === 'file');
    await night();
    expect(await ofFiles()).toEqual([]);
    rmSync(site.folder, { recursive: true });
    await hour();
    expect(await ofFiles()).toEqual([]);
    await night();
    const gone = [{ says: `platform.file ${digest}：附件的内容没有了，或与其摘要不符` }];
    expect(await ofFiles()).toMatchObject(gone);
    // What the night found of the files stands, hour after hour, until they are looked at again; left out for a night, that is said.
    await later(26);
    await hour();
    expect(await told()).toMatchObject({ late: false });
    expect(await ofFiles()).toMatchObject(gone);
    await later(1);
    await hour();
    expect(await told()).toMatchObject({ late: true });
  });

  it('整张表没有了：它的每一行都不在；核验做不完也是不符', async () => {
    await admin.query('alter table registers.ownership rename to elsewhere');
    await night();
    const { rows } = await admin.query('select count(*)::int as all from registers.elsewhere');
    expect((await told()).faults.filter((one: { kind: string }) => one.kind === 'missing')).toHaveLength(rows[0].all);
    await admin.query(
      'alter table registers.elsewhere rename to ownership; alter table platform.covered_row rename to elsewhere',
    );
    await night();
    expect((await told()).faults).toMatchObject([{ kind: 'unfinished', says: '核验没有做完（42P01）' }]);
    await admin.query('alter table platform.elsewhere rename to covered_row');
  });

  it('结果只增不改：谁也改不了、删不了', async () => {
    for (const standing of ['engine', 'sealer', 'audit', 'system'] as const)
      for (const statement of ['update platform.verification set more = 0', 'delete from platform.verification'])
        await expect(
          district.database.transaction({ standing, today }, (tx) => sql.raw(statement).execute(tx)),
        ).rejects.toThrow(/permission denied/);
  });
});
