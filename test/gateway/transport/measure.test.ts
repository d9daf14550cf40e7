import fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openContext } from "../../../gateway/context.ts";
import type { Member } from "../../../gateway/members.ts";
import { addFigures, measureCalls, percentile, WINDOW_S } from "../../../gateway/transport/measure.ts";
import type { SubgraphResponse } from "../../../gateway/transport/transport.ts";

beforeEach(() => void vi.useFakeTimers({ toFake: ["performance", "Date"], now: Date.UTC(2026, 10, 22) }));
afterEach(() => void vi.useRealTimers());

const MEMBER: Member = { key: "N1", aliases: [], url: "http://north/graphql", subgraphs: ["stock"] };

/** A measured transport whose calls take as long, and end so, as they are told. */
function measured() {
  let next: { readonly ms: number; readonly response: SubgraphResponse } = { ms: 0, response: {} };
  const { ask, probe, measurement } = measureCalls(async () => {
    vi.advanceTimersByTime(next.ms);
    return next.response;
  });
  const call =
    (by: typeof ask) =>
    (ms: number, response: SubgraphResponse = {}, member?: Member) => {
      next = { ms, response };
      const url = member?.url ?? "http://orders/graphql";
      const service = member === undefined ? "orders" : "stock";
      const context = openContext("1", {});
      return by({ service, member, url, query: "{ __typename }", variables: {}, context });
    };
  return { ask: call(ask), probe: call(probe), measurement };
}

const DOWN = { code: "SUBGRAPH_UNREACHABLE", reason: "x", since: "2026-11-22T00:00:00.000Z" } as const;

test("counts calls, failures and answers with errors, by service and member", async () => {
  const { ask, measurement } = measured();
  await ask(5);
  await ask(5, { errors: [{ message: "no", extensions: {} }] });
  await ask(3000, { failure: DOWN }, MEMBER);
  await ask(5, { failure: { ...DOWN, code: "SUBGRAPH_SIGNATURE_INVALID" } }, MEMBER);
  expect(measurement().calls).toMatchObject([
    { service: "orders", member: undefined, calls: 2, failed: 0, forged: 0, faulty: 1 },
    { service: "stock", member: "N1", calls: 2, failed: 2, forged: 1, faulty: 0 },
  ]);
});

test("forgets what is longer ago than the window", async () => {
  const { ask, measurement } = measured();
  await ask(5);
  vi.advanceTimersByTime((WINDOW_S / 2) * 1000);
  await ask(5);
  expect(measurement().calls).toMatchObject([{ calls: 2 }]);
  vi.advanceTimersByTime((WINDOW_S / 2) * 1000);
  expect(measurement().calls).toMatchObject([{ calls: 1 }]);
  vi.advanceTimersByTime(WINDOW_S * 1000);
  expect(measurement().calls).toMatchObject([{ calls: 0, durations: [] }]);
  await ask(5);
  expect(measurement().calls).toMatchObject([{ calls: 1 }]);
});

test("keeps of each address how its last call ended, and since when it fails", async () => {
  const { ask, probe, measurement } = measured();
  await ask(7, {}, MEMBER);
  await ask(7, { failure: DOWN });
  expect(measurement().addresses).toMatchObject([
    { url: "http://north/graphql", duration: 7, failure: undefined },
    { url: "http://orders/graphql", failure: { code: DOWN.code, since: DOWN.since } },
  ]);
  // Whoever looks whether it is back is no client.
  await probe(9);
  expect(measurement().addresses[1]).toMatchObject({ duration: 9, failure: undefined });
  expect(measurement().calls).toMatchObject([{ service: "stock" }, { service: "orders", calls: 1 }]);
});

test("a percentile is right to a tenth, also of several processes together", async () => {
  const duration = fc.integer({ min: 1, max: 100_000 });
  await fc.assert(
    fc.asyncProperty(fc.array(duration, { minLength: 1, maxLength: 40 }), fc.nat(39), async (all, cut) => {
      const parts = [all.slice(0, cut), all.slice(cut)].filter((part) => part.length > 0);
      const figures = [];
      for (const part of parts) {
        const { ask, measurement } = measured();
        // All of one stretch of time: only how long they took is told apart.
        for (const ms of part) await ask(ms);
        figures.push(...measurement().calls);
      }
      const together = addFigures(figures);
      const kept = together.durations.reduce((total, [, times]) => total + times, 0);
      expect(kept).toBe(together.calls);
      if (together.calls < all.length) return;
      const sorted = all.toSorted((one, other) => one - other);
      for (const share of [0.5, 0.95]) {
        const exact = sorted[Math.ceil(sorted.length * share) - 1] ?? Number.NaN;
        const told = percentile(together, share) ?? Number.NaN;
        expect(Math.abs(told / exact - 1)).toBeLessThan(0.1);
      }
    }),
    { numRuns: 60 },
  );
  expect(percentile(addFigures([]), 0.5)).toBeUndefined();
});
