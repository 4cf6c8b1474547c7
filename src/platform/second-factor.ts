/** The second factor that a phone computes: enrolled, given once each, and codes on paper for when the phone is gone. */
import { randomInt } from 'node:crypto';
import type { Clock } from './clock.ts';
import { type Database, sql, type Transaction } from './database.ts';
import type { Sealing } from './sealing.ts';
import { countAttempt, door, forgetAttempts, type Wrong } from './sign-in.ts';
import { newSecret, stepOf } from './totp.ts';

// No regulation sets the numbers below; they are ours.
const PENDING_MINUTES = 10;
const RECOVERY_CODES = 10;
/** Ten of 31 letters and digits: 49 bits, and every wrong one counts towards the lock. */
const RECOVERY_LETTERS = 10;

const aboutSecret = (accountId: number) => `authenticator ${accountId}`;

/**
 * A secret that waits for its first code; one in use stays in use until then. Asked again within minutes it is the same: whoever has scanned
 * the QR and loads the page anew has scanned the right one.
 */
export async function beginAuthenticator(
  tx: Transaction,
  sealing: Sealing,
  { accountId, now }: { accountId: number; now: Date },
): Promise<Buffer> {
  const fresh = sealing.sealSecret(newSecret(), aboutSecret(accountId));
  const since = new Date(now.getTime() - PENDING_MINUTES * 60_000);
  const { rows } = await sql<{ pending: Buffer }>`
    insert into platform.authenticator as a (account_id, pending, changed_at) values (${accountId}, ${fresh}, ${now})
    on conflict (account_id) do update set
      pending = case when a.changed_at > ${since} then coalesce(a.pending, excluded.pending) else excluded.pending end,
      changed_at = case when a.changed_at > ${since} and a.pending is not null then a.changed_at else excluded.changed_at end
    returning pending`.execute(tx);
  return sealing.openSecret(rows[0]!.pending, aboutSecret(accountId));
}

/** Takes the waiting secret into use when the code is its own, and answers new recovery codes; undefined when it is not. */
export async function confirmAuthenticator(
  tx: Transaction,
  sealing: Sealing,
  { accountId, code, now }: { accountId: number; code: string; now: Date },
): Promise<string[] | undefined> {
  const { rows } = await sql<{ pending: Buffer | null }>`
    select pending from platform.authenticator where account_id = ${accountId} for update`.execute(tx);
  const pending = rows[0]?.pending;
  if (!pending) return undefined;
  const step = stepOf(sealing.openSecret(pending, aboutSecret(accountId)), code, now);
  if (step === undefined) return undefined;
  await sql`update platform.authenticator set sealed = pending, pending = null, last_step = ${step}, changed_at = ${now}
    where account_id = ${accountId}`.execute(tx);
  return renewRecoveryCodes(tx, sealing, { accountId, now });
}

/** Makes new recovery codes; the old ones are worth nothing from now on. Only hashes are kept. */
export async function renewRecoveryCodes(
  tx: Transaction,
  sealing: Sealing,
  { accountId, now }: { accountId: number; now: Date },
): Promise<string[]> {
  const letters = 'abcdefghjkmnpqrstuvwxyz23456789';
  const draw = () => Array.from({ length: RECOVERY_LETTERS }, () => letters[randomInt(letters.length)]).join('');
  const codes = Array.from({ length: RECOVERY_CODES }, draw);
  await sql`delete from platform.recovery_code where account_id = ${accountId}`.execute(tx);
  await sql`insert into platform.recovery_code (account_id, hash, made_at)
    select ${accountId}, hash, ${now} from unnest(${codes.map((code) => hashOf(sealing, accountId, code))}::bytea[]) as made (hash)`.execute(
    tx,
  );
  return codes.map((code) => `${code.slice(0, RECOVERY_LETTERS / 2)}-${code.slice(RECOVERY_LETTERS / 2)}`);
}

/**
 * Gives a code, of the phone or of the paper. Like a password it is counted before it is looked at, in the same count; like a ticket it is
 * good once: the phone's step moves on in the same statement that accepts it, the paper's is struck out.
 */
export async function giveCode(
  database: Database,
  clock: Clock,
  sealing: Sealing,
  { accountId, code }: { accountId: number; code: string },
): Promise<'right' | Wrong> {
  const now = clock.now();
  const attempt = await database.transaction(door(clock), (tx) => countAttempt(tx, sql`id = ${accountId}`, now));
  if (!attempt) return { refused: 'wrong' };
  if ('refused' in attempt) return attempt;
  return database.transaction(door(clock), async (tx) => {
    const plain = code.replace(/[\s-]/g, '').toLowerCase();
    const right = /^\d{6}$/.test(plain)
      ? await spendPhoneCode(tx, sealing, accountId, plain, now)
      : await spendRecoveryCode(tx, sealing, accountId, plain, now);
    if (!right) return { refused: 'wrong' };
    await forgetAttempts(tx, accountId);
    return 'right';
  });
}

async function spendPhoneCode(
  tx: Transaction,
  sealing: Sealing,
  accountId: number,
  code: string,
  now: Date,
): Promise<boolean> {
  const { rows } = await sql<{ sealed: Buffer }>`
    select sealed from platform.authenticator where account_id = ${accountId} and sealed is not null`.execute(tx);
  if (!rows[0]) return false;
  const step = stepOf(sealing.openSecret(rows[0].sealed, aboutSecret(accountId)), code, now);
  if (step === undefined) return false;
  const used = await sql`update platform.authenticator set last_step = ${step}
    where account_id = ${accountId} and last_step < ${step} returning 1`.execute(tx);
  return used.rows.length === 1;
}

async function spendRecoveryCode(
  tx: Transaction,
  sealing: Sealing,
  accountId: number,
  code: string,
  now: Date,
): Promise<boolean> {
  const used = await sql`update platform.recovery_code set used_at = ${now}
    where account_id = ${accountId} and hash = ${hashOf(sealing, accountId, code)} and used_at is null returning 1`.execute(
    tx,
  );
  return used.rows.length === 1;
}

/** Takes authenticator and recovery codes away. */
export async function endAuthenticator(tx: Transaction, accountId: number): Promise<void> {
  await sql`delete from platform.recovery_code where account_id = ${accountId}`.execute(tx);
  await sql`delete from platform.authenticator where account_id = ${accountId}`.execute(tx);
}

/** Whether the phone is enrolled, and how many codes of the paper are left. */
export async function readAuthenticator(
  tx: Transaction,
  accountId: number,
): Promise<{ enrolled: boolean; recoveryCodesLeft: number }> {
  const { rows } = await sql<{ enrolled: boolean; recoveryCodesLeft: number }>`
    select exists (select from platform.authenticator where account_id = ${accountId} and sealed is not null) as enrolled,
      (select count(*)::int from platform.recovery_code where account_id = ${accountId} and used_at is null) as "recoveryCodesLeft"`.execute(
    tx,
  );
  return rows[0]!;
}

const hashOf = (sealing: Sealing, accountId: number, code: string) => sealing.keyedHash(`recovery ${accountId}`, code);
