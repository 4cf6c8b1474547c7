/** The door of corrections. */
export { routes } from './routes.ts';
