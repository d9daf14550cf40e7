import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { lienthong } from "../running.ts";

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "gateway-key-"));
});
afterAll(() => rm(directory, { recursive: true }));

test("keys are made, published, rotated and retired, one after another", async () => {
  const file = join(directory, "gateway.key");
  const command = async (...args: string[]) => {
    const ran = await lienthong(["gateway-key", ...args, "--key-file", file, "--json"]);
    return { code: ran.code, ...ran.json() } as { code: number; signs: string; published: string[] };
  };
  const first = await command("new");
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(first.published).toEqual([first.signs]);
  const alone = await lienthong(["gateway-key", "rotate", "--key-file", file]);
  expect([alone.code, alone.err]).toEqual([1, expect.stringContaining("has one key only")]);

  const second = await command("new");
  expect(second).toMatchObject({ code: 0, signs: first.signs, published: [first.signs, expect.any(String)] });
  const [, next = ""] = second.published;
  const shown = await lienthong(["gateway-key", "show", "--key-file", file]);
  const { keys } = JSON.parse(shown.out) as { keys: object[] };
  expect(keys).toEqual(
    second.published.map((kid) => ({
      kty: "OKP",
      crv: "Ed25519",
      x: expect.any(String),
      kid,
      alg: "EdDSA",
      use: "sig",
    })),
  );

  expect(await command("rotate")).toMatchObject({ signs: next, published: [next, first.signs] });
  const signing = await lienthong(["gateway-key", "retire", next, "--key-file", file]);
  expect([signing.code, signing.err]).toEqual([1, expect.stringContaining("signs.")]);
  const nobody = await lienthong(["gateway-key", "retire", "none", "--key-file", file]);
  expect([nobody.code, nobody.err]).toEqual([
    1,
    expect.stringContaining(`Its keys: ${next}, ${first.signs}`),
  ]);
  expect(await command("retire", first.signs)).toMatchObject({ code: 0, published: [next] });
}, 60_000);

test("without a file it is told how one is made", async () => {
  const { code, err } = await lienthong(["gateway-key", "show", "--data", directory]);
  expect(code).toBe(1);
  expect(err).toContain("lienthong gateway-key new makes them");
});
