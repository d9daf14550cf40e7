#!/usr/bin/env node
/**
 * Starts the command line on the Node.js that this package brings: the system's may be older, and not run TypeScript.
 * Plain JavaScript for that reason.
 */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import module, { createRequire } from "node:module";
import { constants, tmpdir } from "node:os";
import { dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";

const NEEDED_NODE = 24;
const DIRECTORY = dirname(fileURLToPath(import.meta.url));

const isNewEnough = Number.parseInt(process.versions.node, 10) >= NEEDED_NODE;
// Node runs no TypeScript below node_modules, unless it is told how: at its start, for all threads and children.
const isInstalled = DIRECTORY.split(sep).includes("node_modules");

// What was compiled is kept for the next start, of the programs started from here too: a third of the time of a command.
process.env.NODE_COMPILE_CACHE ??= join(
  process.env.HOME ? join(process.env.HOME, ".cache") : tmpdir(),
  "lienthong",
);
const [command, ...rest] = process.argv.slice(2);
const node = isNewEnough ? process.execPath : packagedNode();
// An agency's own programs and tests run on the same Node.js as the kit.
if (command === "node") start(rest);
else if (isNewEnough && !isInstalled) {
  module.enableCompileCache(process.env.NODE_COMPILE_CACHE);
  await import("./main.ts");
} else start([join(DIRECTORY, "main.ts"), ...process.argv.slice(2)]);

function start(args) {
  if (node === undefined) {
    process.stderr.write(
      `error: lienthong needs Node ${NEEDED_NODE}; this is ${process.versions.node}, and the package "node" has not been set up\n` +
        `  Run npm install with "allowScripts": { "node": true } in package.json, or start it with Node ${NEEDED_NODE}.\n`,
    );
    process.exitCode = 1;
    return;
  }
  const child = spawn(node, args, {
    stdio: ["inherit", "inherit", "inherit", "ipc"],
    env: isInstalled ? { ...process.env, NODE_OPTIONS: withTypeScript() } : process.env,
  });
  child.on("message", (message) => process.send?.(message));
  if (process.channel) {
    process.on("disconnect", () => child.disconnect());
    process.channel.unref();
  }
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("exit", (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
}

function packagedNode() {
  try {
    const manifest = createRequire(import.meta.url).resolve("node/package.json");
    const binary = join(dirname(manifest), "bin", process.platform === "win32" ? "node.exe" : "node");
    return existsSync(binary) ? binary : undefined;
  } catch {
    return undefined;
  }
}

function withTypeScript() {
  const file = join(DIRECTORY, "strip-types.cjs").replaceAll("\\", "\\\\").replaceAll('"', '\\"');
  return `${process.env.NODE_OPTIONS ?? ""} --disable-warning=ExperimentalWarning --require "${file}"`.trim();
}
