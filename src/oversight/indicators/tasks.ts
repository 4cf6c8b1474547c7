import type { Tasks } from '../../platform/jobs.ts';
import { takeSnapshots } from './snapshots.ts';

/** Every night; what has been taken is not taken again. */
export const tasks: Tasks = {
  'indicators:snapshot': async (_: unknown, { system }) => {
    const today = system.clock.today();
    await system.database.transaction({ standing: 'engine', today }, (tx) => takeSnapshots(tx, today));
  },
};
