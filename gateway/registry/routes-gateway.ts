/**
 * What gateways ask and tell: the graph to serve, as soon as it is another, and what clients used.
 */
import type { FastifyInstance } from "fastify";
import { admit, read } from "./access.ts";
import { graphQuery, usageBody } from "./bodies.ts";
import type { RegistryParts } from "./server.ts";
import { addUsage } from "./usage-sql.ts";

export function registerGatewayRoutes(
  app: FastifyInstance,
  parts: RegistryParts,
  stopping: AbortSignal,
): void {
  const { database, feed } = parts;

  // 204 when nothing else came within the wait: the gateway asks again.
  app.get("/v1/graph", async (request, reply) => {
    await admit(parts, request, "gateway");
    const { after, wait } = read(graphQuery, request.query, request);
    const gone = new AbortController();
    request.raw.once("close", () => gone.abort());
    const until = AbortSignal.any([stopping, gone.signal, AbortSignal.timeout(wait * 1000)]);
    const graph = await feed.after(after, until);
    reply.header("cache-control", "no-store");
    return graph === undefined ? reply.code(204).send() : graph;
  });

  app.post("/v1/usage", async (request, reply) => {
    await admit(parts, request, "gateway");
    const { operations } = read(usageBody, request.body, request);
    await database.transaction((tx) => addUsage(tx, operations));
    return reply.code(204).send();
  });
}
