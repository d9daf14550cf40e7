/**
 * Answers to a subscription, as the graph sends them: server-sent events, each operation on a connection of its own
 * (https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md).
 */
import { createParser } from "eventsource-parser";

const COMPLETE = Symbol("complete");

/** @throws Error as a rejection of `next`, when the connection breaks before the last event */
export function readEvents<T>(
  url: string,
  operation: object,
  headers: Record<string, string>,
): AsyncIterableIterator<T> {
  const leaving = new AbortController();
  const answers = receive<T>(url, operation, headers, leaving.signal);
  return {
    next: () => answers.next(),
    // A generator that waits hears of its end only when something comes: the connection is ended instead.
    return: async () => {
      leaving.abort();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

async function* receive<T>(
  url: string,
  operation: object,
  headers: Record<string, string>,
  signal: AbortSignal,
): AsyncGenerator<T, undefined> {
  const {
    status,
    headers: answered,
    body,
  } = await fetch(url, {
    method: "POST",
    headers: { ...headers, accept: "text/event-stream", "content-type": "application/json" },
    body: JSON.stringify(operation),
    signal,
  });
  if (body === null || !answered.get("content-type")?.startsWith("text/event-stream"))
    throw new Error(`HTTP ${status} and no event stream`);
  const came: (T | typeof COMPLETE)[] = [];
  const parser = createParser({
    onEvent({ event, data }) {
      if (event === "next") came.push(JSON.parse(data) as T);
      if (event === "complete") came.push(COMPLETE);
    },
  });
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) throw new Error("The connection ended before the subscription did.");
    parser.feed(value);
    for (const answer of came.splice(0)) {
      if (answer === COMPLETE) return undefined;
      yield answer;
    }
  }
}
