/** The door of estates. */

export { committeeKinds, estateKinds, memberTitles, serviceModes, unitKinds } from './contract.ts';
export { routes } from './routes.ts';
export {
  addCommitteeMembers,
  addCommittees,
  addEstates,
  addOwners,
  addOwnerships,
  addProjects,
  addUnits,
  type NewCommittee,
  type NewCommitteeMember,
  type NewEstate,
  type NewOwner,
  type NewOwnership,
  type NewProject,
  type NewUnit,
} from './store.ts';
