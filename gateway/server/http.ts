/**
 * The HTTP server: ids, limits, refusals, and one line in the log for every request.
 */
import { randomUUID } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import {
  fastify,
  LogController,
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyRequest,
} from "fastify";
import { OperationTypeNode } from "graphql";
import type { Logger } from "../../process/log.ts";
import { followUnused } from "../../process/unused-connections.ts";
import { admit } from "../admission.ts";
import { KEPT_OF_NAME, type RequestContext } from "../context.ts";
import { errorMessage, GATEWAY_ERRORS, type GatewayErrorCode } from "../errors.ts";
import { type Graphs, variantOf } from "../graph.ts";
import { createGate } from "../limits/gate.ts";
import type { Limits } from "../limits/limits.ts";
import { shareSpending } from "../limits/rates-shared.ts";
import type { Texts } from "../limits/texts.ts";
import type { UsageReporter } from "../registry/reporter.ts";
import { answerText, openRequest } from "../request.ts";
import { inTurn } from "../in-turn.ts";
import { shareAnswers } from "../shared-answers.ts";
import { type ConnectionSettings, connectionOptions } from "./connections.ts";
import { type GraphqlOptions, registerGraphql } from "./graphql.ts";
import type { Subscriptions } from "../subscriptions.ts";
import type { Authenticate } from "../trust/authenticate.ts";
import { registerHealth } from "./health.ts";
import { registerSandbox, type SandboxOptions } from "./sandbox.ts";
import { serveWebSockets } from "./websocket.ts";

export interface ServerOptions {
  readonly graphs: Graphs;
  readonly log: Logger;
  /** Bytes of one request's body. */
  readonly bodyLimit: number;
  /** The defaults where it is undefined. */
  readonly limits?: Limits | undefined;
  readonly texts: Texts;
  readonly connections: ConnectionSettings;
  /** Undefined when browsers get no sandbox. */
  readonly sandbox: Pick<SandboxOptions, "examples" | "roles"> | undefined;
  /** Path by name of the variant. */
  readonly variants: ReadonlyMap<string, string>;
  /** Undefined where nobody is told what clients ask. */
  readonly usage: UsageReporter | undefined;
  /** Whether identical queries under way are answered from one execution. */
  readonly dedupeRequests: boolean;
  readonly subscriptions: Subscriptions;
  readonly authenticate: Authenticate;
  /** Operations at once on one WebSocket. */
  readonly maxSubscriptionsPerConnection: number;
  /** Milliseconds between two signs of life to a client. */
  readonly heartbeat: number;
}

export const GRAPHQL_PATH = "/graphql";

/** What the log says of a request whose client left before the answer was whole, as other servers do. */
const CLIENT_LEFT = 499;

/** An id that a client or a proxy may give its request: short, and harmless in a log. */
const SANE_ID = /^[\w.:@/+=-]{1,128}$/;

