import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../tests/database.ts';
import { type Actor, type Database, openDatabase, sql } from './database.ts';

const engine: Actor = { standing: 'engine', today: '2026-11-22' };

let place: TestDatabase;
let database: Database;
beforeAll(async () => {
  place = await testDatabase();
  database = await openDatabase({ url: place.loginUrl, connections: 2 });
});
afterAll(async () => {
  await database?.close();
  await place?.drop();
});

async function terminate(pid: number): Promise<void> {
  const client = new pg.Client({ connectionString: place.adminUrl });
  await client.connect();
  try {
    await client.query('select pg_terminate_backend($1)', [pid]);
    await expect
      .poll(async () => (await client.query('select from pg_stat_activity where pid = $1', [pid])).rowCount, {
        timeout: 20_000,
      })
      .toBe(0);
  } finally {
    await client.end();
  }
}

describe('连接中断', () => {
  it('正被使用的连接在两条语句之间断开：只有这个请求失败，程序继续，连接池换上新的', async () => {
    await expect(
      database.transaction(engine, async (tx) => {
        const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx);
        await terminate(rows[0]!.pid);
        await sql`select 1`.execute(tx);
      }),
    ).rejects.toThrow(/terminat|Connection|not queryable/i);
    for (let n = 0; n < 4; n += 1) {
      const { rows } = await database.transaction(engine, (tx) => sql<{ one: number }>`select 1 as one`.execute(tx));
      expect(rows).toEqual([{ one: 1 }]);
    }
  });

  it('抛出错误则全部撤回，连接上不留下任何人的身份', async () => {
    await expect(
      database.transaction(engine, async (tx) => {
        await sql`insert into platform.calendar_year (year, notice) values (2099, '测试')`.execute(tx);
        throw new Error('不做了');
      }),
    ).rejects.toThrow('不做了');
    const { rows } = await database.transaction(engine, (tx) =>
      sql`select from platform.calendar_year where year = 2099`.execute(tx),
    );
    expect(rows).toHaveLength(0);
    const { rows: self } = await database.pool.query(
      `select current_user = session_user as plain, current_setting('app.today', true) as today`,
    );
    expect(self).toEqual([{ plain: true, today: '' }]);
  });
});
