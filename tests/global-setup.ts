// One PostgreSQL for a whole test run, in a temporary folder, and one migrated template that test files clone.

import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { startEmbeddedPostgres } from '../src/platform/embedded-postgres.ts';
import { migrate, newPassword } from '../src/platform/migrations.ts';

export type TestServer = {
  /** A database of the server, as superuser. */
  adminUrls: { postgres: string; template: string };
  loginUser: string;
  loginPassword: string;
  /** Why the template could not be made; tests without a database run all the same. */
  problem?: string;
};

declare module 'vitest' {
  interface ProvidedContext {
    testServer: TestServer;
  }
}

// A database's roles bear the first fifty letters of its name (src/platform/migrations.ts): clones that begin with the
// template's fifty letters share its roles, and the grants and policies they were copied with hold.
const TEMPLATE = 'gongzhi_test'.padEnd(50, '_');

export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  // A run within a run (tests/deep/mutants.test.ts) clones the template of the outer one.
  if (process.env.GONGZHI_TEST_SERVER) {
    project.provide('testServer', JSON.parse(process.env.GONGZHI_TEST_SERVER) as TestServer);
    return async () => undefined;
  }
  removeLeftovers();
  const folder = mkdtempSync(join(tmpdir(), `gongzhi-test-${process.pid}-`));
  chmodSync(folder, 0o711);
  const programs = process.env.GONGZHI_TEST_POSTGRES;
  const server = await startEmbeddedPostgres({ dataFolder: folder, ...(programs && { programs }) });
  const loginPassword = newPassword();
  const made = await makeTemplate(server.urlOf('postgres'), server.urlOf(TEMPLATE), loginPassword).catch(
    (error: Error) => ({
      problem: error.message,
      prefix: '',
    }),
  );
  project.provide('testServer', {
    adminUrls: { postgres: server.urlOf('postgres'), template: server.urlOf(TEMPLATE) },
    loginUser: `${made.prefix}_login`,
    loginPassword,
    ...('problem' in made && { problem: made.problem }),
  });
  return async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
}

async function makeTemplate(adminUrl: string, templateUrl: string, loginPassword: string): Promise<{ prefix: string }> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    await client.query(`create database ${TEMPLATE}`);
    const { prefix } = await migrate({ adminUrl: templateUrl, loginPassword });
    // Nobody may be connected to a database while it is cloned.
    await client.query(`alter database ${TEMPLATE} with is_template true allow_connections false`);
    return { prefix };
  } finally {
    await client.end();
  }
}

/** A run that was killed leaves its folder; its server ended with it. What another user left is theirs to remove. */
function removeLeftovers(): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = /^gongzhi-test-(\d+)-/.exec(name)?.[1];
    const folder = join(tmpdir(), name);
    if (pid && !isAlive(Number(pid)) && isOurs(folder)) rmSync(folder, { recursive: true, force: true });
  }
}

/** As root what the database's own user left is ours as well. */
function isOurs(folder: string): boolean {
  const me = process.getuid?.();
  return me === 0 || statSync(folder, { throwIfNoEntry: false })?.uid === me;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
