// The server of the database is killed while deeds are being filed; after each kill every filing that was acknowledged must be there, with its
// event, and every chain whole.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { openDatabase, sql } from '../src/platform/database.ts';
import { startEmbeddedPostgres } from '../src/platform/embedded-postgres.ts';
import { fileDeed } from '../src/procedures/filings/index.ts';
import { brokenChains, spoiltRows, untraced } from '../tests/traces.ts';
import type { Stage } from './stage.ts';

export interface Round {
  round: number;
  acknowledged: number;
  lost: number;
  /** Filings without an event, and chains that do not hold. */
  faults: string[];
}

interface Due {
  matter: string;
  subjectKind: string;
  subjectId: string;
  period: string;
}

const FILERS = 4;

export async function faultRounds(stage: Stage, rounds: number, say: (sentence: string) => void): Promise<Round[]> {
  const { officer, today, folder } = stage;
  const done: Round[] = [];
  await stage.system.database.close();
  const { rows: places } = await stage.admin.query<{ folder: string }>(
    `select current_setting('data_directory') as folder`,
  );
  const { rows: last } = await stage.admin.query<{ id: number }>(
    'select coalesce(max(id), 0)::int as id from filings.filing',
  );
  const acknowledged = new Set<number>();
  for (let round = 1; round <= rounds; round += 1) {
    const database = await openDatabase({ url: stage.loginUrl, connections: FILERS + 1 });
    const due = await database.transaction(officer.actor, async (tx) => {
      const { rows } =
        await sql<Due>`select matter, subject_kind as "subjectKind", subject_id as "subjectId", period from oversight.duty_standing
        where standing not in ('met', 'waived') and coalesce(period_from, due_on) <= platform.today() order by id`.execute(
          tx,
        );
      return rows;
    });
    const before = acknowledged.size;
    // Killed after a number of acknowledgements, not after a time: the middle of the work, on any machine.
    const killAfter = 5 + round * 7;
    let dead = false;
    const filers = Array.from({ length: FILERS }, async (_, filer) => {
      for (let at = filer; at < due.length && !dead; at += FILERS) {
        try {
          const answer = await database.transaction(officer.actor, (tx) =>
            fileDeed(tx, officer, { ...due[at]!, doneOn: today, evidence: 'none' }, today),
          );
          if ('matter' in answer) acknowledged.add(answer.id);
        } catch (error) {
          if (!dead) throw error;
        }
        if (!dead && acknowledged.size - before >= killAfter) {
          dead = true;
          process.kill(
            Number(readFileSync(join(places[0]!.folder, 'postmaster.pid'), 'utf8').split('\n')[0]),
            'SIGKILL',
          );
        }
      }
    });
    await Promise.all(filers);
    if (!dead) throw new Error(`第 ${round} 轮：可报备的义务不够，没有等到中断`);
    await database.close().catch(() => undefined);
    stage.server = await startEmbeddedPostgres({ dataFolder: folder });
    const { adminUrl } = stage.server;
    const client = new pg.Client({ connectionString: adminUrl });
    await client.connect();
    const { rows: kept } = await client.query<{ id: number }>('select id from filings.filing where id = any ($1)', [
      [...acknowledged],
    ]);
    await client.end();
    const faults = [
      ...(await untraced(adminUrl, last[0]!.id)),
      ...(await spoiltRows(adminUrl)),
      ...(await brokenChains(adminUrl)),
    ];
    done.push({ round, acknowledged: acknowledged.size - before, lost: acknowledged.size - kept.length, faults });
    say(
      `第 ${round} 轮：确认 ${acknowledged.size - before} 件后杀死数据库，累计丢失 ${acknowledged.size - kept.length} 件，留痕问题 ${faults.length} 处`,
    );
  }
  return done;
}
