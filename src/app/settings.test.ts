import { describe, expect, it } from 'vitest';
import { readSettings, SettingsError } from './settings.ts';

describe('环境变量', () => {
  it('都不设置时只在本机 8080 端口，数据放在项目的 .data', () => {
    const settings = readSettings({});
    expect(settings).toMatchObject({
      host: '127.0.0.1',
      port: 8080,
      publicUrl: 'http://127.0.0.1:8080',
      trustProxy: false,
    });
    expect(settings.dataFolder).toMatch(/\/\.data$/);
    expect(settings.databaseUrl).toBeUndefined();
  });

  it('空白等于没有设置；PUBLIC_URL 末尾的斜线去掉；IPv6 地址加方括号', () => {
    expect(readSettings({ PORT: ' ', PUBLIC_URL: 'https://gongzhi.example/' }).publicUrl).toBe(
      'https://gongzhi.example',
    );
    expect(readSettings({ HOST: '::1', PORT: '80' }).publicUrl).toBe('http://[::1]:80');
  });

  it.each([
    [{ PORT: '80a' }, 'PORT'],
    [{ PORT: '-1' }, 'PORT'],
    [{ PORT: '65536' }, 'PORT'],
    [{ PUBLIC_URL: 'gongzhi.example' }, 'PUBLIC_URL'],
    [{ DATABASE_URL: 'mysql://a/b' }, 'DATABASE_URL'],
    [{ DATABASE_ADMIN_URL: 'postgres://a@b/c' }, 'DATABASE_URL'],
    [{ JOURNAL_HASH: 'md5' }, 'JOURNAL_HASH'],
    [{ OIDC_ISSUER: 'https://id.example' }, 'OIDC_CLIENT_ID'],
    [{ OIDC_CLIENT_ID: 'gongzhi' }, 'OIDC_ISSUER'],
    [{ OIDC_ISSUER: 'http://id.example', OIDC_CLIENT_ID: 'gongzhi' }, 'OIDC_ISSUER'],
    [{ SMS_URL: 'https://sms.example' }, 'SMS_TEMPLATE'],
    [{ SMS_URL: 'http://sms.example', SMS_TEMPLATE: 'T1', SMS_SECRET: 's' }, 'SMS_URL'],
  ])('%o 被拒绝，并说出是哪一项', (environment, name) => {
    expect(() => readSettings(environment)).toThrow(SettingsError);
    expect(() => readSettings(environment)).toThrow(name);
  });
});
