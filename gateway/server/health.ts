/**
 * Health, for whoever starts and watches the gateway.
 */
import type { FastifyInstance } from "fastify";
import type { Graphs } from "../graph.ts";
import type { Subscriptions } from "../subscriptions.ts";

/**
 * `GET /health/live`: the process answers. `GET /health/ready`: it can serve requests, that is, a graph is loaded and
 * it is not stopping (503 otherwise).
 */
export function registerHealth(
  app: FastifyInstance,
  graphs: Graphs,
  subscriptions: Subscriptions,
  isStopping: () => boolean,
): void {
  app.get("/health/live", async () => ({ status: "live" }));
  app.get("/health/ready", async (_request, reply) => {
    if (isStopping()) return reply.code(503).send({ status: "stopping" });
    const { supergraph, directory, loadedAt } = graphs.current;
    return {
      status: "ready",
      loadedAt: loadedAt.toISOString(),
      subgraphs: [...supergraph.subgraphs.keys()],
      members: directory.members.length,
      subscriptions: subscriptions.count(),
    };
  });
}
