/**
 * Finds the objects at a plan's path in the tree, and, when an error needs it, where each stands in the client's terms.
 */
import { getOwn, isObject, type JsonObject } from "./merge.ts";
import type { Path } from "./steps.ts";

/**
 * Adds the objects at `path` to `found`, in order; nulls and what was not fetched are passed over.
 * @param seen where objects of the tree are shared by several places: each is found once, at its first place
 */
export function collectAt(
  value: unknown,
  path: Path,
  found: JsonObject[],
  seen?: Set<unknown>,
  depth = 0,
): void {
  let current = value;
  for (let at = depth; at < path.length; at += 1) {
    const segment = path[at];
    if (segment === undefined || typeof current !== "object" || current === null) return;
    if (segment.kind === "list") {
      if (!Array.isArray(current) || isKnown(current, seen)) return;
      // A list of lists is one segment.
      for (const item of current) collectAt(item, path, found, seen, Array.isArray(item) ? at : at + 1);
      return;
    }
    if (Array.isArray(current)) return;
    if (segment.kind === "field") current = getOwn(current as JsonObject, segment.key);
    else if (!segment.types.has((current as JsonObject)["__typename"] as string)) return;
  }
  if (isObject(current) && !isKnown(current, seen)) found.push(current);
}

/** Response path (GraphQL section 7.1.2) of the `place`-th object that `collectAt` finds, with the same `seen`. */
export function pathOf(
  value: unknown,
  path: Path,
  place: number,
  seen?: Set<unknown>,
): readonly (string | number)[] | undefined {
  let passed = 0;
  const walk = (
    current: unknown,
    depth: number,
    at: readonly (string | number)[],
  ): readonly (string | number)[] | undefined => {
    const segment = path[depth];
    if (segment === undefined) {
      if (!isObject(current) || isKnown(current, seen)) return undefined;
      passed += 1;
      return passed > place ? at : undefined;
    }
    if (segment.kind === "list") {
      if (!Array.isArray(current) || isKnown(current, seen)) return undefined;
      for (const [index, item] of current.entries()) {
        const found = walk(item, Array.isArray(item) ? depth : depth + 1, [...at, index]);
        if (found !== undefined) return found;
      }
      return undefined;
    }
    if (!isObject(current)) return undefined;
    if (segment.kind === "field") return walk(getOwn(current, segment.key), depth + 1, [...at, segment.key]);
    return segment.types.has(current["__typename"] as string) ? walk(current, depth + 1, at) : undefined;
  };
  return walk(value, 0, []);
}

/** Whether it was met before; from now on it is. */
function isKnown(value: unknown, seen: Set<unknown> | undefined): boolean {
  if (seen === undefined) return false;
  if (seen.has(value)) return true;
  seen.add(value);
  return false;
}
