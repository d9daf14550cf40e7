/**
 * What clients see of a supergraph: without the types and directives of the specifications it links, without what is
 * @inaccessible, and with @defer. Parts that do not change are the supergraph's own, not copies.
 */
import {
  type ConstDirectiveNode,
  type DefinitionNode,
  type DirectiveDefinitionNode,
  type DocumentNode,
  type EnumValueDefinitionNode,
  type FieldDefinitionNode,
  type InputValueDefinitionNode,
  isTypeDefinitionNode,
  isTypeExtensionNode,
  Kind,
  type NamedTypeNode,
  parse,
  type SchemaDefinitionNode,
  type TypeDefinitionNode,
  type TypeExtensionNode,
} from "graphql";
import { DEFER } from "./defer-rules.ts";
import type { Links } from "./links.ts";

const DEFER_DEFINITION = parse(
  "directive @defer(label: String, if: Boolean! = true) on FRAGMENT_SPREAD | INLINE_FRAGMENT",
  { noLocation: true },
).definitions;

/** Directives that the gateway gives itself, or does not know. */
const REPLACED: ReadonlySet<string> = new Set([DEFER, "stream"]);

type TypeNode = TypeDefinitionNode | TypeExtensionNode;

/** Whatever may be marked, and carry directives of specifications. */
interface Marked {
  readonly directives?: readonly ConstDirectiveNode[] | undefined;
}

export function apiDocument(document: DocumentNode, links: Links): DocumentNode {
  const inaccessible = links.directiveName("inaccessible");
  const hidden = new Set(
    document.definitions
      .filter(isTypeNode)
      .filter(isInaccessible)
      .map(({ name }) => name.value),
  );

  function isInaccessible({ directives }: Marked): boolean {
    return directives?.some(({ name }) => name.value === inaccessible) ?? false;
  }

  const isShown = ({ name }: NamedTypeNode) => !hidden.has(name.value);

  function show(definition: DefinitionNode): readonly DefinitionNode[] {
    if (definition.kind === Kind.DIRECTIVE_DEFINITION) return showDirective(definition);
    if (definition.kind === Kind.SCHEMA_DEFINITION) return [showSchema(definition)];
    if (!isTypeNode(definition)) return [];
    const { value } = definition.name;
    return hidden.has(value) || links.isLinkedType(value) ? [] : [showType(definition)];
  }

  function showDirective(definition: DirectiveDefinitionNode): readonly DefinitionNode[] {
    const { value } = definition.name;
    if (REPLACED.has(value) || links.isLinkedDirective(value)) return [];
    return [{ ...definition, arguments: showAll(definition.arguments) }];
  }

  function showSchema(definition: SchemaDefinitionNode): SchemaDefinitionNode {
    const operationTypes = definition.operationTypes.filter(({ type }) => isShown(type));
    return { ...definition, directives: keptDirectives(definition), operationTypes };
  }

  function showType<T extends TypeNode>(type: T): T {
    const shown = { ...type, directives: keptDirectives(type) };
    if ("interfaces" in type) Object.assign(shown, { interfaces: type.interfaces?.filter(isShown) });
    if ("types" in type) Object.assign(shown, { types: type.types?.filter(isShown) });
    if ("values" in type) Object.assign(shown, { values: showAll(type.values) });
    if ("fields" in type)
      Object.assign(shown, {
        fields: showAll<FieldDefinitionNode | InputValueDefinitionNode>(type.fields).map((field) =>
          "arguments" in field && field.arguments !== undefined && field.arguments.length > 0
            ? { ...field, arguments: showAll(field.arguments) }
            : field,
        ),
      });
    return shown;
  }

  function showAll<N extends FieldDefinitionNode | InputValueDefinitionNode | EnumValueDefinitionNode>(
    nodes: readonly N[] = [],
  ): readonly N[] {
    return nodes
      .filter((node) => !isInaccessible(node))
      .map((node) =>
        node.directives === undefined || node.directives.length === 0
          ? node
          : { ...node, directives: keptDirectives(node) },
      );
  }

  function keptDirectives({ directives = [] }: Marked): readonly ConstDirectiveNode[] {
    return directives.filter(({ name }) => !links.isLinkedDirective(name.value));
  }

  return { kind: Kind.DOCUMENT, definitions: [...document.definitions.flatMap(show), ...DEFER_DEFINITION] };
}

function isTypeNode(node: DefinitionNode): node is TypeNode {
  return isTypeDefinitionNode(node) || isTypeExtensionNode(node);
}
