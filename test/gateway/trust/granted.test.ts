/**
 * Random operations of random callers for random purposes: the engine answers as the plain reference does, and no
 * subgraph is asked for anything that is not granted.
 * `DIFFERENTIAL_RUNS=5000 DIFFERENTIAL_SEED=7 npx vitest run test/gateway/trust/granted.test.ts` runs for longer.
 */
import { array, assert, asyncProperty, constantFrom, nat, subarray } from "fast-check";
import { type FieldNode, isAbstractType, parse, TypeInfo, visit, visitWithTypeInfo } from "graphql";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildSubgraphSchema } from "@apollo/subgraph";
import { type NativeOnly, openNative } from "../execute/engines.ts";
import { operationFrom } from "../execute/operations.ts";
import { serveGraph, type ServedGraph } from "../execute/subgraphs.ts";
import {
  answerGranted,
  type Asking,
  callerAs,
  CONSUMERS,
  GRANTED,
  mayRead,
  PURPOSES,
  STATED,
} from "./granted.ts";

const RUNS = Number(process.env["DIFFERENTIAL_RUNS"] ?? 150);
const SEED = Number(process.env["DIFFERENTIAL_SEED"] ?? 1);

const schemas = new Map(
  Object.entries(GRANTED.subgraphs).map(([name, sdl]) => [
    name,
    buildSubgraphSchema({ typeDefs: parse(sdl) }),
  ]),
);

let served: ServedGraph;
let engine: NativeOnly;
beforeAll(async () => {
  served = await serveGraph(GRANTED);
  engine = await openNative(served.sdl, {}, { grants: STATED, purposes: PURPOSES });
});
afterAll(async () => {
  await engine?.close();
  await served?.close();
});

/** What is fetched for another field, and not told: keys, and what a field needs that may itself be read. */
function isNeeded(asking: Asking, coordinate: string): boolean {
  if (coordinate === "Person.id" || coordinate === "Book.id") return true;
  return coordinate === "Person.number" && mayRead(asking, "Person", "card");
}

/** Fields of calls to subgraphs that are not granted: of any object that may stand there. */
function forbidden(calls: readonly string[], asking: Asking): readonly string[] {
  const found: string[] = [];
  for (const call of calls) {
    const [, name = "", query = ""] = /^(\w+) (.*) \{.*?\}$/s.exec(call) ?? [];
    const schema = schemas.get(name);
    if (schema === undefined) throw new Error(`a call to nobody: ${call}`);
    const info = new TypeInfo(schema);
    const onField = ({ name: { value: field } }: FieldNode) => {
      const parent = info.getParentType();
      if (field.startsWith("_") || parent == null) return;
      for (const { name: type } of isAbstractType(parent) ? schema.getPossibleTypes(parent) : [parent])
        if (!mayRead(asking, type, field) && !isNeeded(asking, `${type}.${field}`))
          found.push(`${type}.${field} ${call}`);
    };
    visit(parse(query), visitWithTypeInfo(info, { Field: onField }));
  }
  return found;
}

const REFUSALS: ReadonlySet<unknown> = new Set(["NOT_GRANTED", "FORBIDDEN"]);

test(
  `${RUNS} random operations of random callers for random purposes`,
  async () => {
    const property = asyncProperty(
      array(nat(5_039), { maxLength: 200, size: "max" }),
      nat(1_000),
      subarray([...CONSUMERS]),
      constantFrom(undefined, ...Object.keys(PURPOSES)),
      async (decisions, seed, names, purpose) => {
        const asking = { caller: callerAs(...names), purpose };
        const { query, variables } = operationFrom(engine.schema, decisions);
        served.asked.length = 0;
        const reply = await engine.native(query, variables, seed, asking.caller, purpose);
        const right = answerGranted(engine.schema, served.model, query, variables, seed, asking);
        const isRefused = ({ errors }: { readonly errors?: typeof reply.errors }) =>
          (errors ?? []).some(({ extensions }) => REFUSALS.has(extensions["code"]));
        // An error of the model's own may stand where the reference came to a refusal first, and the other way round.
        const isTold = isRefused(reply) === isRefused(right) || reply.errors.length > 0;
        const asked = forbidden(served.asked, asking);
        expect({ query, variables, names, purpose, asked, data: reply.data, isTold }).toEqual({
          query,
          variables,
          names,
          purpose,
          asked: [],
          data: JSON.stringify(right.data),
          isTold: true,
        });
      },
    );
    await assert(property, { numRuns: RUNS, seed: SEED });
  },
  10_000 + RUNS * 500,
);

test("a purpose that is not listed asks nobody", async () => {
  served.asked.length = 0;
  const reply = await engine.native("{ open }", {}, 0, callerAs("role:reader"), "curiosity");
  expect(reply).toMatchObject({ data: undefined, errors: [{ extensions: { code: "PURPOSE_UNKNOWN" } }] });
  expect(reply.errors[0]?.message).toContain("Allowed: audit, care, other");
  expect(served.asked).toEqual([]);
});
