/** The door of people. */
export { signatureOf } from './commands.ts';
export { inEachPost } from './in-each-post.ts';
export { readDeployment } from './queries.ts';
export { resolvePerson } from './resolve.ts';
export { refusedAttempt, routes, welcome } from './routes.ts';
export { refusalOfBar, refusalsOfPassword, refusalsOfRole, shortestPassword, standingOf, titleOf } from './rules.ts';
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
