/**
 * Whether an answer is what its service signed, and signed for this request (docs/signing.md). Nothing of an answer is read
 * before.
 */
import { hash } from "node:crypto";
import { z } from "zod";
import { ANSWER_COMPONENTS, ANSWER_LABEL, REQUEST_LABEL, requestOf } from "../../process/answer-signature.ts";
import { isDigestOf } from "../../process/content-digest.ts";
import { fieldValue, type MessageHeaders } from "../../process/http-components.ts";
import { readSignature, signatureFault } from "../../process/http-signature.ts";
import type { Verifiers } from "../answer-keys.ts";
import type { HttpReply } from "./post.ts";
import type { Failure } from "./transport.ts";

/** What proves, together with the digest of its body, what was answered, and by whom. */
export interface AnswerProof {
  /** Id of the key that signed it. */
  readonly key: string;
  /** Components and parameters, as they were signed. */
  readonly input: string;
  /** Of the answer, and of the request that it answers: base64. */
  readonly signature: string;
  readonly request: string;
  /** Of HTTP. */
  readonly status: number;
}

/** Seconds. That an answer is new its request says; the clocks of agencies need only be about right. */
const LIFETIME = 300;
const TOLERANCE = 60;

/**
 * @param digest SHA-256 of the body, base64
 * @param requestSignature `Signature` of the request; undefined where the gateway signs none
 * @param number of an event: its place in its stream
 */
export function proofOf(
  { status, headers, body }: HttpReply,
  digest: string,
  requestSignature: string | undefined,
  signers: Verifiers,
  number?: number,
): AnswerProof | Failure {
  const wrong = (reason: string): Failure => ({ code: "SUBGRAPH_SIGNATURE_INVALID", reason, status });
  if (requestSignature === undefined)
    return wrong("this gateway signs no requests, which answers are bound to");
  if (fieldValue(headers, "signature") === undefined)
    return { code: "SUBGRAPH_SIGNATURE_MISSING", reason: "the answer is not signed", status };
  const given = fieldValue(headers, "content-digest");
  if (given === undefined) return wrong("there is no Content-Digest");
  if (given !== `sha-256=:${digest}:` && !isDigestOf(given, body))
    return wrong("the body is not what its Content-Digest says");
  const received = readSignature(headers, ANSWER_LABEL);
  if ("fault" in received) return wrong(received.fault);
  if (number !== undefined && received.nonce !== String(number))
    return wrong(`event ${number} of a stream came as number ${received.nonce}`);
  const now = Math.floor(Date.now() / 1000);
  const key = signers.find(received.keyId, now);
  if (typeof key === "string") return wrong(`${key}: ${received.keyId}`);
  const fault = signatureFault({ status, headers, request: requestOf(requestSignature) }, received, {
    components: ANSWER_COMPONENTS,
    key,
    now,
    lifetime: LIFETIME,
    tolerance: TOLERANCE,
  });
  if (fault !== undefined) return wrong(fault);
  return {
    key: received.keyId,
    input: received.input,
    signature: Buffer.from(received.signature).toString("base64"),
    request: requestSignature.slice(`${REQUEST_LABEL}=:`.length, -1),
    status,
  };
}

/**
 * Why an event of a stream is not what its service signed; undefined when it is.
 * @param id of the event: the fields that sign it, as JSON
 */
export function eventFault(
  id: string | undefined,
  data: string,
  number: number,
  requestSignature: string | undefined,
  signers: Verifiers,
): Failure | undefined {
  const reply = { status: 200, headers: fieldsOf(id), body: Buffer.from(data) };
  const proof = proofOf(reply, hash("sha256", data, "base64"), requestSignature, signers, number);
  return "code" in proof ? proof : undefined;
}

const fieldsSchema = z.record(z.string(), z.string());

function fieldsOf(id: string | undefined): MessageHeaders {
  try {
    return fieldsSchema.parse(JSON.parse(id ?? ""));
  } catch {
    return {};
  }
}
