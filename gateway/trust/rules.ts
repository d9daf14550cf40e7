/**
 * What reading each type and field of a graph asks of a caller, from the directives of its supergraph, and from what its
 * providers grant (grants.ts).
 *
 * What counts is the type of the object that is read, however a selection comes to it: by an interface, a union, a
 * fragment. Composition gives an interface what all its types ask for together (Federation 2.12): there nothing is left
 * to be asked of those that ask for less. What an interface of an older supergraph asks for beyond that, all its types
 * ask for.
 */
import {
  type ConstDirectiveNode,
  type DocumentNode,
  getNamedType,
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  isAbstractType,
  isLeafType,
  isObjectType,
  valueFromASTUntyped,
} from "graphql";
import { eachApplied } from "../plan/applied.ts";
import type { Links } from "../plan/links.ts";
import type { Caller } from "./caller.ts";
import type { Granting } from "./grants.ts";
import { type AnyOf, follows, type Guard, meets, type Requirement } from "./requirement.ts";

export interface Rules {
  /** Whether anybody may read anything. */
  readonly isEmpty: boolean;
  /** Numbers of the requirements that a caller does not meet, for the purpose that is named. */
  unmet(caller: Caller, purpose?: string): ReadonlySet<number>;
  requirement(number: number): Requirement | undefined;
  /** What objects of the type ask for. */
  ofType(type: GraphQLObjectType): readonly number[];
  /** What a field asks for, with its object, and with the type of what it gives where that is one. */
  ofField(type: GraphQLObjectType, field: string): readonly number[];
}

const NOTHING: ReadonlySet<number> = new Set();

export const NO_RULES: Rules = {
  isEmpty: true,
  unmet: () => NOTHING,
  requirement: () => undefined,
  ofType: () => [],
  ofField: () => [],
};

/**
 * @param document of the supergraph
 * @param schema what clients see of it
 * @param granting what providers grant, where that is needed
 */
export function readRules(
  document: DocumentNode,
  links: Links,
  schema: GraphQLSchema,
  granting?: Granting,
): Rules {
  const read = readGuards(document, links);
  const numbers = new Map<string, number>();
  const requirements: Requirement[] = [];
  /** By purpose, but for those that no grant is for: they are all alike. */
  const unmetBy = new WeakMap<Caller, Map<string | undefined, ReadonlySet<number>>>();
  const purposes = new Set<string>();
  const types = new Map<string, readonly number[]>();
  const fields = new Map<string, readonly number[]>();

  function numberOf(requirement: Requirement): number {
    const text = JSON.stringify(requirement);
    let number = numbers.get(text);
    if (number === undefined) {
      number = requirements.push(requirement) - 1;
      numbers.set(text, number);
      if (requirement.kind === "purpose")
        for (const grant of requirement.grants) for (const purpose of grant.for ?? []) purposes.add(purpose);
    }
    return number;
  }

  const own = (name: string) => read.get(name) ?? [];

  /** What an interface asks for itself, at a place that is there in all its types too. */
  function beyondTypes(interfaceType: GraphQLInterfaceType, at: string): readonly Guard[] {
    const written = own(`${interfaceType.name}${at}`);
    if (written.length === 0) return [];
    const together = schema.getPossibleTypes(interfaceType).flatMap(({ name }) => own(`${name}${at}`));
    return written.filter((requirement) => !follows(requirement, together));
  }

  /** Of an object type, or one of its fields. */
  function asked(type: GraphQLObjectType, at: string): readonly number[] {
    const inherited = type.getInterfaces().flatMap((each) => beyondTypes(each, at));
    return [...own(`${type.name}${at}`), ...inherited].map(numberOf);
  }

  function ofType(type: GraphQLObjectType): readonly number[] {
    let known = types.get(type.name);
    if (known === undefined) {
      known = asked(type, "");
      types.set(type.name, known);
    }
    return known;
  }

  // All of them now: which there are must not depend on what was asked for.
  for (const type of Object.values(schema.getTypeMap()).filter(isObjectType))
    for (const field of Object.values(type.getFields())) {
      const given = getNamedType(field.type);
      const ofGiven = isLeafType(given) ? own(given.name).map(numberOf) : [];
      const needed = new Set([...ofType(type), ...asked(type, `.${field.name}`), ...ofGiven]);
      if (isObjectType(given)) for (const number of ofType(given)) needed.add(number);
      const coordinate = `${type.name}.${field.name}`;
      for (const requirement of granting?.requirementsOf(coordinate) ?? []) needed.add(numberOf(requirement));
      fields.set(coordinate, [...needed]);
    }

  return {
    isEmpty: requirements.length === 0,
    ofType,
    ofField: (type, field) => fields.get(`${type.name}.${field}`) ?? [],
    requirement: (number) => requirements[number],
    unmet(caller, named) {
      if (requirements.length === 0) return NOTHING;
      const purpose = named !== undefined && purposes.has(named) ? named : undefined;
      const byPurpose = unmetBy.get(caller) ?? new Map<string | undefined, ReadonlySet<number>>();
      unmetBy.set(caller, byPurpose);
      let unmet = byPurpose.get(purpose);
      if (unmet === undefined) {
        unmet = new Set(
          requirements.flatMap((requirement, number) =>
            meets(caller, requirement, purpose) ? [] : [number],
          ),
        );
        byPurpose.set(purpose, unmet);
      }
      return unmet;
    },
  };
}

/** By name of the type, or of the field after its type's. */
function readGuards(document: DocumentNode, links: Links): ReadonlyMap<string, readonly Guard[]> {
  const found = new Map<string, readonly Guard[]>();
  const names = {
    authenticated: links.directiveName("authenticated"),
    scopes: links.directiveName("requiresScopes"),
    policies: links.directiveName("policy"),
  };
  function read(at: string, directives: readonly ConstDirectiveNode[]): void {
    for (const directive of directives) {
      const name = directive.name.value;
      let requirement: Guard;
      if (name === names.authenticated) requirement = { kind: "authenticated" };
      else if (name === names.scopes) requirement = { kind: "scopes", anyOf: listsOf(directive, "scopes") };
      else if (name === names.policies)
        requirement = { kind: "policies", anyOf: listsOf(directive, "policies") };
      else continue;
      found.set(at, [...(found.get(at) ?? []), requirement]);
    }
  }
  if (Object.values(names).every((name) => name === undefined)) return found;
  eachApplied(document, read);
  return found;
}

/** @throws Error where it is not what the directive's specification says: nobody must take that for no requirement */
function listsOf(directive: ConstDirectiveNode, argument: string): AnyOf {
  const node = directive.arguments?.find(({ name }) => name.value === argument)?.value;
  const value: unknown = node && valueFromASTUntyped(node);
  if (!isLists(value)) throw new Error(`@${directive.name.value} needs ${argument}: lists of names`);
  return value;
}

/** Whether it is what directives take for lists of names. */
export function isLists(value: unknown): value is AnyOf {
  return (
    Array.isArray(value) &&
    value.every((list) => Array.isArray(list) && list.every((name) => typeof name === "string"))
  );
}

/** All object types that may stand where a type is due. */
export function objectTypesOf(
  schema: GraphQLSchema,
  type: GraphQLOutputType | null | undefined,
): readonly GraphQLObjectType[] {
  if (isObjectType(type)) return [type];
  return isAbstractType(type) ? schema.getPossibleTypes(type) : [];
}
