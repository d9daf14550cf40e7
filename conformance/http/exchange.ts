/**
 * One HTTP request and what came of it. Nothing here throws: that a server hangs or breaks off is a finding.
 */
import http from "node:http";
import https from "node:https";
import { type Body, bytesOf } from "./body.ts";

export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  /** Names in lower case. Nothing is added but what HTTP itself needs. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Body | undefined;
  /** Whether its headers say all that they shall say of who sends it. */
  readonly isSigned?: boolean;
}

/** The headers by which the gateway is known. */
export type Sign = (outgoing: {
  readonly method: string;
  readonly target: string;
  readonly body: Uint8Array | undefined;
}) => Readonly<Record<string, string>>;

export interface HttpAnswer {
  readonly status: number;
  /** Of the header `content-type`, without parameters. */
  readonly mediaType: string;
  readonly text: string;
}

export interface Exchange {
  readonly request: HttpRequest;
  readonly answer: HttpAnswer | undefined;
  /** Why there is no answer: `no answer within 5000 ms`, `connection closed (ECONNRESET)`. */
  readonly fault?: string;
  /** Milliseconds until the answer was complete. */
  readonly duration: number;
}

const MOST_BYTES = 64 * 2 ** 20;

/** Sends requests over connections that are kept, each request within `deadline` milliseconds. */
export class HttpClient {
  readonly #agent: http.Agent;
  readonly #deadline: number;
  readonly #module: typeof http | typeof https;
  readonly #sign: Sign | undefined;

  /** @param sign what signs its requests; nothing does when it is left out */
  constructor(url: string, deadline: number, sign?: Sign) {
    this.#sign = sign;
    this.#module = new URL(url).protocol === "https:" ? https : http;
    this.#agent = new this.#module.Agent({ keepAlive: true, maxSockets: 32 });
    this.#deadline = deadline;
  }

  /** @param isFresh over a connection of its own, which is closed afterwards */
  send(request: HttpRequest, isFresh = false): Promise<Exchange> {
    const began = performance.now();
    const body = request.body && bytesOf(request.body);
    return new Promise((resolve) => {
      const end = (outcome: Pick<Exchange, "answer" | "fault">): void => {
        clearTimeout(timer);
        resolve({ request, duration: performance.now() - began, ...outcome });
      };
      const { origin, hostname, port } = new URL(request.url);
      // As it stands: a URL object would take out the dots that a check sends on purpose.
      const target = request.url.slice(origin.length) || "/";
      const isSigned = request.isSigned === true || this.#sign === undefined;
      const signature = isSigned ? {} : this.#sign?.({ method: request.method, target, body });
      const call = this.#module.request({
        hostname: hostname.replace(/^\[(.*)\]$/, "$1"),
        port,
        path: target,
        method: request.method,
        agent: isFresh ? false : this.#agent,
        headers: {
          ...request.headers,
          ...signature,
          ...(body && { "content-length": String(body.length) }),
        },
      });
      const timer = setTimeout(() => {
        end({ answer: undefined, fault: `no answer within ${this.#deadline} ms` });
        call.destroy();
      }, this.#deadline);
      call.on("response", (response) => void read(response).then(end, broken));
      const broken = (error: unknown): void => {
        // The server closed a kept connection at the very moment it was used again: that is no fault.
        const isStale = call.reusedSocket && codeOf(error) === "ECONNRESET";
        if (isStale) {
          clearTimeout(timer);
          resolve(this.send(request, true));
        }
        // An answer may stand behind an error of writing: a server that refuses a body need not read it to its end.
        else setImmediate(() => end({ answer: undefined, fault: `connection broken (${codeOf(error)})` }));
      };
      call.on("error", broken);
      call.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

async function read(response: http.IncomingMessage): Promise<Pick<Exchange, "answer" | "fault">> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) return { answer: undefined, fault: `an answer of more than ${MOST_BYTES} bytes` };
    chunks.push(chunk);
  }
  return {
    answer: {
      status: response.statusCode ?? 0,
      mediaType: (response.headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase() ?? "",
      text: Buffer.concat(chunks).toString(),
    },
  };
}

function codeOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? message;
}
