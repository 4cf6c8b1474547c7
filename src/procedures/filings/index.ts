export { attachEvidence, type DeedToFile, fileDeed, withdrawFiling } from './commands.ts';
export { filedRows, filedSql } from './facts.ts';
export { evidenceOfEstate } from './queries.ts';
export { deedRoster } from './roster.ts';
export { routes } from './routes.ts';
