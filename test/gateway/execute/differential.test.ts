/**
 * Random operations on graphs that cover what Federation 2 has, over real HTTP. The engine must answer as graphql-js
 * would, were the graph one service; and as the stock engine does, but for what that is known to get wrong
 * (stock-faults.test.ts).
 * `DIFFERENTIAL_RUNS=5000 DIFFERENTIAL_SEED=7 npx vitest run test/gateway/execute/differential.test.ts` runs for longer.
 */
import { array, assert, asyncProperty, nat } from "fast-check";
import { parse, validate } from "graphql";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { differences, differencesFromStock } from "./compare.ts";
import { type Engines, openEngines, openNative, type Reply } from "./engines.ts";
import { ABSTRACT } from "./graphs/abstract.ts";
import { CONTEXTS } from "./graphs/contexts.ts";
import { INPUTS } from "./graphs/inputs.ts";
import { INTERFACES } from "./graphs/interfaces.ts";
import { KEYS } from "./graphs/keys.ts";
import { MESH } from "./graphs/mesh.ts";
import { NULL_KEYS } from "./graphs/null-keys.ts";
import { PROJECT } from "./graphs/project.ts";
import { PROVIDES } from "./graphs/provides.ts";
import { REQUIRES } from "./graphs/requires.ts";
import { SHARED } from "./graphs/shared.ts";
import { UNIONS } from "./graphs/unions.ts";
import { VERSION_ONE } from "./graphs/version-one.ts";
import { type GeneratedOperation, operationFrom } from "./operations.ts";
import { answerByOracle } from "./oracle.ts";
import { serveGraph, type ServedGraph } from "./subgraphs.ts";

const GRAPHS = [
  ABSTRACT,
  CONTEXTS,
  INPUTS,
  INTERFACES,
  KEYS,
  MESH,
  NULL_KEYS,
  PROJECT,
  PROVIDES,
  REQUIRES,
  SHARED,
  UNIONS,
  VERSION_ONE,
];
const RUNS = Number(process.env["DIFFERENTIAL_RUNS"] ?? 40);
/** The same operations every time, unless told otherwise: a run of the suite must not fail for what nobody changed. */
const SEED = Number(process.env["DIFFERENTIAL_SEED"] ?? 1);
const LIMIT = 10_000 + RUNS * 1_000;

/** Decisions that make an operation, and the seed of its data. The stock planner takes long over large ones. */
const inputs = (longest: number) =>
  [array(nat(5_039), { maxLength: longest, size: "max" }), nat(1_000)] as const;

describe.each(GRAPHS)("$name", (graph) => {
  let served: ServedGraph;
  let engines: Engines;

  beforeAll(async () => {
    served = await serveGraph(graph);
    engines = graph.stockFails?.graph
      ? {
          ...(await openNative(served.sdl)),
          stock: () => Promise.reject(new Error("the stock engine refuses the graph")),
        }
      : await openEngines(served.sdl);
  });
  afterAll(async () => {
    await engines?.close();
    await served?.close();
  });

  /** The answer that is right. */
  function right({ query, variables }: GeneratedOperation, seed: number): Reply {
    const { data, errors = [] } = answerByOracle(engines.schema, served.model, parse(query), variables, seed);
    return { data: data === undefined ? undefined : JSON.stringify(data), errors };
  }

  function expectValid(operation: GeneratedOperation): void {
    const faults = validate(engines.schema, parse(operation.query));
    expect({ ...operation, faults }).toEqual({ ...operation, faults: [] });
  }

  test.skipIf(graph.nullKeys)(
    `${RUNS} random operations`,
    async () => {
      const property = asyncProperty(...inputs(300), async (decisions, seed) => {
        const operation = operationFrom(engines.schema, decisions);
        expectValid(operation);
        const reply = await engines.native(operation.query, operation.variables, seed);
        const wrong = differences(reply, right(operation, seed));
        expect({ ...operation, wrong }).toEqual({ ...operation, wrong: [] });
      });
      await assert(property, { numRuns: RUNS, seed: SEED });
    },
    LIMIT,
  );

  test.skipIf(graph.stockFails?.graph)(
    `${RUNS} random operations, as the stock engine answers them`,
    async () => {
      const options = {
        withoutCollisions: true,
        withoutAbstract: graph.stockFails?.abstract ?? false,
        withoutConditions: graph.stockFails?.conditions ?? false,
        withoutFields: graph.stockFails?.fields ?? [],
      };
      const property = asyncProperty(...inputs(120), async (decisions, seed) => {
        const operation = operationFrom(engines.schema, decisions, options);
        expectValid(operation);
        const reply = await engines.native(operation.query, operation.variables, seed);
        // Where conditions leave an object without fields, the stock engine may take it for null.
        if (reply.data?.includes("{}")) return;
        const stock = await engines.stock(operation.query, operation.variables, seed);
        const wrong = differencesFromStock(reply, stock);
        expect({ ...operation, wrong }).toEqual({ ...operation, wrong: [] });
      });
      await assert(property, { numRuns: RUNS, seed: SEED });
    },
    LIMIT,
  );
});
