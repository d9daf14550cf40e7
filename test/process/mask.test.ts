import { array, assert, constantFrom, integer, property, string } from "fast-check";
import { describe, expect, test } from "vitest";
import { maskText } from "../../process/mask.ts";

/** As the documents say it, in the plainest way. */
function plainMask(text: string, keep: number): string {
  const letters = Array.from(
    new Intl.Segmenter("vi").segment(text.normalize("NFC").trim()),
    ({ segment }) => segment,
  );
  const whole = letters.join("");
  const masked = `${letters.slice(0, keep).join("")}***`;
  if (whole === "***" || (whole === masked && letters.length === keep + 3)) return whole;
  return keep > 0 && letters.length >= 2 * keep ? masked : "***";
}

/** Letters with marks in both spellings, surrogate pairs, several code points that are one letter, and halves of pairs. */
const letters = constantFrom(
  ...Array.from("aZ09 *'\"\\\t"),
  "ễ",
  "e\u0302\u0303",
  "ộ",
  "o\u0323\u0302",
  "đ",
  "\u{2070E}",
  "👨‍👩‍👧",
  "🇻🇳",
  "\r\n",
  "\uD83D",
);
const texts = array(letters, { maxLength: 14 }).map((all) => all.join(""));
const keeps = integer({ min: 0, max: 6 });

describe("maskText", () => {
  test.each([
    ["Nguyễn Văn An", 3, "Ngu***"],
    ["Ễ Văn", 1, "Ễ***"],
    ["012345678901", 3, "012***"],
    ["An", 3, "***"],
    ["Văn An", 3, "Văn***"],
    ["Văn A", 3, "***"],
    ["Nguyễn", 0, "***"],
    ["", 3, "***"],
    ["  Nguyễn  ", 3, "Ngu***"],
  ])("%j, %d kept: %j", (text, keep, masked) => {
    expect(maskText(text, keep)).toBe(masked);
  });

  test("a letter keeps its marks, in whichever spelling it came", () => {
    expect(maskText("Ễ\u0301ch ộp".normalize("NFD"), 1)).toBe(maskText("Ễ\u0301ch ộp", 1));
    assert(
      property(texts, keeps, (text, keep) => {
        expect(maskText(text.normalize("NFD"), keep)).toBe(maskText(text, keep));
      }),
    );
  });

  test("as the plain reference", () => {
    assert(
      property(texts, keeps, (text, keep) => {
        expect(maskText(text, keep)).toBe(plainMask(text, keep));
      }),
      { numRuns: 500 },
    );
  });

  test("what is masked already stays as it is", () => {
    assert(
      property(texts, keeps, (text, keep) => {
        const once = maskText(text, keep);
        expect(maskText(once, keep)).toBe(once);
      }),
    );
  });

  test("nothing tells how long a text is, nor what stands behind its beginning", () => {
    const words = string({ unit: constantFrom(...Array.from("abcđễ 19")), minLength: 6, maxLength: 40 });
    assert(
      property(words, words, keeps, (one, other, keep) => {
        const start = "Nguyễn";
        expect(maskText(start + one, keep > 5 ? 5 : keep)).toBe(maskText(start + other, keep > 5 ? 5 : keep));
      }),
    );
  });
});
