/**
 * Random operations on graphs that cover what Federation 2 has, over real HTTP: the engine must answer as graphql-js
 * would, were the graph one service.
 * `DIFFERENTIAL_RUNS=5000 DIFFERENTIAL_SEED=7 npx vitest run test/gateway/execute/differential.test.ts` runs for longer.
 */
import { asyncProperty, array, assert, nat } from "fast-check";
import { parse, validate } from "graphql";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { differences } from "./compare.ts";
import { type NativeOnly, openNative, type Reply } from "./engines.ts";
import { INPUTS } from "./graphs/inputs.ts";
import { INTERFACES } from "./graphs/interfaces.ts";
import { KEYS } from "./graphs/keys.ts";
import { PROJECT } from "./graphs/project.ts";
import { PROVIDES } from "./graphs/provides.ts";
import { REQUIRES } from "./graphs/requires.ts";
import { UNIONS } from "./graphs/unions.ts";
import { VERSION_ONE } from "./graphs/version-one.ts";
import { type GeneratedOperation, operationFrom } from "./operations.ts";
import { answerByOracle } from "./oracle.ts";
import { serveGraph, type ServedGraph } from "./subgraphs.ts";

const GRAPHS = [INPUTS, INTERFACES, KEYS, PROJECT, PROVIDES, REQUIRES, UNIONS, VERSION_ONE];
const RUNS = Number(process.env["DIFFERENTIAL_RUNS"] ?? 40);
/** The same operations every time, unless told otherwise: a run of the suite must not fail for what nobody changed. */
const SEED = Number(process.env["DIFFERENTIAL_SEED"] ?? 1);
const LARGEST_DECISION = 5_039;

describe.each(GRAPHS)("$name", (graph) => {
  let served: ServedGraph;
  let engine: NativeOnly;

  beforeAll(async () => {
    served = await serveGraph(graph);
    engine = openNative(served.sdl);
  });
  afterAll(async () => {
    await engine?.close();
    await served?.close();
  });

  /** The answer that is right. */
  function right({ query, variables }: GeneratedOperation, seed: number): Reply {
    const { data, errors = [] } = answerByOracle(engine.schema, served.model, parse(query), variables, seed);
    return { data: data === undefined ? undefined : JSON.stringify(data), errors };
  }

  test(
    `${RUNS} random operations`,
    async () => {
      const property = asyncProperty(
        array(nat(LARGEST_DECISION), { maxLength: 300, size: "max" }),
        nat(1_000),
        async (decisions, seed) => {
          const operation = operationFrom(engine.schema, decisions);
          const faults = validate(engine.schema, parse(operation.query));
          expect({ ...operation, faults }).toEqual({ ...operation, faults: [] });
          const reply = await engine.native(operation.query, operation.variables, seed);
          const wrong = differences(reply, right(operation, seed));
          expect({ ...operation, wrong }).toEqual({ ...operation, wrong: [] });
        },
      );
      await assert(property, { numRuns: RUNS, seed: SEED });
    },
    10_000 + RUNS * 1_000,
  );
});
