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

const noted = new WeakMap<RequestContext, AnswerDigest[]>();

export function noteAnswers(ask: Transport): Transport {
  return async (request) => {
    const response = await ask(request);
    const { digest, proof } = response;
    if (digest !== undefined) {
      const { service, member, context } = request;
      const known = noted.get(context);
      const answer = { service, member: member?.key, digest, signed: proof };
      if (known === undefined) noted.set(context, [answer]);
      else known.push(answer);
    }
    return response;
  };
}

/** In the order in which they came. */
export function answersOf(context: RequestContext): readonly AnswerDigest[] {
  return noted.get(context) ?? [];
}
