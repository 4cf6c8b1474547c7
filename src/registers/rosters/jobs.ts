/** What the worker does for imports; the payload is the number of the batch. */
import type { Tasks } from '../../platform/jobs.ts';
import { checkBatch, commitBatch, readBatch, undoBatch } from './commands.ts';
import type { RosterKind } from './kind.ts';

export function rosterTasks(kinds: readonly RosterKind[]) {
  return {
    'rosters:read': ({ batch }: { batch: number }, { system }) => readBatch(system, kinds, batch),
    'rosters:check': ({ batch }: { batch: number }, { system }) => checkBatch(system, kinds, batch),
    'rosters:commit': ({ batch }: { batch: number }, { system }) => commitBatch(system, kinds, batch),
    'rosters:undo': ({ batch }: { batch: number }, { system }) => undoBatch(system, kinds, batch),
  } satisfies Tasks;
}
