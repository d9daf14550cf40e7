/** What the police add to the contract, as a server and the seed need it. */
import { fileURLToPath } from "node:url";
import type { OwnPart } from "../kit/agency/serve.ts";
import { createPoliceLoaders } from "./context.ts";
import { policeResolvers } from "./resolvers.ts";
import { policeRows } from "./row-rules.ts";

export const policePart: OwnPart = {
  sdl: "police",
  resolvers: policeResolvers,
  rows: policeRows,
  migrations: fileURLToPath(new URL("./migrations", import.meta.url)),
  loaders: createPoliceLoaders,
};
