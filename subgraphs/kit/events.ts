/**
 * Subscriptions of a subgraph, answered as server-sent events: an ordinary POST, which is how the gateway asks first.
 * Source: GraphQL over SSE, "distinct connections mode"
 * (https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md).
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { FastifyInstance, FastifyRequest, RawServerDefault } from "fastify";
import {
  createSourceEventStream,
  type DocumentNode,
  execute,
  type ExecutionArgs,
  type ExecutionResult,
  GraphQLError,
  type GraphQLSchema,
  parse,
  validate,
} from "graphql";
import type { Logger } from "../../process/log.ts";
import type { AnswerSigner } from "./answer-signer.ts";
import { isUnexpected, languageOf, toClientErrors } from "./errors.ts";

export interface EventOptions {
  readonly path: string;
  readonly schema: GraphQLSchema;
  /** What resolvers get, made anew for every event, so that loaders never serve stale rows. */
  readonly context: (request: FastifyRequest) => object;
  /** Signs each event; they are not signed where there is none. */
  readonly signer?: AnswerSigner | undefined;
}

const COMMENT = ":\n\n";
/** Milliseconds between two signs of life on a quiet stream. */
const HEARTBEAT = 15_000;

/** Answers what asks for events at the subgraph's path; everything else goes on to Mercurius. */
export function serveEvents(
  app: FastifyInstance<RawServerDefault, IncomingMessage, ServerResponse, Logger>,
  options: EventOptions,
): void {
  const streams = new Set<ServerResponse>();
  app.addHook("preClose", (done) => {
    // Not completed, but ended: whoever listens comes back.
    for (const stream of streams) stream.end();
    done();
  });
  app.addHook("preHandler", async (request, reply) => {
    const { method, headers, routeOptions } = request;
    if (headers.accept !== "text/event-stream" || method !== "POST" || routeOptions.url !== options.path)
      return undefined;
    reply.hijack();
    const { raw } = reply;
    streams.add(raw);
    raw.once("close", () => streams.delete(raw));
    raw.writeHead(200, { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-store" });
    raw.write(COMMENT);
    const beating = setInterval(() => raw.write(COMMENT), HEARTBEAT);
    try {
      await answer(request, raw, options);
    } catch (error) {
      request.log.error(error);
    } finally {
      clearInterval(beating);
      raw.end();
    }
    return reply;
  });
}

/** Resolves when the subscription has been completed, or nobody listens any more. @throws Error when its source fails */
async function answer(request: FastifyRequest, raw: ServerResponse, options: EventOptions): Promise<void> {
  const language = languageOf(request.headers["accept-language"]);
  let number = 0;
  /** A stream has one head: what signs an event stands in its id. */
  const idOf = (body: string): string => {
    number += 1;
    const requestSignature = String(request.headers["signature"]);
    const signed = options.signer?.sign({ status: 200, body, requestSignature, number });
    return signed === undefined ? "" : `id: ${JSON.stringify(signed)}\n`;
  };
  const send = async ({ data, errors }: ExecutionResult): Promise<void> => {
    for (const error of errors ?? [])
      if (isUnexpected(error)) request.log.error({ err: error.originalError, path: error.path }, "failed");
    const told = errors?.flatMap((error) => toClientErrors(error, language));
    const text = JSON.stringify({ ...(data !== undefined && { data }), ...(told && { errors: told }) });
    if (!raw.write(`event: next\n${idOf(text)}data: ${text}\n\n`)) await drained(raw);
  };
  const args = readOperation(request.body, options.schema);
  const begun =
    "errors" in args
      ? args
      : await createSourceEventStream({ ...args, contextValue: options.context(request) });
  if (!("document" in args) || !isStream(begun)) await send(refusal(begun as ExecutionResult));
  else {
    const events = begun[Symbol.asyncIterator]();
    raw.once("close", () => void events.return?.());
    if (raw.destroyed) await events.return?.();
    for (let event = await events.next(); !event.done; event = await events.next())
      await send(await execute({ ...args, rootValue: event.value, contextValue: options.context(request) }));
  }
  raw.end("event: complete\ndata:\n\n");
}

/** What graphql-js refuses gets the code that Mercurius' refusals get. */
function refusal({ errors = [] }: ExecutionResult): ExecutionResult {
  return {
    errors: errors.map((error) =>
      error.originalError === undefined
        ? new GraphQLError(error.message, { extensions: { code: "GRAPHQL_VALIDATION_FAILED" } })
        : error,
    ),
  };
}

/** Resolves when more may be written, or nobody listens any more. */
function drained(raw: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const goOn = (): void => {
      raw.off("drain", goOn).off("close", goOn);
      resolve();
    };
    if (raw.destroyed) resolve();
    else raw.on("drain", goOn).on("close", goOn);
  });
}

function isStream(value: AsyncIterable<unknown> | ExecutionResult): value is AsyncIterable<unknown> {
  return Symbol.asyncIterator in value;
}

/** A valid subscription, or why it is none. */
function readOperation(
  body: unknown,
  schema: GraphQLSchema,
): ExecutionArgs | { readonly errors: readonly GraphQLError[] } {
  const { query, variables, operationName } = (body ?? {}) as Record<string, unknown>;
  let document: DocumentNode;
  try {
    document = parse(String(query));
  } catch (error) {
    return { errors: [error as GraphQLError] };
  }
  const errors = validate(schema, document);
  if (errors.length > 0) return { errors };
  return {
    schema,
    document,
    operationName: typeof operationName === "string" ? operationName : null,
    variableValues: variables as Record<string, unknown> | null,
  };
}
