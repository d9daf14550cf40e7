/**
 * A root subscription field of a partitioned subgraph: which members' events are meant. Its argument names one member,
 * or several by a list; without it, all are meant.
 */
import { type ArgumentNode, Kind, OperationTypeNode, type SelectionNode, visit } from "graphql";
import { isIncluded, narrow, type RootField, type SubgraphOperation } from "./operation.ts";
import { memberNamed, type Partition, unknownMember } from "./owner.ts";
import { keyOf } from "./partition-root.ts";
import { allServers, serversNamed, textOf } from "./servers.ts";
import type { SubgraphError, SubgraphRequest } from "./transport.ts";

/** Whose events a subscription gives. */
export interface Sources {
  /** One request for each server. */
  readonly parts: readonly SubgraphRequest[];
  /** Keys that name nobody. */
  readonly errors: readonly SubgraphError[];
  /** The field's response key, where the events of several are merged; undefined where one is meant. */
  readonly merged: string | undefined;
}

type Variables = Readonly<Record<string, unknown>>;

export function divideSubscription(
  partition: Partition,
  request: SubgraphRequest,
  operation: SubgraphOperation,
): Sources {
  const variables = { ...operation.defaults, ...request.variables };
  const field = operation.fields.find((each) => isIncluded(each, variables));
  if (field === undefined) throw new Error("a subscription has no root field");
  const rule = partition.fields.get(OperationTypeNode.SUBSCRIPTION)?.get(field.node.name.value);
  const own = { ...request, url: partition.ownUrl };
  if (rule === undefined) return { parts: [own], errors: [], merged: undefined };
  const key = keyOf(partition, OperationTypeNode.SUBSCRIPTION, field, variables);
  const merged = field.responseKey;
  if (key === null || key === undefined) {
    const parts = allServers(partition).map(({ url, member }) => ({ ...request, url, member }));
    return { parts, errors: [], merged };
  }
  if (!Array.isArray(key)) {
    const owner = memberNamed(partition, key);
    if (owner.kind === "asked") {
      const { url, member } = owner;
      return { parts: [{ ...request, url, member }], errors: [], merged: undefined };
    }
    return {
      parts: [],
      errors: [unknownMember(partition, request, textOf(key), [merged])],
      merged: undefined,
    };
  }
  const { servers, strangers } = serversNamed(partition, key);
  const parts = servers.map(({ url, member, places = [] }): SubgraphRequest => {
    const part = { ...request, url, member };
    return places.length === key.length
      ? part
      : { ...part, ...only(operation, request.variables, rule.argument, key, places) };
  });
  // A member without a part in this subgraph will never tell anything: better said than waited for.
  const errors = strangers.map((stranger) => unknownMember(partition, request, stranger.key, [merged]));
  return { parts, errors, merged };
}

/** The same subscription with some of the keys only: a member may refuse those of others. */
function only(
  operation: SubgraphOperation,
  variables: Variables,
  argument: string,
  keys: readonly unknown[],
  places: readonly number[],
): { query: string; variables: Variables } {
  const changed = { ...variables };
  const narrowed = (node: ArgumentNode): ArgumentNode => {
    const { value } = node;
    if (value.kind === Kind.LIST)
      return {
        ...node,
        value: { ...value, values: value.values.filter((_, place) => places.includes(place)) },
      };
    if (value.kind === Kind.VARIABLE) changed[value.name.value] = places.map((place) => keys[place]);
    return node;
  };
  const fields = operation.fields.map(
    (field): RootField => ({
      ...field,
      selection: visit<SelectionNode>(field.selection, {
        Field: (node) =>
          node === field.node
            ? {
                ...node,
                arguments:
                  node.arguments?.map((each) => (each.name.value === argument ? narrowed(each) : each)) ?? [],
              }
            : undefined,
      }),
    }),
  );
  return narrow(operation, fields, changed);
}
