/**
 * Which types of a schema can still be reached from its roots.
 */
import {
  type ASTNode,
  type ConstDirectiveNode,
  type DocumentNode,
  Kind,
  type TypeDefinitionNode,
  visit,
} from "graphql";

type Node = { readonly directives?: readonly ConstDirectiveNode[] | undefined };

/**
 * Names of the types that fields, arguments, unions and implementations lead to, from the schema's roots on.
 * @param isHidden what is hidden leads nowhere
 */
export function reachableTypes(
  { definitions }: DocumentNode,
  isHidden: (node: Node) => boolean,
): ReadonlySet<string> {
  const types = new Map<string, TypeDefinitionNode>();
  const implementations = new Map<string, string[]>();
  const waiting: string[] = [];
  for (const definition of definitions) {
    if (definition.kind === Kind.SCHEMA_DEFINITION)
      waiting.push(...definition.operationTypes.map(({ type }) => type.name.value));
    if (!definition.kind.endsWith("TypeDefinition")) continue;
    const type = definition as TypeDefinitionNode;
    types.set(type.name.value, type);
    for (const { name } of "interfaces" in type ? (type.interfaces ?? []) : [])
      implementations.set(name.value, [...(implementations.get(name.value) ?? []), type.name.value]);
  }
  const reached = new Set<string>();
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const type = types.get(name);
    if (reached.has(name) || type === undefined || isHidden(type)) continue;
    reached.add(name);
    waiting.push(...namesIn(type, isHidden), ...(implementations.get(name) ?? []));
  }
  return reached;
}

function namesIn(type: TypeDefinitionNode, isHidden: (node: Node) => boolean): string[] {
  const names: string[] = [];
  visit(type as ASTNode, {
    enter: (node) => {
      if (node.kind === Kind.DIRECTIVE || ("directives" in node && isHidden(node as Node))) return false;
      if (node.kind === Kind.NAMED_TYPE) names.push(node.name.value);
      return undefined;
    },
  });
  return names;
}
