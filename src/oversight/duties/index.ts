export { awaitBody, type By, confirmWaiver, pauseDuty, proposeWaiver } from './commands.ts';
export { standingLabels } from './contract.ts';
export { escalateDuties } from './escalate.ts';
export { draftReminderTo } from './letter-routes.ts';
export { horizonOf, materialiseDuties } from './materialise.ts';
export { findDuties } from './queries.ts';
export { routes } from './routes.ts';
export { tasks } from './tasks.ts';
