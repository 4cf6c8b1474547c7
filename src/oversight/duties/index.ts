export { awaitBody, type By, confirmWaiver, pauseDuty, proposeWaiver } from './commands.ts';
export { escalateDuties } from './escalate.ts';
export { materialiseDuties } from './materialise.ts';
export { routes } from './routes.ts';
export { tasks } from './tasks.ts';
