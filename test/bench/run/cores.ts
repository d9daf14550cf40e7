/**
 * Who runs on which core: the gateway has the first for itself, and everything else shares the others.
 */
import { spawnSync } from "node:child_process";
import { availableParallelism } from "node:os";

export type Place = "gateway" | "rest";

const CORES: Readonly<Record<Place, string>> = {
  gateway: "0",
  rest: availableParallelism() > 2 ? `1-${availableParallelism() - 1}` : "1",
};

const hasSetpriv = spawnSync("setpriv", ["--pdeathsig", "TERM", "true"]).status === 0;

/** Whether programs can be kept on their cores here; if not, why. */
export function pinningFault(): string | undefined {
  if (availableParallelism() < 2) return "this machine has one core only";
  const { error, status } = spawnSync("taskset", ["-c", CORES.gateway, "true"]);
  return error === undefined && status === 0 ? undefined : "taskset (util-linux) is missing or refused";
}

/** The command that runs another on its core. `taskset` becomes that program: same process, same channels. */
export function pinned(place: Place, command: readonly string[], pinning: boolean): readonly string[] {
  return pinning ? ["taskset", "-c", CORES[place], ...command] : command;
}

/** The command that runs another and ends it when this process was killed. Where setpriv (util-linux) is missing, it is not. */
export function orphanless(command: readonly string[]): readonly string[] {
  return hasSetpriv ? ["setpriv", "--pdeathsig", "TERM", ...command] : command;
}

/** Takes this process out of the gateway's way. */
export function pinMyself(): void {
  spawnSync("taskset", ["-cp", CORES.rest, `${process.pid}`]);
}
