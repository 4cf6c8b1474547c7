/** The door of lists. */
export { routes } from './routes.ts';
