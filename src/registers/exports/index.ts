/** The door of exports. */
export { exportRoutes, exportTasks } from './routes.ts';
