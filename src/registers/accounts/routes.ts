/** Binds the contracts of accounts. */
import { notFound, type Route, route } from '../../platform/http.ts';
import { renamePasskey } from '../../platform/passkeys.ts';
import { endSessions } from '../../platform/sign-in.ts';
import * as commands from './commands.ts';
import * as contracts from './contract.ts';
import * as identities from './identities.ts';
import { readSecurity, readSignIn } from './queries.ts';

export const routes: Route[] = [
  route(contracts.showSignIn, (asked) => readSignIn(asked)),
  route(contracts.beginAuthenticator, (asked) => commands.beginAuthenticator(asked)),
  route(contracts.confirmAuthenticator, (asked) => commands.confirmAuthenticator(asked)),
  route(contracts.giveCode, (asked) => commands.giveCode(asked)),
  route(contracts.endAuthenticator, (asked) => commands.endAuthenticator(asked)),
  route(contracts.renewRecoveryCodes, (asked) => commands.renewRecoveryCodes(asked)),
  route(contracts.showSecurity, (asked) => readSecurity(asked)),
  route(contracts.endSession, async ({ person, input, now, atTheDoor }) => {
    const ended = await atTheDoor((tx) => endSessions(tx, { accountId: person.accountId, now, id: input.id }));
    return ended === 0 ? notFound('这个会话已经结束') : {};
  }),
  route(contracts.endOtherSessions, async ({ person, session, now, atTheDoor }) => ({
    ended: await atTheDoor((tx) => endSessions(tx, { accountId: person.accountId, now, exceptToken: session.token })),
  })),
  route(contracts.beginPasskey, (asked) => commands.beginPasskey(asked)),
  route(contracts.addPasskey, (asked) => commands.addPasskey(asked)),
  route(contracts.renamePasskey, async ({ person, input, atTheDoor }) => {
    const renamed = await atTheDoor((tx) => renamePasskey(tx, { accountId: person.accountId, ...input }));
    return renamed ? {} : notFound('没有这个通行密钥');
  }),
  route(contracts.endPasskey, (asked) => commands.endPasskey(asked)),
  route(contracts.beginPasskeySignIn, (asked) => commands.beginPasskeySignIn(asked)),
  route(contracts.signInByPasskey, (asked) => commands.signInByPasskey(asked)),
  route(contracts.leaveForProvider, (asked) => identities.leaveForProvider(asked)),
  route(contracts.returnFromProvider, (asked) => identities.returnFromProvider(asked)),
  route(contracts.unbindIdentity, (asked) => identities.unbindOwn(asked)),
  route(contracts.bindIdentityOf, (asked) => identities.bindOf(asked)),
  route(contracts.unbindIdentityOf, (asked) => identities.unbindOf(asked)),
  route(contracts.resetPassword, (asked) => commands.resetPassword(asked)),
  route(contracts.setOwnPassword, (asked) => commands.setOwnPassword(asked)),
  route(contracts.clearSecondFactor, (asked) => commands.clearSecondFactor(asked)),
];
