/** The door of corrections. */
export { shown } from './queries.ts';
export { routes } from './routes.ts';
