// The part of bin/gongzhi verify-journal that concerns what was sealed: every leaf of the tree against the event it names, and every checkpoint
// against the leaves. It shows an end cut off even without a witness, unless the tree was cut with it.

import type { Ask, Fault } from './verify-journal.ts';
import { checkpointText, readCheckpoint, textOf } from './witnessing/notes.ts';
import { headLeaf, nodeOf } from './witnessing/tree.ts';

interface Leaf {
  index: bigint;
  chain: string;
  seq: bigint;
  hash: Buffer;
  recorded: Buffer | null;
}
interface Sealed {
  size: bigint;
  root: Buffer;
  note: string;
}

const AT_ONCE = 10_000;

/** The first leaf of each chain that the journal no longer bears out, and the first checkpoint that its leaves do not. */
export async function verifyTree(ask: Ask): Promise<{ leaves: number; faults: Fault[] }> {
  const checkpoints = await ask<Sealed>('select size, root, note from platform.checkpoint order by size');
  const faults: Fault[] = [];
  const broken = new Set<string>();
  /** Roots of the complete subtrees so far, largest first, with how many leaves each has. */
  const edge: { leaves: number; hash: Buffer }[] = [];
  let size = 0;
  let at = 0;
  for (;;) {
    const leaves = await ask<Leaf>(
      `select l.index, l.chain, l.seq, l.hash, j.hash as recorded from platform.tree_leaf l left join platform.journal j on j.chain = l.chain and j.seq = l.seq
       where l.index >= ${size} order by l.index limit ${AT_ONCE}`,
    );
    for (const leaf of leaves) {
      if (leaf.index !== BigInt(size))
        return { leaves: size, faults: [...faults, { kind: 'tree', note: `缺第 ${size} 片叶` }] };
      if (!leaf.recorded?.equals(leaf.hash) && !broken.has(leaf.chain)) {
        broken.add(leaf.chain);
        faults.push({ kind: 'sealed', chain: leaf.chain, seq: leaf.seq });
      }
      let node = { leaves: 1, hash: headLeaf(leaf) };
      while (edge.at(-1)?.leaves === node.leaves)
        node = { leaves: node.leaves * 2, hash: nodeOf(edge.pop()!.hash, node.hash) };
      edge.push(node);
      size += 1;
      const checkpoint = checkpoints[at];
      if (checkpoint?.size !== BigInt(size)) continue;
      at += 1;
      const root = edge.map((one) => one.hash).reduceRight((right, left) => nodeOf(left, right));
      const told = readCheckpoint(textOf(checkpoint.note));
      const says = told && checkpointText({ ...told, size, root }) === textOf(checkpoint.note);
      if (!says || !checkpoint.root.equals(root))
        return { leaves: size, faults: [...faults, { kind: 'checkpoint', note: `大小 ${size}` }] };
    }
    if (leaves.length < AT_ONCE) break;
  }
  if (at < checkpoints.length)
    faults.push({ kind: 'tree', note: `检查点有 ${checkpoints.at(-1)!.size} 片叶，实有 ${size} 片` });
  return { leaves: size, faults };
}
