/** The police's subgraph: `node subgraphs/police/main.ts --help`. */
import { runAgencyProgram } from "../kit/agency/program.ts";
import { policePart } from "./own-part.ts";

runAgencyProgram({
  name: "police",
  summary: "the police: their cases and procedures, identity and residence",
  port: 4004,
  agencies: ["G01.56"],
  own: policePart,
});
