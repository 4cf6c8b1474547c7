/** Acts by which an owner comes to an account: lock, judge, save, record on the estate's chain, without a word about the person. */
import { randomInt } from 'node:crypto';
import type { OutputOf, ReadInputOf } from '../../kernel/contract.ts';
import { type Refusal, refusal } from '../../kernel/results.ts';
import { type Actor, sql, type Transaction } from '../../platform/database.ts';
import { type Asked, notFound, type Refused, refuse } from '../../platform/http.ts';
import { record } from '../../platform/journal.ts';
import { CODE_MINUTES, drawPhoneCode, notePhoneCodeFailed, tryPhoneCode } from '../../platform/phone-codes.ts';
import type { Sealing } from '../../platform/sealing.ts';
import { door, hashPassword, lend, newFirstPassword, openSession } from '../../platform/sign-in.ts';
import { SmsFailed } from '../../platform/sms.ts';
import type { System } from '../../platform/system.ts';
import { shortestPassword, signatureOf, welcome } from '../people/index.ts';
import type * as contracts from './contract.ts';
import * as rules from './rules.ts';
import {
  addLetter,
  findOwners,
  findOwnersByPhone,
  findPlace,
  lockLetter,
  lockVoucher,
  openOwnerAccount,
  type Place,
} from './store.ts';

type Entered = OutputOf<typeof contracts.activate>;

function refusedBy(refusals: readonly Refusal[]): Refused | undefined {
  const [first, ...more] = refusals;
  return first && refuse(first, ...more);
}

const unauthorised = (refused: Refused): Refused => ({ ...refused, status: 401 });

// ── By telephone

const noSms: Refused = { ...refuse({ reason: '本部署没有接入短信，请用激活信，或到社区服务台开通' }), status: 404 };
const tooSoon: Refused = {
  ...refuse({ reason: '验证码要得太勤：同一号码一分钟一次。请过一会儿再试，或用激活信、到社区服务台开通' }),
  status: 429,
};

export async function askPhoneCode(
  asked: Asked<ReadInputOf<typeof contracts.askPhoneCode>>,
): Promise<OutputOf<typeof contracts.askPhoneCode> | Refused> {
  const { input, system, address, now } = asked;
  if (!system.sms) return noSms;
  const drawn = await asked.atTheDoor((tx) => drawPhoneCode(tx, system.sealing, { phone: input.phone, address, now }));
  if (drawn === 'too soon') return tooSoon;
  // Whether anybody is sent anything shows neither in the answer nor in how long it takes: this goes on after it.
  void deliver(system, input.phone, drawn).catch(() => undefined);
  return { minutes: CODE_MINUTES };
}

async function deliver(system: System, phone: string, drawn: { id: bigint; code: string }): Promise<void> {
  const known = await system.database.transaction(engine(system), (tx) => ownersWith(tx, system.sealing, phone));
  if (known.length === 0) return;
  try {
    await system.sms!.sendCode(phone, drawn.code, CODE_MINUTES);
  } catch (error) {
    if (!(error instanceof SmsFailed)) throw error;
    await system.database.transaction(door(system.clock), (tx) =>
      notePhoneCodeFailed(tx, { id: drawn.id, reason: error.message, now: system.clock.now() }),
    );
  }
}

export async function signInByPhone(
  asked: Asked<ReadInputOf<typeof contracts.signInByPhone>>,
): Promise<Entered | Refused> {
  const { input, system, now, today } = asked;
  if (!system.sms) return noSms;
  const right = await asked.atTheDoor((tx) => tryPhoneCode(tx, system.sealing, { ...input, now }));
  const owners = right
    ? await system.database.transaction(engine(system), (tx) => ownersWith(tx, system.sealing, input.phone))
    : [];
  const [owner, second] = owners;
  if (!owner) return unauthorised(refuse({ reason: '验证码不对，或已过期、用过；请重新获取', field: 'code' }));
  if (second)
    return refuse({ reason: '这个手机号在底册里登记在多位业主名下，分不清是哪一位。请用激活信，或到社区服务台开通。' });
  const accountId =
    owner.accountId ??
    (await system.database.transaction(engine(system, owner.personId, asked.request), async (tx) => {
      const account = `业主${String(randomInt(100_000_000)).padStart(8, '0')}`;
      const opened = await openOwnerAccount(tx, { personId: owner.personId, account, today });
      if (opened !== undefined) await recordOpening(tx, owner, 'activations.openedByPhone');
      return opened;
    }));
  if (accountId === undefined) throw new Error('the drawn account name is taken');
  return enter(asked, accountId);
}

