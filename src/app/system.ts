// The world as the server, the worker and the command line hold it, put together once.

import { join } from 'node:path';
import { type Clock, systemClock } from '../platform/clock.ts';
import { openDatabase, sql } from '../platform/database.ts';
import { openFileStore } from '../platform/files.ts';
import { identityProvider } from '../platform/identity-provider.ts';
import { jobs } from '../platform/jobs.ts';
import { keyFileIn, openKeys } from '../platform/keys.ts';
import { createSealing } from '../platform/sealing.ts';
import { httpSmsProvider } from '../platform/sms.ts';
import type { System } from '../platform/system.ts';
import type { Settings } from './settings.ts';

export async function openSystem(options: {
  loginUrl: string;
  settings: Pick<Settings, 'dataFolder' | 'publicUrl' | 'identityProvider' | 'sms'>;
  clock?: Clock;
  connections?: number;
}): Promise<System> {
  const { settings, clock = systemClock } = options;
  const database = await openDatabase({
    url: options.loginUrl,
    ...(options.connections && { connections: options.connections }),
  });
  try {
    const keys = await openKeys({ database, file: keyFileIn(settings.dataFolder), today: clock.today() });
    return {
      database,
      clock,
      files: openFileStore({ folder: join(settings.dataFolder, 'files'), keys }),
      sealing: createSealing(keys),
      jobs,
      signer: keys.signer,
      demo: (await deploymentMode({ database, clock })) === 'demo',
      publicUrl: settings.publicUrl,
      ...(settings.sms && { sms: httpSmsProvider(settings.sms) }),
      ...(settings.identityProvider && {
        identityProvider: identityProvider(settings.identityProvider, settings.publicUrl),
      }),
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** What this database was prepared as; null while it is empty or its preparation was cut off. */
export async function deploymentMode({
  database,
  clock,
}: Pick<System, 'database' | 'clock'>): Promise<'demo' | 'real' | null> {
  const { rows } = await database.transaction({ standing: 'engine', today: clock.today() }, (tx) =>
    sql<{ mode: 'demo' | 'real' }>`select mode from platform.deployment where prepared_at is not null`.execute(tx),
  );
  return rows[0]?.mode ?? null;
}
