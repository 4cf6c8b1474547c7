/** The door of offices. */
export { routes } from './routes.ts';
