import { createServer, type Server } from "node:http";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { taxPart } from "../../../subgraphs/tax/own-part.ts";
import { insertProcedure, startAgency, type TestAgency } from "../../setup/agency.ts";
import { lienthong } from "../running.ts";

let agency: TestAgency;
let nonsense: Server;
let nonsenseUrl: string;
let folder: string;
beforeAll(async () => {
  agency = await startAgency(taxPart, "G12.56");
  await insertProcedure(agency.database);
  nonsense = createServer((_request, response) => response.end("{}"));
  nonsense.listen(0, "127.0.0.1");
  await once(nonsense, "listening");
  nonsenseUrl = `http://127.0.0.1:${(nonsense.address() as AddressInfo).port}/graphql`;
  folder = await mkdtemp(join(tmpdir(), "conform-"));
});
afterAll(async () => {
  nonsense?.close();
  await agency?.close();
  await rm(folder, { recursive: true });
});

test("a subgraph that conforms: exit code 0, the report for people or machines, progress beside it", async () => {
  const args = ["conform", agency.url, "--agency", "G12.56", "--only", "protocol"];
  const people = await lienthong(args);
  expect(people.code).toBe(0);
  expect(people.out).toContain("The subgraph conforms to the contract as far as it was checked.");
  expect(people.err).toMatch(/^1\/\d ok {3}protocol\./);
  const machine = await lienthong([...args, "--json"]);
  expect(machine.json()).toMatchObject({ ok: true, agency: "G12.56", failed: 0, readOnly: false });
});

test("one that does not: exit code 1, also as JUnit", async () => {
  const junit = join(folder, "report.xml");
  const args = ["conform", nonsenseUrl, "--agency", "G12.56", "--only", "schema", "--junit", junit];
  const { code, out } = await lienthong([...args, "--json"]);
  expect(code).toBe(1);
  expect(JSON.parse(out)).toMatchObject({ ok: false, passed: 0 });
  expect(await readFile(junit, "utf8")).toContain("<failure");
});

test.each([
  [["conform"], 2, "<URL>: is required"],
  [["conform", "http://127.0.0.1:1/graphql", "--only", "manners"], 2, '"manners" is no check'],
  [["conform", "http://127.0.0.1:1/graphql"], 1, "http://127.0.0.1:1/graphql"],
])("%j ends with %i", async (args, code, words) => {
  const ran = await lienthong(args);
  expect([ran.code, ran.out]).toEqual([code, ""]);
  expect(ran.err).toContain(words);
});
