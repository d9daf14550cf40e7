/**
 * GraphQL over HTTP (https://graphql.github.io/graphql-over-http/draft/): what a request asks for, and the form of its
 * answer. The work between is `answerText` of request.ts.
 */
import type { IncomingHttpHeaders } from "node:http";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { GraphQLError, OperationTypeNode } from "graphql";
import type { Logger } from "../../process/log.ts";
import type { RequestContext } from "../context.ts";
import { type ErrorDetails, errorMessage, GATEWAY_ERRORS, type GatewayErrorCode } from "../errors.ts";
import type { Graph, Graphs } from "../graph.ts";
import { Refusal } from "../limits/refusal.ts";
import { type AskedParameters, type Means, refusedText, type TextAnswer } from "../request.ts";
import { type Authenticate, challenge } from "../trust/authenticate.ts";
import { answerBatch, type Batched, type BatchOptions } from "./batch.ts";
import { acceptedFormat, sendParts } from "./multipart.ts";
import { answersTo, type EventOptions, sendEvents, wantsEvents } from "./sse.ts";

const RESPONSE_TYPE = "application/graphql-response+json";

/** Headers that a page of another origin cannot send without asking first: any of them shows that this one may. */
const PREFLIGHT_HEADERS = ["apollo-require-preflight", "x-apollo-operation-name", "x-requested-with"];

export interface GraphqlOptions extends EventOptions, BatchOptions {
  readonly authenticate: Authenticate;
  /** Called when a subscription begins. */
  readonly onSubscribe: (path: string, context: RequestContext, headers: IncomingHttpHeaders) => void;
  /** The context of one operation among several. */
  readonly openBatched: (request: FastifyRequest) => RequestContext;
  /** Called when one operation among several has ended. */
  readonly onBatched: GraphqlOptions["onSubscribe"];
}

/** Serves POST and GET at `path` from the graph of the moment. */
export function registerGraphql(
  app: FastifyInstance,
  path: string,
  graphs: Graphs,
  log: Logger,
  contextOf: (request: FastifyRequest) => RequestContext,
  options: GraphqlOptions,
): void {
  const answer = async (
    asked: AskedParameters,
    request: FastifyRequest,
    reply: FastifyReply,
    only?: OperationTypeNode,
  ) => {
    const context = contextOf(request);
    if (!(await letIn(request, reply, context))) return reply;
    const query = options.texts.textOf(asked);
    if (query instanceof Refusal) return send(request, reply, refusedText(query, context, log));
    const { variables, name } = asked;
    const parameters = { query, variables, name, ...(only && { only }) };
    const means = nativeGraph(graphs.current);
    if (wantsEvents(request.headers.accept, parameters, means)) {
      const answers = await answersTo(parameters, context, means, options, log);
      if (context.operation?.kind === OperationTypeNode.SUBSCRIPTION)
        options.onSubscribe(path, context, request.headers);
      return sendEvents(reply.headers(context.answerHeaders ?? {}), answers, options.heartbeat);
    }
    const format = acceptedFormat(request.headers.accept);
    const answered = await options.answerRequest({ ...parameters, format }, context, means, log);
    return send(request, reply.headers(context.answerHeaders ?? {}), answered);
  };

  /** Whether who asks may ask; if not, the answer is sent. */
  async function letIn(
    request: FastifyRequest,
    reply: FastifyReply,
    context: RequestContext,
  ): Promise<boolean> {
    const { caller, refusal } = await options.authenticate(request.headers, path);
    if (refusal === undefined) {
      context.caller = caller;
      return true;
    }
    if (refusal.code === "UNAUTHENTICATED") reply.header("www-authenticate", challenge(refusal));
    refuse(request, reply, context, refusal.code, refusal);
    return false;
  }

  async function answerAll(
    bodies: readonly unknown[],
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<FastifyReply> {
    const context = contextOf(request);
    if (!(await letIn(request, reply, context))) return reply;
    // What is too much is not looked at.
    const batch: Batched[] = bodies.map((body) => {
      const own = bodies.length > options.maxBatch ? context : options.openBatched(request);
      own.caller = context.caller;
      return { asked: readBody(body), context: own };
    });
    const answered = await answerBatch(batch, context, nativeGraph(graphs.current), options, log);
    for (const { context: own } of batch) if (own !== context) options.onBatched(path, own, request.headers);
    return send(request, reply.headers(context.answerHeaders ?? {}), answered);
  }

  app.post(path, async (request, reply) => {
    if (Array.isArray(request.body) && request.body.length > 0)
      return answerAll(request.body, request, reply);
    const parameters = readBody(request.body);
    if (parameters !== undefined) return answer(parameters, request, reply);
    return refuse(request, reply, contextOf(request), "REQUEST_MALFORMED");
  });

  app.get(path, async (request, reply) => {
    // A link or an image of a foreign page can make a browser send a GET, with the reader's cookies and address.
    const isOwn = request.headers["sec-fetch-site"] === "same-origin";
    if (!isOwn && !PREFLIGHT_HEADERS.some((name) => request.headers[name] !== undefined))
      return refuse(request, reply, contextOf(request), "PREFLIGHT_MISSING");
    const parameters = readQuery(request.query as Readonly<Record<string, unknown>>);
    if (parameters === undefined) return refuse(request, reply, contextOf(request), "REQUEST_MALFORMED");
    return answer(parameters, request, reply, OperationTypeNode.QUERY);
  });
}

/** What the own engine needs of a graph. */
export function nativeGraph({ engine, transport, streams }: Graph): Means {
  if (engine.kind !== "native") throw new Error("this front serves the native engine");
  return { engine, transport, streams };
}

function readBody(body: unknown): AskedParameters | undefined {
  if (!isRecord(body)) return undefined;
  const { query = "", variables = null, operationName = null, extensions, doc_id: id } = body;
  const { documentId = id } = body;
  if (typeof query !== "string") return undefined;
  if (documentId !== undefined && typeof documentId !== "string") return undefined;
  if (query === "" && documentId === undefined && !isRecord(extensions)) return undefined;
  if (variables !== null && !isRecord(variables)) return undefined;
  if (operationName !== null && typeof operationName !== "string") return undefined;
  return {
    query: query || undefined,
    documentId,
    extensions,
    variables: variables ?? {},
    name: operationName || undefined,
  };
}

function readQuery({
  query,
  variables,
  operationName,
  documentId,
  extensions,
}: Readonly<Record<string, unknown>>): AskedParameters | undefined {
  try {
    return readBody({
      query,
      operationName,
      documentId,
      extensions: typeof extensions === "string" ? JSON.parse(extensions) : undefined,
      variables: typeof variables === "string" ? JSON.parse(variables) : undefined,
    });
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function send(request: FastifyRequest, reply: FastifyReply, answer: TextAnswer): FastifyReply {
  const { status, text, bytes, later } = answer;
  if (later !== undefined) return sendParts(reply, text, later);
  const wantsResponseType = request.headers.accept?.includes(RESPONSE_TYPE) ?? false;
  reply.header("content-type", `${wantsResponseType ? RESPONSE_TYPE : "application/json"}; charset=utf-8`);
  return reply.code(status).send(bytes ?? text);
}

function refuse(
  request: FastifyRequest,
  reply: FastifyReply,
  context: RequestContext,
  code: GatewayErrorCode,
  details: ErrorDetails = {},
): FastifyReply {
  const { status } = GATEWAY_ERRORS[code];
  const error = new GraphQLError(errorMessage(code, details, context.language), { extensions: { code } });
  context.errorCodes = [code];
  return send(request, reply, { status, text: JSON.stringify({ errors: [error] }) });
}
