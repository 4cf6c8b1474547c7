/** The door of finding. */
export { routes } from './routes.ts';
