/** Passkeys (WebAuthn): a key that stays on a person's device, bound to this site's name by the browser, opened there by finger, face or PIN. */
import { createHash } from 'node:crypto';
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import { sql, type Transaction } from './database.ts';
import type { Sealing } from './sealing.ts';

/** Loaded when the first passkey is used: most starts never need it. */
const library = () => import('@simplewebauthn/server');

/** No regulation sets it: long enough to find the device. */
const CHALLENGE_MINUTES = 5;

/** A site as browsers know it. Passkeys belong to a name, never to an address in digits, and only where the connection is safe. */
function siteOf(publicUrl: string): { rpID: string; origin: string } | undefined {
  const { hostname, origin, protocol } = new URL(publicUrl);
  const isNumber = /^[\d.]+$|^\[/.test(hostname);
  const isSafe = protocol === 'https:' || hostname === 'localhost';
  return isSafe && !isNumber ? { rpID: hostname, origin } : undefined;
}

export function passkeysPossible(publicUrl: string): boolean {
  return siteOf(publicUrl) !== undefined;
}

function siteHere(publicUrl: string): { rpID: string; origin: string } {
  const site = siteOf(publicUrl);
  if (!site) throw new Error('the caller has asked passkeysPossible');
  return site;
}

/** What the browser needs to make a passkey for the account. */
export async function beginPasskey(
  tx: Transaction,
  given: { publicUrl: string; sealing: Sealing; accountId: number; account: string; now: Date },
): Promise<object> {
  const { rows } = await sql<{ credential: string; transports: string[] }>`
    select credential, transports from platform.passkey where account_id = ${given.accountId}`.execute(tx);
  const options = await (await library()).generateRegistrationOptions({
    rpName: '共治',
    rpID: siteHere(given.publicUrl).rpID,
    userName: given.account,
    // The device keeps it: it says nothing about anybody.
    userID: new Uint8Array(given.sealing.keyedHash('passkey user', String(given.accountId))),
    attestationType: 'none',
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    excludeCredentials: rows.map((row) => ({ id: row.credential, transports: row.transports })),
  });
  await keepChallenge(tx, options.challenge, { accountId: given.accountId, now: given.now });
  return options;
}

/** Keeps the public key the browser made; answers whether it is good. */
export async function addPasskey(
  tx: Transaction,
  given: { publicUrl: string; accountId: number; name: string; response: object; now: Date },
): Promise<boolean> {
  const { rpID, origin } = siteHere(given.publicUrl);
  const { verifyRegistrationResponse } = await library();
  const verified = await verifyRegistrationResponse({
    response: given.response as RegistrationResponseJSON,
    expectedChallenge: (challenge) => spendChallenge(tx, challenge, given),
    expectedOrigin: origin,
    expectedRPID: rpID,
    requireUserVerification: true,
  }).catch(unlessOurs);
  if (!verified?.verified) return false;
  const { id, publicKey, counter, transports } = verified.registrationInfo.credential;
  const { rows } = await sql`
    insert into platform.passkey (account_id, credential, public_key, counter, transports, name, made_at)
    values (${given.accountId}, ${id}, ${Buffer.from(publicKey)}, ${counter}, ${transports ?? []}::text[], ${given.name}, ${given.now})
    on conflict (credential) do nothing returning id`.execute(tx);
  return rows.length === 1;
}

/** What the browser needs to sign in, whoever it is: the device knows which passkeys it has for this site. */
export async function beginPasskeySignIn(tx: Transaction, given: { publicUrl: string; now: Date }): Promise<object> {
  const options = await (await library()).generateAuthenticationOptions({
    rpID: siteHere(given.publicUrl).rpID,
    userVerification: 'required',
  });
  await keepChallenge(tx, options.challenge, { accountId: null, now: given.now });
  return options;
}

/** The account whose passkey signed the challenge. */
export async function signInByPasskey(
  tx: Transaction,
  given: { publicUrl: string; response: object; now: Date },
): Promise<number | undefined> {
  const { rpID, origin } = siteHere(given.publicUrl);
  const response = given.response as AuthenticationResponseJSON;
  // The row is locked so that two uses of one count cannot both be the first.
  const { rows } = await sql<{ id: number; accountId: number; publicKey: Buffer; counter: bigint }>`
    select id, account_id as "accountId", public_key as "publicKey", counter from platform.passkey
    where credential = ${String(response.id)} for update`.execute(tx);
  const passkey = rows[0];
  if (!passkey) return undefined;
  const { verifyAuthenticationResponse } = await library();
  const verified = await verifyAuthenticationResponse({
    response,
    expectedChallenge: (challenge) => spendChallenge(tx, challenge, { accountId: null, now: given.now }),
    expectedOrigin: origin,
    expectedRPID: rpID,
    credential: {
      id: response.id,
      publicKey: new Uint8Array(passkey.publicKey),
      counter: Number(passkey.counter),
    },
    requireUserVerification: true,
  }).catch(unlessOurs);
  if (!verified?.verified) return undefined;
  await sql`update platform.passkey set counter = ${verified.authenticationInfo.newCounter}, used_at = ${given.now}
    where id = ${passkey.id}`.execute(tx);
  return passkey.accountId;
}

export interface Passkey {
  id: number;
  name: string;
  madeAt: Date;
  usedAt: Date | null;
}

export async function listPasskeys(tx: Transaction, accountId: number): Promise<Passkey[]> {
  const { rows } = await sql<Passkey>`
    select id, name, made_at as "madeAt", used_at as "usedAt" from platform.passkey where account_id = ${accountId} order by id`.execute(
    tx,
  );
  return rows;
}

/** Answers whether the account has such a passkey. */
export async function renamePasskey(
  tx: Transaction,
  { accountId, id, name }: { accountId: number; id: number; name: string },
): Promise<boolean> {
  const { rows } = await sql`
    update platform.passkey set name = ${name} where id = ${id} and account_id = ${accountId} returning id`.execute(tx);
  return rows.length === 1;
}

/** Takes one passkey of the account away, or all. Answers how many. */
export async function endPasskeys(
  tx: Transaction,
  { accountId, id }: { accountId: number; id?: number },
): Promise<number> {
  const { rows } = await sql`
    delete from platform.passkey where account_id = ${accountId} and (${id ?? null}::int is null or id = ${id ?? null}::int) returning id`.execute(
    tx,
  );
  return rows.length;
}

async function keepChallenge(
  tx: Transaction,
  challenge: string,
  { accountId, now }: { accountId: number | null; now: Date },
): Promise<void> {
  const expiresAt = new Date(now.getTime() + CHALLENGE_MINUTES * 60_000);
  await sql`insert into platform.passkey_challenge (hash, account_id, expires_at)
    values (${digestOf(challenge)}, ${accountId}, ${expiresAt})`.execute(tx);
}

/** A challenge is good once, also where the answer to it turns out wrong. */
async function spendChallenge(
  tx: Transaction,
  challenge: string,
  { accountId, now }: { accountId: number | null; now: Date },
): Promise<boolean> {
  const { rows } = await sql<{ good: boolean }>`
    delete from platform.passkey_challenge where hash = ${digestOf(challenge)} and account_id is not distinct from ${accountId}
    returning expires_at > ${now} as good`.execute(tx);
  return rows[0]?.good === true;
}

/** The library throws at what it does not accept; the database's own failures are no answer of a browser. */
function unlessOurs(error: Error & { severity?: string }): undefined {
  if (error.severity !== undefined || /Connection terminated/.test(error.message)) throw error;
  return undefined;
}

function digestOf(challenge: string): Buffer {
  return createHash('sha256').update(challenge, 'utf8').digest();
}
