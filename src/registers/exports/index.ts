/** The door of exports. */
export { dossierRoutes } from './dossier.ts';
export { exportRoutes, exportTasks } from './routes.ts';
