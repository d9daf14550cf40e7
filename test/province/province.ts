/**
 * `npm start` as a test runs it: a process of its own, watched through what it says and what it starts.
 */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const PROGRAM = fileURLToPath(new URL("../../province/main.ts", import.meta.url));

/** The command, with what it has said so far. */
export class Province {
  readonly process: ChildProcess;
  output = "";

  constructor(...flags: string[]) {
    const { DATABASE_URL: _none, ...env } = process.env;
    this.process = spawn(process.execPath, [PROGRAM, ...flags], { env, stdio: ["ignore", "pipe", "pipe"] });
    this.process.stdout?.on("data", (chunk: Buffer) => (this.output += chunk.toString()));
    this.process.stderr?.on("data", (chunk: Buffer) => (this.output += chunk.toString()));
  }

  get pid(): number {
    return this.process.pid ?? 0;
  }

  /** Resolves once it has said this. Rejects when it ends before. */
  async says(words: RegExp): Promise<void> {
    const { stdout, stderr } = this.process;
    while (this.output.search(words) < 0) {
      if (this.process.exitCode !== null) throw new Error(`it ended, saying:\n${this.output}`);
      const settled = new AbortController();
      const happenings = [stdout, stderr].flatMap((stream) =>
        stream ? [once(stream, "data", { signal: settled.signal })] : [],
      );
      await Promise.race([...happenings, once(this.process, "close", { signal: settled.signal })]).finally(
        () => settled.abort(),
      );
    }
  }

  async ended(): Promise<number | null> {
    if (this.process.exitCode === null && this.process.signalCode === null) await once(this.process, "close");
    return this.process.exitCode;
  }

  /** Of the gateway; only once it is ready. */
  get url(): string {
    return /gateway +(\S+)/.exec(this.output)?.[1] ?? "";
  }

  /** With the token that it prints, where it asks who asks. */
  get headers(): Readonly<Record<string, string>> {
    const [, token] = /^TOKEN=(\S+)$/m.exec(this.output) ?? [];
    return token === undefined ? {} : { authorization: `Bearer ${token}` };
  }

  async ask<T>(query: string): Promise<T> {
    const answer = await fetch(this.url, {
      method: "POST",
      headers: { "content-type": "application/json", ...this.headers },
      body: JSON.stringify({ query }),
    });
    const { data, errors } = (await answer.json()) as { data: T; errors?: unknown };
    if (errors !== undefined) throw new Error(JSON.stringify(errors));
    return data;
  }
}

export interface Row {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

async function processes(): Promise<Row[]> {
  const { stdout } = await promisify(execFile)("ps", ["-A", "-o", "pid=,ppid=,command="], {
    maxBuffer: 1e8,
    encoding: "utf8",
  });
  return stdout.split("\n").flatMap((line) => {
    const [, pid, parent, command] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return pid === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), command: command ?? "" }];
  });
}

/** A province's own processes and theirs. */
export async function descendants(root: number): Promise<Row[]> {
  const all = await processes();
  const found = all.filter(({ pid }) => pid === root);
  for (const { pid } of found) found.push(...all.filter(({ parent }) => parent === pid));
  return found;
}

/** Those of `rows` that are still there; a process that nobody has collected yet is gone all the same. */
export async function survivors(rows: readonly Row[]): Promise<Row[]> {
  const alive = new Map((await processes()).map((row) => [row.pid, row]));
  return rows.filter(({ pid }) => {
    const row = alive.get(pid);
    return row !== undefined && !row.command.includes("<defunct>");
  });
}
