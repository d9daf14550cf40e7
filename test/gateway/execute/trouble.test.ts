/**
 * Random operations while subgraphs fail, in whole calls and in single entities: what can be had is right to the value,
 * what cannot is null where null is allowed, and the answer says whose fault it is.
 * `DIFFERENTIAL_RUNS` and `DIFFERENTIAL_SEED` as for differential.test.ts.
 */
import { array, assert, asyncProperty, nat } from "fast-check";
import { parse } from "graphql";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { differences } from "./compare.ts";
import { type NativeOnly, openNative, type Reply } from "./engines.ts";
import type { TestGraph } from "./graphs/graph.ts";
import { INPUTS } from "./graphs/inputs.ts";
import { INTERFACES } from "./graphs/interfaces.ts";
import { KEYS } from "./graphs/keys.ts";
import { PROJECT } from "./graphs/project.ts";
import { PROVIDES } from "./graphs/provides.ts";
import { UNIONS } from "./graphs/unions.ts";
import { VERSION_ONE } from "./graphs/version-one.ts";
import { operationFrom } from "./operations.ts";
import { answerByOracle, faultsOfPart } from "./oracle.ts";
import { hashOf } from "./model.ts";
import { serveGraph, type ServedGraph, type Trouble } from "./subgraphs.ts";

const GRAPHS = [INPUTS, INTERFACES, KEYS, PROJECT, PROVIDES, UNIONS, VERSION_ONE];
const RUNS = Number(process.env["DIFFERENTIAL_RUNS"] ?? 30);
const SEED = Number(process.env["DIFFERENTIAL_SEED"] ?? 1);

/** What may happen to a call, and the code of the error that tells of it. */
const HAPPENS = [
  ["SUBGRAPH_HTTP_ERROR", (_request, response) => response.writeHead(503).end("later")],
  ["SUBGRAPH_MALFORMED_RESPONSE", (_request, response) => response.end('{"data":{"_entities":[')],
  ["SUBGRAPH_UNREACHABLE", ({ socket }) => socket.resetAndDestroy()],
  ["CLOSED", (_request, response) => response.end(CLOSED)],
] as const satisfies readonly (readonly [string, ReturnType<Trouble["instead"]>])[];
const CLOSED = JSON.stringify({
  data: null,
  errors: [{ message: "closed today", extensions: { code: "CLOSED" } }],
});

/** Trouble that follows from a number, and notes what it did. */
function troubleOf(number: number) {
  /** `code subgraph` of calls that came to nothing. */
  const calls = new Set<string>();
  let unknown = 0;
  const trouble: Trouble = {
    instead(call) {
      const hash = hashOf(`${number}/${call}`);
      const happens = hash % 5 === 0 ? HAPPENS[(hash >>> 8) % HAPPENS.length] : undefined;
      if (happens !== undefined) calls.add(`${happens[0]} ${call.split(" ", 1)[0]}`);
      return happens?.[1];
    },
    knows(subgraph, { type, number: which }) {
      const isKnown = hashOf(`${number}/${subgraph}/${type}/${which}`) % 7 > 0;
      if (!isKnown) unknown += 1;
      return isKnown;
    },
  };
  return { trouble, calls, isUnknown: () => unknown > 0 };
}

/** Fields of the model that failed, and what follows from entities that a subgraph does not know. */
const OWN_FAULT = /^\w+\.\w+#\d+|^Cannot return null for non-nullable field/;
/** The type of an entity that the subgraph that has the types does not know (@interfaceObject). */
const TYPELESS = /^Invalid value for field/;

/** Errors without a cause, and causes without an error. */
function unexplained(
  errors: Reply["errors"],
  calls: ReadonlySet<string>,
  graph: TestGraph,
): readonly string[] {
  const told = errors
    .filter(({ message }) => !OWN_FAULT.test(message) && !(graph === INTERFACES && TYPELESS.test(message)))
    .map(({ extensions: { code, service } }) => `${String(code)} ${String(service)}`);
  return [
    ...told.filter((each) => !calls.has(each)),
    ...[...calls].filter((call) => !told.includes(call)).map((call) => `not told: ${call}`),
  ];
}

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
    `${RUNS} random operations`,
    async () => {
      // What a field comes to that requires what cannot be had is its subgraph's affair.
      const withoutFields = [...served.model.shapes.requires.keys()].map((place) =>
        place.replace(/^.*\./, ""),
      );
      const inputs = [array(nat(5_039), { maxLength: 200, size: "max" }), nat(1_000), nat(1_000)] as const;
      const property = asyncProperty(...inputs, async (decisions, seed, number) => {
        const operation = operationFrom(engine.schema, decisions, { withoutFields });
        const { query, variables } = operation;
        const { trouble, calls, isUnknown } = troubleOf(number);
        served.trouble = trouble;
        const reply = await engine.native(query, variables, seed);
        const isWhole = calls.size === 0 && !isUnknown();
        const right = answerByOracle(engine.schema, served.model, parse(query), variables, seed);
        const wrong = isWhole
          ? differences(reply, { data: JSON.stringify(right.data), errors: right.errors ?? [] })
          : faultsOfPart(engine.schema, served.model, parse(query), variables, seed, reply.data ?? "");
        expect({ ...operation, wrong }).toEqual({ ...operation, wrong: [] });
        const untold = unexplained(reply.errors, calls, graph);
        expect({ ...operation, untold }).toEqual({ ...operation, untold: [] });
      });
      await assert(property, { numRuns: RUNS, seed: SEED });
    },
    10_000 + RUNS * 1_000,
  );
});
