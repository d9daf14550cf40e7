/**
 * Representations (Federation, `_entities`): what a subgraph needs to know of each entity, every distinct one once.
 */
import { getOwn, isObject, type JsonObject } from "./merge.ts";
import type { RequiredField, Requirement } from "./requirement.ts";
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

const NOWHERE = -1;

/** @param members which of the entities are meant, when not all */
export function represent(
  batch: EntityBatch,
  entities: readonly JsonObject[],
  members?: ReadonlySet<number>,
): Representations {
  const found: Found = { distinct: [], byValues: new Map(), byText: new Map() };
  const places = new Int32Array(entities.length);
  let incomplete = false;
  for (let index = 0; index < entities.length; index += 1) {
    const isMeant = members === undefined || members.has(index);
    const place = isMeant ? placeOf(entities[index] as JsonObject, batch, found) : NOWHERE;
    if (place === NOWHERE && isMeant) incomplete = true;
    places[index] = place;
  }
  return { distinct: found.distinct, places, incomplete };
}

/** Representations so far, and how each is found again. */
interface Found {
  readonly distinct: JsonObject[];
  /** By the list of required fields, then by the value of each: a map of maps, in the end a place. */
  readonly byValues: Map<unknown, unknown>;
  /** Those with objects in them. */
  readonly byText: Map<string, number>;
}

/** The place of an entity's representation, which is made when it is the first of its kind. */
function placeOf(entity: JsonObject, batch: EntityBatch, found: Found): number {
  const fields = batch.requires.fieldsOf(entity["__typename"]);
  // Rewriting may make two of them the same.
  if (batch.inputRewrites.length > 0) return placeByText(entity, fields, batch, found);
  let level = found.byValues;
  let key: unknown = fields;
  for (const { name, constant } of fields) {
    const value = getOwn(entity, name);
    if (value === undefined) return NOWHERE;
    if (constant) continue;
    if (typeof value === "object" && value !== null) return placeByText(entity, fields, batch, found);
    let next = level.get(key) as Map<unknown, unknown> | undefined;
    if (next === undefined) {
      next = new Map();
      level.set(key, next);
    }
    level = next;
    key = value;
  }
  let place = level.get(key) as number | undefined;
  if (place === undefined) {
    place = add(found, select(fields, entity));
    level.set(key, place);
  }
  return place;
}

function placeByText(
  entity: JsonObject,
  fields: readonly RequiredField[],
  { inputRewrites }: EntityBatch,
  found: Found,
): number {
  const representation = select(fields, entity);
  if (representation === null) return NOWHERE;
  applyRewrites(inputRewrites, representation);
  const text = JSON.stringify(representation);
  let place = found.byText.get(text);
  if (place === undefined) {
    place = add(found, representation);
    found.byText.set(text, place);
  }
  return place;
}

function add({ distinct }: Found, representation: JsonObject | null): number {
  if (representation === null || representation["__typename"] === undefined) return NOWHERE;
  return distinct.push(representation) - 1;
}

/** What of `source` is required; null when a part of it was not fetched, because its fetch failed. */
function select(fields: readonly RequiredField[], source: JsonObject): JsonObject | null {
  const result: JsonObject = {};
  for (const { name, as, inside } of fields) {
    const value = getOwn(source, name);
    if (value === undefined) return null;
    result[as] = inside === undefined ? value : selectIn(inside, value);
  }
  return result;
}

function selectIn(requirement: Requirement, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => selectIn(requirement, item));
  return isObject(value) ? select(requirement.fieldsOf(getOwn(value, "__typename")), value) : null;
}
