/**
 * The regular look at the journal: what bin/gongzhi verify-journal does by hand, with its answer kept for whoever administers. Every hour all that the
 * database holds; the bytes of the files, which may be many, once a night, and what was found of them stands until the next.
 */
import type { OutputOf } from '../kernel/contract.ts';
import { type Verification, verificationContract } from './contract.ts';
import { sql, type Transaction } from './database.ts';
import { type Route, route } from './http.ts';
import type { System } from './system.ts';
import { type Fault, MOST, type ToldFault, tellFault, verifyJournal } from './verify-journal.ts';

/** An hour that was left out is told before the next, a night on the day after. Ours; no regulation sets it. */
const VERIFIED_WITHIN_HOURS = 2;
const FILES_WITHIN_HOURS = 26;

type Asked = Pick<System, 'database' | 'clock'>;
type Looking = Asked & Pick<System, 'files'>;

/** What a look at the files found: how many there are and how many of them are spoilt, of which at most a hundred are told. */
interface OfFiles {
  files: number;
  spoilt: number;
  filesAt: string;
  faults: ToldFault[];
}

export async function lookAtFiles({ database, clock, files }: Looking): Promise<OfFiles> {
  const seen = await files.verify(database, clock.today());
  const faults = seen.spoilt.slice(0, MOST).map((key): Fault => ({ kind: 'file', relation: 'platform.file', key }));
  return {
    files: seen.files,
    spoilt: seen.spoilt.length,
    filesAt: clock.now().toISOString(),
    faults: faults.map(tellFault),
  };
}

/** What the last look at the files found, as it was kept; null where there was none. */
async function lastLookAtFiles({ database, clock }: Asked): Promise<OfFiles | null> {
  const { rows } = await database.transaction({ standing: 'verifier', today: clock.today() }, (tx) =>
    sql<{ looked: Omit<OfFiles, 'faults'>; faults: ToldFault[] }>`
      select looked, faults from platform.verification where looked ? 'filesAt' order by id desc limit 1`.execute(tx),
  );
  if (!rows[0]) return null;
  const { files, spoilt, filesAt } = rows[0].looked;
  return { files, spoilt, filesAt, faults: rows[0].faults.filter((one) => one.kind === 'file') };
}

/** Rows, events, chains and tree, and what `ofFiles` tells of the bytes of the files that a row may claim. */
export async function verifyAll({ database, clock }: Asked, ofFiles: () => Promise<OfFiles | null>) {
  const verdict = await verifyJournal(database, clock.today());
  const { faults, ...files }: Partial<OfFiles> = (await ofFiles()) ?? {};
  const told = [...verdict.faults.map(tellFault), ...(faults ?? [])].slice(0, MOST);
  const all = verdict.faults.length + verdict.more + (files.spoilt ?? 0);
  return { ...verdict, ...files, faults: told, more: all - told.length };
}

/** Verifies and keeps what was found. A verification that could not be carried through is a finding too: somebody may have seen to that. */
export async function verifyAndKeep(system: Looking, which: 'all' | 'all but files' = 'all'): Promise<void> {
  const { database, clock } = system;
  const begunAt = clock.now();
  const ofFiles = which === 'all' ? lookAtFiles : lastLookAtFiles;
  const { faults, more, ...looked } = await verifyAll(system, () => ofFiles(system)).catch(
    (error: { code?: string }) => ({
      faults: [tellFault({ kind: 'unfinished', note: error.code ?? 'error' })],
      more: 0,
    }),
  );
  await database.transaction({ standing: 'sealer', today: clock.today() }, (tx) =>
    sql`
      insert into platform.verification (begun_at, ended_at, looked, faults, more)
      values (${begunAt}, ${clock.now()}, ${JSON.stringify(looked)}, ${JSON.stringify(faults)}, ${more})`.execute(tx),
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
  const { at, looked } = rows[0];
  const longAgo = (then: Date, hours: number) => now.getTime() - then.getTime() > hours * 3_600_000;
  const late =
    longAgo(at, VERIFIED_WITHIN_HOURS) || (!!looked.filesAt && longAgo(new Date(looked.filesAt), FILES_WITHIN_HOURS));
  return { ...rows[0], at: at.toISOString(), late };
}

export const routes: Route[] = [
  route(verificationContract, async ({ act, now }) => ({ verification: await act((tx) => findVerification(tx, now)) })),
];
