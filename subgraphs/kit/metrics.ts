/**
 * What a subgraph's server counts, in the text form that Prometheus reads (exposition format 0.0.4).
 */
import { channel } from "node:diagnostics_channel";
import { statementChannel } from "../../process/database.ts";

/** Published for every call to the system behind a source, by its end: a `SourceCall`. */
export const sourceCallChannel = channel("lienthong:source-call");

export interface SourceCall {
  readonly agency: string;
  readonly service: string;
  readonly outcome: "answered" | "unchanged" | "refused" | "failed" | "unreachable";
  readonly seconds: number;
}

export interface Metrics {
  request(status: number, seconds: number): void;
  error(code: string): void;
  /** All of it, as text. */
  text(): string;
  close(): void;
}

export const METRICS_CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/** Seconds; of a request that reads by key, up to one that waits for a slow system. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Statements and calls of the whole process are counted: a server of several agencies names each by its label. */
export function startMetrics(): Metrics {
  const requests = new Counter("lienthong_subgraph_requests_total", "GraphQL requests by HTTP status.", [
    "status",
  ]);
  const errors = new Counter("lienthong_subgraph_errors_total", "GraphQL errors by code.", ["code"]);
  const latency = new Histogram("lienthong_subgraph_request_seconds", "Time from request to answer.", []);
  const statements = new Counter("lienthong_subgraph_statements_total", "SQL statements sent.", ["database"]);
  const calls = new Histogram("lienthong_subgraph_source_seconds", "Calls to the systems behind sources.", [
    "agency",
    "service",
    "outcome",
  ]);
  const countStatement = (message: unknown): void =>
    statements.add([(message as { database: string }).database]);
  const countCall = (message: unknown): void => {
    const { agency, service, outcome, seconds } = message as SourceCall;
    calls.observe([agency, service, outcome], seconds);
  };
  statementChannel.subscribe(countStatement);
  sourceCallChannel.subscribe(countCall);
  return {
    request: (status, seconds) => {
      requests.add([String(status)]);
      latency.observe([], seconds);
    },
    error: (code) => errors.add([code]),
    text: () =>
      [requests, errors, latency, statements, calls, processMetrics()].map((one) => one.text()).join(""),
    close: () => {
      statementChannel.unsubscribe(countStatement);
      sourceCallChannel.unsubscribe(countCall);
    },
  };
}

class Counter {
  readonly #name: string;
  readonly #help: string;
  readonly #labels: readonly string[];
  readonly #counts = new Map<string, number>();

  constructor(name: string, help: string, labels: readonly string[]) {
    this.#name = name;
    this.#help = help;
    this.#labels = labels;
  }

  add(values: readonly string[]): void {
    const key = labelsOf(this.#labels, values);
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }

  text(): string {
    const lines = [...this.#counts].map(([key, count]) => `${this.#name}${braced(key)} ${count}\n`);
    return `${head(this.#name, this.#help, "counter")}${lines.join("")}`;
  }
}

class Histogram {
  readonly #name: string;
  readonly #help: string;
  readonly #labels: readonly string[];
  /** Observations by bucket, the last beyond all bounds. */
  readonly #series = new Map<string, { readonly counts: number[]; sum: number }>();

  constructor(name: string, help: string, labels: readonly string[]) {
    this.#name = name;
    this.#help = help;
    this.#labels = labels;
  }

  observe(values: readonly string[], seconds: number): void {
    const key = labelsOf(this.#labels, values);
    let series = this.#series.get(key);
    if (series === undefined)
      this.#series.set(
        key,
        (series = { counts: Array.from({ length: BUCKETS.length + 1 }, () => 0), sum: 0 }),
      );
    const found = BUCKETS.findIndex((bound) => seconds <= bound);
    const bucket = found === -1 ? BUCKETS.length : found;
    series.counts[bucket] = (series.counts[bucket] ?? 0) + 1;
    series.sum += seconds;
  }

  text(): string {
    let text = head(this.#name, this.#help, "histogram");
    for (const [key, { counts, sum }] of this.#series) {
      let total = 0;
      for (const [index, count] of counts.entries()) {
        total += count;
        const bound = labelsOf(["le"], [String(BUCKETS[index] ?? "+Inf")]);
        text += `${this.#name}_bucket${braced(key === "" ? bound : `${key},${bound}`)} ${total}\n`;
      }
      text += `${this.#name}_sum${braced(key)} ${sum}\n${this.#name}_count${braced(key)} ${total}\n`;
    }
    return text;
  }
}

/** By the names that Prometheus' own clients use. */
function processMetrics(): { text(): string } {
  const { user, system } = process.cpuUsage();
  const gauges: readonly (readonly [string, string, string, number])[] = [
    ["process_cpu_seconds_total", "Processor time used.", "counter", (user + system) / 1e6],
    ["process_resident_memory_bytes", "Memory in use.", "gauge", process.memoryUsage.rss()],
    ["process_start_time_seconds", "When it began.", "gauge", performance.timeOrigin / 1000],
  ];
  return {
    text: () =>
      gauges.map(([name, help, type, value]) => `${head(name, help, type)}${name} ${value}\n`).join(""),
  };
}

function head(name: string, help: string, type: string): string {
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`;
}

function labelsOf(names: readonly string[], values: readonly string[]): string {
  return names.map((name, index) => `${name}="${escaped(values[index] ?? "")}"`).join(",");
}

function escaped(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}

function braced(labels: string): string {
  return labels === "" ? "" : `{${labels}}`;
}
