/**
 * The sample subgraph over HTTP: Node's own server, graphql-js, nothing of the kit. It conforms, unless it is told not to.
 */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import {
  type DocumentNode,
  execute,
  getOperationAST,
  GraphQLError,
  type GraphQLFieldResolver,
  type GraphQLSchema,
  Kind,
  parse,
  validate,
  visit,
} from "graphql";
import type { Fault, Faulty } from "./faults.ts";
import { Refusal } from "./refusal.ts";
import { sampleSchema } from "./schema.ts";

interface GraphQLRequest {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>> | null;
  readonly operationName?: string | null;
  readonly language: "en" | "vi";
}

interface Reply {
  readonly status: number;
  readonly body: object;
}

const BODY_LIMIT = 8 * 2 ** 20;
/** Of brackets in a body: deeper, graphql-js could not walk a document or a value. */
const DEEPEST = 500;

export interface SampleSubgraph {
  readonly url: string;
  /** Switches faults on, and all others off. */
  plant(...faults: readonly Fault[]): void;
  close(): Promise<void>;
}

export async function startSample(): Promise<SampleSubgraph> {
  let planted: ReadonlySet<Fault> = new Set();
  const has: Faulty = (fault) => planted.has(fault);
  const schema = sampleSchema(has);
  answerEntitiesWrongly(schema, has);
  const answer = graphqlServer(schema, has);
  const server = createServer({ maxHeaderSize: 16_384 }, (request, response) => {
    serve(request, response, answer, has).catch((error: unknown) => {
      response.writeHead(500).end(JSON.stringify({ errors: [{ message: String(error) }] }));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    plant: (...faults) => {
      planted = new Set(faults);
    },
    close: async () => {
      server.close();
      server.closeAllConnections();
      if (server.listening) await once(server, "close");
    },
  };
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  answer: (given: GraphQLRequest) => Promise<Reply>,
  has: Faulty,
): Promise<void> {
  const send = ({ status, body }: Reply): void => {
    const type = has("answers are announced as HTML") ? "text/html" : "application/json";
    response.writeHead(status, { "content-type": type }).end(JSON.stringify(body));
  };
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://sample");
  const language = request.headers["accept-language"]?.startsWith("vi") ? "vi" : "en";
  if (pathname !== "/graphql") return send(refused(404, "nothing is here"));
  if (request.method === "GET" && has("mutations by GET")) {
    const variables = JSON.parse(searchParams.get("variables") ?? "{}") as Record<string, unknown>;
    return send(await answer({ query: searchParams.get("query") ?? "", variables, language }));
  }
  if (request.method === "GET") return send(refused(405, "ask by POST"));
  if (request.method !== "POST" && has("unknown methods hang")) return;
  if (request.method !== "POST") return send(refused(405, "ask by POST"));
  const type = request.headers["content-type"] ?? "";
  if (!/^application\/json *(;|$)/.test(type) && !has("texts are taken for JSON"))
    return send(refused(415, "the body must be JSON"));
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    // What a program that has no more memory would do.
    if (bytes > BODY_LIMIT && has("the whole body is kept")) return send(refused(503, "no memory"));
    if (bytes <= BODY_LIMIT) chunks.push(chunk);
  }
  if (bytes > BODY_LIMIT) return send(refused(413, "too large"));
  const text = Buffer.concat(chunks).toString();
  if (depthOf(text) > DEEPEST && !has("deep documents overflow the stack"))
    return send(refused(400, "too deep"));
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch (error) {
    return send(refused(has("bad JSON is the server's fault") ? 500 : 400, (error as Error).message));
  }
  const given = readRequest(body, has);
  send(given === undefined ? refused(400, "not a GraphQL request") : await answer({ ...given, language }));
}

function readRequest(body: unknown, has: Faulty): Omit<GraphQLRequest, "language"> | undefined {
  if (typeof body !== "object" || body === null || Array.isArray(body)) return undefined;
  const own = body as Record<string, unknown>;
  // What a program does that copies properties one by one.
  const given = has("inherited properties are read") ? { ...own, ...(own["__proto__"] as object) } : own;
  const { query, variables, operationName, extensions } = given;
  const isRight =
    typeof query === "string" &&
    (operationName == null || typeof operationName === "string") &&
    [variables, extensions].every(
      (each) => each == null || (typeof each === "object" && !Array.isArray(each)),
    );
  if (!isRight || (has("null is refused") && [variables, operationName, extensions].includes(null)))
    return undefined;
  return { query, variables, operationName } as Omit<GraphQLRequest, "language">;
}

function graphqlServer(schema: GraphQLSchema, has: Faulty) {
  const kept = new Map<string, Reply>();
  const read = new Map<string, ReadDocument>();
  let isStopped = false;
  return async (given: GraphQLRequest): Promise<Reply> => {
    if (JSON.stringify(given.variables ?? {}).includes("\\u0000") && has("NUL stops the server"))
      isStopped = true;
    if (isStopped && has("NUL stops the server")) return refused(503, "stopped");
    if (has("slow")) await new Promise((resolve) => setTimeout(resolve, 20));
    const known = kept.get(given.query);
    if (known !== undefined && has("answers are kept without their variables")) return known;
    const reply = await answerOne(schema, given, has, read);
    kept.set(given.query, reply);
    return reply;
  };
}

interface ReadDocument {
  readonly document: DocumentNode;
  readonly faults: readonly GraphQLError[];
}

function readDocument(schema: GraphQLSchema, query: string): ReadDocument {
  const document = parse(query, { maxTokens: 100_000 });
  return { document, faults: validate(schema, document, undefined, { maxErrors: 10 }) };
}

/** @param read documents by their texts */
async function answerOne(
  schema: GraphQLSchema,
  given: GraphQLRequest,
  has: Faulty,
  read: Map<string, ReadDocument>,
): Promise<Reply> {
  let known = read.get(given.query);
  try {
    known ??= readDocument(schema, given.query);
  } catch (error) {
    return refused(error instanceof GraphQLError ? 400 : 500, (error as Error).message);
  }
  read.set(given.query, known);
  const { faults } = known;
  let { document } = known;
  if (faults.length > 0 && !has("aliases are not read"))
    return refused(
      400,
      has("errors show the stack") ? String(new Error(faults[0]?.message).stack) : (faults[0]?.message ?? ""),
    );
  const operation = getOperationAST(document, given.operationName);
  if (operation == null && !has("the first operation is always meant"))
    return refused(400, "no such operation, or several");
  document = rewritten(document, has);
  const first = document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION)?.name?.value;
  const name = has("the first operation is always meant") ? first : given.operationName;
  const result = await execute({ schema, document, variableValues: given.variables, operationName: name });
  const errors = result.errors?.map((error) => tell(error, given.language, has));
  const data = errors !== undefined && has("all or nothing") ? null : result.data;
  const body = { ...(errors && { errors }), data: withOtherSdl(data, has) };
  return { status: result.data === undefined ? 400 : 200, body };
}

function tell(error: GraphQLError, language: "en" | "vi", has: Faulty) {
  const cause: unknown = error.originalError;
  const refusal = cause instanceof Refusal ? cause : undefined;
  const details = has("errors without details") ? {} : refusal?.details;
  return {
    message: refusal?.tell(has("English only") ? "en" : language) ?? error.message,
    path: has("paths are texts") ? error.path?.map(String) : error.path,
    extensions: {
      ...details,
      code: has("one code for all") ? "BAD_REQUEST" : (refusal?.code ?? "BAD_USER_INPUT"),
    },
  };
}

function rewritten(document: DocumentNode, has: Faulty): DocumentNode {
  const isBlind = has("conditions are not read");
  const isNameless = has("aliases are not read");
  if (!isBlind && !isNameless) return document;
  return visit(document, {
    Directive: () => (isBlind ? null : undefined),
    Field: (node) => (isNameless && node.alias ? { ...node, alias: undefined } : undefined),
  });
}

function withOtherSdl(data: unknown, has: Faulty): unknown {
  const { _service: service } = (data ?? {}) as { _service?: { sdl: string } };
  if (service === undefined) return data;
  let { sdl } = service;
  if (has("sdl without an enum's value")) sdl = sdl.replace(/"""\s*10 Đã trả[^"]*"""\s*RETURNED/, "");
  if (has("sdl with another default")) sdl = sdl.replaceAll("first: Int = 20", "first: Int = 50");
  if (has("sdl with a surplus enum value")) sdl += "\nextend enum OnlineLevel { ALMOST }";
  if (has("sdl without a key")) sdl = sdl.replace('@key(fields: "agencyCode dossierCode")', "");
  return { _service: { sdl } };
}

function answerEntitiesWrongly(schema: GraphQLSchema, has: Faulty): void {
  const field = schema.getQueryType()?.getFields()["_entities"];
  const resolve = field?.resolve as GraphQLFieldResolver<unknown, unknown> | undefined;
  if (field === undefined || resolve === undefined) throw new Error("no entities");
  field.resolve = (source, args, context, info) => {
    const asked = args["representations"] as { agencyCode?: string; dossierCode?: unknown }[];
    if (asked.length === 0 && has("no entities are an error")) throw new Error("no entities");
    if (has("a malformed key costs all") && asked.some(({ dossierCode }) => dossierCode === "not a dossier"))
      throw new Refusal("INVALID_DOSSIER_CODE", {});
    // One by one, so that one that is refused costs itself alone.
    const list = asked.map(async (representation) => {
      const [entity] = (await resolve(
        source,
        { representations: [representation] },
        context,
        info,
      )) as unknown[];
      return entity;
    });
    if (has("entities in the database's order"))
      return Promise.all(list).then((found) => found.toSorted(byId));
    if (has("a hundred entities at most")) return list.slice(0, 100);
    if (!has("duplicates are answered once")) return list;
    const keys = asked.map((representation) => JSON.stringify(representation));
    return list.map((entity, index) => (keys.indexOf(keys[index] ?? "") < index ? null : entity));
  };
}

function byId(a: unknown, b: unknown): number {
  return ((a as { id?: number } | null)?.id ?? 0) - ((b as { id?: number } | null)?.id ?? 0);
}

function refused(status: number, message: string): Reply {
  return { status, body: { errors: [{ message, extensions: { code: "BAD_REQUEST" } }] } };
}

/** Of brackets, whatever they stand for. */
function depthOf(text: string): number {
  let [depth, deepest] = [0, 0];
  for (const sign of text)
    if ("{[(".includes(sign)) deepest = Math.max(deepest, ++depth);
    else if ("}])".includes(sign)) depth--;
  return deepest;
}
