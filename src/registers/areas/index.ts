/** The door of areas. */
export { addArea, enrolArea, setTrial } from './commands.ts';
export { chainOf } from './queries.ts';
export { routes } from './routes.ts';
export { addAreas, findArea, type NewArea } from './store.ts';
