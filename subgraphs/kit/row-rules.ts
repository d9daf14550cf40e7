/**
 * Who may see which rows: what a subgraph declares of each of its object types, and who may change what. Nothing is open
 * because nobody thought of it: what has no declaration keeps the program from starting.
 */
import {
  getNamedType,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isAbstractType,
  isLeafType,
  isObjectType,
} from "graphql";
import { StartError } from "../../process/lifecycle.ts";
import type { Identity } from "./identity.ts";

/** The whole row, nothing of it, or what the view of this name shows. */
export type Sight = boolean | string;

/**
 * Whether whoever asks may see a row. It is asked once for each row and request; what it needs beside the row it takes
 * from the request's loaders, so that the rows of a request make one query together.
 */
export type RowRule = (row: never, identity: Identity, request: never) => Sight | Promise<Sight>;

/** What is shown of a row to those who may not see all of it. */
export interface View {
  readonly fields: readonly string[];
  /** Shown to whoever names the row by its key; no list has it. */
  readonly byKeyOnly?: boolean;
}

export interface ViewedRule {
  readonly rule: RowRule;
  readonly views: Readonly<Record<string, View>>;
}

/**
 * - `public`: everybody may see every row.
 * - `container`: has no data of its own; what is in it has its own rule. Pages, edges, payloads.
 * - `within`: belongs to the object that it hangs on, and may be seen by whoever may see that.
 */
export type TypeRule = "public" | "container" | "within" | RowRule | ViewedRule;

/** Whoever has one of the roles, and works for the agency, where one is named. */
export interface Allowance {
  readonly roles: readonly string[];
  /** Code of the agency. */
  readonly agency?: (args: never, request: never) => string;
  readonly when?: (args: never) => boolean;
}

export type FieldRule = "public" | readonly Allowance[];

export interface RowRules {
  /** For every object type but Query, Mutation and Subscription. */
  readonly types: Readonly<Record<string, TypeRule>>;
  /** By `Mutation.openCase`: for every mutation, and for root fields whose answer is a plain value. */
  readonly fields?: Readonly<Record<string, FieldRule>>;
}

/** The federation's own; what `_Entity` may be is guarded by the rule of each type. */
const FEDERATION_TYPES: ReadonlySet<string> = new Set(["_Service"]);
const FEDERATION_FIELDS: ReadonlySet<string> = new Set(["_service", "_entities"]);

/** The rules of a server's parts together. @throws StartError when two parts declare the same */
export function mergeRules(parts: readonly RowRules[]): RowRules {
  const merged = { types: {} as Record<string, TypeRule>, fields: {} as Record<string, FieldRule> };
  const twice: string[] = [];
  for (const { types, fields = {} } of parts) {
    for (const [into, from] of [
      [merged.types, types],
      [merged.fields, fields],
    ] as const)
      for (const [name, rule] of Object.entries(from)) {
        // A shared type, such as a page's, may be declared by both, in the same words.
        if (Object.hasOwn(into, name) && into[name] !== rule) twice.push(name);
        else Object.assign(into, { [name]: rule });
      }
  }
  fail(twice.map((name) => `${name} is declared by two parts, not in the same way`));
  return merged;
}

/** @throws StartError naming everything that is not declared, or not rightly */
export function checkRules(schema: GraphQLSchema, rules: RowRules): void {
  const faults: string[] = [];
  const { types, fields = {} } = rules;
  const guarded = new Map(guardedTypes(schema).map((type) => [type.name, type]));
  for (const name of guarded.keys())
    if (!Object.hasOwn(types, name)) faults.push(`the type ${name} has no rule`);
  for (const [name, rule] of Object.entries(types)) {
    const type = guarded.get(name);
    if (type === undefined) faults.push(`there is no object type ${name}`);
    else
      for (const [view, { fields: shown }] of Object.entries(viewsOf(rule)))
        for (const field of shown)
          if (!Object.hasOwn(type.getFields(), field))
            faults.push(`the view ${view} of ${name} has an unknown field ${field}`);
  }
  const needed = new Set(rootFields(schema).filter(needsRule).map(nameOfField));
  for (const name of needed) if (!Object.hasOwn(fields, name)) faults.push(`the field ${name} has no rule`);
  for (const name of Object.keys(fields)) if (!needed.has(name)) faults.push(`${name} takes no rule`);
  fail([...faults, ...looseTypes(schema, types)]);
}

export function viewsOf(rule: TypeRule | undefined): Readonly<Record<string, View>> {
  return typeof rule === "object" ? rule.views : {};
}

/** Object types whose rows are guarded. */
export function guardedTypes(schema: GraphQLSchema): GraphQLObjectType[] {
  const roots = new Set(rootTypes(schema));
  return Object.values(schema.getTypeMap()).filter(
    (type): type is GraphQLObjectType =>
      isObjectType(type) &&
      !roots.has(type) &&
      !type.name.startsWith("__") &&
      !FEDERATION_TYPES.has(type.name),
  );
}

export function rootTypes(schema: GraphQLSchema): GraphQLObjectType[] {
  return [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].filter(
    (type) => type != null,
  );
}

interface RootField {
  readonly root: GraphQLObjectType;
  readonly field: GraphQLField<unknown, unknown>;
  readonly isMutation: boolean;
}

function rootFields(schema: GraphQLSchema): RootField[] {
  return rootTypes(schema).flatMap((root) =>
    Object.values(root.getFields())
      .filter(({ name }) => !FEDERATION_FIELDS.has(name))
      .map((field) => ({ root, field, isMutation: root === schema.getMutationType() })),
  );
}

function needsRule({ field, isMutation }: RootField): boolean {
  return isMutation || isLeafType(getNamedType(field.type));
}

function nameOfField({ root, field }: RootField): string {
  return `${root.name}.${field.name}`;
}

/** What is declared `within`, and can be had without anything that it is in. */
function looseTypes(schema: GraphQLSchema, types: RowRules["types"]): string[] {
  const faults = new Set<string>();
  const entities = schema.getType("_Entity");
  for (const type of concrete(schema, entities))
    if (types[type.name] === "within" || types[type.name] === "container")
      faults.add(
        `${type.name} is an entity, which anybody can ask for by its key: it needs a rule of its own`,
      );
  const seen = new Set<string>();
  const follow = (from: string, named: GraphQLNamedType): void => {
    for (const type of concrete(schema, named)) {
      if (types[type.name] === "within")
        faults.add(`${from} gives ${type.name}, which is declared within: it needs a rule of its own`);
      if (types[type.name] !== "container" || seen.has(type.name)) continue;
      seen.add(type.name);
      for (const field of Object.values(type.getFields()))
        follow(`${type.name}.${field.name}`, getNamedType(field.type));
    }
  };
  for (const each of rootFields(schema)) follow(nameOfField(each), getNamedType(each.field.type));
  return [...faults];
}

function concrete(schema: GraphQLSchema, type: GraphQLNamedType | undefined): readonly GraphQLObjectType[] {
  if (isObjectType(type)) return [type];
  return isAbstractType(type) ? schema.getPossibleTypes(type) : [];
}

function fail(faults: readonly string[]): void {
  if (faults.length > 0)
    throw new StartError(
      `who may see the rows is not declared rightly:\n  ${faults.join("\n  ")}`,
      'Declare every type of the schema in its part\'s `rows`; docs/trust.md, "Rows", says how.',
    );
}
