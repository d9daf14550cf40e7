/**
 * Answers subgraph operations over data that never changes. Documents are parsed once, and what an object says under a
 * selection is written once: the servers must cost next to nothing beside the gateways they serve.
 */
import {
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  OperationTypeNode,
  parse,
  type SelectionSetNode,
  valueFromASTUntyped,
} from "graphql";

/** An object of the data. Its fields are scalars, objects, lists of them, or functions of the field's arguments. */
export interface Entry {
  readonly __typename: string;
  readonly [field: string]: unknown;
}

export interface Subgraph {
  readonly sdl: string;
  readonly query: Readonly<Record<string, unknown>>;
  /** The same object for the same representation, so that what was written of it can be kept. */
  entity(representation: Representation): Entry | null;
}

export type Representation = Readonly<Record<string, unknown>> & { readonly __typename: string };

export interface Request {
  readonly query: string;
  readonly operationName?: string | null;
  readonly variables?: Variables | null;
}

type Variables = Readonly<Record<string, unknown>>;

/** JSON text of the answer to one request. */
export type Answer = (request: Request) => string;

/** A root field: its text, or the argument that holds the representations to look up. */
type Root = { readonly prefix: string } & (
  | { readonly text: string }
  | { readonly representations: (variables: Variables) => readonly Representation[]; readonly write: Write }
);

type Write = (value: unknown) => string;

/** A gateway asks few documents with few values beside the representations; beyond that, all is begun anew. */
const COMPILED = 5_000;

export function createAnswer(subgraph: Subgraph): Answer {
  const compiled = new Map<string, readonly Root[]>();
  return ({ query, operationName, variables }) => {
    const given = variables ?? {};
    const key = `${operationName ?? ""}|${valuesKey(given)}|${query}`;
    let roots = compiled.get(key);
    if (roots === undefined) {
      if (compiled.size >= COMPILED) compiled.clear();
      roots = compile(subgraph, query, operationName ?? undefined, given);
      compiled.set(key, roots);
    }
    let text = '{"data":{';
    for (const root of roots)
      text += root.prefix + ("text" in root ? root.text : lookUp(root, given, subgraph));
    return `${text}}}`;
  };
}

/** What the compiled form depends on: every variable but the lists of representations. */
function valuesKey(variables: Variables): string {
  let key = "";
  for (const [name, value] of Object.entries(variables))
    if (!isRepresentations(value)) key += `${name}=${JSON.stringify(value)},`;
  return key;
}

function isRepresentations(value: unknown): value is readonly Representation[] {
  return Array.isArray(value) && (value.length === 0 || typeof value[0]?.__typename === "string");
}

function lookUp(
  { representations, write }: Extract<Root, { representations: unknown }>,
  variables: Variables,
  subgraph: Subgraph,
): string {
  let text = "[";
  for (const [index, representation] of representations(variables).entries())
    text += (index === 0 ? "" : ",") + write(subgraph.entity(representation));
  return `${text}]`;
}

/** @throws Error on what the benchmark's gateways never ask: another operation than a query, an unknown field. */
function compile(
  subgraph: Subgraph,
  query: string,
  operationName: string | undefined,
  variables: Variables,
): readonly Root[] {
  const { definitions } = parse(query, { noLocation: true });
  const operation = definitions.find(
    (definition) =>
      definition.kind === Kind.OPERATION_DEFINITION &&
      (operationName === undefined || definition.name?.value === operationName),
  );
  if (operation?.kind !== Kind.OPERATION_DEFINITION || operation.operation !== OperationTypeNode.QUERY)
    throw new Error(`not a query: ${query}`);
  const fragments = new Map(
    definitions
      .filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION)
      .map((definition) => [definition.name.value, definition]),
  );
  const defaults = Object.fromEntries(
    (operation.variableDefinitions ?? []).flatMap(({ variable, defaultValue }) =>
      defaultValue === undefined ? [] : [[variable.name.value, valueFromASTUntyped(defaultValue)]],
    ),
  );
  const scope: Scope = { fragments, variables: { ...defaults, ...variables } };
  const root: Entry = {
    __typename: "Query",
    _service: { __typename: "_Service", sdl: subgraph.sdl },
    ...subgraph.query,
  };
  return [...collect(scope, "Query", [operation.selectionSet])].map(([key, nodes], index) => {
    const prefix = `${index === 0 ? "" : ","}${JSON.stringify(key)}:`;
    const [field] = nodes as [FieldNode];
    const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    if (field.name.value !== "_entities")
      return { prefix, text: writer(scope, sets)(valueOf(scope, root, field)) };
    return { prefix, representations: representationsOf(scope, field), write: writer(scope, sets) };
  });
}

