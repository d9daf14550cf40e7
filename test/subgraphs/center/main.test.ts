import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, inject, test } from "vitest";
import { NOBODY, ask, dropDatabase } from "./fixture.ts";

const MAIN = fileURLToPath(new URL("../../../subgraphs/center/main.ts", import.meta.url));

const children: ChildProcess[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill("SIGKILL");
    await once(child, "exit");
  }
});

function start(args: string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
  const { DATABASE_URL: _, ...inherited } = process.env;
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { ...inherited, LOG_LEVEL: "silent", ...env },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  children.push(child);
  return child;
}

async function text(stream: NodeJS.ReadableStream | null): Promise<string> {
  let all = "";
  for await (const part of stream ?? []) all += String(part);
  return all;
}

function databaseUrl(name: string): string {
  const url = new URL(inject("postgresUrl"));
  url.pathname = `/${name}`;
  return url.href;
}

describe("node subgraphs/center/main.ts", () => {
  test("prepares its database, serves, and stops cleanly", async () => {
    const child = start(["--port", "0", "--gateway-url", NOBODY, "--no-authorization"], {
      DATABASE_URL: databaseUrl("center_main"),
    });
    const [ready] = (await once(child, "message")) as [{ ready: boolean; port: number }];
    expect(ready.ready).toBe(true);
    const url = `http://127.0.0.1:${ready.port}`;
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    expect((await fetch(`${url}/health/ready`)).status).toBe(200);
    const query = "{ dossiers { nodes { code } } _service { sdl } }";
    const { data } = await ask<{ dossiers: object; _service: { sdl: string } }>(`${url}/graphql`, query);
    expect(data?.dossiers).toEqual({ nodes: [] });
    expect(data?._service.sdl).toContain('@requires(fields: "legs { case { state dueAt } }")');

    // A second one at the same place finds the port taken.
    const second = start(["--port", String(ready.port), "--no-authorization"], {
      DATABASE_URL: databaseUrl("center_main"),
    });
    expect(await failure(second)).toContain(`port ${ready.port} is taken`);

    child.kill("SIGTERM");
    expect(await once(child, "exit")).toEqual([0, null]);
    await dropDatabase("center_main");
  });

  test("tells all wrong options together, with what is allowed", async () => {
    const said = await failure(start(["--prot", "1", "--port", "x", "--gateway-url", "nowhere"]));
    expect(said).toContain("unknown option --prot");
    expect(said).toContain("--port: a port, 0 to 65535");
    expect(said).toContain("DATABASE_URL (or --database-url): missing");
    expect(said).toContain("--gateway-url: a URL such as");
    expect(said).toContain("GATEWAY_KEYS (or --gateway-keys): is required");
  });

  test("a database that nobody serves", async () => {
    const said = await failure(
      start(["--no-authorization"], { DATABASE_URL: "postgres://u:p@127.0.0.1:9/x" }),
    );
    expect(said).toContain("PostgreSQL at 127.0.0.1:9 cannot be reached");
  });
});

/** What a program says that ends with 1, without a stack trace. */
async function failure(child: ChildProcess): Promise<string> {
  const [stderr, [exitCode]] = await Promise.all([text(child.stderr), once(child, "exit")]);
  expect(exitCode).toBe(1);
  expect(stderr).not.toMatch(/^\s+at /m);
  return stderr;
}
