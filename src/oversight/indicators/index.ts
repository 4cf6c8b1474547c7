export { routes } from './routes.ts';
export { takeSnapshots } from './snapshots.ts';
export { tasks } from './tasks.ts';
