/**
 * What a new agency does, from nothing to live in the graph, by the command line alone: two of them, one over PostgreSQL
 * and one over the services of its one-stop software. docs/joining.md shows the same commands with what they answer.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freePort } from "../../process/ports.ts";
import { ENVIRONMENT, lienthong, type Ran } from "../cli/running.ts";
import { type Answer, ask } from "../gateway/running.ts";
import { Province } from "../province/province.ts";

const TOURISM = { folder: "tourism", agency: "H56.30", name: "Sở Du lịch", from: "postgres" } as const;
const FOREIGN = { folder: "foreign", agency: "H56.32", name: "Sở Ngoại vụ", from: "rest" } as const;

const JOINED = `{
  agencyCase(agencyCode: "H56.30", dossierCode: "H56.30-250811-0002") {
    state procedure { name } tourismVisits { day } }
  procedure(agencyCode: "000.00.32.H56", code: "1.004623") { name }
}`;
const SEEN = {
  agencyCase: {
    state: "IN_PROGRESS",
    procedure: { name: "Công nhận điểm hoạt động" },
    tourismVisits: [{ day: "2025-08-14" }, { day: "2025-08-21" }],
  },
  procedure: { name: "Cấp thẻ hành nghề" },
};
const VISITS = `query Visits { agencyCase(agencyCode: "H56.30", dossierCode: "H56.30-250811-0002") {
  tourismVisits { finding } } }`;

let folder: string;
let guide: string;
let province: Province;
let registryUrl: string;
let operatorKey: string;
let before: number;
const ports = new Map<string, number>();
const keys = new Map<string, string>();
const running: ChildProcess[] = [];

beforeAll(async () => {
  guide = await readFile(new URL("../../docs/joining.md", import.meta.url), "utf8");
  folder = await mkdtemp(join(tmpdir(), "joining-"));
  const data = join(folder, "province");
  province = new Province(
    "--registry",
    // The private graph of `lienthong dev` asks the province's programs, which answer their own gateway only.
    "--no-trust",
    "--no-record",
    "--registry-port",
    "0",
    "--port",
    "0",
    "--data",
    data,
    "--dossiers",
    "50",
  );
  await province.says(/^ready$/m);
  registryUrl = /registry +(http\S+)/.exec(province.output)![1]!;
  operatorKey = (await readFile(join(data, "registry/operator.key"), "utf8")).trim();
}, 240_000);

afterAll(async () => {
  await Promise.all(running.map(end));
  province?.process.kill("SIGTERM");
  await province?.ended();
  await rm(folder, { recursive: true, force: true, maxRetries: 20 });
}, 120_000);

describe("a new agency", () => {
  test("gets a key from the operator", async () => {
    for (const { agency, folder: name } of [TOURISM, FOREIGN]) {
      const reversed = agency.split(".").toReversed().join(".");
      const issued = await run(["keys", "issue", agency, "--name", `000.00.${reversed}`], ".", operatorKey);
      expect(issued.code).toBe(0);
      keys.set(name, issued.out.trim());
    }
  });

  test.each([TOURISM, FOREIGN])("makes a project from $from, and starts it", async (project) => {
    const port = await freePort();
    ports.set(project.folder, port);
    const { agency, name, from } = project;
    const flags = ["--agency", agency, "--name", name, "--from", from, "--subgraph", project.folder];
    const made = await run(["init", project.folder, ...flags, "--port", String(port)], ".");
    expect([made.code, made.err]).toEqual([0, ""]);
    if (from === "postgres") shownInGuide(made.out);
    await start(project.folder);
  });

  test("sees itself within the whole graph before anybody else does, and what it changes", async () => {
    const port = await freePort();
    const dev = launch(TOURISM.folder, ["dev", "--port", String(port), "--json"]);
    const events = createInterface({ input: dev.stdout! })[Symbol.asyncIterator]();
    const url = `http://localhost:${port}/graphql`;
    expect(await next(events)).toMatchObject({ event: "ready", url, agency: "H56.30" });
    const { data } = await ask(
      url,
      `${JOINED.split("procedure(agencyCode")[0]} dossiers(first: 1) { nodes { status } } }`,
    );
    expect(data).toMatchObject({ agencyCase: SEEN.agencyCase, dossiers: { nodes: [{}] } });
    expect((await askProvince(JOINED)).data).not.toMatchObject({ agencyCase: {} });

    const sdl = await readFile(join(folder, "tourism/schema.graphql"), "utf8");
    await change("tourism/schema.graphql", sdl.replace("finding: String", "finding: String\n  rating: Int"));
    expect(await next(events)).toMatchObject({ event: "composed", why: "schema.graphql changed" });
    await expect
      .poll(async () => (await ask(url, '{ __type(name: "TourismVisit") { fields { name } } }')).data)
      .toMatchObject({ __type: { fields: expect.arrayContaining([{ name: "rating" }]) } });
    await change("tourism/schema.graphql", sdl.replace("finding: String", "finding: Strin"));
    expect(await next(events)).toMatchObject({
      event: "faults",
      faults: [{ places: [{ file: "schema.graphql" }] }],
    });
    await change("tourism/schema.graphql", sdl);
    expect(await next(events)).toMatchObject({ event: "composed" });
    await end(dev);
  });

  test.each([TOURISM, FOREIGN])("keeps the contract: $from", async ({ folder: name }) => {
    const only = ["entities", "transitions", "idempotency", "procedures"].flatMap((group) => [
      "--only",
      group,
    ]);
    const conformed = await run(["conform", urlOf(name), ...only], name);
    expect(conformed.out).toMatch(/\d+ passed, 0 failed, 0 skipped/);
    expect(conformed.code).toBe(0);
  });

  test("checks, and publishes to the running province, which has it at once", async () => {
    before = await latest();
    for (const { folder: name } of [TOURISM, FOREIGN]) {
      const checked = await run(["check"], name);
      expect([checked.code, checked.err]).toEqual([0, ""]);
      const published = await run(["publish"], name);
      expect([published.code, published.err]).toEqual([0, ""]);
      if (name !== "tourism") continue;
      shownInGuide(checked.out);
      shownInGuide(published.out);
    }
    await expect.poll(async () => (await askProvince(JOINED)).data).toEqual(SEEN);
    const { errors } = await askProvince(JOINED);
    expect(errors).toEqual([]);
    const listed = await run(["members", "list"], "tourism");
    expect(listed.out).toMatch(/^H56\.30 +Sở Du lịch +in the graph +H56\.30 +agencies, tourism +http/m);
  });

  test("cannot break a client: the check names it, and publishing is refused", async () => {
    await askProvince(VISITS, { "x-client-name": "portal", "x-client-version": "2.1" });
    await expect
      .poll(async () => {
        const response = await fetch(`${registryUrl}/v1/operations`, {
          headers: { authorization: `Bearer ${operatorKey}` },
        });
        return JSON.stringify(await response.json());
      })
      .toContain("portal");
    const sdl = await readFile(join(folder, "tourism/schema.graphql"), "utf8");
    await change("tourism/schema.graphql", sdl.replace(/ +"What was found.*\n.*finding: String\n/, ""));
    const checked = await run(["check"], "tourism");
    expect(checked.code).toBe(1);
    expect(checked.out).toContain("Visits, used by portal 2.1");
    shownInGuide(checked.out);
    const published = await run(["publish"], "tourism");
    expect([published.code, published.out]).toEqual([1, ""]);
    expect(published.err).toContain("Visits, used by portal 2.1");
    shownInGuide(published.err);
    await change("tourism/schema.graphql", sdl);
    expect((await askProvince(JOINED)).data).toEqual(SEEN);
  });

  test("is taken out again by a rollback", async () => {
    const differs = await run(["diff", String(before)], "tourism");
    expect(differs.out).toContain(
      "+ subgraph foreign\n+ subgraph tourism\n+ member H56.30\n+ member H56.32\n",
    );
    const back = await run(["rollback", String(before)], ".", operatorKey);
    expect([back.code, back.err]).toEqual([0, ""]);
    shownInGuide(back.out);
    const { out } = await run(["history", "--limit", "1"], "tourism");
    expect(out).toMatch(/ operator +rollback +\d+ +done /);
    const isOut = async () =>
      (await askProvince('{ procedure(agencyCode: "H56.32", code: "1.004623") { name } }')).data;
    await expect.poll(isOut).not.toMatchObject({ procedure: { name: SEEN.procedure.name } });
    const { data } = await askProvince("{ dossiers(first: 1) { nodes { status } } }");
    expect(data).toMatchObject({ dossiers: { nodes: [{}] } });
  });
});

/** In a project's folder, as the agency unless another key is given. */
function run(args: readonly string[], name: string, key = keys.get(name) ?? ""): Promise<Ran> {
  return lienthong(args, {
    cwd: join(folder, name),
    env: { LIENTHONG_REGISTRY: registryUrl, ...(key !== "" && { LIENTHONG_KEY: key }) },
  });
}

