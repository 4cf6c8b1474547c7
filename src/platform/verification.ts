/** The nightly look at the whole journal: what bin/gongzhi verify-journal does by hand, with its answer kept for whoever administers. */
import type { OutputOf } from '../kernel/contract.ts';
import { type Verification, verificationContract } from './contract.ts';
import { sql, type Transaction } from './database.ts';
import { type Route, route } from './http.ts';
import type { System } from './system.ts';
import { type Fault, MOST, tellFault, type Verdict, verifyJournal } from './verify-journal.ts';

/** A night that was left out is told on the day after; two hours for the run itself. Ours; no regulation sets it. */
const VERIFIED_WITHIN_HOURS = 26;

type Looking = Pick<System, 'database' | 'clock' | 'files'>;

/** Rows, events, chains and tree, and then the bytes of every file that a row may claim. */
export async function verifyAll({ database, clock, files }: Looking): Promise<Verdict & { files: number }> {
  const today = clock.today();
  const verdict = await verifyJournal(database, today);
  const seen = await files.verify(database, today);
  const spoilt = seen.spoilt.map((key): Fault => ({ kind: 'file', relation: 'platform.file', key }));
  const room = Math.max(0, MOST - verdict.faults.length);
  return {
    ...verdict,
    files: seen.files,
    faults: [...verdict.faults, ...spoilt.slice(0, room)],
    more: verdict.more + Math.max(0, spoilt.length - room),
  };
}

/** Verifies and keeps what was found. A verification that could not be carried through is a finding too: somebody may have seen to that. */
export async function verifyAndKeep(system: Looking): Promise<void> {
  const { database, clock } = system;
  const begunAt = clock.now();
  const today = clock.today();
  const { faults, more, ...looked } = await verifyAll(system).catch((error: { code?: string }) => ({
    faults: [{ kind: 'unfinished' as const, note: error.code ?? 'error' }],
    more: 0,
  }));
  await database.transaction({ standing: 'sealer', today }, (tx) =>
    sql`
      insert into platform.verification (begun_at, ended_at, looked, faults, more)
      values (${begunAt}, ${clock.now()}, ${JSON.stringify(looked)}, ${JSON.stringify(faults.map(tellFault))}, ${more})`.execute(
      tx,
    ),
  );
}

/** The last one kept, for whoever may read it, and whether it is too long ago. */
export async function findVerification(
  tx: Transaction,
  now: Date,
): Promise<OutputOf<typeof verificationContract>['verification']> {
  const { rows } = await sql<Omit<Verification, 'at' | 'late'> & { at: Date }>`
    select ended_at as at, looked, faults, more from platform.verification order by id desc limit 1`.execute(tx);
  if (!rows[0]) return null;
  const late = now.getTime() - rows[0].at.getTime() > VERIFIED_WITHIN_HOURS * 3_600_000;
  return { ...rows[0], at: rows[0].at.toISOString(), late };
}

export const routes: Route[] = [
  route(verificationContract, async ({ act, now }) => ({ verification: await act((tx) => findVerification(tx, now)) })),
];
