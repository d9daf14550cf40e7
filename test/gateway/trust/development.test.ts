import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createAuthenticate } from "../../../gateway/trust/authenticate.ts";
import {
  ensureDevelopmentKey,
  issueToken,
  publicKeys,
  readDevelopmentKey,
} from "../../../gateway/trust/development.ts";
import { readTrust } from "../../../gateway/trust/settings.ts";

let directory: string;
let keyFile: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "trust-"));
  keyFile = join(directory, "keys", "development.json");
  await ensureDevelopmentKey(keyFile);
});
afterAll(() => rm(directory, { recursive: true }));

const enter = async (token: string, settings: object) => {
  const authenticate = await createAuthenticate(
    readTrust(JSON.stringify(settings), "t"),
    new Map(),
    pino({ level: "silent" }),
  );
  return authenticate({ authorization: `Bearer ${token}` }, "/graphql");
};

test("the key is made once, and is its owner's only", async () => {
  const before = await readFile(keyFile, "utf8");
  await ensureDevelopmentKey(keyFile);
  expect(await readFile(keyFile, "utf8")).toBe(before);
  expect((await stat(keyFile)).mode & 0o777).toBe(0o600);
});

test("its tokens count where it is configured, and nowhere else", async () => {
  const key = await readDevelopmentKey(keyFile);
  const token = await issueToken(key, { subject: "me", role: "clerk", organisation: "N1", lifetime: 60 });
  expect((await enter(token, { development: { keyFile }, roles: { clerk: ["a"] } })).caller).toMatchObject({
    subject: "me",
    client: "development",
    organisation: "N1",
    roles: new Set(["clerk"]),
    scopes: new Set(["a"]),
  });
  const issuers = [{ issuer: "https://login.example", audience: "graph" }];
  expect((await enter(token, { issuers })).refusal?.reason).toBe("the token's issuer is not known");
});

test("what verifies its tokens does not make them", async () => {
  expect(JSON.stringify(publicKeys(await readDevelopmentKey(keyFile)))).not.toContain('"d"');
});

test("a file that is no key is told", async () => {
  const file = join(directory, "other.json");
  await writeFile(file, "{}");
  await expect(readDevelopmentKey(file)).rejects.toThrow("is no key of a development issuer");
});
