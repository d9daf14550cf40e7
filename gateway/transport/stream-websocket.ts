/**
 * Subscribing by WebSocket, each subscription on a connection of its own. Source: graphql-transport-ws
 * (https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md). Its messages and codes are graphql-ws's; its client
 * is not used, because it rounds long numbers, and connects again by itself when a service closes in good order.
 */
import {
  GRAPHQL_TRANSPORT_WS_PROTOCOL,
  type Message,
  MessageType,
  type NextMessage,
  stringifyMessage,
  validateMessage,
} from "graphql-ws";
import { WebSocket } from "ws";
import { lookupWithin, USUAL_HOSTS } from "../hosts.ts";
import type { HeadersFor } from "./headers.ts";
import { keepBeating } from "./heartbeat.ts";
import { targetOf } from "./http.ts";
import { parseJson } from "./json.ts";
import { readError, readResult } from "./response.ts";
import {
  type AttemptListener,
  type AttemptStream,
  type StreamLimits,
  streamEvent,
  tellOnce,
} from "./stream.ts";
import type { Failure, SubgraphRequest, SubgraphResponse } from "./transport.ts";

const ID = "1";
/** Milliseconds for the closing handshake. */
const CLOSE_WITHIN = 1_000;

export function openWebSocket(
  { deadline, maxEventSize, heartbeat, hosts = USUAL_HOSTS, tls }: StreamLimits,
  headersFor: HeadersFor,
): AttemptStream {
  return (request, url, listener) => {
    const headers = headersFor(request, { method: "GET", target: targetOf(url).path, body: undefined });
    const options = {
      headers,
      maxPayload: maxEventSize,
      perMessageDeflate: false,
      closeTimeout: CLOSE_WITHIN,
      lookup: lookupWithin(hosts),
      ...tls,
    };
    const socket = new WebSocket(url.replace(/^http/, "ws"), GRAPHQL_TRANSPORT_WS_PROTOCOL, options);
    let begun = false;
    const once = tellOnce(listener, () => {
      clearTimeout(timer);
      stopBeating();
      if (begun && socket.readyState === WebSocket.OPEN) say(socket, { type: MessageType.Complete, id: ID });
      // Before it is open this aborts the handshake.
      socket.close(1000);
    });
    const fail = (failure: Failure): void => once.end({ failure });
    const timer = setTimeout(() => {
      const reason = "no answer to a subscription by WebSocket";
      fail({ code: "SUBGRAPH_TIMEOUT", reason, limit: deadline });
    }, deadline);
    const stopBeating = keepBeating(socket, heartbeat);

    socket.on("open", () => {
      // Services read a reader's identity from the handshake, or from here.
      say(socket, { type: MessageType.ConnectionInit, payload: headers });
    });
    socket.on("message", (data) => {
      if (once.isOver()) return;
      const text = (data as Buffer).toString("utf8");
      const message = readMessage(text);
      if (message?.type === MessageType.Ping) say(socket, { type: MessageType.Pong });
      else if (message?.type === MessageType.Pong) return;
      else if (!begun && message?.type === MessageType.ConnectionAck) {
        begun = true;
        clearTimeout(timer);
        once.begin();
        say(socket, { type: MessageType.Subscribe, id: ID, payload: payloadOf(request) });
      } else if (!begun || message === undefined || !tell(message, text, once))
        fail({
          code: "SUBGRAPH_MALFORMED_RESPONSE",
          reason: `not a message of the protocol: ${text.slice(0, 100)}`,
        });
    });
    socket.on("unexpected-response", (_request, { statusCode: status }) => {
      socket.terminate();
      const reason = `HTTP status ${status} instead of a WebSocket`;
      once.refuse({ failure: { code: "SUBSCRIPTION_REFUSED", reason, status } });
    });
    socket.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "WS_ERR_UNSUPPORTED_MESSAGE_LENGTH")
        fail({ code: "SUBGRAPH_RESPONSE_TOO_LARGE", reason: "an event of a stream", limit: maxEventSize });
      else if (begun) fail({ code: "SUBSCRIPTION_LOST", reason: error.message });
      else if (error.code === undefined)
        once.refuse({ failure: { code: "SUBSCRIPTION_REFUSED", reason: error.message } });
      else fail({ code: "SUBGRAPH_UNREACHABLE", reason: `${error.code} ${error.message}` });
    });
    socket.on("close", (code, said) => {
      const reason = `closed with ${code} ${String(said)}`;
      if (begun) fail({ code: "SUBSCRIPTION_LOST", reason });
      else once.refuse({ failure: { code: "SUBSCRIPTION_REFUSED", reason } });
    });
    return once.leave;
  };
}

function say(socket: WebSocket, message: Message): void {
  socket.send(stringifyMessage(message));
}

function readMessage(text: string): Message | undefined {
  try {
    return validateMessage(parseJson(text));
  } catch {
    return undefined;
  }
}

function payloadOf({ query, variables, operationName }: SubgraphRequest) {
  return { query, variables, ...(operationName !== undefined && { operationName }) };
}

/** Whether the message was one that may come now. */
function tell(message: Message, text: string, { event, end }: AttemptListener): boolean {
  if ("id" in message && message.id !== ID) return false;
  if (message.type === MessageType.Complete) end();
  else if (message.type === MessageType.Error) end({ errors: message.payload.map(readError) });
  else if (message.type === MessageType.Next) {
    const answer = readResult(message.payload);
    if (answer === undefined) return false;
    event(streamEvent(text.length, answer, () => readAgain(text)));
  } else return false;
  return true;
}

function readAgain(text: string): SubgraphResponse {
  return readResult((parseJson(text) as NextMessage).payload) ?? {};
}
