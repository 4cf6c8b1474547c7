// RFC 9162 2.1.4.2, written apart from the server's own: two mistakes would have to be the same mistake.

/** Of the concatenation of its parts. */
export type Hash = (...parts: Uint8Array[]) => Uint8Array | Promise<Uint8Array>;

interface Tree {
  size: number;
  root: Uint8Array;
}

/** Whether the tree `later` only adds leaves to the tree `earlier`. */
export async function isConsistent(
  hash: Hash,
  earlier: Tree,
  later: Tree,
  proof: readonly Uint8Array[],
): Promise<boolean> {
  if (earlier.size > later.size) return false;
  if (earlier.size === later.size) return proof.length === 0 && same(earlier.root, later.root);
  if (earlier.size === 0) return proof.length === 0;
  // From the last leaf of the earlier tree upward; as long as it is a right child it belongs to a subtree that both trees share.
  let [node, last] = [BigInt(earlier.size) - 1n, BigInt(later.size) - 1n];
  while (node & 1n) [node, last] = [node >> 1n, last >> 1n];
  const rest = [...proof];
  // The shared subtree is the whole of the earlier tree where that is full; then its root is known and not told.
  const shared = node === 0n ? earlier.root : rest.shift();
  if (!shared) return false;
  let [before, after] = [shared, shared];
  while (last > 0n) {
    const step = rest.shift();
    if (!step) return false;
    if (node & 1n || node === last) {
      before = await join(hash, step, before);
      after = await join(hash, step, after);
      while (!(node & 1n) && node > 0n) [node, last] = [node >> 1n, last >> 1n];
    } else after = await join(hash, after, step);
    [node, last] = [node >> 1n, last >> 1n];
  }
  return rest.length === 0 && same(before, earlier.root) && same(after, later.root);
}

function join(hash: Hash, left: Uint8Array, right: Uint8Array): Uint8Array | Promise<Uint8Array> {
  return hash(new Uint8Array([1]), left, right);
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}
