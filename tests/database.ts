// A database of its own for a test file, cloned from the migrated template.

import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';

export type TestDatabase = {
  /** The migrated database as superuser, for arranging and looking behind the policies. */
  adminUrl: string;
  /** The same as the weak login that the server uses. */
  loginUrl: string;
  drop(): Promise<void>;
};

export async function testDatabase(): Promise<TestDatabase> {
  const { adminUrls, loginUser, loginPassword, problem } = inject('testServer');
  if (problem) throw new Error(`测试数据库的模板没有建成：${problem}`);
  const template = new URL(adminUrls.template).pathname.slice(1);
  const name = `${template}${randomBytes(6).toString('hex')}`;
  await asAdministrator(adminUrls.postgres, `create database ${name} template ${template}`);
  const adminUrl = new URL(adminUrls.postgres);
  adminUrl.pathname = `/${name}`;
  const loginUrl = new URL(adminUrl);
  loginUrl.username = loginUser;
  loginUrl.password = loginPassword;
  return {
    adminUrl: adminUrl.href,
    loginUrl: loginUrl.href,
    drop: () => asAdministrator(adminUrls.postgres, `drop database ${name} with (force)`),
  };
}

async function asAdministrator(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
