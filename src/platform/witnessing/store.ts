import type { LocalDate } from '../../kernel/local-date.ts';
import { sql, type Transaction } from '../database.ts';

export interface Witness {
  id: number;
  name: string;
  publicKey: Buffer;
}

/** Those in force. */
export async function findWitnesses(tx: Transaction): Promise<Witness[]> {
  const { rows } = await sql<Witness>`
    select id, name, public_key as "publicKey" from platform.witness where removed_on is null order by id`.execute(tx);
  return rows;
}

/** A key serves once: a witness that was dismissed begins anew with another. */
export async function isKeyUsed(tx: Transaction, publicKey: Buffer): Promise<boolean> {
  return (await sql`select from platform.witness where public_key = ${publicKey}`.execute(tx)).rows.length > 0;
}

export async function addWitness(
  tx: Transaction,
  { name, publicKey }: Omit<Witness, 'id'>,
  today: LocalDate,
): Promise<number> {
  const { rows } = await sql<{ id: number }>`
    insert into platform.witness (name, public_key, added_on) values (${name}, ${publicKey}, ${today}) returning id`.execute(
    tx,
  );
  return rows[0]!.id;
}

export async function removeWitness(tx: Transaction, id: number, today: LocalDate): Promise<void> {
  await sql`update platform.witness set removed_on = ${today} where id = ${id}`.execute(tx);
}

export interface Sealed {
  size: number;
  root: Buffer;
  note: string;
  sealedAt: Date;
}

/** The newest checkpoint, with every cosignature that came for it. */
export async function findCheckpoint(tx: Transaction): Promise<Sealed | undefined> {
  const { rows } = await sql<Omit<Sealed, 'size'> & { size: bigint }>`
    select c.size, c.root, c.sealed_at as "sealedAt",
      c.note || coalesce((select string_agg(s.line, '' order by s.witness_id) from platform.cosignature s where s.checkpoint_size = c.size), '') as note
    from platform.checkpoint c order by c.size desc limit 1`.execute(tx);
  return rows[0] && { ...rows[0], size: Number(rows[0].size) };
}

export async function saveCosignature(
  tx: Transaction,
  given: { size: number; witness: number; line: string; now: Date },
): Promise<void> {
  await sql`
    insert into platform.cosignature (checkpoint_size, witness_id, line, received_at)
    select size, ${given.witness}, ${given.line}, ${given.now} from platform.checkpoint where size = ${given.size} on conflict do nothing`.execute(
    tx,
  );
}

export async function saveDisagreement(
  tx: Transaction,
  given: { size: number; witness: number; note: string; now: Date },
): Promise<void> {
  await sql`
    insert into platform.disagreement (witness_id, size, note, received_at) values (${given.witness}, ${given.size}, ${given.note}, ${given.now})
    on conflict do nothing`.execute(tx);
}

export interface Restoration {
  id: number;
  foundAt: Date;
  /** Leaves in the tree as it was restored. */
  size: number;
}

export async function findRestoration(tx: Transaction): Promise<Restoration | undefined> {
  const { rows } = await sql<{ id: number; foundAt: Date; size: bigint }>`
    select id, found_at as "foundAt", size from platform.restoration where resolved_at is null order by id limit 1`.execute(
    tx,
  );
  return rows[0] && { ...rows[0], size: Number(rows[0].size) };
}

/** Somebody outside has shown more than was restored (`r`): what lies between is lost. */
const shownMore = sql`exists (select from platform.disagreement d where d.received_at > r.found_at and d.size > r.size)`;

/** By a witness that has seen as much as was restored, and holds nothing else, while no other has shown more. */
export async function resolveByWitness(tx: Transaction, size: number, now: Date): Promise<void> {
  await sql`
    update platform.restoration r set resolved_at = ${now}, resolved_by = 'witness' where resolved_at is null and size <= ${size} and not ${shownMore}`.execute(
    tx,
  );
}

/** What a statement can settle: a restore that waits, or the last one, when a witness ended the waiting before another showed more. */
export async function findUnsettled(tx: Transaction): Promise<Pick<Restoration, 'id' | 'size'> | undefined> {
  const { rows } = await sql<{ id: number; size: bigint }>`
    select r.id, r.size from platform.restoration r
    where r.resolved_at is null or (r.id = (select max(id) from platform.restoration) and r.resolved_by = 'witness' and ${shownMore})
    order by r.id limit 1`.execute(tx);
  return rows[0] && { ...rows[0], size: Number(rows[0].size) };
}

export async function resolveByRecovery(tx: Transaction, id: number, statement: string, now: Date): Promise<void> {
  await sql`update platform.restoration set resolved_at = ${now}, resolved_by = 'recovery', statement = ${statement} where id = ${id}`.execute(
    tx,
  );
}

export async function findStatements(tx: Transaction): Promise<string[]> {
  const { rows } = await sql<{ statement: string }>`
    select statement from platform.restoration where statement is not null order by id`.execute(tx);
  return rows.map((row) => row.statement);
}

const recoveredAt = sql`(select max(resolved_at) from platform.restoration where resolved_by = 'recovery')`;
/** When this witness first cosigned again after a recovery: until it has accepted that, it goes on saying what it holds. */
const acceptedAt = sql`coalesce((select min(c.received_at) from platform.cosignature c where c.witness_id = d.witness_id and c.received_at > ${recoveredAt}), ${recoveredAt})`;

/** What witnesses hold that this database does not bear out, since the last restore was resolved by a statement; the furthest first. */
export async function findDisagreements(
  tx: Transaction,
  settledAt: 'recovered' | 'accepted' = 'recovered',
): Promise<{ witness: string; size: number; note: string; receivedAt: Date }[]> {
  const { rows } = await sql<{ witness: string; size: bigint; note: string; receivedAt: Date }>`
    select w.name as witness, d.size, d.note, d.received_at as "receivedAt" from platform.disagreement d join platform.witness w on w.id = d.witness_id
    where d.received_at > coalesce(${settledAt === 'accepted' ? acceptedAt : recoveredAt}, '-infinity')
    order by d.size desc, d.id`.execute(tx);
  return rows.map((row) => ({ ...row, size: Number(row.size) }));
}
