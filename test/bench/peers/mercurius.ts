/**
 * Mercurius' gateway over subgraphs of Federation 1, with its JIT.
 */
import type { IncomingHttpHeaders } from "node:http";
import mercuriusGateway from "@mercuriusjs/gateway";
import { fastify } from "fastify";
import { z } from "zod";
import { onStop, runProgram } from "../../../process/lifecycle.ts";
import { readOptions } from "../../../process/options.ts";

runProgram(async () => {
  const options = readOptions({
    name: "mercurius",
    summary: "Mercurius' gateway, for the benchmark",
    options: {
      port: { schema: z.coerce.number().int(), placeholder: "N", help: "Port to listen on." },
      service: {
        schema: z.array(z.string().regex(/^[^=]+=.+$/, "must be NAME=URL")).min(1, "is required"),
        placeholder: "NAME=URL",
        multiple: true,
        help: "A subgraph; may be repeated.",
      },
    },
  });
  const app = fastify();
  onStop(() => app.close());
  // A CommonJS plugin: it is its own `default`, and its types know only that.
  await app.register(mercuriusGateway.default, {
    jit: 1,
    path: "/graphql",
    gateway: {
      services: options.service.map((entry) => {
        const at = entry.indexOf("=");
        return {
          name: entry.slice(0, at),
          url: entry.slice(at + 1),
          mandatory: true,
          rewriteHeaders: ({ authorization }: IncomingHttpHeaders) =>
            authorization === undefined ? {} : { authorization },
        };
      }),
    },
  });
  await app.listen({ host: "127.0.0.1", port: options.port });
});
