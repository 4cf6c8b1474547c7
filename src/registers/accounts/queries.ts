/** Read-only views of one's own ways of signing in. */
import type { OutputOf } from '../../kernel/contract.ts';
import type { Asked } from '../../platform/http.ts';
import { readAuthenticator } from '../../platform/second-factor.ts';
import { listSessions } from '../../platform/sign-in.ts';
import { isDemanded } from './commands.ts';
import type { showSecurity, showSignIn } from './contract.ts';

export async function readSignIn(asked: Asked<unknown>): Promise<OutputOf<typeof showSignIn>> {
  const { halfway } = asked;
  if (!halfway) return { halfway: null };
  const { person, missing } = halfway;
  const { enrolled } = await asked.atTheDoor((tx) => readAuthenticator(tx, person.accountId));
  return { halfway: { name: person.name, missing, authenticator: enrolled } };
}

export async function readSecurity(asked: Asked<unknown>): Promise<OutputOf<typeof showSecurity>> {
  const { person, session, now } = asked;
  const { accountId } = person;
  const demanded = person.demandsSecondFactor === true;
  const exempt = demanded && !(await isDemanded(asked));
  return asked.atTheDoor(async (tx) => {
    const { enrolled, recoveryCodesLeft } = await readAuthenticator(tx, accountId);
    const sessions = await listSessions(tx, { accountId, token: session.token, now });
    return {
      demanded,
      exempt,
      authenticator: enrolled,
      recoveryCodesLeft,
      sessions: sessions.map((one) => ({
        ...one,
        createdAt: one.createdAt.toISOString(),
        seenAt: one.seenAt.toISOString(),
      })),
    };
  });
}
