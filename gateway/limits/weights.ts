/**
 * What a supergraph says of costs: `@cost` and `@listSize` (https://specs.apollo.dev/cost/v0.1, after
 * https://ibm.github.io/graphql-specs/cost-spec.html), under whatever names it imports them.
 */
import {
  type ConstDirectiveNode,
  type DocumentNode,
  Kind,
  valueFromASTUntyped,
  type InputValueDefinitionNode,
} from "graphql";

export interface ListSize {
  /** Where no argument says how many. */
  readonly assumedSize: number | undefined;
  /** Arguments that say how many; the greatest counts. */
  readonly slicingArguments: readonly string[];
  /** Fields of the object that are the list; where there are none, the field itself is. */
  readonly sizedFields: ReadonlySet<string>;
  /** Whether exactly one of the arguments must be given. */
  readonly requireOne: boolean;
}

export interface FieldWeights {
  /** In place of its type's. */
  readonly weight: number | undefined;
  readonly arguments: ReadonlyMap<string, number>;
  readonly listSize: ListSize | undefined;
}

export interface Weights {
  /** Of object types, scalars and enums, by name. */
  readonly types: ReadonlyMap<string, number>;
  /** By "Type.field"; of those that say anything. */
  readonly fields: ReadonlyMap<string, FieldWeights>;
  /** Of fields of input objects, by "Type.field". */
  readonly inputFields: ReadonlyMap<string, number>;
}

const SPECIFICATION = "https://specs.apollo.dev/cost/";

/** @param document of a supergraph */
export function readWeights(document: DocumentNode): Weights {
  const names = directiveNames(document);
  const types = new Map<string, number>();
  const fields = new Map<string, FieldWeights>();
  const inputFields = new Map<string, number>();
  const weightOf = (directives: readonly ConstDirectiveNode[] | undefined): number | undefined => {
    const weight = argumentsOf(directives, names?.cost)?.["weight"];
    return typeof weight === "number" ? weight : undefined;
  };
  const weightsOf = (inputs: readonly InputValueDefinitionNode[] = []): [string, number][] =>
    inputs.flatMap(({ name, directives }) => {
      const weight = weightOf(directives);
      return weight === undefined ? [] : [[name.value, weight]];
    });

  for (const definition of names === undefined ? [] : document.definitions) {
    if (!("name" in definition) || !("directives" in definition) || definition.name === undefined) continue;
    const type = definition.name.value;
    const weight = weightOf(definition.directives as readonly ConstDirectiveNode[]);
    if (weight !== undefined) types.set(type, weight);
    if (definition.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION)
      for (const [field, of] of weightsOf(definition.fields)) inputFields.set(`${type}.${field}`, of);
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION && definition.kind !== Kind.INTERFACE_TYPE_DEFINITION)
      continue;
    for (const field of definition.fields ?? []) {
      const own: FieldWeights = {
        weight: weightOf(field.directives),
        arguments: new Map(weightsOf(field.arguments)),
        listSize: listSizeOf(argumentsOf(field.directives, names?.listSize)),
      };
      if (own.weight !== undefined || own.arguments.size > 0 || own.listSize !== undefined)
        fields.set(`${type}.${field.name.value}`, own);
    }
  }
  return { types, fields, inputFields };
}

/** What the supergraph calls them; undefined where it does not link the specification. */
function directiveNames({ definitions }: DocumentNode): { cost: string; listSize: string } | undefined {
  for (const definition of definitions) {
    if (definition.kind !== Kind.SCHEMA_DEFINITION && definition.kind !== Kind.SCHEMA_EXTENSION) continue;
    for (const directive of definition.directives ?? []) {
      const { url, as = "cost", import: imports = [] } = argumentsOf([directive], "link") ?? {};
      if (typeof url !== "string" || !url.startsWith(SPECIFICATION)) continue;
      const imported = new Map((imports as unknown[]).map(importOf));
      return {
        cost: imported.get("@cost") ?? String(as),
        listSize: imported.get("@listSize") ?? `${String(as)}__listSize`,
      };
    }
  }
  return undefined;
}

function importOf(element: unknown): [string, string] {
  if (typeof element === "string") return [element, element.slice(1)];
  const { name, as = name } = element as { readonly name: string; readonly as?: string };
  return [name, as.slice(1)];
}

function listSizeOf(given: Readonly<Record<string, unknown>> | undefined): ListSize | undefined {
  if (given === undefined) return undefined;
  const { assumedSize, slicingArguments, sizedFields, requireOneSlicingArgument } = given;
  const slicing = (slicingArguments ?? []) as readonly string[];
  return {
    assumedSize: typeof assumedSize === "number" ? assumedSize : undefined,
    slicingArguments: slicing,
    sizedFields: new Set((sizedFields ?? []) as readonly string[]),
    requireOne: slicing.length > 0 && requireOneSlicingArgument !== false,
  };
}

/** Undefined where the directive is not there. */
function argumentsOf(
  directives: readonly ConstDirectiveNode[] | undefined,
  name: string | undefined,
): Readonly<Record<string, unknown>> | undefined {
  const directive = directives?.find((candidate) => candidate.name.value === name);
  if (directive === undefined) return undefined;
  const given = (directive.arguments ?? []).map(
    (argument) => [argument.name.value, valueFromASTUntyped(argument.value)] as const,
  );
  return Object.fromEntries(given);
}
