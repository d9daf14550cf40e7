/**
 * What one operation may not read, for one caller.
 */
import {
  type DocumentNode,
  getNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isAbstractType,
  isCompositeType,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from "graphql";
import type { ErrorDetails } from "../errors.ts";
import type { Requirement } from "./requirement.ts";
import { objectTypesOf, type Rules } from "./rules.ts";

/** Why a field is refused, and what may be told of it. */
export interface RefusalReason {
  readonly code: "FORBIDDEN" | "NOT_GRANTED";
  readonly details: ErrorDetails;
}

export interface Refusals {
  /** Whether no object of the type may be read. */
  readonly refusesType: (type: GraphQLObjectType) => boolean;
  readonly refusesField: (type: GraphQLObjectType, field: string) => boolean;
  /** Of a field that is refused, `Type.field`. */
  readonly reason: (coordinate: string) => RefusalReason;
}

/** Numbers of the requirements that a document can meet with, ascending, whatever objects come. */
export function needsOf(schema: GraphQLSchema, rules: Rules, document: DocumentNode): readonly number[] {
  if (rules.isEmpty) return [];
  const needs = new Set<number>();
  const info = new TypeInfo(schema);
  visit(
    document,
    visitWithTypeInfo(info, {
      Field({ name }) {
        for (const type of objectTypesOf(schema, info.getParentType()))
          for (const number of rules.ofField(type, name.value)) needs.add(number);
        const given = getNamedType(info.getType());
        if (isAbstractType(given))
          for (const type of objectTypesOf(schema, given))
            for (const number of rules.ofType(type)) needs.add(number);
      },
    }),
  );
  return [...needs].toSorted((a, b) => a - b);
}

/** @param unmet numbers of requirements */
export function refusalsOf(schema: GraphQLSchema, rules: Rules, unmet: ReadonlySet<number>): Refusals {
  const isUnmet = (numbers: readonly number[]) => numbers.some((number) => unmet.has(number));
  const refusesType = (type: GraphQLObjectType) => isUnmet(rules.ofType(type));
  return {
    refusesType,
    refusesField(type, field) {
      if (isUnmet(rules.ofField(type, field))) return true;
      const given = getNamedType(type.getFields()[field]?.type);
      if (!isCompositeType(given) || !isAbstractType(given)) return false;
      // Whatever it gives may not be read.
      const possible = schema.getPossibleTypes(given);
      return possible.length > 0 && possible.every(refusesType);
    },
    reason(coordinate) {
      const [typeName = "", field = ""] = coordinate.split(".");
      const type = schema.getType(typeName);
      const numbers = objectTypesOf(schema, isCompositeType(type) ? type : undefined).flatMap((each) =>
        rules.ofField(each, field),
      );
      return reasonOf(
        coordinate,
        numbers.flatMap((number) => (unmet.has(number) ? (rules.requirement(number) ?? []) : [])),
      );
    },
  };
}

/** What a token lacks is told first: who may not know of a field anyway is not told who else would not give it. */
function reasonOf(name: string, lacked: readonly Requirement[]): RefusalReason {
  const grants = lacked.filter((requirement) => "grants" in requirement);
  const [first] = grants;
  if (first === undefined || grants.length < lacked.length) return { code: "FORBIDDEN", details: { name } };
  const { kind, provider: service, reader } = first;
  const missing = kind === "purpose" ? "purpose" : "consumer";
  return { code: "NOT_GRANTED", details: { name, service, missing, reader } };
}
