// Clause by clause: what the catalogue says answers it is asked of a running system with all five texts in it, each in a place of its own.
// docs/clauses.md is printed from the same data; to print it anew: GONGZHI_WRITE_DOCS=1 bin/test tests/policy/answers.test.ts

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadDemo } from '../../src/app/demo/index.ts';
import { describeProblems, loadPolicy, readPolicy } from '../../src/app/policy.ts';
import { routes } from '../../src/app/routes.ts';
import { localDate } from '../../src/kernel/local-date.ts';
import type { Clause, STEPS } from '../../src/law/clause.ts';
import { entriesOf, type PackEntry } from '../../src/law/pack.ts';
import { readIndicators } from '../../src/oversight/indicators/queries.ts';
import { fixedClock } from '../../src/platform/clock.ts';
import { type Actor, type Database, openDatabase, sql } from '../../src/platform/database.ts';
import { openFileStore } from '../../src/platform/files.ts';
import { keysFrom } from '../../src/platform/keys.ts';
import { ownPolicyFolder } from '../../src/platform/policy-files.ts';
import { createSealing } from '../../src/platform/sealing.ts';
import { type TestDatabase, testDatabase } from '../database.ts';

const root = join(import.meta.dirname, '../..');
const page = join(root, 'docs/clauses.md');
const again = 'GONGZHI_WRITE_DOCS=1 bin/test tests/policy/answers.test.ts';

const read = await readPolicy([ownPolicyFolder]);
if ('problems' in read) throw new Error(describeProblems(read.problems));
const { policy } = read;
/** The entries that may answer a text: those of the packs that carry it. */
const entriesFor = (text: string): PackEntry[] =>
  policy.packs.filter((pack) => pack.text === text).flatMap((pack) => entriesOf(pack));

const today = localDate('2026-11-22');
const engine: Actor = { standing: 'engine', today };
let place: TestDatabase;
let database: Database;
let folder: string;
/** How many duties of each matter were worked out, and which indicators gave a figure. */
let duties: Map<string, number>;
let figures: Set<string>;
beforeAll(async () => {
  place = await testDatabase();
  database = await openDatabase({ url: place.loginUrl });
  folder = mkdtempSync(join(tmpdir(), 'gongzhi-answers-'));
  const keys = keysFrom(Buffer.alloc(32, 7));
  const loaded = await loadPolicy({ database, clock: fixedClock(today) }, undefined);
  if ('problems' in loaded) throw new Error(describeProblems(loaded.problems));
  const files = openFileStore({ folder, keys });
  await loadDemo({ database, sealing: createSealing(keys), files }, { anchor: today, seed: 1, scale: 0.05 });
  await database.transaction(engine, async (tx) => {
    const { rows } = await sql<{ matter: string; count: number }>`
      select r.pack_id || ' ' || d.matter as matter, count(*)::int as count from oversight.duty d join registers.requirement r on r.id = d.requirement_id group by 1`.execute(
      tx,
    );
    duties = new Map(rows.map((row) => [row.matter, row.count]));
    figures = new Set((await readIndicators(tx, undefined, today)).map((one) => one.key));
  });
}, 180_000);
afterAll(async () => {
  await database?.close();
  await place?.drop();
  rmSync(folder, { recursive: true, force: true });
});

const router = readFileSync(join(root, 'src/web/console/router.tsx'), 'utf8');
const rooms = ['procedures', 'matters', 'oversight', 'registers'].flatMap((floor) =>
  existsSync(join(root, 'src', floor)) ? readdirSync(join(root, 'src', floor)) : [],
);
const steps: Record<(typeof STEPS)[number], string> = {
  'filings.file': '/api/filings',
  'rosters.import': '/api/imports',
};

