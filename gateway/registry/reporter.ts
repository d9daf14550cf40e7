/**
 * Tells the registry what clients ask: which operation, by which client, how often. Counted on the request's path, and
 * nothing else; everything more, every few seconds beside it. Never a value, neither of a variable nor of a literal.
 *
 * A client names itself by the headers `apollographql-client-name` and `-version`, or `x-client-name` and `-version`.
 */
import type { IncomingHttpHeaders } from "node:http";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { DocumentNode, GraphQLSchema } from "graphql";
import type { Logger } from "../../process/log.ts";
import type { RequestContext } from "../context.ts";
import { createRegistryClient } from "./client.ts";
import type { RegistryAccess } from "./follow.ts";
import { type RecordedOperation, recordOperation } from "./usage-document.ts";
import type { OperationReport } from "./usage-sql.ts";

export interface UsageReporter {
  /** Counts a request that was answered. */
  record(
    graph: { readonly variant: string; readonly schema: GraphQLSchema },
    context: Pick<RequestContext, "operation" | "errorCodes">,
    headers: IncomingHttpHeaders,
  ): void;
  /** Sends what is counted, and ends. */
  close(): Promise<void>;
}

interface Count {
  readonly document: DocumentNode;
  readonly name: string | undefined;
  readonly variant: string;
  readonly schema: GraphQLSchema;
  readonly client: string;
  readonly clientVersion: string;
  requests: number;
  errors: number;
}

const EVERY_MS = 3_000;
const DEADLINE_MS = 5_000;
/** Pairs of operation and client that are counted between two reports; more are not, while the registry is away too. */
const MOST_COUNTS = 2_000;
/** Characters of one report, about; an entry has at least so many. */
const LARGEST_REPORT = 300_000;
const ENTRY_SIZE = 400;
const LONGEST_DOCUMENT = 50_000;
const LONGEST_LABEL = 100;

/** @param every milliseconds between two reports */
export function reportUsage({ url, key }: RegistryAccess, log: Logger, every = EVERY_MS): UsageReporter {
  const client = createRegistryClient({ url, key, deadline: DEADLINE_MS });
  const digests = new WeakMap<DocumentNode, Map<string, RecordedOperation | undefined>>();
  let counts = new Map<DocumentNode, Map<string, Count>>();
  let size = 0;
  let dropped = 0;
  let sending: Promise<void> = Promise.resolve();

  function count(entry: Count): void {
    const { document, name = "", variant, client: who, clientVersion } = entry;
    const ofDocument = counts.get(document) ?? new Map<string, Count>();
    const label = `${name}\n${variant}\n${who}\n${clientVersion}`;
    const known = ofDocument.get(label);
    if (known !== undefined) {
      known.requests += entry.requests;
      known.errors += entry.errors;
    } else if (size < MOST_COUNTS) {
      counts.set(document, ofDocument.set(label, entry));
      size += 1;
    } else dropped += entry.requests;
  }

  async function send(): Promise<void> {
    const taken = [...counts.values()].flatMap((ofDocument) => [...ofDocument.values()]);
    counts = new Map();
    size = 0;
    if (dropped > 0) log.warn({ requests: dropped }, "more operations than are counted");
    dropped = 0;
    while (taken.length > 0) {
      const batch: Count[] = [];
      const operations: OperationReport[] = [];
      for (let characters = 0; taken.length > 0 && characters < LARGEST_REPORT; ) {
        const entry = taken.shift()!;
        batch.push(entry);
        const recorded = digest(entry);
        if (recorded !== undefined) operations.push(reportOf(entry, recorded));
        characters +=
          ENTRY_SIZE + (recorded?.document.length ?? 0) + (recorded?.coordinates.length ?? 0) * 40;
        // Requests go before: one operation takes a millisecond, hundreds would be felt.
        await nextTurn();
      }
      try {
        if (operations.length > 0) await client.usage({ operations: operations as never });
      } catch (error) {
        log.debug({ error: String(error) }, "usage is not reported, counted on");
        for (const entry of [...batch, ...taken]) count(entry);
        return;
      }
    }
  }

  function digest({ document, name, variant, schema }: Count): RecordedOperation | undefined {
    const known = digests.get(document) ?? new Map<string, RecordedOperation | undefined>();
    digests.set(document, known);
    const label = `${name ?? ""}\n${variant}`;
    if (!known.has(label)) known.set(label, recordOperation(document, name, schema));
    const recorded = known.get(label);
    return recorded !== undefined && recorded.document.length <= LONGEST_DOCUMENT ? recorded : undefined;
  }

  const flush = (): Promise<void> => {
    sending = sending.then(send).catch((error: unknown) => {
      log.error({ err: error }, "usage could not be reported");
    });
    return sending;
  };
  let isSending = false;
  const timer = setInterval(() => {
    if (isSending) return;
    isSending = true;
    void flush().finally(() => {
      isSending = false;
    });
  }, every);
  timer.unref();

  return {
    record({ variant, schema }, { operation, errorCodes }, headers) {
      if (operation?.document === undefined) return;
      count({
        document: operation.document,
        name: operation.name,
        variant,
        schema,
        ...clientOf(headers),
        requests: 1,
        errors: errorCodes.length > 0 ? 1 : 0,
      });
    },
    async close() {
      clearInterval(timer);
      await flush();
    },
  };
}

function reportOf(entry: Count, recorded: RecordedOperation): OperationReport {
  const { variant, client, clientVersion, requests, errors } = entry;
  const { hash, name, kind, document, coordinates } = recorded;
  return {
    hash,
    name: name?.slice(0, LONGEST_LABEL) ?? null,
    kind,
    document,
    coordinates,
    variant,
    client,
    clientVersion,
    requests,
    errors,
  };
}

function clientOf(headers: IncomingHttpHeaders): { client: string; clientVersion: string } {
  return {
    client: printable(headers["apollographql-client-name"] ?? headers["x-client-name"]),
    clientVersion: printable(headers["apollographql-client-version"] ?? headers["x-client-version"]),
  };
}

/** Printable, short, and something in any case. */
function printable(value: string | readonly string[] | undefined): string {
  const text = typeof value === "string" ? value.replaceAll(/[^\w .:@/+-]/g, "").trim() : "";
  return text.slice(0, LONGEST_LABEL) || "unknown";
}
