/** The door of activations. */
export { routes } from './routes.ts';
