/**
 * What a command is: its options, and what it answers, for people and for machines.
 */
import type { Option, OptionValues, Program } from "../process/options.ts";

/** What a command found or did. */
export interface Result {
  /** False ends the program with 1. */
  readonly ok: boolean;
  /** For machines: printed as JSON with `ok` in front. */
  readonly data: object;
  /** For people. */
  readonly lines: readonly string[];
}

export interface Command<O extends Record<string, Option> = Record<string, Option>> {
  readonly options: O;
  readonly check?: NonNullable<Program<O>["check"]>;
  readonly examples: readonly string[];
  /**
   * Undefined from a command that goes on until it is stopped, and says by itself what it does.
   * @throws StartError, or RegistryRefusal of the registry
   */
  run(options: OptionValues<O>, surroundings: Surroundings): Promise<Result | undefined>;
}

export interface Surroundings {
  /** Tells what happens, while a command goes on: a line for people, a line of JSON for machines. */
  readonly tell: (event: string, data: object, line: string) => void;
}

/** Its options' types, as `run` has them. */
export function defineCommand<const O extends Record<string, Option>>(command: Command<O>): Command<O> {
  return command;
}
