/**
 * The program of the one-stop centre's subgraph.
 */
import { announceReady, onStop, runProgram } from "../../process/lifecycle.ts";
import { createLogger } from "../../process/log.ts";
import { readOptions } from "../../process/options.ts";
import { subgraphOptions } from "../kit/options.ts";
import { serveCenter } from "./serve.ts";

runProgram(async () => {
  const options = readOptions({
    name: "center",
    summary: "the one-stop centre's part of the graph: dossiers, their legs, the directory of agencies",
    options: subgraphOptions(4001),
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
