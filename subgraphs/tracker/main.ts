/** The data tracker's subgraph: `node subgraphs/tracker/main.ts --help`. */
import { z } from "zod";
import { announceReady, onStop, runProgram } from "../../process/lifecycle.ts";
import { createLogger } from "../../process/log.ts";
import { readOptions } from "../../process/options.ts";
import { accessFaults, accessOf, subgraphOptions } from "../kit/options.ts";
import { serveTracker } from "./serve.ts";

runProgram(async () => {
  // It has no database of its own, and sends no messages.
  const {
    databaseUrl: _database,
    gatewayUrl: _url,
    gatewayTokenFile: _token,
    ...shared
  } = subgraphOptions(4007);
  const options = readOptions({
    name: "tracker",
    summary: "the data tracker: shows people and businesses who has read their data",
    options: {
      ...shared,
      record: {
        schema: z.string().optional(),
        env: "RECORD",
        placeholder: "FILE",
        help: "The gateway's record file (docs/record.md). Without it nothing is recorded, and it says so.",
      },
    },
    check: accessFaults,
    examples: ["node subgraphs/tracker/main.ts --record .data/record/record.json --no-authorization"],
  });
  const log = createLogger("tracker");
  const server = await serveTracker({ ...options, access: accessOf(options, "tracker"), log });
  onStop(() => server.close());
  log.info({ url: server.url }, "ready");
  announceReady({ port: server.port });
});
