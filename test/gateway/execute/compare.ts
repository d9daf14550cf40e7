/**
 * Whether two replies say the same: `data` to the byte, errors up to what the specification leaves open.
 *
 * One error stands for its cause wherever the cause shows, and where several fields of one object fail, that must not
 * be null, one of them is enough (GraphQL section 6.4.4); which one depends on who was asked first.
 */
import { canonical } from "./model.ts";
import type { Reply, ReplyError } from "./engines.ts";

/** What is wrong with `reply`, by an answer known to be right; empty when nothing is. */
export function differences(reply: Reply, right: Reply): readonly string[] {
  if (reply.data !== right.data) return ["data"];
  const tree = reply.data === undefined ? undefined : (JSON.parse(reply.data) as unknown);
  const told = new Set(reply.errors.map(({ message }) => message));
  const expected = new Set(right.errors.map(({ message }) => message));
  const shown = (errors: readonly ReplyError[]) =>
    errors.filter(({ path }) => placeOf(tree, path) === "null").map(({ message }) => message);
  return [
    ...shown(right.errors)
      .filter((message) => !told.has(message))
      .map((message) => `not told: ${message}`),
    ...shown(reply.errors)
      .filter((message) => !expected.has(message))
      .map((message) => `not so: ${message}`),
    // An error about what another field required may stand at the object that required it.
    ...reply.errors
      .filter(({ path, message }) => placeOf(tree, path) === "value" && expected.has(message))
      .filter(({ message }) => !shown(reply.errors).includes(message))
      .map(({ message, path }) => `no null at ${path?.join(".")}: ${message}`),
    ...(isAny(tree, right) && reply.errors.length === 0 ? ["no error told"] : []),
    ...(isAny(tree, reply) && right.errors.length === 0 ? ["errors told"] : []),
  ];
}

/**
 * What the stock engine says otherwise: other data, up to the order of fields, or an error less. The indices in its
 * errors' paths are not looked at, nor what it tells beyond, which may concern what its own plan asks for.
 */
export function differencesFromStock(reply: Reply, stock: Reply): readonly string[] {
  if (sorted(reply) !== sorted(stock)) return ["data"];
  const tree = reply.data === undefined ? undefined : (JSON.parse(reply.data) as unknown);
  const told = new Set(stock.errors.map(({ message }) => message));
  return reply.errors
    .filter(({ path, message }) => placeOf(tree, path) === "null" && !told.has(message))
    .map(({ message }) => `the stock engine does not say: ${message}`);
}

function sorted({ data }: Reply): string | undefined {
  return data === undefined ? undefined : canonical(JSON.parse(data));
}

/** Whether an error speaks of what the client asked for, and not of what was fetched for another field's sake. */
function isAny(tree: unknown, { errors }: Reply): boolean {
  return errors.some(({ path }) => ["null", "above"].includes(placeOf(tree, path)));
}

/** What stands at an error's path: its null, a null further up, a value, or nothing that the client asked for. */
function placeOf(tree: unknown, path: ReplyError["path"]): "null" | "above" | "value" | "nowhere" {
  if (path === undefined) return "nowhere";
  let current = tree;
  for (const part of path) {
    if (current === null) return "above";
    if (typeof current !== "object" || !Object.hasOwn(current, part)) return "nowhere";
    current = (current as Record<string | number, unknown>)[part];
  }
  return current === null ? "null" : "value";
}
