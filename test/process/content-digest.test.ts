import { expect, test } from "vitest";
import { contentDigest, isDigestOf } from "../../process/content-digest.ts";

// RFC 9530, appendix B.1: the body ends with a line feed.
const BODY = '{"hello": "world"}\n';
const DIGEST = "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:";

test("the digest of RFC 9530's example", () => {
  expect(contentDigest(BODY)).toBe(DIGEST);
  expect(isDigestOf(DIGEST, Buffer.from(BODY))).toBe(true);
});

test("digests by other algorithms are passed over, and other spaces are no other digest", () => {
  expect(isDigestOf(`sha-512=:AAAA:,  ${DIGEST}`, BODY)).toBe(true);
});

test.each([
  ["of another body", contentDigest("other")],
  ["by another algorithm only", "sha-512=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:"],
  ["not a byte sequence", "sha-256=RK"],
  ["not a dictionary", "::"],
  ["empty", ""],
])("no digest of the body: %s", (_what, header) => {
  expect(isDigestOf(header, BODY)).toBe(false);
});
