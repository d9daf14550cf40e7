/**
 * Clients of subscriptions: graphql-ws's, and server-sent events read from fetch.
 */
import assert from "node:assert/strict";
import { createParser } from "eventsource-parser";
import { type Client, createClient } from "graphql-ws";
import { vi } from "vitest";
import { WebSocket } from "ws";
import type { Feed } from "./feeds.ts";

export interface Got {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions: Record<string, unknown>;
  }[];
}

/** What a subscriber has heard. */
export interface Heard {
  readonly answers: Got[];
  /** How it ended: "complete", the errors of the message `error`, or how the connection was closed. */
  end: unknown;
  leave: () => void;
}

export type Subscribe = (
  url: string,
  query: string,
  variables?: Record<string, unknown>,
  headers?: Record<string, string>,
) => Heard;

export const subscribeBy: Readonly<Record<"websocket" | "sse", Subscribe>> = {
  websocket(url, query, variables = {}, headers = {}) {
    const client = connect(url, headers);
    const heard = hear(client, query, variables);
    heard.leave = () => void client.dispose();
    return heard;
  },
  sse(url, query, variables = {}, headers = {}) {
    const aborting = new AbortController();
    const heard: Heard = { answers: [], end: undefined, leave: () => aborting.abort() };
    void fetch(url, {
      method: "POST",
      headers: { accept: "text/event-stream", "content-type": "application/json", ...headers },
      body: JSON.stringify({ query, variables }),
      signal: aborting.signal,
    })
      .then((response) => readEvents(response, heard))
      .catch((error: Error) => {
        heard.end ??= error.name;
      });
    return heard;
  },
};

/** The errors that a subscription has ended with, whichever way they are told. */
export function lastErrors({ answers, end }: Heard): unknown {
  return end === "complete" ? answers.at(-1)?.errors : end;
}

export function connect(url: string, connectionParams: Record<string, unknown> = {}): Client {
  return createClient({
    url: url.replace(/^http/, "ws"),
    webSocketImpl: WebSocket,
    connectionParams,
    retryAttempts: 0,
  });
}

export function hear(client: Client, query: string, variables: Record<string, unknown> = {}): Heard {
  const heard: Heard = {
    answers: [],
    end: undefined,
    leave: client.subscribe(
      { query, variables },
      {
        next: (answer) => void heard.answers.push(answer as Got),
        error: (error) => {
          heard.end = error;
        },
        complete: () => {
          heard.end = "complete";
        },
      },
    ),
  };
  return heard;
}

/** Reads an answer by events to its end. */
export async function readEvents({ status, headers, body }: Response, heard: Heard): Promise<void> {
  if (!headers.get("content-type")?.startsWith("text/event-stream")) throw new Error(`HTTP ${status}`);
  const parser = createParser({
    onEvent: ({ event, data }) => {
      if (event === "next") heard.answers.push(JSON.parse(data) as Got);
      if (event === "complete") heard.end = "complete";
    },
  });
  const decoder = new TextDecoder();
  for await (const chunk of body ?? []) parser.feed(decoder.decode(chunk, { stream: true }));
  heard.end ??= "cut";
}

/** How many subscriptions clients have at the gateway. */
export async function subscribersOf({ origin }: { readonly origin: string }): Promise<number> {
  const response = await fetch(`${origin}/health/ready`);
  return ((await response.json()) as { subscriptions: number }).subscriptions;
}

/** Resolves when all subscriptions have ended, those of clients and those of the gateway. */
export function allLeft(gateway: { readonly origin: string }, feed: Feed): Promise<void> {
  return vi.waitFor(async () => assert.deepEqual([await subscribersOf(gateway), feed.open.size], [0, 0]), {
    timeout: 20_000,
  });
}
