/** The door of sealed fields. */

export { routes } from './routes.ts';
export { refusalsOfReason } from './rules.ts';
