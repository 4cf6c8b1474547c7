/** Acts on identities of the provider: going there, coming back, and binding one to an account, which nothing does by itself. */
import type { OutputOf, ReadInputOf } from '../../kernel/contract.ts';
import type { Transaction } from '../../platform/database.ts';
import { type Asked, forbidden, type Refused, refuse } from '../../platform/http.ts';
import {
  accountOf,
  bindIdentity,
  ERRAND_MINUTES,
  type IdentityProvider,
  openErrand,
  ProviderSilent,
  sealErrand,
  unbindIdentity,
} from '../../platform/identity-provider.ts';
import { record } from '../../platform/journal.ts';
import { forgetAttempts, openSession } from '../../platform/sign-in.ts';
import { accountWithin, enter } from './commands.ts';
import type * as contracts from './contract.ts';

const noProvider: Refused = { ...refuse({ reason: '本部署没有接入统一身份认证' }), status: 404 };
const alreadyBound = refuse({ reason: '这个账号或这个统一身份已经绑定；要换，请先解除' });

/** A provider that is down is no fault of ours and none of the person's: they can still come in by password. */
async function unlessSilent<T>(provider: IdentityProvider, work: () => Promise<T>): Promise<T | Refused> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ProviderSilent)) throw error;
    return { ...refuse({ reason: `${provider.label}没有应答，请稍后再试，或用密码登录` }), status: 503 };
  }
}

export async function leaveForProvider(
  asked: Asked<ReadInputOf<typeof contracts.leaveForProvider>>,
): Promise<OutputOf<typeof contracts.leaveForProvider> | Refused> {
  const { input, system, now, errand } = asked;
  const { identityProvider: provider, sealing } = system;
  if (!provider) return noProvider;
  const bind = input.bind ? asked.person.accountId : null;
  return unlessSilent(provider, async () => {
    const leaving = await provider.begin({ bind, now });
    errand.give(sealErrand(sealing, leaving.errand), ERRAND_MINUTES);
    return { url: leaving.url };
  });
}

export async function returnFromProvider(
  asked: Asked<ReadInputOf<typeof contracts.returnFromProvider>>,
): Promise<OutputOf<typeof contracts.returnFromProvider> | Refused> {
  const { input, system, now, session } = asked;
  const { identityProvider: provider, sealing } = system;
  if (!provider) return noProvider;
  const errand = openErrand(sealing, asked.errand.carried);
  asked.errand.take();
  if (!errand) return { ...refuse({ reason: '登录的时间过长，或不是从这个浏览器开始的，请重新登录' }), status: 401 };
  const who = await unlessSilent(provider, () => provider.finish(input, errand, now));
  if (who && 'refusals' in who) return who;
  if (!who) return { ...refuse({ reason: `${provider.label}的回答不对或已经用过，请重新登录` }), status: 401 };
  const identity = { issuer: provider.issuer, subject: who.subject };

  if (errand.bind !== null) {
    const { signedIn } = asked;
    if (signedIn?.accountId !== errand.bind) return { ...forbidden('请先登录，再绑定'), status: 401 };
    const bound = await asOneself(
      asked,
      (tx) => bindIdentity(tx, sealing, { ...identity, accountId: errand.bind!, now }),
      'accounts.identityBound',
    );
    return bound ? { name: signedIn.name, missing: null, bound: true } : alreadyBound;
  }
  const opened = await asked.atTheDoor(async (tx) => {
    const accountId = await accountOf(tx, sealing, identity);
    if (accountId === undefined) return undefined;
    // One factor forgives no wrong codes of the other.
    if (who.strong) await forgetAttempts(tx, accountId);
    return openSession(tx, { accountId, now, strong: who.strong, agent: session.agent });
  });
  if (!opened)
    return {
      ...forbidden(`您在${provider.label}的身份还没有绑定账号。请先用密码登录，在“登录安全”里绑定，或请管理员绑定。`),
    };
  const entered = await enter(asked, opened);
  return 'refusals' in entered ? entered : { ...entered, bound: false };
}

export async function unbindOwn(asked: Asked<unknown>): Promise<Record<string, never> | Refused> {
  const { person, system } = asked;
  const { identityProvider: provider } = system;
  if (!provider) return noProvider;
  const given = { issuer: provider.issuer, accountId: person.accountId };
  const ended = await asOneself(asked, (tx) => unbindIdentity(tx, given), 'accounts.identityUnbound');
  return ended ? {} : refuse({ reason: '还没有绑定' });
}

export async function bindOf(
  asked: Asked<ReadInputOf<typeof contracts.bindIdentityOf>>,
): Promise<Record<string, never> | Refused> {
  const { input, system, now } = asked;
  const { identityProvider: provider, sealing } = system;
  if (!provider) return noProvider;
  const accountId = await accountWithin(asked, input.id);
  if (typeof accountId !== 'number') return accountId;
  const given = { issuer: provider.issuer, subject: input.subject, accountId, now };
  const bound = await asOneself(asked, (tx) => bindIdentity(tx, sealing, given), 'accounts.identityBound', input.id);
  return bound ? {} : alreadyBound;
}

export async function unbindOf(
  asked: Asked<ReadInputOf<typeof contracts.unbindIdentityOf>>,
): Promise<Record<string, never> | Refused> {
  const { input, system } = asked;
  const { identityProvider: provider } = system;
  if (!provider) return noProvider;
  const accountId = await accountWithin(asked, input.id);
  if (typeof accountId !== 'number') return accountId;
  const given = { issuer: provider.issuer, accountId };
  const ended = await asOneself(asked, (tx) => unbindIdentity(tx, given), 'accounts.identityUnbound', input.id);
  return ended ? {} : refuse({ reason: '还没有绑定' });
}

/** The door alone may touch bindings; who did it stands on the chain of their organisation, of an owner on that of their estate. */
async function asOneself(
  asked: Asked<unknown>,
  work: (tx: Transaction) => Promise<boolean>,
  act: string,
  personId = asked.person.personId,
): Promise<boolean> {
  const { person, system, today, request } = asked;
  const { organisationId } = person.post;
  const chain =
    organisationId === null
      ? (`estate:${person.actor.estates![0]!}` as const)
      : (`organisation:${organisationId}` as const);
  return system.database.transaction({ ...person.actor, standing: 'door', today, request }, async (tx) => {
    const done = await work(tx);
    if (done) await record(tx, { chain, act, object: `person:${personId}` });
    return done;
  });
}
