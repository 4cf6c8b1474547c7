/** The door of groups. */
export { findGroup, groupsKept, groupsWithin } from './queries.ts';
export { routes } from './routes.ts';
export { addGroups, type GroupRow, type NewGroup } from './store.ts';
