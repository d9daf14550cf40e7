import { expect, test } from "vitest";
import { preferredLanguage } from "../../gateway/language.ts";

test.each([
  [undefined, "en"],
  ["", "en"],
  ["vi", "vi"],
  ["vi-VN", "vi"],
  ["VI", "vi"],
  ["en-GB,en;q=0.9,vi;q=0.8", "en"],
  ["fr, vi;q=0.5, en;q=0.4", "vi"],
  ["vi;q=0.3,en;q=0.7", "en"],
  ["fr", "en"],
  ["vi;q=0", "en"],
  ["vi;q=abc", "vi"],
  [";;,,=", "en"],
])("%j: %s", (header, language) => {
  expect(preferredLanguage(header)).toBe(language);
});
