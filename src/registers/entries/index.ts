/** The door of the simple registers. */
export {
  type EntryField,
  type EntryKind,
  entryKinds,
  isReference,
  organisationRelations,
  type Reference,
  rankingKinds,
} from './contract.ts';
export { namedEntries } from './queries.ts';
export { routes } from './routes.ts';
export {
  type CoveredEstate,
  circleOf,
  type Period,
  periodsMeet,
  type Rank,
  refusalOfCircle,
  refusalsOfEstates,
  refusalsOfPeriod,
  refusalsOfValues,
  spokenPeriod,
} from './rules.ts';
export { addEntries, type NewEntry, readRanks, sqlTypes } from './store.ts';
