import { createHash } from 'node:crypto';
import { completeSubtrees, consistencyRanges, inclusionRanges, joinSubtrees, type Range } from '../../kernel/merkle.ts';
import type { Clock } from '../clock.ts';
import { type Database, sql, type Transaction } from '../database.ts';
import { encodeC1 } from '../journal.ts';
import { checkpointText, type Signer, signNote } from './notes.ts';

/** A checkpoint follows a change within this; a longer wait is told on /health (trust.md A5). Ours; no regulation sets it. */
export const SEALED_WITHIN_SECONDS = 120;

export interface Head {
  chain: string;
  seq: bigint;
  hash: Buffer;
}

/** What stands in the tree for the head of a chain. */
export function headLeaf({ chain, seq, hash }: Head): Buffer {
  return sha256(Buffer.from([0]), encodeC1('gongzhi-head', [chain, `${seq}`, hash.toString('hex')]));
}

/**
 * Adds every head that has moved to the tree and signs the tree as it then stands. Gives the size, or undefined when nothing has moved or a
 * restore waits to be resolved: until then this tree may be one that somebody outside knows to have gone on differently.
 */
export async function seal(database: Database, clock: Clock, signer: Signer): Promise<number | undefined> {
  return database.transaction({ standing: 'sealer', today: clock.today() }, async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtext('gongzhi sealing'))`.execute(tx);
    const { rows: restored } = await sql`select from platform.restoration where resolved_at is null`.execute(tx);
    if (restored.length > 0) return undefined;
    const { rows: heads } = await sql<Head>`
      select h.chain, h.seq, h.hash from platform.journal_head h left join platform.sealed_head s on s.chain = h.chain
      where h.seq > coalesce(s.seq, 0) order by h.chain`.execute(tx);
    if (heads.length === 0) return undefined;
    const before = await treeSize(tx);
    const size = before + heads.length;
    await sql`
      insert into platform.tree_leaf (index, chain, seq, hash)
      select ${before}::bigint + n - 1, chain, seq, hash
      from unnest(${heads.map((head) => head.chain)}::text[], ${heads.map((head) => `${head.seq}`)}::bigint[], ${heads.map((head) => head.hash)}::bytea[])
        with ordinality as h(chain, seq, hash, n)`.execute(tx);
    const nodes = grow(await rootsOf(tx, { from: 0, to: before }), before, heads.map(headLeaf));
    await sql`
      insert into platform.tree_node (level, index, hash)
      select * from unnest(${nodes.map((node) => node.level)}::int[], ${nodes.map((node) => node.index)}::bigint[], ${nodes.map((node) => node.hash)}::bytea[])`.execute(
      tx,
    );
    await sql`
      insert into platform.sealed_head (chain, seq)
      select * from unnest(${heads.map((head) => head.chain)}::text[], ${heads.map((head) => `${head.seq}`)}::bigint[])
      on conflict (chain) do update set seq = excluded.seq`.execute(tx);
    const root = await rootAt(tx, size);
    const note = signNote(checkpointText({ origin: signer.name, size, root }), signer);
    await sql`insert into platform.checkpoint (size, root, note, sealed_at) values (${size}, ${root}, ${note}, clock_timestamp())`.execute(
      tx,
    );
    return size;
  });
}

export async function treeSize(tx: Transaction): Promise<number> {
  const { rows } = await sql<{
    size: bigint;
  }>`select coalesce(max(index) + 1, 0)::bigint as size from platform.tree_node where level = 0`.execute(tx);
  return Number(rows[0]!.size);
}

/** The root of the first `size` leaves; the tree must have as many. */
export async function rootAt(tx: Transaction, size: number): Promise<Buffer> {
  return Buffer.from(await joinSubtrees(sha256, await rootsOf(tx, { from: 0, to: size })));
}

export async function consistencyProof(tx: Transaction, first: number, second: number): Promise<Buffer[]> {
  return hashesOf(tx, consistencyRanges(first, second));
}

export async function inclusionProof(tx: Transaction, index: number, size: number): Promise<Buffer[]> {
  return hashesOf(tx, inclusionRanges(index, size));
}

async function hashesOf(tx: Transaction, ranges: readonly Range[]): Promise<Buffer[]> {
  const hashes: Buffer[] = [];
  for (const range of ranges) hashes.push(Buffer.from(await joinSubtrees(sha256, await rootsOf(tx, range))));
  return hashes;
}

/** The roots of the complete subtrees of a range, largest first. */
async function rootsOf(tx: Transaction, range: Range): Promise<Buffer[]> {
  const wanted = completeSubtrees(range);
  const { rows } = await sql<{ hash: Buffer }>`
    select n.hash from unnest(${wanted.map((one) => one.level)}::int[], ${wanted.map((one) => one.index)}::bigint[]) with ordinality as w(level, index, place)
    join platform.tree_node n on n.level = w.level and n.index = w.index order by w.place`.execute(tx);
  if (rows.length !== wanted.length) throw new Error(`the tree lacks nodes of leaves ${range.from} to ${range.to}`);
  return rows.map((row) => row.hash);
}

interface Node {
  level: number;
  index: number;
  hash: Buffer;
}

/** Every node that becomes complete when leaves are added to a tree of which the roots of its complete subtrees are known, largest first. */
function grow(roots: readonly Buffer[], size: number, leaves: readonly Buffer[]): Node[] {
  const edge = completeSubtrees({ from: 0, to: size }).map(({ level }, at) => ({ level, hash: roots[at]! }));
  const made: Node[] = [];
  for (const [offset, leaf] of leaves.entries()) {
    let node: Node = { level: 0, index: size + offset, hash: leaf };
    made.push(node);
    while (edge.at(-1)?.level === node.level) {
      node = { level: node.level + 1, index: (node.index - 1) / 2, hash: nodeOf(edge.pop()!.hash, node.hash) };
      made.push(node);
    }
    edge.push(node);
  }
  return made;
}

export function nodeOf(left: Buffer, right: Buffer): Buffer {
  return sha256(Buffer.from([1]), left, right);
}

export function sha256(...parts: Uint8Array[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}
