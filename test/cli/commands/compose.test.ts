import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { lienthong } from "../running.ts";

const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "compose-"));
  await writeFile(join(folder, "a.graphql"), `${LINK}\ntype Query { a: String, b: Int }\n`);
  await writeFile(join(folder, "b.graphql"), `${LINK}\ntype Query {\n  c: String\n  b: Int\n}\n`);
  await writeFile(join(folder, "c.graphql"), `${LINK}\ntype Query { c: String }\n`);
});
afterAll(() => rm(folder, { recursive: true }));

test("composes files to standard output, or into a file, with the URLs given", async () => {
  const args = ["compose", "a=a.graphql", "c=c.graphql", "--url", "a=http://a.example/graphql"];
  const printed = await lienthong(args, { cwd: folder });
  expect([printed.code, printed.err]).toEqual([0, ""]);
  expect(printed.out).toContain('A @join__graph(name: "a", url: "http://a.example/graphql")');
  const written = await lienthong([...args, "--output", "s.graphql", "--json"], { cwd: folder });
  expect(written.json()).toEqual({ ok: true, output: "s.graphql", faults: [] });
  expect(await readFile(join(folder, "s.graphql"), "utf8")).toBe(printed.out);
});

test("what does not compose fails, with file, line and what to change", async () => {
  const failed = await lienthong(["compose", "a=a.graphql", "b=b.graphql"], { cwd: folder });
  expect(failed.code).toBe(1);
  expect(failed.out).toMatch(
    /^a\.graphql:2:\d+: .*"Query\.b".*\n {2}Another subgraph has this field already/m,
  );
  const machine = await lienthong(["compose", "a=a.graphql", "b=b.graphql", "--json"], { cwd: folder });
  expect(machine.code).toBe(1);
  expect(machine.json()).toMatchObject({
    ok: false,
    faults: [
      {
        code: "INVALID_FIELD_SHARING",
        places: [
          { file: "a.graphql", line: 2 },
          { file: "b.graphql", line: 4 },
        ],
      },
    ],
  });
});

test("remedies are told in the terminal's language", async () => {
  const env = { LANG: "vi_VN.UTF-8" };
  const { out } = await lienthong(["compose", "a=a.graphql", "b=b.graphql"], { cwd: folder, env });
  expect(out).toContain("Dịch vụ khác đã có trường này");
});

test.each([
  [["compose"], 2, "give at least one"],
  [["compose", "a.graphql"], 2, '"a.graphql" is not NAME=FILE'],
  [["compose", "a=a.graphql", "a=c.graphql"], 2, '"a" is given twice'],
  [["compose", "a=a.graphql", "--url", "a=ftp://x"], 2, "names no http or https URL"],
  [["compose", "a=a.graphql", "--url", "b=http://x"], 1, '--url names "b", of which no file is given'],
  [["compose", "a=missing.graphql"], 1, "cannot read missing.graphql"],
])("%j ends with %i", async (args, code, words) => {
  const ran = await lienthong(args, { cwd: folder });
  expect([ran.code, ran.out]).toEqual([code, ""]);
  expect(ran.err).toContain(words);
});
