import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { lockDirectory } from "../../province/lock.ts";

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "lienthong-lock-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
});

test("makes the directory, and gives it back", async () => {
  const data = join(directory, "new", "data");
  const unlock = await lockDirectory(data);
  await unlock();
  await expect(lockDirectory(data)).resolves.toBeTypeOf("function");
});

test("names the process that runs on it", async () => {
  await lockDirectory(directory);
  await expect(lockDirectory(directory)).rejects.toThrow(
    `already runs on ${directory}: process ${process.pid}`,
  );
});

test("is not held up by a process that was killed", async () => {
  const module = new URL("../../province/lock.ts", import.meta.url).href;
  const source = `const { lockDirectory } = await import(${JSON.stringify(module)});
    await lockDirectory(${JSON.stringify(directory)});
    console.log("locked");
    setInterval(() => {}, 60_000);`;
  const holder = spawn(process.execPath, ["--input-type=module", "--eval", source], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void holder.kill("SIGKILL"));
  await once(createInterface(holder.stdout), "line");
  await expect(lockDirectory(directory)).rejects.toThrow(`process ${holder.pid}`);
  holder.kill("SIGKILL");
  await once(holder, "exit");
  await lockDirectory(directory);
});

test("is not held up by another process that got the number, nor by half a file", async () => {
  await lockDirectory(directory);
  const lock = join(directory, "lock");
  const holder = JSON.parse(await readFile(lock, "utf8")) as object;
  await writeFile(lock, JSON.stringify({ ...holder, began: "in another life" }));
  await expect(lockDirectory(directory)).resolves.toBeTypeOf("function");
  await writeFile(lock, `{"pid": 1`);
  await expect(lockDirectory(directory)).resolves.toBeTypeOf("function");
});

test("says when the directory cannot be written", async () => {
  const file = join(directory, "file");
  await writeFile(file, "");
  await expect(lockDirectory(join(file, "data"))).rejects.toThrow(/cannot be written.*--data DIR/s);
});
