/**
 * Subscribing by server-sent events, each subscription on a connection of its own. Source: GraphQL over SSE, "distinct
 * connections mode" (https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md).
 */
import { hash } from "node:crypto";
import { createParser, type EventSourceMessage } from "eventsource-parser";
import { type Agent, type Dispatcher, request as send } from "undici";
import type { Verifiers } from "../answer-keys.ts";
import { eventFault, proofOf } from "./answer-proof.ts";
import type { HeadersFor } from "./headers.ts";
import { bodyOf, targetOf } from "./http.ts";
import type { HttpReply } from "./post.ts";
import { readResponse } from "./response.ts";
import {
  type AttemptListener,
  type AttemptStream,
  type StreamLimits,
  streamEvent,
  tellOnce,
} from "./stream.ts";
import type { Failure, SubgraphResponse } from "./transport.ts";

// Nothing else is accepted: graphql-sse's server compares the header as a whole.
const HEADERS = { accept: "text/event-stream", "content-type": "application/json" };

export function openSse(
  agent: Agent,
  { deadline, maxEventSize }: StreamLimits,
  headersFor: HeadersFor,
): AttemptStream {
  return (request, url, listener) => {
    const { signers } = request;
    const aborting = new AbortController();
    const once = tellOnce(listener, () => {
      clearTimeout(timer);
      aborting.abort();
    });
    const timer = setTimeout(() => {
      const reason = "no answer to a subscription by SSE";
      once.end({ failure: { code: "SUBGRAPH_TIMEOUT", reason, limit: deadline } });
    }, deadline);
    let begun = false;

    async function run(): Promise<void> {
      const text = bodyOf(request);
      const said = headersFor(request, { method: "POST", target: targetOf(url).path, body: text });
      const { statusCode, headers, body } = await send(url, {
        dispatcher: agent,
        method: "POST",
        headers: { ...said, ...HEADERS },
        body: text,
        signal: aborting.signal,
      });
      if (!isEventStream(statusCode, headers)) {
        const answer = await readBody(body, maxEventSize);
        const forged =
          signers && forgeryOf({ status: statusCode, headers, body: answer }, said["signature"], signers);
        once.refuse(forged ? { failure: forged } : refusal(statusCode, answer.toString("utf8")));
        return;
      }
      clearTimeout(timer);
      begun = true;
      once.begin();
      let number = 0;
      await readEvents(body, maxEventSize, (message) => {
        const { id, data } = message;
        if (isNext(message)) number += 1;
        const forged =
          signers === undefined || !isNext(message)
            ? undefined
            : eventFault(id, data, number, said["signature"], signers);
        if (forged === undefined) tell(message, once);
        else once.end({ failure: forged });
      });
      const reason = "the stream ended without an event that completes it";
      once.end({ failure: { code: "SUBSCRIPTION_LOST", reason } });
    }

    run().catch((error: Error) => once.end({ failure: explain(error, begun, maxEventSize) }));
    return once.leave;
  };
}

function isEventStream(status: number, headers: Dispatcher.ResponseData["headers"]): boolean {
  return status === 200 && String(headers["content-type"]).toLowerCase().startsWith("text/event-stream");
}

/** Some services name no event. */
function isNext({ event: name }: EventSourceMessage): boolean {
  return name === "next" || name === undefined;
}

function forgeryOf(reply: HttpReply, signature: string | undefined, signers: Verifiers): Failure | undefined {
  const proof = proofOf(reply, hash("sha256", reply.body, "base64"), signature, signers);
  return "code" in proof ? proof : undefined;
}

function tell(message: EventSourceMessage, { event, end }: AttemptListener): void {
  const { event: name, data } = message;
  if (name === "complete") end();
  if (!isNext(message)) return;
  const answer = readResponse(200, data);
  if (answer.failure === undefined) event(streamEvent(data.length, answer, () => readResponse(200, data)));
  else end(answer);
}

/** Resolves when the body ends. @throws Error when it breaks off, or an event is too large */
async function readEvents(
  body: Dispatcher.ResponseData["body"],
  maxEventSize: number,
  onEvent: (message: EventSourceMessage) => void,
): Promise<void> {
  let tooLarge = false;
  const parser = createParser({
    maxBufferSize: maxEventSize,
    onEvent,
    onError: ({ type }) => {
      tooLarge ||= type === "max-buffer-size-exceeded";
    },
  });
  const decoder = new TextDecoder();
  for await (const chunk of body) {
    parser.feed(decoder.decode(chunk as Buffer, { stream: true }));
    if (tooLarge) throw new TooLarge();
  }
}

class TooLarge extends Error {}

async function readBody(body: Dispatcher.ResponseData["body"], limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += (chunk as Buffer).length;
    if (size > limit) throw new TooLarge();
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

/** Why a service did not answer with a stream: its own words where it has some. */
function refusal(status: number, text: string): SubgraphResponse {
  const { errors } = readResponse(status, text);
  if (errors !== undefined) return { errors, status };
  const reason = `HTTP status ${status} and no event stream`;
  return { failure: { code: "SUBSCRIPTION_REFUSED", reason, status }, status };
}

function explain(error: Error, begun: boolean, maxEventSize: number): Failure {
  if (error instanceof TooLarge)
    return { code: "SUBGRAPH_RESPONSE_TOO_LARGE", reason: "an event of a stream", limit: maxEventSize };
  const { name, code, message } = error as NodeJS.ErrnoException;
  const reason = code === undefined ? message : `${code} ${message}`;
  if (begun) return { code: "SUBSCRIPTION_LOST", reason };
  return {
    code: name === "HTTPParserError" ? "SUBGRAPH_MALFORMED_RESPONSE" : "SUBGRAPH_UNREACHABLE",
    reason,
  };
}
