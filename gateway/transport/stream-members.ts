/**
 * A root subscription field of a partitioned subgraph: which members' events are meant. Its argument names one member,
 * or several by a list; without it, all are meant.
 */
import { type ArgumentNode, Kind, OperationTypeNode, type SelectionNode, visit } from "graphql";
import type { Member } from "../members.ts";
import { isIncluded, narrow, type RootField, type SubgraphOperation } from "./operation.ts";
import { memberNamed, type Owner, type Partition, unknownMember } from "./owner.ts";
import { keyOf } from "./partition-root.ts";
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
type Asked = Extract<Owner, { kind: "asked" }>;

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
  if (key === null || key === undefined) return { parts: allMembers(partition, request), errors: [], merged };
  if (!Array.isArray(key)) {
    const owner = memberNamed(partition, key);
    if (owner.kind === "asked") return { parts: [ask(request, owner)], errors: [], merged: undefined };
    return { parts: [], errors: [unknownMember(partition, request, text(key), [merged])], merged: undefined };
  }
  const { owners, errors } = ownersOf(partition, request, key, merged);
  const parts = [...owners.values()].map(({ owner, places }) =>
    places.length === key.length
      ? ask(request, owner)
      : { ...ask(request, owner), ...only(operation, request.variables, rule.argument, key, places) },
  );
  return { parts, errors, merged };
}

function allMembers({ service, directory, located }: Partition, request: SubgraphRequest): SubgraphRequest[] {
  const byUrl = new Map<string | undefined, Member>();
  for (const member of directory.members) {
    const url = located.get(member.key);
    if (member.subgraphs.includes(service) && !byUrl.has(url)) byUrl.set(url, member);
  }
  return [...byUrl].map(([url, member]) => ({ ...request, url, member }));
}

/** Who is named by a list of keys, and at which of its places; by URL, for one server may be several members. */
function ownersOf(
  partition: Partition,
  request: SubgraphRequest,
  keys: readonly unknown[],
  responseKey: string,
): { owners: Map<string | undefined, { owner: Asked; places: number[] }>; errors: SubgraphError[] } {
  const owners = new Map<string | undefined, { owner: Asked; places: number[] }>();
  const errors: SubgraphError[] = [];
  for (const [place, key] of keys.entries()) {
    const owner = memberNamed(partition, key);
    // A member without a part in this subgraph will never tell anything: better said than waited for.
    if (owner.kind !== "asked") {
      errors.push(unknownMember(partition, request, text(key), [responseKey]));
      continue;
    }
    const known = owners.get(owner.url);
    if (known === undefined) owners.set(owner.url, { owner, places: [place] });
    else known.places.push(place);
  }
  return { owners, errors };
}

function ask(request: SubgraphRequest, { url, member }: Asked): SubgraphRequest {
  return { ...request, url, member };
}

function text(key: unknown): string | undefined {
  return typeof key === "string" || typeof key === "number" ? String(key) : undefined;
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
