/**
 * How a subgraph's answer is signed (docs/signing.md): its status, the digest of its body, and the signature of the request
 * that it answers, so that it can be the answer to no other. Of a stream, each event is signed as an answer with its number.
 */
import { contentDigest } from "./content-digest.ts";
import { component, componentValue, type MessageHeaders } from "./http-components.ts";
import { type SignatureHeaders, type SignatureKey, signMessage } from "./http-signature.ts";

/** Of the signature of a request. */
export const REQUEST_LABEL = "gateway";
/** Of the signature of an answer. */
export const ANSWER_LABEL = "answer";

const REQUEST_SIGNATURE = component(`"signature";req;key="${REQUEST_LABEL}"`);

export const ANSWER_COMPONENTS = [component('"@status"'), component('"content-digest"'), REQUEST_SIGNATURE];

export interface Answer {
  readonly status: number;
  readonly body: string | Uint8Array;
  /** `Signature` of the request that it answers. */
  readonly requestSignature: string;
  /** Of an event: its place in its stream, from 1. */
  readonly number?: number;
}

export type AnswerHeaders = SignatureHeaders & { readonly "content-digest": string };

/**
 * @param created seconds since 1970
 * @returns undefined where the request was not signed as a gateway signs
 */
export function signAnswer(
  { status, body, requestSignature, number }: Answer,
  key: SignatureKey,
  created: number,
): AnswerHeaders | undefined {
  const digest = { "content-digest": contentDigest(body) };
  const message = { status, headers: digest, request: requestOf(requestSignature) };
  if (componentValue(REQUEST_SIGNATURE, message) === undefined) return undefined;
  const wish = {
    label: ANSWER_LABEL,
    components: ANSWER_COMPONENTS,
    created,
    ...(number !== undefined && { nonce: String(number) }),
  };
  return { ...digest, ...signMessage(message, wish, key) };
}

/** Of the request, nothing else is signed. */
export function requestOf(signature: string): { method: string; target: string; headers: MessageHeaders } {
  return { method: "POST", target: "", headers: { signature } };
}
