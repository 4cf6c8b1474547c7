/** The door of corrections. */
export { answerCorrection, askCorrection, attachToCorrection } from './commands.ts';
export { readCorrection, shown } from './queries.ts';
export { routes } from './routes.ts';
