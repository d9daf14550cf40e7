/**
 * Loaders for one request: all keys of a request in one query.
 */
import DataLoader from "dataloader";

/** A loader of at most one row a key, from one query for all keys. */
export function oneByKey<K, R>(
  find: (keys: readonly K[]) => Promise<readonly R[]>,
  keyOf: (row: R) => K | null,
): DataLoader<K, R | null> {
  return new DataLoader(async (keys) => {
    const rows = new Map((await find(keys)).map((row) => [keyOf(row), row]));
    return keys.map((key) => rows.get(key) ?? null);
  });
}

/** A loader of any number of rows a key, from one query for all keys; the query's order is kept. */
export function manyByKey<K, R>(
  find: (keys: readonly K[]) => Promise<readonly R[]>,
  keyOf: (row: R) => K | null,
): DataLoader<K, R[]> {
  return new DataLoader(async (keys) => {
    const groups = Map.groupBy(await find(keys), keyOf);
    return keys.map((key) => groups.get(key) ?? []);
  });
}
