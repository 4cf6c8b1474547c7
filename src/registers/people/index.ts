/** The door of people. */
export { readDeployment } from './queries.ts';
export { resolvePerson } from './resolve.ts';
export { refusedAttempt, routes, welcome } from './routes.ts';
export { refusalOfBar, refusalsOfRole, shortestPassword, standingOf, titleOf } from './rules.ts';
export {
  addAccount,
  addPeople,
  addPost,
  addPosts,
  findPeopleByHash,
  type KnownPerson,
  type NewPerson,
  type NewPost,
} from './store.ts';
