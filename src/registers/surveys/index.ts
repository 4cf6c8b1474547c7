/** The door of surveys. */
export { routes } from './routes.ts';
