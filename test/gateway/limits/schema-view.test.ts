import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openContext } from "../../../gateway/context.ts";
import { DEFAULT_LIMITS } from "../../../gateway/limits/limits.ts";
import { maySeeSchema } from "../../../gateway/limits/schema-view.ts";
import { ANONYMOUS } from "../../../gateway/trust/caller.ts";
import { type RunningGateway, startGateway } from "../running.ts";
import type { TestServer } from "../servers.ts";
import { composeShop, startOrders } from "../shop.ts";

test.each([
  ["all", false, true],
  ["known", false, false],
  ["known", true, true],
  ["none", true, false],
] as const)("introspection for %s, authenticated %s: %s", (introspection, isAuthenticated, may) => {
  const context = openContext("id", {});
  context.caller = { ...ANONYMOUS, isAuthenticated };
  expect(maySeeSchema(introspection, context)).toBe(may);
});

describe.each(["known", "none"] as const)("%s, for whoever is not known", (introspection) => {
  let gateway: RunningGateway;
  let orders: TestServer;
  beforeAll(async () => {
    orders = await startOrders([]);
    const { url } = orders;
    const supergraph = composeShop({ orders: url, stock: url, notes: url });
    gateway = await startGateway(supergraph, [], { limits: { ...DEFAULT_LIMITS, introspection } });
  });
  afterAll(async () => {
    await gateway.close();
    await orders.close();
  });

  test.each([
    "{ __schema { types { name } } }",
    '{ __type(name: "Order") { name } }',
    "{ order(id: 1) { id } x: __schema { description } }",
    "{ ... { ... on Query { __schema { description } } } }",
    "{ ...F } fragment F on Query { ...G } fragment G on Query { __schema { description } }",
    "query ($a: Boolean = false) { order(id: 1) { id } __schema @include(if: $a) { description } }",
    "query A { order(id: 1) { id } } query B { __schema { description } }",
  ])("refused: %s", async (query) => {
    orders.asked.length = 0;
    const response = await fetch(gateway.url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ query, ...(query.startsWith("query A") && { operationName: "B" }) }),
    });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: "INTROSPECTION_OFF" } }] });
    expect(orders.asked).toEqual([]);
  });

  test("__typename is no introspection", async () => {
    const { data } = await gateway.ask("{ __typename order(id: 1) { __typename } }");
    expect(data).toEqual({ __typename: "Query", order: { __typename: "Order" } });
  });

  test.each([
    ["{ ordr(id: 1) { id } }", {}, 'Cannot query field "ordr" on type "Query".'],
    ["{ order(ids: 1) { id } }", {}, 'Unknown argument "ids" on field "Query.order".'],
    ["{ ... on Ordr { id } }", {}, 'Unknown type "Ordr".'],
    ["query ($x: Strin) { order(id: 1) { id } }", {}, 'Unknown type "Strin".'],
  ])("errors suggest no names: %s", async (query, variables, message) => {
    const { errors } = await gateway.ask(query, variables);
    expect(errors.map((error) => error.message)).toContain(message);
    expect(JSON.stringify(errors)).not.toContain("Did you mean");
  });
});

test("for all, introspection is answered and names are suggested", async () => {
  const orders = await startOrders([]);
  const { url } = orders;
  const gateway = await startGateway(composeShop({ orders: url, stock: url, notes: url }));
  expect((await gateway.ask("{ __schema { queryType { name } } }")).status).toBe(200);
  const { errors } = await gateway.ask("{ ordr(id: 1) { id } }");
  await gateway.close();
  await orders.close();
  expect(errors[0]?.message).toContain('Did you mean "order"');
});
