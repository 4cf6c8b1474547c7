/** The door of surveys. */
export { closeSurvey, confirmSheet, openSurvey } from './commands.ts';
export { surveyFields } from './contract.ts';
export {
  type ClosedSurvey,
  closedSurveysOver,
  estatesOfSurvey,
  findSheets,
  findSurvey,
  progressOf,
} from './queries.ts';
export { routes } from './routes.ts';