/** Builds the server; it does not listen yet. Closing it lets the requests under way end. */
export async function createServer({
  graphs,
  log,
  bodyLimit,
  limits,
  texts,
  connections,
  sandbox,
  variants,
  usage,
  dedupeRequests,
  subscriptions,
  authenticate,
  maxSubscriptionsPerConnection: mostPerConnection,
  heartbeat,
}: ServerOptions): Promise<FastifyInstance> {
  const loggerInstance: FastifyBaseLogger = log;
  const app = fastify({
    bodyLimit,
    loggerInstance,
    // One line for each request, written below, takes the place of Fastify's two.
    logController: new LogController({ disableRequestLogging: true }),
    requestIdHeader: false,
    ...connectionOptions(connections),
    genReqId: ({ headers }) => {
      const given = headers["x-request-id"];
      return typeof given === "string" && SANE_ID.test(given) ? given : randomUUID();
    },
  });
  let stopping = false;

  const variantNames = new Map([...variants].map(([name, path]) => [path, name]));
  const byPath = new Map<string, Graphs>([
    [GRAPHQL_PATH, graphs],
    ...[...variants].map(([name, path]) => [path, variantOf(graphs, name)] as const),
  ]);
  const graphAt = (path = "") => ({
    variant: variantNames.get(path) ?? "",
    schema: (byPath.get(path) ?? graphs).current.engine.schema,
  });
  /** Told when an operation has ended; a subscription, which may go on for weeks, when it begins. */
  const countUse = (route: string | undefined, context: RequestContext, headers: IncomingHttpHeaders): void =>
    usage?.record(graphAt(route), context, headers);
  const gate = createGate(limits, log, shareSpending());
  const execute = inTurn(answerText);
  const answerRequest = admit(dedupeRequests ? shareAnswers(execute) : execute, gate);
  const stopSockets = serveWebSockets(app.server, {
    graphs: byPath,
    subscriptions,
    gate,
    texts,
    log,
    messageLimit: bodyLimit,
    mostPerConnection,
    heartbeat,
    answerRequest,
    authenticate,
    onSubscribe: countUse,
    onEnd(route, context, headers) {
      logRequest(log, { method: "WS", route }, context, undefined, performance.now() - context.startedAt);
      if (!isSubscription(context)) countUse(route, context, headers);
    },
  });
  const closeUnused = followUnused(app.server);
  app.addHook("preClose", async () => {
    stopping = true;
    closeUnused();
    // First the sockets: what ends after them is not taken for the end of its events.
    const closed = stopSockets();
    subscriptions.stop();
    await closed;
  });
  const end = (request: FastifyRequest, status: number): void => {
    const state = stateOf(request);
    if (state.ended) return;
    state.ended = true;
    const { context } = state;
    const {
      method,
      routeOptions: { url: route },
    } = request;
    logRequest(log, { method, route }, context, status, performance.now() - context.startedAt);
    // Of a batch each operation was told by itself.
    if (!isSubscription(context) && !Array.isArray(request.body)) countUse(route, context, request.headers);
  };
  app.addHook("onRequest", (request, reply, done) => {
    contextOf(request);
    reply.header("x-request-id", request.id);
    reply.raw.once("close", () => end(request, CLIENT_LEFT));
    const { "content-encoding": encoding = "identity" } = request.headers;
    // What a few bytes unfold to is not known before.
    done(encoding.toLowerCase() === "identity" ? undefined : new EncodedError());
  });
  app.addHook("onSend", (_request, reply, _payload, done) => {
    // A kept-alive connection would hold the stop back until its client lets go.
    if (stopping) reply.header("connection", "close");
    done();
  });
  app.addHook("onResponse", (request, reply, done) => {
    end(request, reply.statusCode);
    done();
  });
  // Fastify's own searches every body for `__proto__`, which JSON.parse makes an ordinary key of.
  app.removeContentTypeParser("application/json");
  app.addContentTypeParser("application/json", { parseAs: "string" }, readJson);
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const code = refusal(error);
    if (code === "ENCODING_UNSUPPORTED") reply.header("accept-encoding", "identity");
    if (code === "INTERNAL_SERVER_ERROR")
      log.error({ requestId: request.id, err: error }, "a request failed");
    return reply
      .code(GATEWAY_ERRORS[code].status)
      .send(errorBody(code, contextOf(request), { limit: bodyLimit }));
  });
  app.setNotFoundHandler((request, reply) =>
    reply.code(GATEWAY_ERRORS.NOT_FOUND.status).send(errorBody("NOT_FOUND", contextOf(request), {})),
  );

  registerHealth(app, graphs, subscriptions, () => stopping);
  if (sandbox !== undefined) await registerSandbox(app, { graphqlPath: GRAPHQL_PATH, ...sandbox });
  if (graphs.current.engine.kind === "apollo") {
    const { registerStock } = await import("./stock.ts");
    await registerStock(app, GRAPHQL_PATH, graphs, log, contextOf);
  } else {
    const options: GraphqlOptions = {
      answerRequest,
      authenticate,
      subscriptions,
      onSubscribe: countUse,
      gate,
      texts,
      heartbeat,
      maxBatch: limits?.maxBatch ?? 0,
      openBatched: ({ id, headers, socket }) => openRequest(id, headers, socket.remoteAddress),
      onBatched(route, context, headers) {
        logRequest(
          log,
          { method: "BATCH", route },
          context,
          undefined,
          performance.now() - context.startedAt,
        );
        countUse(route, context, headers);
      },
    };
    for (const [path, served] of byPath) registerGraphql(app, path, served, log, contextOf, options);
    app.addHook("onClose", async () => graphs.close());
  }
  app.addHook("onClose", gate.close);
  if (usage !== undefined) app.addHook("onClose", () => usage.close());
  return app;
}

