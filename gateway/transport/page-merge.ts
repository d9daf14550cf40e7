/**
 * The merge of pages: which rows are first among those that several members gave, each in order, and who must be asked for
 * more before that is certain.
 */

/** What one member has given so far. */
export interface Given<R> {
  /** In the list's order. */
  readonly rows: readonly R[];
  /** Whether it may have rows behind these. */
  readonly more: boolean;
}

export interface Merged<R> {
  /** At most as many as the page has, in order; equal ones by member, then as the member has them. */
  readonly rows: readonly R[];
  /** How many of them, from the first, no row that is not yet known can come before. */
  readonly certain: number;
  /** Members, by their places, all of whose rows are in the page; and how many more of theirs may be. */
  readonly wanting: ReadonlyMap<number, number>;
  /** Whether rows stayed behind. */
  readonly left: boolean;
}

/** @param size rows of the page @param compare negative when the first stands before the second */
export function mergePages<R>(
  given: readonly Given<R>[],
  size: number,
  compare: (a: R, b: R) => number,
): Merged<R> {
  const rows: R[] = [];
  const next = given.map(() => 0);
  const wanting = new Map<number, number>();
  let certain: number | undefined;
  const noteDry = (place: number): void => {
    const one = given[place];
    if (one === undefined || !one.more || next[place] !== one.rows.length || rows.length === size) return;
    wanting.set(place, size - rows.length);
    certain ??= rows.length;
  };
  for (const place of given.keys()) noteDry(place);
  while (rows.length < size) {
    const first = firstOf(given, next, compare);
    if (first === undefined) break;
    rows.push(first.row);
    next[first.place] = (next[first.place] ?? 0) + 1;
    noteDry(first.place);
  }
  const left = given.some((one, place) => (next[place] ?? 0) < one.rows.length);
  return { rows, certain: certain ?? rows.length, wanting, left };
}

function firstOf<R>(
  given: readonly Given<R>[],
  next: readonly number[],
  compare: (a: R, b: R) => number,
): { readonly row: R; readonly place: number } | undefined {
  let found: { readonly row: R; readonly place: number } | undefined;
  for (const [place, { rows }] of given.entries()) {
    const at = next[place] ?? 0;
    if (at >= rows.length) continue;
    const row = rows[at] as R;
    if (found === undefined || compare(row, found.row) < 0) found = { row, place };
  }
  return found;
}
