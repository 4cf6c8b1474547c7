import { argon2, createHash, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import type { Clock } from './clock.ts';
import { type Actor, type Database, type Fragment, sql, type Transaction } from './database.ts';

// No regulation sets the numbers below; they are ours.

/** Wrong passwords and wrong codes in a row, counted together, until the account rests. */
export const FAILURES_ALLOWED = 5;
export const LOCKED_MINUTES = 15;
/** A session nobody uses ends after this. */
export const IDLE_MINUTES = 60;
/** A session ends after this however much it is used: one working day. */
export const SESSION_HOURS = 12;
/** How long a use of a session may go unnoted, so that not every request writes. */
const NOTE_USE_AFTER_SECONDS = 60;
/** A password that an administrator gave is good for this long, and only to set one's own. */
export const LOAN_HOURS = 72;

/** Argon2id at 19 MiB, two passes: the least of the OWASP list, because two cores must still serve. Kept in each hash, so a change concerns new passwords only. */
const ARGON2 = { memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 } as const;
const derive = promisify(argon2);

export interface Session {
  accountId: number;
  /** The post acted in; null until one was chosen. */
  postId: number | null;
  expiresAt: Date;
  /** A second factor was given in this session. */
  strong: boolean;
  /** The account has one to give. */
  enrolled: boolean;
  /** The account is one of the demo's ready sign-ins. */
  demo: boolean;
  /** Its password was given by somebody else, and its holder has yet to set one. */
  onLoan: boolean;
}

/** By whom and why a password was given that is not the holder's own. */
export interface Loan {
  by: string;
  reason: string;
  at: Date;
}

/** A session just begun; the token goes into the cookie and is not kept anywhere else. */
export interface NewSession extends Pick<Session, 'accountId' | 'postId' | 'expiresAt'> {
  token: string;
}

/** How a session is begun beside the account it belongs to. */
export interface Beginning {
  /** More than a password was given: a passkey, or a provider that says so. */
  strong?: boolean;
  /** Name of browser and system, for the list of one's sessions. */
  agent?: string | undefined;
}

export type Wrong = { refused: 'wrong' } | { refused: 'locked'; untilAt: Date } | { refused: 'expired' };
export type SignedIn = { session: NewSession } | Wrong;

/**
 * What still lies between a session and everything else: the second factor its account has, a password of one's own, or the enrolment its
 * posts demand. A factor that is there comes first: whoever gave the password does not get to set the next one. Worked out at each request and stored nowhere, so that a new post and a new factor take effect at once.
 */
export function missingFactor(
  session: Pick<Session, 'strong' | 'enrolled' | 'onLoan'>,
  demanded: boolean,
): 'second-factor' | 'password' | 'enrolment' | undefined {
  if (!session.strong && session.enrolled) return 'second-factor';
  if (session.onLoan) return 'password';
  return demanded && !session.strong ? 'enrolment' : undefined;
}

/** In the PHC form: `$argon2id$v=19$m=…,t=…,p=…$salt$hash`. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const hash = await derive('argon2id', { message: normalised(password), nonce: salt, ...ARGON2 });
  return `$argon2id$v=19$m=${ARGON2.memory},t=${ARGON2.passes},p=${ARGON2.parallelism}$${base64(salt)}$${base64(hash)}`;
}

/** A first password to be read out or copied from paper: twelve letters and digits that cannot be taken for each other. */
export function newFirstPassword(): string {
  const letters = 'abcdefghjkmnpqrstuvwxyz23456789';
  const group = () => Array.from({ length: 4 }, () => letters[randomInt(letters.length)]).join('');
  return [group(), group(), group()].join('-');
}

export async function verifyPassword(password: string, encoded: string): Promise<boolean> {
  const match = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/.exec(encoded);
  if (!match) return false;
  const expected = Buffer.from(match[5]!, 'base64');
  const hash = await derive('argon2id', {
    message: normalised(password),
    nonce: Buffer.from(match[4]!, 'base64'),
    memory: Number(match[1]),
    passes: Number(match[2]),
    parallelism: Number(match[3]),
    tagLength: expected.length,
  });
  return timingSafeEqual(hash, expected);
}

/**
 * Signs in by name and password. An attempt is counted before the password is looked at, so that many at once are still five;
 * an unknown name takes as long as a wrong password.
 */
export async function signIn(
  database: Database,
  clock: Clock,
  given: { name: string; password: string } & Beginning,
): Promise<SignedIn> {
  const now = clock.now();
  const attempt = await database.transaction(door(clock), (tx) => countAttempt(tx, sql`name = ${given.name}`, now));
  if (attempt && 'refused' in attempt) return attempt;
  const right = await verifyPassword(given.password, attempt?.passwordHash ?? (await nobodysHash()));
  if (!attempt?.passwordHash || !right) return { refused: 'wrong' };
  if (attempt.loanUntil && attempt.loanUntil <= now) return { refused: 'expired' };
  const session = await database.transaction(door(clock), async (tx) => {
    await forgiveAttempt(tx, attempt.id);
    return openSession(tx, { accountId: attempt.id, now, agent: given.agent });
  });
  return { session };
}

/** Counts an attempt on the account, before anything is compared. Undefined when there is no such account. */
export async function countAttempt(
  tx: Transaction,
  which: Fragment,
  now: Date,
): Promise<
  | { id: number; passwordHash: string | null; loanUntil: Date | null }
  | Extract<Wrong, { refused: 'locked' }>
  | undefined
> {
  const { rows } = await sql<{
    id: number;
    password_hash: string | null;
    failures: number;
    locked_until: Date | null;
    loan_until: Date | null;
  }>`select id, password_hash, failures, locked_until, loan_until from platform.account where ${which} for update`.execute(
    tx,
  );
  const account = rows[0];
  if (!account) return undefined;
  if (account.locked_until && account.locked_until > now) return { refused: 'locked', untilAt: account.locked_until };
  // A rest that is over leaves a clean slate.
  const failures = (account.locked_until ? 0 : account.failures) + 1;
  const lockedUntil = failures >= FAILURES_ALLOWED ? new Date(now.getTime() + LOCKED_MINUTES * 60_000) : null;
  await sql`update platform.account set failures = ${failures}, locked_until = ${lockedUntil} where id = ${account.id}`.execute(
    tx,
  );
  return { id: account.id, passwordHash: account.password_hash, loanUntil: account.loan_until };
}

/**
 * The attempt was right. With a second factor still to come only this one attempt is taken back: were the count wiped, whoever knows the
 * password could guess codes without end by giving the password in between.
 */
async function forgiveAttempt(tx: Transaction, accountId: number): Promise<void> {
  await sql`update platform.account set locked_until = null,
    failures = case when platform.has_second_factor(id) then greatest(failures - 1, 0) else 0 end where id = ${accountId}`.execute(
    tx,
  );
}

/** Everything asked for was given. */
export async function forgetAttempts(tx: Transaction, accountId: number): Promise<void> {
  await sql`update platform.account set failures = 0, locked_until = null where id = ${accountId}`.execute(tx);
}

/** Begins a session without asking for a password: after `signIn`, and for the ready accounts of a demo. */
export async function openSession(
  tx: Transaction,
  given: { accountId: number; postId?: number; now: Date } & Beginning,
): Promise<NewSession> {
  const token = randomBytes(32).toString('base64url');
  const expiresAt = new Date(given.now.getTime() + SESSION_HOURS * 3_600_000);
  await sql`insert into platform.session (hash, account_id, post_id, created_at, seen_at, expires_at, second_factor_at, agent)
    values (${digestOf(token)}, ${given.accountId}, ${given.postId ?? null}, ${given.now}, ${given.now}, ${expiresAt},
      ${given.strong ? given.now : null}, ${given.agent ?? null})`.execute(tx);
  return { token, accountId: given.accountId, postId: given.postId ?? null, expiresAt };
}

/** The session a token stands for, if it is still good; notes that it was used. */
export async function findSession(tx: Transaction, token: string, now: Date): Promise<Session | undefined> {
  const idleSince = new Date(now.getTime() - IDLE_MINUTES * 60_000);
  const { rows } = await sql<Session & { seenAt: Date }>`
    select s.account_id as "accountId", s.post_id as "postId", s.expires_at as "expiresAt", s.seen_at as "seenAt",
      s.second_factor_at is not null as strong, platform.has_second_factor(a.id) as enrolled, a.demo,
      a.loan_until is not null as "onLoan"
    from platform.session s join platform.account a on a.id = s.account_id
    where s.hash = ${digestOf(token)} and s.ended_at is null and s.expires_at > ${now} and s.seen_at > ${idleSince}`.execute(
    tx,
  );
  if (!rows[0]) return undefined;
  const { seenAt, ...session } = rows[0];
  if (now.getTime() - seenAt.getTime() >= NOTE_USE_AFTER_SECONDS * 1000) {
    await sql`update platform.session set seen_at = ${now} where hash = ${digestOf(token)} and ended_at is null`.execute(
      tx,
    );
  }
  return session;
}

/** The same session under a new token, at every raising of rights: whoever else holds the old one holds nothing. */
export async function renewSession(
  tx: Transaction,
  token: string,
  given: { now: Date; strong?: boolean },
): Promise<NewSession | undefined> {
  const next = randomBytes(32).toString('base64url');
  const { rows } = await sql<Omit<NewSession, 'token'>>`
    update platform.session set hash = ${digestOf(next)}, second_factor_at = coalesce(second_factor_at, ${given.strong ? given.now : null})
    where hash = ${digestOf(token)} and ended_at is null
    returning account_id as "accountId", post_id as "postId", expires_at as "expiresAt"`.execute(tx);
  return rows[0] && { token: next, ...rows[0] };
}

export interface OwnSession {
  id: number;
  agent: string | null;
  createdAt: Date;
  seenAt: Date;
  /** The one that asks. */
  here: boolean;
}

/** The sessions of an account that are still good, the latest used first. */
export async function listSessions(
  tx: Transaction,
  given: { accountId: number; token: string | undefined; now: Date },
): Promise<OwnSession[]> {
  const idleSince = new Date(given.now.getTime() - IDLE_MINUTES * 60_000);
  const { rows } = await sql<OwnSession>`
    select id, agent, created_at as "createdAt", seen_at as "seenAt", hash = ${digestOf(given.token ?? '')} as here from platform.session
    where account_id = ${given.accountId} and ended_at is null and expires_at > ${given.now} and seen_at > ${idleSince}
    order by here desc, seen_at desc, id desc`.execute(tx);
  return rows;
}

/** Ends sessions of an account: the one named, or all but that of the token. Answers how many. */
export async function endSessions(
  tx: Transaction,
  given: { accountId: number; now: Date; id?: number; exceptToken?: string | undefined },
): Promise<number> {
  const { rows } = await sql`
    update platform.session set ended_at = ${given.now} where account_id = ${given.accountId} and ended_at is null
      and ${given.id === undefined ? sql`hash <> ${digestOf(given.exceptToken ?? '')}` : sql`id = ${given.id}`} returning id`.execute(
    tx,
  );
  return rows.length;
}

/** The caller has made sure that the post is one of the account's, in force today. */
export async function switchPost(tx: Transaction, token: string, postId: number): Promise<void> {
  await sql`update platform.session set post_id = ${postId} where hash = ${digestOf(token)} and ended_at is null`.execute(
    tx,
  );
}

export async function endSession(tx: Transaction, token: string, now: Date): Promise<void> {
  await sql`update platform.session set ended_at = ${now} where hash = ${digestOf(token)} and ended_at is null`.execute(
    tx,
  );
}

/**
 * Sets a password and ends every session of the account, but for the one it was set in. With `loan` it is somebody else's doing: good for some
 * hours, and only to set one's own.
 */
export async function setPassword(
  tx: Transaction,
  given: { accountId: number; passwordHash: string; now: Date; exceptToken?: string; loan?: Omit<Loan, 'at'> },
): Promise<void> {
  await sql`update platform.account set password_hash = ${given.passwordHash}, failures = 0, locked_until = null,
    loan_until = null, loan_at = null, loan_by = null, loan_reason = null where id = ${given.accountId}`.execute(tx);
  if (given.loan) await lend(tx, given.accountId, given.loan, given.now);
  await endSessions(tx, given);
}

/** As 'door' or 'engine'. Marks the password of an account as given by somebody else. */
export async function lend(tx: Transaction, accountId: number, loan: Omit<Loan, 'at'>, now: Date): Promise<void> {
  await sql`update platform.account set loan_until = ${new Date(now.getTime() + LOAN_HOURS * 3_600_000)}, loan_at = ${now},
    loan_by = ${loan.by}, loan_reason = ${loan.reason} where id = ${accountId}`.execute(tx);
}

export async function findLoan(tx: Transaction, accountId: number): Promise<Loan | undefined> {
  const { rows } = await sql<Loan>`
    select loan_by as by, loan_reason as reason, loan_at as at from platform.account where id = ${accountId} and loan_until is not null`.execute(
    tx,
  );
  return rows[0];
}

/** As 'door' or 'engine'. Undefined when the name is taken. */
export async function createAccount(
  tx: Transaction,
  given: { name: string; passwordHash?: string; demo?: boolean },
): Promise<number | undefined> {
  const { rows } = await sql<{ id: number }>`insert into platform.account (name, password_hash, demo)
    values (${given.name}, ${given.passwordHash ?? null}, ${given.demo ?? false}) on conflict (name) do nothing returning id`.execute(
    tx,
  );
  return rows[0]?.id;
}

/** Sessions that ended or ran out a month ago are of no use to anybody, and challenges not after their minutes. */
export async function sweepSessions(database: Database, clock: Clock): Promise<void> {
  const before = new Date(clock.now().getTime() - 30 * 24 * 3_600_000);
  await database.transaction(door(clock), async (tx) => {
    await sql`delete from platform.session where least(ended_at, expires_at) < ${before}`.execute(tx);
    await sql`delete from platform.passkey_challenge where expires_at <= ${clock.now()}`.execute(tx);
    // A day is more than the longest limit of codes to telephones looks back.
    await sql`delete from platform.phone_code where asked_at < ${new Date(clock.now().getTime() - 24 * 3_600_000)}`.execute(
      tx,
    );
  });
}

/** Before anybody is known. */
export function door(clock: Clock, request?: string): Actor {
  return { standing: 'door', today: clock.today(), ...(request !== undefined && { request }) };
}

let nobody: Promise<string> | undefined;
function nobodysHash(): Promise<string> {
  nobody ??= hashPassword(randomBytes(16).toString('hex'));
  return nobody;
}

function digestOf(token: string): Buffer {
  return createHash('sha256').update(token, 'utf8').digest();
}

/** The same characters typed on another keyboard or system are the same password. */
function normalised(password: string): string {
  return password.normalize('NFKC');
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replace(/=+$/, '');
}
