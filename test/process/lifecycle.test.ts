import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { type Program, startProgram } from "../setup/program.ts";

const MODULE = new URL("../../process/lifecycle.ts", import.meta.url).href;

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "lienthong-lifecycle-"));
  return () => rm(directory, { recursive: true });
});

let programs = 0;

/** Runs `body` as the main of a program; it has everything that lifecycle.ts exports, and `say`. */
async function run(body: string, env: Record<string, string> = {}, before = ""): Promise<Program> {
  const file = join(directory, `program-${(programs += 1)}.mjs`);
  await writeFile(
    file,
    `${before}
     const { StartError, announceReady, onStop, runProgram, stop } = await import(${JSON.stringify(MODULE)});
     const say = (text) => process.stdout.write(text + "\\n");
     runProgram(async () => { ${body} });`,
  );
  return startProgram(file, [], env);
}

/** Keeps the program alive, as a server does. */
const SERVE = "setInterval(() => {}, 60_000); announceReady({ port: 1 });";

describe("a stop", () => {
  test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
    "by %s closes what was opened, the last first, and ends with 0",
    async (signal) => {
      const program = await run(
        `onStop(() => say("first")); onStop(async () => { await new Promise(setImmediate); say("second"); }); ${SERVE}`,
      );
      expect(await program.ready()).toMatchObject({ ready: true, port: 1 });
      program.child.kill(signal);
      expect(await program.ended()).toBe(0);
      expect(program.output).toEqual({ out: "second\nfirst\n", err: "" });
    },
  );

  test("happens once, however many ask for it", async () => {
    const program = await run(`onStop(() => say("closed")); ${SERVE}
      process.kill(process.pid, "SIGTERM"); process.kill(process.pid, "SIGINT"); void stop(); void stop(7);`);
    // The signals arrive on the next turn: the first to ask decides.
    expect(await program.ended()).toBe(0);
    expect(program.output.out).toBe("closed\n");
  });

  test("comes when nobody reads what it says any more", async () => {
    const program = await run(
      `announceReady({}); setInterval(() => { say("line"); console.error("line"); }, 1);`,
    );
    await program.ready();
    program.child.stdout?.destroy();
    program.child.stderr?.destroy();
    expect(await program.ended()).toBe(1);
  });

  test("comes when the program that started it is gone", async () => {
    const program = await run(`onStop(() => say("closed")); ${SERVE}`);
    await program.ready();
    program.child.disconnect();
    expect(await program.ended()).toBe(0);
    expect(program.output.out).toBe("closed\n");
  });

  test("goes on when something cannot be closed", async () => {
    const program = await run(
      `onStop(() => say("first")); onStop(() => { throw new Error("stuck"); }); ${SERVE} void stop();`,
    );
    expect(await program.ended()).toBe(0);
    expect(program.output).toEqual({ out: "first\n", err: "error while stopping: stuck\n" });
  });

  test("is cut off when something never closes", async () => {
    // The deadline of ten seconds passes at once; nothing else of the program has timers.
    const hurry =
      "const wait = setTimeout; globalThis.setTimeout = (work, ms) => wait(work, ms >= 10_000 ? 0 : ms);";
    const program = await run(`onStop(() => new Promise(() => {})); ${SERVE} void stop();`, {}, hurry);
    expect(await program.ended()).toBe(1);
    expect(program.output.err).toBe("error: not stopped after 10 s, leaving at once\n");
  });
});

test("a program that has nothing more to do ends, although its parent listens", async () => {
  const program = await run('say("done");');
  expect(await program.ended()).toBe(0);
  expect(program.output).toEqual({ out: "done\n", err: "" });
});

describe("a fault", () => {
  test("that the user can mend is told without a stack, and what was opened is closed", async () => {
    const program = await run(
      'onStop(() => say("closed")); throw new StartError("port 1 is taken", "Choose another with --port.");',
    );
    expect(await program.ended()).toBe(1);
    expect(program.output).toEqual({
      out: "closed\n",
      err: "error: port 1 is taken\n  Choose another with --port.\n",
    });
  });

  test.each([
    ["in main", 'throw new Error("bug");'],
    ["outside of it", `${SERVE} setImmediate(() => { throw new Error("bug"); });`],
    ["in a promise that nobody awaits", `${SERVE} void Promise.reject(new Error("bug"));`],
  ])("of our own, %s, is one line, and says how to see more", async (_, body) => {
    const program = await run(body, { LOG_LEVEL: "info" });
    expect(await program.ended()).toBe(1);
    expect(program.output.err).toBe("error: bug\n  Set LOG_LEVEL=debug to see where this came from.\n");
    const debugged = await run(body, { LOG_LEVEL: "debug" });
    expect(await debugged.ended()).toBe(1);
    expect(debugged.output.err).toMatch(/^Error: bug\n {4}at .*program-\d+\.mjs/);
  });

  test("that is no error at all is told too", async () => {
    const program = await run('throw "thrown text";');
    expect(await program.ended()).toBe(1);
    expect(program.output.err).toBe("error: thrown text\n");
  });
});
