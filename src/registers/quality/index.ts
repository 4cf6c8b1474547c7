/** The door of quality. */
export { keepers } from './flaws.ts';
export { routes } from './routes.ts';
