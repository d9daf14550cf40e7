import { pino } from "pino";
import { expect, test, vi } from "vitest";
import { createStockEngine } from "../../../gateway/execute/apollo.ts";
import { composeShop } from "../shop.ts";

const log = pino({ level: "silent" });
const supergraph = composeShop({ orders: "http://127.0.0.1:1/" });

test("reports nothing to the makers of its library", async () => {
  delete process.env["APOLLO_TELEMETRY_DISABLED"];
  // Metrics are sent by a timer that the library starts when it is set up.
  const timers = vi.spyOn(globalThis, "setInterval");
  await createStockEngine(supergraph, log);
  expect(timers).not.toHaveBeenCalled();
  timers.mockRestore();
});

test("shows clients the graph without its federation", async () => {
  const { schema } = await createStockEngine(supergraph, log);
  expect(schema.getType("Shelf")).toBeDefined();
  expect(schema.getType("join__Graph")).toBeUndefined();
  expect(schema.getDirective("partition")).toBeUndefined();
});

test("refuses what is no supergraph", async () => {
  await expect(createStockEngine("type Query { a: Int }", log)).rejects.toThrow(/supergraph/i);
});
