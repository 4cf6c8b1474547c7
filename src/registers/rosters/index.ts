/** The door of rosters. A room further up that has rosters of its own passes its kinds along with these. */
import { rosterTasks } from './jobs.ts';
import { registerKinds } from './kinds.ts';
import { rosterRoutes } from './routes.ts';

export { choicesOf, column } from './columns.ts';
export type { Opening, RosterKind, RowReader, Sender, Writing } from './kind.ts';
export { communityField, streetField } from './kinds/places.ts';
export type { RowProblem, StagedRow, Values } from './rosters.ts';
export { bareCommunity, bareStreet, distance } from './rules.ts';
export { registerKinds, rosterRoutes, rosterTasks };

export const routes = rosterRoutes(registerKinds);
export const tasks = rosterTasks(registerKinds);
