// The environment, read once and checked; everything else is told, not asked.

import { join, resolve } from 'node:path';
import type { IdentityProviderSettings } from '../platform/identity-provider.ts';
import type { HashName } from '../platform/journal.ts';
import type { SmsSettings } from '../platform/sms.ts';

export type Settings = {
  host: string;
  port: number;
  /** Where people reach the server; decides the cookie's Secure flag and the accepted Origin. */
  publicUrl: string;
  dataFolder: string;
  /** The server to use instead of the embedded one: the weak login, and who migrates. */
  databaseUrl?: string;
  databaseAdminUrl?: string;
  /** A folder of further policy packs. */
  policyFolder?: string;
  /** The journal's hash; it can be chosen until the first event, and afterwards only be said again. */
  journalHash?: HashName;
  trustProxy: boolean;
  /** Sign-in through the provider of the place, beside our own. */
  identityProvider?: IdentityProviderSettings;
  /** The gateway of short messages, where there is a contract. */
  sms?: SmsSettings;
};

export class SettingsError extends Error {}

export function readSettings(environment: Record<string, string | undefined>): Settings {
  const given = (name: string) => environment[name]?.trim() || undefined;
  const host = given('HOST') ?? '127.0.0.1';
  const port = Number(given('PORT') ?? '8080');
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new SettingsError(`PORT 应为 0 到 65535 的整数，现在是“${environment.PORT}”。`);
  }
  const publicUrl = given('PUBLIC_URL') ?? `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  if (!URL.canParse(publicUrl) || !/^https?:$/.test(new URL(publicUrl).protocol)) {
    throw new SettingsError(`PUBLIC_URL 应以 http:// 或 https:// 开头，现在是“${publicUrl}”。`);
  }
  const databaseUrl = given('DATABASE_URL');
  const databaseAdminUrl = given('DATABASE_ADMIN_URL');
  for (const [name, url] of Object.entries({ DATABASE_URL: databaseUrl, DATABASE_ADMIN_URL: databaseAdminUrl })) {
    if (url && !(URL.canParse(url) && /^postgres(ql)?:$/.test(new URL(url).protocol))) {
      throw new SettingsError(`${name} 应形如 postgres://用户:口令@主机:5432/数据库。`);
    }
  }
  if (databaseAdminUrl && !databaseUrl) {
    throw new SettingsError('只设置了 DATABASE_ADMIN_URL；请同时设置 DATABASE_URL（服务器使用的登录角色）。');
  }
  const policyFolder = given('POLICY_DIR');
  const journalHash = given('JOURNAL_HASH');
  if (journalHash !== undefined && journalHash !== 'sha256' && journalHash !== 'sm3') {
    throw new SettingsError(`JOURNAL_HASH 应为 sha256 或 sm3，现在是“${journalHash}”。`);
  }
  const identityProvider = readIdentityProvider(given);
  const sms = readSms(given);
  return {
    host,
    port,
    publicUrl: publicUrl.replace(/\/+$/, ''),
    dataFolder: resolve(given('GONGZHI_DATA') ?? join(import.meta.dirname, '../../.data')),
    trustProxy: ['1', 'true', 'yes'].includes(given('TRUST_PROXY')?.toLowerCase() ?? ''),
    ...(databaseUrl && { databaseUrl }),
    ...(databaseAdminUrl && { databaseAdminUrl }),
    ...(journalHash && { journalHash }),
    ...(policyFolder && { policyFolder: resolve(policyFolder) }),
    ...(identityProvider && { identityProvider }),
    ...(sms && { sms }),
  };
}

function readIdentityProvider(given: (name: string) => string | undefined): IdentityProviderSettings | undefined {
  const [issuer, clientId, clientSecret] = [given('OIDC_ISSUER'), given('OIDC_CLIENT_ID'), given('OIDC_CLIENT_SECRET')];
  if (!issuer && !clientId && !clientSecret) return undefined;
  if (!issuer || !clientId) throw new SettingsError('统一身份认证要同时设置 OIDC_ISSUER 和 OIDC_CLIENT_ID。');
  if (!isSafeAddress(issuer)) throw new SettingsError(`OIDC_ISSUER 应以 https:// 开头，现在是“${issuer}”。`);
  return { issuer, clientId, label: given('OIDC_LABEL') ?? '统一身份认证', ...(clientSecret && { clientSecret }) };
}

function readSms(given: (name: string) => string | undefined): SmsSettings | undefined {
  const [url, template, secret] = [given('SMS_URL'), given('SMS_TEMPLATE'), given('SMS_SECRET')];
  if (!url && !template && !secret) return undefined;
  if (!url || !template || !secret) throw new SettingsError('短信服务要同时设置 SMS_URL、SMS_TEMPLATE 和 SMS_SECRET。');
  if (!isSafeAddress(url)) throw new SettingsError(`SMS_URL 应以 https:// 开头，现在是“${url}”。`);
  return { url, template, secret };
}

/** What carries secrets goes encrypted; only to this machine itself may it go plainly. */
function isSafeAddress(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname } = new URL(address);
  return protocol === 'https:' || (protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname));
}
