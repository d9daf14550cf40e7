/**
 * Identical queries under way, answered from one execution (`--dedupe-requests`): the same text, operation and values of
 * variables, from clients of the same identity, for the same graph. Mutations never are, and no query joins one that was
 * asked before a mutation through this gateway ended.
 */
import { OperationTypeNode } from "graphql";
import type { RequestContext } from "./context.ts";
import type { answerText, GraphQLParameters, TextAnswer } from "./request.ts";
import type { Transport } from "./transport/transport.ts";
import { createUnderWay, type Key, type UnderWay } from "./transport/under-way.ts";

export type AnswerRequest = typeof answerText;

/** An answer on its way, and the request that it is made for. */
interface Coming {
  readonly answer: Promise<TextAnswer>;
  readonly context: RequestContext;
}

export function shareAnswers(answer: AnswerRequest): AnswerRequest {
  /** By the transport, which every graph has of its own. */
  let graphs = new WeakMap<Transport, UnderWay<Coming>>();

  return async (parameters, context, means, log) => {
    const { operation } = means.engine.open(parameters.query, parameters.name);
    if (operation?.kind === OperationTypeNode.MUTATION)
      // Who has changed something must not be given an answer that was under way before.
      return answer(parameters, context, means, log).finally(() => {
        graphs = new WeakMap();
      });
    if (operation?.kind !== OperationTypeNode.QUERY || isOnesOwn(parameters, context))
      return answer(parameters, context, means, log);

    const underWay = graphs.get(means.transport) ?? createUnderWay<Coming>();
    graphs.set(means.transport, underWay);
    const key = keyOf(parameters, context);
    const coming = underWay.get(key);
    if (coming !== undefined) {
      context.operation = operation;
      const shared = await coming.answer;
      context.errorCodes = coming.context.errorCodes;
      context.spent = coming.context.spent;
      return shared;
    }
    const own: Coming = {
      context,
      answer: answer(parameters, context, means, log)
        .then((answered) => ({ ...answered, bytes: Buffer.from(answered.text) }))
        .finally(() => underWay.end(key, own)),
    };
    underWay.add(key, own);
    return own.answer;
  };
}

/** The calls that a client wants to see are those made for it; an answer in parts has one taker. */
function isOnesOwn({ query, format }: GraphQLParameters, context: RequestContext): boolean {
  const { traceCalls, traceMembers, traceCost } = context;
  return traceCalls || traceMembers || traceCost || (format !== undefined && query.includes("@defer"));
}

function keyOf({ query, variables, name = "" }: GraphQLParameters, { identity }: RequestContext): Key {
  return [name, identity, query, JSON.stringify(variables)];
}
