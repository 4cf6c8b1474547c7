/** Acts on one's own ways of signing in, and the administrator's for somebody who lost theirs. */
import type { OutputOf, ReadInputOf } from '../../kernel/contract.ts';
import { sql, type Transaction } from '../../platform/database.ts';
import {
  type Asked,
  demandsSecondFactor,
  forbidden,
  notFound,
  type Person,
  type Refused,
  refuse,
} from '../../platform/http.ts';
import { record } from '../../platform/journal.ts';
import * as passkeys from '../../platform/passkeys.ts';
import * as factor from '../../platform/second-factor.ts';
import {
  endSessions,
  findSession,
  forgetAttempts,
  hashPassword,
  LOAN_HOURS,
  type NewSession,
  newFirstPassword,
  openSession,
  renewSession,
  setPassword,
  verifyPassword,
} from '../../platform/sign-in.ts';
import { base32, enrolmentUri } from '../../platform/totp.ts';
import { refusalsOfPassword, refusedAttempt, signatureOf, welcome } from '../people/index.ts';
import type * as contracts from './contract.ts';
import { refusalsOfEnding, refusalsOfReset } from './rules.ts';

const wrongCode = '验证码不对，或已经用过；请等出现下一个再填';

/** Who may enrol: somebody wholly signed in, or somebody whom only the enrolment keeps out. A password alone never replaces a factor. */
function enrolling(asked: Asked<unknown>): Person | undefined {
  return asked.signedIn ?? (asked.halfway?.missing === 'enrolment' ? asked.halfway.person : undefined);
}

export async function beginAuthenticator(
  asked: Asked<unknown>,
): Promise<OutputOf<typeof contracts.beginAuthenticator> | Refused> {
  const person = enrolling(asked);
  if (!person) return { ...forbidden('请先登录'), status: 401 };
  const { accountId } = person;
  const { secret, account } = await asked.atTheDoor(async (tx) => ({
    secret: await factor.beginAuthenticator(tx, asked.system.sealing, { accountId, now: asked.now }),
    account: (await sql<{ name: string }>`select name from platform.account where id = ${accountId}`.execute(tx))
      .rows[0]!.name,
  }));
  return { uri: enrolmentUri(secret, { issuer: '共治', account }), secret: base32(secret) };
}

async function nameOf(tx: Transaction, accountId: number): Promise<string> {
  const { rows } = await sql<{ name: string }>`select name from platform.account where id = ${accountId}`.execute(tx);
  return rows[0]!.name;
}

export async function confirmAuthenticator(
  asked: Asked<ReadInputOf<typeof contracts.confirmAuthenticator>>,
): Promise<OutputOf<typeof contracts.confirmAuthenticator> | Refused> {
  const { input, now, system, session } = asked;
  const person = enrolling(asked);
  if (!person) return { ...forbidden('请先登录'), status: 401 };
  const code = input.code.replace(/\s/g, '');
  const confirmed = await asked.atTheDoor(async (tx) => {
    const recoveryCodes = await factor.confirmAuthenticator(tx, system.sealing, {
      accountId: person.accountId,
      code,
      now,
    });
    if (!recoveryCodes)
      return refuse({ reason: '验证码不对：请扫描上面的二维码，填写应用里现在显示的六位数字', field: 'code' });
    return { recoveryCodes, session: (await renewSession(tx, session.token!, { now, strong: true }))! };
  });
  if ('refusals' in confirmed) return confirmed;
  const entered = await enter(asked, confirmed.session);
  return 'refusals' in entered ? entered : { recoveryCodes: confirmed.recoveryCodes, entered };
}

/** The end of every way of signing in that this room knows. */
export async function enter(asked: Asked<unknown>, session: NewSession): Promise<contracts.Entered | Refused> {
  const answer = await welcome(asked, session);
  if ('refusals' in answer) return answer;
  return { name: answer.name, missing: 'missing' in answer ? answer.missing : null };
}

export async function giveCode(
  asked: Asked<ReadInputOf<typeof contracts.giveCode>>,
): Promise<OutputOf<typeof contracts.giveCode> | Refused> {
  const { halfway, input, system, session, now } = asked;
  if (halfway?.missing !== 'second-factor') return { ...forbidden('请先填写账号和密码'), status: 401 };
  const answer = await factor.giveCode(system.database, system.clock, system.sealing, {
    accountId: halfway.person.accountId,
    code: input.code,
  });
  if (answer !== 'right') return refusedAttempt(answer, wrongCode, 'code');
  const renewed = await asked.atTheDoor((tx) => renewSession(tx, session.token!, { now, strong: true }));
  return renewed ? enter(asked, renewed) : { ...forbidden('请先填写账号和密码'), status: 401 };
}

