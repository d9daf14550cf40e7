/** The power company's subgraph: `node subgraphs/power/main.ts --help`. */
import { onStop } from "../../process/lifecycle.ts";
import { runAgencyProgram } from "../kit/agency/program.ts";
import { POWER_AGENCY, startPowerSystem } from "./serve.ts";

runAgencyProgram({
  name: "power",
  summary: "the power company: its cases and procedures, from its own customer software",
  port: 4006,
  agencies: [POWER_AGENCY],
  system: async (databaseUrl, log) => {
    const system = await startPowerSystem(databaseUrl, log);
    onStop(() => system.close());
    return system;
  },
});
