/**
 * Answers as server-sent events, one operation on a connection of its own. Source: GraphQL over SSE, "distinct connections
 * mode" (https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md): each answer is an event `next`, errors before
 * the first too; an event `complete` is the last.
 */
import { once } from "node:events";
import type { OutgoingHttpHeaders, ServerResponse } from "node:http";
import type { FastifyReply } from "fastify";
import { OperationTypeNode } from "graphql";
import type { Logger } from "../../process/log.ts";
import type { RequestContext } from "../context.ts";
import { uniformErrors } from "../answer.ts";
import type { Gate } from "../limits/gate.ts";
import type { GraphQLParameters, Means, TextAnswer } from "../request.ts";
import type { AnswerRequest } from "../shared-answers.ts";
import { type Answer, answerOf, SubscriptionEnd, SubscriptionStop } from "../subscription.ts";
import type { Subscriptions } from "../subscriptions.ts";

export interface EventOptions {
  readonly subscriptions: Subscriptions;
  readonly gate: Gate;
  /** How queries and mutations are answered. */
  readonly answerRequest: AnswerRequest;
  /** Milliseconds between two signs of life. */
  readonly heartbeat: number;
}

const EVENT_STREAM = "text/event-stream";
const COMMENT = ":\n\n";

/** Whether to answer by events: when the client reads nothing else, or asks for more than one answer. */
export function wantsEvents(
  accept: string | undefined,
  { query, name }: GraphQLParameters,
  { engine }: Means,
): boolean {
  const types = (accept ?? "").split(",").map((range) => (range.split(";")[0] ?? "").trim().toLowerCase());
  if (!types.includes(EVENT_STREAM)) return false;
  if (types.every((type) => type === EVENT_STREAM)) return true;
  return engine.open(query, name).operation?.kind === OperationTypeNode.SUBSCRIPTION;
}

/** The answers to any operation. */
export async function answersTo(
  parameters: GraphQLParameters,
  context: RequestContext,
  means: Means,
  { subscriptions, gate, answerRequest }: EventOptions,
  log: Logger,
): Promise<AsyncIterableIterator<Answer>> {
  const { operation } = means.engine.open(parameters.query, parameters.name);
  if (operation?.kind !== OperationTypeNode.SUBSCRIPTION)
    return only(answerRequest(parameters, context, means, log));
  const { variables } = parameters;
  const refusal = await gate.refusal(operation, variables, context, means.engine.costing);
  if (refusal === undefined) return subscriptions.open(operation, variables, context, means);
  return only({ text: JSON.stringify({ errors: uniformErrors([refusal], context, log) }) });
}

/** Sends the answers as they come; ends when they end, or when the client leaves. */
export async function sendEvents(
  reply: FastifyReply,
  answers: AsyncIterableIterator<Answer>,
  heartbeat: number,
): Promise<void> {
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, {
    ...(reply.getHeaders() as OutgoingHttpHeaders),
    "content-type": `${EVENT_STREAM}; charset=utf-8`,
    "cache-control": "no-store",
    // A proxy that collects answers would hold the events back.
    "x-accel-buffering": "no",
  });
  // The headers go with it: the client learns at once that it is heard.
  raw.write(COMMENT);
  raw.on("close", () => void answers.return?.());
  const beating = keepAlive(raw, heartbeat);
  try {
    for await (const { text } of withErrors(answers))
      if (!raw.write(`event: next\ndata: ${text}\n\n`)) await drained(raw);
    raw.end("event: complete\ndata:\n\n");
  } catch (error) {
    if (!(error instanceof SubscriptionStop)) throw error;
    // Without the last event the client knows that there would be more, and connects again.
    raw.end();
  } finally {
    clearInterval(beating);
  }
}

async function* only(answer: Pick<TextAnswer, "text"> | Promise<TextAnswer>): AsyncGenerator<Answer, void> {
  yield answerOf((await answer).text);
}

/** The errors that a subscription ends with are its last answer. */
async function* withErrors(answers: AsyncIterableIterator<Answer>): AsyncGenerator<Answer, void> {
  try {
    yield* answers;
  } catch (error) {
    if (!(error instanceof SubscriptionEnd)) throw error;
    yield answerOf(JSON.stringify({ errors: error.errors }));
  }
}

/** Comments, so that nothing on the way takes the connection for dead. Who has not read for a whole interval is gone. */
function keepAlive(raw: ServerResponse, interval: number): NodeJS.Timeout {
  let stuck = false;
  return setInterval(() => {
    if (raw.writableNeedDrain && stuck) raw.destroy();
    stuck = raw.writableNeedDrain;
    if (!stuck) raw.write(COMMENT);
  }, interval);
}

/** Resolves when more may be written, or nobody reads any more. */
async function drained(raw: ServerResponse): Promise<void> {
  if (raw.destroyed) return;
  const waiting = new AbortController();
  const { signal } = waiting;
  const one = (event: string) => once(raw, event, { signal }).catch(() => undefined);
  await Promise.race([one("drain"), one("close")]);
  waiting.abort();
}
