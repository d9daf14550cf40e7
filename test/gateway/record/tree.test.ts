import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { pathTo, rootBy, rootOf } from "../../../gateway/record/tree.ts";

const sha = (...parts: readonly Uint8Array[]) => createHash("sha256").update(Buffer.concat(parts)).digest();
const leaf = (data: Buffer) => sha(Uint8Array.of(0), data);
const node = (left: Buffer, right: Buffer) => sha(Uint8Array.of(1), left, right);
const leaves = (count: number) => Array.from({ length: count }, (_, index) => Buffer.from([index]));

test("the root is that of RFC 9162, section 2.1.5", () => {
  const [a, b, c, d, e, f, g] = leaves(7).map(leaf) as [
    Buffer,
    Buffer,
    Buffer,
    Buffer,
    Buffer,
    Buffer,
    Buffer,
  ];
  const root = node(node(node(a, b), node(c, d)), node(node(e, f), g));
  expect(rootOf(leaves(7))).toEqual(root);
  expect(pathTo(leaves(7), 0)).toEqual([b, node(c, d), node(node(e, f), g)]);
  expect(pathTo(leaves(7), 6)).toEqual([node(e, f), node(node(a, b), node(c, d))]);
});

test("every leaf's path leads to the root, and no other leaf's, nor from another place", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), fc.nat(), fc.nat(), (size, one, two) => {
      const all = leaves(size);
      const [index, other] = [one % size, two % size];
      const path = pathTo(all, index);
      const root = rootOf(all);
      expect(rootBy(all[index]!, path, { index, size })).toEqual(root);
      if (other === index) return;
      expect(rootBy(all[other]!, path, { index, size })).not.toEqual(root);
      expect(rootBy(all[index]!, path, { index: other, size })).not.toEqual(root);
    }),
  );
});

test("a path that is too long, too short, or of no leaf leads nowhere", () => {
  const path = pathTo(leaves(5), 2);
  const at = { index: 2, size: 5 };
  expect(rootBy(Buffer.from([2]), [...path, Buffer.alloc(32)], at)).not.toEqual(rootOf(leaves(5)));
  expect(rootBy(Buffer.from([2]), path.slice(1), at)).toBeUndefined();
  expect(rootBy(Buffer.from([2]), path, { index: 5, size: 5 })).toBeUndefined();
  expect(rootBy(Buffer.from([0]), [], { index: 0, size: 1 })).toEqual(rootOf(leaves(1)));
});
