/**
 * Several operations in one request: a JSON array of them, answered by an array in their order. Each is let in, charged,
 * executed and logged as if it had come by itself; all at the same time.
 */
import type { Logger } from "../../process/log.ts";
import { ownError } from "../answer.ts";
import type { RequestContext } from "../context.ts";
import { GATEWAY_ERRORS } from "../errors.ts";
import type { Gate } from "../limits/gate.ts";
import { excess } from "../limits/operation.ts";
import { Refusal } from "../limits/refusal.ts";
import type { Texts } from "../limits/texts.ts";
import { type AskedParameters, type Means, refusedText, responseText, type TextAnswer } from "../request.ts";
import type { AnswerRequest } from "../shared-answers.ts";

export interface BatchOptions {
  readonly answerRequest: AnswerRequest;
  readonly gate: Gate;
  readonly texts: Texts;
  /** Operations that one request may have; 0 where there are no batches. */
  readonly maxBatch: number;
}

/** One operation; undefined where what is sent is none. */
export interface Batched {
  readonly asked: AskedParameters | undefined;
  readonly context: RequestContext;
}

/** @param context of the request as a whole */
export async function answerBatch(
  batch: readonly Batched[],
  context: RequestContext,
  means: Means,
  { answerRequest, gate, texts, maxBatch }: BatchOptions,
  log: Logger,
): Promise<TextAnswer> {
  if (batch.length > maxBatch) {
    const tooLarge = excess("BATCH_TOO_LARGE", "maxBatch", batch.length, maxBatch);
    return refusedText((await gate.faulty(context)) ?? tooLarge, context, log);
  }

  async function answer({ asked, context: own }: Batched): Promise<TextAnswer> {
    if (asked === undefined) {
      own.errorCodes = ["REQUEST_MALFORMED"];
      const refused = (await gate.faulty(own)) ?? ownError("REQUEST_MALFORMED", own);
      const { status } = GATEWAY_ERRORS.REQUEST_MALFORMED;
      return refused instanceof Refusal
        ? refusedText(refused, own, log)
        : { status, text: responseText(undefined, [refused], undefined) };
    }
    const { variables, name } = asked;
    const query = texts.textOf(asked);
    if (query instanceof Refusal) return refusedText(query, own, log);
    return answerRequest({ query, variables, name }, own, means, log);
  }

  const answers = await Promise.all(batch.map(answer));
  // What is left after the last of them, and how long whoever was refused has to wait.
  context.answerHeaders = Object.assign({}, ...batch.map(({ context: own }) => own.answerHeaders));
  context.errorCodes = [...new Set(batch.flatMap(({ context: own }) => own.errorCodes))];
  return { status: 200, text: `[${answers.map(({ text }) => text).join(",")}]` };
}
