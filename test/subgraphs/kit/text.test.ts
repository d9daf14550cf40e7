import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseText } from "../../../subgraphs/kit/text.ts";

test("a text is trimmed and composed", () => {
  expect(parseText("  Nguyễn Văn An\n".normalize("NFD"), "name")).toBe("Nguyễn Văn An".normalize("NFC"));
  expect(parseText("one line\n\tand another\r\n", "note")).toBe("one line\n\tand another");
});

test("its length is bounded, in the form in which it is kept", () => {
  expect(parseText("á".normalize("NFD").repeat(5), "name", 5)).toHaveLength(5);
  expect(() => parseText("á".repeat(6), "name", 5)).toThrow("allowed: 1 to 5 characters");
  expect(() => parseText("x".repeat(501), "note")).toThrow(`note: "${"x".repeat(60)}…" is not allowed`);
});

describe("what PostgreSQL cannot store is refused", () => {
  test.each(["", "  \n ", "a\u0000b", "a\u0007b", "a\u001Bb", "a\uD800b", "\uDC00"])("%j", (text) => {
    expect(() => parseText(text, "note")).toThrow(/no control characters/);
  });

  test("and what is accepted survives JSON and UTF-8", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", minLength: 1, maxLength: 100 }), (text) => {
        fc.pre(text.trim() !== "" && !/\p{Cc}/u.test(text));
        const kept = parseText(text, "note");
        expect(Buffer.from(JSON.parse(JSON.stringify(kept)) as string).toString()).toBe(kept);
      }),
    );
  });
});
