/** Binds the contract. The room knows the exports of all rooms by their contracts alone: the program hands it their routes. */
import { type Route, route } from '../../platform/http.ts';
import type { Tasks } from '../../platform/jobs.ts';
import { ask, fetch, write } from './commands.ts';
import { askExport, fetchExport, listExports } from './contract.ts';
import { findExports, sweepExports } from './store.ts';

export function exportRoutes(of: readonly Route[]): Route[] {
  return [
    route(askExport, (asked) => ask(of, asked)),
    route(listExports, async ({ act }) => ({ items: await act(findExports) })),
    route(fetchExport, fetch),
  ];
}

export function exportTasks(of: readonly Route[]): Tasks {
  return {
    'exports:write': ({ id }: { id: number }, { system }) => write(of, system, id),
    'exports:sweep': (_: unknown, { system }) =>
      system.database.transaction({ standing: 'engine', today: system.clock.today() }, sweepExports),
  };
}
