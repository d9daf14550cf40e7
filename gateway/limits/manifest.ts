/**
 * Operations that clients were built with, from a file: Apollo's manifest
 * (`{"format": "apollo-persisted-query-manifest", "version": 1, "operations": [{"id", "body"}]}`), or Relay's map of
 * texts by id.
 */
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { StartError } from "../../process/lifecycle.ts";
import type { Logger } from "../../process/log.ts";
import { watchFile } from "../../process/watch.ts";

export interface Manifest {
  /** Text by id. */
  readonly byId: ReadonlyMap<string, string>;
  /** Texts, without the white space around them. */
  readonly texts: ReadonlySet<string>;
}

export interface Manifests {
  readonly current: Manifest;
  readonly close: () => void;
}

const APOLLO_FORMAT = "apollo-persisted-query-manifest";

const APOLLO = z.object({
  format: z.literal(APOLLO_FORMAT),
  version: z.literal(1),
  operations: z.array(z.object({ id: z.string().min(1), body: z.string().min(1) })),
});
const RELAY = z.record(z.string(), z.string().min(1));

/**
 * Reads the file, and again whenever it changes; a faulty one is logged, and the last good one stays.
 * @throws StartError when there is none to begin with.
 */
export async function openManifest(file: string, log: Logger): Promise<Manifests> {
  let current = await readManifest(file);
  async function readAgain(): Promise<void> {
    try {
      current = await readManifest(file);
      log.info({ operations: current.byId.size }, "manifest of operations loaded anew");
    } catch (error) {
      log.error({ err: error }, "manifest of operations is faulty, the last good one stays");
    }
  }

  const close = watchFile(file, () => void readAgain());
  return {
    get current() {
      return current;
    },
    close,
  };
}

async function readManifest(file: string): Promise<Manifest> {
  try {
    const parsed: unknown = JSON.parse(await readFile(file, "utf8"));
    const byId = new Map(entriesOf(parsed));
    return { byId, texts: new Set([...byId.values()].map((text) => text.trim())) };
  } catch (error) {
    throw new StartError(
      `${file} is no manifest of operations: ${(error as Error).message}`,
      "Generate it with the client's tools: Apollo's persisted query manifest, or Relay's map of persisted queries.",
    );
  }
}

function entriesOf(parsed: unknown): readonly (readonly [string, string])[] {
  const isApollo = typeof parsed === "object" && parsed !== null && "format" in parsed;
  const read = isApollo ? APOLLO.safeParse(parsed) : RELAY.safeParse(parsed);
  if (!read.success)
    throw new Error(
      read.error.issues.map(({ path, message }) => `${path.join(".") || "the file"}: ${message}`).join("; "),
    );
  return isApollo
    ? (read.data as z.output<typeof APOLLO>).operations.map(({ id, body }) => [id, body] as const)
    : Object.entries(read.data as z.output<typeof RELAY>);
}
