/**
 * The published contract, and where a subgraph's schema differs from it.
 */
import { readFileSync } from "node:fs";
import {
  type DefinitionNode,
  type DocumentNode,
  type FieldDefinitionNode,
  GraphQLError,
  type InputValueDefinitionNode,
  Kind,
  parse,
  print,
} from "graphql";
import { missingFrom } from "../gateway/registry/member-contract.ts";

/** SDL of the contract of all agencies. */
export const CONTRACT = readFileSync(new URL("../schema/agency.graphql", import.meta.url), "utf8");

/**
 * Where `sdl` differs from the contract in what it means: types, fields, arguments, keys, values of enums, defaults. Own
 * types and fields beside it are no difference, descriptions and order neither.
 */
export function differences(sdl: string): readonly string[] {
  const missing = missingFrom(CONTRACT, sdl);
  try {
    return [...missing, ...surplusValues(sdl), ...otherDefaults(sdl)];
  } catch (error) {
    // missingFrom has said so.
    if (error instanceof GraphQLError) return missing;
    throw error;
  }
}

/** A value that the contract's enum does not have could never pass the gateway. */
function surplusValues(sdl: string): string[] {
  const [wanted, given] = [enumsOf(CONTRACT), enumsOf(sdl)];
  return [...wanted].flatMap(([name, values]) =>
    [...(given.get(name) ?? [])].flatMap((value) =>
      values.has(value) ? [] : [`${name}.${value} is not in the contract`],
    ),
  );
}

function otherDefaults(sdl: string): string[] {
  const given = defaultsOf(sdl);
  return [...defaultsOf(CONTRACT)].flatMap(([place, wanted]) => {
    const own = given.get(place);
    if (own === undefined || own === wanted) return [];
    return [`the default of ${place} is ${own || "absent"}, the contract has ${wanted || "none"}`];
  });
}

function enumsOf(sdl: string): Map<string, Set<string>> {
  const enums = new Map<string, Set<string>>();
  for (const node of definitionsOf(sdl)) {
    if (node.kind !== Kind.ENUM_TYPE_DEFINITION && node.kind !== Kind.ENUM_TYPE_EXTENSION) continue;
    const values = enums.get(node.name.value) ?? new Set();
    for (const { name } of node.values ?? []) values.add(name.value);
    enums.set(node.name.value, values);
  }
  return enums;
}

/** Printed defaults of arguments and input fields by place, `Agency.cases(first:)`; empty where there is none. */
function defaultsOf(sdl: string): Map<string, string> {
  const defaults = new Map<string, string>();
  const add = (place: string, { defaultValue }: InputValueDefinitionNode): void =>
    void defaults.set(place, defaultValue === undefined ? "" : print(defaultValue));
  for (const node of definitionsOf(sdl)) {
    if (!("fields" in node) || !("name" in node)) continue;
    for (const field of node.fields as readonly (FieldDefinitionNode | InputValueDefinitionNode)[]) {
      const place = `${node.name?.value}.${field.name.value}`;
      if (field.kind === Kind.INPUT_VALUE_DEFINITION) add(place, field);
      else for (const argument of field.arguments ?? []) add(`${place}(${argument.name.value}:)`, argument);
    }
  }
  return defaults;
}

function definitionsOf(sdl: string): readonly DefinitionNode[] {
  const document: DocumentNode = parse(sdl, { noLocation: true });
  return document.definitions;
}
