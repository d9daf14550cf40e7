/**
 * A gateway's signature for the tests: its key, the file that subgraphs verify by, and the headers of its requests.
 */
import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ANONYMOUS, type Caller } from "../../gateway/trust/caller.ts";
import { signedHeaders, signingBy } from "../../gateway/trust/signer.ts";
import {
  newSigningKey,
  publicSigningKeys,
  type SigningKeys,
  writeSigningKeys,
} from "../../gateway/trust/signing-keys.ts";
import { type Answer, post } from "./agency.ts";

export interface TestSigning {
  readonly keys: SigningKeys;
  /** The file of the public keys. */
  readonly file: string;
  /** The file of the private ones. */
  readonly keyFile: string;
  /** Headers of one request, which may be sent once. */
  headers(request: SignedRequest): Record<string, string>;
  /** Asks as the gateway does. */
  ask<T>(url: string, query: string, asked: Asked): Promise<Answer<T>>;
  close(): Promise<void>;
}

export interface Asked {
  /** `tax`, `agencies/G12.56` */
  readonly audience: string;
  /** Who asks; nobody known when it is left out. */
  readonly caller?: Partial<Caller>;
  readonly purpose?: string;
  readonly variables?: Record<string, unknown>;
}

export interface SignedRequest extends Asked {
  readonly method?: "POST" | "GET";
  /** Path and query; `/graphql` when it is left out. */
  readonly target?: string;
  readonly body?: string | undefined;
  /** Seconds since 1970; now when it is left out. */
  readonly now?: number;
  readonly nonce?: string;
}

/** @param keys of the gateway; a new one when they are left out */
export async function startSigning(keys?: SigningKeys): Promise<TestSigning> {
  const signing = signingBy("north", keys ?? [await newSigningKey()]);
  const directory = await mkdtemp(join(tmpdir(), "signing-"));
  const file = join(directory, "gateway-keys.json");
  const keyFile = join(directory, "gateway.key");
  await writeFile(file, JSON.stringify(publicSigningKeys(signing.keys)));
  await writeSigningKeys(keyFile, signing.keys);

  function headers(request: SignedRequest): Record<string, string> {
    const { audience, purpose, method = "POST", target = "/graphql", body } = request;
    const caller = { ...ANONYMOUS, ...(request.caller && { isAuthenticated: true, ...request.caller }) };
    const { now = Math.floor(Date.now() / 1000), nonce = randomUUID() } = request;
    return signedHeaders(signing, { caller, purpose, audience }, { method, target, body }, now, nonce);
  }

  return {
    keys: signing.keys,
    file,
    keyFile,
    headers,
    ask: (url, query, asked) => {
      const body = JSON.stringify({ query, variables: asked.variables });
      return post(url, body, headers({ ...asked, target: new URL(url).pathname, body }));
    },
    close: () => rm(directory, { recursive: true }),
  };
}
