/**
 * GraphQL over WebSocket: any operation, many at once on one connection. Source: graphql-transport-ws
 * (https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md), spoken by graphql-ws; the work is that of every
 * other request.
 */
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import type { IncomingHttpHeaders, IncomingMessage, Server } from "node:http";
import { type ExecutionArgs, type ExecutionResult, OperationTypeNode } from "graphql";
import {
  CloseCode,
  handleProtocols,
  makeServer,
  type ServerOptions,
  type SubscribePayload,
} from "graphql-ws";
import { type WebSocket, WebSocketServer } from "ws";
import type { Logger } from "../../process/log.ts";
import { ownError, uniformErrors } from "../answer.ts";
import { openContext, type RequestContext } from "../context.ts";
import type { Delivery } from "../delivery.ts";
import type { Graphs } from "../graph.ts";
import type { Gate } from "../limits/gate.ts";
import { Refusal } from "../limits/refusal.ts";
import type { Texts } from "../limits/texts.ts";
import type { OpenedOperation } from "../plan/documents.ts";
import type { Means } from "../request.ts";
import type { AnswerRequest } from "../shared-answers.ts";
import { type Answer, answerOf, SubscriptionEnd } from "../subscription.ts";
import type { Subscriptions } from "../subscriptions.ts";
import type { Authenticate } from "../trust/authenticate.ts";
import { keepBeating } from "../transport/heartbeat.ts";
import { nativeGraph } from "./graphql.ts";
import { pathOf, refuseUpgrade, upgradeRefusal } from "./upgrade.ts";

export interface WebSocketOptions {
  /** By path. */
  readonly graphs: ReadonlyMap<string, Graphs>;
  readonly subscriptions: Subscriptions;
  readonly gate: Gate;
  readonly texts: Texts;
  readonly log: Logger;
  /** Bytes of one message of a client. */
  readonly messageLimit: number;
  /** Operations at once on one connection. */
  readonly mostPerConnection: number;
  /** Milliseconds between two signs of life. */
  readonly heartbeat: number;
  /** How queries and mutations are answered. */
  readonly answerRequest: AnswerRequest;
  readonly authenticate: Authenticate;
  /** Called when a subscription begins. */
  readonly onSubscribe: (path: string, context: RequestContext, headers: IncomingHttpHeaders) => void;
  /** Called when an operation has ended. */
  readonly onEnd: (path: string, context: RequestContext, headers: IncomingHttpHeaders) => void;
}

/** One client's connection. */
interface Connection {
  readonly socket: WebSocket;
  readonly path: string;
  /** Of the handshake, and what the client added when it introduced itself. */
  headers: IncomingHttpHeaders;
  readonly address: string | undefined;
  running: number;
  readonly deliveries: Set<Delivery<Answer>>;
}

/** One operation, on its way through graphql-ws. */
interface Work {
  readonly operation: OpenedOperation;
  readonly query: string;
  readonly payload: SubscribePayload;
  readonly context: RequestContext;
  readonly means: Means;
  readonly connection: Connection;
}

type Front = ServerOptions<Record<string, unknown>, Connection>;

/** A WebSocket's close code of the same meaning as HTTP's 503 (registered with IANA). */
const TRY_AGAIN_LATER = 1013;
/** Milliseconds for the closing handshake. */
const CLOSE_WITHIN = 1_000;
/** Bytes that may wait to be sent: who lets more come together does not read. */
const MOST_UNSENT = 32 * 2 ** 20;

/** Serves WebSockets on an HTTP server. Returns how to close them all, in good order. */
export function serveWebSockets(server: Server, options: WebSocketOptions): () => Promise<void> {
  const { messageLimit, heartbeat, log } = options;
  const settings = {
    noServer: true,
    maxPayload: messageLimit,
    perMessageDeflate: false,
    handleProtocols,
    closeTimeout: CLOSE_WITHIN,
  };
  const sockets = new WebSocketServer(settings);
  const front = makeServer(frontOptions(options));
  let stopping = false;

  server.on("upgrade", (request, stream, head) => {
    const code = upgradeRefusal(request, options, sockets.clients.size);
    if (stopping) stream.destroy();
    else if (code !== undefined) refuseUpgrade(request, stream, code, options.subscriptions.most);
    else sockets.handleUpgrade(request, stream, head, (socket) => serve(socket, request));
  });

  function serve(
    socket: WebSocket,
    { url, headers, socket: { remoteAddress: address } }: IncomingMessage,
  ): void {
    const connection: Connection = {
      socket,
      path: pathOf(url),
      headers,
      address,
      running: 0,
      deliveries: new Set(),
    };
    const stopBeating = keepBeating(socket, heartbeat);
    const closed = front.opened(
      {
        protocol: socket.protocol,
        send: (text) => sendText(socket, text),
        close: (code, reason) => socket.close(code, reason),
        onMessage: (handle) =>
          socket.on("message", (data) => {
            handle((data as Buffer).toString("utf8")).catch((error: unknown) => {
              log.warn({ err: error }, "a WebSocket is closed over a message");
              socket.close(CloseCode.BadRequest, "Message not understood");
            });
          }),
      },
      connection,
    );
    // The connection is closed for what is wrong with it; nobody else needs to know.
    socket.on("error", (error) => log.debug({ err: error }, "a WebSocket failed"));
    socket.once("close", (code, reason) => {
      stopBeating();
      for (const delivery of connection.deliveries) void delivery.return();
      void closed(code, reason.toString("utf8"));
    });
  }

  return async () => {
    stopping = true;
    const open = [...sockets.clients];
    for (const socket of open) socket.close(1001, "Going away");
    await Promise.all(open.map((socket) => once(socket, "close")));
  };
}

