/**
 * Keys that answers are signed with: made, registered, listed and retired from the command line.
 */
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readSigningKey } from "../../../process/signing-key.ts";
import { OPERATOR_KEY, type RunningRegistry, small, startRegistry } from "../../gateway/registry/running.ts";
import { lienthong } from "../running.ts";

let registry: RunningRegistry;
let folder: string;
beforeAll(async () => {
  registry = await startRegistry();
  await registry.operator.publish({ subgraphs: [small("news")] });
  folder = await mkdtemp(join(tmpdir(), "cli-answer-key-"));
});
afterAll(async () => {
  await registry?.close();
  await rm(folder, { recursive: true });
});

const run = (...args: string[]) =>
  lienthong(["answer-key", ...args], {
    cwd: folder,
    env: { LIENTHONG_REGISTRY: registry.url, LIENTHONG_KEY: OPERATOR_KEY, TZ: "UTC" },
  });

test("a key is made, registered with the time that it counts, and retired; its private half stays here", async () => {
  const made = (await run("create", "a.key.json", "--json")).json()["key"] as { kid: string; x: string };
  const file = join(folder, "a.key.json");
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect((await readSigningKey(file)).keyId).toBe(made.kid);
  const again = await run("create", "a.key.json");
  expect([again.code, again.err]).toEqual([1, expect.stringContaining("is there already")]);

  const until = ["--until", "2099-01-01T00:00:00Z"];
  const added = await run("add", "a.key.json", "--subgraph", "news", ...until);
  expect([added.code, added.out]).toEqual([0, expect.stringContaining(`signs with key ${made.kid}`)]);
  const [kept] = await registry.operator.answerKeys();
  expect(kept).toMatchObject({
    name: "news",
    key: { kty: "OKP", crv: "Ed25519", exp: 4_070_908_800, ...made },
  });
  const { d } = JSON.parse(await readFile(file, "utf8")) as { d: string };
  expect(JSON.stringify(kept)).not.toContain(d);
  expect((await run("list")).out).toMatch(new RegExp(`${made.kid}  subgraph news  .*2099-01-01 00:00:00`));

  const refused = await run("retire", made.kid, "--subgraph", "news");
  expect([refused.code, refused.err]).toEqual([1, expect.stringContaining("is the last that counts")]);
  const retired = await run("retire", made.kid, "--subgraph", "news", "--last");
  expect([retired.code, retired.out]).toEqual([0, `retired key ${made.kid} of news\n`]);
});

test("whose the key is must be said, once", async () => {
  for (const whose of [[], ["--subgraph", "news", "--member", "N1"]]) {
    const { code, err } = await run("retire", "k", ...whose);
    expect([code, err]).toEqual([2, expect.stringContaining("either --subgraph or --member")]);
  }
});
