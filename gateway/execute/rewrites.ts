/**
 * Planners ask under names of their own where two selections would collide, or where a subgraph knows a type by its
 * interface; rewrites lead from those names to the client's.
 */
import { getOwn, isObject } from "./merge.ts";
import type { Rewrite } from "./steps.ts";

/** Changes `value` in place, through lists. */
export function applyRewrites(rewrites: readonly Rewrite[], value: unknown): void {
  for (const rewrite of rewrites) applyAt(rewrite, 0, value);
}

/** A path as a subgraph reports it, in the client's names. */
export function renamePath(
  rewrites: readonly Rewrite[],
  path: readonly (string | number)[],
): readonly (string | number)[] {
  if (rewrites.length === 0) return path;
  const names = new Map(
    rewrites.flatMap(({ path: segments, rename }) => {
      const last = segments.at(-1);
      return rename !== undefined && last !== undefined && "key" in last ? [[last.key, rename] as const] : [];
    }),
  );
  return path.map((part) => (typeof part === "string" ? (names.get(part) ?? part) : part));
}

function applyAt(rewrite: Rewrite, depth: number, value: unknown): void {
  if (Array.isArray(value)) {
    for (const item of value) applyAt(rewrite, depth, item);
    return;
  }
  const segment = rewrite.path[depth];
  if (segment === undefined || !isObject(value)) return;
  if ("types" in segment) {
    // Where only one type may stand, planners do not ask which it is.
    const name = getOwn(value, "__typename");
    if (name === undefined || segment.types.has(name as string)) applyAt(rewrite, depth + 1, value);
    return;
  }
  const { key } = segment;
  if (depth < rewrite.path.length - 1) applyAt(rewrite, depth + 1, getOwn(value, key));
  else if (!Object.hasOwn(value, key)) return;
  else if (rewrite.rename !== undefined) {
    value[rewrite.rename] = value[key];
    Reflect.deleteProperty(value, key);
  } else value[key] = rewrite.value;
}
