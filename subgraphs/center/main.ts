/**
 * The program of the one-stop centre's subgraph.
 */
import { z } from "zod";
import { announceReady, onStop, runProgram } from "../../process/lifecycle.ts";
import { createLogger } from "../../process/log.ts";
import { readOptions } from "../../process/options.ts";
import { serveCenter } from "./serve.ts";

runProgram(async () => {
  const options = readOptions({
    name: "center",
    summary: "the one-stop centre's part of the graph: dossiers, their legs, the directory of agencies",
    options: {
      port: {
        schema: z.coerce.number("a port, 0 to 65535").int().min(0).max(65_535).default(4001),
        env: "PORT",
        placeholder: "N",
        help: "Port to listen on; 0 takes a free one. Default 4001.",
      },
      host: {
        schema: z.string().default("127.0.0.1"),
        env: "HOST",
        placeholder: "ADDRESS",
        help: "Address to listen on. Default 127.0.0.1.",
      },
      databaseUrl: {
        schema: z
          .string("missing; a URL such as postgres://user:password@localhost:5432/database")
          .regex(
            /^postgres(ql)?:\/\/[^/]+\/[^/]+$/,
            "not of the form postgres://user:password@host:5432/database",
          ),
        env: "DATABASE_URL",
        placeholder: "URL",
        help: "PostgreSQL database; created when missing.",
      },
      gatewayUrl: {
        schema: z.url("a URL such as http://localhost:4000/graphql").default("http://localhost:4000/graphql"),
        env: "GATEWAY_URL",
        placeholder: "URL",
        help: "The gateway, through which the agencies are told of dossiers. Default http://localhost:4000/graphql.",
      },
    },
    examples: [
      "node subgraphs/center/main.ts --database-url postgres://user:password@localhost:5432/lienthong_center",
    ],
  });
  const log = createLogger("center");
  const server = await serveCenter({ ...options, log });
  onStop(() => server.close());
  log.info({ url: server.url }, "ready");
  announceReady({ port: server.port });
});
