/**
 * Data for a graph, without end and always the same: every value follows from a seed, the object, the field and its
 * arguments. All subgraphs of a graph read the same model, as does the oracle, so that whoever is asked says the same.
 */
import {
  getArgumentValues,
  type GraphQLSchema,
  type InlineFragmentNode,
  Kind,
  type SelectionSetNode,
} from "graphql";
import { type ContextualArgument, contextualArguments } from "./contextual.ts";
import type { TestGraph } from "./graphs/graph.ts";
import { type Shape, shapesOf, type Shapes } from "./shapes.ts";

/** An object: its type, and its number among those of its type. */
export interface Thing {
  readonly type: string;
  readonly number: number;
  /** What a subgraph was told of it. */
  readonly representation?: Readonly<Record<string, unknown>>;
}

export interface Model {
  readonly shapes: Shapes;
  /**
   * The value of a field. Composite values are things.
   * @param required what the field's @requires came to
   * @throws Error as the field's error
   */
  read(seed: number, thing: Thing, field: string, args: object, required?: unknown): unknown;
  /** The object that a representation speaks of; null when its keys do not tell. */
  find(representation: Readonly<Record<string, unknown>>): Thing | null;
  /** Fields of an object; what fails is null. */
  select(seed: number, thing: Thing, selection: SelectionSetNode): Record<string, unknown>;
  /** Arguments that come from above, by `Type.field`. */
  readonly contextual: ReadonlyMap<string, readonly ContextualArgument[]>;
  /** What a field's @requires comes to, read from the model; undefined when it requires nothing. */
  require(seed: number, thing: Thing, field: string): unknown;
  /** The same, from what the subgraph was told. */
  requireTold(thing: Thing, field: string): unknown;
}

/** How many objects each type has: few, so that the same come up again and again. */
const OBJECTS = 6;

