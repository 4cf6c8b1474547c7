/** Read-only views of one's own ways of signing in. */
import type { OutputOf } from '../../kernel/contract.ts';
import type { Asked } from '../../platform/http.ts';
import { isBound } from '../../platform/identity-provider.ts';
import { listPasskeys, passkeysPossible } from '../../platform/passkeys.ts';
import { readAuthenticator } from '../../platform/second-factor.ts';
import { findLoan, listSessions } from '../../platform/sign-in.ts';
import { isDemanded } from './commands.ts';
import type { showSecurity, showSignIn } from './contract.ts';

export async function readSignIn(asked: Asked<unknown>): Promise<OutputOf<typeof showSignIn>> {
  const { halfway, system } = asked;
  const passkeys = passkeysPossible(system.publicUrl);
  const identityProvider = system.identityProvider?.label ?? null;
  if (!halfway) return { halfway: null, passkeys, identityProvider };
  const { person, missing } = halfway;
  return asked.atTheDoor(async (tx) => {
    const { enrolled } = await readAuthenticator(tx, person.accountId);
    const passkey = (await listPasskeys(tx, person.accountId)).length > 0;
    const lent = missing === 'password' ? await findLoan(tx, person.accountId) : undefined;
    const loan = lent ? { ...lent, at: lent.at.toISOString() } : null;
    return {
      halfway: { name: person.name, missing, authenticator: enrolled, passkey, loan },
      passkeys,
      identityProvider,
    };
  });
}

export async function readSecurity(asked: Asked<unknown>): Promise<OutputOf<typeof showSecurity>> {
  const { person, session, system, now } = asked;
  const { accountId } = person;
  const demanded = person.demandsSecondFactor === true;
  const exempt = demanded && !(await isDemanded(asked));
  return asked.atTheDoor(async (tx) => {
    const { enrolled, recoveryCodesLeft } = await readAuthenticator(tx, accountId);
    const passkeys = passkeysPossible(system.publicUrl) ? await listPasskeys(tx, accountId) : null;
    const provider = system.identityProvider;
    const identity = provider && {
      label: provider.label,
      bound: await isBound(tx, { accountId, issuer: provider.issuer }),
    };
    const sessions = await listSessions(tx, { accountId, token: session.token, now });
    return {
      demanded,
      exempt,
      authenticator: enrolled,
      recoveryCodesLeft,
      passkeys:
        passkeys?.map((one) => ({
          ...one,
          madeAt: one.madeAt.toISOString(),
          usedAt: one.usedAt?.toISOString() ?? null,
        })) ?? null,
      identity: identity ?? null,
      sessions: sessions.map((one) => ({
        ...one,
        createdAt: one.createdAt.toISOString(),
        seenAt: one.seenAt.toISOString(),
      })),
    };
  });
}
