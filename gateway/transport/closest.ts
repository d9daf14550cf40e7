/**
 * Which of the allowed keys to offer instead of one that is not known.
 */
const OFFERED = 5;
/** With so few, all of them are named. */
const FEW = 8;
const LONGEST = 64;

/** The keys nearest to `wanted` by edit distance; all of them when there are only a few. */
export function closest(wanted: string, allowed: readonly string[]): readonly string[] {
  if (allowed.length <= FEW) return allowed;
  const from = wanted.slice(0, LONGEST);
  return allowed
    .map((key) => ({ key, distance: editDistance(from, key) }))
    .toSorted((a, b) => a.distance - b.distance)
    .slice(0, OFFERED)
    .map(({ key }) => key);
}

/** Levenshtein distance, row by row. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let line = 1; line <= from.length; line++) {
    const next = [line];
    for (let column = 1; column <= to.length; column++) {
      const replaced = (row[column - 1] ?? 0) + (from[line - 1] === to[column - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
