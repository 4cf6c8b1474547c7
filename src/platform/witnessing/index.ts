export { declareRecovery, dismissWitness, nameWitness, noteRestoration } from './commands.ts';
export { publicKeyOf, type Signer } from './notes.ts';
export { routes } from './routes.ts';
export { findCheckpoint, findDisagreements, findRestoration, findWitnesses } from './store.ts';
export { headLeaf, rootAt, SEALED_WITHIN_SECONDS, seal } from './tree.ts';
