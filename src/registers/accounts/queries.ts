/** Read-only views of one's own ways of signing in. */
import type { OutputOf } from '../../kernel/contract.ts';
import type { Asked } from '../../platform/http.ts';
import { listPasskeys, passkeysPossible } from '../../platform/passkeys.ts';
import { readAuthenticator } from '../../platform/second-factor.ts';
import { listSessions } from '../../platform/sign-in.ts';
import { isDemanded } from './commands.ts';
import type { showSecurity, showSignIn } from './contract.ts';

export async function readSignIn(asked: Asked<unknown>): Promise<OutputOf<typeof showSignIn>> {
  const { halfway, system } = asked;
  const passkeys = passkeysPossible(system.publicUrl);
  if (!halfway) return { halfway: null, passkeys };
  const { person, missing } = halfway;
  return asked.atTheDoor(async (tx) => {
    const { enrolled } = await readAuthenticator(tx, person.accountId);
    const passkey = (await listPasskeys(tx, person.accountId)).length > 0;
    return { halfway: { name: person.name, missing, authenticator: enrolled, passkey }, passkeys };
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
      sessions: sessions.map((one) => ({
        ...one,
        createdAt: one.createdAt.toISOString(),
        seenAt: one.seenAt.toISOString(),
      })),
    };
  });
}
