// Witnesses against whoever owns the database: the real server, the real witness as a program of its own, and a superuser who rewrites what he likes.

import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type RunningServer, startServer } from '../src/app/server.ts';
import { openSystem } from '../src/app/system.ts';
import { systemClock } from '../src/platform/clock.ts';
import { sql } from '../src/platform/database.ts';
import { findWarnings } from '../src/platform/health.ts';
import { record } from '../src/platform/journal.ts';
import type { System } from '../src/platform/system.ts';
import { sayFault, verifyJournal } from '../src/platform/verify-journal.ts';
import {
  declareRecovery,
  dismissWitness,
  findWitnesses,
  nameWitness,
  noteRestoration,
  seal,
} from '../src/platform/witnessing/index.ts';
import { type District, testDistrict } from './district.ts';

const program = join(import.meta.dirname, '../verify/witness.ts');

interface House {
  system: System;
  server: RunningServer;
  admin: pg.Client;
  close(): Promise<void>;
}

let district: District;
let folder: string;
let house: House;
beforeEach(async () => {
  district = await testDistrict();
  folder = mkdtempSync(join(tmpdir(), 'gongzhi-witness-'));
  house = await open(district.database.pool.options.connectionString!, district.adminUrl);
}, 120_000);
afterEach(async () => {
  await house.close();
  await district.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A server on a database, with the key file of this deployment. */
async function open(loginUrl: string, adminUrl: string): Promise<House> {
  const settings = {
    host: '127.0.0.1',
    port: 0,
    publicUrl: 'http://127.0.0.1',
    dataFolder: join(folder, 'data'),
    trustProxy: false,
  };
  const system = await openSystem({ loginUrl, settings });
  const server = await startServer({ databaseUrl: loginUrl, settings });
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  return {
    system,
    server,
    admin,
    async close() {
      await server.close();
      await system.database.close();
      await admin.end();
    },
  };
}

const engine = () => ({ standing: 'engine' as const, today: systemClock.today() });
const chain = () => `organisation:${district.organisations.bureau}` as const;

/** One more event, under a checkpoint. */
async function happen({ system }: House = house, what = 'tests.happened'): Promise<number | undefined> {
  await system.database.transaction(engine(), (tx) => record(tx, { chain: chain(), act: what, object: 'test:1' }));
  return seal(system.database, system.clock, system.signer);
}

interface Said {
  code: number;
  text: string;
}

function witness(name: string, ...given: string[]): Promise<Said> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [program, ...given, '--folder', join(folder, name)],
      { encoding: 'utf8', timeout: 60_000 },
      (error, stdout, stderr) => resolve({ code: error ? Number(error.code ?? 1) : 0, text: stdout + stderr }),
    );
  });
}

async function begin(name: string, { server, system }: House = house): Promise<void> {
  const begun = await witness(name, 'init', '--url', server.url, '--name', name);
  expect(begun.code, begun.text).toBe(0);
  const publicKey = Buffer.from(/witness add \S+ (\S+)/.exec(begun.text)![1]!, 'base64');
  expect(
    await system.database.transaction(engine(), (tx) =>
      nameWitness(tx, { name, publicKey, organisationId: district.organisations.bureau }, systemClock.today()),
    ),
  ).toEqual([]);
  await seal(system.database, system.clock, system.signer);
}

const look = (name: string) => witness(name, 'run', '--once');
const kept = (name: string) =>
  JSON.parse(readFileSync(join(folder, name, 'checkpoint.json'), 'utf8')) as { size: number; url: string };

/** What the owner of the database can do: take the journal back to `seq`, tidy the heads, and seal a new tree as if nothing had been. */
async function rewind({ admin, system }: House, seq: number): Promise<void> {
  await admin.query('delete from platform.journal where chain = $1 and seq > $2', [chain(), seq]);
  await admin.query(
    'update platform.journal_head h set seq = $2, hash = (select hash from platform.journal where chain = $1 and seq = $2) where chain = $1',
    [chain(), seq],
  );
  await admin.query(
    'truncate platform.tree_leaf, platform.tree_node, platform.sealed_head, platform.cosignature, platform.checkpoint',
  );
  await seal(system.database, system.clock, system.signer);
}

