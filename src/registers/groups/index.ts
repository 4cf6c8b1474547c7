/** The door of groups. */
export { groupKinds } from './contract.ts';
export { findGroup, groupsKept, groupsWithin } from './queries.ts';
export { routes } from './routes.ts';
export { refusalsOfGroup } from './rules.ts';
export { addGroups, findKeepers, type GroupRow, type Keeper, type NewGroup } from './store.ts';
