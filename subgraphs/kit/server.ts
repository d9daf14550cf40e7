/**
 * Serves a subgraph over HTTP: Mercurius with its JIT on Fastify, health, request ids, clear errors, a clean stop.
 */
import type { AddressInfo } from "node:net";
import Fastify, { type FastifyRequest, LogController } from "fastify";
import { GraphQLError, type GraphQLSchema } from "graphql";
import mercurius from "mercurius";
import { StartError } from "../../process/lifecycle.ts";
import type { Logger } from "../../process/log.ts";
import { AgencyError, type Language, isUnexpected, languageOf, toClientErrors } from "./errors.ts";

export interface SubgraphServerOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** `/graphql`, or with a parameter for a server of several members: `/:agency/graphql`. */
  readonly path: string;
  readonly schema: GraphQLSchema;
  readonly log: Logger;
  /** What resolvers get beside `language`; made anew for every request, so that loaders never serve stale rows. */
  readonly context: (request: FastifyRequest) => object;
  /** Rejects while the subgraph cannot do its work. */
  readonly ready: () => Promise<unknown>;
}

export interface SubgraphServer {
  readonly port: number;
  readonly url: string;
  close(): Promise<void>;
}

/** What every resolver can rely on. */
export interface RequestContext {
  readonly language: Language;
}

const BODY_LIMIT = 8 * 1024 * 1024;

/** @throws StartError when the port is taken. */
export async function serveSubgraph(options: SubgraphServerOptions): Promise<SubgraphServer> {
  const { log } = options;
  const app = Fastify({
    loggerInstance: log,
    // The gateway's request id goes along, so that one request can be followed over all agencies.
    requestIdHeader: "x-request-id",
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT,
    forceCloseConnections: "idle",
  });
  app.addHook("onResponse", (request, reply, done) => {
    request.log.debug({ status: reply.statusCode, ms: Math.round(reply.elapsedTime * 10) / 10 }, request.url);
    done();
  });
  app.get("/health/live", () => ({ status: "live" }));
  app.get("/health/ready", async (_request, reply) => {
    try {
      await options.ready();
      return { status: "ready" };
    } catch (error) {
      log.warn({ error: String(error) }, "not ready");
      return reply.code(503).send({ status: "not ready" });
    }
  });
  app.setErrorHandler((fault, request, reply) => {
    const language = languageOf(request.headers["accept-language"]);
    const error = new GraphQLError(String(fault), { originalError: fault as Error });
    const status =
      fault instanceof AgencyError ? 404 : ((fault as { statusCode?: number }).statusCode ?? 500);
    if (isUnexpected(error)) request.log.error(fault);
    return reply.code(status).send({ errors: toClientErrors(error, language) });
  });
  await app.register(mercurius, {
    schema: options.schema,
    path: options.path,
    jit: 1,
    graphiql: false,
    context: (request) => ({
      ...options.context(request),
      language: languageOf(request.headers["accept-language"]),
    }),
    errorFormatter: (execution, context) => {
      const { language, reply } = context as unknown as { language: Language; reply?: { log: Logger } };
      const errors = execution.errors?.flatMap((error) => {
        if (isUnexpected(error))
          (reply?.log ?? log).error({ err: error.originalError, path: error.path }, "failed");
        return toClientErrors(error, language);
      });
      // A request that could not be executed at all is the caller's fault; a partial answer is an answer.
      return {
        statusCode: execution.data === undefined ? 400 : 200,
        response: { data: execution.data ?? null, errors },
      };
    },
  });
  try {
    await app.listen({ host: options.host, port: options.port });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    throw new StartError(
      `port ${options.port} is taken`,
      "Choose another with --port, or stop what uses it.",
    );
  }
  const { port } = app.server.address() as AddressInfo;
  return { port, url: `http://${options.host}:${port}`, close: () => app.close() };
}
