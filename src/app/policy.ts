// Loading the requirements: all packs of all folders are judged together, and go in together or not at all.

import type { Problem } from '../law/pack.ts';
import { type Policy, parsePolicy } from '../law/policy.ts';
import { policyFolders, readPolicyFolders } from '../platform/policy-files.ts';
import type { System } from '../platform/system.ts';
import { askForDuties, type Loaded, loadCalendar, loadPacks } from '../registers/requirements/index.ts';

export async function readPolicy(folders: readonly string[]): Promise<{ policy: Policy } | { problems: Problem[] }> {
  return parsePolicy(await readPolicyFolders(folders));
}

/** Loads the program's own packs and those of POLICY_DIR. With problems nothing changes: the packs that ran go on running. */
export async function loadPolicy(
  system: Pick<System, 'database' | 'clock'>,
  policyDir: string | undefined,
): Promise<{ loaded: Loaded } | { problems: Problem[] }> {
  const read = await readPolicy(policyFolders(policyDir));
  if ('problems' in read) return read;
  const today = system.clock.today();
  const loaded = await system.database.transaction({ standing: 'engine', today }, async (tx) => {
    const done = await loadPacks(tx, read.policy);
    await loadCalendar(tx, read.policy.years);
    // The worker works them out at once, so that nobody waits for it at a start.
    await askForDuties(tx);
    return done;
  });
  return { loaded };
}

export function describeProblems(problems: readonly Problem[]): string {
  return problems
    .map(({ file, line, message, clause }) => `${file}:${line}: ${message}${clause ? `（条款 ${clause}）` : ''}`)
    .join('\n');
}
