// Every route of the program, and every task of the worker: wiring and nothing else.

import { routes as directives } from '../oversight/directives/index.ts';
import { routes as duties, tasks as dutyTasks } from '../oversight/duties/index.ts';
import { routes as indicators, tasks as indicatorTasks } from '../oversight/indicators/index.ts';
import { routes as responsibility } from '../oversight/responsibility/index.ts';
import type { Route } from '../platform/http.ts';
import { later, type Tasks } from '../platform/jobs.ts';
import { sweepSessions } from '../platform/sign-in.ts';
import { routes as verification, verifyAndKeep } from '../platform/verification.ts';
import { seal, routes as witnessing } from '../platform/witnessing/index.ts';
import { copiesOfEstate, routes as documents } from '../procedures/documents/index.ts';
import { deedRoster, evidenceOfEstate, routes as filings } from '../procedures/filings/index.ts';
import { routes as accounts } from '../registers/accounts/index.ts';
import { routes as activations } from '../registers/activations/index.ts';
import { routes as areas } from '../registers/areas/index.ts';
import { routes as corrections } from '../registers/corrections/index.ts';
import { routes as entries } from '../registers/entries/index.ts';
import { routes as estates } from '../registers/estates/index.ts';
import { dossierRoutes, exportRoutes, exportTasks } from '../registers/exports/index.ts';
import { routes as finding } from '../registers/finding/index.ts';
import { routes as groups } from '../registers/groups/index.ts';
import { routes as lists } from '../registers/lists/index.ts';
import { routes as offices } from '../registers/offices/index.ts';
import { routes as organisations } from '../registers/organisations/index.ts';
import { routes as people } from '../registers/people/index.ts';
import { routes as quality } from '../registers/quality/index.ts';
import { routes as requirements } from '../registers/requirements/index.ts';
import { registerKinds, rosterRoutes, rosterTasks } from '../registers/rosters/index.ts';
import { routes as sealed } from '../registers/sealed/index.ts';
import { routes as surveys } from '../registers/surveys/index.ts';

/** The registers' own kinds of rosters, and those of the rooms above. */
const rosterKinds = [...registerKinds, deedRoster];

const rooms: Route[] = [
  ...people,
  ...accounts,
  ...offices,
  ...sealed,
  ...areas,
  ...organisations,
  ...estates,
  ...entries,
  ...activations,
  ...requirements,
  ...rosterRoutes(rosterKinds),
  ...finding,
  ...lists,
  ...groups,
  ...quality,
  ...corrections,
  ...surveys,
  ...filings,
  ...documents,
  ...duties,
  ...directives,
  ...responsibility,
  ...indicators,
  ...witnessing,
  ...verification,
];

/** What is written by the worker for whoever does not wait: every list, and all of an estate at once. */
const exported = [
  ...rooms,
  ...dossierRoutes(rooms, [
    { folder: '文件', of: copiesOfEstate },
    { folder: '报备材料', of: evidenceOfEstate },
  ]),
];

export const routes: Route[] = [...exported, ...exportRoutes(exported)];

export const tasks: Tasks = {
  ...exportTasks(exported),
  ...dutyTasks,
  ...indicatorTasks,
  ...rosterTasks(rosterKinds),
  'files:sweep': async (_: unknown, { system }) => void (await system.files.sweep(system.database, system.clock)),
  'sessions:sweep': (_: unknown, { system }) => sweepSessions(system.database, system.clock),
  'journal:verify': (_: unknown, { system }) => verifyAndKeep(system, 'all but files'),
  'journal:verify-all': (_: unknown, { system }) => verifyAndKeep(system),
  'journal:seal': async (_: unknown, { system }) => void (await seal(system.database, system.clock, system.signer)),
};

/** Regular work, in UTC: every minute the journal is sealed; five past midnight in Asia/Shanghai the new day's duties and whom they are taken to, then what has expired. The journal is verified every hour, at half past one with the files. All but the sealing gives way to what somebody waits for. */
export const crontab = [
  '* * * * * journal:seal',
  ...[
    '5 16 * * * duties:materialise',
    '10 16 * * * duties:escalate',
    '15 16 * * * files:sweep',
    '20 16 * * * exports:sweep',
    '25 16 * * * indicators:snapshot',
    '30 0-16,18-23 * * * journal:verify',
    '30 17 * * * journal:verify-all',
    '*/30 * * * * sessions:sweep',
  ].map(later),
].join('\n');
