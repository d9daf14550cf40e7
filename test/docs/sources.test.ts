/** docs/sources.md: the mappings in it are such as the programs read. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readPostgresMapping } from "../../subgraphs/kit/sources/postgres/mapping.ts";
import { readRestMapping } from "../../subgraphs/kit/sources/rest/mapping.ts";

test("both mappings are without fault", async () => {
  const page = await readFile(new URL("../../docs/sources.md", import.meta.url), "utf8");
  const directory = await mkdtemp(join(tmpdir(), "lienthong-mapping-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  const file = async (kind: string): Promise<string> => {
    const path = join(directory, `${kind}.json`);
    await writeFile(path, page.split(`<!-- ${kind} -->\n\`\`\`json\n`)[1]?.split("\n```")[0] ?? "");
    return path;
  };
  const rest = readRestMapping(await file("rest"), { WATER_URL: "https://nuoc.example.vn", WATER_KEY: "k" });
  expect(rest.cases.byCodes.batch).toBe(50);
  expect(rest.headers).toEqual({ "x-api-key": "k" });
  expect(Object.keys(readPostgresMapping(await file("postgres")).changes)).toEqual(["advanceCase"]);
});
