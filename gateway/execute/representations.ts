/**
 * Representations (Federation, `_entities`): what a subgraph needs to know of each entity, every distinct one once.
 */
import type { RequiresSelection } from "@graphql-hive/router-query-planner";
import { getOwn, isObject, type JsonObject } from "./merge.ts";
import { applyRewrites } from "./rewrites.ts";
import type { EntityBatch } from "./steps.ts";

export interface Representations {
  /** Each distinct one once. */
  readonly distinct: readonly JsonObject[];
  /** For each entity its place in `distinct`; -1 where something required is missing, so that it cannot be asked. */
  readonly places: Int32Array;
  /** Whether something is missing anywhere. */
  readonly incomplete: boolean;
}

/** Whether an object of this type meets a type condition. */
export type IsA = (typeName: string, condition: string) => boolean;

/** @param members which of the entities are meant, when not all */
export function represent(
  batch: EntityBatch,
  entities: readonly JsonObject[],
  isA: IsA,
  members?: ReadonlySet<number>,
): Representations {
  const distinct: JsonObject[] = [];
  const known = new Map<string, number>();
  const places = new Int32Array(entities.length);
  let incomplete = false;
  for (let index = 0; index < entities.length; index += 1) {
    if (members !== undefined && !members.has(index)) {
      places[index] = -1;
      continue;
    }
    const representation = select(batch.requires, entities[index] as JsonObject, isA);
    if (representation === null || representation["__typename"] === undefined) {
      places[index] = -1;
      incomplete = true;
      continue;
    }
    applyRewrites(batch.inputRewrites, representation);
    const key = keyOf(representation);
    let place = known.get(key);
    if (place === undefined) {
      place = distinct.push(representation) - 1;
      known.set(key, place);
    }
    places[index] = place;
  }
  return { distinct, places, incomplete };
}

/** A text that only the same representation has; keys of one type are in one order, and mostly a string or two. */
function keyOf(representation: JsonObject): string {
  let key = "";
  for (const name of Object.keys(representation)) {
    const value = representation[name];
    if (typeof value !== "string") return JSON.stringify(representation);
    key += `${value.length}:${value}`;
  }
  return key;
}

/** What of `source` is required; null when a part of it was not fetched, because its fetch failed. */
function select(selections: readonly RequiresSelection[], source: JsonObject, isA: IsA): JsonObject | null {
  const result: JsonObject = {};
  for (const selection of selections) {
    if (selection.kind === "FragmentSpread") throw new Error("a plan requires a named fragment");
    if (selection.kind === "InlineFragment") {
      if (!isA(source["__typename"] as string, selection.typeCondition)) continue;
      const part = select(selection.selections, source, isA);
      if (part === null) return null;
      Object.assign(result, part);
      continue;
    }
    // The name under which it was fetched; the alias is what the subgraph knows it by.
    const value = getOwn(source, selection.name);
    if (value === undefined) return null;
    result[selection.alias ?? selection.name] = selection.selections?.length
      ? selectIn(selection.selections, value, isA)
      : value;
  }
  return result;
}

function selectIn(selections: readonly RequiresSelection[], value: unknown, isA: IsA): unknown {
  if (Array.isArray(value)) return value.map((item) => selectIn(selections, item, isA));
  return isObject(value) ? select(selections, value, isA) : null;
}
