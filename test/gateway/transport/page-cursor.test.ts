import { createHash } from "node:crypto";
import { deflateRawSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeCursor, encodeCursor } from "../../../gateway/transport/page-cursor.ts";

const positions = fc.array(fc.tuple(fc.string(), fc.string())).map((pairs) => new Map(pairs));

test("comes back as it was, for its own list only", () => {
  fc.assert(
    fc.property(positions, (given) => {
      const cursor = encodeCursor("a.b", given);
      expect(cursor).toMatch(/^[\w-]+$/);
      expect(decodeCursor("a.b", cursor)).toEqual(given);
      expect(decodeCursor("a.c", cursor)).toBeUndefined();
    }),
  );
});

test("is refused with any character changed, added or taken away", () => {
  const cursor = encodeCursor(
    "a.b",
    new Map([
      ["M1", "WyIxIl0"],
      ["M2", "x"],
    ]),
  );
  const changed = Array.from(cursor).flatMap((_, at) =>
    ["A", "_", "", "AA", "="].map((other) => cursor.slice(0, at) + other + cursor.slice(at + 1)),
  );
  expect(changed.filter((text) => text !== cursor && decodeCursor("a.b", text) !== undefined)).toEqual([]);
});

function forged(text: string): string {
  const packed = deflateRawSync(text);
  const check = createHash("sha256").update("a.b\n").update(packed).digest().subarray(0, 6);
  return Buffer.concat([check, packed]).toString("base64url");
}

test.each([
  ["not JSON", forged("[")],
  ["no list", forged("{}")],
  ["half a pair", forged('["M1"]')],
  ["no texts", forged('["M1", 1]')],
  ["larger than any", forged(JSON.stringify(["M1", "x".repeat(2_000_000)]))],
  ["no text", 7],
  ["too long", "A".repeat(300_000)],
])("%s, though the check is right: refused", (_name, cursor) => {
  expect(decodeCursor("a.b", cursor)).toBeUndefined();
});
