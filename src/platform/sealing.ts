import { createHmac } from 'node:crypto';
import { sql, type Transaction } from './database.ts';
import { decrypt, encrypt, freshBytes, type Keys } from './keys.ts';

/** A sealed value: whose, and which field. */
export interface SealedField {
  subject: string;
  field: string;
  sealed: Uint8Array;
}

export interface SealedPerson<Field extends string> {
  subject: string;
  /** The fields that were given. */
  sealed: Partial<Record<Field, Buffer>>;
}

/** Why a sealed field is opened. An assigned task is its own reason (`request:17`), one's own needs none, everything else gives one. */
export type Purpose = 'own' | { task: string } | { kind: 'browsing' | 'bulk' | 'export'; reason: string };

/**
 * Personal fields, each readable only with the key of the person they are about (decisions 12). A subject is that key's name;
 * destroying the key erases the person everywhere, backups and journal included, without altering a byte that was hashed.
 * A key is seen once when it is made; after that the database hands it out only with the trace of who opened what, and why.
 */
export interface Sealing {
  /** New subjects and their fields, in the order given, in one round trip however many they are; nothing is read back. */
  sealNew<Field extends string>(
    tx: Transaction,
    people: readonly Readonly<Partial<Record<Field, string>>>[],
  ): Promise<SealedPerson<Field>[]>;
  /** The text, or null when the person was erased. Throws when the caller does not see the person. */
  open(tx: Transaction, field: SealedField, purpose: Purpose): Promise<string | null>;
  openMany(tx: Transaction, fields: readonly SealedField[], purpose: Purpose): Promise<(string | null)[]>;
  /** Equal texts of a field in one district have equal hashes; of another district or field, never. */
  hashFor(districtCode: string, field: string, text: string): Buffer;
  /** A secret that is nobody's field, such as one of sign-in, under the key file itself; `about` must be the same when it is opened. */
  sealSecret(secret: Uint8Array, about: string): Buffer;
  openSecret(sealed: Uint8Array, about: string): Buffer;
  /** For codes too short to be hashed without a key. */
  keyedHash(about: string, text: string): Buffer;
}

export function createSealing(keys: Keys): Sealing {
  const sealing: Sealing = {
    async sealNew<Field extends string>(tx: Transaction, people: readonly Readonly<Partial<Record<Field, string>>>[]) {
      const made = people.map(() => ({ subject: newUuid(), key: freshBytes(32) }));
      const kept = keepKeys(tx, keys, made);
      kept.catch(() => undefined); // met below; while the database keeps the keys, they are used here
      const sealedPeople = people.map((fields, at) => {
        const { subject, key } = made[at]!;
        const sealed: Partial<Record<Field, Buffer>> = {};
        for (const field of Object.keys(fields) as Field[]) {
          const text = fields[field];
          if (text !== undefined) sealed[field] = encrypt(key, Buffer.from(text, 'utf8'), aboutField(subject, field));
        }
        return { subject, sealed };
      });
      await kept;
      return sealedPeople;
    },

    open: async (tx, field, purpose) => (await sealing.openMany(tx, [field], purpose))[0]!,

    async openMany(tx, fields, purpose) {
      if (fields.length === 0) return [];
      const keyOf = await openKeys(tx, keys, fields, purpose);
      return fields.map(({ subject, field, sealed }) => {
        const key = keyOf.get(subject);
        return key ? decrypt(key, sealed, aboutField(subject, field)).toString('utf8') : null;
      });
    },

    hashFor(districtCode, field, text) {
      // None of the first two holds a zero byte, so the three cannot be mistaken for another three.
      return createHmac('sha256', keys.equalityKey).update(`${districtCode}\0${field}\0${text}`, 'utf8').digest();
    },

    sealSecret: (secret, about) => keys.wrap(secret, `secret ${about}`),
    openSecret: (sealed, about) => keys.unwrap(sealed, `secret ${about}`),
    // It begins with a zero byte, which no district code does: no hash of a field can be taken for one of these.
    keyedHash: (about, text) => createHmac('sha256', keys.equalityKey).update(`\0${about}\0${text}`, 'utf8').digest(),
  };
  return sealing;
}

async function keepKeys(tx: Transaction, keys: Keys, made: readonly { subject: string; key: Buffer }[]): Promise<void> {
  if (made.length === 0) return;
  await sql`insert into platform.subject_key (subject, wrapped)
    select * from unnest(${made.map((one) => one.subject)}::uuid[], ${made.map((one) => keys.wrap(one.key, aboutKey(one.subject)))}::bytea[])`.execute(
    tx,
  );
}

/** The database writes the trace and hands out the keys in one call; there is no other way to them. */
async function openKeys(
  tx: Transaction,
  keys: Keys,
  fields: readonly SealedField[],
  purpose: Purpose,
): Promise<Map<string, Buffer>> {
  const [kind, said] =
    purpose === 'own' ? ['own', null] : 'task' in purpose ? ['task', purpose.task] : [purpose.kind, purpose.reason];
  const { rows } = await sql<{ subject: string; wrapped: Buffer }>`
    select subject, wrapped from platform.open_sealed(${fields.map((one) => one.subject)}::uuid[], ${fields.map((one) => one.field)}::text[],
      ${kind}, ${said})`.execute(tx);
  return new Map(rows.map((row) => [row.subject, keys.unwrap(row.wrapped, aboutKey(row.subject))]));
}

/** Version 7: subjects made one after another lie beside each other in the index, which 50,000 at once can tell (trust.md P16). */
function newUuid(): string {
  const bytes = freshBytes(16);
  bytes.writeUIntBE(Date.now(), 0, 6);
  bytes[6] = 0x70 | (bytes[6]! & 0x0f);
  bytes[8] = 0x80 | (bytes[8]! & 0x3f);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

function aboutKey(subject: string): string {
  return `subject ${subject}`;
}

function aboutField(subject: string, field: string): string {
  return `${subject} ${field}`;
}
