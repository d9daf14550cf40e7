/**
 * Whether a member has the whole schema of the partitioned subgraph that it joins: the gateway plans for the subgraph, and
 * sends its requests to whichever member a key names.
 */
import {
  type ConstDirectiveNode,
  type DocumentNode,
  GraphQLError,
  type InputValueDefinitionNode,
  Kind,
  parse,
  print,
  type TypeNode,
} from "graphql";

/** What a schema says of one type, its definition and extensions taken together. */
interface Declared {
  readonly kind: string;
  readonly keys: Set<string>;
  readonly interfaces: Set<string>;
  readonly fields: Map<
    string,
    { readonly type: TypeNode; readonly arguments: readonly InputValueDefinitionNode[] }
  >;
  readonly inputs: Map<string, InputValueDefinitionNode>;
  /** Of an enum or a union. */
  readonly names: Set<string>;
}

/** Directives and types that federation itself adds to a subgraph. */
const FEDERATION_TYPE = /^_|__/;
const FEDERATION_FIELDS = new Set(["_service", "_entities"]);

/**
 * What a member's schema lacks of the contract, or has otherwise; empty when it is whole. What it has beside is its own.
 * @param contract SDL of the partitioned subgraph
 */
export function missingFrom(contract: string, member: string): readonly string[] {
  let given: DocumentNode;
  try {
    given = parse(member, { noLocation: true });
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    return [`not GraphQL: ${error.message}`];
  }
  const [wanted, offered] = [declarations(parse(contract, { noLocation: true })), declarations(given)];
  return [...wanted].flatMap(([name, type]) => {
    const own = offered.get(name);
    if (own === undefined) return [`${name} is missing`];
    if (own.kind !== type.kind) return [`${name} is ${own.kind}, the contract has ${type.kind}`];
    return missingFromType(name, type, own);
  });
}

function missingFromType(name: string, wanted: Declared, own: Declared): string[] {
  const faults: string[] = [];
  for (const key of wanted.keys) if (!own.keys.has(key)) faults.push(`${name} has no @key(fields: "${key}")`);
  for (const each of wanted.interfaces)
    if (!own.interfaces.has(each)) faults.push(`${name} does not implement ${each}`);
  for (const each of wanted.names) if (!own.names.has(each)) faults.push(`${name}.${each} is missing`);
  for (const [field, { type, arguments: wantedArguments }] of wanted.fields) {
    const place = `${name}.${field}`;
    const offered = own.fields.get(field);
    if (offered === undefined) faults.push(`${place} is missing`);
    else
      faults.push(
        ...differences(place, type, offered.type),
        ...missingInputs(place, byName(wantedArguments), byName(offered.arguments)),
      );
  }
  return [...faults, ...missingInputs(name, wanted.inputs, own.inputs)];
}

function missingInputs(
  place: string,
  wanted: ReadonlyMap<string, InputValueDefinitionNode>,
  own: ReadonlyMap<string, InputValueDefinitionNode>,
): string[] {
  const faults = [...wanted].flatMap(([name, { type }]) => {
    const offered = own.get(name);
    return offered === undefined
      ? [`${place}.${name} is missing`]
      : differences(`${place}.${name}`, type, offered.type);
  });
  const demanded = [...own.values()].filter(
    ({ name, type, defaultValue }) =>
      !wanted.has(name.value) && type.kind === Kind.NON_NULL_TYPE && defaultValue === undefined,
  );
  return [
    ...faults,
    ...demanded.map(({ name }) => `${place}.${name.value} is required, and the contract does not have it`),
  ];
}

function differences(place: string, wanted: TypeNode, own: TypeNode): string[] {
  const [contract, member] = [print(wanted), print(own)];
  return contract === member ? [] : [`${place} is ${member}, the contract has ${contract}`];
}

function declarations(document: DocumentNode): Map<string, Declared> {
  const types = new Map<string, Declared>();
  const roots = rootNames(document);
  for (const node of document.definitions) {
    if (!/Type(Definition|Extension)$/.test(node.kind) || !("name" in node) || node.name === undefined)
      continue;
    // Whatever a schema calls its roots, the graph has one name for each.
    const name = roots.get(node.name.value) ?? node.name.value;
    if (FEDERATION_TYPE.test(name)) continue;
    const declared: Declared = types.get(name) ?? {
      kind: node.kind.replace(/Type(Definition|Extension)$/, ""),
      keys: new Set(),
      interfaces: new Set(),
      fields: new Map(),
      inputs: new Map(),
      names: new Set(),
    };
    types.set(name, declared);
    for (const key of keysOf(node.directives as readonly ConstDirectiveNode[])) declared.keys.add(key);
    switch (node.kind) {
      case Kind.OBJECT_TYPE_DEFINITION:
      case Kind.OBJECT_TYPE_EXTENSION:
      case Kind.INTERFACE_TYPE_DEFINITION:
      case Kind.INTERFACE_TYPE_EXTENSION:
        for (const each of node.interfaces ?? []) declared.interfaces.add(each.name.value);
        for (const field of node.fields ?? [])
          if (!FEDERATION_FIELDS.has(field.name.value))
            declared.fields.set(field.name.value, { type: field.type, arguments: field.arguments ?? [] });
        break;
      case Kind.INPUT_OBJECT_TYPE_DEFINITION:
      case Kind.INPUT_OBJECT_TYPE_EXTENSION:
        for (const field of node.fields ?? []) declared.inputs.set(field.name.value, field);
        break;
      case Kind.ENUM_TYPE_DEFINITION:
      case Kind.ENUM_TYPE_EXTENSION:
        for (const value of node.values ?? []) declared.names.add(value.name.value);
        break;
      case Kind.UNION_TYPE_DEFINITION:
      case Kind.UNION_TYPE_EXTENSION:
        for (const type of node.types ?? []) declared.names.add(type.name.value);
        break;
      default:
    }
  }
  return types;
}

function rootNames({ definitions }: DocumentNode): ReadonlyMap<string, string> {
  const standard = { query: "Query", mutation: "Mutation", subscription: "Subscription" } as const;
  return new Map(
    definitions.flatMap((node) =>
      node.kind === Kind.SCHEMA_DEFINITION || node.kind === Kind.SCHEMA_EXTENSION
        ? (node.operationTypes ?? []).map(
            ({ operation, type }) => [type.name.value, standard[operation]] as const,
          )
        : [],
    ),
  );
}

/** Fields of each `@key`, whatever the spacing. */
function keysOf(directives: readonly ConstDirectiveNode[] | undefined): string[] {
  return (directives ?? []).flatMap(({ name, arguments: given }) => {
    if (name.value !== "key") return [];
    const value = given?.find((argument) => argument.name.value === "fields")?.value;
    if (value?.kind !== Kind.STRING) return [];
    return [
      value.value
        .replaceAll(/[\s,]+/g, " ")
        .replaceAll(/ ?([{}]) ?/g, "$1")
        .trim(),
    ];
  });
}

function byName(inputs: readonly InputValueDefinitionNode[]): ReadonlyMap<string, InputValueDefinitionNode> {
  return new Map(inputs.map((input) => [input.name.value, input]));
}
