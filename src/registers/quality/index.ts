/** The door of quality. */
export { routes } from './routes.ts';
