import { describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { StartError } from "../../process/lifecycle.ts";
import { readOptions } from "../../process/options.ts";

const PROGRAM = {
  name: "tester",
  summary: "a program for the tests",
  options: {
    port: {
      schema: z.coerce.number("a number").int("a whole number").min(0).max(65_535).default(4000),
      env: "PORT",
      placeholder: "N",
      help: "Port.",
    },
    databaseUrl: {
      schema: z.string("missing; a URL"),
      env: "DATABASE_URL",
      placeholder: "URL",
      help: "Database.",
    },
    sandbox: { schema: z.boolean().default(true), env: "SANDBOX", help: "Sandbox." },
    url: {
      schema: z.array(z.string()).default([]),
      env: "SUBGRAPH_URLS",
      placeholder: "NAME=URL",
      multiple: true,
      help: "URLs.",
    },
    note: { schema: z.string().optional(), placeholder: "TEXT", help: "Only a flag." },
  },
  examples: ["node tester.ts --port 1"],
} as const;

const DB = { DATABASE_URL: "db" };
const read = (argv: readonly string[], env: NodeJS.ProcessEnv = DB) => readOptions(PROGRAM, argv, env);

function faults(argv: readonly string[], env: NodeJS.ProcessEnv = DB): string {
  try {
    read(argv, env);
  } catch (error) {
    if (error instanceof StartError) return error.message;
    throw error;
  }
  return "none";
}

describe("values", () => {
  test("have defaults", () => {
    expect(read([])).toEqual({ port: 4000, databaseUrl: "db", sandbox: true, url: [], note: undefined });
  });

  test("come from flags, in both spellings, in any order", () => {
    expect(read(["--port=1", "--note", "a b", "--database-url", "mine"])).toMatchObject({
      port: 1,
      note: "a b",
      databaseUrl: "mine",
    });
  });

  test("come from the environment, unless it is empty", () => {
    const env = { DATABASE_URL: "env", PORT: "5", SANDBOX: "0", SUBGRAPH_URLS: "a=1, b=2" };
    expect(read([], env)).toMatchObject({ databaseUrl: "env", port: 5, sandbox: false, url: ["a=1", "b=2"] });
    expect(read([], { ...DB, PORT: "" })).toMatchObject({ port: 4000 });
  });

  test("of a flag go before those of the environment, and the last flag before the others", () => {
    expect(read(["--port", "1", "--port", "2"], { ...DB, PORT: "3" })).toMatchObject({ port: 2 });
    expect(read(["--url", "a=1", "--url", "b=2"], { ...DB, SUBGRAPH_URLS: "c=3" })).toMatchObject({
      url: ["a=1", "b=2"],
    });
    expect(read(["--sandbox"], { ...DB, SANDBOX: "false" })).toMatchObject({ sandbox: true });
  });

  test.each([
    ["1", true],
    ["yes", true],
    ["0", false],
    ["False", false],
    ["NO", false],
    ["off", false],
  ])("%s in the environment switches to %s", (value, expected) => {
    expect(read([], { ...DB, SANDBOX: value })).toMatchObject({ sandbox: expected });
  });

  test("are switched off by --no-", () => {
    expect(read(["--no-sandbox"])).toMatchObject({ sandbox: false });
    expect(read(["--no-sandbox", "--sandbox"])).toMatchObject({ sandbox: true });
  });

  test("cannot be changed afterwards, and know only themselves", () => {
    const values = read([]);
    expect(Object.isFrozen(values)).toBe(true);
    expect("toString" in values).toBe(false);
  });
});

describe("faults", () => {
  test("are reported all together, and say where help is", () => {
    const message = faults(["--prot", "1", "--port", "x", "stray", "--note"], {});
    expect(message.split("\n").map((line) => line.trim())).toEqual([
      "tester: unknown option --prot",
      'unexpected argument "1"',
      'unexpected argument "stray"',
      "option --note needs a value",
      "--port: a number",
      "DATABASE_URL (or --database-url): missing; a URL",
      "See tester --help.",
    ]);
  });

  test.each([
    [["--database"], "unknown option --database, did you mean --database-url?"],
    [["--dat", "x"], "unknown option --dat, did you mean --database-url?"],
    [["--sandboxes"], "unknown option --sandboxes, did you mean --sandbox?"],
    [["--no-xyz"], "unknown option --no-xyz"],
    [["-x"], "unknown option -x"],
    [["--constructor"], "unknown option --constructor"],
    [["--sandbox=yes"], 'option --sandbox takes no value, got "yes"'],
    [["--no-port"], "option --port needs a value"],
    [["--port", "1.5"], "--port: a whole number"],
    [["--port", "--note"], "--port: a number"],
    [["--", "x"], 'unexpected argument "x"'],
  ])("%j: %s", (argv, message) => {
    expect(faults(argv)).toContain(message);
  });

  test("name the variable that a wrong value came from", () => {
    expect(faults([], { ...DB, PORT: "x" })).toContain("PORT (or --port): a number");
    expect(faults(["--port", "x"], { ...DB, PORT: "1" })).toContain("--port: a number");
  });
});

describe("--help", () => {
  test.each([["--help"], ["-h"]])("%s shows every option and ends well, whatever else is wrong", (flag) => {
    const write = vi.spyOn(process.stdout, "write").mockReturnValue(true);
    const exit = vi.spyOn(process, "exit").mockImplementation(() => {
      throw new Error("exited");
    });
    try {
      expect(() => read(["--prot", flag], {})).toThrow("exited");
      expect(exit).toHaveBeenCalledWith(0);
      expect(write.mock.calls.join("")).toBe(`tester: a program for the tests

  --port N            Port. [PORT]
  --database-url URL  Database. [DATABASE_URL]
  --sandbox           Sandbox. [SANDBOX]
  --url NAME=URL      URLs. [SUBGRAPH_URLS]
  --note TEXT         Only a flag.
  --help              This text.

Examples:
  node tester.ts --port 1
`);
    } finally {
      write.mockRestore();
      exit.mockRestore();
    }
  });
});

describe("arguments without a flag", () => {
  const options = {
    folder: { schema: z.string("is required"), positional: true, help: "Folder." },
    file: { schema: z.array(z.string()).default([]), positional: true, multiple: true, help: "Files." },
    all: { schema: z.boolean().default(false), help: "All." },
  } as const;
  const readArguments = (argv: readonly string[]) =>
    readOptions({ name: "copier", summary: "copies", options }, argv, {});

  test("are taken in the order of the options, the last takes the rest", () => {
    expect(readArguments(["a", "--all", "b", "c"])).toEqual({ folder: "a", file: ["b", "c"], all: true });
    expect(readArguments(["a"])).toEqual({ folder: "a", file: [], all: false });
  });

  test("are missed by their names, and are no flags", () => {
    expect(() => readArguments([])).toThrow("<folder>: is required");
    expect(() => readArguments(["--folder", "a"])).toThrow("unknown option --folder");
  });
});
