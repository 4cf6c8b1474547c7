// The nightly verification as the worker runs it, and who is told what it found.

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

/** One night. */
const night = () =>
  tasks['journal:verify']!({} as never, { system: site.system, signal: new AbortController().signal });
const told = async () => (await site.get('/api/journal/verification', cookies.审计)).json().verification;
const warnings = async () => (await findWarnings(site.system)).filter((one) => /核验/.test(one));

describe('每夜核验留痕', () => {
  it('排在每天的任务里；没有核验过，如实说没有', async () => {
    expect(crontab.split('\n').filter((line) => /^\d+ \d+ \* \* \* journal:verify$/.test(line))).toHaveLength(1);
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

  it('隔了一天没有核验：页面和运行状况都说', async () => {
    now = new Date(now.getTime() + 27 * 3_600_000);
    cookies.审计 = await site.signIn('审计', password);
    expect(await told()).toMatchObject({ late: true });
    expect(await warnings()).toEqual([expect.stringMatching(/2 处不符/), expect.stringMatching(/超过一天没有核验/)]);
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
    await night();
    expect(await ofFiles()).toMatchObject([{ says: `platform.file ${digest}：附件的内容没有了，或与其摘要不符` }]);
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
