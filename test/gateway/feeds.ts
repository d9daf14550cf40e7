/**
 * Subgraphs with subscriptions, on the reference servers of both protocols, that send what the test says.
 */
import { EventEmitter, on } from "node:events";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { text } from "node:stream/consumers";
import { buildSubgraphSchema } from "@apollo/subgraph";
import { graphql, type GraphQLSchema, parse } from "graphql";
import { createHandler } from "graphql-sse/lib/use/http";
import { useServer } from "graphql-ws/use/ws";
import { WebSocketServer } from "ws";

export type Protocol = "sse" | "websocket";

/** One subscription at the subgraph. */
export interface Opened {
  readonly protocol: Protocol;
  readonly field: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly headers: IncomingHttpHeaders;
}

export interface Feed {
  readonly url: string;
  readonly server: Server;
  /** All that were ever opened. */
  readonly opened: Opened[];
  /** Those that have not ended. */
  readonly open: Set<Opened>;
  /** Texts of queries. */
  readonly asked: string[];
  /** Sends an event to the field's subscriptions. */
  readonly emit: (field: string, value: unknown) => void;
  /** Completes the field's subscriptions. */
  readonly complete: (field: string) => void;
  /** Breaks all connections. */
  readonly kill: () => void;
  readonly close: () => Promise<void>;
}

type Resolvers = Record<string, Record<string, unknown>>;

const COMPLETE = Symbol("complete");

/** @param fields of Subscription; each gives what is emitted for it */
export async function startFeed(
  typeDefs: string,
  fields: readonly string[],
  resolvers: Resolvers = {},
  protocols: readonly Protocol[] = ["sse"],
  port = 0,
): Promise<Feed> {
  const emitter = new EventEmitter().setMaxListeners(0);
  const opened: Opened[] = [];
  const open = new Set<Opened>();
  const asked: string[] = [];
  const schema = buildSubgraphSchema({
    typeDefs: parse(typeDefs),
    resolvers: {
      ...resolvers,
      Subscription: Object.fromEntries(
        fields.map((field) => [
          field,
          {
            subscribe: (
              _root: unknown,
              given: Record<string, unknown>,
              who: Pick<Opened, "protocol" | "headers">,
            ) => {
              const one: Opened = { ...who, field, arguments: given };
              opened.push(one);
              open.add(one);
              return source(emitter, field, () => open.delete(one));
            },
            resolve: (value: unknown) => value,
          },
        ]),
      ),
    } as never,
  });
  const server = createServer();
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  const answerEvents = createHandler({
    schema,
    context: ({ raw }) => ({ protocol: "sse", headers: raw.headers }) as never,
  });
  server.on("request", (request, response) => {
    if (request.headers.accept?.startsWith("text/event-stream") && protocols.includes("sse"))
      void answerEvents(request, response);
    else
      void answerQuery(request, schema, asked).then(({ status, body }) =>
        response.writeHead(status, { "content-type": "application/json" }).end(body),
      );
  });
  if (protocols.includes("websocket"))
    useServer(
      {
        schema,
        context: ({ extra }: { extra: { request: IncomingMessage } }) => ({
          protocol: "websocket",
          headers: extra.request.headers,
        }),
      },
      new WebSocketServer({ server, path: "/graphql" }),
    );
  await new Promise<void>((resolve) => {
    server.listen(port, "127.0.0.1", resolve);
  });
  const kill = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    server,
    opened,
    open,
    asked,
    emit: (field, value) => void emitter.emit(field, value),
    complete: (field) => void emitter.emit(field, COMPLETE),
    kill,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        kill();
      }),
  };
}

function source(emitter: EventEmitter, field: string, onEnd: () => void): AsyncIterableIterator<unknown> {
  const values = on(emitter, field);
  const iterator: AsyncIterableIterator<unknown> = {
    async next() {
      const { done, value } = (await values.next()) as IteratorResult<[unknown]>;
      return done || value[0] === COMPLETE ? iterator.return!() : { done: false, value: value[0] };
    },
    async return() {
      onEnd();
      await values.return?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]: () => iterator,
  };
  return iterator;
}

async function answerQuery(request: IncomingMessage, schema: GraphQLSchema, asked: string[]) {
  if (request.method !== "POST") return { status: 426, body: "no WebSocket here" };
  const { query, variables } = JSON.parse(await text(request)) as {
    query: string;
    variables: Record<string, unknown>;
  };
  if (query.startsWith("subscription")) return { status: 405, body: "not here" };
  asked.push(query);
  return {
    status: 200,
    body: JSON.stringify(await graphql({ schema, source: query, variableValues: variables })),
  };
}
