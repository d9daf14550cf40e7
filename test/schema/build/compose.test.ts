import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { compose } from "../../../schema/build/compose.ts";
import { headerOf, readSources, SCHEMA_DIRECTORY } from "../../../schema/build/sources.ts";

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "lienthong-schema-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const { length } = SCHEMA_DIRECTORY;
  await cp(SCHEMA_DIRECTORY, directory, {
    recursive: true,
    filter: (path) => path.length <= length || path.endsWith(".graphql"),
  });
});

async function replace(file: string, before: string, after: string): Promise<void> {
  const text = await readFile(join(directory, file), "utf8");
  expect(text).toContain(before);
  await writeFile(join(directory, file), text.replace(before, after));
}

interface Run {
  readonly code: number;
  readonly stderr: string;
}

function run(...flags: string[]): Promise<Run> {
  const program = fileURLToPath(new URL("../../../schema/build/compose.ts", import.meta.url));
  return new Promise((resolve) => {
    execFile(process.execPath, [program, ...flags], (error, _stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stderr }),
    );
  });
}

test("the committed supergraph is the one of the committed SDL", async () => {
  const committed = await readFile(join(SCHEMA_DIRECTORY, "supergraph.graphql"), "utf8");
  expect(compose(await readSources(SCHEMA_DIRECTORY)) === committed, "run npm run compose and commit").toBe(
    true,
  );
});

test("addresses are taken over, and change the header as the SDL does", async () => {
  const urls = { tax: "http://127.0.0.1:9/graphql" };
  const [plain, moved] = await Promise.all([readSources(directory), readSources(directory, urls)]);
  expect(compose(moved)).toContain(`TAX @join__graph(name: "tax", url: "http://127.0.0.1:9/graphql")`);
  expect(headerOf(moved)).not.toBe(headerOf(plain));
  await replace("tax.graphql", "type Taxpayer", "# a remark\ntype Taxpayer");
  expect(headerOf(await readSources(directory))).not.toBe(headerOf(plain));
});

test("broken syntax in several files is told with every file and line", async () => {
  await replace("tax.graphql", "type Taxpayer", "type type Taxpayer");
  await replace("police.graphql", "type Query {", "type Query {{");
  const sources = await readSources(directory);
  expect(() => compose(sources)).toThrow(/police\.graphql:\d+:\d+: Syntax Error/);
  expect(() => compose(sources)).toThrow(/tax\.graphql:\d+:\d+: Syntax Error/);
});

test("what does not compose is told with file, line and reason", async () => {
  await replace("tax.graphql", ": Taxpayer", ": Taxpeyer");
  const sources = await readSources(directory);
  expect(() => compose(sources)).toThrow(/tax\.graphql:\d+:\d+: Unknown type Taxpeyer/);
});

test("a missing file is named", async () => {
  await rm(join(directory, "police.graphql"));
  await expect(readSources(directory)).rejects.toThrow(/the SDL of police cannot be read/);
});

test("the program writes, checks, and fails in one clear line without a stack", async () => {
  const output = join(directory, "out.graphql");
  expect(await run("--schema", directory, "--output", output)).toEqual({ code: 0, stderr: "" });
  expect(await run("--schema", directory, "--output", output, "--check")).toEqual({ code: 0, stderr: "" });

  await replace("tax.graphql", "type Taxpayer", "# a remark\ntype Taxpayer");
  const drift = await run("--schema", directory, "--output", output, "--check");
  expect(drift.code).toBe(1);
  expect(drift.stderr).toMatch(/^error: .*does not match the SDL\n {2}Run npm run compose and commit\.\n$/);

  await replace("tax.graphql", "type Taxpayer", "type type Taxpayer");
  const broken = await run("--schema", directory, "--output", output);
  expect(broken.code).toBe(1);
  expect(broken.stderr).toMatch(
    /^error: the supergraph cannot be composed:\n {2}.*tax\.graphql:\d+:\d+: Syntax Error/,
  );
  expect(broken.stderr).not.toMatch(/\n\s+at /);
});
