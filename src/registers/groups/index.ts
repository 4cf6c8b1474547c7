/** The door of groups. */
export { findGroup, groupsWithin } from './queries.ts';
export { routes } from './routes.ts';
export { addGroups, type GroupRow, type NewGroup } from './store.ts';
