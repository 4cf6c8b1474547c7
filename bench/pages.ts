// Answers to many at once: p95 of what a page asks of the server, against a bare route that runs the same statements as superuser and sends
// what they give. Both take their requests in turn from as many clients.

import Fastify from 'fastify';
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { routes } from '../src/app/routes.ts';
import { divisionRange } from '../src/kernel/identifiers.ts';
import { readClauseStanding } from '../src/oversight/duties/contract.ts';
import type { Transaction } from '../src/platform/database.ts';
import { buildServer, type Route } from '../src/platform/http.ts';
import { openSession } from '../src/platform/sign-in.ts';
import { findEverything } from '../src/registers/finding/contract.ts';
import { resolvePerson } from '../src/registers/people/index.ts';
import { showClause } from '../src/registers/requirements/contract.ts';
import type { Result } from './measure.ts';
import type { Stage } from './stage.ts';

const CLIENTS = 16;
const REQUESTS = 640;

const asked = [
  { name: '条款页：条款', of: showClause, path: '/api/clauses/LC-3.3i', input: { id: 'LC-3.3i' } },
  { name: '条款页：现状', of: readClauseStanding, path: '/api/clauses/LC-3.3i/standing', input: { id: 'LC-3.3i' } },
  { name: '查找：名称', of: findEverything, path: '/api/find', input: { words: '春江' } },
  { name: '查找：拼音', of: findEverything, path: '/api/find', input: { words: 'cjhy' } },
  { name: '查找：房号', of: findEverything, path: '/api/find', input: { words: '春江花园 1-101' } },
];

export async function benchPages(stage: Stage): Promise<Result[]> {
  const { system, officer, today } = stage;
  const server = await buildServer({ system, routes, resolvePerson });
  const { lo, hi } = divisionRange(stage.district);
  const pool = new pg.Pool({
    connectionString: stage.server.adminUrl,
    max: system.database.pool.options.max,
    options: `-c app.today=${today} -c app.lo=${lo} -c app.hi=${hi}`,
  });
  const bare = Fastify();
  for (const [at, { of, input }] of asked.entries()) {
    const statements = await statementsOf(stage, routes.find(({ contract }) => contract === (of as unknown))!, input);
    bare.get(`/${at}`, async () => {
      const client = await pool.connect();
      try {
        const answers = [];
        for (const { text, values } of statements) answers.push((await client.query(text, values)).rows);
        return answers;
      } finally {
        client.release();
      }
    });
  }
  try {
    const ours = await server.listen({ port: 0, host: '127.0.0.1' });
    const against = await bare.listen({ port: 0, host: '127.0.0.1' });
    const { token } = await system.database.transaction({ standing: 'door', today }, (tx) =>
      openSession(tx, { accountId: officer.accountId, now: system.clock.now(), strong: true }),
    );
    const headers = { cookie: `gongzhi_80=${token}`, origin: 'http://127.0.0.1', 'content-type': 'application/json' };
    const results: Result[] = [];
    for (const [at, { name, of, path, input }] of asked.entries()) {
      const times = { measured: [] as number[], against: [] as number[] };
      const post = of.method === 'POST' ? { method: 'POST', body: JSON.stringify(input) } : {};
      await atOnce(async (number) => {
        // In turn, and each client begins with the other: what else the machine does falls on both.
        const way = number % 2 === 0 ? 'measured' : 'against';
        const startedAt = performance.now();
        const answer = await fetch(way === 'measured' ? ours + path : `${against}/${at}`, {
          headers,
          ...(way === 'measured' && post),
        });
        await answer.arrayBuffer();
        if (!answer.ok) throw new Error(`${name}：${way} ${answer.status}`);
        if (number >= CLIENTS * 4) times[way].push(performance.now() - startedAt);
      });
      const [measured, other] = [p95(times.measured), p95(times.against)];
      results.push({
        name: `${name}，p95，${CLIENTS} 个客户端`,
        measured,
        against: other,
        ratio: measured / other,
        bar: 3,
        pairs: times.against.length,
      });
    }
    return results;
  } finally {
    await server.close();
    await bare.close();
    await pool.end();
  }
}

/** What a route asks of the database, once. */
async function statementsOf(
  { admin, officer, system, today, district }: Stage,
  { contract, answer }: Route,
  input: object,
) {
  const statements: { text: string; values: unknown[] }[] = [];
  const query = (text: string, values: unknown[]) => {
    statements.push({ text, values });
    return admin.query(text, values);
  };
  const client = { query, release: () => undefined };
  // biome-ignore lint/suspicious/noExplicitAny: as in platform/database
  const tx: Transaction = new Kysely<any>({
    dialect: new PostgresDialect({
      pool: { connect: async () => client, end: async () => undefined } as unknown as pg.Pool,
    }),
  });
  const { lo, hi } = divisionRange(district);
  await admin.query(`begin; set local app.lo = '${lo}'; set local app.hi = '${hi}'; set local app.today = '${today}'`);
  try {
    const act = (work: (tx: Transaction) => Promise<unknown>) => work(tx);
    const given = contract.input.parse(input);
    await answer({ input: given, person: officer, system, today, now: system.clock.now(), act } as never);
  } finally {
    await admin.query('commit');
  }
  return statements;
}

/** Clients that each send one request after the other, until all are sent. */
async function atOnce(send: (number: number) => Promise<void>): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: CLIENTS }, async () => {
      while (next < REQUESTS) {
        next += 1;
        await send(next - 1);
      }
    }),
  );
}

function p95(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.ceil(values.length * 0.95) - 1]!;
}
