/**
 * Random operations with @defer at random places: their parts, put together, are the answer of the same operation
 * without it.
 * `DIFFERENTIAL_RUNS=5000 DIFFERENTIAL_SEED=7 npx vitest run test/gateway/execute/parts.test.ts` runs for longer.
 */
import { array, assert, asyncProperty, constantFrom, nat } from "fast-check";
import { parse, validate } from "graphql";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { RULES } from "../../../gateway/plan/defer-rules.ts";
import { putTogether } from "../parts.ts";
import { withDefers } from "./defers.ts";
import { type NativeOnly, openNative } from "./engines.ts";
import { INPUTS } from "./graphs/inputs.ts";
import { INTERFACES } from "./graphs/interfaces.ts";
import { KEYS } from "./graphs/keys.ts";
import { PROJECT } from "./graphs/project.ts";
import { PROVIDES } from "./graphs/provides.ts";
import { REQUIRES } from "./graphs/requires.ts";
import { UNIONS } from "./graphs/unions.ts";
import { VERSION_ONE } from "./graphs/version-one.ts";
import { operationFrom } from "./operations.ts";
import { serveGraph, type ServedGraph } from "./subgraphs.ts";

const GRAPHS = [INPUTS, INTERFACES, KEYS, PROJECT, PROVIDES, REQUIRES, UNIONS, VERSION_ONE];
const RUNS = Number(process.env["DIFFERENTIAL_RUNS"] ?? 25);
const SEED = Number(process.env["DIFFERENTIAL_SEED"] ?? 1);
const LIMIT = 10_000 + RUNS * 1_000;

const decisions = (longest: number) => array(nat(5_039), { maxLength: longest, size: "max" });

describe.each(GRAPHS)("$name", (graph) => {
  let served: ServedGraph;
  let engine: NativeOnly;
  beforeAll(async () => {
    served = await serveGraph(graph);
    engine = await openNative(served.sdl);
  });
  afterAll(async () => {
    await engine?.close();
    await served?.close();
  });

  test(
    `${RUNS} random operations in parts`,
    async () => {
      let deferred = 0;
      const property = asyncProperty(
        decisions(200),
        decisions(60),
        nat(1_000),
        constantFrom("v0.2", "20220824"),
        async (choices, defers, seed, format) => {
          const operation = withDefers(operationFrom(engine.schema, choices), defers);
          const { query, variables } = operation;
          const faults = validate(engine.schema, parse(query), RULES);
          expect({ ...operation, faults }).toEqual({ ...operation, faults: [] });
          const whole = await engine.native(query, variables, seed);
          const parts = await engine.inParts(format, query, variables, seed);
          const { data, errors, failed } = putTogether(format, parts);
          const wrong = [
            ...unlike(data, JSON.parse(whole.data ?? "null"), failed),
            ...(errors.length > 0 === whole.errors.length > 0 ? [] : ["errors"]),
          ];
          deferred += Number(parts.length > 1);
          expect({ ...operation, parts, whole, wrong }).toEqual({ ...operation, parts, whole, wrong: [] });
        },
      );
      await assert(property, { numRuns: RUNS, seed: SEED, endOnFailure: true });
      expect(deferred).toBeGreaterThan(RUNS / 4);
    },
    LIMIT,
  );
});

/**
 * Places at which the answer in parts is not the whole one. Where a fragment has failed, what must not be null is: in the
 * whole the null is there, or went up as far as it had to.
 */
function unlike(
  inParts: unknown,
  whole: unknown,
  failed: readonly (readonly (string | number)[])[],
  path: readonly (string | number)[] = [],
): readonly string[] {
  const hasFailed = failed.some((place) => isWithin(path, place) || isWithin(place, path));
  if (typeof whole !== "object" || whole === null) {
    if (whole === null && hasFailed) return [];
    return Object.is(inParts, whole) ? [] : [path.join(".")];
  }
  if (typeof inParts !== "object" || inParts === null) return [path.join(".")];
  const keys = new Set([...Object.keys(inParts), ...Object.keys(whole)]);
  return [...keys].flatMap((key) => {
    const at = [...path, Array.isArray(whole) ? Number(key) : key];
    if (!Object.hasOwn(whole, key)) return [`${at.join(".")} is too much`];
    if (!Object.hasOwn(inParts, key))
      return failed.some((place) => isWithin(at, place)) ? [] : [`${at.join(".")} is missing`];
    return unlike(
      (inParts as Record<string, unknown>)[key],
      (whole as Record<string, unknown>)[key],
      failed,
      at,
    );
  });
}

function isWithin(path: readonly (string | number)[], place: readonly (string | number)[]): boolean {
  return place.every((part, index) => path[index] === part);
}
