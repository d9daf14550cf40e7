import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DEFAULT_LIMITS, LIMIT_OPTIONS, readLimits } from "../../../gateway/limits/limits.ts";
import { readOptions } from "../../../process/options.ts";

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "limits-"));
});
afterAll(() => rm(directory, { recursive: true }));

const PROGRAM = { name: "test", summary: "", options: LIMIT_OPTIONS };

async function fileOf(content: unknown): Promise<string> {
  const file = join(directory, "limits.json");
  await writeFile(file, typeof content === "string" ? content : JSON.stringify(content));
  return file;
}

test("defaults, where nothing is set", () => {
  expect(readLimits(readOptions(PROGRAM, [], {}))).toEqual(DEFAULT_LIMITS);
});

test("flags count for more than the environment, and that for more than the file", async () => {
  const file = await fileOf({ maxDepth: 5, maxAliases: 6, maxFields: 7 });
  const options = readOptions(PROGRAM, ["--limits", file, "--max-depth", "9"], {
    MAX_DEPTH: "8",
    MAX_ALIASES: "10",
  });
  expect(readLimits(options)).toEqual({ ...DEFAULT_LIMITS, maxDepth: 9, maxAliases: 10, maxFields: 7 });
});

test("faulty flags are told together", () => {
  expect(() => readOptions(PROGRAM, ["--max-depth", "0", "--max-tokens", "many"], {})).toThrow(
    /--max-tokens: must be a whole number.*--max-depth: must be a whole number/s,
  );
});

test.each([
  ['{"maxDepth":0,"maxFields":"x"}', /limits\.json: maxDepth: must be .*; maxFields: must be /],
  ['{"maxWidth":3}', /maxWidth/],
  ["[]", /limits\.json: limits: /],
  ["{", /limits\.json: .*JSON/],
])("a faulty file is told: %s", async (content, message) => {
  const limits = await fileOf(content);
  expect(() => readLimits({ limits })).toThrow(message);
});
