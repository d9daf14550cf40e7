/**
 * How deep lists and objects are nested in a value that was parsed from JSON. Without recursion: what is asked about may
 * be deeper than a stack.
 */
export function isDeeperThan(value: unknown, most: number): boolean {
  let level: object[] = [value].filter(isNested);
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth >= most) return true;
    const next: object[] = [];
    for (const each of level)
      for (const inner of Object.values(each) as unknown[]) if (isNested(inner)) next.push(inner);
    level = next;
  }
  return false;
}

function isNested(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
