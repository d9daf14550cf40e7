/** What social insurance adds to the contract, as a server and the seed need it. */
import { fileURLToPath } from "node:url";
import type { OwnPart } from "../kit/agency/serve.ts";
import { createInsuranceLoaders } from "./context.ts";
import { insuranceResolvers } from "./resolvers.ts";
import { insuranceRows } from "./row-rules.ts";

export const insurancePart: OwnPart = {
  sdl: "social-insurance",
  resolvers: insuranceResolvers,
  rows: insuranceRows,
  migrations: fileURLToPath(new URL("./migrations", import.meta.url)),
  loaders: createInsuranceLoaders,
};
