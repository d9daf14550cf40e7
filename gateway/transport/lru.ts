/**
 * A bounded map: what was unused for longest goes first.
 */
export interface Lru<V> {
  /** The value kept for the key, or a new one. */
  get(key: string, make: () => V): V;
  /** Keys used last, the latest first. */
  recent(count: number): readonly string[];
  readonly size: number;
}

interface Entry<V> {
  readonly value: V;
  /** By the count of uses: when it was used last, and when it took its place in the order. */
  used: number;
  placed: number;
}

/** @param longestKey longer keys are not kept, so that the map is bounded in characters too */
export function createLru<V>(capacity: number, longestKey: number): Lru<V> {
  // In the order of insertion. What is used takes a new place at the end, but what has been among the last anyway: a Map
  // that is changed at every use makes new tables all the time (under-way.ts tells what that costs).
  const entries = new Map<string, Entry<V>>();
  const patience = capacity >> 2;
  let uses = 0;
  return {
    get(key, make) {
      const known = entries.get(key);
      uses += 1;
      if (known !== undefined) {
        known.used = uses;
        if (uses - known.placed > patience) {
          known.placed = uses;
          entries.delete(key);
          entries.set(key, known);
        }
        return known.value;
      }
      const value = make();
      if (key.length > longestKey) return value;
      entries.set(key, { value, used: uses, placed: uses });
      if (entries.size > capacity) entries.delete(entries.keys().next().value as string);
      return value;
    },
    recent: (count) =>
      [...entries]
        .toSorted(([, one], [, other]) => other.used - one.used)
        .slice(0, count)
        .map(([key]) => key),
    get size() {
      return entries.size;
    },
  };
}
