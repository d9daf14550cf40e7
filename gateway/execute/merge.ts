/**
 * Answers of subgraphs become one tree. Nothing is copied: an answer's objects are taken over as they are.
 */

import { isRawNumber } from "../transport/json.ts";

export type JsonObject = Record<string, unknown>;

/**
 * Adds the fields of `source` to `target`; objects on both sides are merged, lists of one length element by element.
 * Of leaves the one that came last stands.
 * @param keys of `source`, where they are known: one entity may be merged into many places
 */
export function mergeInto(
  target: JsonObject,
  source: JsonObject,
  objectTypes: ReadonlySet<string>,
  keys: readonly string[] = Object.keys(source),
): void {
  if (target === source) return;
  for (const key of keys) {
    const incoming = source[key];
    const before = getOwn(target, key);
    if (before === undefined) {
      setOwn(target, key, incoming);
      continue;
    }
    // An entity that stands at several places shares its objects: it comes by once for each.
    if (before === incoming) continue;
    // A subgraph that knows only the interface (@interfaceObject) says less than one that knows the object's type.
    if (key === "__typename" && objectTypes.has(before as string)) continue;
    setOwn(target, key, merged(before, incoming, objectTypes));
  }
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Own properties only: keys come from clients and subgraphs, and `constructor` is a legal one. What every object inherits
 * are functions, which no JSON has, and `__proto__`.
 */
export function getOwn(object: JsonObject, key: string): unknown {
  const value = object[key];
  const maybeInherited = typeof value === "function" || key === "__proto__";
  return maybeInherited && !Object.hasOwn(object, key) ? undefined : value;
}

/** What stands where both have something. */
function merged(before: unknown, incoming: unknown, objectTypes: ReadonlySet<string>): unknown {
  if (typeof before !== "object" || before === null || isRawNumber(before)) return incoming;
  // An object that one subgraph knows is there, even where another has nothing to say of it.
  if (incoming === null) return before;
  if (isObject(before) && isObject(incoming)) {
    mergeInto(before, incoming, objectTypes);
    return before;
  }
  if (!Array.isArray(before) || !Array.isArray(incoming) || before.length !== incoming.length)
    return incoming;
  for (let index = 0; index < before.length; index += 1)
    before[index] = merged(before[index], incoming[index], objectTypes);
  return before;
}

function setOwn(object: JsonObject, key: string, value: unknown): void {
  if (key !== "__proto__") object[key] = value;
  else Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
}
