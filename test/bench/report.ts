/**
 * What is printed: the machine, and a table for each phase (Markdown, so that it can be pasted as it is).
 */
import { cpus, loadavg, release, totalmem } from "node:os";
import { GATEWAYS, REFERENCE } from "./gateways.ts";
import type { Result } from "./load/main.ts";
import type { Sample } from "./run/measure.ts";
import type { Phase } from "./workloads/workload.ts";

/** Medians over the runs of one gateway in one phase. */
export type Row = Omit<Sample, "fault" | "wrong" | "seconds"> & {
  readonly runs: number;
  /** Over all runs. */
  readonly wrong: number;
  readonly fault: string | undefined;
};

export function describeMachine(pinningFault: string | undefined): string {
  const [cpu] = cpus();
  return [
    `${cpus().length} × ${cpu?.model.trim() ?? "unknown processor"}, ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}, Node ${process.versions.node}`,
    `load average before the run ${loadavg()[0]?.toFixed(1)}; ${pinningFault === undefined ? "the gateway has core 0 for itself, everything else runs on the others" : `WARNING: nothing is kept on its core (${pinningFault}); the figures mix the gateway with the load`}`,
  ].join("\n");
}

export function summarise(samples: readonly Sample[]): Row | undefined {
  const [first] = samples;
  if (first === undefined) return undefined;
  const median = (pick: (sample: Sample) => number): number => {
    const values = samples.map(pick).sort((one, other) => one - other);
    const middle = values.length >> 1;
    return values.length % 2 === 1
      ? (values[middle] ?? 0)
      : ((values[middle - 1] ?? 0) + (values[middle] ?? 0)) / 2;
  };
  return {
    phase: first.phase,
    gateway: first.gateway,
    runs: samples.length,
    // The rate, not the number: runs end when the last answer has come.
    requests: median(({ requests, seconds }) => requests / seconds),
    p50: median(({ p50 }) => p50),
    p99: median(({ p99 }) => p99),
    cpuPerRequest: median(({ cpuPerRequest }) => cpuPerRequest),
    gatewayBusy: median(({ gatewayBusy }) => gatewayBusy),
    restBusy: median(({ restBusy }) => restBusy),
    peakMiB: median(({ peakMiB }) => peakMiB),
    calls: first.calls === undefined ? undefined : median(({ calls = 0 }) => calls),
    wrong: samples.reduce((sum, { wrong }) => sum + wrong, 0),
    fault: samples.find(({ fault }) => fault !== undefined)?.fault,
  };
}

/** @param direct the same requests, sent to the subgraph itself */
export function phaseTable(phase: Phase, rows: readonly Row[], direct: Result | undefined): string {
  const { against = REFERENCE } = phase;
  const reference = rows.find(({ gateway, wrong }) => gateway === against && wrong === 0);
  const cells = [
    [
      "gateway",
      "requests/s",
      `× ${against}`,
      "p50 ms",
      "p99 ms",
      "CPU ms/request",
      "× less CPU",
      "its core",
      "other core",
      "peak MiB",
      "subgraph calls",
      "answers",
    ],
    ...rows.map((row) => [
      GATEWAYS.find(({ id }) => id === row.gateway)?.title ?? row.gateway,
      number(row.requests),
      reference === undefined || row.wrong > 0 ? "–" : number(row.requests / reference.requests),
      number(row.p50),
      number(row.p99),
      number(row.cpuPerRequest),
      reference === undefined || row.wrong > 0 ? "–" : number(reference.cpuPerRequest / row.cpuPerRequest),
      percent(row.gatewayBusy),
      percent(row.restBusy),
      row.peakMiB.toFixed(0),
      row.calls === undefined ? "–" : number(row.calls),
      row.wrong === 0 ? "right" : `${row.wrong} WRONG`,
    ]),
    ...(direct === undefined
      ? []
      : [
          [
            "(the subgraph itself)",
            number(direct.requests / direct.seconds),
            "–",
            number(direct.p50),
            number(direct.p99),
            ...Array.from({ length: 6 }, () => "–"),
            direct.wrong === 0 ? "right" : `${direct.wrong} WRONG`,
          ],
        ]),
  ];
  const faults = rows.flatMap(({ gateway, fault }) => (fault === undefined ? [] : [`${gateway}: ${fault}`]));
  const steps = against === REFERENCE ? [] : stepsBetween(rows);
  return [`### ${phase.id}: ${phase.title}`, "", ...markdown(cells), ...steps, ...faults].join("\n");
}

/** What each row takes more than the one above it, where each does what that does and something else. */
function stepsBetween(rows: readonly Row[]): readonly string[] {
  const lines = rows.slice(1).flatMap((row, index) => {
    const before = rows[index];
    if (before === undefined || row.calls === undefined) return [];
    const more = row.cpuPerRequest - before.cpuPerRequest;
    const perCall = more / row.calls;
    return [`${row.gateway}: ${milliseconds(more)} more a request, ${milliseconds(perCall)} a subgraph call`];
  });
  return lines.length === 0 ? [] : ["", "CPU beside the row above:", "", ...lines.map((line) => `- ${line}`)];
}

function milliseconds(value: number): string {
  return `${value.toFixed(3)} ms`;
}

function markdown(cells: readonly (readonly string[])[]): string[] {
  const widths = (cells[0] ?? []).map((_, column) =>
    Math.max(...cells.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join(" | ")} |`;
  const rule = `|${widths.map((width, column) => `${"-".repeat(width + 1)}${column === 0 ? "-" : ":"}`).join("|")}|`;
  const [head = [], ...rows] = cells;
  return [line(head), rule, ...rows.map(line)];
}

/** Three significant digits, whole from 100 on. */
function number(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString("en") : value.toPrecision(3);
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
