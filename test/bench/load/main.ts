/**
 * The load generator, a process of its own: keeps a number of connections busy, each with one request after another,
 * and compares every answer with the one expected. Takes jobs from its parent, one at a time.
 */
import { runProgram, announceReady } from "../../../process/lifecycle.ts";
import { Connection, type Answer } from "./connection.ts";
import { normalise } from "./normalise.ts";

export interface ExpectedOperation {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  /** The right answer, normalised. */
  readonly expected: string;
}

export interface Job {
  readonly url: string;
  readonly operations: readonly ExpectedOperation[];
  readonly connections: number;
  /** After that nothing more is sent; what is under way is waited for. */
  readonly seconds: number;
  /** Every operation is sent once, unless time runs out. Otherwise they are sent in turn, again and again. */
  readonly once: boolean;
  /** Every request has an Authorization header that no other has. */
  readonly authorize: boolean;
  /** Authorization of the connections, in turn; none where there are none. */
  readonly tokens?: readonly string[] | undefined;
}

export interface Result {
  readonly requests: number;
  /** From the first request to the last answer. */
  readonly seconds: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Answers that were not the expected ones, or none at all. */
  readonly wrong: number;
  /** About the first of them. */
  readonly fault: string | undefined;
}

/** Different bytes that were found to be the expected answer; a gateway has few ways of writing the same. */
const KNOWN = 8;

/** After the last request was sent. */
const ANSWER_WITHIN_SECONDS = 30;

interface Prepared extends ExpectedOperation {
  /** Without a header of its own, complete. */
  readonly bytes: Buffer;
  readonly known: Buffer[];
}

let authorized = 0;

runProgram(async () => {
  process.on("message", (job: Job) => {
    void run(job).then((result) => process.send?.(result));
  });
  process.channel?.ref();
  announceReady({});
});

async function run({
  url,
  operations,
  connections,
  seconds,
  once,
  authorize,
  tokens = [],
}: Job): Promise<Result> {
  const { hostname, port, pathname, host } = new URL(url);
  const head = `POST ${pathname} HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\naccept: application/json\r\n`;
  const isAuthorized = authorize || tokens.length > 0;
  const prepared = operations.map((operation): Prepared => {
    const { query, variables } = operation;
    const body = JSON.stringify({ query, ...(Object.keys(variables).length > 0 && { variables }) });
    const text = `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
    return { ...operation, bytes: Buffer.from(isAuthorized ? text : head + text), known: [] };
  });
  const opened = await Promise.all(
    Array.from({ length: connections }, () => Connection.open(Number(port), hostname)),
  );
  const latencies: number[] = [];
  let wrong = 0;
  let fault: string | undefined;
  let sent = 0;
  const began = performance.now();
  const until = began + seconds * 1000;

  function next(): Prepared | undefined {
    if (performance.now() >= until || (once && sent >= prepared.length)) return undefined;
    const operation = prepared[sent % prepared.length];
    sent += 1;
    return operation;
  }

  async function keepBusy(connection: Connection, index: number): Promise<void> {
    const token = tokens[index % tokens.length];
    const own = token === undefined ? undefined : Buffer.from(`${head}authorization: Bearer ${token}\r\n`);
    for (let operation = next(); operation !== undefined; operation = next()) {
      const bytes =
        own !== undefined
          ? Buffer.concat([own, operation.bytes])
          : authorize
            ? withAuthorization(head, operation.bytes)
            : operation.bytes;
      const at = performance.now();
      const asked = operation;
      const answer = await new Promise<Answer | Error>((settle) => connection.send(bytes, settle));
      latencies.push(performance.now() - at);
      const found = findFault(asked, answer);
      if (found === undefined) continue;
      wrong += 1;
      fault ??= found;
      // A broken connection would fail at once for every request that is left.
      if (answer instanceof Error) return;
    }
  }

  // A gateway that never answers must not hold the benchmark up for ever.
  const patience = setTimeout(
    () => {
      for (const connection of opened) connection.close();
    },
    (seconds + ANSWER_WITHIN_SECONDS) * 1000,
  );
  await Promise.all(opened.map(keepBusy));
  clearTimeout(patience);
  const took = (performance.now() - began) / 1000;
  for (const connection of opened) connection.close();
  latencies.sort((one, other) => one - other);
  const rank = (share: number) =>
    latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0;
  return { requests: latencies.length, seconds: took, p50: rank(0.5), p99: rank(0.99), wrong, fault };
}

function withAuthorization(head: string, rest: Buffer): Buffer {
  authorized += 1;
  return Buffer.concat([Buffer.from(`${head}authorization: Bearer ${process.pid}-${authorized}\r\n`), rest]);
}

/** What is wrong with an answer. The same bytes are judged once. */
function findFault({ expected, known }: Prepared, answer: Answer | Error): string | undefined {
  if (answer instanceof Error) return answer.message;
  const { status, body } = answer;
  if (known.some((bytes) => bytes.equals(body))) return undefined;
  let found: string;
  try {
    found = normalise(body.toString());
  } catch {
    return `HTTP ${status}, not JSON: ${body.toString().slice(0, 200)}`;
  }
  if (status !== 200 || found !== expected) return `HTTP ${status}: ${difference(found, expected)}`;
  if (known.length >= KNOWN) known.shift();
  known.push(body);
  return undefined;
}

function difference(found: string, expected: string): string {
  let at = 0;
  while (at < expected.length && found[at] === expected[at]) at += 1;
  const from = Math.max(0, at - 60);
  return `…${found.slice(from, at + 200)} instead of …${expected.slice(from, at + 100)}`;
}
