import { expect, test } from "vitest";
import { Names, reversedSpelling } from "../../conformance/codes.ts";
import directory from "../../schema/members.json" with { type: "json" };
import { parseAgencyCode, parseDossierCode } from "../../subgraphs/kit/identifiers.ts";

test.each(directory.members.map(({ key, aliases }) => [key, aliases[0]] as const))(
  "the other spelling of %s is that of the members' file",
  (key, alias) => {
    expect(reversedSpelling(key)).toBe(alias);
    expect(parseAgencyCode(alias ?? key)).toBe(key);
  },
);

test("dossier codes and keys are well formed, and never the same", () => {
  const names = [new Names("H56.14"), new Names("H56.14")];
  const dossiers = names.flatMap((each) => Array.from({ length: 100 }, () => each.dossier()));
  for (const code of dossiers) expect(parseDossierCode(code)).toBe(code);
  expect(new Set(dossiers.slice(0, 100)).size).toBe(100);
  const keys = names.flatMap((each) => Array.from({ length: 100 }, () => each.idempotencyKey()));
  for (const key of keys) expect(key).toMatch(/^[A-Za-z0-9_.:-]{8,128}$/);
  expect(new Set(keys).size).toBe(200);
});
