import type { Transaction } from '../../platform/database.ts';
import { jobs } from '../../platform/jobs.ts';

/**
 * What is required follows from packs, bindings and registers: after a change to any of them the worker works the duties out again, once
 * however many changes there were, and after whatever somebody waits for. The task is oversight's; it is known here by name only, because imports point down.
 */
export async function askForDuties(tx: Transaction): Promise<void> {
  await jobs.enqueue(tx, 'duties:materialise', {}, { key: 'duties:materialise', later: true });
}
