/**
 * Stands before subgraphs and remembers their answers: what was asked once, it answers itself. With it a gateway is
 * measured, and not the databases behind. Started with --target URL for each server; the parent is told the URLs that
 * take their place.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";
import { announceReady, runProgram } from "../../../process/lifecycle.ts";
import { readOptions } from "../../../process/options.ts";
import { count, listen, readBody, serveCounts } from "../subgraphs/counts.ts";

/** What the parent is told. */
export interface Announced {
  readonly countsUrl: string;
  /** In the order of the targets. */
  readonly origins: readonly string[];
}

interface Remembered {
  readonly status: number;
  readonly body: Buffer;
}

runProgram(async () => {
  const { target } = readOptions({
    name: "remembering",
    summary: "answers what it has heard before, for the benchmark",
    options: {
      target: {
        schema: z.array(z.url()).min(1, "is required"),
        placeholder: "URL",
        multiple: true,
        help: "Origin of a server to stand before; may be repeated.",
      },
    },
  });
  const origins = await Promise.all(target.map(standBefore));
  announceReady({ countsUrl: await serveCounts(), origins } satisfies Announced);
});

async function standBefore(target: string): Promise<string> {
  const remembered = new Map<string, Promise<Remembered>>();

  function answer(path: string, body: string): Promise<Remembered> {
    const key = `${path} ${body}`;
    let found = remembered.get(key);
    if (found === undefined) {
      found = ask(new URL(path, target), body);
      remembered.set(key, found);
      // A failure is not the answer: the next to ask tries again.
      found.catch(() => remembered.delete(key));
    }
    return found;
  }

  async function send(request: IncomingMessage, response: ServerResponse, body: string): Promise<void> {
    try {
      const { status, body: bytes } = await answer(request.url ?? "/", body);
      response.writeHead(status, ["content-type", "application/json", "content-length", `${bytes.length}`]);
      response.end(bytes);
    } catch {
      response.destroy();
    }
  }

  const port = await listen((request, response) => {
    count(request);
    readBody(request, (body) => void send(request, response, body));
  });
  return `http://127.0.0.1:${port}`;
}

async function ask(url: URL, body: string): Promise<Remembered> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
  });
  return { status: response.status, body: Buffer.from(await response.arrayBuffer()) };
}