function ownersWith(tx: Transaction, sealing: Sealing, phone: string) {
  return findOwnersByPhone(tx, (district) => sealing.hashFor(district, 'phone', phone));
}

// ── By letter

export async function issueLetter(
  asked: Asked<ReadInputOf<typeof contracts.issueLetter>>,
): Promise<contracts.Letter | Refused> {
  const { input, person } = asked;
  return asked.act(async (tx) => {
    const place = await findPlace(tx, input.id);
    if (!place) return notFound('没有这套房屋，或不在您的辖区内');
    const owner = (await findOwners(tx, input.id)).find((one) => one.personId === input.personId);
    const refused = refusedBy([
      ...rules.refusalsOfOffice(person.post),
      ...rules.refusalsOfOwner(owner && { hasAccount: owner.accountId !== null }),
    ]);
    if (refused) return refused;
    return writeLetter(asked, tx, place, { personId: owner!.personId, name: owner!.name, voucherId: null });
  });
}

/** Saves a letter and records it; the code is in the answer and nowhere else. */
async function writeLetter(
  { system, person, today }: Asked<unknown>,
  tx: Transaction,
  place: Place,
  owner: { personId: number; name: string; voucherId: number | null },
): Promise<contracts.Letter> {
  const code = newFirstPassword();
  const letter = await addLetter(tx, {
    ...place,
    ...owner,
    codeHash: hashOf(system.sealing, code),
    issuedOn: today,
    days: rules.letterDays,
  });
  await record(tx, {
    chain: `estate:${place.estateId}`,
    act: 'activations.letterIssued',
    object: `letter:${letter.id}`,
    detail: { unit: place.unitId, person: owner.personId, expires: letter.expiresOn, voucher: owner.voucherId },
  });
  return {
    letterId: letter.id,
    code,
    url: `${system.publicUrl}/console/activate#${code}`,
    ownerName: owner.name,
    estateName: place.estateName,
    unitName: place.unitName,
    issuer: person.post.organisationName,
    issuedOn: today,
    expiresOn: letter.expiresOn,
  };
}

/** A code may be typed in capitals, with or without its hyphens. */
function hashOf(sealing: Sealing, code: string): Buffer {
  return sealing.keyedHash('activation letter', code.toLowerCase().replace(/[^a-z0-9]/g, ''));
}

export async function activate(asked: Asked<ReadInputOf<typeof contracts.activate>>): Promise<Entered | Refused> {
  const { input, system, today, now } = asked;
  if ([...input.password].length < shortestPassword)
    return refuse({ reason: `密码至少 ${shortestPassword} 个字；一句记得住的话就很好`, field: 'password' });
  const passwordHash = await hashPassword(input.password);
  const wrong = unauthorised(refuse({ reason: '信上的码或姓名不对，或信已用过、过期、作废', field: 'code' }));
  // Nobody is known yet: the engine acts, and what it does for whom stands in the journal.
  const opened = await system.database.transaction(engine(system, undefined, asked.request), async (tx) => {
    const letter = await lockLetter(tx, hashOf(system.sealing, input.code));
    if (!letter) return wrong;
    const event = { chain: `estate:${letter.estateId}`, object: `letter:${letter.id}` } as const;
    if (!rules.sameName(letter.name, input.name)) {
      const void_ = letter.tries + 1 >= rules.namesAllowed;
      await sql`update registers.activation_letter set tries = tries + 1, voided_on = ${void_ ? today : null} where id = ${letter.id}`.execute(
        tx,
      );
      await record(tx, { ...event, act: 'activations.nameWrong', detail: { void: void_ } });
      return wrong;
    }
    if (letter.accountId !== null) return refusedBy(rules.refusalsOfOwner({ hasAccount: true }))!;
    const { personId } = letter;
    const accountId = await openOwnerAccount(tx, { personId, account: input.account, passwordHash, today });
    if (accountId === undefined) return accountTaken(input.account);
    await sql`update registers.activation_letter set used_at = ${now} where id = ${letter.id}`.execute(tx);
    await record(tx, { ...event, act: 'activations.letterUsed', detail: { unit: letter.unitId, person: personId } });
    return accountId;
  });
  return typeof opened === 'number' ? enter(asked, opened) : opened;
}