export function createModel(graph: TestGraph, schemas: readonly GraphQLSchema[]): Model {
  const shapes = shapesOf(schemas);

  function read(seed: number, thing: Thing, field: string, args: object, required?: unknown): unknown {
    const place = `${shapes.groupOf(thing.type)}.${field}`;
    const shape = shapes.fields.get(place);
    if (shape === undefined) throw new Error(`no subgraph has ${place}`);
    const source = `${place}#${thing.number}(${canonical(args)})${required === undefined ? "" : canonical(required)}`;
    const hash = hashOf(`${seed}:${source}`);
    if (shapes.keyLeaves.has(place)) return keyValue(shape, field, thing, hash);
    if (shapes.keyObjects.has(place)) return keyObject(shape, thing);
    const isRequired = shapes.required.has(place);
    if ((shape.nullable[0] || (shape.strict && !isRequired)) && hash % 100 < (shape.nullable[0] ? 6 : 2))
      throw new Error(source);
    return valueOf(shape, 0, hashOf(`${hash}`), field);
  }

  function valueOf(shape: Shape, level: number, hash: number, field: string): unknown {
    if (shape.nullable[level] && hash % 9 === 0) return null;
    if (level < shape.nullable.length - 1)
      return Array.from({ length: (hash >>> 4) % 4 }, (_, index) =>
        valueOf(shape, level + 1, hashOf(`${hash}/${index}`), field),
      );
    if (shape.leaf !== undefined) return leafValue(shape, hash >>> 4, field);
    const type = shape.candidates[(hash >>> 4) % shape.candidates.length];
    if (type === undefined) throw new Error(`no type fits ${field} in all subgraphs`);
    return { type, number: numberFor(type, (hash >>> 8) % OBJECTS) };
  }

  /** The implementations of a keyed interface share their numbers, each has every n-th. */
  function numberFor(type: string, nth: number): number {
    const family = shapes.implementations.get(shapes.groupOf(type));
    return family === undefined ? nth : nth * family.length + family.indexOf(type);
  }

  function keyValue(shape: Shape, field: string, { number }: Thing, hash: number): unknown {
    if (graph.nullKeys && shape.nullable[0] && hash % 4 === 0) return null;
    return shape.leaf === "Int" ? number : `${field}-${number}`;
  }

  function keyObject(shape: Shape, { number }: Thing): unknown {
    if (graph.nullKeys && shape.nullable[0] && number % 5 === 0) return null;
    return { type: shape.candidates[0], number };
  }

  function find(representation: Readonly<Record<string, unknown>>): Thing | null {
    const named = String(representation["__typename"]);
    const number = numberIn(representation, named);
    if (number === undefined) return null;
    const family = shapes.implementations.get(shapes.groupOf(named));
    const type = family === undefined ? named : family[number % family.length];
    return type === undefined ? null : { type, number, representation };
  }

  function numberIn(value: Readonly<Record<string, unknown>>, type: string): number | undefined {
    for (const [key, part] of Object.entries(value)) {
      const place = `${shapes.groupOf(type)}.${key}`;
      if (shapes.keyLeaves.has(place) && part !== null)
        return Number((typeof part === "string" ? part : JSON.stringify(part)).replace(/^.*-/, ""));
      const below = shapes.fields.get(place)?.candidates[0];
      if (!shapes.keyObjects.has(place) || below === undefined || part === null) continue;
      const number = numberIn(part as Record<string, unknown>, below);
      if (number !== undefined) return number;
    }
    return undefined;
  }

  function require(seed: number, thing: Thing, field: string): unknown {
    const selection = shapes.requirementOf(thing.type, field);
    return selection && project(seed, thing, selection);
  }

  function project(seed: number, thing: Thing, { selections }: SelectionSetNode): Record<string, unknown> {
    const result: Record<string, unknown> = {};
    for (const selection of selections) {
      if (selection.kind === Kind.FRAGMENT_SPREAD) throw new Error("a field set has a named fragment");
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        if (shapes.isA(thing.type, conditionOf(selection)))
          Object.assign(result, project(seed, thing, selection.selectionSet));
        continue;
      }
      const name = selection.name.value;
      if (name === "__typename") continue;
      const { selectionSet } = selection;
      const args = getArgumentValues(shapes.definition(thing.type, name), selection);
      let value: unknown = null;
      try {
        value = read(seed, thing, name, args, require(seed, thing, name));
      } catch {
        // Whoever requires a field that fails is told null.
      }
      result[name] =
        selectionSet === undefined
          ? value
          : mapDeep(value, (below) => project(seed, below as Thing, selectionSet));
    }
    return result;
  }

  function requireTold(thing: Thing, field: string): unknown {
    const selection = shapes.requirementOf(thing.type, field);
    if (selection === undefined) return undefined;
    if (thing.representation === undefined)
      throw new Error(`${thing.type}.${field} asked without what it requires`);
    return pick(thing.representation, thing.type, selection);
  }

  function pick(
    told: Readonly<Record<string, unknown>>,
    type: string | undefined,
    { selections }: SelectionSetNode,
  ): Record<string, unknown> {
    const result: Record<string, unknown> = {};
    for (const selection of selections) {
      if (selection.kind === Kind.FRAGMENT_SPREAD) throw new Error("a field set has a named fragment");
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        if (
          type === undefined ? hasAll(told, selection.selectionSet) : shapes.isA(type, conditionOf(selection))
        )
          Object.assign(result, pick(told, type, selection.selectionSet));
        continue;
      }
      const name = selection.name.value;
      if (name === "__typename") continue;
      if (!Object.hasOwn(told, name)) throw new Error(`a representation lacks ${name}`);
      const { selectionSet } = selection;
      result[name] =
        selectionSet === undefined
          ? told[name]
          : mapDeep(told[name], (below) => {
              const object = below as Record<string, unknown>;
              return pick(object, object["__typename"] as string | undefined, selectionSet);
            });
    }
    return result;
  }

  const contextual = contextualArguments(schemas);
  return { shapes, read, find, select: project, contextual, require, requireTold };
}

function leafValue({ leaf, candidates }: Shape, hash: number, field: string): unknown {
  if (candidates.length > 0) return candidates[hash % candidates.length];
  switch (leaf) {
    case "Int":
      return (hash % 2_000) - 1_000;
    case "Float":
      return ((hash % 8_000) - 4_000) / 8;
    case "Boolean":
      return hash % 2 === 0;
    case "String":
    case "ID":
      return `${field} ${hash.toString(36)}`;
    default:
      return [hash, `${field} ${hash.toString(36)}`, { at: [hash % 9, null], [field]: { deep: hash } }][
        hash % 3
      ];
  }
}

function conditionOf({ typeCondition }: InlineFragmentNode): string {
  if (typeCondition === undefined) throw new Error("a field set has a fragment without a type");
  return typeCondition.name.value;
}

/** Planners do not tell the type of an object within a representation: its fields show what it is. */
function hasAll(told: Readonly<Record<string, unknown>>, { selections }: SelectionSetNode): boolean {
  return selections.every((field) => field.kind !== Kind.FIELD || Object.hasOwn(told, field.name.value));
}

function mapDeep(value: unknown, change: (value: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => mapDeep(item, change));
  return value === null ? null : change(value);
}

/** JSON with sorted keys. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

/** FNV-1a with a last mixing; 31 bits. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39);
  return (hash ^ (hash >>> 15)) >>> 1;
}
