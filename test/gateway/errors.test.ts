import { describe, expect, test } from "vitest";
import { errorMessage, GATEWAY_ERRORS, type GatewayErrorCode } from "../../gateway/errors.ts";

const codes = Object.keys(GATEWAY_ERRORS) as GatewayErrorCode[];
const details = {
  service: "stock",
  member: "N1",
  memberName: "North",
  status: 502,
  key: "N2",
  allowed: ["N1", "S1"],
  limit: 3000,
  requestId: "id-1",
  kind: "subgraph",
  name: "stock",
  owner: "north",
  reason: "line 1 is wrong.",
  asked: 7,
  count: 2,
} as const;

/** Words that clients of automatic persisted queries look for. */
const PROTOCOL: ReadonlySet<string> = new Set(["PersistedQueryNotFound", "PersistedQueryNotSupported"]);

describe.each(codes)("%s", (code) => {
  test("has a message in both languages, which differ, and a remedy", () => {
    const [english, vietnamese] = [errorMessage(code, details, "en"), errorMessage(code, details, "vi")];
    expect(english).not.toBe(vietnamese);
    for (const text of [english, vietnamese, GATEWAY_ERRORS[code].remedy]) {
      if (PROTOCOL.has(text)) continue;
      expect(text).toMatch(/^\p{Lu}.*[.…]$/u);
      expect(text).not.toMatch(/undefined|http:/);
    }
  });

  test("has a code in capitals and an HTTP status", () => {
    expect(code).toMatch(/^[A-Z]+(_[A-Z]+)*$/);
    expect(GATEWAY_ERRORS[code].status).toBeGreaterThanOrEqual(200);
    expect(GATEWAY_ERRORS[code].status).toBeLessThan(600);
  });
});

test("a message names the service, and the member by key and name", () => {
  expect(errorMessage("SUBGRAPH_TIMEOUT", details, "en")).toBe(
    'Member N1 (North) of service "stock" did not answer within 3000 ms.',
  );
  expect(errorMessage("SUBGRAPH_TIMEOUT", { service: "stock", limit: 3000 }, "vi")).toBe(
    'Dịch vụ "stock" không trả lời trong 3000 ms.',
  );
});
