/**
 * Subgraphs made for the tests: real HTTP servers that write down what they were asked.
 */
import { createServer, type IncomingHttpHeaders, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { buildSubgraphSchema } from "@apollo/subgraph";
import { fastify } from "fastify";
import { parse } from "graphql";
import mercurius from "mercurius";
import { freePort } from "../../process/ports.ts";

export interface Asked {
  readonly query: string;
  readonly variables: Record<string, unknown>;
  readonly operationName?: string;
  readonly headers: IncomingHttpHeaders;
}

export interface TestServer {
  readonly url: string;
  /** Every request, in order. */
  readonly asked: Asked[];
  close(): Promise<void>;
}

/** A subgraph with a schema, on Mercurius. */
export async function startSubgraph(
  typeDefs: string,
  resolvers: Record<string, unknown>,
): Promise<TestServer> {
  const asked: Asked[] = [];
  const app = fastify();
  app.addHook("preHandler", async (request) => {
    if (request.method !== "POST") return;
    asked.push({ ...(request.body as Omit<Asked, "headers">), headers: request.headers });
  });
  const schema = buildSubgraphSchema({ typeDefs: parse(typeDefs), resolvers: resolvers as never });
  await app.register(mercurius, {
    schema,
    path: "/graphql",
  });
  await app.listen({ host: "127.0.0.1", port: 0 });
  const { port } = app.server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/graphql`, asked, close: () => app.close() };
}

/** A server that does what it likes. */
export async function startRaw(listener: RequestListener): Promise<TestServer> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on("end", () => {
      asked.push({ ...(JSON.parse(body || "{}") as Omit<Asked, "headers">), headers: request.headers });
      listener(request, response);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/graphql`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** An address where nothing listens, and which no other test's server is given by chance. */
export async function deadUrl(): Promise<string> {
  return `http://127.0.0.1:${await freePort()}/graphql`;
}
