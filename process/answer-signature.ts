/**
 * How a subgraph's answer is signed (docs/signing.md): its status, the digest of its body, and the signature of the request
 * that it answers, so that it can be the answer to no other.
 */
import { contentDigest } from "./content-digest.ts";
import { component, type MessageHeaders } from "./http-components.ts";
import { type SignatureHeaders, type SignatureKey, signMessage } from "./http-signature.ts";

/** Of the signature of a request. */
export const REQUEST_LABEL = "gateway";
/** Of the signature of an answer. */
export const ANSWER_LABEL = "answer";

export const ANSWER_COMPONENTS = [
  '"@status"',
  '"content-digest"',
  `"signature";req;key="${REQUEST_LABEL}"`,
].map(component);

export interface Answer {
  readonly status: number;
  readonly body: string | Uint8Array;
  /** `Signature` of the request that it answers. */
  readonly requestSignature: string;
}

export type AnswerHeaders = SignatureHeaders & { readonly "content-digest": string };

/**
 * @param created seconds since 1970
 * @throws Error when the request was not signed as a gateway signs
 */
export function signAnswer(
  { status, body, requestSignature }: Answer,
  key: SignatureKey,
  created: number,
): AnswerHeaders {
  const digest = { "content-digest": contentDigest(body) };
  const message = { status, headers: digest, request: requestOf(requestSignature) };
  const wish = { label: ANSWER_LABEL, components: ANSWER_COMPONENTS, created };
  return { ...digest, ...signMessage(message, wish, key) };
}

/** Of the request, nothing else is signed. */
export function requestOf(signature: string): { method: string; target: string; headers: MessageHeaders } {
  return { method: "POST", target: "", headers: { signature } };
}
