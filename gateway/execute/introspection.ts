/**
 * `__schema` and `__type` (GraphQL section 4): the graph's own affair, no subgraph is asked.
 */
import { type DocumentNode, executeSync, type GraphQLError, type GraphQLSchema } from "graphql";

export interface Introspected {
  /** JSON text by response key. */
  readonly texts: ReadonlyMap<string, string>;
  readonly errors: readonly GraphQLError[];
}

/** Of an operation without introspection. */
export const NOTHING_OWN: Introspected = { texts: new Map(), errors: [] };

/** @param document with introspection alone; undefined when an operation has none */
export function introspect(
  schema: GraphQLSchema,
  document: DocumentNode | undefined,
  variableValues: Readonly<Record<string, unknown>>,
): Introspected {
  if (document === undefined) return NOTHING_OWN;
  const { data, errors = [] } = executeSync({ schema, document, variableValues });
  return {
    texts: new Map(Object.entries(data ?? {}).map(([key, value]) => [key, JSON.stringify(value)])),
    errors,
  };
}
