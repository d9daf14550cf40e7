import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  ensureSigningKeys,
  newSigningKey,
  publicSigningKeys,
  readSigningKeys,
  writeSigningKeys,
} from "../../../gateway/trust/signing-keys.ts";

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "keys-"));
});
afterAll(() => rm(directory, { recursive: true }));

test("the file is made once, for its owner only, however many make it at the same time", async () => {
  const file = join(directory, "made", "gateway.key");
  const made = await Promise.all([1, 2, 3, 4].map(() => ensureSigningKeys(file)));
  expect(made.filter(Boolean)).toHaveLength(1);
  expect(await readSigningKeys(file)).toHaveLength(1);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readdir(join(directory, "made"))).toEqual(["gateway.key"]);
});

test("keys are written whole, and their public halves tell nothing private", async () => {
  const file = join(directory, "two.key");
  const keys = [await newSigningKey(), await newSigningKey()] as const;
  await writeSigningKeys(file, [...keys]);
  expect(await readSigningKeys(file)).toEqual(keys);
  expect(publicSigningKeys([...keys]).keys.map(({ kid }) => kid)).toEqual(keys.map(({ kid }) => kid));
  expect(JSON.stringify(publicSigningKeys([...keys]))).not.toContain(keys[0].d);
});

test.each([
  ["missing", undefined, "ENOENT"],
  ["empty", { keys: [] }, "must have at least one"],
  ["of public keys", { keys: [{ kty: "OKP", crv: "Ed25519", x: "x", kid: "k" }] }, "d"],
  ["not a key", { keys: [{ kty: "OKP", crv: "Ed25519", x: "x", d: "d", kid: "k" }] }, "JWK"],
  ["with a kid that would break out of a signature", "quote", "must be letters"],
  ["with a key twice", "twice", "two keys have one kid"],
])("a file that is %s", async (_what, given, fault) => {
  const file = join(directory, "faulty.key");
  const key = await newSigningKey();
  const content =
    given === "quote"
      ? { keys: [{ ...key, kid: 'k";x="' }] }
      : given === "twice"
        ? { keys: [key, key] }
        : given;
  await rm(file, { force: true });
  if (content !== undefined) await writeFile(file, JSON.stringify(content));
  await expect(readSigningKeys(file)).rejects.toThrow(fault);
});
