/**
 * What it costs to look for what is not there, beside what is asked of it: whoever guesses misses, whoever knows does not.
 *
 *     directive @missCost(weight: Int!) on FIELD_DEFINITION
 *
 * stands on fields of the query type. A miss is null, or a list of nothing, whatever the cause is that the service gives;
 * what the gateway could not get, or may not give, is none.
 */
import {
  type ConstDirectiveNode,
  type ConstValueNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
} from "graphql";
import { GATEWAY_ERRORS, isCallFailure } from "../errors.ts";
import { eachApplied } from "../plan/applied.ts";
import { askedFields } from "./cost-model.ts";

export interface MissCost {
  readonly weight: number;
  /** Names of the services that may be asked for it. */
  readonly services: ReadonlySet<string>;
}

/** By name of the query type's field. */
export type MissCosts = ReadonlyMap<string, MissCost>;

const DIRECTIVE = "missCost";

/**
 * @param supergraph its document
 * @throws Error where it stands on what is no look-up
 */
export function readMissCosts(supergraph: DocumentNode, schema: GraphQLSchema): MissCosts {
  const query = schema.getQueryType()?.name ?? "Query";
  const costs = new Map<string, MissCost>();
  const graphs = namesOfGraphs(supergraph);
  eachApplied(supergraph, (at, directives) => {
    const directive = directives.find(({ name }) => name.value === DIRECTIVE);
    if (directive === undefined) return;
    const [type, field] = at.split(".");
    if (type !== query || field === undefined)
      throw new Error(`${at}: @${DIRECTIVE} is for fields of ${query}`);
    const asked = directives.flatMap((each) => {
      const graph = each.name.value === "join__field" ? argument(each, "graph") : undefined;
      return graph?.kind === Kind.ENUM ? [graphs.get(graph.value) ?? ""] : [];
    });
    const services = new Set(asked.length > 0 ? asked : graphs.values());
    costs.set(field, { weight: weightOf(at, directive), services });
  });
  return costs;
}

/** @param data of the answer, as it was parsed from JSON */
export function missedCost(
  costs: MissCosts,
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  data: unknown,
  errors: readonly GraphQLError[],
): number {
  const root = schema.getQueryType();
  if (costs.size === 0 || operation.operation !== OperationTypeNode.QUERY || root == null) return 0;
  let sum = 0;
  for (const { key, definition } of askedFields(schema, fragments, root, [operation.selectionSet])) {
    const cost = costs.get(definition.name);
    // Of what comes later nobody knows yet; it is not to come cheaper for that.
    const isMissing = cost !== undefined && isNothing((data as Record<string, unknown> | null)?.[key]);
    if (isMissing && !errors.some((error) => explains(error, key, cost))) sum += cost.weight;
  }
  return sum;
}

function isNothing(value: unknown): boolean {
  return value === null || value === undefined || (Array.isArray(value) && value.length === 0);
}

/** Whether the gateway itself says why there is nothing. What a service says without a code is the service's word. */
function explains(
  { path, extensions: { code, service } }: GraphQLError,
  key: string,
  { services }: MissCost,
): boolean {
  if (path === undefined) return isCallFailure(code) && services.has(String(service));
  return path[0] === key && code !== "SUBGRAPH_ERROR" && Object.hasOwn(GATEWAY_ERRORS, String(code));
}

/** Names of the services, by those of the supergraph's own enum (`join__Graph`). */
function namesOfGraphs({ definitions }: DocumentNode): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const definition of definitions) {
    if (definition.kind !== Kind.ENUM_TYPE_DEFINITION || definition.name.value !== "join__Graph") continue;
    for (const { name, directives = [] } of definition.values ?? [])
      for (const directive of directives) {
        const given = argument(directive, "name");
        if (given?.kind === Kind.STRING) names.set(name.value, given.value);
      }
  }
  return names;
}

function argument({ arguments: given }: ConstDirectiveNode, name: string): ConstValueNode | undefined {
  return given?.find((each) => each.name.value === name)?.value;
}

function weightOf(at: string, directive: ConstDirectiveNode): number {
  const value = argument(directive, "weight");
  const weight = value?.kind === Kind.INT ? Number(value.value) : Number.NaN;
  if (Number.isNaN(weight) || weight < 0)
    throw new Error(`${at}: @${DIRECTIVE} needs weight: a whole number`);
  return weight;
}
