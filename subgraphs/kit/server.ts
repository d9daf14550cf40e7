/**
 * Serves a subgraph over HTTP: Mercurius with its JIT on Fastify, health, metrics, request ids, clear errors, a clean stop.
 */
import type { AddressInfo } from "node:net";
import Fastify, { type FastifyReply, type FastifyRequest, LogController } from "fastify";
import { GraphQLError, type GraphQLSchema } from "graphql";
import mercurius from "mercurius";
import { StartError } from "../../process/lifecycle.ts";
import type { Logger } from "../../process/log.ts";
import { followUnused } from "../../process/unused-connections.ts";
import { checkBody, checkQuery } from "./request-form.ts";
import {
  AgencyError,
  type ErrorCode,
  type Language,
  isUnexpected,
  languageOf,
  toClientErrors,
} from "./errors.ts";
import { serveEvents } from "./events.ts";
import { type Access, type IsMember, openDoor } from "./access.ts";
import { openAnswerSigner } from "./answer-signer.ts";
import type { Identity } from "./identity.ts";
import { METRICS_CONTENT_TYPE, startMetrics } from "./metrics.ts";
import { serverTls } from "./tls.ts";

export interface SubgraphServerOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** `/graphql`, or with a parameter for a server of several members: `/:agency/graphql`. */
  readonly path: string;
  readonly schema: GraphQLSchema;
  readonly log: Logger;
  /** Who is answered. */
  readonly access: Access;
  /** Left out where no service is partitioned. */
  readonly isMember?: IsMember;
  /** What resolvers get beside what every one gets; made anew for every request, so that loaders never serve stale rows. */
  readonly context: (request: FastifyRequest, identity: Identity) => object;
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
  /** Who asks. */
  readonly identity: Identity;
}

const BODY_LIMIT = 8 * 1024 * 1024;

/** @throws StartError when the port is taken. */
export async function serveSubgraph(options: SubgraphServerOptions): Promise<SubgraphServer> {
  const { log } = options;
  const tls = await serverTls(options.access.tls ?? {});
  const app = Fastify({
    ...(tls === undefined ? { http: {} } : { https: tls }),
    loggerInstance: log,
    // The gateway's request id goes along, so that one request can be followed over all agencies.
    requestIdHeader: "x-request-id",
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT,
    forceCloseConnections: "idle",
  });
  const door = await openDoor(options.access, options.isMember ?? (() => false), log);
  const { answerKeyFile } = { answerKeyFile: undefined, ...options.access };
  const signer = answerKeyFile === undefined ? undefined : await openAnswerSigner(answerKeyFile, log);
  const closeUnused = followUnused(app.server);
  app.addHook("preClose", (done) => {
    closeUnused();
    done();
  });
  const metrics = startMetrics();
  app.addHook("onClose", (_app, done) => {
    metrics.close();
    signer?.close();
    done();
  });
  app.addHook("onResponse", (request, reply, done) => {
    if (request.routeOptions.url === options.path)
      metrics.request(reply.statusCode, reply.elapsedTime / 1000);
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
  app.get("/metrics", (_request, reply) => reply.type(METRICS_CONTENT_TYPE).send(metrics.text()));
  const refuse = (fault: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const language = languageOf(request.headers["accept-language"]);
    const error = new GraphQLError(String(fault), { originalError: fault as Error });
    if (isUnexpected(error)) request.log.error(fault);
    const errors = toClientErrors(error, language);
    for (const each of errors) metrics.error(codeOf(each));
    return reply.code(statusOf(error)).send({ errors });
  };
  app.setErrorHandler(refuse);
  app.addHook("onSend", (_request, reply, _payload, done) => {
    // A refusal says how to do better (RFC 9110, section 11.6.1).
    if (reply.statusCode === 401) reply.header("www-authenticate", "Signature");
    done();
  });
  if (signer !== undefined)
    app.addHook("onSend", (request, reply, payload, done) => {
      const { signature } = request.headers;
      if (request.routeOptions.url === options.path && typeof signature === "string") {
        const body = (payload ?? "") as string | Buffer;
        const { statusCode: status } = reply;
        reply.headers({ ...signer.sign({ status, body, requestSignature: signature }) });
      }
      done();
    });
  // Mercurius declares the parts of an error's path as texts, so that Fastify would write list indexes as texts too; by
  // the GraphQL specification (7.1.2) they are numbers. By what it declares of requests, Fastify would make texts of
  // whatever came. Without declared forms an answer is written, and a request read, as it is.
  app.addHook("onRoute", (route) => {
    if (route.url === options.path) delete route.schema;
  });
  const identities = new WeakMap<FastifyRequest, Identity>();
  app.addHook("onRequest", async (request, reply) => {
    if (request.routeOptions.url !== options.path) return undefined;
    try {
      identities.set(request, await door.enter(request));
      return undefined;
    } catch (error) {
      // Here, and not by Mercurius, which would make the context of a request that nobody is known to have made.
      return refuse(error, request, reply);
    }
  });
  app.addHook("preParsing", (request, _reply, payload, done) => {
    done(null, request.routeOptions.url === options.path ? door.body(request, payload) : payload);
  });
  app.addHook("preHandler", (request, _reply, done) => {
    if (request.routeOptions.url === options.path) {
      if (request.method === "POST") checkBody(request.body);
      else checkQuery(request.query);
    }
    done();
  });
  const contextOf = (request: FastifyRequest): object => {
    const identity = identities.get(request);
    if (identity === undefined) throw new Error("a request that did not enter is answered");
    return {
      ...options.context(request, identity),
      language: languageOf(request.headers["accept-language"]),
      identity,
    };
  };
  if (options.schema.getSubscriptionType() != null)
    serveEvents(app, { ...options, context: contextOf, signer });
  await app.register(mercurius, {
    schema: options.schema,
    path: options.path,
    jit: 1,
    graphiql: false,
    context: contextOf,
    errorFormatter: (execution, context) => {
      const { language, reply } = context as unknown as { language: Language; reply?: { log: Logger } };
      const errors = execution.errors?.flatMap((error) => {
        if (isUnexpected(error))
          (reply?.log ?? log).error({ err: error.originalError, path: error.path }, "failed");
        return toClientErrors(error, language);
      });
      for (const each of errors ?? []) metrics.error(codeOf(each));
      // A partial answer is an answer.
      return {
        statusCode: execution.data === undefined ? statusOf(execution.errors?.[0]) : 200,
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
  if ("authorization" in options.access)
    log.warn("--no-authorization: whoever reaches this server is answered, and sees every row");
  const { port } = app.server.address() as AddressInfo;
  return {
    port,
    url: `${tls === undefined ? "http" : "https"}://${options.host}:${port}`,
    close: () => app.close(),
  };
}

function codeOf({ extensions }: GraphQLError): string {
  const { code } = extensions;
  return typeof code === "string" ? code : "NONE";
}

/** Of errors that come before a path is looked at. */
const STATUS: Partial<Record<ErrorCode, number>> = { NOT_FROM_GATEWAY: 401, GATEWAY_KEYS_UNREACHABLE: 503 };

/** Of a request that could not be executed at all. */
function statusOf(error: GraphQLError | undefined): number {
  const cause: unknown = error?.originalError;
  // Resolvers answer inside the data; out here an agency's error means that the path names none.
  if (cause instanceof AgencyError) return STATUS[(cause as AgencyError).code] ?? 404;
  const status = cause instanceof Error ? (cause as { statusCode?: number }).statusCode : undefined;
  return status ?? (error !== undefined && isUnexpected(error) ? 500 : 400);
}
