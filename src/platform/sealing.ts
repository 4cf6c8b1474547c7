import { createHmac, randomBytes } from 'node:crypto';
import { sql, type Transaction } from './database.ts';
import { decrypt, encrypt, type Keys } from './keys.ts';

/** A value to be sealed: whose, which field, and the text. */
export interface PlainField {
  subject: string;
  field: string;
  text: string;
}

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

/**
 * Personal fields, each readable only with the key of the person they are about (decisions 12). A subject is that key's name;
 * destroying the key erases the person everywhere, backups and journal included, without altering a byte that was hashed.
 */
export interface Sealing {
  newSubject(tx: Transaction): Promise<string>;
  newSubjects(tx: Transaction, count: number): Promise<string[]>;
  seal(tx: Transaction, subject: string, field: string, text: string): Promise<Buffer>;
  /** In the order given; one round trip however many subjects there are. */
  sealMany(tx: Transaction, fields: readonly PlainField[]): Promise<Buffer[]>;
  /** For imports: new subjects and their first fields at once, in the order given; nothing is read back. */
  sealNew<Field extends string>(
    tx: Transaction,
    people: readonly Readonly<Partial<Record<Field, string>>>[],
  ): Promise<SealedPerson<Field>[]>;
  /** The text, or null when the person was erased. Every opening is written down with its purpose, before the text is given out. */
  open(tx: Transaction, subject: string, field: string, sealed: Uint8Array, purpose: string): Promise<string | null>;
  openMany(tx: Transaction, fields: readonly SealedField[], purpose: string): Promise<(string | null)[]>;
  /** Equal texts of a field in one district have equal hashes; of another district or field, never. */
  hashFor(districtCode: string, field: string, text: string): Buffer;
  /** A secret that is nobody's field, such as one of sign-in, under the key file itself; `about` must be the same when it is opened. */
  sealSecret(secret: Uint8Array, about: string): Buffer;
  openSecret(sealed: Uint8Array, about: string): Buffer;
  /** For codes too short to be hashed without a key. */
  keyedHash(about: string, text: string): Buffer;
  /** The keyed hashes beside the sealed fields are in the rooms' rows: the room clears them in the same transaction. */
  destroy(tx: Transaction, subject: string): Promise<void>;
}

export function createSealing(keys: Keys): Sealing {
  const sealing: Sealing = {
    newSubject: async (tx) => (await sealing.newSubjects(tx, 1))[0]!,

    newSubjects: async (tx, count) => (await makeKeys(tx, keys, count)).map((one) => one.subject),

    seal: async (tx, subject, field, text) => (await sealing.sealMany(tx, [{ subject, field, text }]))[0]!,

    async sealMany(tx, fields) {
      const keyOf = await readKeys(tx, keys, fields);
      return fields.map(({ subject, field, text }) => {
        const key = keyOf.get(subject);
        if (!key) throw new Error('该人员的密钥不存在或已销毁，不能再写入个人信息');
        return encrypt(key, Buffer.from(text, 'utf8'), aboutField(subject, field));
      });
    },

    async sealNew<Field extends string>(tx: Transaction, people: readonly Readonly<Partial<Record<Field, string>>>[]) {
      const made = await makeKeys(tx, keys, people.length);
      return people.map((fields, at) => {
        const { subject, key } = made[at]!;
        const sealed: Partial<Record<Field, Buffer>> = {};
        for (const field of Object.keys(fields) as Field[]) {
          const text = fields[field];
          if (text !== undefined) sealed[field] = encrypt(key, Buffer.from(text, 'utf8'), aboutField(subject, field));
        }
        return { subject, sealed };
      });
    },

    open: async (tx, subject, field, sealed, purpose) =>
      (await sealing.openMany(tx, [{ subject, field, sealed }], purpose))[0]!,

    async openMany(tx, fields, purpose) {
      if (purpose.trim() === '') throw new Error('a sealed field is never opened without a purpose');
      if (fields.length === 0) return [];
      const keyOf = await readKeys(tx, keys, fields);
      await sql`insert into platform.sealed_read (subject, field, person_id, post_id, purpose)
        select subject, field, platform.my_person(), nullif(current_setting('app.post', true), '')::int, ${purpose}
        from unnest(${fields.map((one) => one.subject)}::uuid[], ${fields.map((one) => one.field)}::text[]) as opened (subject, field)`.execute(
        tx,
      );
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

    async destroy(tx, subject) {
      await sql`update platform.subject_key set wrapped = null, destroyed_at = clock_timestamp()
        where subject = ${subject}::uuid and wrapped is not null`.execute(tx);
    },
  };
  return sealing;
}

async function makeKeys(tx: Transaction, keys: Keys, count: number): Promise<{ subject: string; key: Buffer }[]> {
  if (count === 0) return [];
  const made = Array.from({ length: count }, () => ({ subject: newUuid(), key: randomBytes(32) }));
  await sql`insert into platform.subject_key (subject, wrapped)
    select * from unnest(${made.map((one) => one.subject)}::uuid[], ${made.map((one) => keys.wrap(one.key, aboutKey(one.subject)))}::bytea[])`.execute(
    tx,
  );
  return made;
}

async function readKeys(
  tx: Transaction,
  keys: Keys,
  fields: readonly { subject: string }[],
): Promise<Map<string, Buffer>> {
  const subjects = [...new Set(fields.map((one) => one.subject))];
  if (subjects.length === 0) return new Map();
  const { rows } = await sql<{ subject: string; wrapped: Buffer }>`
    select subject, wrapped from platform.subject_key where subject = any (${subjects}::uuid[]) and wrapped is not null`.execute(
    tx,
  );
  return new Map(rows.map((row) => [row.subject, keys.unwrap(row.wrapped, aboutKey(row.subject))]));
}

/** Version 7: subjects made one after another lie beside each other in the index, which 50,000 at once can tell (trust.md P16). */
function newUuid(): string {
  const bytes = randomBytes(16);
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
