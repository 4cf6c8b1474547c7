import type { Clock } from './clock.ts';
import type { Database } from './database.ts';
import type { FileStore } from './files.ts';
import type { IdentityProvider } from './identity-provider.ts';
import type { Jobs } from './jobs.ts';
import type { Sealing } from './sealing.ts';
import type { SmsProvider } from './sms.ts';
import type { Signer } from './witnessing/notes.ts';

/** What a running program holds of the world, put together once at its start. */
export interface System {
  database: Database;
  clock: Clock;
  files: FileStore;
  sealing: Sealing;
  jobs: Jobs;
  signer: Signer;
  demo: boolean;
  publicUrl: string;
  /** Where a deployment has one. */
  identityProvider?: IdentityProvider;
  /** Where a deployment has a contract for short messages. */
  sms?: SmsProvider;
}
