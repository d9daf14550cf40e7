/** The departments' subgraph, any number of them in one process: `node subgraphs/departments/main.ts --help`. */
import { readFileSync } from "node:fs";
import { runAgencyProgram } from "../kit/agency/program.ts";
import { departmentPart } from "./own-part.ts";

interface Directory {
  readonly members: readonly { readonly key: string; readonly base?: string }[];
}

const directory = JSON.parse(
  readFileSync(new URL("../../schema/members.json", import.meta.url), "utf8"),
) as Directory;

runAgencyProgram({
  name: "departments",
  summary:
    "the province's departments, each with its own database: cases and procedures, licences, land records",
  port: 4005,
  agencies: directory.members.filter((member) => member.base === "departments").map((member) => member.key),
  manyAgencies: true,
  own: departmentPart,
});
