/**
 * What a supergraph says of its types and fields in the directives of the join specification (v0.1 and later).
 */
import {
  type ConstValueNode,
  type GraphQLInterfaceType,
  type GraphQLSchema,
  isInterfaceType,
  isObjectType,
  Kind,
} from "graphql";

/** Every value of one argument of `@join__field`, over all fields. */
export function joinFieldArguments(schema: GraphQLSchema, name: string): readonly ConstValueNode[] {
  return Object.values(schema.getTypeMap())
    .filter((type) => isObjectType(type) || isInterfaceType(type))
    .flatMap((type) => Object.values(type.getFields()))
    .flatMap(({ astNode }) => astNode?.directives ?? [])
    .filter((directive) => directive.name.value === "join__field")
    .flatMap((directive) => directive.arguments ?? [])
    .filter((argument) => argument.name.value === name)
    .map(({ value }) => value);
}

/** Whether a subgraph knows the interface as an object (@interfaceObject). */
export function isObjectSomewhere({ astNode }: GraphQLInterfaceType): boolean {
  return (astNode?.directives ?? []).some(
    (directive) =>
      directive.name.value === "join__type" &&
      directive.arguments?.some(
        ({ name, value }) => name.value === "isInterfaceObject" && value.kind === Kind.BOOLEAN && value.value,
      ),
  );
}
