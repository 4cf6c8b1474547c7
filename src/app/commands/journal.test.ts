// bin/gongzhi verify-journal and export-journal as somebody types them, on a database of their own.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../tests/database.ts';
import { openDatabase, sql } from '../../platform/database.ts';
import { record } from '../../platform/journal.ts';

const root = join(import.meta.dirname, '../../..');
let place: TestDatabase;
let folder: string;
beforeAll(async () => {
  place = await testDatabase();
  folder = mkdtempSync(join(tmpdir(), 'gongzhi-journal-'));
  const database = await openDatabase({ url: place.loginUrl });
  for (const n of [1, 2, 3])
    await database.transaction({ standing: 'engine', today: '2026-11-22' }, async (tx) => {
      await sql`insert into registers.area (code, level, name, enrolled_on) values (${`99${n}000000000`}, 'province', ${`示范${n}`}, '2026-01-01')`.execute(
        tx,
      );
      await record(tx, { chain: 'organisation:1', act: 'areas.added', object: `area:99${n}` });
      await record(tx, { chain: 'estate:7', act: 'a.b', object: 'c:1' });
    });
  await database.close();
});
afterAll(async () => {
  await place?.drop();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

function run(...given: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [join(root, 'src/app/cli.ts'), ...given], {
    encoding: 'utf8',
    env: {
      PATH: process.env.PATH,
      GONGZHI_DATA: join(folder, 'data'),
      DATABASE_URL: place.loginUrl,
      DATABASE_ADMIN_URL: place.adminUrl,
    },
  });
}

async function asSuperuser(statements: string): Promise<void> {
  const client = new pg.Client({ connectionString: place.adminUrl });
  await client.connect();
  await client.query(statements);
  await client.end();
}

describe('bin/gongzhi export-journal', () => {
  it('写出文件、网页和说明；文件只有本人可读；核验者认它完整', () => {
    const file = join(folder, '留痕.ndjson');
    const answer = run('export-journal', file, '--json');
    expect(answer).toMatchObject({ status: 0 });
    expect(JSON.parse(answer.stdout)).toEqual({ file, events: 6, chains: 2, beside: ['verify.html', '怎么验.txt'] });
    expect(readdirSync(folder)).toEqual(expect.arrayContaining(['留痕.ndjson', 'verify.html', '怎么验.txt']));
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const checked = spawnSync(process.execPath, [join(root, 'verify/verify.ts'), file], { encoding: 'utf8' });
    expect(checked).toMatchObject({ status: 0, stdout: expect.stringMatching(/^完整：2 条链、6 条留痕/) });
    expect(run('export-journal', '--estate', '7', join(folder, 'one.ndjson')).stdout).toMatch(
      /^已导出 1 条链、3 条留痕/,
    );
  });

  it.each([
    [['export-journal'], /^用法/],
    [['export-journal', '--estate', '7', '--organisation', '1', '/nowhere/x'], /^用法/],
    [['export-journal', '--estate', 'x', '/nowhere/x'], /^编号应为正整数，现在是“x”。/],
    [['export-journal', '--estate', '99', join(tmpdir(), `gongzhi-none-${process.pid}`)], /^没有 estate:99 这条链/],
    [['export-journal', '/nowhere/x'], /^写不了 \/nowhere\/x/],
  ])('%j 说明该怎么做', (given, sentence) => {
    const { status, stderr } = run(...given);
    expect(stderr).toMatch(sentence);
    expect(status).toBe(2);
    expect(existsSync(given.at(-1)!), given.at(-1)).toBe(false);
  });
});

describe('bin/gongzhi verify-journal', () => {
  it('完整为 0；有一处不符为 1，说出在哪里；--json 给出同样的', async () => {
    const whole = run('verify-journal');
    expect(whole).toMatchObject({
      status: 0,
      stdout: '完整：3 行记录，2 条链，6 条留痕（SHA-256），0 次封存，0 件附件，全部相符。\n',
    });
    await asSuperuser(`alter table registers.area disable trigger user; update registers.area set name = '改' where code = '992000000000';
      do $$ declare t name; begin for t in select tgname from pg_trigger where tgrelid = 'registers.area'::regclass and not tgisinternal
        loop execute format('alter table registers.area enable always trigger %I', t); end loop; end $$;
      update platform.journal set reason = '补' where chain = 'estate:7' and seq = 2`);
    const broken = run('verify-journal');
    expect(broken.status).toBe(1);
    expect(broken.stdout.split('\n')).toEqual([
      '不完整：3 行记录，2 条链，6 条留痕（SHA-256），0 次封存，0 件附件，发现 2 处不符。',
      '  registers.area 992000000000：记录的现状与最后一次留痕的摘要不符',
      '  estate:7 第 2 条：所示内容与存证字节不符',
      '',
    ]);
    const told = run('verify-journal', '--json');
    expect(told.status).toBe(1);
    expect(JSON.parse(told.stdout)).toMatchObject({
      hash: 'sha256',
      events: 6,
      more: 0,
      faults: [
        { kind: 'row', relation: 'registers.area', key: '992000000000' },
        { kind: 'columns', chain: 'estate:7', seq: '2' },
      ],
    });
  });

  it('数据库不满足启动条件，照样核验，一并说出；没有什么被迁移或修好', async () => {
    await asSuperuser(`alter table registers.area disable trigger covered_delete; delete from registers.area where code = '993000000000';
      create or replace function platform.length_prefixed(field text) returns bytea language sql immutable as 'select null::bytea'`);
    const told = run('verify-journal');
    expect(told.status).toBe(1);
    expect(told.stderr).toBe('');
    expect(told.stdout).toContain('  registers.area 993000000000：留痕中有，表里没有\n');
    expect(told.stdout).toContain('\n数据库不满足启动条件：\n');
    expect(told.stdout).toMatch(/数据表 registers\.area 上的触发器 covered_delete 没有始终启用/);
    expect(told.stdout).toMatch(/函数 platform\.length_prefixed\S* 的内容与迁移所建的不同/);
    // Everything else refuses, as it did.
    expect(run('due', '--area', '991000000000').stderr).toMatch(/数据库不满足启动条件/);
  });

  it('别的版本的数据库：说明怎么办，什么也不改', async () => {
    await asSuperuser('alter table platform.covered_shape rename to covered_form');
    expect(run('verify-journal')).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/^这个数据库不是本版本的/),
    });
  });
});