export async function endAuthenticator(
  asked: Asked<ReadInputOf<typeof contracts.endAuthenticator>>,
): Promise<OutputOf<typeof contracts.endAuthenticator> | Refused> {
  const { person, input, system } = asked;
  const { accountId } = person;
  const others = (await asked.atTheDoor((tx) => passkeys.listPasskeys(tx, accountId))).length;
  const [first, ...more] = refusalsOfEnding({ demanded: await isDemanded(asked), others });
  if (first) return refuse(first, ...more);
  const answer = await factor.giveCode(system.database, system.clock, system.sealing, { accountId, code: input.code });
  if (answer !== 'right') return refusedHere(answer);
  await asked.atTheDoor((tx) => factor.endAuthenticator(tx, accountId));
  return {};
}

export async function renewRecoveryCodes(
  asked: Asked<ReadInputOf<typeof contracts.renewRecoveryCodes>>,
): Promise<OutputOf<typeof contracts.renewRecoveryCodes> | Refused> {
  const { person, input, system, now } = asked;
  const { accountId } = person;
  const answer = await factor.giveCode(system.database, system.clock, system.sealing, { accountId, code: input.code });
  if (answer !== 'right') return refusedHere(answer);
  return {
    recoveryCodes: await asked.atTheDoor((tx) => factor.renewRecoveryCodes(tx, system.sealing, { accountId, now })),
  };
}

/** The same refusal for somebody signed in, who stays so: 401 would send them to the door. */
function refusedHere(answer: Parameters<typeof refusedAttempt>[0]): Refused {
  const { status, ...refused } = refusedAttempt(answer, wrongCode, 'code');
  return status === 401 ? refused : { ...refused, status };
}

export async function isDemanded({ person, system, session, atTheDoor, now }: Asked<unknown>): Promise<boolean> {
  const own = await atTheDoor((tx) => findSession(tx, session.token!, now));
  return demandsSecondFactor(system, { demo: own?.demo ?? false }, person);
}

/** The account of a person within the administrator's range. */
export async function accountWithin(asked: Asked<unknown>, personId: number): Promise<number | Refused> {
  const { rows } = await asked.act((tx) =>
    sql<{ account: number | null }>`
      select account_id as account from registers.person where id = ${personId} and platform.in_scope(scope)`.execute(
      tx,
    ),
  );
  if (!rows[0]) return notFound('没有这个人，或不在您的辖区内');
  return rows[0].account ?? refuse({ reason: '这个人还没有账号' });
}

/** For somebody who lost telephone and paper: everything enrolled goes, every session ends, and the next sign-in enrols anew where it must. */
export async function clearSecondFactor(
  asked: Asked<ReadInputOf<typeof contracts.clearSecondFactor>>,
): Promise<OutputOf<typeof contracts.clearSecondFactor> | Refused> {
  const { input, person, system, today, now, request } = asked;
  const account = await accountWithin(asked, input.id);
  if (typeof account !== 'number') return account;
  if (account === person.accountId) return refuse({ reason: '不能清除自己的二次验证，请由另一位管理员办理' });
  // The door may touch the account and the administrator's name stands in the journal: one transaction with both.
  await system.database.transaction({ ...person.actor, standing: 'door', today, request }, async (tx) => {
    await factor.endAuthenticator(tx, account);
    await passkeys.endPasskeys(tx, { accountId: account });
    await endSessions(tx, { accountId: account, now });
    await record(tx, {
      chain: `organisation:${person.post.organisationId!}`,
      act: 'accounts.secondFactorCleared',
      object: `person:${input.id}`,
      reason: input.reason,
    });
  });
  return {};
}

/** For somebody who forgot theirs: a password lent for some hours. The second factor stays, so whoever lent it cannot sign in with it alone. */
export async function resetPassword(
  asked: Asked<ReadInputOf<typeof contracts.resetPassword>>,
): Promise<OutputOf<typeof contracts.resetPassword> | Refused> {
  const { input, person, system, today, now, request } = asked;
  const accountId = await accountWithin(asked, input.id);
  if (typeof accountId !== 'number') return accountId;
  const [first, ...others] = refusalsOfReset({ own: accountId === person.accountId });
  if (first) return refuse(first, ...others);
  const password = newFirstPassword();
  const passwordHash = await hashPassword(password);
  const account = await system.database.transaction(
    { ...person.actor, standing: 'door', today, request },
    async (tx) => {
      await setPassword(tx, { accountId, passwordHash, now, loan: { by: signatureOf(person), reason: input.reason } });
      await record(tx, {
        chain: `organisation:${person.post.organisationId!}`,
        act: 'accounts.passwordReset',
        object: `person:${input.id}`,
        reason: input.reason,
      });
      return nameOf(tx, accountId);
    },
  );
  return { account, password, hours: LOAN_HOURS };
}

