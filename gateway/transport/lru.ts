/**
 * A bounded map: the entry unused for longest goes first.
 */
export interface Lru<V> {
  /** The value kept for the key, or a new one. */
  get(key: string, make: () => V): V;
  /** Keys used last, the latest first. */
  recent(count: number): readonly string[];
  readonly size: number;
}

/** @param longestKey longer keys are not kept, so that the map is bounded in characters too */
export function createLru<V>(capacity: number, longestKey: number): Lru<V> {
  const entries = new Map<string, V>();
  return {
    get(key, make) {
      const known = entries.get(key);
      if (known !== undefined) {
        // A Map iterates in the order of insertion: the entry used now becomes the last to go.
        entries.delete(key);
        entries.set(key, known);
        return known;
      }
      const made = make();
      if (key.length > longestKey) return made;
      entries.set(key, made);
      if (entries.size > capacity) entries.delete(entries.keys().next().value as string);
      return made;
    },
    recent: (count) => [...entries.keys()].slice(-count).toReversed(),
    get size() {
      return entries.size;
    },
  };
}
