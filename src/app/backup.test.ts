// Carried out as docs/operating.md says: copied while people write, put in place elsewhere, started, compared with a witness, gone on.

import { execFile, execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { brokenChains } from '../../tests/traces.ts';
import { systemClock } from '../platform/clock.ts';
import { sql } from '../platform/database.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../platform/embedded-postgres.ts';
import { record } from '../platform/journal.ts';
import { migrate, newPassword } from '../platform/migrations.ts';
import type { System } from '../platform/system.ts';
import { findRestoration, nameWitness, seal } from '../platform/witnessing/index.ts';
import { BackupRefused, backUp, meetBackupMark } from './backup.ts';
import { startServer } from './server.ts';
import { openSystem } from './system.ts';

const programs = process.env.GONGZHI_TEST_POSTGRES;
const today = systemClock.today();
const engine = { standing: 'engine', today } as const;

let place: string;
beforeAll(() => {
  place = mkdtempSync(join(tmpdir(), 'gongzhi-backup-'));
  chmodSync(place, 0o711);
});
afterAll(() => rmSync(place, { recursive: true, force: true }));

interface Running {
  postgres: EmbeddedPostgres;
  system: System;
  loginUrl: string;
  dataFolder: string;
  stop(): Promise<void>;
}

async function start(dataFolder: string, loginPassword: string): Promise<Running> {
  const postgres = await startEmbeddedPostgres({ dataFolder, ...(programs && { programs }) });
  const { prefix } = await migrate({ adminUrl: postgres.adminUrl, loginPassword });
  const login = new URL(postgres.adminUrl);
  login.username = `${prefix}_login`;
  login.password = loginPassword;
  const system = await openSystem({
    loginUrl: login.href,
    settings: { dataFolder, publicUrl: 'http://127.0.0.1' },
  });
  return {
    postgres,
    system,
    loginUrl: login.href,
    dataFolder,
    async stop() {
      await system.database.close();
      await postgres.stop();
    },
  };
}

const settingsOf = ({ dataFolder }: Running) => ({
  host: '127.0.0.1',
  port: 0,
  publicUrl: 'http://127.0.0.1',
  dataFolder,
  trustProxy: false,
});

function witness(folder: string, ...given: string[]): Promise<{ code: number; text: string }> {
  return new Promise((resolve) =>
    execFile(
      process.execPath,
      [join(import.meta.dirname, '../../verify/witness.ts'), ...given, '--folder', folder],
      { encoding: 'utf8', timeout: 60_000 },
      (error, stdout, stderr) => resolve({ code: error ? Number(error.code ?? 1) : 0, text: stdout + stderr }),
    ),
  );
}

it('运行中备份、放到别处、启动：备份开始前确认的一件不少，链完整；与见证方核对一致之前只能查看，之后照常', async () => {
  const password = newPassword();
  const first = await start(join(place, 'first'), password);
  const acknowledged: bigint[] = [];
  let confirmedBefore = 0;
  const write = (running: Running) =>
    running.system.database.transaction(engine, async (tx) => {
      await sql`insert into registers.area (code, level, name, enrolled_on) values (${`9${String(acknowledged.length + 10_000).slice(1)}0000000`}, 'province', ${`演示省${acknowledged.length}`}, '2026-01-01')`.execute(
        tx,
      );
      return record(tx, { chain: 'organisation:1', act: 'tests.happened', object: 'test:1' });
    });
  const witnessFolder = join(place, 'witness');
  const [copy, keys] = [join(place, 'copy'), join(place, 'keys')];
  try {
    acknowledged.push(await write(first));
    const content = Buffer.from('一份附件');
    await first.system.database.transaction(engine, (tx) => first.system.files.put(tx, content, 'text/plain'));
    await seal(first.system.database, first.system.clock, first.system.signer);
    const server = await startServer({ databaseUrl: first.loginUrl, settings: settingsOf(first) });
    const begun = await witness(witnessFolder, 'init', '--url', server.url, '--name', '东湖街道');
    const publicKey = Buffer.from(/witness add \S+ (\S+)/.exec(begun.text)![1]!, 'base64');
    await first.system.database.transaction(engine, (tx) =>
      nameWitness(tx, { name: '东湖街道', publicKey, organisationId: 1 }, today),
    );
    await seal(first.system.database, first.system.clock, first.system.signer);
    expect((await witness(witnessFolder, 'run', '--once')).text).toContain('已会签');

    // People go on writing while the copy is made.
    let copying = true;
    confirmedBefore = acknowledged.length;
    const writers = [0, 1, 2].map(async () => {
      while (copying) acknowledged.push(await write(first).catch(() => 0n));
    });
    const made = await backUp({
      dataFolder: first.dataFolder,
      adminUrl: first.postgres.adminUrl,
      to: copy,
      keys,
      at: systemClock.now(),
    });
    copying = false;
    await Promise.all(writers);
    expect(acknowledged.length).toBeGreaterThan(confirmedBefore);
    expect(made.bytes).toBeGreaterThan(10_000_000);
    await server.close();
  } finally {
    await first.stop();
  }
  expect(existsSync(join(copy, 'keys'))).toBe(false);
  await expect(
    backUp({ dataFolder: first.dataFolder, adminUrl: first.postgres.adminUrl, to: copy, at: systemClock.now() }),
  ).rejects.toThrow(BackupRefused);

  const restored = join(place, 'restored');
  execFileSync('cp', ['-a', copy, restored]);
  chmodSync(restored, 0o711);
  mkdirSync(join(restored, 'keys'), { mode: 0o700 });
  cpSync(join(keys, 'master.key'), join(restored, 'keys', 'master.key'));
  chmodSync(join(restored, 'keys', 'master.key'), 0o600);
  const second = await start(restored, password);
  try {
    expect(await meetBackupMark(second.system, restored)).toBe(true);
    expect(await meetBackupMark(second.system, restored)).toBe(false);
    const { rows } = await second.system.database.transaction({ standing: 'auditor', today }, (tx) =>
      sql<{ areas: number; events: number }>`select (select count(*)::int from registers.area) as areas,
        (select count(*)::int from platform.journal where act = 'tests.happened') as events`.execute(tx),
    );
    expect(rows[0]!.events).toBeGreaterThanOrEqual(confirmedBefore);
    expect(rows[0]!.areas).toBe(rows[0]!.events);
    expect(await brokenChains(second.postgres.adminUrl)).toEqual([]);
    await expect(write(second)).rejects.toMatchObject({ code: 'GZ002' });

    const server = await startServer({ databaseUrl: second.loginUrl, settings: settingsOf(second) });
    // The witness knows the deployment by its keys; where it is reached is a setting.
    const kept = JSON.parse(readFileSync(join(witnessFolder, 'checkpoint.json'), 'utf8')) as object;
    writeFileSync(join(witnessFolder, 'checkpoint.json'), JSON.stringify({ ...kept, url: server.url }));
    const said = await witness(witnessFolder, 'run', '--once');
    expect(said.code, said.text).toBe(0);
    await server.close();
    expect(await second.system.database.transaction({ standing: 'auditor', today }, findRestoration)).toBeUndefined();
    await second.system.database.transaction(engine, (tx) =>
      record(tx, { chain: 'organisation:1', act: 'tests.afterwards', object: 'test:1' }),
    );
    expect(readdirSync(join(restored, 'files'), { recursive: true }).length).toBeGreaterThan(0);
  } finally {
    await second.stop();
  }
}, 240_000);
