/**
 * The gate before everything that costs more than reading a request: whoever may share an answer (shared-answers.ts) has
 * passed it, too.
 */
import type { Gate } from "./limits/gate.ts";
import { refusedText } from "./request.ts";
import type { AnswerRequest } from "./shared-answers.ts";

export function admit(answer: AnswerRequest, gate: Gate): AnswerRequest {
  return async (parameters, context, means, log) => {
    const { operation } = means.engine.open(parameters.query, parameters.name);
    const refusal =
      operation === undefined
        ? await gate.faulty(context)
        : await gate.refusal(operation, parameters.variables, context, means.engine.costing);
    if (refusal === undefined) {
      const answered = await answer(parameters, context, means, log);
      gate.settle(context);
      return answered;
    }
    if (operation !== undefined) context.operation = operation;
    return refusedText(refusal, context, log);
  };
}
