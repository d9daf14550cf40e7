/**
 * What a program and everything it has started take of the machine, from /proc (Linux).
 */
import { readdirSync, readFileSync } from "node:fs";

export interface Usage {
  /** Processor time since the start. */
  readonly cpuSeconds: number;
  /** Each process' largest resident memory, summed. */
  readonly peakMiB: number;
  /** Resident memory now, summed. */
  readonly residentMiB: number;
}

/** Of one second; the kernel counts processor time in hundredths (USER_HZ). */
const TICKS = 100;

interface Process {
  readonly parent: number;
  readonly ticks: number;
}

export function usageOf(pid: number): Usage {
  const processes = readProcesses();
  const tree = [pid];
  // The list grows while it is walked: children of children are found too.
  for (const member of tree)
    for (const [candidate, { parent }] of processes) if (parent === member) tree.push(candidate);
  return {
    cpuSeconds: tree.reduce((sum, member) => sum + (processes.get(member)?.ticks ?? 0), 0) / TICKS,
    peakMiB: tree.reduce((sum, member) => sum + memoryOf(member, "VmHWM"), 0) / 1024,
    residentMiB: tree.reduce((sum, member) => sum + memoryOf(member, "VmRSS"), 0) / 1024,
  };
}

function readProcesses(): ReadonlyMap<number, Process> {
  const processes = new Map<number, Process>();
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const stat = read(`/proc/${name}/stat`);
    // The program's name, in parentheses, may hold blanks; the fields are counted behind it (proc_pid_stat(5)).
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [, parent] = fields;
    // User and system time, of the process and of its children that have ended.
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
    if (parent !== undefined) processes.set(Number(name), { parent: Number(parent), ticks });
  }
  return processes;
}

/** Kibibytes. */
function memoryOf(pid: number, field: "VmHWM" | "VmRSS"): number {
  const line = read(`/proc/${pid}/status`)
    .split("\n")
    .find((each) => each.startsWith(`${field}:`));
  return Number(/\d+/.exec(line ?? "")?.[0] ?? 0);
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    // It has ended since the list was made.
    return "";
  }
}
