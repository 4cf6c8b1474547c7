/** Codes to telephones: asked for at the door, the same for a number that is known and one that is not, counted and good once. */
import { randomInt } from 'node:crypto';
import { sql, type Transaction } from './database.ts';
import type { Sealing } from './sealing.ts';

// No regulation sets the numbers below; they are ours.
export const CODE_MINUTES = 5;
export const TRIES_ALLOWED = 5;
/** Between two codes to one number. */
const PAUSE_SECONDS = 60;
const PER_PHONE_AN_HOUR = 5;
/** A whole office or a mobile operator's gateway may stand behind one address. */
const PER_ADDRESS_AN_HOUR = 30;

const phoneHash = (sealing: Sealing, phone: string) => sealing.keyedHash('phone code of', phone);

/** Draws a code for a number, or says that it is too soon. Whether the number is known plays no part. */
export async function drawPhoneCode(
  tx: Transaction,
  sealing: Sealing,
  { phone, address, now }: { phone: string; address: string; now: Date },
): Promise<{ id: bigint; code: string } | 'too soon'> {
  const hash = phoneHash(sealing, phone);
  const addressHash = sealing.keyedHash('address', address);
  const ago = (seconds: number) => new Date(now.getTime() - seconds * 1000);
  // One at a time for one number and one address: many at once are still as few.
  for (const key of [hash, addressHash].map((one) => one.readBigInt64BE(0)).sort((a, b) => (a < b ? -1 : 1)))
    await sql`select pg_advisory_xact_lock(${key})`.execute(tx);
  const { rows } = await sql<{ ofPhone: number; ofAddress: number; last: Date | null }>`
    select count(*) filter (where phone_hash = ${hash})::int as "ofPhone", count(*) filter (where address_hash = ${addressHash})::int as "ofAddress",
      max(asked_at) filter (where phone_hash = ${hash}) as last
    from platform.phone_code
    where asked_at > ${ago(3600)} and failed_at is null and (phone_hash = ${hash} or address_hash = ${addressHash})`.execute(
    tx,
  );
  const { ofPhone, ofAddress, last } = rows[0]!;
  if (ofPhone >= PER_PHONE_AN_HOUR || ofAddress >= PER_ADDRESS_AN_HOUR || (last && last > ago(PAUSE_SECONDS)))
    return 'too soon';
  const code = String(randomInt(1_000_000)).padStart(6, '0');
  const added = await sql<{ id: bigint }>`
    insert into platform.phone_code (phone_hash, address_hash, code_hash, asked_at, expires_at)
    values (${hash}, ${addressHash}, ${codeHash(sealing, phone, code)}, ${now}, ${new Date(now.getTime() + CODE_MINUTES * 60_000)}) returning id`.execute(
    tx,
  );
  return { id: added.rows[0]!.id, code };
}

/** Takes one try of the latest code for the number, before anything is compared; commit it whatever comes of it. */
export async function tryPhoneCode(
  tx: Transaction,
  sealing: Sealing,
  { phone, code, now }: { phone: string; code: string; now: Date },
): Promise<boolean> {
  const { rows } = await sql<{ right: boolean }>`
    update platform.phone_code set tries = tries + 1, used_at = case when code_hash = ${codeHash(sealing, phone, code)} then ${now}::timestamptz end
    where id = (select id from platform.phone_code where phone_hash = ${phoneHash(sealing, phone)} order by id desc limit 1 for update)
      and used_at is null and expires_at > ${now} and tries < ${TRIES_ALLOWED}
    returning used_at is not null as "right"`.execute(tx);
  return rows[0]?.right === true;
}

/** The message did not leave: it counts against nobody, and shows on /health. */
export async function notePhoneCodeFailed(
  tx: Transaction,
  { id, reason, now }: { id: bigint; reason: string; now: Date },
): Promise<void> {
  await sql`update platform.phone_code set failed_at = ${now}, failed_as = ${reason} where id = ${id}`.execute(tx);
}

/** For /health: how many messages of the last hour did not leave, and why the last of them. */
export async function smsWarnings(tx: Transaction, now: Date): Promise<string[]> {
  const { rows } = await sql<{ n: number; last: string | null }>`
    select count(*)::int as n, (array_agg(failed_as order by failed_at desc))[1] as last
    from platform.phone_code where failed_at > ${new Date(now.getTime() - 3_600_000)}`.execute(tx);
  const { n, last } = rows[0]!;
  return n === 0 ? [] : [`最近一小时有 ${n} 条短信验证码没有发出：${last}。业主暂时可用激活信或到社区开通。`];
}

const codeHash = (sealing: Sealing, phone: string, code: string) => sealing.keyedHash('phone code', `${phone} ${code}`);
