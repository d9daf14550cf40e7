import { expect, test } from "vitest";
import { freePort } from "../../process/ports.ts";
import { lienthong } from "./running.ts";

test("help names every command with what it does, on standard output", async () => {
  const { code, out, err } = await lienthong(["--help"]);
  expect([code, err]).toEqual([0, ""]);
  for (const name of ["compose", "publish", "members add", "keys issue", "rollback"])
    expect(out).toMatch(new RegExp(`^  ${name} +\\S`, "m"));
  expect(out).toContain("Exit codes: 0 done, 1 failed or refused, 2 the command was called wrongly.");
});

test("without a command the help is shown, and the call was wrong", async () => {
  const { code, out } = await lienthong([]);
  expect(code).toBe(2);
  expect(out).toContain("lienthong <command> [options]");
});

test("a command's help has its options, its arguments and examples", async () => {
  const { code, out } = await lienthong(["members", "add", "--help"]);
  expect(code).toBe(0);
  expect(out).toContain("lienthong members add <member> [options]");
  expect(out).toContain("[LIENTHONG_REGISTRY]");
  expect(out).toMatch(/Examples:\n {2}lienthong members add H56\.30/);
});

test.each([
  [["nope"], 'there is no command "nope"'],
  [["members"], "lienthong members: what? (members list, members add, members suspend, members resume)"],
  [["members", "steal"], 'no "steal"'],
  [["rollback", "--nope"], "unknown option --nope"],
  [["rollback", "x", "y"], 'unexpected argument "y"'],
])("%j is a wrong call", async (args, words) => {
  const { code, out, err } = await lienthong(args);
  expect([code, out]).toEqual([2, ""]);
  expect(err).toMatch(/^error: /);
  expect(err).toContain(words);
});

test("everything missing is told at once, for machines too", async () => {
  const { code, out, err } = await lienthong(["rollback", "--json"]);
  expect([code, err]).toEqual([2, ""]);
  const { ok, error } = JSON.parse(out) as { ok: boolean; error: { code: string; message: string } };
  expect([ok, error.code]).toEqual([false, "USAGE"]);
  expect(error.message).toMatch(/<composition>.*\n.*LIENTHONG_REGISTRY \(or --registry\).*\n.*LIENTHONG_KEY/);
});

test("a registry that is away is one line, and fails", async () => {
  const url = `http://127.0.0.1:${await freePort()}`;
  const env = { LIENTHONG_REGISTRY: url, LIENTHONG_KEY: "k" };
  const { code, err } = await lienthong(["subgraphs"], { env });
  expect(code).toBe(1);
  expect(err).toBe(`error: The registry at ${url} cannot be reached: ECONNREFUSED\n`);
});
