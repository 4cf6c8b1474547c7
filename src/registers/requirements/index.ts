/** The door of requirements. */
export { bindPack } from './commands.ts';
export { bindingsOf, packsInForce, requirementsInForce } from './queries.ts';
export { type Range, type RangedRequirement, requirementsByRange } from './ranges.ts';
export { askForDuties } from './recompute.ts';
export { routes } from './routes.ts';
export { effectOfEntry, type LoadedPack, mayGovern } from './rules.ts';
export {
  addBindings,
  type Definition,
  findPacks,
  type Loaded,
  loadCalendar,
  loadPacks,
  type NewBinding,
  type RequirementRow,
} from './store.ts';
