/**
 * Composition: the supergraph of several subgraphs, or its faults in the words of whoever wrote the SDL.
 */
import { composeServices } from "@apollo/composition";
import {
  type ASTNode,
  type DocumentNode,
  GraphQLError,
  Kind,
  parse,
  Source as GraphQLSource,
  visit,
} from "graphql";
import type { Language } from "../language.ts";
import { faultsOfGrants, withProvider } from "../trust/grant-directives.ts";
import type { PartitionFault } from "../partition-fields.ts";
import { partitionFaults } from "../supergraph.ts";
import { REMEDIES } from "./remedies.ts";

/** What a supergraph is composed from. */
export interface SubgraphSource {
  readonly name: string;
  /** As a reader of a message knows it: a path, or a name. */
  readonly file: string;
  readonly sdl: string;
  /** An empty string where all answers come from members. */
  readonly url: string;
}

/** A place in a subgraph's SDL; lines and columns begin at 1. */
export interface Place {
  readonly subgraph: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export interface CompositionFault {
  /** Of Apollo's composition, or `INVALID_GRAPHQL`, `GRANT_INVALID`, or `PARTITION_INVALID`. */
  readonly code: string;
  readonly message: string;
  /** The subgraph that the message speaks of, where it speaks of one. */
  readonly subgraph?: string;
  /** Every place that has a part in the fault, the one to look at first in front. */
  readonly places: readonly Place[];
  /** What to change. */
  readonly remedy: Readonly<Record<Language, string>>;
}

export type Composed =
  | { readonly supergraph: string; readonly faults?: undefined }
  | { readonly supergraph?: undefined; readonly faults: readonly CompositionFault[] };

/** The supergraph SDL of these sources, or every fault. The order of the sources does not matter. */
export function composeSubgraphs(sources: readonly SubgraphSource[]): Composed {
  const parsed = sources.map(parseSource);
  const syntaxFaults = parsed.filter((result) => result instanceof GraphQLError);
  if (syntaxFaults.length > 0) return { faults: syntaxFaults.map((fault) => faultOf(fault, sources)) };
  const grantFaults = parsed.flatMap((document) => faultsOfGrants(document as DocumentNode));
  if (grantFaults.length > 0) return { faults: grantFaults.map((fault) => faultOf(fault, sources)) };
  const services = sources.map(({ name, url }, index) => ({
    name,
    url,
    typeDefs: withProvider(parsed[index] as DocumentNode, name),
  }));
  const { supergraphSdl, errors } = composeServices(services);
  if (errors) return { faults: errors.map((error) => faultOf(error, sources)) };
  const documents = services.map(({ typeDefs }) => typeDefs);
  const faults = partitionFaults(supergraphSdl).map((fault) => partitionFault(fault, documents, sources));
  return faults.length > 0 ? { faults } : { supergraph: supergraphSdl };
}

/** Composed it would be, but no gateway could serve the field. */
function partitionFault(
  { coordinate, message }: PartitionFault,
  documents: readonly DocumentNode[],
  sources: readonly SubgraphSource[],
): CompositionFault {
  const name = coordinate.slice(coordinate.indexOf(".") + 1);
  const nodes: ASTNode[] = [];
  for (const document of documents)
    visit(document, {
      FieldDefinition: (node) => {
        const isPartitioned = node.directives?.some((directive) => directive.name.value === "partition");
        if (node.name.value === name && isPartitioned) nodes.push(node);
      },
    });
  return faultOf(
    new GraphQLError(`${coordinate}: ${message}`, { nodes, extensions: { code: "PARTITION_INVALID" } }),
    sources,
  );
}

function parseSource({ name, sdl }: SubgraphSource): DocumentNode | GraphQLError {
  try {
    // Two publishers may call their files the same; names of subgraphs are unique.
    return parse(new GraphQLSource(sdl, name));
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    throw error;
  }
}

function faultOf(error: GraphQLError, sources: readonly SubgraphSource[]): CompositionFault {
  // Composition puts the subgraph's name in front; the file says more.
  const [, name, reason] = /^\[([\w-]+)\] (.*)$/s.exec(error.message) ?? [];
  const named = sources.find((source) => source.name === name);
  const places = placesOf(error, sources);
  if (places.length === 0 && named !== undefined)
    places.push({ subgraph: named.name, file: named.file, line: 0, column: 0 });
  const code = codeOf(error);
  const subgraph = named?.name ?? places[0]?.subgraph;
  return {
    code,
    message: named === undefined ? error.message : (reason ?? error.message),
    ...(subgraph !== undefined && { subgraph }),
    places,
    remedy: REMEDIES[code] ?? REMEDIES["OTHER"]!,
  };
}

function placesOf(error: GraphQLError, sources: readonly SubgraphSource[]): Place[] {
  const places: Place[] = [];
  const add = (subgraph: string | undefined, line: number, column: number): void => {
    const source = sources.find(({ name }) => name === subgraph);
    if (source === undefined) return;
    const isKnown = (place: Place) => place.subgraph === subgraph && place.line === line;
    if (!places.some(isKnown)) places.push({ subgraph: source.name, file: source.file, line, column });
  };
  for (const node of error.nodes ?? []) {
    // A definition begins with its description; its name is what a reader looks for.
    const at = ("name" in node && node.name?.loc) || node.loc;
    if (at) add(at.source.name, at.startToken.line, at.startToken.column);
  }
  const [at] = error.locations ?? [];
  if (places.length === 0 && at !== undefined) add(error.source?.name, at.line, at.column);
  return places;
}

function codeOf({ extensions, nodes }: GraphQLError): string {
  const code = extensions["code"];
  if (typeof code === "string") return code;
  return nodes?.some(({ kind }) => kind === Kind.DOCUMENT) ? "OTHER" : "INVALID_GRAPHQL";
}
