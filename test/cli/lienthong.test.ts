/**
 * The launcher: on the Node.js that is needed, also where the package is installed and not a clone.
 */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ENVIRONMENT, LAUNCHER, lienthong } from "./running.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

let folder: string;
let installed: string;

/** As `npm install lienthong-0.1.0.tgz` leaves it, but for the network: the packages that it needs are this clone's. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "installed-"));
  const modules = join(folder, "node_modules");
  await mkdir(modules);
  const pack = ["pack", "--ignore-scripts", "--pack-destination", folder];
  await promisify(execFile)("npm", pack, { cwd: ROOT, env: ENVIRONMENT });
  const archive = (await readdir(folder)).find((name) => name.endsWith(".tgz"));
  await promisify(execFile)("tar", ["-xzf", join(folder, archive!), "-C", modules]);
  await promisify(execFile)("mv", [join(modules, "package"), join(modules, "lienthong")]);
  for (const name of await readdir(join(ROOT, "node_modules")))
    if (!name.startsWith(".")) await symlink(join(ROOT, "node_modules", name), join(modules, name));
  installed = join(modules, "lienthong/cli/lienthong.js");
});
afterAll(() => rm(folder, { recursive: true }));

test("an installed package runs its commands, and threads of them", async () => {
  const { code, out, err } = await lienthong(["--help"], { launcher: installed });
  expect([code, err]).toEqual([0, ""]);
  expect(out).toContain("lienthong <command> [options]");
  await writeFile(join(folder, "a.graphql"), "type Query { a: String }");
  const composed = await lienthong(["compose", "a=a.graphql"], { launcher: installed, cwd: folder });
  expect([composed.code, composed.err]).toEqual([0, ""]);
  await writeFile(
    join(folder, "thread.ts"),
    `import { createComposer } from "./node_modules/lienthong/gateway/registry/composer.ts";
     const composer = createComposer();
     const sources = [{ name: "a", url: "", file: "a", sdl: "type Query { a: String }" }];
     const { supergraph } = await composer.run({ kind: "compose", sources, variants: [] });
     console.log(supergraph !== undefined);
     await composer.close();`,
  );
  const threads = await lienthong(["node", "thread.ts"], { launcher: installed, cwd: folder });
  expect([threads.code, threads.out, threads.err]).toEqual([0, "true\n", ""]);
});

test("a project made by an installed package is linked to it, and runs", async () => {
  const args = ["init", "tourism", "--agency", "H56.30", "--name", "Sở Du lịch"];
  await lienthong(args, { launcher: installed, cwd: folder });
  const project = join(folder, "tourism");
  const helped = await lienthong(["node", "main.ts", "--help"], {
    launcher: join(project, "node_modules/.bin/lienthong"),
    cwd: project,
  });
  expect([helped.code, helped.err]).toEqual([0, ""]);
  expect(helped.out).toContain("h56-30: Sở Du lịch");
  expect(helped.out).toContain("Without it one is started in .data/postgres.");
});

test("node's exit code and arguments go through", async () => {
  const script = [
    "-e",
    "console.log(process.argv.slice(1), process.versions.node); process.exit(3)",
    "--",
    "--json",
  ];
  const { code, out } = await lienthong(["node", ...script]);
  expect(code).toBe(3);
  expect(out).toMatch(/^\[ '--json' \] 24\./);
});

test("a signal ends what runs, and the launcher with its code", async () => {
  const script =
    "process.on('SIGTERM', () => process.exit(7)); setInterval(() => {}, 1000); process.send('up')";
  const child = spawn(process.execPath, [LAUNCHER, "node", "-e", script], {
    env: ENVIRONMENT,
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  expect((await once(child, "message"))[0]).toBe("up");
  child.kill("SIGTERM");
  expect((await once(child, "exit"))[0]).toBe(7);
});

test("what runs ends when the launcher is killed", async () => {
  const script =
    "setInterval(() => {}, 1000); process.on('disconnect', () => process.exit()); process.send(process.pid)";
  const child = spawn(process.execPath, [LAUNCHER, "node", "-e", script], {
    env: ENVIRONMENT,
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const [pid] = (await once(child, "message")) as [number];
  child.kill("SIGKILL");
  await expect.poll(() => isAlive(pid)).toBe(false);
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
