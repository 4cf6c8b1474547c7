/**
 * Merkle trees as RFC 9162 (2.1) has them: whoever kept the size and root of an earlier tree can convince himself that a later one only
 * added to it. The hash is passed in, because a browser has only an asynchronous one.
 */

/** Over the concatenation of its parts. */
export type Hash = (...parts: Uint8Array[]) => Uint8Array | Promise<Uint8Array>;

/** A range of leaves, `from` up to but without `to`, whose root a proof needs. */
export interface Range {
  from: number;
  to: number;
}

const LEAF = new Uint8Array([0]);
const NODE = new Uint8Array([1]);

export function leafHash(hash: Hash, bytes: Uint8Array): Uint8Array | Promise<Uint8Array> {
  return hash(LEAF, bytes);
}

export function nodeHash(hash: Hash, left: Uint8Array, right: Uint8Array): Uint8Array | Promise<Uint8Array> {
  return hash(NODE, left, right);
}

/** The subtrees whose roots prove that the first `first` leaves of a tree of `second` are what they were (RFC 9162, 2.1.4.1). */
export function consistencyRanges(first: number, second: number): Range[] {
  if (first <= 0 || first >= second) return [];
  const path = (m: number, { from, to }: Range, whole: boolean): Range[] => {
    const n = to - from;
    if (m === n) return whole ? [] : [{ from, to }];
    const k = split(n);
    return m <= k
      ? [...path(m, { from, to: from + k }, whole), { from: from + k, to }]
      : [...path(m - k, { from: from + k, to }, false), { from, to: from + k }];
  };
  return path(first, { from: 0, to: second }, true);
}

/** The subtrees whose roots prove that leaf `index` is in a tree of `size` (2.1.3.1). */
export function inclusionRanges(index: number, size: number): Range[] {
  const path = (m: number, { from, to }: Range): Range[] => {
    if (to - from <= 1) return [];
    const k = split(to - from);
    return m < k
      ? [...path(m, { from, to: from + k }), { from: from + k, to }]
      : [...path(m - k, { from: from + k, to }), { from, to: from + k }];
  };
  return index < 0 || index >= size ? [] : path(index, { from: 0, to: size });
}

/** The complete subtrees, largest first, that make up a range; `level` 0 are leaves, and `index` counts within the level. */
export function completeSubtrees({ from, to }: Range): { level: number; index: number }[] {
  if (from >= to) return [];
  const n = to - from;
  const level = Math.log2(n);
  if (Number.isInteger(level)) return [{ level, index: from / n }];
  const k = split(n);
  return [...completeSubtrees({ from, to: from + k }), ...completeSubtrees({ from: from + k, to })];
}

/** The root of a range from those of its complete subtrees, given largest first. */
export async function joinSubtrees(hash: Hash, roots: readonly Uint8Array[]): Promise<Uint8Array> {
  if (roots.length === 0) return hash();
  let joined = roots[roots.length - 1]!;
  for (let at = roots.length - 2; at >= 0; at -= 1) joined = await nodeHash(hash, roots[at]!, joined);
  return joined;
}

/** Whether a tree of `second` leaves and its root only add to one of `first` leaves and its root (2.1.4.2). */
export async function isConsistent(
  hash: Hash,
  first: { size: number; root: Uint8Array },
  second: { size: number; root: Uint8Array },
  proof: readonly Uint8Array[],
): Promise<boolean> {
  if (first.size > second.size || first.size < 0) return false;
  if (first.size === second.size) return proof.length === 0 && isSame(first.root, second.root);
  if (first.size === 0) return proof.length === 0 && isSame(first.root, await hash());
  const path = Number.isInteger(Math.log2(first.size)) ? [first.root, ...proof] : [...proof];
  if (path.length === 0) return false;
  let [fn, sn] = [first.size - 1, second.size - 1];
  while (isOdd(fn)) [fn, sn] = [half(fn), half(sn)];
  let [fr, sr] = [path[0]!, path[0]!];
  for (const step of path.slice(1)) {
    if (sn === 0) return false;
    if (isOdd(fn) || fn === sn) {
      fr = await nodeHash(hash, step, fr);
      sr = await nodeHash(hash, step, sr);
      while (!isOdd(fn) && fn !== 0) [fn, sn] = [half(fn), half(sn)];
    } else sr = await nodeHash(hash, sr, step);
    [fn, sn] = [half(fn), half(sn)];
  }
  return sn === 0 && isSame(fr, first.root) && isSame(sr, second.root);
}

/** Whether the leaf of that hash stands at `index` in the tree (2.1.3.2). */
export async function isIncluded(
  hash: Hash,
  leaf: { index: number; hash: Uint8Array },
  tree: { size: number; root: Uint8Array },
  proof: readonly Uint8Array[],
): Promise<boolean> {
  if (leaf.index < 0 || leaf.index >= tree.size) return false;
  let [fn, sn] = [leaf.index, tree.size - 1];
  let root = leaf.hash;
  for (const step of proof) {
    if (sn === 0) return false;
    if (isOdd(fn) || fn === sn) {
      root = await nodeHash(hash, step, root);
      while (!isOdd(fn) && fn !== 0) [fn, sn] = [half(fn), half(sn)];
    } else root = await nodeHash(hash, root, step);
    [fn, sn] = [half(fn), half(sn)];
  }
  return sn === 0 && isSame(root, tree.root);
}

export function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

/** The largest power of two below n. */
function split(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

// Sizes may pass 2^32, where bit operations no longer reach.
const isOdd = (n: number) => n % 2 === 1;
const half = (n: number) => Math.floor(n / 2);
