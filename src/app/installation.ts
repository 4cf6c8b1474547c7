// The database of an installation: the embedded server on the data folder, or the one the settings name. Shared by
// bin/start, which migrates and holds it, and the command line, which attaches to it or starts it.

import { mkdirSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { type EmbeddedPostgres, keepSecret, startEmbeddedPostgres } from '../platform/embedded-postgres.ts';
import { migrate, rolePrefix } from '../platform/migrations.ts';
import { type Settings, SettingsError } from './settings.ts';

export type Installation = {
  /** The weak login; absent rights are the point of it (decisions 14). */
  loginUrl: string;
  /** Who may migrate; unknown where an administrator does it elsewhere. */
  adminUrl?: string;
  /** The embedded server, unless the settings name another. */
  postgres?: EmbeddedPostgres;
};

export async function openInstallation(settings: Settings, say: (sentence: string) => void): Promise<Installation> {
  if (settings.databaseUrl) {
    const { databaseUrl: loginUrl, databaseAdminUrl: adminUrl } = settings;
    mkdirSync(settings.dataFolder, { recursive: true, mode: 0o700 });
    if (!adminUrl) await refuseUnlessMigrated(loginUrl);
    else await asking(adminUrl, (client) => client.query('select')).catch(refuseUnreachable('DATABASE_ADMIN_URL'));
    return { loginUrl, ...(adminUrl && { adminUrl }) };
  }
  const postgres = await startEmbeddedPostgres({ dataFolder: settings.dataFolder, say });
  const loginUrl = new URL(postgres.adminUrl);
  loginUrl.username = `${await prefixOf(postgres.adminUrl)}_login`;
  loginUrl.password = keepSecret(join(settings.dataFolder, 'login-password'));
  return { postgres, adminUrl: postgres.adminUrl, loginUrl: loginUrl.href };
}

/** Brings the database up to date; without an administrator's URL it was found up to date when it was opened. */
export async function migrateInstallation(
  { loginUrl, adminUrl }: Installation,
  { journalHash }: Pick<Settings, 'journalHash'> = {},
): Promise<string[]> {
  if (!adminUrl) return [];
  const login = new URL(loginUrl);
  // Before anything is changed: the login's password is set to the one in the URL.
  const role = `${await prefixOf(adminUrl)}_login`;
  if (decodeURIComponent(login.username) !== role) {
    throw new SettingsError(
      `DATABASE_URL 的用户应为 ${role}（迁移时建立的登录角色），现在是 ${login.username}。请改用 ${role}，口令沿用 DATABASE_URL 里的口令。`,
    );
  }
  const { applied } = await migrate({
    adminUrl,
    loginPassword: decodeURIComponent(login.password),
    ...(journalHash && { journalHash }),
  });
  // So that a start with the login's URL alone can see whether an administrator has work to do.
  await asking(adminUrl, (client) => client.query(`grant select on public.migration to ${role}`));
  return applied;
}

async function refuseUnlessMigrated(loginUrl: string): Promise<void> {
  const needed = (await readdir(join(import.meta.dirname, '../../migrations'))).filter((name) => name.endsWith('.sql'));
  const missing = await asking(loginUrl, async (client) => {
    const { rows } = await client.query<{ name: string }>('select name from public.migration');
    return needed.filter((name) => !rows.some((row) => row.name === name));
  }).catch((error: { code?: string }) => {
    // No such table, right, login or database: nothing was migrated here for this login.
    if (['42P01', '42501', '28P01', '28000', '3D000'].includes(error.code ?? '')) return needed;
    return refuseUnreachable('DATABASE_URL')(error);
  });
  if (missing.length === 0) return;
  const database = new URL(loginUrl).pathname.slice(1) || 'gongzhi';
  throw new SettingsError(
    [
      `DATABASE_URL 的登录角色看到数据库缺少 ${missing.length} 个迁移（${missing[0]} 起），而没有设置 DATABASE_ADMIN_URL。请管理员执行一次：`,
      `  create role ${database}_owner login createrole password '自定口令';`,
      `  create database ${database} owner ${database}_owner encoding 'UTF8' template template0;`,
      `然后设置 DATABASE_ADMIN_URL=postgres://${database}_owner:自定口令@主机:5432/${database} 再启动；迁移完成后可以去掉。`,
    ].join('\n'),
  );
}

function refuseUnreachable(name: string): (error: { code?: string; message?: string }) => never {
  return ({ code, message }) => {
    throw new SettingsError(`连不上 ${name} 所指的数据库（${message || code}）。请检查地址、用户和口令。`);
  };
}

const prefixOf = (url: string) => asking(url, (client) => rolePrefix(client as unknown as pg.ClientBase));

async function asking<T>(url: string, ask: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await ask(client);
  } finally {
    await client.end();
  }
}
