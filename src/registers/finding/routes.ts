/** Binds the contract of finding to its query. */
import { verdictOf } from '../../kernel/results.ts';
import { type Route, route } from '../../platform/http.ts';
import { findEverything } from './contract.ts';
import { findByWords } from './queries.ts';
import { refusalsOfWords } from './rules.ts';

export const routes: Route[] = [
  route(findEverything, async ({ input, person, today, act }) => {
    const verdict = verdictOf(refusalsOfWords(input.words));
    return verdict.allowed ? { groups: await act((tx) => findByWords(tx, input, person, today)) } : verdict;
  }),
];
