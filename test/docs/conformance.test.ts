/**
 * docs/conformance.md lists exactly the checks that there are (`npx vitest run test/docs -u` writes its table anew).
 */
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { CHECKS } from "../../conformance/checks.ts";

const PAGE = "../../docs/conformance.md";

test("docs/conformance.md lists every check", async () => {
  const page = await readFile(new URL(PAGE, import.meta.url), "utf8");
  const [before, rest = ""] = page.split("<!-- checks -->\n");
  const [, after] = rest.split("<!-- end -->");
  await expect(`${before}<!-- checks -->\n${table()}\n<!-- end -->${after}`).toMatchFileSnapshot(PAGE);
});

test("every check has a name of its own", () => {
  expect(new Set(CHECKS.map(({ id }) => id)).size).toBe(CHECKS.length);
});

function table(): string {
  const rows = CHECKS.map(
    ({ id, wants, reference, writes }) =>
      `| \`${id}\` | ${cell(wants)} | ${cell(reference)} | ${writes ? "writes" : ""} |`,
  );
  return ["| check | wanted | where it says so | |", "|---|---|---|---|", ...rows].join("\n");
}

function cell(text: string): string {
  return text
    .replaceAll("|", "\\|")
    .replaceAll("__proto__", "`__proto__`")
    .replaceAll("__typename", "`__typename`");
}
