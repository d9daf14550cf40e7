import { expect, test } from "vitest";
import { rawRefusal } from "../../../gateway/server/raw-refusal.ts";

test("an answer of HTTP, with the length of its body in bytes", () => {
  const [head = "", body = ""] = rawRefusal("SUBSCRIPTION_LIMIT", { limit: 7 }, "vi").split("\r\n\r\n");
  expect(head.split("\r\n")).toEqual([
    "HTTP/1.1 503 Service Unavailable",
    "content-type: application/json; charset=utf-8",
    `content-length: ${Buffer.byteLength(body)}`,
    "connection: close",
  ]);
  expect(JSON.parse(body)).toEqual({
    errors: [{ message: expect.stringContaining("7"), extensions: { code: "SUBSCRIPTION_LIMIT" } }],
  });
  expect(Buffer.byteLength(body)).toBeGreaterThan(body.length);
});
