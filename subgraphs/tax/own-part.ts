/** What the tax office adds to the contract, as a server and the seed need it. */
import { fileURLToPath } from "node:url";
import type { OwnPart } from "../kit/agency/serve.ts";
import { createTaxLoaders } from "./context.ts";
import { taxResolvers } from "./resolvers.ts";
import { taxRows } from "./row-rules.ts";

export const taxPart: OwnPart = {
  sdl: "tax",
  resolvers: taxResolvers,
  rows: taxRows,
  migrations: fileURLToPath(new URL("./migrations", import.meta.url)),
  loaders: createTaxLoaders,
};
