/** Sign-in through an identity provider (OpenID Connect): code flow with PKCE, state and nonce, by the certified client. */
import type { Configuration } from 'openid-client';
import { sql, type Transaction } from './database.ts';
import type { Sealing } from './sealing.ts';

export interface IdentityProviderSettings {
  issuer: string;
  clientId: string;
  clientSecret?: string;
  /** What the button says. */
  label: string;
}

/** Between the leaving of the browser and its return; the browser keeps it sealed. */
export interface Errand {
  state: string;
  nonce: string;
  verifier: string;
  /** The account to be bound; null when somebody signs in. */
  bind: number | null;
  expiresAt: string;
}

export interface IdentityProvider {
  label: string;
  issuer: string;
  begin(given: { bind: number | null; now: Date }): Promise<{ url: string; errand: Errand }>;
  /** Who came back; undefined when the answer does not belong to the errand, or is none of the provider's. */
  finish(
    answer: { code: string; state: string; iss?: string | undefined },
    errand: Errand,
    now: Date,
  ): Promise<{ subject: string; strong: boolean } | undefined>;
}

/** The provider cannot be asked at the moment. */
export class ProviderSilent extends Error {}

/** No regulation sets it: long enough to find a password. */
export const ERRAND_MINUTES = 10;
const TIMEOUT_SECONDS = 10;

/** Loaded and asked where it is when it is first needed: a provider that is down at our start does not keep us from starting. */
export function identityProvider(settings: IdentityProviderSettings, publicUrl: string): IdentityProvider {
  const library = () => import('openid-client');
  let found: Promise<Configuration> | undefined;
  const configuration = () => {
    found ??= discover().catch((error: Error) => {
      found = undefined;
      throw new ProviderSilent('the provider did not describe itself', { cause: error });
    });
    return found;
  };
  const discover = async () => {
    const client = await library();
    const { issuer, clientId, clientSecret } = settings;
    return client.discovery(new URL(issuer), clientId, clientSecret, clientSecret ? undefined : client.None(), {
      timeout: TIMEOUT_SECONDS,
      ...(new URL(issuer).protocol === 'http:' && { execute: [client.allowInsecureRequests] }),
    });
  };
  const redirectUri = `${publicUrl}/console/sign-in`;

  return {
    label: settings.label,
    issuer: settings.issuer,

    async begin({ bind, now }) {
      const client = await library();
      const config = await configuration();
      const errand: Errand = {
        state: client.randomState(),
        nonce: client.randomNonce(),
        verifier: client.randomPKCECodeVerifier(),
        bind,
        expiresAt: new Date(now.getTime() + ERRAND_MINUTES * 60_000).toISOString(),
      };
      const url = client.buildAuthorizationUrl(config, {
        redirect_uri: redirectUri,
        scope: 'openid',
        state: errand.state,
        nonce: errand.nonce,
        code_challenge: await client.calculatePKCECodeChallenge(errand.verifier),
        code_challenge_method: 'S256',
      });
      return { url: url.href, errand };
    },

    async finish(answer, errand, now) {
      if (new Date(errand.expiresAt) <= now) return undefined;
      const client = await library();
      const config = await configuration();
      const url = new URL(redirectUri);
      for (const [name, value] of Object.entries(answer)) if (value !== undefined) url.searchParams.set(name, value);
      try {
        const tokens = await client.authorizationCodeGrant(config, url, {
          pkceCodeVerifier: errand.verifier,
          expectedState: errand.state,
          expectedNonce: errand.nonce,
          idTokenExpected: true,
        });
        const { sub, amr } = tokens.claims()!;
        return { subject: sub, strong: Array.isArray(amr) && amr.includes('mfa') };
      } catch (error) {
        // Everything the library refuses bears a code; what does not is the network's.
        if ((error as { code?: string }).code === 'OAUTH_TIMEOUT' || isOfNetwork(error as Error))
          throw new ProviderSilent('the provider did not answer', { cause: error });
        return undefined;
      }
    },
  };
}

function isOfNetwork(error: Error): boolean {
  const cause = error.cause as { code?: string; name?: string } | undefined;
  return (
    /fetch failed/.test(`${error.message} ${(cause as Error | undefined)?.message}`) ||
    /^(ECONN|UND_ERR)/.test(cause?.code ?? '')
  );
}

/** What the browser carries is sealed: it can neither read the verifier nor choose a state. */
export function sealErrand(sealing: Sealing, errand: Errand): string {
  return sealing.sealSecret(Buffer.from(JSON.stringify(errand), 'utf8'), 'errand').toString('base64url');
}

export function openErrand(sealing: Sealing, sealed: string | undefined): Errand | undefined {
  if (!sealed) return undefined;
  try {
    return JSON.parse(sealing.openSecret(Buffer.from(sealed, 'base64url'), 'errand').toString('utf8')) as Errand;
  } catch {
    return undefined;
  }
}

export interface Identity {
  issuer: string;
  subject: string;
}

/** The account an identity is bound to. */
export async function accountOf(tx: Transaction, sealing: Sealing, identity: Identity): Promise<number | undefined> {
  const { rows } = await sql<{ id: number }>`
    select account_id as id from platform.identity_binding
    where issuer = ${identity.issuer} and subject_hash = ${hashOf(sealing, identity)}`.execute(tx);
  return rows[0]?.id;
}

/** Binds an identity to an account that has none of this provider; false when either is bound already. */
export async function bindIdentity(
  tx: Transaction,
  sealing: Sealing,
  given: Identity & { accountId: number; now: Date },
): Promise<boolean> {
  const { rows } = await sql`
    insert into platform.identity_binding (issuer, subject_hash, account_id, bound_at)
    values (${given.issuer}, ${hashOf(sealing, given)}, ${given.accountId}, ${given.now}) on conflict do nothing returning 1`.execute(
    tx,
  );
  return rows.length === 1;
}

export async function isBound(tx: Transaction, given: { issuer: string; accountId: number }): Promise<boolean> {
  const { rows } = await sql`
    select from platform.identity_binding where account_id = ${given.accountId} and issuer = ${given.issuer}`.execute(
    tx,
  );
  return rows.length === 1;
}

export async function unbindIdentity(tx: Transaction, given: { issuer: string; accountId: number }): Promise<boolean> {
  const { rows } = await sql`
    delete from platform.identity_binding where account_id = ${given.accountId} and issuer = ${given.issuer} returning 1`.execute(
    tx,
  );
  return rows.length === 1;
}

/** Providers name people by employee number, telephone or worse: only a keyed hash is kept. */
const hashOf = (sealing: Sealing, { issuer, subject }: Identity) => sealing.keyedHash(`identity ${issuer}`, subject);