function launch(name: string, args: readonly string[]): ChildProcess {
  const child = spawn(join(folder, name, "node_modules/.bin/lienthong"), args, {
    cwd: join(folder, name),
    env: {
      ...ENVIRONMENT,
      LIENTHONG_REGISTRY: registryUrl,
      LIENTHONG_KEY: keys.get(name),
      GATEWAY_URL: province.url,
    },
    stdio: ["ignore", "pipe", "ignore", "ipc"],
  });
  running.push(child);
  return child;
}

/** The project's `npm start`. */
async function start(name: string): Promise<void> {
  const { scripts } = JSON.parse(await readFile(join(folder, name, "package.json"), "utf8")) as {
    scripts: { start: string };
  };
  const [command, ...args] = scripts.start.split(" ");
  expect(command).toBe("lienthong");
  const child = launch(name, [...args, "--port", String(ports.get(name))]);
  const [ready] = (await once(child, "message")) as [{ ready: boolean }];
  expect(ready).toMatchObject({ ready: true });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGTERM");
  await once(child, "exit");
}

async function next(events: AsyncIterator<string>): Promise<unknown> {
  const { value } = await events.next();
  return JSON.parse(String(value)) as unknown;
}

/** At once: who watches the file never reads half of it. */
async function change(file: string, text: string): Promise<void> {
  const written = join(folder, "changing");
  await writeFile(written, text);
  await rename(written, join(folder, file));
}

function urlOf(name: string): string {
  return `http://127.0.0.1:${ports.get(name)}/graphql`;
}

function askProvince(query: string, headers: Record<string, string> = {}): Promise<Answer> {
  return ask(province.url, query, {}, headers);
}

async function latest(): Promise<number> {
  const { out } = await run(["history", "--json"], ".", operatorKey);
  const { history } = JSON.parse(out) as { history: { composition: number | null }[] };
  return history.find(({ composition }) => composition !== null)!.composition!;
}

/** The guide shows this, whatever numbers it has. */
function shownInGuide(output: string): void {
  expect(withoutNumbers(guide)).toContain(withoutNumbers(output).trim());
}

function withoutNumbers(text: string): string {
  return text
    .replaceAll(/\b127\.0\.0\.1:\d+/g, "127.0.0.1:PORT")
    .replaceAll(/composition \d+|rolled back to \d+/g, (words) => words.replace(/\d+/, "N"))
    .replaceAll(/\(\d+ requests?\)/g, "(N requests)");
}
