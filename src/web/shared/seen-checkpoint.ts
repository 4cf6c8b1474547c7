/**
 * The browser is a witness too (trust.md A3): it keeps the last checkpoint it saw and, at the next visit, asks for the proof that what is there
 * now only adds to it. Nobody sees any of this, unless it fails.
 */
import { isConsistent } from '../../kernel/merkle.ts';
import { listRecoveries, proveConsistency, readCheckpoint } from '../../platform/witnessing/contract.ts';
import { ask, Refused } from './ask.ts';

interface Seen {
  origin: string;
  publicKey: string;
  size: number;
  root: string;
  sealedAt: string;
}

export type Finding =
  | { kind: 'agrees' }
  /** What was seen is gone or was changed. */
  | { kind: 'differs'; seen: Seen }
  /** The same, but the deployment says so itself: it was restored from a backup. */
  | { kind: 'recovered'; seen: Seen };

const PLACE = 'gongzhi-seen-checkpoint';

/**
 * Undefined where nothing can be said: no checkpoint yet, no connection, a browser that hashes only over https. A demo may be thrown away and
 * begun anew under the same address; that is no alarm.
 */
export async function compareWithSeen({ demo }: { demo: boolean }): Promise<Finding | undefined> {
  if (!globalThis.crypto?.subtle) return undefined;
  try {
    const now = await ask(readCheckpoint, {});
    const kept = read();
    const seen = demo && kept?.origin !== now.origin ? undefined : kept;
    if (seen && !(await addsTo(seen, now))) {
      const declared = await ask(listRecoveries, {});
      const covered = now.origin === seen.origin && declared.notes.some((note) => keptIn(note) < seen.size);
      if (!covered) return { kind: 'differs', seen };
      keep(now);
      return { kind: 'recovered', seen };
    }
    keep(now);
    return { kind: 'agrees' };
  } catch (error) {
    if (error instanceof Refused) return undefined;
    throw error;
  }
}

async function addsTo(seen: Seen, now: Seen): Promise<boolean> {
  if (now.origin !== seen.origin || now.publicKey !== seen.publicKey || now.size < seen.size) return false;
  const { proof } = await ask(proveConsistency, { first: seen.size, second: now.size });
  return isConsistent(
    sha256,
    { size: seen.size, root: bytesOf(seen.root) },
    { size: now.size, root: bytesOf(now.root) },
    proof.map(bytesOf),
  );
}

/** How much of the tree a statement of recovery says was kept. */
function keptIn(note: string): number {
  return Number(/^kept (\d+)/m.exec(note)?.[1] ?? Number.POSITIVE_INFINITY);
}

async function sha256(...parts: Uint8Array[]): Promise<Uint8Array> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return new Uint8Array(await crypto.subtle.digest('SHA-256', whole));
}

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

function read(): Seen | undefined {
  try {
    return JSON.parse(localStorage.getItem(PLACE) ?? 'null') ?? undefined;
  } catch {
    return undefined; // kept by another version, or by nobody
  }
}

function keep({ origin, publicKey, size, root, sealedAt }: Seen): void {
  try {
    localStorage.setItem(PLACE, JSON.stringify({ origin, publicKey, size, root, sealedAt }));
  } catch {
    // A browser that keeps nothing has nothing to compare next time.
  }
}