const events = async () =>
  Number(
    (await house.admin.query('select max(seq) as seq from platform.journal where chain = $1', [chain()])).rows[0].seq,
  );

describe('封存与见证', () => {
  it('每次变动后的检查点前后相接，见证方逐个核对并会签；没有变动就没有新的检查点', async () => {
    await happen();
    await begin('东湖街道');
    await begin('春江社区');
    for (let round = 0; round < 3; round += 1) {
      const size = await happen();
      for (const name of ['东湖街道', '春江社区']) {
        const said = await look(name);
        expect(said, said.text).toMatchObject({ code: 0 });
        expect(said.text).toContain(`相符：${size} 项，已会签`);
      }
    }
    expect(await seal(house.system.database, house.system.clock, house.system.signer)).toBeUndefined();
    const { note } = (await (await fetch(`${house.server.url}/api/journal/checkpoint`)).json()) as { note: string };
    expect(note.split('\n').filter((line) => line.startsWith('— '))).toHaveLength(3);
    expect((await findWarnings(house.system)).filter((one) => /见证|封存/.test(one))).toEqual([]);
  }, 120_000);

  it('同一时刻变动的许多条链都在树里；四次并发封存不重不漏', async () => {
    const { system, admin } = house;
    await system.database.transaction(engine(), async (tx) => {
      for (let estate = 1; estate <= 40; estate += 1)
        await record(tx, { chain: `estate:${900 + estate}`, act: 'tests.happened', object: 'test:1' });
    });
    await Promise.all(Array.from({ length: 4 }, () => seal(system.database, system.clock, system.signer)));
    const { rows } = await admin.query(
      `select (select count(*)::int from platform.journal_head) as heads, (select count(*)::int from platform.tree_leaf) as leaves,
        (select count(*)::int from platform.journal_head h join platform.tree_leaf l on l.chain = h.chain and l.seq = h.seq and l.hash = h.hash) as sealed`,
    );
    expect(rows[0].leaves).toBe(rows[0].heads);
    expect(rows[0].sealed).toBe(rows[0].heads);
  }, 120_000);

  it('另一个封存没有做完，这一个就等着', async () => {
    const { system, admin } = house;
    await happen();
    await system.database.transaction(engine(), (tx) =>
      record(tx, { chain: chain(), act: 'tests.happened', object: 'test:1' }),
    );
    await admin.query('begin');
    await admin.query(`select pg_advisory_xact_lock(hashtext('gongzhi sealing'))`);
    let over = false;
    const sealing = seal(system.database, system.clock, system.signer).finally(() => (over = true));
    let waits = false;
    while (!over && !waits) {
      const { rows } = await admin.query(
        `select from pg_locks where locktype = 'advisory' and not granted and database = (select oid from pg_database where datname = current_database())`,
      );
      waits = rows.length > 0;
    }
    await admin.query('commit');
    expect(await sealing).toBeGreaterThan(0);
    expect(waits).toBe(true);
  });

  it('一个事务开着不结束：别的照样封存；它自己的提交之后跟上，迟了就说', async () => {
    const { system } = house;
    const long = new pg.Client({ connectionString: district.adminUrl });
    await long.connect();
    await long.query('begin');
    await long.query(`select platform.record('estate:901', 'tests.happened', 'test:1', '{}')`);
    const sealed = async () =>
      (await house.admin.query<{ chain: string }>('select distinct chain from platform.tree_leaf')).rows.map(
        (one) => one.chain,
      );
    expect(await happen()).toBeGreaterThan(0);
    expect(await sealed()).toContain(chain());
    expect(await sealed()).not.toContain('estate:901');
    await long.query('commit');
    await long.end();
    const later = (minutes: number) => ({
      today: systemClock.today,
      now: () => new Date(Date.now() + minutes * 60_000),
    });
    const late = async (minutes: number) =>
      (await findWarnings({ ...system, clock: later(minutes) })).filter((one) => /没有封存/.test(one));
    expect(await late(0)).toEqual([]);
    expect(await late(3)).toEqual([expect.stringMatching(/^有 1 条留痕链超过两分钟没有封存/)]);
    await seal(system.database, system.clock, system.signer);
    expect(await sealed()).toContain('estate:901');
    expect(await late(3)).toEqual([]);
  });

  it('未登记的见证方、别处的检查点、过时的会签：不接受，也不留下什么', async () => {
    await happen();
    const post = (note: string) =>
      fetch(`${house.server.url}/api/journal/cosignatures`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: new URL(house.server.url).origin },
        body: JSON.stringify({ note }),
      });
    const begun = await witness('路人', 'init', '--url', house.server.url, '--name', '路人');
    expect(begun.text).toContain('已开始见证');
    expect((await look('路人')).text).toContain('会签未被接受：不是本系统的检查点，或没有在册见证方此刻的会签');
    for (const note of ['', 'gongzhi/0\n1\n', 'x'.repeat(5_000)]) expect((await post(note)).status).not.toBe(200);
    const { rows } = await house.admin.query(
      'select from platform.cosignature union all select from platform.disagreement',
    );
    expect(rows).toEqual([]);
  }, 120_000);

  it('名称重复、公钥不完整、公钥用过：说明原因；撤销后的会签不再算数，登记与撤销都有留痕', async () => {
    await happen();
    await begin('东湖街道');
    const { database } = house.system;
    const add = (name: string, publicKey: Buffer) =>
      database.transaction(engine(), (tx) =>
        nameWitness(tx, { name, publicKey, organisationId: district.organisations.bureau }, systemClock.today()),
      );
    const [known] = await database.transaction(engine(), findWitnesses);
    expect((await add('东湖街道', Buffer.alloc(32, 1)))[0]!.reason).toContain('已有名为“东湖街道”的见证方');
    expect((await add('西山街道', known!.publicKey))[0]!.reason).toContain('这个公钥已经用过');
    expect((await add('西 山', Buffer.alloc(3))).map((one) => one.reason)).toEqual([
      '见证方的名称为 2 至 40 个字，不含空格和加号',
      '公钥不完整：请粘贴见证程序打印的整段公钥',
    ]);
    expect(
      await database.transaction(engine(), (tx) =>
        dismissWitness(
          tx,
          { name: '东湖街道', reason: '电脑报废', organisationId: district.organisations.bureau },
          systemClock.today(),
        ),
      ),
    ).toEqual([]);
    await seal(database, house.system.clock, house.system.signer);
    expect((await look('东湖街道')).text).toContain('会签未被接受');
    const { rows } = await house.admin.query(
      `select act from platform.journal where act like 'witnesses.%' order by seq`,
    );
    expect(rows.map((row) => row.act)).toEqual(['witnesses.added', 'witnesses.removed']);
  }, 120_000);
});

