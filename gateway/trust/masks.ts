/**
 * Which values callers get masked: `@masked` of a supergraph. docs/trust.md is the specification.
 *
 *     directive @masked(keep: Int! = 0, unless: [[String!]!]! = []) on FIELD_DEFINITION
 *
 * What counts is the type of the object that is read, however a selection comes to it. What an interface says of a field,
 * it says of the field in all its types; where several things are said, each holds, and the least is kept.
 */
import {
  type ConstDirectiveNode,
  type DocumentNode,
  getNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isInterfaceType,
  isObjectType,
  TypeInfo,
  valueFromASTUntyped,
  visit,
  visitWithTypeInfo,
} from "graphql";
import { eachApplied } from "../plan/applied.ts";
import type { Caller } from "./caller.ts";
import { type AnyOf, meets } from "./requirement.ts";
import { isLists, objectTypesOf } from "./rules.ts";

/** How many characters of a field's values are kept (process/mask.ts); undefined where they stand as they are. */
export type MaskOf = (type: GraphQLObjectType, field: string) => number | undefined;

export interface Masks {
  /** Numbers of the conditions that a caller does not meet. */
  readonly unmet: (caller: Caller) => ReadonlySet<number>;
  /** Numbers of the conditions that a document can meet with, ascending, whatever objects come. */
  readonly met: (asked: DocumentNode) => readonly number[];
  /** For callers who do not meet these conditions. */
  readonly without: (unmet: readonly number[]) => MaskOf | undefined;
}

export interface MaskSettings {
  /** Whether scopes let anybody see values; nobody gets them where they do not. */
  readonly forEverybody?: boolean | undefined;
  /** Whether conditions count at all; where they do not, only what is masked for everybody is. */
  readonly enforced?: boolean | undefined;
}

interface Mask {
  readonly keep: number;
  /** Number of the condition on which it is not masked. */
  readonly unless: number;
}

const DIRECTIVE = "masked";

/**
 * @param document of the supergraph
 * @param schema what clients see of it
 * @throws Error where a field cannot be masked: nobody must take that for a mask
 */
export function readMasks(
  document: DocumentNode,
  schema: GraphQLSchema,
  { forEverybody = false, enforced = true }: MaskSettings = {},
): Masks {
  const conditions: AnyOf[] = [];
  const written = new Map<string, readonly Mask[]>();
  const unmetBy = new WeakMap<Caller, ReadonlySet<number>>();

  function numberOf(unless: AnyOf): number {
    const text = JSON.stringify(unless);
    const known = conditions.findIndex((each) => JSON.stringify(each) === text);
    return known === -1 ? conditions.push(unless) - 1 : known;
  }

  eachApplied(document, (at, directives) => {
    const found = directives.filter(({ name }) => name.value === DIRECTIVE).map((each) => readMask(at, each));
    if (found.length === 0) return;
    checkType(schema, at);
    const counting = found.filter(({ unless }) => enforced || unless.length === 0);
    written.set(
      at,
      counting.map(({ keep, unless }) => ({ keep, unless: numberOf(forEverybody ? [] : unless) })),
    );
  });

  const of = (type: GraphQLObjectType, field: string): readonly Mask[] =>
    [type, ...type.getInterfaces()].flatMap(({ name }) => written.get(`${name}.${field}`) ?? []);

  return {
    unmet(caller) {
      let unmet = unmetBy.get(caller);
      if (unmet === undefined) {
        const isUnmet = (anyOf: AnyOf) => !meets(caller, { kind: "scopes", anyOf });
        unmet = new Set(conditions.flatMap((anyOf, number) => (isUnmet(anyOf) ? [number] : [])));
        unmetBy.set(caller, unmet);
      }
      return unmet;
    },
    met(asked) {
      if (conditions.length === 0) return [];
      const numbers = new Set<number>();
      const info = new TypeInfo(schema);
      const onField = ({ name }: { readonly name: { readonly value: string } }): void => {
        for (const type of objectTypesOf(schema, info.getParentType()))
          for (const { unless } of of(type, name.value)) numbers.add(unless);
      };
      visit(asked, visitWithTypeInfo(info, { Field: onField }));
      return [...numbers].toSorted((a, b) => a - b);
    },
    without(unmet) {
      if (unmet.length === 0) return undefined;
      return (type, field) => {
        const kept = of(type, field).flatMap(({ keep, unless }) => (unmet.includes(unless) ? [keep] : []));
        return kept.length === 0 ? undefined : Math.min(...kept);
      };
    },
  };
}

/** Whether anything of a graph is masked. */
export function hasMasks(document: DocumentNode): boolean {
  let found = false;
  eachApplied(document, (_at, directives) => {
    found ||= directives.some(({ name }) => name.value === DIRECTIVE);
  });
  return found;
}

function readMask(at: string, { arguments: given = [] }: ConstDirectiveNode) {
  const valueOf = (argument: string): unknown => {
    const node = given.find(({ name }) => name.value === argument)?.value;
    return node && valueFromASTUntyped(node);
  };
  const { keep, unless } = { keep: valueOf("keep") ?? 0, unless: valueOf("unless") ?? [] };
  if (typeof keep !== "number" || !Number.isInteger(keep) || keep < 0)
    throw new Error(`${at}: @${DIRECTIVE} needs keep: a whole number, 0 or more`);
  if (!isLists(unless)) throw new Error(`${at}: @${DIRECTIVE} needs unless: lists of scopes`);
  return { keep, unless };
}

/** A field that clients do not see is not written: nothing of it has to be masked. */
function checkType(schema: GraphQLSchema, at: string): void {
  const [typeName = "", name] = at.split(".");
  const type = schema.getType(typeName);
  const field =
    name !== undefined && (isObjectType(type) || isInterfaceType(type)) ? type.getFields()[name] : undefined;
  if (field === undefined) return;
  const given = getNamedType(field.type).name;
  if (given !== "String" && given !== "ID")
    throw new Error(`${at}: @${DIRECTIVE} is for String and ID, not for ${given}`);
}
