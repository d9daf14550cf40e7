/**
 * Asking a gateway as nobody should, and what may come of it: a clear refusal or a GraphQL error, and nothing that tells
 * what is inside.
 */
import { once } from "node:events";
import { connect } from "node:net";

export interface Reply {
  readonly status: number;
  readonly text: string;
}

export interface Hostile {
  readonly name: string;
  /** Defaults: POST, application/json. */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** After the path of the graph. */
  readonly search?: string;
  readonly path?: string;
}

export function gql(query: string, variables?: unknown, more: object = {}): string {
  return JSON.stringify({ query, variables, ...more });
}

export async function send(
  origin: string,
  { method = "POST", headers = {}, body, search = "", path = "/graphql" }: Hostile,
): Promise<Reply> {
  const response = await fetch(`${origin}${path}${search}`, {
    method,
    headers: method === "POST" ? { "content-type": "application/json", ...headers } : headers,
    ...(body !== undefined && { body }),
    redirect: "manual",
  });
  return { status: response.status, text: await response.text() };
}

/** Bytes as they are; resolves with all that is answered until the connection ends, or `until` is in it. */
export async function sendRaw(origin: string, bytes: string, until?: string): Promise<string> {
  const socket = connect(Number(new URL(origin).port), "127.0.0.1");
  let answer = "";
  socket.on("data", (data: Buffer) => {
    answer += data.toString();
    if (until !== undefined && answer.includes(until)) socket.destroy();
  });
  socket.on("error", () => undefined);
  socket.write(bytes);
  await once(socket, "close");
  return answer;
}

/** What tells of the inside: stacks, files, addresses, databases, statements. */
export const LEAKS =
  /node_modules|file:\/\/|\.ts:\d|\bat \w+ \(|stacktrace|ECONN|127\.0\.0\.1:\d|postgres|\bSELECT\b|\bpg_|syntax error at or near|RangeError|TypeError|\[object /i;

/** 4xx, or 200 with errors and the data that errors leave. */
export function isRefusal({ status, text }: Reply): boolean {
  if (status >= 400 && status < 500) return true;
  if (status !== 200) return false;
  const { errors } = JSON.parse(text) as { errors?: unknown[] };
  return errors !== undefined && errors.length > 0;
}
