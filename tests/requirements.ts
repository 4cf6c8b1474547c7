// The real packs of policy/, loaded and bound in a test district.

import { localDate } from '../src/kernel/local-date.ts';
import { parsePolicy } from '../src/law/policy.ts';
import { materialiseDuties } from '../src/oversight/duties/index.ts';
import { record } from '../src/platform/journal.ts';
import { ownPolicyFolder, readPolicyFolders } from '../src/platform/policy-files.ts';
import { addBindings, loadCalendar, loadPacks } from '../src/registers/requirements/index.ts';
import { codes, type District, engine, today } from './district.ts';

/** Loads the packs, binds one to the whole test district, and works out the duties. */
export async function requireHere(district: District, packId = 'licheng', fromOn = '2024-03-18'): Promise<void> {
  const read = parsePolicy(await readPolicyFolders([ownPolicyFolder]));
  if ('problems' in read) throw new Error(JSON.stringify(read.problems[0]));
  await district.database.transaction(engine, async (tx) => {
    await loadPacks(tx, read.policy);
    await loadCalendar(tx, read.policy.years);
    await addBindings(tx, [{ areaCode: codes.district, packId, fromOn }]);
    await materialiseDuties(tx, localDate(today));
    await record(tx, {
      chain: `organisation:${district.organisations.bureau}`,
      act: 'tests.bound',
      object: `area:${codes.district}`,
    });
  });
}
