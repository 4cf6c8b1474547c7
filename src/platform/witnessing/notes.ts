import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';

// Signed notes and checkpoints in the form of C2SP (signed-note, tlog-checkpoint, tlog-cosignature), so that witnesses of other makes understand them.

/** Who signs: a name without blanks or plus signs, and an Ed25519 key. */
export interface Signer {
  name: string;
  key: KeyObject;
  /** The raw 32 bytes. */
  publicKey: Buffer;
}

export interface Checkpoint {
  origin: string;
  size: number;
  root: Buffer;
}

const ED25519 = 1;
const COSIGNATURE = 4;

/** Unsigned: origin, size and root, one a line. */
export function checkpointText({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${root.toString('base64')}\n`;
}

/** A text that ends with a line break, signed. */
export function signNote(text: string, signer: Signer): string {
  return `${text}\n${signatureLine(signer.name, keyId(signer.name, ED25519, signer.publicKey), sign(null, Buffer.from(text), signer.key))}`;
}

/** The text of a note if that signer signed it; undefined for anything else. */
export function readNote(note: string, by: Pick<Signer, 'name' | 'publicKey'>): string | undefined {
  const { text, lines } = partsOf(note);
  const blob = blobOf(lines, by.name, keyId(by.name, ED25519, by.publicKey));
  return blob && verify(null, Buffer.from(text), publicKeyOf(by.publicKey), blob) ? text : undefined;
}

export function readCheckpoint(text: string): Checkpoint | undefined {
  const match = /^([^\n]+)\n(0|[1-9]\d{0,14})\n([A-Za-z0-9+/]{43}=)\n/.exec(text);
  return match ? { origin: match[1]!, size: Number(match[2]), root: Buffer.from(match[3]!, 'base64') } : undefined;
}

/** The text of a note, whoever signed it. */
export function textOf(note: string): string {
  return partsOf(note).text;
}

/** When a witness says to have cosigned this note, as seconds since 1970; undefined when it did not. */
export function cosignedAt(
  note: string,
  by: { name: string; publicKey: Buffer },
): { at: number; line: string } | undefined {
  const { text, lines } = partsOf(note);
  const id = keyId(by.name, COSIGNATURE, by.publicKey);
  const blob = blobOf(lines, by.name, id);
  if (blob?.length !== 72) return undefined;
  const at = Number(blob.readBigUInt64BE());
  return verify(null, Buffer.from(cosigned(text, at)), publicKeyOf(by.publicKey), blob.subarray(8))
    ? { at, line: signatureLine(by.name, id, blob) }
    : undefined;
}

function cosigned(text: string, at: number): string {
  return `cosignature/v1\ntime ${at}\n${text}`;
}

function partsOf(note: string): { text: string; lines: string[] } {
  const at = note.lastIndexOf('\n\n');
  return at < 0
    ? { text: note, lines: [] }
    : {
        text: note.slice(0, at + 1),
        lines: note
          .slice(at + 2)
          .split('\n')
          .filter(Boolean),
      };
}

function blobOf(lines: readonly string[], name: string, id: Buffer): Buffer | undefined {
  for (const line of lines) {
    const match = /^— (\S+) ([A-Za-z0-9+/=]+)$/.exec(line);
    if (match?.[1] !== name) continue;
    const blob = Buffer.from(match[2]!, 'base64');
    if (blob.subarray(0, 4).equals(id)) return blob.subarray(4);
  }
  return undefined;
}

function signatureLine(name: string, id: Buffer, signature: Buffer): string {
  return `— ${name} ${Buffer.concat([id, signature]).toString('base64')}\n`;
}

function keyId(name: string, algorithm: number, publicKey: Buffer): Buffer {
  return createHash('sha256')
    .update(Buffer.concat([Buffer.from(`${name}\n`), Buffer.from([algorithm]), publicKey]))
    .digest()
    .subarray(0, 4);
}

export function publicKeyOf(raw: Buffer): KeyObject {
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') }, format: 'jwk' });
}