function frontOptions(options: WebSocketOptions): Front {
  const { graphs, gate, texts, mostPerConnection, authenticate, log } = options;
  return {
    async onConnect({ connectionParams, extra }) {
      const headers = addHeaders(extra.headers, connectionParams);
      if (headers === undefined) {
        extra.socket.close(CloseCode.BadRequest, "Malformed header");
        return false;
      }
      const { refusal } = await authenticate(headers, extra.path);
      if (refusal?.code === "UNAUTHENTICATED") extra.socket.close(CloseCode.Unauthorized, "Unauthorized");
      else if (refusal !== undefined) extra.socket.close(TRY_AGAIN_LATER, "Try again later");
      extra.headers = headers;
      return refusal === undefined;
    },
    async onSubscribe({ extra }, _id, payload) {
      const context = openContext(randomUUID(), extra.headers, extra.address);
      const refuse = (errors: readonly Error[]) => [...uniformErrors(errors, context, log)];
      // Again for every operation: a connection may outlive the token it was opened with.
      const { caller, refusal } = await authenticate(extra.headers, extra.path);
      if (refusal !== undefined) return refuse([ownError(refusal.code, context, refusal)]);
      context.caller = caller;
      if (extra.running >= mostPerConnection)
        return refuse([ownError("SUBSCRIPTION_LIMIT", context, { limit: mostPerConnection })]);
      const served = graphs.get(extra.path);
      if (served === undefined) throw new Error(`no graph is served at ${extra.path}`);
      const means = nativeGraph(served.current);
      const { query, extensions } = payload;
      const text = texts.textOf({ query: query || undefined, extensions });
      if (text instanceof Refusal) return refuse([text]);
      const { operation, errors } = means.engine.open(text, payload.operationName || undefined);
      if (operation === undefined) return refuse([(await gate.faulty(context)) ?? errors].flat());
      // Counted here: several messages may come before the first is worked on.
      extra.running += 1;
      if (operation.kind === OperationTypeNode.SUBSCRIPTION) {
        const { variables } = payload;
        const stopped = await gate.refusal(operation, variables ?? {}, context, means.engine.costing);
        if (stopped !== undefined) {
          extra.running -= 1;
          return refuse([stopped]);
        }
      }
      const work: Work = { operation, query: text, payload, context, means, connection: extra };
      return {
        schema: means.engine.schema,
        document: operation.document,
        operationName: operation.name ?? null,
        contextValue: work,
      };
    },
    execute: (args: ExecutionArgs) => passOn(execute(args.contextValue as Work, options)),
    subscribe: (args: ExecutionArgs) => passOn(subscribe(args.contextValue as Work, options)),
    onNext: (_context, _id, _payload, _args, answer) => (answer as unknown as Answer).parsed(),
    onError(_context, _id, _payload, [error]) {
      const end = error instanceof Error && error.originalError;
      return end instanceof SubscriptionEnd ? end.errors.map((each) => each.toJSON()) : undefined;
    },
  };
}

/** graphql-ws hands results on to `onNext` without looking into them. */
function passOn(
  answers: Promise<Answer> | Delivery<Answer>,
): ExecutionResult & AsyncIterableIterator<ExecutionResult> {
  return answers as never;
}

async function execute(
  { query, payload, context, means, connection }: Work,
  { answerRequest, log, onEnd }: WebSocketOptions,
): Promise<Answer> {
  const { variables, operationName } = payload;
  const parameters = { query, variables: variables ?? {}, name: operationName || undefined };
  const { text } = await answerRequest(parameters, context, means, log);
  connection.running -= 1;
  onEnd(connection.path, context, connection.headers);
  return answerOf(text);
}

function subscribe(
  { operation, payload, context, means, connection }: Work,
  { subscriptions, onSubscribe, onEnd }: WebSocketOptions,
): Delivery<Answer> {
  const delivery = subscriptions.open(operation, payload.variables ?? {}, context, means, () => {
    connection.running -= 1;
    connection.deliveries.delete(delivery);
    onEnd(connection.path, context, connection.headers);
  });
  connection.deliveries.add(delivery);
  onSubscribe(connection.path, context, connection.headers);
  return delivery;
}

/** Resolves when the message has left this process. */
function sendText(socket: WebSocket, text: string): Promise<void> {
  if (socket.bufferedAmount > MOST_UNSENT) socket.terminate();
  return new Promise((resolve) => {
    // A message that cannot be sent any more needs no answer: the socket is closing.
    if (socket.readyState === socket.OPEN) socket.send(text, () => resolve());
    else resolve();
  });
}

/** What HTTP allows in a header's value. */
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/**
 * A browser cannot send headers with a handshake: what they would say may stand in the payload of `connection_init`, at
 * its top or under `headers`. Undefined when a value is none that a header may have.
 */
function addHeaders(
  headers: IncomingHttpHeaders,
  payload: Readonly<Record<string, unknown>> = {},
): IncomingHttpHeaders | undefined {
  const added = { ...headers };
  const nested = typeof payload["headers"] === "object" ? payload["headers"] : {};
  for (const [name, value] of Object.entries({ ...payload, ...nested })) {
    // Who asks may not tell where from: that is a proxy's to say.
    if (typeof value !== "string" || name.toLowerCase() === "x-forwarded-for") continue;
    if (!HEADER_VALUE.test(value)) return undefined;
    added[name.toLowerCase()] = value;
  }
  return added;
}
