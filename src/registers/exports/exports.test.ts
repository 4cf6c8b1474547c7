import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type District, engine, password, testDistrict, today } from '../../../tests/district.ts';
import { type Site, testSite } from '../../../tests/site.ts';
import { contract } from '../../kernel/contract.ts';
import { fixedClock } from '../../platform/clock.ts';
import { sql } from '../../platform/database.ts';
import { exportOf, sheetOf } from '../../platform/export.ts';
import { type Route, refuse, route } from '../../platform/http.ts';
import { record } from '../../platform/journal.ts';
import { collectRows, readWorkbook } from '../../platform/spreadsheets/index.ts';
import { routes as estates } from '../estates/index.ts';
import { routes as people } from '../people/index.ts';
import { write } from './commands.ts';
import { exportRoutes, exportTasks } from './index.ts';
import { refusalsOfFetching } from './rules.ts';

const input = z.object({ rows: z.coerce.number().int(), area: z.string().optional() });
const longList = contract({
  ...{ method: 'GET', path: '/api/long/export', label: '导出长清单', may: ['office'], input, output: 'workbook' },
} as const);
const refusedList = contract({ ...longList, path: '/api/refused/export', label: '导出不了的清单' });

/** A list as long as one likes that tells who it was written for, and one that refuses. */
const rooms: Route[] = [
  ...people,
  ...estates,
  route(longList, async (asked) => {
    const seen = await asked.act((tx) =>
      sql<{ name: string }>`select name from registers.estate order by name`.execute(tx),
    );
    const items = Array.from({ length: asked.input.rows }, (_, at) => ({
      at,
      name: seen.rows[at % seen.rows.length]!.name,
    }));
    return exportOf(
      asked,
      sheetOf({
        title: '长清单',
        items,
        columns: [
          { title: '序号', kind: 'integer', of: (one) => one.at },
          { title: '小区', kind: 'text', of: (one) => one.name },
        ],
      }),
    );
  }),
  route(refusedList, async () => refuse({ reason: '这张清单今天不能导出' })),
];

describe('领取', () => {
  const job = { today: '2026-11-22', keptUntil: '2026-11-22', barred: [1], bars: [1] };
  it.each([
    ['最后一天', job, []],
    ['过了一天', { ...job, today: '2026-11-23' }, ['已经清理']],
    ['写成之后有了新的回避', { ...job, bars: [1, 2] }, ['新的回避事项']],
    ['回避少了', { ...job, bars: [] }, []],
    ['都不行，都说', { ...job, today: '2026-12-01', bars: [3] }, ['已经清理', '新的回避事项']],
  ])('%s', (_, given, reasons) => {
    const found = refusalsOfFetching(given).map((one) => one.reason);
    expect(found).toHaveLength(reasons.length);
    for (const [at, reason] of reasons.entries()) expect(found[at]).toContain(reason);
  });
});

