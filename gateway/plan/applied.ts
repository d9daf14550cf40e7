/**
 * Directives where a document applies them.
 */
import {
  type ConstDirectiveNode,
  type DocumentNode,
  isTypeDefinitionNode,
  isTypeExtensionNode,
} from "graphql";

/** @param read is told of every type and every field, named `Type` and `Type.field` */
export function eachApplied(
  { definitions }: DocumentNode,
  read: (at: string, directives: readonly ConstDirectiveNode[]) => void,
): void {
  for (const definition of definitions) {
    if (!isTypeDefinitionNode(definition) && !isTypeExtensionNode(definition)) continue;
    const type = definition.name.value;
    read(type, definition.directives ?? []);
    if ("fields" in definition)
      for (const field of definition.fields ?? [])
        read(`${type}.${field.name.value}`, field.directives ?? []);
  }
}
