/**
 * The answer of an operation whose plan has been run: written, and its errors told in the client's terms.
 */
import { GraphQLError, type GraphQLObjectType, type GraphQLSchema } from "graphql";
import { type ErrorDetails, errorMessage } from "../errors.ts";
import type { Language } from "../language.ts";
import { soleInterfaceSubgraph, soleSubgraph } from "../plan/join.ts";
import type { PreparedOperation } from "../plan/prepare.ts";
import type { SubgraphError } from "../transport/transport.ts";
import type { RefusalReason } from "../trust/refusals.ts";
import type { Outcome } from "./engine.ts";
import { type Fault, type FaultContext, findFaults } from "./faults.ts";
import type { Introspected } from "./introspection.ts";
import type { JsonObject } from "./merge.ts";
import { clientPath } from "./paths.ts";
import { compileObject, type Selection, type Sink } from "./projection.ts";
import type { Execution } from "./run.ts";

/** What completing an answer needs to know of the graph. */
export interface Schemas {
  /** What clients see. */
  readonly schema: GraphQLSchema;
  readonly supergraph: GraphQLSchema;
}

/** Writes the answer, and tells what in it is not as the schema promises. */
export function complete(
  prepared: PreparedOperation,
  execution: Execution,
  own: Introspected,
  schemas: Schemas,
): Outcome {
  const { rootType, selection, write } = prepared;
  const { data, errors, blamed, shared, plain } = execution;
  const sink: Sink = { faulty: false, plain, written: shared ? new Map() : undefined };
  const writeRoot = write ?? compileObject(schemas.schema, rootType, selection, own.texts);
  const text = writeRoot(data, sink) ?? "null";
  const told = errors.map((error) => clientError(error, schemas, prepared, data));
  const { language } = execution.context;
  const faults = sink.faulty
    ? faultErrors(schemas, blamed, rootType, selection, data, [], language, prepared)
    : [];
  return { data: text, errors: [...own.errors, ...told, ...faults] };
}

/** A subgraph's error, where the client has what it is about. */
export function clientError(
  { message, path, extensions }: SubgraphError,
  { schema }: Schemas,
  { rootType, selection }: PreparedOperation,
  data: JsonObject,
): GraphQLError {
  const place = path && clientPath(schema, rootType, selection, data, path);
  return new GraphQLError(message, { ...(place && { path: place }), extensions });
}

/**
 * What in an object is not as the schema promises.
 * @param at where the object stands in the answer
 * @param language of what the caller may not read; what comes in parts has nothing refused
 * @param refusing why; of what cannot be recorded one error tells of all
 */
export function faultErrors(
  { schema, supergraph }: Schemas,
  blamed: FaultContext["blamed"],
  type: GraphQLObjectType,
  selection: Selection,
  object: JsonObject,
  at: readonly (string | number)[] = [],
  language: Language = "en",
  { isWithheld, reasonOf }: Refusing = {},
): readonly GraphQLError[] {
  let isTold = false;
  return findFaults({ schema, blamed }, type, selection, object).flatMap((fault) => {
    if (fault.kind !== "refused") return faultError(fault, supergraph, at);
    const name = `${fault.type}.${fault.field}`;
    if (isWithheld?.(fault.type, fault.field) !== true)
      return refusedError(reasonOf?.(name) ?? { code: "FORBIDDEN", details: { name } }, language, fault.path);
    if (isTold) return [];
    isTold = true;
    return refusedError({ code: "RECORD_UNAVAILABLE", details: { name } }, language, fault.path);
  });
}

type Refusing = Partial<Pick<PreparedOperation, "isWithheld" | "reasonOf">>;

/** @param path where the field would stand */
export function refusedError(
  {
    code,
    details,
  }: { readonly code: RefusalReason["code"] | "RECORD_UNAVAILABLE"; readonly details: ErrorDetails },
  language: Language,
  path?: Fault["path"],
): GraphQLError {
  const { service, missing } = details;
  return new GraphQLError(errorMessage(code, details, language), {
    ...(path && { path }),
    extensions: { code, ...(service !== undefined && { service }), ...(missing && { missing }) },
  });
}

function faultError(
  { kind, type, field, path, known }: Fault,
  supergraph: GraphQLSchema,
  at: readonly (string | number)[],
): GraphQLError {
  const message =
    kind === "null"
      ? `Cannot return null for non-nullable field ${type}.${field}.`
      : `Invalid value for field ${type}.${field}.`;
  const service =
    (known === undefined ? undefined : soleInterfaceSubgraph(supergraph, known)) ??
    soleSubgraph(supergraph, type, field);
  const extensions = { code: "SUBGRAPH_INVALID_VALUE", ...(service !== undefined && { service }) };
  return new GraphQLError(message, { path: [...at, ...path], extensions });
}
