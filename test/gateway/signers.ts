/**
 * Who signs answers in the tests: keys, and fronts that sign what a subgraph behind them says, as they are told to.
 */
import { createPublicKey, generateKeyPairSync, verify } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { AnswerKey } from "../../gateway/answer-keys.ts";
import { signingBy, signedHeaders } from "../../gateway/trust/signer.ts";
import { newSigningKey } from "../../gateway/trust/signing-keys.ts";
import type { AnswerProof } from "../../gateway/transport/answer-proof.ts";
import type { HeadersFor } from "../../gateway/transport/headers.ts";
import { ANONYMOUS } from "../../gateway/trust/caller.ts";
import { signAnswer } from "../../process/answer-signature.ts";
import type { SignatureKey } from "../../process/http-signature.ts";

export interface TestKey {
  /** The public half. */
  readonly jwk: AnswerKey;
  readonly privateJwk: AnswerKey & { readonly d: string };
  readonly signing: SignatureKey;
}

export function makeAnswerKey(kid: string): TestKey {
  const { privateKey } = generateKeyPairSync("ed25519");
  const { x = "", d = "" } = privateKey.export({ format: "jwk" });
  const jwk = { kty: "OKP", crv: "Ed25519", x, kid } as const;
  const privateJwk = { ...jwk, d } as unknown as TestKey["privateJwk"];
  return { jwk, privateJwk, signing: { keyId: kid, key: privateKey } };
}

/** Headers of a gateway that signs its requests. */
export async function signedRequests(): Promise<HeadersFor> {
  const signing = signingBy("gateway", [await newSigningKey()]);
  return ({ service, context }, outgoing) => ({
    ...context.forwarded,
    ...signedHeaders(
      signing,
      { caller: ANONYMOUS, purpose: undefined, audience: service },
      outgoing,
      Math.floor(Date.now() / 1000),
    ),
  });
}

export interface SignedReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Front {
  readonly url: string;
  /** What it makes of an answer of the subgraph behind; signs it with its key when left as it is. */
  reply: (answer: { status: number; body: string }, requestSignature: string) => SignedReply;
  /** Number of requests so far. */
  asked: number;
  close(): Promise<void>;
}

/** Signs as a subgraph should. */
export function signedBy({ signing }: TestKey): Front["reply"] {
  return ({ status, body }, requestSignature) => ({
    status,
    body,
    headers: { ...signAnswer({ status, body, requestSignature }, signing, Math.floor(Date.now() / 1000)) },
  });
}

export const UNSIGNED: Front["reply"] = (answer) => ({ ...answer, headers: {} });

/** As an auditor would, with nothing but what the record has and the public key (docs/record.md). */
export function isProved(
  { kty, crv, x }: AnswerKey,
  { input, signature, request: asked, status }: AnswerProof,
  digest: string,
): boolean {
  const base = [
    `"@status": ${status}`,
    `"content-digest": sha-256=:${digest}:`,
    `"signature";req;key="gateway": :${asked}:`,
    `"@signature-params": ${input}`,
  ].join("\n");
  const key = createPublicKey({ key: { kty, crv, x }, format: "jwk" });
  return verify(null, Buffer.from(base), key, Buffer.from(signature, "base64"));
}

/** @param url of the subgraph behind */
export async function startFront(url: string, reply: Front["reply"]): Promise<Front> {
  const server = createServer((request, response) => {
    front.asked += 1;
    void (async () => {
      const asked = await fetch(url, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: await text(request),
      });
      const answer = { status: asked.status, body: await asked.text() };
      const { status, headers, body } = front.reply(answer, String(request.headers["signature"]));
      response.writeHead(status, { "content-type": "application/json", ...headers }).end(body);
    })();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const front: Front = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    reply,
    asked: 0,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return front;
}
