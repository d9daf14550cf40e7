/**
 * The public keys by which a subgraph knows its gateway (RFC 7517): from a file, or from the gateway's own address.
 * Both are read anew now and then, and when a request names a key that is not among them, so that keys are rotated
 * without a restart.
 */
import { createPublicKey, type KeyObject } from "node:crypto";
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { StartError } from "../../process/lifecycle.ts";
import type { Logger } from "../../process/log.ts";

export interface GatewayKeys {
  /** By its `kid`. @throws KeysUnreachable when they could not be had so far. */
  find(keyId: string): Promise<KeyObject | undefined>;
}

export class KeysUnreachable extends Error {
  override readonly name = "KeysUnreachable";
}

/** Milliseconds after which keys are read again; those there are count meanwhile. */
const FRESH_FOR = 60_000;
/** Milliseconds for which they count where they cannot be read again. */
const KEPT_FOR = 24 * 3_600_000;
/** Milliseconds between two attempts: whoever sends unknown keys makes nobody read them more often. */
const ATTEMPTS_APART = 1_000;
/** Milliseconds. */
const FETCH_TIMEOUT = 5_000;
/** Characters. */
const LONGEST_SET = 100_000;

const setSchema = z.object({ keys: z.array(z.record(z.string(), z.unknown())) });
const keySchema = z.object({
  kty: z.literal("OKP"),
  crv: z.literal("Ed25519"),
  x: z.string(),
  kid: z.string().min(1),
});

/**
 * @param source a file, or an http or https URL, which need not answer yet
 * @throws StartError when a file cannot be read, or has no key.
 */
export async function openGatewayKeys(source: string, log: Logger): Promise<GatewayKeys> {
  const isUrl = /^https?:\/\//.test(source);
  let keys: ReadonlyMap<string, KeyObject> | undefined;
  let readAt = 0;
  let triedAt = -Infinity;
  let reading: Promise<void> | undefined;

  async function read(): Promise<void> {
    triedAt = performance.now();
    keys = readKeys(isUrl ? await fetchText(source) : await readFile(source, "utf8"));
    readAt = performance.now();
  }

  /** One at a time, and never too often; what there is stays when it fails. */
  function readAgain(): Promise<void> {
    if (reading === undefined && performance.now() - triedAt < ATTEMPTS_APART) return Promise.resolve();
    reading ??= read()
      .catch((error: unknown) => log.error({ err: error, source }, "the gateway's keys cannot be read"))
      .finally(() => {
        reading = undefined;
      });
    return reading;
  }

  if (!isUrl)
    await read().catch((error: Error) => {
      throw new StartError(
        `--gateway-keys ${source}: ${error.message}`,
        "lienthong gateway-key show prints a gateway's public keys; it also serves them at /.well-known/gateway-keys.json.",
      );
    });
  return {
    async find(keyId) {
      const age = performance.now() - readAt;
      if (keys === undefined || age > KEPT_FOR) await readAgain();
      else if (age > FRESH_FOR) void readAgain();
      if (keys === undefined || performance.now() - readAt > KEPT_FOR)
        throw new KeysUnreachable("the gateway's keys cannot be had");
      if (!keys.has(keyId)) await readAgain();
      return keys.get(keyId);
    },
  };
}

/** Keys of other kinds are passed over. @throws Error when there is none of the one kind. */
function readKeys(text: string): ReadonlyMap<string, KeyObject> {
  const { keys } = setSchema.parse(JSON.parse(text));
  const usable = keys.flatMap((key) => {
    const { data } = keySchema.safeParse(key);
    if (data === undefined) return [];
    const { kid, ...jwk } = data;
    return [[kid, createPublicKey({ key: jwk, format: "jwk" })] as const];
  });
  if (usable.length === 0) throw new Error("there is no Ed25519 key with a kid in it");
  return new Map(usable);
}

async function fetchText(url: string): Promise<string> {
  const response = await fetch(url, { signal: AbortSignal.timeout(FETCH_TIMEOUT), redirect: "error" });
  if (!response.ok) throw new Error(`${url} answered with status ${response.status}`);
  const text = await response.text();
  if (text.length > LONGEST_SET) throw new Error(`${url} answered with more than ${LONGEST_SET} characters`);
  return text;
}
