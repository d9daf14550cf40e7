/**
 * What is under way, found again by the texts that it is about. Not in a Map, though it is one: a Map makes a new table
 * whenever so many entries have come and gone, and V8 keeps a way from each table to the next. One table that has reached
 * the old generation then keeps alive all that was ever in those that follow, until the next full collection: 130 KB
 * of each request of the deep benchmark were copied for nothing.
 */
export interface UnderWay<V> {
  get(key: Key): V | undefined;
  /** @param key of which nothing is under way */
  add(key: Key, value: V): void;
  /** Forgets it, where it is still what the key stands for. */
  end(key: Key, value: V): void;
  clear(): void;
}

export type Key = readonly string[];

interface Entry<V> {
  readonly key: Key;
  readonly value: V;
  next: Entry<V> | undefined;
}

/** A power of two. Beyond so much at once, looking takes longer. */
const SLOTS = 1_024;
/** Characters at the end of each text that tell it from others: of two questions alike in their words, the values differ. */
const TELLING = 48;

export function createUnderWay<V>(): UnderWay<V> {
  const slots = Array.from({ length: SLOTS }, (): Entry<V> | undefined => undefined);
  return {
    get(key) {
      for (let entry = slots[slotOf(key)]; entry !== undefined; entry = entry.next)
        if (isSame(entry.key, key)) return entry.value;
      return undefined;
    },
    add(key, value) {
      const slot = slotOf(key);
      slots[slot] = { key, value, next: slots[slot] };
    },
    end(key, value) {
      const slot = slotOf(key);
      let before: Entry<V> | undefined;
      for (let entry = slots[slot]; entry !== undefined; before = entry, entry = entry.next) {
        if (entry.value !== value || !isSame(entry.key, key)) continue;
        if (before === undefined) slots[slot] = entry.next;
        else before.next = entry.next;
        // Whatever still holds this entry holds no other.
        entry.next = undefined;
        return;
      }
    },
    clear: () => void slots.fill(undefined),
  };
}

function slotOf(key: Key): number {
  let hash = 0;
  for (const text of key) {
    hash = (Math.imul(hash, 31) + text.length) | 0;
    for (let at = Math.max(0, text.length - TELLING); at < text.length; at += 1)
      hash = (Math.imul(hash, 31) + text.charCodeAt(at)) | 0;
  }
  // The upper bits too.
  return (hash ^ (hash >>> 10) ^ (hash >>> 20)) & (SLOTS - 1);
}

function isSame(one: Key, other: Key): boolean {
  if (one.length !== other.length) return false;
  return one.every((text, index) => text === other[index]);
}
