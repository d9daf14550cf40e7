/** What departments add to the contract, as a server and the seed need it. */
import { fileURLToPath } from "node:url";
import type { OwnPart } from "../kit/agency/serve.ts";
import { createDepartmentLoaders } from "./context.ts";
import { departmentResolvers } from "./resolvers.ts";
import { departmentRows } from "./row-rules.ts";

export const departmentPart: OwnPart = {
  sdl: "departments",
  resolvers: departmentResolvers,
  rows: departmentRows,
  migrations: fileURLToPath(new URL("./migrations", import.meta.url)),
  loaders: createDepartmentLoaders,
};
