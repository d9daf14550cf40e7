/**
 * How often a program's subgraphs were asked, told and begun anew at GET /counts.
 */
import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";

/** Since they were read last. */
export interface Counts {
  readonly requests: number;
  /** Different Authorization headers. */
  readonly authorizations: number;
}

let requests = 0;
const authorizations = new Set<string>();

export function count({ headers: { authorization } }: IncomingMessage): void {
  requests += 1;
  if (authorization !== undefined) authorizations.add(authorization);
}

/** Serves the counts. @returns their URL */
export async function serveCounts(): Promise<string> {
  const port = await listen((_request, response) => {
    const counts: Counts = { requests, authorizations: authorizations.size };
    requests = 0;
    authorizations.clear();
    response.end(JSON.stringify(counts));
  });
  return `http://127.0.0.1:${port}/counts`;
}

/** A server on a free port of the loopback address. @returns the port */
export async function listen(listener: RequestListener): Promise<number> {
  // No limit on the time a connection stays idle: a gateway must not find one closed that it meant to use.
  const server = createServer({ keepAliveTimeout: 0 }, listener);
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return (server.address() as AddressInfo).port;
}

/** Calls back with the whole body of a request, as text. */
export function readBody(request: IncomingMessage, use: (body: string) => void): void {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    use((chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)).toString());
  });
}
