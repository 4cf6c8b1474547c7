/** The door of organisations. */
export { registerOrganisation } from './commands.ts';
export { type OrganisationKind, organisationKinds, partyForms } from './contract.ts';
export { routes } from './routes.ts';
export {
  addCompanies,
  addInstructors,
  addOrganisations,
  addPartyArrangements,
  type FoundOrganisation,
  findOrganisations,
  type NewCompany,
  type NewInstructor,
  type NewOrganisation,
  type NewPartyArrangement,
  nearestOrganisation,
} from './store.ts';
