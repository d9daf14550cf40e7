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

test("rates, roles, proxies and who may learn the schema, from options and from the file", async () => {
  const rates = ["--rate-address=50/60", "--rate-roles=clerk=7/1", "--rate-roles=a=b=8/2"];
  const others = ["--trusted-proxies=10.0.0.0/8", "--introspection=known"];
  const set = {
    rateAddress: { units: 50, seconds: 60 },
    rateRoles: new Map([
      ["clerk", { units: 7, seconds: 1 }],
      ["a=b", { units: 8, seconds: 2 }],
    ]),
    trustedProxies: ["10.0.0.0/8"],
    introspection: "known",
  };
  expect(readLimits(readOptions(PROGRAM, [...rates, ...others], {}))).toEqual({ ...DEFAULT_LIMITS, ...set });
  const limits = await fileOf({
    rateAddress: "50/60",
    rateRoles: { clerk: "7/1", "a=b": "8/2" },
    trustedProxies: ["10.0.0.0/8"],
    introspection: "known",
  });
  expect(readLimits({ limits })).toEqual({ ...DEFAULT_LIMITS, ...set });
});

test.each(["0/60", "5/0", "-5/60", "5", "5/60/60", "1e9/60"])("a rate is not %s", async (rate) => {
  expect(() => readOptions(PROGRAM, [`--rate-address=${rate}`], {})).toThrow("is not UNITS/SECONDS");
  const limits = await fileOf({ rateClient: rate });
  expect(() => readLimits({ limits })).toThrow(/rateClient: .* is not UNITS\/SECONDS/);
});
