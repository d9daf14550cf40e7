/**
 * Messages to other agencies: written in the transaction of the change that causes them, delivered through the gateway
 * at least once, in order within a topic; the receiver's idempotency key makes the effect happen exactly once.
 *
 * A queue library would keep a schema and a polling connection in each of some twenty databases of one process; this
 * needs one table, and sleeps while there is nothing to deliver.
 */
import { readFile } from "node:fs/promises";
import type { Logger } from "../../process/log.ts";
import type { Database, Queryable } from "../../process/database.ts";
import { ERRORS, TEMPORARY_ERRORS } from "./errors.ts";

export interface Message {
  /** Messages of one topic are delivered one after another. */
  readonly topic: string;
  /** A GraphQL mutation. */
  readonly document: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

export interface Outbox {
  /** Tries what is due now; resolves when it has been tried, or after `patienceMs` at the latest. Never rejects. */
  flush(patienceMs?: number): Promise<void>;
  close(): Promise<void>;
}

/** Of an agency that changes nothing, and so has nothing to tell. */
export const NO_OUTBOX: Outbox = { flush: () => Promise.resolve(), close: () => Promise.resolve() };

interface Claimed {
  id: number;
  document: string;
  variables: Record<string, unknown>;
  attempts: number;
}

type Outcome = { kind: "delivered" } | { kind: "refused" | "failed"; reason: string };

const BATCH = 16;
/** A claimed message is tried again after this time if its process dies before it has heard the answer. */
const LEASE_SECONDS = 30;
const SWEEP_MS = 30_000;
const DELIVERY_DEADLINE_MS = 10_000;
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 300_000;

/** Adds a message to the transaction of the change that causes it. */
export async function enqueue(tx: Queryable, message: Message): Promise<void> {
  await tx.query("insert into outbox (topic, document, variables) values ($1, $2, $3)", [
    message.topic,
    message.document,
    JSON.stringify(message.variables),
  ]);
}

/** Where messages go. */
export interface Gateway {
  readonly gatewayUrl: string;
  /** Holds the token that shows who sends them; read for every message, so that it may be renewed. */
  readonly gatewayTokenFile?: string | undefined;
}

/** Starts delivering a database's messages to the gateway. */
export function startOutbox(database: Database, gateway: Gateway, log: Logger): Outbox {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let closed = false;
  const abort = new AbortController();

  const drain = async (): Promise<void> => {
    try {
      for (;;) {
        const messages = closed ? [] : await claim(database);
        if (messages.length === 0) break;
        await Promise.all(
          messages.map((message) => deliverOne(database, gateway, message, log, abort.signal)),
        );
      }
      schedule(await nextAttemptIn(database));
    } catch (error) {
      // The database is away: what is in it waits, nothing is lost.
      if (!closed) log.warn({ error: String(error) }, "outbox not readable, trying again");
      schedule(SWEEP_MS);
    }
  };
  const schedule = (delay: number): void => {
    clearTimeout(timer);
    if (closed) return;
    timer = setTimeout(() => void run(), Math.min(Math.max(delay, 10), SWEEP_MS));
    timer.unref();
  };
  const run = (): Promise<void> => {
    // A message enqueued while a drain is ending must not wait for the sweep: drain once more after it.
    running = (running ?? Promise.resolve()).then(drain);
    return running;
  };

  schedule(0);
  return {
    flush: async (patienceMs = 1_000) => {
      const patience = new AbortController();
      await Promise.race([run(), sleep(patienceMs, patience.signal)]);
      patience.abort();
    },
    close: async () => {
      closed = true;
      clearTimeout(timer);
      abort.abort();
      await running;
    },
  };
}

/** Takes due messages, the oldest of each topic only, and leases them to this process. */
function claim(database: Database): Promise<Claimed[]> {
  return database.query<Claimed & Record<string, unknown>>(
    `update outbox set attempts = attempts + 1, next_attempt_at = now() + make_interval(secs => $1)
     where id in (
       select id from outbox candidate
       where refused_at is null and next_attempt_at <= now() and not exists (
         select from outbox earlier
         where earlier.topic = candidate.topic and earlier.id < candidate.id and earlier.refused_at is null)
       order by id limit $2 for update skip locked)
     returning id, document, variables, attempts`,
    [LEASE_SECONDS, BATCH],
  );
}

async function nextAttemptIn(database: Database): Promise<number> {
  const [row] = await database.query<{ delay: number | null }>(
    `select extract(epoch from min(next_attempt_at) - now())::float8 * 1000 as delay
     from outbox where refused_at is null`,
  );
  return row?.delay ?? SWEEP_MS;
}

async function deliverOne(
  database: Database,
  gateway: Gateway,
  message: Claimed,
  log: Logger,
  signal: AbortSignal,
): Promise<void> {
  const outcome = await post(gateway, message, signal);
  if (outcome.kind === "delivered") {
    await database.query("delete from outbox where id = $1", [message.id]);
  } else if (outcome.kind === "refused") {
    log.error(
      { message: message.id, reason: outcome.reason },
      "message refused for good, kept in the outbox",
    );
    await database.query("update outbox set refused_at = now(), last_error = $2 where id = $1", [
      message.id,
      outcome.reason,
    ]);
  } else {
    // Half fixed, half random: many messages that failed together must not come back together.
    const wait = Math.min(FIRST_RETRY_MS * 2 ** (message.attempts - 1), LONGEST_RETRY_MS);
    const delay = wait / 2 + (Math.random() * wait) / 2;
    log.warn(
      { message: message.id, attempts: message.attempts, reason: outcome.reason },
      "message not delivered yet",
    );
    await database.query(
      "update outbox set next_attempt_at = now() + make_interval(secs => $2), last_error = $3 where id = $1",
      [message.id, delay / 1000, outcome.reason],
    );
  }
}

/** A refusal by the rules of the domain is final; everything else may be different next time. */
async function post(
  { gatewayUrl, gatewayTokenFile }: Gateway,
  message: Claimed,
  signal: AbortSignal,
): Promise<Outcome> {
  try {
    const token = gatewayTokenFile === undefined ? undefined : await readFile(gatewayTokenFile, "utf8");
    const response = await fetch(gatewayUrl, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept: "application/json",
        ...(token !== undefined && { authorization: `Bearer ${token.trim()}` }),
      },
      body: JSON.stringify({ query: message.document, variables: message.variables }),
      signal: AbortSignal.any([signal, AbortSignal.timeout(DELIVERY_DEADLINE_MS)]),
    });
    const body = (await response.json()) as {
      errors?: { message: string; extensions?: { code?: string } }[];
    };
    const [error] = body.errors ?? [];
    if (error === undefined && response.ok) return { kind: "delivered" };
    const code = error?.extensions?.code ?? `HTTP ${response.status}`;
    const reason = `${code}: ${error?.message ?? "no answer in GraphQL's form"}`;
    const isFinal = Object.hasOwn(ERRORS, code) && !TEMPORARY_ERRORS.has(code);
    return { kind: isFinal ? "refused" : "failed", reason };
  } catch (error) {
    // fetch itself says only "fetch failed": what failed stands in the cause.
    const cause: unknown = error instanceof TypeError && error.cause ? error.cause : error;
    return { kind: "failed", reason: cause instanceof Error ? cause.message : String(cause) };
  }
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
