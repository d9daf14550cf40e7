import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { startProgram } from "../setup/program.ts";

const MODULE = new URL("../../process/log.ts", import.meta.url).href;

/** The lines that a program logs. */
async function logged(body: string, env: Record<string, string> = {}): Promise<Record<string, unknown>[]> {
  const directory = await mkdtemp(join(tmpdir(), "lienthong-log-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  const file = join(directory, "program.mjs");
  await writeFile(
    file,
    `const { createLogger } = await import(${JSON.stringify(MODULE)}); const log = createLogger("tax"); ${body}`,
  );
  const program = startProgram(file, [], env);
  await program.ended();
  expect(program.output.out).toBe("");
  return program.output.err
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

test("a line is JSON on standard error, with program and time", async () => {
  const [line] = await logged('log.info({ port: 1 }, "ready");', { LOG_LEVEL: "info" });
  expect(line).toMatchObject({ level: 30, name: "tax", port: 1, msg: "ready" });
  expect(new Date(String(line?.["time"])).toISOString()).toBe(line?.["time"]);
});

test("LOG_LEVEL says how much is logged", async () => {
  const body = 'log.debug("much"); log.info("some"); log.error("little");';
  const messages = async (level: string) => (await logged(body, { LOG_LEVEL: level })).map(({ msg }) => msg);
  expect(await messages("debug")).toEqual(["much", "some", "little"]);
  expect(await messages("error")).toEqual(["little"]);
});

test("credentials never reach it", async () => {
  const lines = await logged(
    `const headers = { authorization: "Bearer secret", cookie: "id=secret", accept: "text/html" };
     log.info({ headers }, "seen"); log.info({ req: { headers } }, "seen");`,
    { LOG_LEVEL: "info" },
  );
  expect(lines).toHaveLength(2);
  expect(JSON.stringify(lines)).not.toContain("secret");
});
