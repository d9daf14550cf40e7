/**
 * The program of the one-stop centre's subgraph.
 */
import { announceReady, onStop, runProgram } from "../../process/lifecycle.ts";
import { createLogger } from "../../process/log.ts";
import { readOptions } from "../../process/options.ts";
import { accessFaults, accessOf, subgraphOptions } from "../kit/options.ts";
import { serveCenter } from "./serve.ts";

runProgram(async () => {
  const options = readOptions({
    name: "center",
    summary: "the one-stop centre's part of the graph: dossiers, their legs, the directory of agencies",
    options: subgraphOptions(4001),
    check: accessFaults,
    examples: [
      "node subgraphs/center/main.ts --database-url postgres://user:password@localhost:5432/lienthong_center --gateway-keys http://localhost:4000/.well-known/gateway-keys.json",
    ],
  });
  const log = createLogger("center");
  const access = accessOf(options, "center");
  const server = await serveCenter({ ...options, access, log });
  onStop(() => server.close());
  log.info({ url: server.url }, "ready");
  announceReady({ port: server.port });
});