describe('拥有数据库的人改写历史', () => {
  beforeEach(async () => {
    await happen();
    await begin('东湖街道');
    for (let round = 0; round < 3; round += 1) await happen();
    expect((await look('东湖街道')).code).toBe(0);
  });

  it('截去末尾、改好链头、重建整棵树并重新签名：见证方说出不见了的范围，本机的运行状况也如实说', async () => {
    const size = kept('东湖街道').size;
    await rewind(house, (await events()) - 2);
    const said = await look('东湖街道');
    expect(said.code).toBe(2);
    expect(said.text).toMatch(new RegExp(`记录变少了：上次见到 ${size}，现在只有 \\d+`));
    expect(kept('东湖街道').size).toBe(size);
    expect((await findWarnings(house.system)).join()).toContain(`持有大小为 ${size} 的检查点，与本机不符`);
  });

  it.each([
    [
      '截去末尾、改好链头，树没有一起改',
      `delete from platform.journal j using platform.journal_head h where h.chain = $1 and j.chain = $1 and j.seq = h.seq;
       update platform.journal_head set seq = seq - 1, hash = (select hash from platform.journal j where j.chain = $1 and j.seq = journal_head.seq - 1) where chain = $1`,
      /^organisation:\d+ 第 \d+ 条：封存过的这一条，现在没有或已不同$/,
    ],
    ['改了一片叶', `update platform.tree_leaf set seq = seq + 1000 where index = 0`, /封存过的这一条/],
    [
      '改了检查点的根',
      `update platform.checkpoint set root = sha256('x') where size = (select max(size) from platform.checkpoint)`,
      /^检查点与它之下的叶不符（大小 \d+）$/,
    ],
    [
      '改了检查点的签名文本',
      `update platform.checkpoint set note = replace(note, size::text || E'\\n', (size + 1)::text || E'\\n')`,
      /^检查点与它之下的叶不符/,
    ],
    [
      '少了最后一片叶',
      `delete from platform.tree_leaf where index = (select max(index) from platform.tree_leaf)`,
      /^封存的树不完整（检查点有/,
    ],
    ['少了中间一片叶', `delete from platform.tree_leaf where index = 1`, /^封存的树不完整（缺第 1 片叶）$/],
  ])('%s：verify-journal 自己就看得出', async (_, statements, says) => {
    const found = async () => (await verifyJournal(house.system.database, systemClock.today())).faults.map(sayFault);
    expect(await found()).toEqual([]);
    for (const statement of statements.split(';'))
      await house.admin.query(statement, /\$1/.test(statement) ? [chain()] : []);
    expect((await found()).filter((one) => says.test(one))).not.toEqual([]);
  });

  it('截去末尾之后又补上同样多的别的记录：历史被改写，见证方不认', async () => {
    await rewind(house, (await events()) - 3);
    for (let round = 0; round < 6; round += 1) await happen(house, 'tests.forged');
    const said = await look('东湖街道');
    expect(said).toMatchObject({ code: 2 });
    expect(said.text).toContain('历史被改写');
    expect((await findWarnings(house.system)).join()).toContain('与本机不符');
  });

  it('从头改写一条并把哈希一路改到末端：链上自圆其说，见证方不认', async () => {
    const { admin } = house;
    await admin.query(`delete from platform.journal where chain = $1`, [chain()]);
    await admin.query('delete from platform.journal_head where chain = $1', [chain()]);
    await admin.query(
      'truncate platform.tree_leaf, platform.tree_node, platform.sealed_head, platform.cosignature, platform.checkpoint',
    );
    for (let round = 0; round < 8; round += 1) await happen(house, 'tests.forged');
    expect((await look('东湖街道')).code).toBe(2);
  });

  it('给不同的人看不同的历史：先看了一份的见证方不认另一份', async () => {
    const source = new URL(district.adminUrl).pathname.slice(1);
    const loginUrl = new URL(district.database.pool.options.connectionString!);
    const root = new URL(district.adminUrl);
    root.pathname = '/postgres';
    const master = new pg.Client({ connectionString: root.href });
    await master.connect();
    const name = `${source.slice(0, 50)}w${process.pid}`;
    // Nobody may be connected to a database while it is cloned; the pools connect again.
    await house.close();
    await master.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [source]);
    await master.query(`create database ${name} template ${source}`);
    const [otherAdmin, otherLogin] = [new URL(district.adminUrl), new URL(loginUrl)];
    otherAdmin.pathname = otherLogin.pathname = `/${name}`;
    const other = await open(otherLogin.href, otherAdmin.href);
    house = await open(loginUrl.href, district.adminUrl);
    try {
      await happen(house, 'tests.one');
      await happen(other, 'tests.another');
      const file = join(folder, '东湖街道', 'checkpoint.json');
      const point = (url: string) => writeFileSync(file, JSON.stringify({ ...kept('东湖街道'), url }));
      point(house.server.url);
      expect((await look('东湖街道')).code).toBe(0);
      point(other.server.url);
      const said = await look('东湖街道');
      expect(said.code, said.text).toBe(2);
    } finally {
      await other.close();
      await master.query(`drop database ${name} with (force)`);
      await master.end();
    }
  }, 120_000);
});