describe('导出中心', () => {
  let district: District;
  let site: Site;
  const cookies: Record<string, string> = {};
  beforeAll(async () => {
    district = await testDistrict();
    site = await testSite(district, [...rooms, ...exportRoutes(rooms)]);
    for (const name of ['区住建局', '东湖街道', '安居物业', '业主邓小舟'])
      cookies[name] = await site.signIn(name, password);
  });
  afterAll(async () => {
    await site?.close();
    await district?.close();
  });

  const ask = (name: string, path: string, given: object) =>
    site.post('/api/exports', { path, input: given }, cookies[name]);
  const mine = async (name: string) => (await site.get('/api/exports', cookies[name])).json().items;
  const fetched = (name: string, id: number) => site.post(`/api/exports/${id}/file`, {}, cookies[name]);
  const asEngine = <T>(query: ReturnType<typeof sql<T>>) =>
    district.database.transaction(engine, async (tx) => (await query.execute(tx)).rows);
  const acts = () =>
    asEngine(sql<{ act: string; object: string; person: number }>`
      select act, object, person_id as person from platform.journal where act like 'exports.%' order by at`);

  it('五千行直接下载，多一行就说到导出中心领取', async () => {
    expect((await site.get('/api/long/export?rows=5000', cookies.东湖街道)).statusCode).toBe(200);
    const long = await site.get('/api/long/export?rows=5001', cookies.东湖街道);
    expect(long.statusCode).toBe(413);
    expect(long.json().refusals[0].reason).toContain('导出中心');
  });

  it('后台以申请人的身份写成；只有本人领得到，领取留痕；写两遍还是一份', async () => {
    const { id } = (await ask('东湖街道', '/api/long/export', { rows: 5001, columns: '小区' })).json();
    expect(await mine('东湖街道')).toMatchObject([
      { id, state: 'waiting', label: '导出长清单', keptUntil: '2026-11-29' },
    ]);
    expect((await fetched('东湖街道', id)).statusCode).toBe(404);
    await write(rooms, site.system, id);
    await write(rooms, site.system, id);
    expect(await mine('东湖街道')).toMatchObject([{ id, state: 'ready', name: `长清单-${today}.xlsx` }]);
    for (const other of ['区住建局', '安居物业']) {
      expect(await mine(other), other).toEqual([]);
      expect((await fetched(other, id)).statusCode, other).toBe(404);
    }
    expect((await fetched('业主邓小舟', id)).statusCode).toBe(403);
    const reply = await fetched('东湖街道', id);
    expect(reply.statusCode, reply.body).toBe(200);
    const read = await readWorkbook(reply.rawPayload, { name: '长清单.xlsx' });
    if (!read.ok) throw new Error(read.problem);
    const collected = await collectRows(read.sheets[0]!);
    if (!collected.ok) throw new Error(collected.problem);
    const { rows } = collected;
    expect(rows.length).toBeGreaterThan(5001);
    const names = JSON.stringify(rows);
    // What lies in the sub-district, and nothing of the other one.
    expect(names).toContain('春江花园');
    expect(names).not.toContain('石桥新村');
    expect(names).toContain('没有写入：序号');
    expect((await acts()).map((one) => [one.act, one.person])).toEqual([
      ['exports.asked', district.people.chen],
      ['exports.fetched', district.people.chen],
    ]);
  });

  it('不能导出的清单、不对的条件、不是导出的地址：不收', async () => {
    expect((await ask('安居物业', '/api/long/export', { rows: 1 })).statusCode).toBe(404);
    expect((await ask('东湖街道', '/api/estates', {})).statusCode).toBe(404);
    expect((await ask('东湖街道', '/api/estates/:id/phones/export', { id: 1, reason: '核对名册' })).statusCode).toBe(
      404,
    );
    expect((await ask('东湖街道', '/api/long/export', { rows: 1, more: 1 })).statusCode).toBe(422);
  });

  it('拒绝、任职已变：写明原因，没有文件', async () => {
    const { id } = (await ask('东湖街道', '/api/refused/export', { rows: 1 })).json();
    await write(rooms, site.system, id);
    expect((await mine('东湖街道'))[0]).toMatchObject({ state: 'failed', problem: '这张清单今天不能导出' });
    const later = (await ask('区住建局', '/api/long/export', { rows: 1 })).json();
    const tomorrow = { ...site.system, clock: fixedClock('2027-01-01') };
    await district.database.transaction(engine, async (tx) => {
      await sql`update registers.post set to_on = '2026-12-31' where id = ${district.posts.linBureau}`.execute(tx);
      await record(tx, {
        chain: `organisation:${district.organisations.bureau}`,
        act: 'tests.ended',
        object: `post:${district.posts.linBureau}`,
      });
    });
    await write(rooms, tomorrow, later.id);
    expect((await mine('区住建局'))[0]).toMatchObject({ state: 'failed' });
    expect((await mine('区住建局'))[0].problem).toMatch(/职务/);
  });

  it('新增的回避：此前写成的不再交出；过了保存期，清理掉', async () => {
    const { id } = (await ask('东湖街道', '/api/long/export', { rows: 2 })).json();
    await write(rooms, site.system, id);
    expect((await fetched('东湖街道', id)).statusCode).toBe(200);
    await district.database.transaction(engine, async (tx) => {
      const { organisations, people, estates: places } = district;
      await sql`insert into registers.bar (organisation_id, person_id, estate_id, scope, subject_label, from_on, reason, imposed_by)
        select ${organisations.eastOffice}, ${people.chen}, id, scope, name, ${today}::date, '亲属在此居住', ${people.lin}
        from registers.estate where id = ${places.garden}`.execute(tx);
      await record(tx, { chain: `organisation:${organisations.eastOffice}`, act: 'tests.barred', object: 'bar:1' });
    });
    const refused = await fetched('东湖街道', id);
    expect(refused.statusCode).toBe(422);
    expect(refused.json().refusals[0].reason).toContain('新的回避事项');
    const after = { ...site.system, clock: fixedClock('2026-11-30') };
    const about = { system: after, signal: new AbortController().signal };
    await exportTasks(rooms)['exports:sweep']!({} as never, about);
    expect(await asEngine(sql`select id from registers.export_job`)).toEqual([]);
  });
});
