/**
 * Arguments that come from above (`@fromContext`): their values stand in the tree over each entity. Entities with the
 * same values are asked for together.
 */
import { getOwn, isObject, type JsonObject } from "./merge.ts";
import type { ContextRule, Path, Rewrite } from "./steps.ts";

/** Entities that one call asks for. */
export interface ContextGroup {
  /** Values of the arguments, by the names of the call's variables. */
  readonly variables: JsonObject;
  /** Which of the objects at the path, in the order in which `collectAt` finds them. */
  readonly members: ReadonlySet<number>;
}

export function groupByContext(
  rules: readonly ContextRule[],
  data: JsonObject,
  path: Path,
): readonly ContextGroup[] {
  const groups = new Map<string, { readonly variables: JsonObject; readonly members: Set<number> }>();
  const above: JsonObject[] = [];
  let place = 0;

  function walk(value: unknown, depth: number): void {
    const segment = path[depth];
    if (segment === undefined) {
      if (isObject(value)) enter(place++);
    } else if (segment.kind === "list") {
      if (Array.isArray(value)) for (const item of value) walk(item, Array.isArray(item) ? depth : depth + 1);
    } else if (!isObject(value)) return;
    else if (segment.kind === "field") {
      above.push(value);
      walk(getOwn(value, segment.key), depth + 1);
      above.pop();
    } else if (segment.types.has(value["__typename"] as string)) walk(value, depth + 1);
  }

  function enter(member: number): void {
    const variables: JsonObject = {};
    for (const { variable, up, path: from } of rules) {
      const value = valueAt(above.at(-up), from);
      // One rule for each type that sets the context: the type that stands there has the value.
      if (value !== undefined) variables[variable] = value;
    }
    const key = JSON.stringify(variables);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { variables, members: new Set([member]) });
    else group.members.add(member);
  }

  walk(data, 0);
  return [...groups.values()];
}

/** Undefined where an object of another type stands, or the value was not fetched. */
function valueAt(source: unknown, path: Rewrite["path"]): unknown {
  let value = source;
  for (const segment of path) {
    if (value === null) return null;
    if (Array.isArray(value)) return value.map((item) => valueAt(item, path.slice(path.indexOf(segment))));
    if (!isObject(value)) return undefined;
    if ("key" in segment) value = getOwn(value, segment.key);
    else if (!segment.types.has(value["__typename"] as string)) return undefined;
  }
  return value;
}
