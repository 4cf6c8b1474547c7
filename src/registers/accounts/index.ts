/** The door of accounts. */
export { routes } from './routes.ts';
