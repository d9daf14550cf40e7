/**
 * The command line as a process of its own, as people and scripts start it.
 */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";

export const LAUNCHER = fileURLToPath(new URL("../../cli/lienthong.js", import.meta.url));

/** Variables of the test runner, and of whoever runs it, that would reach into the program. */
const {
  NODE_OPTIONS: _options,
  VITEST: _vitest,
  DATABASE_URL: _database,
  LIENTHONG_REGISTRY: _registry,
  LIENTHONG_KEY: _key,
  LC_ALL: _locale,
  ...ENVIRONMENT
} = process.env;

export { ENVIRONMENT };

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** What `--json` printed. */
  json(): Record<string, unknown>;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** The Node.js that starts it; the test's own when left out. */
  readonly node?: string;
  readonly launcher?: string;
}

/** Runs `lienthong …args` to its end. */
export function lienthong(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const { env = {}, cwd, node = process.execPath, launcher = LAUNCHER } = options;
  return new Promise((resolve, reject) => {
    execFile(
      node,
      [launcher, ...args],
      { env: { ...ENVIRONMENT, LANG: "C", ...env }, cwd, encoding: "utf8", maxBuffer: 2 ** 24 },
      (error, out, err) => {
        const code = error === null ? 0 : error.code;
        if (typeof code !== "number") reject(error ?? new Error("no exit code"));
        else resolve({ code, out, err, json: () => JSON.parse(out) as Record<string, unknown> });
      },
    );
  });
}
