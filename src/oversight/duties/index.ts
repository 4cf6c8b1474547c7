export { type Waiver, waiveDuty } from './commands.ts';
export { materialiseDuties } from './materialise.ts';
export { routes } from './routes.ts';
export { tasks } from './tasks.ts';
