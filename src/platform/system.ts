import type { Clock } from './clock.ts';
import type { Database } from './database.ts';
import type { FileStore } from './files.ts';
import type { Jobs } from './jobs.ts';
import type { Sealing } from './sealing.ts';

/** What a running program holds of the world, put together once at its start. */
export interface System {
  database: Database;
  clock: Clock;
  files: FileStore;
  sealing: Sealing;
  jobs: Jobs;
  demo: boolean;
  publicUrl: string;
}
