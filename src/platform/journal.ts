import { createHash } from 'node:crypto';
import { behalfOf, sql, type Transaction } from './database.ts';

/** A chain belongs to an estate, or to the organisation that acts where no single estate is concerned (decisions 16). */
export type Chain = `estate:${number}` | `organisation:${number}`;

export interface Event {
  chain: Chain;
  /** What was done, room first: `filings.filed`. */
  act: string;
  /** To what: `filing:7`. */
  object: string;
  /** What a reader must know to understand the event; a deputy's also says in whose stead (`onBehalfOf`, trust.md A8). No telephone, identity number or party membership, ever. */
  detail?: Record<string, unknown>;
  reason?: string;
}

/** Appends to the journal and gives the number in the chain. The last statement of a command: it locks the head of the chain until the commit. */
export async function record(tx: Transaction, event: Event): Promise<bigint> {
  const onBehalfOf = behalfOf(tx);
  const detail = canonicalJson({ ...event.detail, onBehalfOf });
  const { rows } = await sql<{ seq: bigint }>`
    select platform.record(${event.chain}, ${event.act}, ${event.object}, ${detail}, ${event.reason ?? null}) as seq`.execute(
    tx,
  );
  return rows[0]!.seq;
}

/**
 * One text for one value: keys sorted by code unit, no spaces, a bigint as a string of its digits. Throws for what has no single
 * text (a fraction, an unsafe or non-finite number, a Date, undefined inside an array): such a value must be written as text by its room.
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'bigint') return `"${value}"`;
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) throw new TypeError(`no canonical text for the number ${value}`);
    return String(value === 0 ? 0 : value);
  }
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object' && [Object.prototype, null].includes(Object.getPrototypeOf(value))) {
    const fields = Object.entries(value).filter(([, field]) => field !== undefined);
    fields.sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${canonicalJson(field)}`).join(',')}}`;
  }
  throw new TypeError(`no canonical text for a ${typeof value}`);
}

/** Chosen once per deployment (JOURNAL_HASH); the second byte of every payload says which. */
export type HashName = 'sha256' | 'sm3';
export const hashMarks: Record<HashName, number> = { sha256: 1, sm3: 2 };

/** A journal row as its payload covers it. Format 1 knew no rows; what was written so stays so. */
export interface JournalFields {
  format: 1 | 2;
  chain: string;
  seq: bigint;
  /** RFC 3339 in UTC with exactly six fraction digits; a JavaScript Date would lose three of them. */
  at: string;
  act: string;
  object: string;
  personId: number | null;
  organisationId: number | null;
  postId: number | null;
  reason: string | null;
  detail: string;
  request: string | null;
  rowsDigest: Uint8Array | null;
}

/** The bytes that are hashed (encoding C1): what platform.record builds in SQL, built a second time so that the two can be compared. */
export function encodeJournalPayload(fields: JournalFields, hash: HashName = 'sha256'): Buffer {
  const { format, chain, seq, at, act, object, personId, organisationId, postId, reason, detail, request } = fields;
  const told = [
    chain,
    `${seq}`,
    at,
    act,
    object,
    digits(personId),
    digits(organisationId),
    digits(postId),
    reason,
    detail,
    request,
  ];
  return encodeC1('gongzhi-journal', format === 1 ? told : [...told, fields.rowsDigest], { format, hash });
}

/** Format and hash, then every field with its length before it; a null is a length that no field has. */
export function encodeC1(
  tag: string,
  fields: readonly (string | Uint8Array | null)[],
  { format = 1, hash = 'sha256' }: { format?: number; hash?: HashName } = {},
): Buffer {
  return Buffer.concat([Buffer.from([format, hashMarks[hash]]), ...[tag, ...fields].map(lengthPrefixed)]);
}

export function leafOf(payload: Uint8Array, hash: HashName = 'sha256'): Buffer {
  return digest(hash, Buffer.from([0]), payload);
}

export function linkOf(prev: Uint8Array, leaf: Uint8Array, hash: HashName = 'sha256'): Buffer {
  return digest(hash, Buffer.from([2]), prev, leaf);
}

/** What the first event of a chain follows: since format 2 another deployment's chain of the same name begins otherwise. */
export function genesisOf(chain: string, deployment: string | null, hash: HashName = 'sha256'): Buffer {
  if (deployment === null) return digest('sha256', Buffer.from(chain, 'utf8'));
  return digest(hash, encodeC1('gongzhi-chain', [deployment, chain], { format: 2, hash }));
}

function lengthPrefixed(field: string | Uint8Array | null): Buffer {
  if (field === null) return Buffer.from([0xff, 0xff, 0xff, 0xff]);
  const bytes = typeof field === 'string' ? Buffer.from(field.normalize('NFC'), 'utf8') : field;
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

function digits(id: number | null): string | null {
  return id === null ? null : String(id);
}

function digest(name: HashName, ...parts: Uint8Array[]): Buffer {
  const hash = createHash(name);
  for (const part of parts) hash.update(part);
  return hash.digest();
}
