import type { Tasks } from '../../platform/jobs.ts';
import { escalateDuties } from './escalate.ts';
import { materialiseDuties } from './materialise.ts';

/** Work of the worker: after packs, bindings or registers changed, and every night. */
export const tasks: Tasks = {
  'duties:materialise': async (_: unknown, { system }) => {
    const today = system.clock.today();
    await system.database.transaction({ standing: 'engine', today }, (tx) => materialiseDuties(tx, today));
  },
  // After the new day's duties are worked out; at least once, and never twice for one level.
  'duties:escalate': async (_: unknown, { system }) => {
    const today = system.clock.today();
    await system.database.transaction({ standing: 'engine', today }, (tx) => escalateDuties(tx, today));
  },
};