const accountTaken = (account: string): Refused =>
  refuse({ reason: `账号“${account}”已经有人用了，请换一个`, field: 'account' });

// ── At the counter

export async function openAtCounter(
  asked: Asked<ReadInputOf<typeof contracts.openAtCounter>>,
): Promise<OutputOf<typeof contracts.openAtCounter> | Refused> {
  const { input, person, system, today, request } = asked;
  const { sealing } = system;
  const found = await asked.act(async (tx) => ({
    place: await findPlace(tx, input.id),
    owners: (await findOwners(tx, input.id)).filter((one) => rules.sameName(one.name, input.name)),
  }));
  const { place } = found;
  if (!place) return notFound('没有这套房屋，或不在您的辖区内');
  const proof = input.proof.normalize('NFKC').replace(/\s/g, '').toUpperCase();
  const agrees = (owner: (typeof found.owners)[number]) => {
    const hash = (field: string) => sealing.hashFor(owner.scope.slice(0, 6), field, proof);
    return (
      owner.phoneTail === proof ||
      owner.phoneHash?.equals(hash('phone')) === true ||
      owner.identityHash?.equals(hash('identity')) === true
    );
  };
  const owner = found.owners.find(agrees) ?? found.owners[0];
  const refused = refusedBy([
    ...rules.refusalsOfOffice(person.post),
    ...rules.refusalsOfOwner(owner && { hasAccount: owner.accountId !== null }),
    ...(owner
      ? rules.refusalsOfProof({
          knows: found.owners.some((one) => one.phoneTail !== null || one.identityHash !== null),
          agrees: agrees(owner),
        })
      : []),
  ]);
  if (refused) return refused;
  const password = newFirstPassword();
  const passwordHash = await hashPassword(password);
  const { personId } = owner!;
  const opened = await system.database.transaction(
    { ...person.actor, standing: 'engine', today, request },
    async (tx) => {
      const accountId = await openOwnerAccount(tx, { personId, account: input.account, passwordHash, today });
      if (accountId === undefined) return undefined;
      await lend(tx, accountId, { by: signatureOf(person), reason: '在窗口开通账号' }, asked.now);
      await recordOpening(tx, { personId, ...place }, 'activations.openedAtCounter');
      return accountId;
    },
  );
  return opened === undefined ? accountTaken(input.account) : { account: input.account, password };
}

// ── By voucher

export async function vouch(
  asked: Asked<ReadInputOf<typeof contracts.vouch>>,
): Promise<OutputOf<typeof contracts.vouch> | Refused> {
  const { input, person, today } = asked;
  if (!['owners-committee', 'management-committee'].includes(person.post.organisationKind))
    return refuse({ reason: '担保由业委会（物管会）成员办理' });
  return asked.act(async (tx) => {
    const place = await findPlace(tx, input.id);
    if (!place) return notFound('没有这套房屋，或不在您的小区');
    const { rows } = await sql<{ id: number }>`
      insert into registers.voucher (unit_id, estate_id, scope, owner_name, vouched_by, vouched_on)
      values (${place.unitId}, ${place.estateId}, ${place.scope}, ${input.name}, ${person.personId}, ${today}) returning id`.execute(
      tx,
    );
    const voucherId = rows[0]!.id;
    await record(tx, {
      chain: `estate:${place.estateId}`,
      act: 'activations.vouched',
      object: `voucher:${voucherId}`,
      detail: { unit: place.unitId },
    });
    return { voucherId };
  });
}

