import type { System } from '../../platform/system.ts';
import { type Installation, migrateInstallation, openInstallation } from '../installation.ts';
import { readSettings, type Settings } from '../settings.ts';
import { openSystem } from '../system.ts';

/** Runs a command on the database of the settings: the running one is joined and left running, otherwise it is started and stopped again. */
export async function withInstallation<T>(
  work: (installation: Installation, settings: Settings) => Promise<T>,
): Promise<T> {
  const settings = readSettings(process.env);
  const installation = await openInstallation(settings, (sentence) => console.error(sentence));
  try {
    return await work(installation, settings);
  } finally {
    if (installation.postgres && !installation.postgres.adopted) await installation.postgres.stop();
  }
}

/** The same with the whole system on it, brought up to date. */
export function withSystem<T>(work: (system: System, settings: Settings) => Promise<T>): Promise<T> {
  return withInstallation(async (installation, settings) => {
    await migrateInstallation(installation, settings);
    const system = await openSystem({ loginUrl: installation.loginUrl, settings, connections: 4 });
    try {
      return await work(system, settings);
    } finally {
      await system.database.close();
    }
  });
}
