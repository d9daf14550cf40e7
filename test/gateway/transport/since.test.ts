import { pino } from "pino";
import { expect, test } from "vitest";
import { createHttpTransport } from "../../../gateway/transport/http.ts";
import { rememberFailures } from "../../../gateway/transport/since.ts";
import { startRaw } from "../servers.ts";
import { request } from "./asking.ts";

test("an answer that is not signed as it must be is an alert, once in a row", async () => {
  const lines: { msg: string; level: number }[] = [];
  const log = pino({}, { write: (line: string) => void lines.push(JSON.parse(line) as (typeof lines)[0]) });
  const codes = [
    "SUBGRAPH_TIMEOUT",
    "SUBGRAPH_SIGNATURE_MISSING",
    "SUBGRAPH_SIGNATURE_INVALID",
    undefined,
  ] as const;
  const left = [...codes, ...codes];
  const ask = rememberFailures(async () => {
    const code = left.shift();
    return code === undefined ? { data: {} } : { failure: { code, reason: "test" } };
  }, log);
  for (const _code of codes.concat(codes)) await ask(request({ query: "{ a }", url: "http://a.example/" }));
  const row = [
    [40, "subgraph began to fail"],
    [50, "an answer is not what its subgraph signed, it was not used"],
    [30, "subgraph answers again"],
  ];
  expect(lines.map(({ level, msg }) => [level, msg])).toEqual([...row, ...row]);
});

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