export async function confirmVoucher(
  asked: Asked<ReadInputOf<typeof contracts.confirmVoucher>>,
): Promise<contracts.Letter | Refused> {
  const { input, person, today } = asked;
  return asked.act(async (tx) => {
    const voucher = await lockVoucher(tx, input.id);
    const place = voucher && (await findPlace(tx, voucher.unitId));
    if (!voucher || !place) return notFound('没有这项担保，或不在您的辖区内');
    const named = (await findOwners(tx, voucher.unitId)).filter((one) => rules.sameName(one.name, voucher.ownerName));
    const owner = named.find((one) => one.accountId === null) ?? named[0];
    const refused = refusedBy([
      ...rules.refusalsOfOffice(person.post),
      ...rules.refusalsOfConfirming({
        decided: voucher.decided,
        vouchedBy: voucher.vouchedBy,
        confirmedBy: person.personId,
        ownerId: owner?.personId,
      }),
      ...rules.refusalsOfOwner(owner && { hasAccount: owner.accountId !== null }),
      ...(named.length > 1 ? [refusal('这套房屋有同名的业主，请改由柜台核对后开通')] : []),
    ]);
    if (refused) return refused;
    await sql`update registers.voucher set decided_by = ${person.personId}, decided_on = ${today}, person_id = ${owner!.personId}
      where id = ${voucher.id}`.execute(tx);
    return writeLetter(asked, tx, place, { personId: owner!.personId, name: owner!.name, voucherId: voucher.id });
  });
}

export async function declineVoucher(
  asked: Asked<ReadInputOf<typeof contracts.declineVoucher>>,
): Promise<Record<string, never> | Refused> {
  const { input, person, today } = asked;
  return asked.act(async (tx) => {
    const voucher = await lockVoucher(tx, input.id);
    const place = voucher && (await findPlace(tx, voucher.unitId));
    if (!voucher || !place) return notFound('没有这项担保，或不在您的辖区内');
    const { decided, vouchedBy } = voucher;
    const refused = refusedBy([
      ...rules.refusalsOfOffice(person.post),
      ...rules.refusalsOfConfirming({ decided, vouchedBy, confirmedBy: person.personId, ownerId: undefined }),
    ]);
    if (refused) return refused;
    await sql`update registers.voucher set decided_by = ${person.personId}, decided_on = ${today}, declined = ${input.reason}
      where id = ${voucher.id}`.execute(tx);
    await record(tx, {
      chain: `estate:${place.estateId}`,
      act: 'activations.voucherDeclined',
      object: `voucher:${voucher.id}`,
      detail: { unit: place.unitId },
    });
    return {};
  });
}

// ── All of them

async function recordOpening(
  tx: Transaction,
  of: { personId: number; unitId: number; estateId: number },
  act: string,
): Promise<void> {
  await record(tx, {
    chain: `estate:${of.estateId}`,
    act,
    object: `person:${of.personId}`,
    detail: { unit: of.unitId },
  });
}

async function enter(asked: Asked<unknown>, accountId: number): Promise<Entered | Refused> {
  const { now, session } = asked;
  const opened = await asked.atTheDoor((tx) => openSession(tx, { accountId, now, agent: session.agent }));
  const answer = await welcome(asked, opened);
  if ('refusals' in answer) return answer;
  return { name: answer.name, missing: 'missing' in answer ? answer.missing : null };
}

function engine({ clock }: Pick<System, 'clock'>, personId?: number, request?: string): Actor {
  return {
    standing: 'engine',
    today: clock.today(),
    ...(personId !== undefined && { personId }),
    ...(request !== undefined && { request }),
  };
}