/** The end of a loan: the holder, who has given everything else that the account has, sets a password nobody else knows. */
export async function setOwnPassword(
  asked: Asked<ReadInputOf<typeof contracts.setOwnPassword>>,
): Promise<OutputOf<typeof contracts.setOwnPassword> | Refused> {
  const { halfway, input, session, now } = asked;
  if (halfway?.missing !== 'password') return { ...forbidden('请先填写账号和密码'), status: 401 };
  const { accountId } = halfway.person;
  const { hash } = (
    await asked.atTheDoor((tx) =>
      sql<{ hash: string }>`select password_hash as hash from platform.account where id = ${accountId}`.execute(tx),
    )
  ).rows[0]!;
  const lent = (await verifyPassword(input.next, hash)) ? input.next : '';
  const [first, ...others] = refusalsOfPassword({ known: true, current: lent, next: input.next });
  if (first) return refuse(first, ...others);
  const passwordHash = await hashPassword(input.next);
  const renewed = await asked.atTheDoor(async (tx) => {
    await setPassword(tx, { accountId, passwordHash, now, exceptToken: session.token! });
    return renewSession(tx, session.token!, { now });
  });
  return renewed ? enter(asked, renewed) : { ...forbidden('请先填写账号和密码'), status: 401 };
}

const noPasskeysHere: Refused = refuse({
  reason: '这个地址不能用通行密钥：需要用域名和 https 访问（PUBLIC_URL）',
});

export async function beginPasskey(asked: Asked<unknown>): Promise<OutputOf<typeof contracts.beginPasskey> | Refused> {
  const { now, system } = asked;
  const { publicUrl, sealing } = system;
  const person = enrolling(asked);
  if (!person) return { ...forbidden('请先登录'), status: 401 };
  if (!passkeys.passkeysPossible(publicUrl)) return noPasskeysHere;
  const { accountId } = person;
  return asked.atTheDoor(async (tx) => {
    const account = await nameOf(tx, accountId);
    return { options: { ...(await passkeys.beginPasskey(tx, { publicUrl, sealing, accountId, account, now })) } };
  });
}

export async function addPasskey(
  asked: Asked<ReadInputOf<typeof contracts.addPasskey>>,
): Promise<OutputOf<typeof contracts.addPasskey> | Refused> {
  const { input, now, system, session } = asked;
  const { publicUrl } = system;
  const person = enrolling(asked);
  if (!person) return { ...forbidden('请先登录'), status: 401 };
  if (!passkeys.passkeysPossible(publicUrl)) return noPasskeysHere;
  const { accountId } = person;
  // A wrong answer is committed too: its challenge is spent.
  const renewed = await asked.atTheDoor(async (tx) => {
    const added = await passkeys.addPasskey(tx, { publicUrl, accountId, ...input, now });
    return added ? renewSession(tx, session.token!, { now, strong: true }) : undefined;
  });
  return renewed ? enter(asked, renewed) : refuse({ reason: '没有添加成功，请再试一次' });
}

export async function beginPasskeySignIn({
  system,
  now,
  atTheDoor,
}: Asked<unknown>): Promise<OutputOf<typeof contracts.beginPasskeySignIn> | Refused> {
  const { publicUrl } = system;
  if (!passkeys.passkeysPossible(publicUrl)) return noPasskeysHere;
  return { options: { ...(await atTheDoor((tx) => passkeys.beginPasskeySignIn(tx, { publicUrl, now }))) } };
}

/** Who has the device and opened it has given both factors. A lock does not stand in the way: nobody guesses a key. */
export async function signInByPasskey(
  asked: Asked<ReadInputOf<typeof contracts.signInByPasskey>>,
): Promise<OutputOf<typeof contracts.signInByPasskey> | Refused> {
  const { input, now, system, session } = asked;
  const { publicUrl } = system;
  if (!passkeys.passkeysPossible(publicUrl)) return noPasskeysHere;
  const opened = await asked.atTheDoor(async (tx) => {
    const accountId = await passkeys.signInByPasskey(tx, { publicUrl, response: input.response, now });
    if (accountId === undefined) return undefined;
    await forgetAttempts(tx, accountId);
    return openSession(tx, { accountId, now, strong: true, agent: session.agent });
  });
  if (opened) return enter(asked, opened);
  return { ...refuse({ reason: '不认识这个通行密钥，或验证没有成功。请再试一次，或用密码登录。' }), status: 401 };
}

export async function endPasskey(
  asked: Asked<ReadInputOf<typeof contracts.endPasskey>>,
): Promise<OutputOf<typeof contracts.endPasskey> | Refused> {
  const { accountId } = asked.person;
  const demanded = await isDemanded(asked);
  return asked.atTheDoor(async (tx) => {
    const { enrolled } = await factor.readAuthenticator(tx, accountId);
    if ((await passkeys.endPasskeys(tx, { accountId, id: asked.input.id })) === 0) return notFound('没有这个通行密钥');
    const left = (await passkeys.listPasskeys(tx, accountId)).length;
    const [first, ...more] = refusalsOfEnding({ demanded, others: left + (enrolled ? 1 : 0) });
    return first ? refuse(first, ...more) : {};
  });
}
