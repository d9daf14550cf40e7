/**
 * Answers of subgraphs become one tree. Nothing is copied: an answer's objects are taken over as they are.
 */

import { isRawNumber } from "../transport/json.ts";

export type JsonObject = Record<string, unknown>;

/** Adds the fields of `source` to `target`; objects on both sides are merged, lists element by element. */
export function mergeInto(target: JsonObject, source: JsonObject, objectTypes: ReadonlySet<string>): void {
  if (target === source) return;
  for (const key of Object.keys(source)) {
    const incoming = source[key];
    if (!Object.hasOwn(target, key)) {
      setOwn(target, key, incoming);
      continue;
    }
    const before = target[key];
    // An entity that stands at several places shares its objects: it comes by once for each.
    if (before === incoming) continue;
    if (key === "__typename") {
      // A subgraph that knows only the interface (@interfaceObject) says less than one that knows the object's type.
      if (!objectTypes.has(before as string)) target[key] = incoming;
    } else if (isObject(before) && isObject(incoming)) mergeInto(before, incoming, objectTypes);
    else if (Array.isArray(before) && Array.isArray(incoming)) mergeLists(before, incoming, objectTypes);
    // An object that one subgraph knows is there, even where another has nothing to say of it.
    else if (incoming !== null) target[key] = incoming;
  }
}

/** A copy that shares nothing with the original, for an entity that stands at places of different selections. */
export function copy<T>(value: T): T {
  if (Array.isArray(value)) return value.map(copy) as T;
  if (!isObject(value) || isRawNumber(value)) return value;
  const result: JsonObject = {};
  for (const key of Object.keys(value)) setOwn(result, key, copy(value[key]));
  return result as T;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Own properties only: keys come from clients and subgraphs, and `constructor` is a legal one. */
export function getOwn(object: JsonObject, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

function mergeLists(target: unknown[], source: readonly unknown[], objectTypes: ReadonlySet<string>): void {
  for (const [index, incoming] of source.entries()) {
    const before = target[index];
    if (isObject(before) && isObject(incoming)) mergeInto(before, incoming, objectTypes);
    else if (Array.isArray(before) && Array.isArray(incoming)) mergeLists(before, incoming, objectTypes);
    else if (index >= target.length || (before === null && incoming !== null)) target[index] = incoming;
  }
}

function setOwn(object: JsonObject, key: string, value: unknown): void {
  if (key !== "__proto__") object[key] = value;
  else Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
}
