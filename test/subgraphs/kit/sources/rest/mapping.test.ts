import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { StartError } from "../../../../../process/lifecycle.ts";
import { readRestMapping } from "../../../../../subgraphs/kit/sources/rest/mapping.ts";
import { LEGACY_MAPPING } from "../../../../setup/legacy.ts";

const ENV = { LEGACY_URL: "http://127.0.0.1:9", LEGACY_KEY: "bi-mat" };
let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "lienthong-mapping-"));
});
afterAll(() => rm(directory, { recursive: true }));

async function faultOf(change: (mapping: Record<string, never>) => void, env: object = ENV): Promise<string> {
  const mapping = structuredClone(LEGACY_MAPPING) as unknown as Record<string, never>;
  change(mapping);
  const file = join(directory, "mapping.json");
  await writeFile(file, JSON.stringify(mapping));
  const fault = thrownBy(() => readRestMapping(file, env as Record<string, string>));
  expect(fault).toBeInstanceOf(StartError);
  expect(fault.message).toContain(file);
  return fault.message;
}

function thrownBy(work: () => unknown): Error {
  try {
    work();
  } catch (error) {
    return error as Error;
  }
  throw new Error("nothing was thrown");
}

/** Sets what stands at a path; undefined takes it away. */
function set(path: string, value?: unknown): (mapping: Record<string, never>) => void {
  return (mapping) => {
    const keys = path.split(".");
    const last = keys.pop() ?? "";
    let at: Record<string, unknown> = mapping;
    for (const key of keys) at = at[key] as Record<string, unknown>;
    if (value === undefined) Reflect.deleteProperty(at, last);
    else at[last] = value;
  };
}

test("a mapping is read with the environment's addresses and keys in place", async () => {
  const file = join(directory, "good.json");
  await writeFile(file, JSON.stringify(LEGACY_MAPPING));
  const mapping = readRestMapping(file, ENV);
  expect(mapping).toMatchObject({
    baseUrl: "http://127.0.0.1:9/api",
    headers: { "x-khoa": "bi-mat" },
    procedures: { cacheSeconds: 0 },
  });
  expect(mapping.dates.text).toBe("dd/MM/yyyy HH:mm:ss");
});

test.each([
  ["cases.fields.dueAt", undefined, /cases\.fields\.dueAt: a path such as/],
  ["cases.fields.hanTra", "ngay_hen", /cases\.fields: Unrecognized key: "hanTra"/],
  ["cases.states.xong", "DONE", /cases\.states\.xong: Invalid option/],
  ["dates", "yyyy-MM", /dates: a pattern has yyyy, MM and dd/],
  [
    "cases.byCodes.path",
    "/tra-cuu?so={ma}",
    /cases\.byCodes\.path: \{ma\} is not known here; known: \{dossierCode\}/,
  ],
  [
    "changes.advanceCase.body.x",
    "{documents} {nothing}",
    /changes\.advanceCase\.body: \{nothing\} is not known here/,
  ],
  ["changes.closeCase", {}, /changes/],
  ["outcome.codes", { 1: "missing" }, /outcome: at least one code must mean "ok"/],
  ["baseUrl", "ftp://example.vn", /baseUrl: a URL such as/],
  ["baseUrl", "${NOWHERE}", /baseUrl: the environment has no NOWHERE/],
  ["timeoutMs", 5, /timeoutMs: /],
])("%s = %j is a fault told with its place", async (path, value, told) => {
  expect(await faultOf(set(path, value))).toMatch(told);
});

test("all faults are told together", async () => {
  const fault = await faultOf((mapping) => {
    set("system", "")(mapping);
    set("parallel", 0)(mapping);
  });
  expect(fault).toMatch(/has 2 faults:\n {2}system: .*\n {2}parallel: /);
});

test("a file that is not there, or is not JSON, is one clear line", async () => {
  expect(() => readRestMapping(join(directory, "none.json"), ENV)).toThrow(
    /none\.json cannot be read: ENOENT/,
  );
  await writeFile(join(directory, "broken.json"), "{");
  expect(() => readRestMapping(join(directory, "broken.json"), ENV)).toThrow(
    /broken\.json cannot be read: .*JSON/,
  );
});
