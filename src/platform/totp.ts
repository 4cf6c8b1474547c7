/** One-time codes by the clock (RFC 6238 over RFC 4226). Thirty lines over node:crypto: the libraries for it are as long and none is better kept. */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** What every authenticator app does when it is not told otherwise, so nothing else is offered. */
export const STEP_SECONDS = 30;
const DIGITS = 6;
/** Twenty bytes, as RFC 4226 asks. */
const SECRET_BYTES = 20;
/** A clock may be this many steps off, before or behind; RFC 6238 advises at most one. */
const STEPS_OFF = 1;

export const newSecret = (): Buffer => randomBytes(SECRET_BYTES);

/** The code of a step. Digits and hash are parameters for the vectors of the RFC alone. */
export function codeOf(secret: Uint8Array, step: number, digits = DIGITS, hash = 'sha1'): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac(hash, secret).update(counter).digest();
  const truncated = mac.readUInt32BE(mac.at(-1)! & 0x0f) & 0x7fffffff;
  return String(truncated % 10 ** digits).padStart(digits, '0');
}

export function stepAt(now: Date): number {
  return Math.floor(now.getTime() / 1000 / STEP_SECONDS);
}

/** The step a code belongs to, if it is one of now. Every step near is tried, so that the time taken tells nothing. */
export function stepOf(secret: Uint8Array, code: string, now: Date): number | undefined {
  const given = Buffer.from(code, 'utf8');
  let found: number | undefined;
  for (let step = stepAt(now) - STEPS_OFF; step <= stepAt(now) + STEPS_OFF; step += 1) {
    const expected = Buffer.from(codeOf(secret, step), 'utf8');
    if (given.length === expected.length && timingSafeEqual(given, expected)) found = step;
  }
  return found;
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Base32 without padding, as authenticator apps read it. */
export function base32(bytes: Uint8Array): string {
  let bits = '';
  for (const byte of bytes) bits += byte.toString(2).padStart(8, '0');
  return (bits.match(/.{1,5}/g) ?? []).map((five) => ALPHABET[Number.parseInt(five.padEnd(5, '0'), 2)]).join('');
}

/** What the QR of an enrolment says. */
export function enrolmentUri(secret: Uint8Array, given: { issuer: string; account: string }): string {
  const label = [given.issuer, given.account].map(encodeURIComponent).join(':');
  return `otpauth://totp/${label}?secret=${base32(secret)}&issuer=${encodeURIComponent(given.issuer)}`;
}
