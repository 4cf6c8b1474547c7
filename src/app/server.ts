// The web server: the routes of all rooms on the platform's HTTP, for one system.

import type { AddressInfo } from 'node:net';
import type { Clock } from '../platform/clock.ts';
import { buildServer } from '../platform/http.ts';
import { smsWarnings } from '../platform/phone-codes.ts';
import { door } from '../platform/sign-in.ts';
import { resolvePerson } from '../registers/people/index.ts';
import { webFolder } from './build-web.ts';
import { routes } from './routes.ts';
import type { Settings } from './settings.ts';
import { openSystem } from './system.ts';

export interface RunningServer {
  url: string;
  close(): Promise<void>;
}

export async function startServer(options: {
  databaseUrl: string;
  settings: Settings;
  clock?: Clock;
}): Promise<RunningServer> {
  const { settings } = options;
  const system = await openSystem({
    loginUrl: options.databaseUrl,
    settings,
    ...(options.clock && { clock: options.clock }),
  });
  const server = await buildServer({
    system,
    routes,
    resolvePerson,
    web: webFolder,
    trustProxy: settings.trustProxy,
    warnings: () => system.database.transaction(door(system.clock), (tx) => smsWarnings(tx, system.clock.now())),
  });
  try {
    await server.listen({ host: settings.host, port: settings.port });
  } catch (error) {
    await system.database.close();
    throw error;
  }
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `http://${settings.host.includes(':') ? `[${settings.host}]` : settings.host}:${port}`,
    async close() {
      await server.close();
      await system.database.close();
    },
  };
}
