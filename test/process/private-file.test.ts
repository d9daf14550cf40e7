import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createPrivateFile, replacePrivateFile } from "../../process/private-file.ts";

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "private-"));
});
afterAll(() => rm(directory, { recursive: true }));

test("of many that make it at once one does, and nothing else is left", async () => {
  const file = join(directory, "keys", "a.key");
  const texts = Array.from({ length: 20 }, (_, index) => `key ${index}`);
  const made = await Promise.all(texts.map((text) => createPrivateFile(file, text)));
  expect(made.filter(Boolean)).toHaveLength(1);
  expect(await readFile(file, "utf8")).toBe(texts[made.indexOf(true)]);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readdir(join(directory, "keys"))).toEqual(["a.key"]);
});

test("it is replaced as a whole, and stays its owner's", async () => {
  const file = join(directory, "b.key");
  await createPrivateFile(file, "old");
  await replacePrivateFile(file, "new");
  expect([await readFile(file, "utf8"), (await stat(file)).mode & 0o777]).toEqual(["new", 0o600]);
});
