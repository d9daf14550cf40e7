/**
 * What a supergraph says of its fields in `@join__field` (join specification, v0.1 and later).
 */
import { type ConstValueNode, type GraphQLSchema, isInterfaceType, isObjectType } from "graphql";

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
