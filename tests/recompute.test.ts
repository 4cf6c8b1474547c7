// What is stored is what follows from the facts: the duties worked out from nothing are those that are stored, and the standing the database
// answers is that of a plain model that knows no SQL. Over worlds drawn from seeds and over the demo district.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { loadDemo } from '../src/app/demo/index.ts';
import { loadPolicy } from '../src/app/policy.ts';
import { localDate } from '../src/kernel/local-date.ts';
import { materialiseDuties } from '../src/oversight/duties/index.ts';
import { fixedClock } from '../src/platform/clock.ts';
import { type Database, openDatabase, sql } from '../src/platform/database.ts';
import { openFileStore } from '../src/platform/files.ts';
import { keysFrom } from '../src/platform/keys.ts';
import { createSealing } from '../src/platform/sealing.ts';
import { testDatabase } from './database.ts';
import { engine, testDistrict, today } from './district.ts';
import { growWorld } from './sight.ts';

class Undone extends Error {}

/** The stored duties, and those worked out from an empty table in a transaction that is then undone. */
async function storedAndAnew(database: Database): Promise<{ stored: string[]; anew: string[] }> {
  const read = async (tx: Parameters<Parameters<Database['transaction']>[1]>[0]) =>
    (
      await sql<{ row: string }>`
        select (to_jsonb(d) - 'id')::text as row from oversight.duty d order by requirement_id, subject_kind, subject_id, period`.execute(
        tx,
      )
    ).rows.map(({ row }) => row);
  let found: { stored: string[]; anew: string[] } | undefined;
  await database
    .transaction(engine, async (tx) => {
      const stored = await read(tx);
      await sql`delete from oversight.duty`.execute(tx);
      await materialiseDuties(tx, localDate(today));
      found = { stored, anew: await read(tx) };
      throw new Undone();
    })
    .catch((error) => {
      if (!(error instanceof Undone)) throw error;
    });
  return found!;
}

/** The standing of every duty as a person with the books before them would work it out, beside what the view answers. */
async function standings(adminUrl: string): Promise<{ modelled: string[]; answered: string[] }> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const rows = async (table: string) =>
      (await client.query(`select to_jsonb(t) as row from ${table} t`)).rows.map((one) => one.row);
    const [duties, filings, withdrawals, waivers, decisions, pauses, resumptions] = await Promise.all(
      [
        'oversight.duty',
        'filings.filing',
        'filings.withdrawal',
        'oversight.waiver',
        'oversight.waiver_decision',
        'oversight.pause',
        'oversight.resumption',
      ].map(rows),
    );
    const keyOf = (one: Record<string, unknown>, first: string) =>
      [one[first], one.subject_kind, one.subject_id, one.period].join(' ');
    const withdrawn = new Set(withdrawals!.map((one) => one.filing_id));
    const filed = new Set(filings!.filter((one) => !withdrawn.has(one.id)).map((one) => keyOf(one, 'matter')));
    const confirmed = new Set(decisions!.filter((one) => one.confirmed).map((one) => one.waiver_id));
    const waived = new Set(
      waivers!.filter((one) => one.alone || confirmed.has(one.id)).map((one) => keyOf(one, 'requirement_id')),
    );
    const resumed = new Map(resumptions!.map((one) => [one.pause_id, one.resumed_on as string]));
    /** The days on which a duty stood still, each once. */
    const still = new Map<string, Set<number>>();
    const number = (day: string) => Date.parse(day) / 86_400_000;
    for (const one of pauses!) {
      if (one.from_on > today) continue;
      const days = still.get(keyOf(one, 'requirement_id')) ?? new Set<number>();
      const until = Math.min(number(one.to_on), number(resumed.get(one.id) ?? one.to_on));
      for (let day = number(one.from_on); day < until; day += 1) days.add(day);
      still.set(keyOf(one, 'requirement_id'), days);
    }
    const now = number(today);
    const modelled = duties!.map((one) => {
      const key = keyOf(one, 'requirement_id');
      const days = still.get(key) ?? new Set();
      const standing = waived.has(key)
        ? 'waived'
        : filed.has(keyOf(one, 'matter'))
          ? 'met'
          : one.due_on < one.enrolled_on
            ? 'not-enrolled'
            : days.has(now)
              ? 'paused'
              : number(one.due_on) + days.size < now
                ? ['trial', 'informs'].includes(one.effect)
                  ? 'lapsed'
                  : 'overdue'
                : number(one.warn_on) + days.size <= now
                  ? 'due-soon'
                  : 'not-due';
      return `${one.id} ${standing} ${number(one.due_on) + days.size}`;
    });
    await client.query(`set app.today = '${today}'`);
    const { rows: answered } = await client.query<{ row: string }>(
      `select id || ' ' || standing || ' ' || (due_on - date '1970-01-01') as row from oversight.duty_standing`,
    );
    return { modelled: modelled.sort(), answered: answered.map(({ row }) => row).sort() };
  } finally {
    await client.end();
  }
}

const wordsIn = (rows: readonly string[]) => new Set(rows.map((row) => row.split(' ')[1]));

describe('重算等于所存', () => {
  it.each([1, 20_261_122, 77])(
    '随机的世界（种子 %i）',
    async (seed) => {
      const district = await testDistrict();
      try {
        await growWorld(district, seed);
        const { stored, anew } = await storedAndAnew(district.database);
        expect(stored.length).toBeGreaterThan(500);
        expect(anew).toEqual(stored);
        const { modelled, answered } = await standings(district.adminUrl);
        expect(answered).toEqual(modelled);
        expect([...wordsIn(answered)]).toEqual(
          expect.arrayContaining(['met', 'waived', 'paused', 'overdue', 'due-soon', 'not-due', 'not-enrolled']),
        );
      } finally {
        await district.close();
      }
    },
    240_000,
  );

  it('演示区', async () => {
    const place = await testDatabase();
    const database = await openDatabase({ url: place.loginUrl });
    const folder = mkdtempSync(join(tmpdir(), 'gongzhi-recompute-'));
    try {
      const policy = await loadPolicy({ database, clock: fixedClock(today) }, undefined);
      if ('problems' in policy) throw new Error(JSON.stringify(policy.problems));
      const keys = keysFrom(Buffer.alloc(32, 7));
      await loadDemo(
        { database, sealing: createSealing(keys), files: openFileStore({ folder, keys }) },
        { anchor: localDate(today), seed: 1, scale: 0.05 },
      );
      const { stored, anew } = await storedAndAnew(database);
      expect(stored.length).toBeGreaterThan(2_000);
      expect(anew).toEqual(stored);
      const { modelled, answered } = await standings(place.adminUrl);
      expect(answered).toEqual(modelled);
      expect([...wordsIn(answered)]).toEqual(expect.arrayContaining(['met', 'waived', 'paused', 'overdue']));
    } finally {
      await database.close();
      await place.drop();
      rmSync(folder, { recursive: true, force: true });
    }
  }, 240_000);
});
