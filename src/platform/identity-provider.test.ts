import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestProvider, testProvider } from '../../tests/provider.ts';
import {
  ERRAND_MINUTES,
  type Errand,
  identityProvider,
  openErrand,
  ProviderSilent,
  sealErrand,
} from './identity-provider.ts';
import { keysFrom } from './keys.ts';
import { createSealing } from './sealing.ts';

const publicUrl = 'https://gongzhi.example.gov.cn';
const now = new Date('2026-11-22T01:00:00Z');
let provider: TestProvider;
let ours: ReturnType<typeof identityProvider>;
beforeAll(async () => {
  provider = await testProvider(`${publicUrl}/console/sign-in`);
  ours = identityProvider({ ...provider, label: '统一身份认证' }, publicUrl);
});
afterAll(() => provider?.close());

const answerIn = (url: URL) => ({
  code: url.searchParams.get('code')!,
  state: url.searchParams.get('state')!,
  iss: url.searchParams.get('iss') ?? undefined,
});
async function wayThere(subject: string, amr?: string[]) {
  provider.is(subject, amr);
  const { url, errand } = await ours.begin({ bind: null, now });
  return { url: new URL(url), errand, answer: answerIn(await provider.visit(url)) };
}

describe('统一身份认证', () => {
  it('去的地址带 PKCE、state 和 nonce，不带我们的秘密；回来知道是谁', async () => {
    const { url, errand, answer } = await wayThere('工号-001');
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      response_type: 'code',
      scope: 'openid',
      redirect_uri: `${publicUrl}/console/sign-in`,
      code_challenge_method: 'S256',
      state: errand.state,
      nonce: errand.nonce,
    });
    expect(url.href).not.toContain(errand.verifier);
    expect(url.href).not.toContain(provider.clientSecret);
    expect(await ours.finish(answer, errand, now)).toEqual({ subject: '工号-001', strong: false });
  });

  it('对方说明验过两重的，算作二次验证', async () => {
    const { errand, answer } = await wayThere('工号-002', ['pwd', 'mfa']);
    expect(await ours.finish(answer, errand, now)).toEqual({ subject: '工号-002', strong: true });
  });

  it('同一个回答用第二次不认', async () => {
    const { errand, answer } = await wayThere('工号-003');
    expect(await ours.finish(answer, errand, now)).toBeDefined();
    expect(await ours.finish(answer, errand, now)).toBeUndefined();
  });

  const other = 'x'.repeat(43);
  it.each([
    ['state 不是我们的', (errand: Errand) => ({ ...errand, state: other })],
    ['nonce 不是我们的', (errand: Errand) => ({ ...errand, nonce: other })],
    ['不是我们出的验证值（PKCE）', (errand: Errand) => ({ ...errand, verifier: other })],
    [`超过 ${ERRAND_MINUTES} 分钟`, (errand: Errand) => ({ ...errand, expiresAt: now.toISOString() })],
  ])('不认：%s', async (_, bend) => {
    const { errand, answer } = await wayThere('工号-004');
    expect(await ours.finish(answer, bend(errand), now)).toBeUndefined();
  });

  it('不认：回答里的 code 或签发者被换过', async () => {
    const { errand, answer } = await wayThere('工号-005');
    expect(await ours.finish({ ...answer, iss: 'https://attacker.example' }, errand, now)).toBeUndefined();
    expect(await ours.finish({ ...answer, code: 'made-up' }, errand, now)).toBeUndefined();
  });

  it('对方没有应答：说得出是它没有应答；它好了，我们也好了', async () => {
    const silent = await testProvider(`${publicUrl}/console/sign-in`);
    const late = identityProvider({ ...silent, label: '统一身份认证' }, publicUrl);
    const { url, errand } = await late.begin({ bind: null, now });
    const answer = answerIn(await silent.visit(url));
    await silent.close();
    await expect(late.finish(answer, errand, now)).rejects.toThrow(ProviderSilent);
    const never = identityProvider({ ...silent, label: '统一身份认证' }, publicUrl);
    await expect(never.begin({ bind: null, now })).rejects.toThrow(ProviderSilent);
  });

  it('浏览器带着的是密封的：改了、换了钥匙、别处来的都打不开', () => {
    const sealing = createSealing(keysFrom(Buffer.alloc(32, 1)));
    const errand = { state: 's', nonce: 'n', verifier: 'v', bind: 7, expiresAt: now.toISOString() };
    const sealed = sealErrand(sealing, errand);
    expect(Buffer.from(sealed, 'base64url').includes('state')).toBe(false);
    expect(openErrand(sealing, sealed)).toEqual(errand);
    const bent = Buffer.from(sealed, 'base64url');
    bent[20]! ^= 1;
    for (const bad of [bent.toString('base64url'), '', 'junk', undefined])
      expect(openErrand(sealing, bad)).toBeUndefined();
    expect(openErrand(createSealing(keysFrom(Buffer.alloc(32, 2))), sealed)).toBeUndefined();
  });
});
