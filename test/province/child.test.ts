import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { Child } from "../../province/child.ts";

let directory: string;
let told: string[];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "lienthong-child-"));
  told = [];
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
});

const LIFECYCLE = new URL("../../process/lifecycle.ts", import.meta.url).href;

const patient = new AbortController().signal;

/** A child that runs this source; it writes its process id to `<directory>/pid`. */
async function childOf(source: string): Promise<Child> {
  const file = join(directory, "program.mjs");
  const announcePid = `import { writeFileSync } from "node:fs";
    writeFileSync(${JSON.stringify(join(directory, "pid"))}, String(process.pid));`;
  await writeFile(file, `${announcePid}\n${source}`);
  const child = new Child(
    { name: "program", command: [file], env: process.env },
    { logDirectory: directory, tell: (line) => told.push(line) },
  );
  onTestFinished(() => child.stop(AbortSignal.abort()));
  return child;
}

async function pid(): Promise<number> {
  return Number(await readFile(join(directory, "pid"), "utf8"));
}

function isRunning(process_: number): boolean {
  try {
    return process.kill(process_, 0);
  } catch {
    return false;
  }
}

const KEEPS_RUNNING = `setInterval(() => {}, 60_000);`;
const SERVES = `${KEEPS_RUNNING} process.send({ ready: true });`;

test("is ready when it says so, and stops on SIGTERM", async () => {
  const child = await childOf(SERVES);
  await child.start();
  const process_ = await pid();
  expect(isRunning(process_)).toBe(true);
  await child.stop(patient);
  expect(isRunning(process_)).toBe(false);
  expect(told).toEqual([]);
});

test("is killed when it does not stop in time", async () => {
  const child = await childOf(`process.on("SIGTERM", () => {}); ${SERVES}`);
  await child.start();
  const process_ = await pid();
  await child.stop(AbortSignal.timeout(50));
  expect(isRunning(process_)).toBe(false);
});

test("is started again when it dies, and says both", async () => {
  const child = await childOf(SERVES);
  await child.start();
  const first = await pid();
  process.kill(first, "SIGKILL");
  await vi.waitFor(() => expect(told).toHaveLength(2), { timeout: 20_000, interval: 10 });
  expect(told[0]).toMatch(/^program ended \(SIGKILL\), starting it again; its log: .*program\.log$/);
  expect(told[1]).toBe("program is ready again");
  expect(await pid()).not.toBe(first);
});

test("keeps trying when it dies while starting again", async () => {
  const marker = join(directory, "failures");
  const child = await childOf(`
    import { appendFileSync, readFileSync } from "node:fs";
    appendFileSync(${JSON.stringify(marker)}, "x");
    if (readFileSync(${JSON.stringify(marker)}, "utf8").length === 2) process.exit(3);
    ${SERVES}`);
  await child.start();
  process.kill(await pid(), "SIGKILL");
  await vi.waitFor(() => expect(told.at(-1)).toBe("program is ready again"), {
    timeout: 20_000,
    interval: 10,
  });
  expect(told.map((line) => line.replace(/,.*/, ""))).toEqual([
    "program ended (SIGKILL)",
    "program ended (code 3)",
    "program is ready again",
  ]);
});

test("a fault at the first start is told in the program's own words", async () => {
  const mendable = await childOf(`
    process.stderr.write('{"level":30,"msg":"a log line"}\\nerror: port 9 is taken\\n  Choose another.\\n');
    process.exitCode = 1;`);
  await expect(mendable.start()).rejects.toThrow("program did not start: port 9 is taken\n  Choose another.");
});

test("a fault without words is told with the log's place", async () => {
  const silent = await childOf("process.exitCode = 4;");
  await expect(silent.start()).rejects.toThrow(
    /program did not start: it ended with code 4\n {2}See .*program\.log/,
  );
});

/** Writes what it is told to `<directory>/told`. */
function listens(): string {
  return `
  import { announceReady, runProgram } from ${JSON.stringify(LIFECYCLE)};
  runProgram(async () => {
    writeFileSync(${JSON.stringify(join(directory, "told"))}, process.env.TOLD);
    ${KEEPS_RUNNING}
    announceReady({});
  });`;
}

function saidToIt(): Promise<string> {
  return readFile(join(directory, "told"), "utf8");
}

/** Its process, once it runs. */
function loaded(): Promise<number> {
  return vi.waitFor(
    async () => {
      const process_ = await pid();
      expect(process_).toBeGreaterThan(0);
      return process_;
    },
    { timeout: 20_000, interval: 10 },
  );
}

describe("a program that is prepared", () => {
  test("has loaded its modules, and begins when it is told to, with what it is told", async () => {
    const child = await childOf(listens());
    child.prepare();
    const process_ = await loaded();
    await expect(saidToIt()).rejects.toThrow(/ENOENT/);
    await child.start({ TOLD: "a secret" });
    expect(await saidToIt()).toBe("a secret");
    expect(await pid()).toBe(process_);
  });

  test("is told the same when it is started again", async () => {
    const child = await childOf(listens());
    child.prepare();
    await child.start({ TOLD: "a secret" });
    await rm(join(directory, "told"));
    process.kill(await pid(), "SIGKILL");
    await vi.waitFor(() => expect(told.at(-1)).toBe("program is ready again"), {
      timeout: 20_000,
      interval: 10,
    });
    expect(await saidToIt()).toBe("a secret");
  });

  test("stops while it waits", async () => {
    const child = await childOf(listens());
    child.prepare();
    const process_ = await loaded();
    await child.stop(patient);
    expect(isRunning(process_)).toBe(false);
  });

  test("tells its fault at the start, also when it ended before", async () => {
    const child = await childOf(`process.stderr.write("error: no\\n  Mend it.\\n"); process.exitCode = 1;`);
    child.prepare();
    const process_ = await loaded();
    await vi.waitFor(() => expect(isRunning(process_)).toBe(false), { timeout: 20_000, interval: 10 });
    await expect(child.start()).rejects.toThrow("program did not start: no\n  Mend it.");
  });
});