/** What is known of a request: kept on it, as a map by request costs more than all that is kept. */
interface State {
  readonly context: RequestContext;
  /** Whether its line in the log is written. */
  ended: boolean;
}

const STATE = Symbol("state");

interface Stated {
  [STATE]?: State;
}

function stateOf(request: FastifyRequest & Stated): State {
  request[STATE] ??= {
    context: openRequest(request.id, request.headers, request.socket.remoteAddress),
    ended: false,
  };
  return request[STATE];
}

function contextOf(request: FastifyRequest): RequestContext {
  return stateOf(request).context;
}

function isSubscription({ operation }: RequestContext): boolean {
  return operation?.kind === OperationTypeNode.SUBSCRIPTION;
}

/** The body of a request is compressed. */
class EncodedError extends Error {}

/** @param done is told of a fault that the client has made */
function readJson(
  _request: FastifyRequest,
  body: string,
  done: (error: Error | null, parsed?: unknown) => void,
): void {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch (error) {
    done(Object.assign(error as SyntaxError, { statusCode: GATEWAY_ERRORS.BODY_MALFORMED.status }));
    return;
  }
  done(null, parsed);
}

function logRequest(
  log: Logger,
  { method, route }: { readonly method: string; readonly route: string | undefined },
  { id, operation, calls, errorCodes }: RequestContext,
  status: number | undefined,
  milliseconds: number,
): void {
  // Probes come every few seconds and say nothing new.
  const level = route?.startsWith("/health/") ? "debug" : "info";
  if (!log.isLevelEnabled(level)) return;
  const failed = calls.filter(({ code }) => code !== undefined);
  log[level](
    {
      requestId: id,
      method,
      route,
      operation: operation?.name?.slice(0, KEPT_OF_NAME),
      kind: operation?.kind,
      status,
      ms: Math.round(milliseconds),
      calls: calls.length,
      ...(failed.length > 0 && { failed: [...new Set(failed.map(callee))] }),
      ...(errorCodes.length > 0 && { errors: errorCodes }),
    },
    "request",
  );
}

function callee({ service, member }: RequestContext["calls"][number]): string {
  return member === undefined ? service : `${service}/${member}`;
}

function refusal(error: FastifyError): GatewayErrorCode {
  if (error instanceof EncodedError) return "ENCODING_UNSUPPORTED";
  const { code, statusCode } = error;
  if (code === "FST_ERR_CTP_BODY_TOO_LARGE") return "BODY_TOO_LARGE";
  if (code === "FST_ERR_CTP_INVALID_MEDIA_TYPE") return "MEDIA_TYPE_UNSUPPORTED";
  return statusCode !== undefined && statusCode < 500 ? "BODY_MALFORMED" : "INTERNAL_SERVER_ERROR";
}

function errorBody(code: GatewayErrorCode, { id, language }: RequestContext, { limit }: { limit?: number }) {
  return {
    errors: [{ message: errorMessage(code, { requestId: id, limit }, language), extensions: { code } }],
  };
}
