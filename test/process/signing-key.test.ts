import { createPublicKey, sign, verify } from "node:crypto";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createSigningKeyFile, readPublicKey, readSigningKey } from "../../process/signing-key.ts";

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "signing-key-"));
});
afterAll(() => rm(directory, { recursive: true }));

test("a key is made for its owner only, signs, and is told by its public half", async () => {
  const file = join(directory, "keys", "a.json");
  const made = await createSigningKeyFile(file);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readPublicKey(file)).toEqual(made);
  expect(Object.keys(made)).not.toContain("d");
  const { keyId, key } = await readSigningKey(file);
  expect(keyId).toBe(made.kid);
  const text = Buffer.from("text");
  const { kty, crv, x } = made;
  const publicKey = createPublicKey({ key: { kty, crv, x }, format: "jwk" });
  expect(verify(null, text, publicKey, sign(null, text, key))).toBe(true);
});

test("a file that is there is never replaced", async () => {
  const file = join(directory, "b.json");
  await createSigningKeyFile(file);
  const before = await readFile(file, "utf8");
  await expect(createSigningKeyFile(file)).rejects.toThrow("is there already");
  expect(await readFile(file, "utf8")).toBe(before);
});

test("a public half signs nothing, and what is no key is told with its faults", async () => {
  const file = join(directory, "c.json");
  const { kty, x, kid } = await createSigningKeyFile(join(directory, "d.json"));
  await writeFile(file, JSON.stringify({ kty, crv: "Ed25519", x, kid }));
  expect((await readPublicKey(file)).kid).toBe(kid);
  await expect(readSigningKey(file)).rejects.toThrow(/c\.json: d: /);
  await writeFile(file, JSON.stringify({ kty: "RSA", crv: "Ed25519", x: "short", kid: "a b" }));
  await expect(readPublicKey(file)).rejects.toThrow(
    /kty: must be OKP\n.*x: must be 32 bytes.*\n.*kid: must have/,
  );
  await expect(readSigningKey(join(directory, "none.json"))).rejects.toThrow(/cannot read/);
});