describe('从备份恢复', () => {
  const restore = () =>
    house.system.database.transaction(engine(), (tx) => noteRestoration(tx, house.system.clock.now()));

  /** The database as it was at a backup: what came later is gone. */
  async function goBack(size: number, seq: number): Promise<void> {
    const { admin } = house;
    await admin.query('delete from platform.journal where chain = $1 and seq > $2', [chain(), seq]);
    await admin.query(
      'update platform.journal_head set seq = $2, hash = (select hash from platform.journal where chain = $1 and seq = $2) where chain = $1',
      [chain(), seq],
    );
    await admin.query('delete from platform.cosignature where checkpoint_size > $1', [size]);
    await admin.query('delete from platform.checkpoint where size > $1', [size]);
    await admin.query('delete from platform.tree_leaf where index >= $1', [size]);
    await admin.query('delete from platform.tree_node where (index + 1) * (1 << level) > $1', [size]);
    await admin.query('update platform.sealed_head set seq = $2 where chain = $1', [chain(), seq]);
  }
  const declare = (reason: string) =>
    house.system.database.transaction(engine(), (tx) =>
      declareRecovery(
        tx,
        { reason, organisationId: district.organisations.bureau },
        { signer: house.system.signer, now: house.system.clock.now() },
      ),
    );

  /** Two witnesses: 东湖街道 has seen what the backup holds, 西山街道 one event more. */
  async function restoreBehindOneOfTwo(): Promise<{ keptSize: number; seen: number }> {
    await happen();
    await begin('东湖街道');
    await begin('西山街道');
    const keptSize = (await happen())!;
    const keptEvents = await events();
    expect((await look('东湖街道')).code).toBe(0);
    await happen();
    expect((await look('西山街道')).code).toBe(0);
    const seen = kept('西山街道').size;
    await goBack(keptSize, keptEvents);
    await restore();
    return { keptSize, seen };
  }

  it('见证方核对一致之前只能查看，也不封存；核对一致之后照常', async () => {
    await happen();
    await begin('东湖街道');
    await happen();
    expect((await look('东湖街道')).code).toBe(0);
    // One event that no checkpoint covers yet: outside it may have been sealed in another order.
    await house.system.database.transaction(engine(), (tx) =>
      record(tx, { chain: chain(), act: 'tests.unsealed', object: 'test:1' }),
    );
    await restore();
    await expect(happen()).rejects.toMatchObject({ code: 'GZ002' });
    expect(await seal(house.system.database, house.system.clock, house.system.signer)).toBeUndefined();
    expect((await findWarnings(house.system)).join()).toContain('刚从备份恢复，只能查看');
    // Looking is possible all the while.
    const { rows } = await house.system.database.transaction(
      { standing: 'auditor', today: systemClock.today() },
      (tx) => sql`select from registers.estate`.execute(tx),
    );
    expect(rows.length).toBeGreaterThan(0);
    expect((await look('东湖街道')).text).toContain('已会签');
    expect(await happen()).toBeGreaterThan(0);
    expect((await findWarnings(house.system)).join()).not.toContain('刚从备份恢复');
  }, 120_000);

  it('备份比见证方旧：仍只能查看；签署恢复声明写明丢失的范围，见证方核实后接受，此后照常', async () => {
    await happen();
    await begin('东湖街道');
    const keptSize = (await happen())!;
    const keptEvents = await events();
    await happen();
    await happen();
    expect((await look('东湖街道')).code).toBe(0);
    const seen = kept('东湖街道').size;

    const { admin } = house;
    await goBack(keptSize, keptEvents);
    await restore();

    expect(await look('东湖街道')).toMatchObject({ code: 2 });
    await expect(happen()).rejects.toMatchObject({ code: 'GZ002' });

    expect(await declare('无')).toMatchObject([{ reason: '请写明恢复的原因和经过' }]);
    const declared = await declare('磁盘损坏，从昨夜的备份恢复');
    expect((declared as { statement: string }).statement).toMatch(new RegExp(`kept ${keptSize} \\S+\nlost ${seen} `));
    expect(await declare('再来一次试试')).toMatchObject([{ reason: '没有等待核对的恢复' }]);

    await happen();
    expect(await look('东湖街道')).toMatchObject({ code: 2 });
    // Said once more after the statement, in another second than before.
    await admin.query(
      `insert into platform.disagreement (witness_id, size, note, received_at) select witness_id, size, note || ' ', now() from platform.disagreement limit 1`,
    );
    expect((await findWarnings(house.system)).join()).toContain('与本机不符');
    const accepted = await witness('东湖街道', 'accept-recovery');
    expect(accepted.code, accepted.text).toBe(0);
    expect(accepted.text).toContain('磁盘损坏，从昨夜的备份恢复');
    await happen();
    expect((await look('东湖街道')).text).toContain('已会签');
    expect((await findWarnings(house.system)).join()).not.toContain('与本机不符');
    const { rows } = await admin.query(`select act from platform.journal where act = 'journal.recovered'`);
    expect(rows).toHaveLength(1);
  }, 120_000);

  it('两个见证方，落后的先来：照常办理；看到更多的后来，仍可签署声明，从备份处接着见证', async () => {
    const { keptSize, seen } = await restoreBehindOneOfTwo();
    expect((await look('东湖街道')).text).toContain('已会签');
    expect(await declare('还没有人看到更多')).toMatchObject([{ reason: '没有等待核对的恢复' }]);
    await happen();
    await happen();

    expect(await look('西山街道')).toMatchObject({ code: 2 });
    expect((await findWarnings(house.system)).join()).toContain('与本机不符');
    const declared = await declare('从昨夜的备份恢复，丢了一件');
    expect((declared as { statement: string }).statement).toMatch(new RegExp(`kept ${keptSize} \\S+\nlost ${seen} `));
    expect(await declare('再来一次试试')).toMatchObject([{ reason: '没有等待核对的恢复' }]);
    const accepted = await witness('西山街道', 'accept-recovery');
    expect(accepted.code, accepted.text).toBe(0);
    await happen();
    for (const name of ['东湖街道', '西山街道']) expect((await look(name)).text).toContain('已会签');
    expect((await findWarnings(house.system)).join()).not.toContain('与本机不符');
  }, 120_000);

  it('两个见证方，看到更多的先来：落后的核对一致也不算，要签署声明', async () => {
    await restoreBehindOneOfTwo();
    expect(await look('西山街道')).toMatchObject({ code: 2 });
    expect((await look('东湖街道')).text).toContain('已会签');
    await expect(happen()).rejects.toMatchObject({ code: 'GZ002' });
    expect(await declare('从昨夜的备份恢复，丢了一件')).toHaveProperty('statement');
    expect(await happen()).toBeGreaterThan(0);
  }, 120_000);

  it('没有恢复过：见证方看到的更多，声明签不下来', async () => {
    await happen();
    await begin('西山街道');
    const keptSize = (await happen())!;
    const keptEvents = await events();
    await happen();
    expect((await look('西山街道')).code).toBe(0);
    await goBack(keptSize, keptEvents);
    expect(await look('西山街道')).toMatchObject({ code: 2 });
    expect(await declare('说是从备份恢复的')).toMatchObject([{ reason: '没有等待核对的恢复' }]);
  }, 120_000);

  it('没有恢复声明，见证方不会改口', async () => {
    await happen();
    await begin('东湖街道');
    const before = kept('东湖街道').size;
    const said = await witness('东湖街道', 'accept-recovery');
    expect(said).toMatchObject({ code: 1 });
    expect(said.text).toContain('没有签署恢复声明');
    expect(kept('东湖街道').size).toBe(before);
  }, 120_000);
});
