/**
 * What two answers must have in common to be the same: the data and the errors, whatever the order of an object's
 * fields, and whatever a gateway tells of itself in `extensions`.
 */

/** @throws SyntaxError when the text is not JSON. */
export function normalise(text: string): string {
  const { data, errors } = JSON.parse(text) as { data?: unknown; errors?: unknown };
  return JSON.stringify(sorted(errors === undefined ? { data } : { data, errors }));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, field]): [string, unknown] => [key, sorted(field)]);
  return Object.fromEntries(entries.sort(([one], [other]) => (one < other ? -1 : 1)));
}
