import { describe, expect, it } from 'vitest';
import { base32, codeOf, enrolmentUri, STEP_SECONDS, stepAt, stepOf } from './totp.ts';

/** The secrets of RFC 6238, Appendix B: the digits over and over, as long as the hash. */
const secretOf = (bytes: number) => Buffer.from('1234567890'.repeat(7).slice(0, bytes), 'ascii');
const secret = secretOf(20);

describe('动态口令', () => {
  it.each([
    [59, 'sha1', 20, '94287082'],
    [59, 'sha256', 32, '46119246'],
    [59, 'sha512', 64, '90693936'],
    [1111111109, 'sha1', 20, '07081804'],
    [1111111109, 'sha256', 32, '68084774'],
    [1111111109, 'sha512', 64, '25091201'],
    [1111111111, 'sha1', 20, '14050471'],
    [1234567890, 'sha1', 20, '89005924'],
    [1234567890, 'sha256', 32, '91819424'],
    [2000000000, 'sha1', 20, '69279037'],
    [2000000000, 'sha512', 64, '38618901'],
    [20000000000, 'sha1', 20, '65353130'],
    [20000000000, 'sha256', 32, '77737706'],
    [20000000000, 'sha512', 64, '47863826'],
  ])('RFC 6238 附录 B：第 %d 秒，%s', (seconds, hash, bytes, code) => {
    expect(codeOf(secretOf(bytes), stepAt(new Date(seconds * 1000)), 8, hash)).toBe(code);
  });

  it.each([
    ['755224', 0],
    ['287082', 1],
    ['359152', 2],
    ['520489', 9],
  ])('RFC 4226 附录 D：%s', (code, step) => {
    expect(codeOf(secret, step)).toBe(code);
  });

  it('前后各认一步，再远不认；认出的是那一步', () => {
    const now = new Date(1_700_000_000_000);
    const step = stepAt(now);
    for (const [off, found] of [
      [-2, undefined],
      [-1, step - 1],
      [0, step],
      [1, step + 1],
      [2, undefined],
    ] as const)
      expect(stepOf(secret, codeOf(secret, step + off), now), String(off)).toBe(found);
    expect(stepOf(secret, '', now)).toBeUndefined();
    expect(stepOf(secret, `${codeOf(secret, step)}0`, now)).toBeUndefined();
    expect(stepAt(new Date(now.getTime() + STEP_SECONDS * 1000))).toBe(step + 1);
  });

  it.each([
    ['', ''],
    ['f', 'MY'],
    ['fo', 'MZXQ'],
    ['foo', 'MZXW6'],
    ['foobar', 'MZXW6YTBOI'],
  ])('RFC 4648 的 base32：%s', (text, encoded) => {
    expect(base32(Buffer.from(text))).toBe(encoded);
  });

  it('二维码里的内容：名称含汉字和空格也读得回来', () => {
    const uri = new URL(enrolmentUri(secret, { issuer: '共治', account: '区住建局 林海' }));
    expect(uri.protocol).toBe('otpauth:');
    expect(decodeURIComponent(uri.pathname)).toContain('共治:区住建局 林海');
    expect(Object.fromEntries(uri.searchParams)).toEqual({ secret: base32(secret), issuer: '共治' });
  });
});
