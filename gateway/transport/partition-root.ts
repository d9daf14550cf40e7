/**
 * Root fields of a partitioned subgraph: each goes to the member that its argument names, or to several
 * (partition-several.ts).
 */
import { type FieldNode, OperationTypeNode } from "graphql";
import type { FieldPartition } from "../partition-fields.ts";
import { clientErrors } from "./failures.ts";
import {
  argumentValue,
  type CollectedField,
  isIncluded,
  narrow,
  type RootField,
  type SubgraphOperation,
} from "./operation.ts";
import { memberNamed, ownServer, unknownMember, type Owner, type Partition } from "./owner.ts";
import { askSeveral } from "./partition-several.ts";
import { textOf } from "./servers.ts";
import type { SubgraphError, SubgraphRequest, SubgraphResponse, Transport } from "./transport.ts";

type Asked = Extract<Owner, { kind: "asked" }>;

/** The root fields that one server is asked for in one document. */
interface Share {
  readonly owner: Asked;
  readonly fields: RootField[];
}

/**
 * Splits a document into one for each member, and merges the answers. Every root field is asked for exactly once.
 * Fields of a query are asked for all at once. Those of a mutation one after another (GraphQL, section 6.2.2): in one
 * document as long as they go to the same member, and the next document only when the one before has been answered.
 */
export async function askRootFields(
  ask: Transport,
  partition: Partition,
  request: SubgraphRequest,
  operation: SubgraphOperation,
): Promise<SubgraphResponse> {
  const variables = { ...operation.defaults, ...request.variables };
  const kind = operation.definition.operation;
  const serial = kind === OperationTypeNode.MUTATION;
  // No prototype: response keys are chosen by clients.
  const data: Record<string, unknown> = Object.create(null);
  const errors: SubgraphError[] = [];
  const shares: Share[] = [];
  const shared = new Map<string, CollectedField & { readonly nodes: FieldNode[] }>();
  let plain = true;
  for (const field of operation.fields) {
    if (!isIncluded(field, variables)) continue;
    data[field.responseKey] = null;
    if (field.node.name.value === "__typename") {
      data[field.responseKey] = kind === OperationTypeNode.MUTATION ? "Mutation" : "Query";
      continue;
    }
    if (ruleOf(partition, kind, field.node.name.value)?.merge !== undefined) {
      const { responseKey, node } = field;
      const known = shared.get(responseKey);
      if (known === undefined) shared.set(responseKey, { responseKey, name: node.name.value, nodes: [node] });
      else known.nodes.push(node);
      continue;
    }
    const owner = ownerOf(partition, kind, field, variables);
    if (owner.kind === "asked") addToShare(shares, owner, field, serial);
    // A member that has no part in a mutation must not look as if it had done it.
    else if (owner.kind === "unknown" || serial)
      errors.push(
        unknownMember(partition, request, textOf(keyOf(partition, kind, field, variables)), [
          field.responseKey,
        ]),
      );
  }
  const askShare = async ({ owner, fields }: Share): Promise<SubgraphError[]> => {
    const whole = fields.length === operation.fields.length;
    const part: SubgraphRequest = {
      ...request,
      url: owner.url,
      member: owner.member,
      ...(!whole && narrow(operation, fields, request.variables)),
    };
    const response = await ask(part);
    if (response.data && response.plain !== true) plain = false;
    for (const { responseKey } of fields)
      if (response.data && Object.hasOwn(response.data, responseKey))
        data[responseKey] = response.data[responseKey];
    return clientErrors(part, response, undefined, [fields[0]?.responseKey ?? ""]);
  };
  const askShared = async (field: CollectedField): Promise<readonly SubgraphError[]> => {
    const rule = ruleOf(partition, kind, field.name);
    if (rule === undefined) return [];
    const answer = await askSeveral(ask, partition, request, operation, field, rule);
    if (!answer.plain) plain = false;
    data[field.responseKey] = answer.value;
    return answer.errors;
  };
  if (serial) for (const share of shares) errors.push(...(await askShare(share)));
  else {
    const asked = [...shares.map(askShare), ...[...shared.values()].map(askShared)];
    errors.push(...(await Promise.all(asked)).flat());
  }
  return { data, plain, errors: errors.length > 0 ? errors : undefined };
}

function ownerOf(
  partition: Partition,
  kind: OperationTypeNode,
  field: RootField,
  variables: Readonly<Record<string, unknown>>,
): Owner {
  return ruleOf(partition, kind, field.node.name.value) === undefined
    ? ownServer(partition)
    : memberNamed(partition, keyOf(partition, kind, field, variables));
}

function ruleOf({ fields }: Partition, kind: OperationTypeNode, name: string): FieldPartition | undefined {
  return fields.get(kind)?.get(name);
}

/** The value that names the member whose the field is; undefined when it is left out. */
export function keyOf(
  partition: Partition,
  kind: OperationTypeNode,
  field: RootField,
  variables: Readonly<Record<string, unknown>>,
): unknown {
  const rule = ruleOf(partition, kind, field.node.name.value);
  return rule && (argumentValue(field, rule.argument, variables) ?? rule.fallback);
}

/** Joins the field to the documents to be sent; a mutation's only to the last one, so that their order stays. */
function addToShare(shares: Share[], owner: Asked, field: RootField, serial: boolean): void {
  const share = serial ? shares.at(-1) : shares.find((candidate) => candidate.owner.member === owner.member);
  if (share !== undefined && share.owner.member === owner.member) share.fields.push(field);
  else shares.push({ owner, fields: [field] });
}
