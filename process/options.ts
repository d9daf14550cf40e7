/**
 * Flags and environment of a program: declared once, validated together, reported together, then frozen.
 */
import { parseArgs } from "node:util";
import { z } from "zod";
import { StartError } from "./lifecycle.ts";

/** One option: flag `--<key in kebab-case>`, and the environment variable `env` when the flag is not given. */
export interface Option<T = unknown> {
  readonly schema: z.ZodType<T>;
  readonly help: string;
  readonly env?: string;
  /** What stands after the flag in `--help`; a flag without it is boolean, and `--no-<flag>` turns it off. */
  readonly placeholder?: string;
  /** May be given several times; its value is then a list (in the environment: separated by commas). */
  readonly multiple?: boolean;
  /** Given without a flag: arguments are taken in the order of the options; one that is `multiple` takes all the rest. */
  readonly positional?: boolean;
}

/** What stands on the command line is wrong; whoever calls a program with it has to change the call. */
export class UsageError extends StartError {}

export interface Program<O extends Record<string, Option>> {
  readonly name: string;
  readonly summary: string;
  readonly options: O;
  /** Faults of options that do not go together; those that are faulty by themselves are left out of `values`. */
  readonly check?: (values: Readonly<Record<string, unknown>>) => readonly string[];
  readonly examples?: readonly string[];
}

export type OptionValues<O extends Record<string, Option>> = {
  readonly [K in keyof O]: O[K] extends Option<infer T> ? T : never;
};

/**
 * Reads a program's options. `--help` prints them and ends the process with 0.
 * @throws UsageError naming every fault at once: unknown flags, missing and malformed values, with what is allowed.
 */
export function readOptions<O extends Record<string, Option>>(
  program: Program<O>,
  argv: readonly string[] = process.argv.slice(2),
  env: NodeJS.ProcessEnv = process.env,
): OptionValues<O> {
  const [positional, flagged] = [true, false].map((wanted) =>
    Object.keys(program.options).filter((key) => (program.options[key]?.positional ?? false) === wanted),
  ) as [string[], string[]];
  const flags = new Map(flagged.map((key) => [kebab(key), key]));
  const { tokens } = parseArgs({
    args: [...argv],
    options: parserOptions(program.options),
    strict: false,
    allowNegative: true,
    allowPositionals: true,
    tokens: true,
  });
  const faults: string[] = [];
  const given = new Map<string, unknown[]>();
  for (const token of tokens) {
    if (token.kind === "positional") {
      const key = positional.find((name) => program.options[name]?.multiple === true || !given.has(name));
      if (key === undefined) faults.push(`unexpected argument "${token.value}"`);
      else given.set(key, [...(given.get(key) ?? []), token.value]);
    }
    if (token.kind !== "option") continue;
    if (token.name === "help" || token.rawName === "-h") {
      process.stdout.write(help(program));
      process.exit(0);
    }
    // With allowNegative the parser strips "no-" from known booleans only; an unknown `--no-x` arrives whole.
    const negative = token.rawName.startsWith("--no-") && !flags.has(token.rawName.slice(2));
    const name = negative ? token.rawName.slice(5) : token.name;
    const key = flags.get(name);
    if (key === undefined) {
      faults.push(`unknown option ${token.rawName}${suggestion(name, [...flags.keys()])}`);
      continue;
    }
    const isBoolean = program.options[key]?.placeholder === undefined;
    if (!isBoolean && token.value === undefined) faults.push(`option --${name} needs a value`);
    else if (isBoolean && token.value !== undefined)
      faults.push(`option --${name} takes no value, got "${token.value}"`);
    else given.set(key, [...(given.get(key) ?? []), isBoolean ? !negative : token.value]);
  }
  const values: Record<string, unknown> = Object.create(null);
  for (const [key, option] of Object.entries(program.options)) {
    const raw = given.get(key) ?? fromEnvironment(option, env);
    const parsed = option.schema.safeParse(option.multiple ? raw : raw?.at(-1));
    if (parsed.success) values[key] = parsed.data;
    else {
      const flag = option.positional ? argumentOf(key, option) : `--${kebab(key)}`;
      const where = given.has(key) || !option.env ? flag : `${option.env} (or ${flag})`;
      faults.push(`${where}: ${parsed.error.issues.map((issue) => issue.message).join("; ")}`);
    }
  }
  faults.push(...(program.check?.(values) ?? []));
  if (faults.length > 0)
    throw new UsageError(`${program.name}: ${faults.join("\n  ")}`, `See ${program.name} --help.`);
  return Object.freeze(values) as OptionValues<O>;
}

/** A whole number within bounds. */
export function wholeNumber(least: number, most: number) {
  const error = `must be a whole number from ${least} to ${most}`;
  return z.coerce.number({ error }).int(error).min(least, error).max(most, error);
}

function parserOptions(options: Record<string, Option>) {
  const entries = Object.entries(options).map(([key, option]) => [
    kebab(key),
    { type: option.placeholder === undefined ? ("boolean" as const) : ("string" as const), multiple: true },
  ]);
  return Object.fromEntries([...entries, ["help", { type: "boolean", short: "h" }]]);
}

function fromEnvironment(option: Option, env: NodeJS.ProcessEnv): unknown[] | undefined {
  const raw = option.env === undefined ? undefined : env[option.env];
  if (raw === undefined || raw === "") return undefined;
  if (option.placeholder === undefined) return [!["0", "false", "no", "off"].includes(raw.toLowerCase())];
  return option.multiple ? raw.split(",").map((part) => part.trim()) : [raw];
}

function help<O extends Record<string, Option>>(program: Program<O>): string {
  const entries = Object.entries(program.options);
  const rows = entries.map(([key, option]): [string, string] => [
    option.positional
      ? argumentOf(key, option)
      : `--${kebab(key)}${option.placeholder === undefined ? "" : ` ${option.placeholder}`}`,
    `${option.help}${option.env ? ` [${option.env}]` : ""}`,
  ]);
  const words = entries.flatMap(([key, option]) => (option.positional ? [argumentOf(key, option)] : []));
  const usage = words.length === 0 ? "" : `  ${[program.name, ...words, "[options]"].join(" ")}\n\n`;
  rows.push(["--help", "This text."]);
  const width = Math.max(...rows.map(([left]) => left.length));
  const lines = rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
  const examples = program.examples?.length
    ? `\nExamples:\n${program.examples.map((example) => `  ${example}`).join("\n")}\n`
    : "";
  return `${program.name}: ${program.summary}\n\n${usage}${lines.join("\n")}\n${examples}`;
}

/** `<folder>`, `[NAME=FILE ...]` */
function argumentOf(key: string, { schema, placeholder = key, multiple }: Option): string {
  const name = `${placeholder}${multiple ? " ..." : ""}`;
  return schema.safeParse(undefined).success ? `[${name}]` : `<${name}>`;
}

function suggestion(name: string, known: readonly string[]): string {
  const close = known.find((candidate) => candidate.startsWith(name.slice(0, 3)) || candidate.includes(name));
  return close === undefined ? "" : `, did you mean --${close}?`;
}

function kebab(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
