import { pino } from "pino";
import { expect, test } from "vitest";
import { createHttpTransport } from "../../../gateway/transport/http.ts";
import { rememberFailures } from "../../../gateway/transport/since.ts";
import { startRaw } from "../servers.ts";
import { request } from "./asking.ts";

test("an address keeps the time of its first failure until it answers again", async () => {
  let healthy = false;
  const server = await startRaw((_query, reply) => reply.end(healthy ? '{"data":{"a":1}}' : "no"));
  const http = createHttpTransport({ deadline: 2000, maxResponseSize: 1000, shareQueries: false });
  const lines: { msg: string; url?: string }[] = [];
  const log = pino({}, { write: (line: string) => void lines.push(JSON.parse(line) as { msg: string }) });
  const ask = rememberFailures(http.ask, log);
  const query = request({ query: "{ a }", url: server.url });

  const first = (await ask(query)).failure?.since;
  expect(Date.parse(first ?? "")).not.toBeNaN();
  expect((await ask(query)).failure?.since).toBe(first);
  healthy = true;
  expect((await ask(query)).failure).toBeUndefined();
  healthy = false;
  const second = (await ask(query)).failure?.since ?? "";
  expect(Date.parse(second)).toBeGreaterThanOrEqual(Date.parse(first ?? ""));
  expect(lines.map(({ msg }) => msg)).toEqual([
    "subgraph began to fail",
    "subgraph answers again",
    "subgraph began to fail",
  ]);
  await http.close();
  await server.close();
});
