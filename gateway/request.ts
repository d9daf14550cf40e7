/**
 * One request, from top to bottom. Whoever is new here begins with this file.
 *
 *   server/http.ts       a request comes in over HTTP and gets its id            → refused: body too large, not JSON
 *   openRequest          what is known of it: reader's language, headers to pass on
 *   trust/authenticate   who asks, by the token                                  → refused: a token that does not count
 *   server/graphql.ts    query, variables, operation name                        → refused: not a GraphQL request
 *   limits/texts.ts      its text, where it was named by an id or a hash         → refused: not known, not listed
 *   answerText           1. parsed, measured, validated, from the cache          → refused: syntax, too large, unknown field
 *      admission.ts         may this client ask it, with these values?           → refused: limits/gate.ts
 *      in-turn.ts           a few at a time, while the processor is what is short
 *                        2. without what its caller may not read (trust/permit),
 *                           planned, from the cache; the subgraphs asked         execute/engine.ts
 *                           each through the transport: located, split over
 *                           members, timed, within a deadline                    transport/transport.ts
 *                           what it reads of persons recorded first              record/recorder.ts
 *                        3. the errors made uniform, one for each cause          answer.ts
 *                        4. the calls told to clients that asked for them
 *                        5. what is deferred (@defer) follows part by part,      incremental.ts
 *                           to clients that take it so
 *   server/http.ts       one line in the log, without variables or tokens
 *
 * A subscription goes another way between 1. and 4., once for every event: subscription.ts.
 *
 * With `--engine apollo` the stock Apollo stack does what stands between server/http.ts and the transport:
 * server/stock.ts and execute/apollo.ts.
 */
import { type GraphQLError, OperationTypeNode } from "graphql";
import type { Logger } from "../process/log.ts";
import { extensionsOf, ownError, uniformErrors } from "./answer.ts";
import type { RequestContext } from "./context.ts";
import { GATEWAY_ERRORS, type GatewayErrorCode } from "./errors.ts";
import type { NativeEngine } from "./execute/engine.ts";
import type { FirstPart } from "./execute/parts.ts";
import type { Refusal } from "./limits/refusal.ts";
import type { Asked } from "./limits/texts.ts";
import { firstEntries, type IncrementalFormat, type LaterTexts, laterTexts } from "./incremental.ts";
import type { StreamRoutes } from "./transport/stream-route.ts";
import type { Transport } from "./transport/transport.ts";

export { openContext as openRequest } from "./context.ts";

/** What a client sends, where the text may be named instead of written. */
export interface AskedParameters extends Asked {
  readonly variables: GraphQLParameters["variables"];
  readonly name: string | undefined;
}

/** What a client asks for. */
export interface GraphQLParameters {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly name: string | undefined;
  /** The one kind of operation that the request's HTTP method may ask for. */
  readonly only?: OperationTypeNode;
  /** How the client takes what is deferred (@defer); undefined when it takes one answer. */
  readonly format?: IncrementalFormat | undefined;
}

export interface TextAnswer {
  /** Of HTTP. */
  readonly status: number;
  /** The response (GraphQL section 7) as JSON; its first part, when others come later. */
  readonly text: string;
  /** The text in UTF-8, where it is written for several clients. */
  readonly bytes?: Buffer;
  readonly later?: LaterTexts | undefined;
}

/** What executes operations, and how it reaches the subgraphs. */
export interface Means {
  readonly engine: NativeEngine;
  readonly transport: Transport;
  /** How it subscribes to them. */
  readonly streams: StreamRoutes;
}

/** Answers a request. Never throws: what goes wrong stands in the answer. */
export async function answerText(
  { query, variables, name, only, format }: GraphQLParameters,
  context: RequestContext,
  { engine, transport }: Omit<Means, "streams">,
  log: Logger,
): Promise<TextAnswer> {
  const { operation, errors: faults } = engine.open(query, name);
  if (operation === undefined) return refused(400, faults, context, log);
  context.operation = operation;
  if (operation.kind === OperationTypeNode.SUBSCRIPTION)
    return refusedBy("SUBSCRIPTION_NEEDS_STREAM", context, log);
  if (only !== undefined && operation.kind !== only) return refusedBy("METHOD_NOT_ALLOWED", context, log);
  let outcome: FirstPart;
  try {
    const asked = { ...operation, variables };
    outcome = await (format === undefined
      ? engine.execute(asked, context, transport)
      : engine.executeInParts(asked, context, transport));
  } catch (error) {
    return refused(GATEWAY_ERRORS.INTERNAL_SERVER_ERROR.status, [error as Error], context, log);
  }
  const { data, later } = outcome;
  const errors = uniformErrors(outcome.errors, context, log);
  if (context.traceCost || context.charged !== undefined) {
    const answered = { data, errors, isWhole: later === undefined };
    context.spent = engine.costing.measure(operation, variables, answered);
    const { cost } = context.spent;
    if (context.cost !== undefined && data !== undefined && cost !== undefined) context.cost.actual = cost;
  }
  const extensions = extensionsOf(undefined, context);
  if (format !== undefined && later !== undefined)
    return {
      status: 200,
      text: responseText(data, errors, extensions, firstEntries(format, later.pending)),
      later: laterTexts(format, later, context, log),
    };
  return {
    status: data === undefined ? statusOf(errors) : 200,
    text: responseText(data, errors, extensions),
  };
}

/** The answer to a request that is not executed at all. */
export function refusedText(refusal: Refusal, context: RequestContext, log: Logger): TextAnswer {
  return refused(GATEWAY_ERRORS[refusal.code].status, [refusal], context, log);
}

function refusedBy(code: GatewayErrorCode, context: RequestContext, log: Logger): TextAnswer {
  return refused(GATEWAY_ERRORS[code].status, [ownError(code, context)], context, log);
}

/** Of an operation that was not executed: its variables are faulty, or its caller may not read it. */
function statusOf([error]: readonly GraphQLError[]): number {
  return error?.extensions["code"] === "OPERATION_FORBIDDEN"
    ? GATEWAY_ERRORS.OPERATION_FORBIDDEN.status
    : 400;
}

function refused(status: number, errors: readonly Error[], context: RequestContext, log: Logger): TextAnswer {
  const told = uniformErrors(errors, context, log);
  return { status, text: responseText(undefined, told, extensionsOf(undefined, context)) };
}

export function responseText(
  data: string | undefined,
  errors: readonly GraphQLError[],
  extensions: Readonly<Record<string, unknown>> | undefined,
  others: readonly string[] = [],
): string {
  const parts = [
    ...(errors.length > 0 ? [`"errors":${JSON.stringify(errors)}`] : []),
    ...(data === undefined ? [] : [`"data":${data}`]),
    ...(extensions === undefined ? [] : [`"extensions":${JSON.stringify(extensions)}`]),
    ...others,
  ];
  return `{${parts.join(",")}}`;
}