interface Scope {
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly variables: Variables;
}

function representationsOf(
  scope: Scope,
  field: FieldNode,
): (variables: Variables) => readonly Representation[] {
  const value = field.arguments?.find(({ name }) => name.value === "representations")?.value;
  if (value?.kind === Kind.VARIABLE) {
    const name = value.name.value;
    return (variables) => variables[name] as readonly Representation[];
  }
  const inline = value && (valueFromASTUntyped(value, scope.variables) as readonly Representation[]);
  return () => inline ?? [];
}

/** Writes values under a selection; what an object came to is remembered. */
function writer(scope: Scope, sets: readonly SelectionSetNode[]): Write {
  const written = new WeakMap<object, string>();
  const byType = new Map<string, readonly { key: string; field: FieldNode; write: Write }[]>();

  function fieldsOf(type: string) {
    let fields = byType.get(type);
    if (fields === undefined) {
      fields = [...collect(scope, type, sets)].map(([key, nodes]) => ({
        key: JSON.stringify(key),
        field: nodes[0] as FieldNode,
        write: writer(
          scope,
          nodes.flatMap(({ selectionSet }) => selectionSet ?? []),
        ),
      }));
      byType.set(type, fields);
    }
    return fields;
  }

  function write(value: unknown): string {
    if (Array.isArray(value)) return `[${value.map(write).join(",")}]`;
    if (typeof value !== "object" || value === null) return JSON.stringify(value ?? null);
    let text = written.get(value);
    if (text === undefined) {
      const entry = value as Entry;
      const fields = fieldsOf(entry.__typename).map(
        ({ key, field, write: writeField }) => `${key}:${writeField(valueOf(scope, entry, field))}`,
      );
      text = `{${fields.join(",")}}`;
      written.set(value, text);
    }
    return text;
  }
  return write;
}

function valueOf({ variables }: Scope, entry: Entry, field: FieldNode): unknown {
  const value = entry[field.name.value];
  if (value === undefined) throw new Error(`${entry.__typename} has no field ${field.name.value}`);
  if (typeof value !== "function") return value;
  const given = (field.arguments ?? []).map(({ name, value: node }) => [
    name.value,
    valueFromASTUntyped(node, variables),
  ]);
  return (value as (given: Variables) => unknown)(Object.fromEntries(given));
}

/** CollectFields (GraphQL section 6.3.2), where a type condition names an object type. */
function collect(
  scope: Scope,
  type: string,
  sets: readonly SelectionSetNode[],
  groups = new Map<string, FieldNode[]>(),
): Map<string, FieldNode[]> {
  for (const selection of sets.flatMap(({ selections }) => selections)) {
    if (!isIncluded(scope, selection)) continue;
    if (selection.kind === Kind.FIELD) {
      const key = selection.alias?.value ?? selection.name.value;
      groups.set(key, [...(groups.get(key) ?? []), selection]);
      continue;
    }
    const fragment =
      selection.kind === Kind.INLINE_FRAGMENT ? selection : scope.fragments.get(selection.name.value);
    if (fragment === undefined) throw new Error("a fragment is not there");
    const condition = fragment.typeCondition?.name.value;
    if (condition === undefined || condition === type) collect(scope, type, [fragment.selectionSet], groups);
  }
  return groups;
}

function isIncluded({ variables }: Scope, { directives = [] }: Pick<FieldNode, "directives">): boolean {
  return directives.every(({ name, arguments: given = [] }) => {
    const condition = given.find((argument) => argument.name.value === "if")?.value;
    const value = condition && valueFromASTUntyped(condition, variables);
    return name.value === "skip" ? value !== true : name.value !== "include" || value !== false;
  });
}
