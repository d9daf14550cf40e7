/** The program of the agency: `npx lienthong node main.ts --help` tells its options. */
import { fileURLToPath } from "node:url";
import { runAgencyProgram } from "lienthong/kit/agency/program";
import { onStop } from "lienthong/process/lifecycle";
import { ownPart } from "./own-part.ts";
import { openSystem } from "./system.ts";

runAgencyProgram({
  name: "specimen",
  summary: "Specimen agency",
  port: 4100,
  agencies: ["X99.99"],
  own: ownPart,
  system: async () => {
    const system = await openSystem();
    onStop(system.close);
    return system;
  },
  local: {
    directory: fileURLToPath(new URL("./.data/postgres", import.meta.url)),
    seed: new URL("./seed.sql", import.meta.url),
  },
});
