/**
 * Random operations of random callers: the engine answers as the plain reference does, and no subgraph is asked for
 * anything that the caller may not read.
 * `DIFFERENTIAL_RUNS=5000 DIFFERENTIAL_SEED=7 npx vitest run test/gateway/trust/guarded.test.ts` runs for longer.
 */
import { array, assert, asyncProperty, nat, subarray } from "fast-check";
import { type FieldNode, isAbstractType, parse, TypeInfo, visit, visitWithTypeInfo } from "graphql";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildSubgraphSchema } from "@apollo/subgraph";
import { ANONYMOUS, type Caller } from "../../../gateway/trust/caller.ts";
import { type NativeOnly, openNative } from "../execute/engines.ts";
import { operationFrom } from "../execute/operations.ts";
import { serveGraph, type ServedGraph } from "../execute/subgraphs.ts";
import { answerGuarded, callerWith, GUARDED, mayRead, POLICIES, RIGHTS } from "./guarded.ts";

const RUNS = Number(process.env["DIFFERENTIAL_RUNS"] ?? 150);
const SEED = Number(process.env["DIFFERENTIAL_SEED"] ?? 1);

const schemas = new Map(
  Object.entries(GUARDED.subgraphs).map(([name, sdl]) => [
    name,
    buildSubgraphSchema({ typeDefs: parse(sdl) }),
  ]),
);

let served: ServedGraph;
let engine: NativeOnly;
beforeAll(async () => {
  served = await serveGraph(GUARDED);
  engine = await openNative(served.sdl);
});
afterAll(async () => {
  await engine?.close();
  await served?.close();
});

/** Whoever asks for more of a paper needs its key. */
const KEYS = new Set(["Paper.code"]);

/** Fields of calls to subgraphs that the caller may not read: of any object that may stand there. */
function forbidden(calls: readonly string[], caller: Caller): readonly string[] {
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
        if (!mayRead(caller, type, field) && !KEYS.has(`${type}.${field}`))
          found.push(`${type}.${field} ${call}`);
    };
    visit(parse(query), visitWithTypeInfo(info, { Field: onField }));
  }
  return found;
}

const someone = subarray([...RIGHTS, ...POLICIES, "anonymous"]);

test(
  `${RUNS} random operations of random callers`,
  async () => {
    const property = asyncProperty(
      array(nat(5_039), { maxLength: 200, size: "max" }),
      nat(1_000),
      someone,
      async (decisions, seed, rights) => {
        const caller = rights.includes("anonymous") ? ANONYMOUS : callerWith(...rights);
        const { query, variables } = operationFrom(engine.schema, decisions);
        served.asked.length = 0;
        const reply = await engine.native(query, variables, seed, caller);
        const right = answerGuarded(engine.schema, served.model, query, variables, seed, caller);
        const codes = ({ errors }: { readonly errors?: typeof reply.errors }) =>
          (errors ?? []).some(({ extensions }) => extensions["code"] === "FORBIDDEN");
        const expected = JSON.stringify(right.data);
        // An error of the model's own may stand where the reference came to a refusal first, and the other way round.
        const isTold = codes(reply) === codes(right) || reply.errors.length > 0;
        const asked = forbidden(served.asked, caller);
        expect({ query, variables, rights, asked, data: reply.data, isTold }).toEqual({
          query,
          variables,
          rights,
          asked: [],
          data: expected,
          isTold: true,
        });
      },
    );
    await assert(property, { numRuns: RUNS, seed: SEED });
  },
  10_000 + RUNS * 500,
);
