/**
 * An operation as it is recorded: what was asked, without a single value.
 *
 * Literals become `""`, `0`, `false`, one of a list; aliases, which clients like to build from values, go, and fields that
 * are the same then stand once. Names of the schema, of variables and of fragments stay, enum values too: they are words
 * of the schema, and whether one may go is what a check has to know.
 */
import { createHash } from "node:crypto";
import {
  type ASTNode,
  type DocumentNode,
  getNamedType,
  type GraphQLInputType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  Kind,
  type OperationDefinitionNode,
  print,
  type SelectionNode,
  separateOperations,
  typeFromAST,
  TypeInfo,
  type ValueNode,
  visit,
  visitWithTypeInfo,
} from "graphql";

export interface RecordedOperation {
  /** SHA-256 of the document, hexadecimal. */
  readonly hash: string;
  readonly name: string | null;
  readonly kind: string;
  readonly document: string;
  /** `Type.field`, `Type.field.argument`, `Input.field`, `Enum.VALUE`; sorted. */
  readonly coordinates: readonly string[];
}

/** @param name of the operation; may be left out where the document has only one */
export function recordOperation(
  document: DocumentNode,
  name: string | undefined,
  schema: GraphQLSchema,
): RecordedOperation | undefined {
  const alone = separateOperations(document)[name ?? ""] ?? document;
  const operation = alone.definitions.find(
    (definition): definition is OperationDefinitionNode =>
      definition.kind === Kind.OPERATION_DEFINITION &&
      (name === undefined || definition.name?.value === name),
  );
  if (operation === undefined) return undefined;
  const text = print(withoutValues(alone, schema));
  return {
    hash: createHash("sha256").update(text).digest("hex"),
    name: operation.name?.value ?? null,
    kind: operation.operation,
    document: text,
    coordinates: coordinatesOf(alone, schema),
  };
}

/**
 * What an operation touches. Of a variable nobody knows what will be in it: every field and value of its type counts.
 */
export function coordinatesOf(document: DocumentNode, schema: GraphQLSchema): readonly string[] {
  const touched = new Set<string>();
  const types = new TypeInfo(schema);
  visit(
    document,
    visitWithTypeInfo(types, {
      Field: (node) => {
        const owner = types.getParentType();
        if (owner && types.getFieldDef()) touched.add(`${owner.name}.${node.name.value}`);
      },
      Argument: (node, _key, parent) => {
        const owner = types.getParentType();
        const field = types.getFieldDef();
        // Arguments of a directive are no part of the graph.
        if (types.getDirective() == null && owner && field && parent !== undefined)
          touched.add(`${owner.name}.${field.name}.${node.name.value}`);
      },
      ObjectField: (node) => {
        const owner = getNamedType(types.getParentInputType());
        if (isInputObjectType(owner)) touched.add(`${owner.name}.${node.name.value}`);
      },
      EnumValue: (node) => {
        const type = getNamedType(types.getInputType());
        if (isEnumType(type)) touched.add(`${type.name}.${node.value}`);
      },
      VariableDefinition: (node) => {
        const type = typeFromAST(schema, node.type as never) as GraphQLInputType | undefined;
        if (type !== undefined) touchInput(type, touched);
      },
    }),
  );
  return [...touched].toSorted();
}

function touchInput(type: GraphQLInputType, touched: Set<string>): void {
  const named = getNamedType(type);
  if (isEnumType(named)) for (const { name } of named.getValues()) touched.add(`${named.name}.${name}`);
  if (!isInputObjectType(named)) return;
  for (const field of Object.values(named.getFields())) {
    const coordinate = `${named.name}.${field.name}`;
    // Inputs may contain themselves.
    if (touched.has(coordinate)) continue;
    touched.add(coordinate);
    touchInput(field.type, touched);
  }
}

function withoutValues(document: DocumentNode, schema: GraphQLSchema): DocumentNode {
  const types = new TypeInfo(schema);
  const expected = () => getNamedType(types.getInputType());
  return visit(
    document,
    visitWithTypeInfo(types, {
      Field: { leave: ({ alias: _alias, ...node }) => node },
      SelectionSet: { leave: (node) => ({ ...node, selections: distinct(node.selections) }) },
      // Whether a part is asked for is no value, and decides what the operation is.
      Directive: (node) => (node.name.value === "skip" || node.name.value === "include" ? false : undefined),
      StringValue: () => ({ kind: Kind.STRING, value: "" }),
      IntValue: (node) => ({ ...node, value: "0" }),
      FloatValue: (node) => ({ ...node, value: "0" }),
      BooleanValue: (node) => ({ ...node, value: false }),
      ListValue: { leave: (node) => ({ ...node, values: distinct(node.values) }) },
      // Of a scalar of its own even the names within are the client's.
      ObjectValue: (node) => (isInputObjectType(expected()) ? undefined : { ...node, fields: [] }),
      EnumValue: () => (isEnumType(expected()) ? undefined : { kind: Kind.STRING, value: "" }),
    }),
  );
}

function distinct<N extends SelectionNode | ValueNode>(nodes: readonly N[]): N[] {
  return [...new Map(nodes.map((node) => [print(node as ASTNode), node])).values()];
}
