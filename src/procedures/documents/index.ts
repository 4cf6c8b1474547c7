/** The door of documents. */
export { addSealedCopy, type Draft, draftDocument, tickPosting, withdrawDocument } from './commands.ts';
export { type By, copiesOfEstate } from './queries.ts';
export { routes } from './routes.ts';
