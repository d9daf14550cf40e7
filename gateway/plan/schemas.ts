/**
 * The schemas of a supergraph: what clients see, and everything. Built in pieces between which requests are served.
 */
import { assertValidSchema, buildASTSchema, type DocumentNode, type GraphQLSchema } from "graphql";
import { specifiedSDLRules } from "graphql/validation/specifiedRules.js";
import { validateSDL } from "graphql/validation/validate.js";
import { giveWay } from "../turns.ts";
import { apiDocument } from "./api-document.ts";
import { readLinks } from "./links.ts";

export interface Schemas {
  /** What clients see. */
  readonly api: GraphQLSchema;
  /** With all fields, and with the directives that say where they are. */
  readonly full: GraphQLSchema;
  /** The supergraph as planners take it. */
  readonly sdl: string;
  readonly document: DocumentNode;
}

/** Versions of the join specification whose supergraphs say all that planners need. */
const COMPLETE: ReadonlySet<string> = new Set(["v0.3", "v0.4", "v0.5"]);
/** How many rules look at the document in one piece of work. */
const RULES_AT_ONCE = 4;

/**
 * @param document of the supergraph
 * @throws Error when it is not a supergraph that can be served
 */
export async function buildSchemas(sdl: string, document: DocumentNode): Promise<Schemas> {
  const links = readLinks(document);
  if (!COMPLETE.has(links.versions.get("join") ?? "")) {
    const { olderSchemas } = await import("./older-joins.ts");
    return olderSchemas(sdl);
  }
  for (let from = 0; from < specifiedSDLRules.length; from += RULES_AT_ONCE) {
    const faults = validateSDL(document, null, specifiedSDLRules.slice(from, from + RULES_AT_ONCE));
    if (faults.length > 0) throw new Error(faults.map(({ message }) => message).join("\n"));
    await giveWay();
  }
  const full = await build(document);
  const api = await build(apiDocument(document, links));
  return { api, full, sdl, document };
}

async function build(document: DocumentNode): Promise<GraphQLSchema> {
  const schema = buildASTSchema(document, { assumeValidSDL: true });
  await giveWay();
  assertValidSchema(schema);
  await giveWay();
  return schema;
}