/** What is wrong with the answer of a clause; empty when it runs. */
function faultsOf(text: string, { answer, force }: Clause): string[] {
  if (answer.kind === 'exhortation') return force === 'exhortation' ? [] : ['不是号召性条款'];
  if (answer.kind === 'planned')
    return rooms.includes(answer.room) ? [`房间 ${answer.room} 已经有了，应由它来回答`] : [];
  const { kind, keys } = answer;
  return keys.filter((key) => !runs[kind](key, text)).map((key) => `${kind} ${key} 没有在运行`);
}

const runs: Record<'page' | 'step' | 'indicator' | 'duty' | 'parameter', (key: string, text: string) => boolean> = {
  // What is required where stands on the page of areas.
  page: (key) => router.includes(`path: '${key === 'requirements' ? 'areas' : key}'`),
  step: (key) =>
    routes.some((one) => one.contract.method === 'POST' && one.contract.path === steps[key as keyof typeof steps]),
  indicator: (key) => figures.has(key),
  duty: (key, text) => policy.packs.some((pack) => pack.text === text && (duties.get(`${pack.id} ${key}`) ?? 0) > 0),
  parameter: (key, text) =>
    entriesFor(text).some((one) => one.key === key && one.kind === 'parameter' && one.values.length > 0),
};

describe.each(policy.texts)('$number', ({ text, clauses }) => {
  it.each(clauses)('$id 的回答在运行', (clause) => {
    expect(faultsOf(text, clause)).toEqual([]);
  });
});

const kinds = ['duty', 'indicator', 'parameter', 'step', 'page', 'planned', 'exhortation'] as const;

function printed(): string {
  const count = (clauses: readonly Clause[], kind: string) => clauses.filter((one) => one.answer.kind === kind).length;
  const every = policy.texts.flatMap((one) => one.clauses);
  const answerOf = (text: string, { answer }: Clause): string => {
    if (answer.kind === 'exhortation') return 'exhortation';
    if (answer.kind === 'planned') return `planned: ${answer.room}`;
    const examples = entriesFor(text)
      .filter((one) => answer.keys.includes(one.key))
      .reduce((sum, one) => sum + one.examples.length, 0);
    const worked = examples > 0 ? `, ${examples} worked example${examples > 1 ? 's' : ''} in the pack` : '';
    return `${answer.kind} ${answer.keys.map((key) => `\`${key}\``).join(', ')}${worked}`;
  };
  return [
    '# Clauses',
    '',
    'Every clause of the five texts, and what answers it. Each line is a test of the same name (`<id> 的回答在运行`) in',
    `\`tests/policy/answers.test.ts\`, which prints this page; not written by hand. To print it anew: \`${again}\`.`,
    '',
    '`planned` names the room that will do it. `exhortation` is political wording that nothing can run.',
    '',
    `| Text | ${kinds.join(' | ')} | all |`,
    `| --- | ${kinds.map(() => '---').join(' | ')} | --- |`,
    ...policy.texts.map(
      ({ number, text, clauses }) =>
        `| ${number ?? text} | ${kinds.map((kind) => count(clauses, kind)).join(' | ')} | ${clauses.length} |`,
    ),
    `| all | ${kinds.map((kind) => count(every, kind)).join(' | ')} | ${every.length} |`,
    ...policy.texts.flatMap(({ number, title, text, clauses }) => [
      '',
      `## ${[number, title].filter(Boolean).join(' ')}`,
      '',
      '| Clause | Section | Force | Demand, in our words | Answer |',
      '| --- | --- | --- | --- | --- |',
      ...clauses.map(
        (one) =>
          `| ${one.id} | ${one.section} | ${one.force} | ${one.demand.replaceAll('|', '\\|')} | ${answerOf(text, one)} |`,
      ),
    ]),
    '',
  ].join('\n');
}

it('docs/clauses.md 就是目录现在的样子', () => {
  if (process.env.GONGZHI_WRITE_DOCS) writeFileSync(page, printed());
  expect(existsSync(page) && readFileSync(page, 'utf8') === printed(), `页面过时，请运行 ${again}`).toBe(true);
});
