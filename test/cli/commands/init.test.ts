import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { lienthong } from "../running.ts";

const NAME = 'Sở "Du lịch"';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "init-"));
});
afterAll(() => rm(folder, { recursive: true }));

test.each([
  { from: "postgres", file: "migrations/1001_visit.sql" },
  { from: "rest", file: "mapping.json" },
])("a project from $from has the agency's own names everywhere, and its own test passes", async (kind) => {
  const args = ["init", kind.from, "--agency", "000.00.30.H56", "--name", NAME, "--from", kind.from];
  const made = await lienthong([...args, "--subgraph", "tourism-board", "--json"], { cwd: folder });
  expect([made.code, made.err]).toEqual([0, ""]);
  expect(made.json()).toMatchObject({
    ok: true,
    folder: kind.from,
    agency: "H56.30",
    subgraph: "tourism-board",
    next: [`cd ${kind.from}`, "npm start"],
  });
  const project = join(folder, kind.from);
  const files = made.json()["files"] as string[];
  expect(files).toEqual(
    expect.arrayContaining(["main.ts", "test/agency.test.ts", ".dockerignore", kind.file]),
  );
  const texts = await Promise.all(files.map((file) => readFile(join(project, file), "utf8")));
  expect(texts.join("\n")).not.toMatch(/specimen|X99\.99/i);
  expect(texts.join("\n")).toContain("tourismBoardVisits: [TourismBoardVisit!]");
  expect(JSON.parse(await readFile(join(project, "lienthong.json"), "utf8"))).toEqual({
    agency: "H56.30",
    aliases: ["000.00.30.H56"],
    name: NAME,
    url: "http://127.0.0.1:4100/graphql",
    subgraph: { name: "tourism-board", sdl: "schema.graphql" },
  });
  const tested = await lienthong(["node", "--test", "test/agency.test.ts"], {
    cwd: project,
    launcher: join(project, "node_modules/.bin/lienthong"),
  });
  expect(tested.out).toMatch(/pass 2\n/);
  expect(tested.code).toBe(0);
});

test("with --package nothing is linked: npm is to install it", async () => {
  const args = ["init", "linked", "--agency", "H56.30", "--name", "A", "--package", "file:vendor/l.tgz"];
  const made = await lienthong(args, { cwd: folder });
  expect(made.out).toContain("  npm install\n  npm start");
  expect(await readdir(join(folder, "linked"))).not.toContain("node_modules");
  const { dependencies } = JSON.parse(await readFile(join(folder, "linked/package.json"), "utf8")) as {
    dependencies: object;
  };
  expect(dependencies).toEqual({ lienthong: "file:vendor/l.tgz" });
});

test("a state enterprise is known by its business code alone", async () => {
  await lienthong(["init", "power", "--agency", "0100100079", "--name", "Điện lực"], { cwd: folder });
  expect(JSON.parse(await readFile(join(folder, "power/lienthong.json"), "utf8"))).toMatchObject({
    agency: "0100100079",
    aliases: [],
    subgraph: { name: "agency-0100100079" },
  });
});

test.each([
  [["--agency", "H56.30", "--name", "A"], 2, "<folder>: is required"],
  [["x", "--name", "A"], 2, "--agency: is required"],
  [["x", "--agency", "56.H", "--name", "A"], 2, "H56.14 (Decision 20/2020)"],
  [["x", "--agency", "H56.30", "--name", "A", "--subgraph", "Du lịch"], 2, "lower-case letters"],
  [["x", "--agency", "H56.30", "--name", "A", "--from", "paper"], 2, "--from: must be"],
  [["full", "--agency", "H56.30", "--name", "A"], 1, "is not empty"],
])("init %j ends with %i", async (args, code, words) => {
  await writeFile(join(folder, "file"), "");
  const target = args.map((arg) => (arg === "full" ? "." : arg));
  const ran = await lienthong(["init", ...target], { cwd: folder });
  expect(ran.code).toBe(code);
  expect(ran.err).toContain(words);
});
