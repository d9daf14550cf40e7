/** The tax office's subgraph: `node subgraphs/tax/main.ts --help`. */
import { runAgencyProgram } from "../kit/agency/program.ts";
import { taxPart } from "./own-part.ts";

runAgencyProgram({
  name: "tax",
  summary: "the tax office: its cases and procedures, tax notices, taxpayers",
  port: 4002,
  agencies: ["G12.56"],
  own: taxPart,
});
