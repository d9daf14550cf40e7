/**
 * Who answered a request's calls, and the digest of each answer: evidence of what was read.
 */
import type { RequestContext } from "../context.ts";
import type { AnswerProof } from "../transport/answer-proof.ts";
import type { Transport } from "../transport/transport.ts";

export interface AnswerDigest {
  readonly service: string;
  /** Key of the member, where the service is partitioned. */
  readonly member: string | undefined;
  /** SHA-256 of the answer's body, base64. */
  readonly digest: string;
  /** That it was signed, where it must be. */
  readonly signed: AnswerProof | undefined;
}

export function noteAnswers(ask: Transport): Transport {
  return async (request) => {
    const response = await ask(request);
    const { digest, proof } = response;
    if (digest !== undefined) {
      const { service, member, context } = request;
      (context.answers ??= []).push({ service, member: member?.key, digest, signed: proof });
    }
    return response;
  };
}

/** In the order in which they came. */
export function answersOf(context: RequestContext): readonly AnswerDigest[] {
  return context.answers ?? [];
}
