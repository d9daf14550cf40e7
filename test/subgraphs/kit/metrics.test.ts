import { parse } from "graphql";
import { pino } from "pino";
import { expect, onTestFinished, test } from "vitest";
import { openDatabase } from "../../../subgraphs/kit/database.ts";
import { AgencyError } from "../../../subgraphs/kit/errors.ts";
import { sourceCallChannel } from "../../../subgraphs/kit/metrics.ts";
import { buildServedSchema } from "../../../subgraphs/kit/sdl.ts";
import { serveSubgraph } from "../../../subgraphs/kit/server.ts";
import { post } from "../../setup/agency.ts";
import { createDatabase } from "../../setup/database.ts";

test("a server counts its requests, errors, statements and calls, and tells them as Prometheus reads them", async () => {
  const database = await createDatabase([]);
  onTestFinished(() => database.close());
  const pool = openDatabase(database.url, 1);
  onTestFinished(() => pool.close());
  const server = await serveSubgraph({
    host: "127.0.0.1",
    port: 0,
    path: "/:agency/graphql",
    access: { authorization: false },
    log: pino({ level: "silent" }),
    schema: buildServedSchema([
      {
        typeDefs: parse("type Query { read: Int refused: Int }"),
        rows: { types: {}, fields: { "Query.read": "public", "Query.refused": "public" } },
        resolvers: {
          Query: {
            read: async () => (await pool.query<{ one: number }>("select 1 as one"))[0]?.one,
            refused: () => {
              throw new AgencyError("UNKNOWN_OFFICER", { officer: "CB01" });
            },
          },
        },
      },
    ]),
    context: () => ({}),
    ready: () => Promise.resolve(),
  });
  onTestFinished(() => server.close());
  const ask = (query: string) => post(`${server.url}/H56.14/graphql`, { query });
  await ask("{ read }");
  await ask("{ read refused }");
  await ask("{ nothing }");
  sourceCallChannel.publish({ agency: "H56.14", service: 'a "b"\\\n', outcome: "answered", seconds: 0.3 });

  const response = await fetch(`${server.url}/metrics`);
  expect(response.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
  const lines = (await response.text()).split("\n");
  const labels = String.raw`agency="H56.14",service="a \"b\"\\\n",outcome="answered"`;
  for (const line of [
    "# TYPE lienthong_subgraph_requests_total counter",
    'lienthong_subgraph_requests_total{status="200"} 2',
    'lienthong_subgraph_requests_total{status="400"} 1',
    'lienthong_subgraph_errors_total{code="UNKNOWN_OFFICER"} 1',
    'lienthong_subgraph_errors_total{code="GRAPHQL_VALIDATION_FAILED"} 1',
    "# TYPE lienthong_subgraph_request_seconds histogram",
    'lienthong_subgraph_request_seconds_bucket{le="+Inf"} 3',
    "lienthong_subgraph_request_seconds_count 3",
    `lienthong_subgraph_statements_total{database="${database.name}"} 2`,
    `lienthong_subgraph_source_seconds_bucket{${labels},le="0.25"} 0`,
    `lienthong_subgraph_source_seconds_bucket{${labels},le="0.5"} 1`,
    `lienthong_subgraph_source_seconds_sum{${labels}} 0.3`,
  ])
    expect(lines).toContain(line);
  // Every line is a comment or a sample with a number.
  for (const line of lines.filter((text) => text !== ""))
    expect(line).toMatch(/^(# (HELP|TYPE) .+|[a-z_]+(\{.*\})? [\d.e+-]+)$/);
});
