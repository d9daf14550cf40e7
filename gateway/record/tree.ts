/**
 * Merkle trees over the hashes of entries (RFC 9162, section 2.1): whoever has the root that a gateway signed, and a few
 * hashes, knows that an entry is in the record, without seeing any other.
 */
import { createHash } from "node:crypto";

/** Section 2.1.1. @param leaves at least one */
export function rootOf(leaves: readonly Buffer[]): Buffer {
  const [only] = leaves;
  if (only === undefined) throw new Error("a tree has at least one leaf");
  if (leaves.length === 1) return hashLeaf(only);
  const split = splitOf(leaves.length);
  return hashNode(rootOf(leaves.slice(0, split)), rootOf(leaves.slice(split)));
}

/** What the root is made of beside the leaf, from the leaf upwards (section 2.1.3.1). */
export function pathTo(leaves: readonly Buffer[], index: number): readonly Buffer[] {
  if (leaves.length <= 1) return [];
  const split = splitOf(leaves.length);
  const [left, right] = [leaves.slice(0, split), leaves.slice(split)];
  return index < split
    ? [...pathTo(left, index), rootOf(right)]
    : [...pathTo(right, index - split), rootOf(left)];
}

/** The root that a leaf and its path lead to; undefined where the path is not one of such a tree (section 2.1.3.2). */
export function rootBy(
  leaf: Buffer,
  path: readonly Buffer[],
  { index, size }: { readonly index: number; readonly size: number },
): Buffer | undefined {
  if (index < 0 || index >= size) return undefined;
  if (size === 1) return path.length === 0 ? hashLeaf(leaf) : undefined;
  const split = splitOf(size);
  const beside = path.at(-1);
  const below = path.slice(0, -1);
  const inner =
    index < split
      ? rootBy(leaf, below, { index, size: split })
      : rootBy(leaf, below, { index: index - split, size: size - split });
  if (beside === undefined || inner === undefined) return undefined;
  return index < split ? hashNode(inner, beside) : hashNode(beside, inner);
}

/** The largest power of two that is less. */
function splitOf(size: number): number {
  return 2 ** Math.floor(Math.log2(size - 1));
}

function hashLeaf(leaf: Buffer): Buffer {
  return createHash("sha256").update(Uint8Array.of(0)).update(leaf).digest();
}

function hashNode(left: Buffer, right: Buffer): Buffer {
  return createHash("sha256").update(Uint8Array.of(1)).update(left).update(right).digest();
}
