/** The social insurance office's subgraph: `node subgraphs/social-insurance/main.ts --help`. */
import { runAgencyProgram } from "../kit/agency/program.ts";
import { insurancePart } from "./own-part.ts";

runAgencyProgram({
  name: "social-insurance",
  summary: "social insurance: its cases and procedures, health cards, allowances",
  port: 4003,
  agencies: ["G24.56"],
  own: insurancePart,
});
