import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  completeSubtrees,
  consistencyRanges,
  type Hash,
  inclusionRanges,
  isConsistent,
  isIncluded,
  joinSubtrees,
  leafHash,
  nodeHash,
  type Range,
} from './merkle.ts';

const hash = (...parts: Uint8Array[]) => new Uint8Array(createHash('sha256').update(Buffer.concat(parts)).digest());
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

/** The definition of the root (RFC 9162, 2.1.1), word for word and as slow as it is. */
function rootOf(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 0) return hash();
  if (leaves.length === 1) return leafHash(hash, leaves[0]!) as Uint8Array;
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return nodeHash(hash, rootOf(leaves.slice(0, k)), rootOf(leaves.slice(k))) as Uint8Array;
}

const leavesOf = (count: number, salt = '') => Array.from({ length: count }, (_, at) => Buffer.from(`${salt}${at}`));
const proofOf = (leaves: readonly Uint8Array[], ranges: readonly Range[]) =>
  ranges.map(({ from, to }) => rootOf(leaves.slice(from, to)));

/** The leaves and roots of the test data of Certificate Transparency (RFC 6962), which every log computes alike. */
const known: [leaf: string, root: string][] = [
  ['', '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d'],
  ['00', 'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125'],
  ['10', 'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77'],
  ['2021', 'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7'],
  ['3031', '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4'],
  ['40414243', '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef'],
  ['5051525354555657', 'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c'],
  ['606162636465666768696a6b6c6d6e6f', '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328'],
];

describe('默克尔树', () => {
  it('空树与公开的测试数据：根一字不差', async () => {
    expect(hex(await joinSubtrees(hash, []))).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    const leaves = known.map(([leaf]) => Buffer.from(leaf, 'hex'));
    for (const [at, [, root]] of known.entries()) {
      const some = leaves.slice(0, at + 1);
      const roots = completeSubtrees({ from: 0, to: some.length }).map(({ level, index }) =>
        rootOf(some.slice(index * 2 ** level, (index + 1) * 2 ** level)),
      );
      expect(hex(await joinSubtrees(hash, roots))).toBe(root);
    }
  });

  it('每一棵小树对每一棵更大的树：前后相接的证明成立', async () => {
    const leaves = leavesOf(33);
    for (let second = 0; second <= leaves.length; second += 1)
      for (let first = 0; first <= second; first += 1) {
        const proof = proofOf(leaves, consistencyRanges(first, second));
        const trees = [first, second].map((size) => ({ size, root: rootOf(leaves.slice(0, size)) }));
        expect(await isConsistent(hash, trees[0]!, trees[1]!, proof), `${first} → ${second}`).toBe(true);
      }
  });

  it('历史被改写、证明被改动、大小不实：证明不成立', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 80 }), fc.nat(80), fc.nat(), async (first, more, draw) => {
        const second = first + more + 1;
        const [leaves, rewritten] = [leavesOf(second), leavesOf(second)];
        rewritten[draw % first] = Buffer.from('改写');
        const before = { size: first, root: rootOf(leaves.slice(0, first)) };
        const after = { size: second, root: rootOf(rewritten) };
        const ranges = consistencyRanges(first, second);
        expect(await isConsistent(hash, before, after, proofOf(rewritten, ranges))).toBe(false);
        expect(await isConsistent(hash, before, after, proofOf(leaves, ranges))).toBe(false);

        const honest = { size: second, root: rootOf(leaves) };
        const proof = proofOf(leaves, ranges);
        expect(await isConsistent(hash, before, honest, proof)).toBe(true);
        expect(await isConsistent(hash, before, honest, [...proof, hash()])).toBe(false);
        expect(await isConsistent(hash, before, honest, proof.slice(1))).toBe(false);
        const at = draw % proof.length;
        expect(await isConsistent(hash, before, honest, proof.with(at, hash(proof[at]!)))).toBe(false);
        expect(await isConsistent(hash, honest, before, proof)).toBe(false);
      }),
      { numRuns: 150 },
    );
  });

  it('在树中的证明：对自己的位置成立，对别的位置、别的叶、别的大小不成立', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: 70 }), fc.nat(), fc.nat(), async (size, draw, other) => {
        const leaves = leavesOf(size);
        const index = draw % size;
        const tree = { size, root: rootOf(leaves) };
        const leaf = { index, hash: leafHash(hash, leaves[index]!) as Uint8Array };
        const proof = proofOf(leaves, inclusionRanges(index, size));
        expect(await isIncluded(hash, leaf, tree, proof)).toBe(true);
        const elsewhere = (index + 1 + (other % (size - 1))) % size;
        expect(await isIncluded(hash, { ...leaf, index: elsewhere }, tree, proof)).toBe(false);
        expect(await isIncluded(hash, { ...leaf, hash: hash(leaf.hash) }, tree, proof)).toBe(false);
        expect(await isIncluded(hash, { ...leaf, index: size }, tree, proof)).toBe(false);
        expect(await isIncluded(hash, leaf, tree, [...proof, hash()])).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  it('浏览器里的异步哈希得出同样的结论', async () => {
    const later: Hash = async (...parts) => new Uint8Array(await crypto.subtle.digest('SHA-256', Buffer.concat(parts)));
    const leaves = leavesOf(21);
    const proof = proofOf(leaves, consistencyRanges(13, 21));
    const trees = [13, 21].map((size) => ({ size, root: rootOf(leaves.slice(0, size)) }));
    expect(await isConsistent(later, trees[0]!, trees[1]!, proof)).toBe(true);
  });
});
