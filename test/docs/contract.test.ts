/**
 * docs/contract.md: every request in it is run against a subgraph of the kit, and its answer is the one that stands there
 * (`npx vitest run test/docs -u` writes the answers anew).
 */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { serveAgencies } from "../../subgraphs/kit/agency/serve.ts";
import { openDatabase } from "../../subgraphs/kit/database.ts";
import type { SubgraphServer } from "../../subgraphs/kit/server.ts";
import { insert, insertProcedure } from "../setup/agency.ts";
import { dropDatabase, freshDatabaseUrl } from "../setup/database.ts";
import { startTestGateway, type TestGateway } from "../setup/gateway.ts";

const PAGE = fileURLToPath(new URL("../../docs/contract.md", import.meta.url));
const WIDTH = 110;
const LONGEST_TEXT = 100;

const databaseUrl = freshDatabaseUrl();
let gateway: TestGateway;
let server: SubgraphServer;

beforeAll(async () => {
  // The clock alone: what waits, waits for real.
  vi.useFakeTimers({ toFake: ["Date"], now: new Date("2026-03-02T08:30:00+07:00") });
  gateway = await startTestGateway();
  server = await serveAgencies({
    agencies: [{ code: "H56.30", databaseUrl }],
    path: "/graphql",
    host: "127.0.0.1",
    port: 0,
    gatewayUrl: gateway.url,
    access: { authorization: false },
    log: pino({ level: "silent" }),
  });
  const database = openDatabase(databaseUrl, 1);
  await insert(database, "officer", { code: "CB01", name: "Trần Thị Bình", title: "Chuyên viên" });
  await insertProcedure(database, { code: "1.004222", name: "Đăng ký thường trú" });
  await insertProcedure(database, { code: "1.003197", name: "Xóa đăng ký thường trú" });
  const { id } = await insert<{ id: number }>(database, "agency_case", {
    dossier_code: "H56.30-260227-0001",
    procedure_code: "1.004222",
    state: 4,
    received_at: "2026-02-27T09:15:00+07:00",
    due_at: "2026-03-11T09:15:00+07:00",
    officer_code: "CB01",
    step_names: ["Tiếp nhận", "Thẩm định"],
    step_officers: ["CB01", null],
    step_started: ["2026-02-27T10:00:00+07:00", null],
    step_finished: [null, null],
  });
  const events = [
    ["2026-02-27T09:15:00+07:00", null, 1, null],
    ["2026-02-27T09:40:00+07:00", 1, 2, null],
    ["2026-02-27T10:00:00+07:00", 2, 4, "Đã phân công"],
  ] as const;
  for (const [index, [at, from, to, note]] of events.entries())
    await insert(database, "case_event", {
      case_id: id,
      sequence: index + 1,
      at,
      from_state: from,
      to_state: to,
      officer_code: from === null ? null : "CB01",
      note,
    });
  await database.close();
});
afterAll(async () => {
  vi.useRealTimers();
  await server.close();
  await gateway.close();
  await dropDatabase(databaseUrl);
});

test("every request of the page has the answer that stands there", async () => {
  const page = await readFile(PAGE, "utf8");
  const requests = /```sh\n(curl [\s\S]*?)\n```\n\n```json\n[\s\S]*?```/g;
  let rewritten = "";
  let end = 0;
  let count = 0;
  for (const match of page.matchAll(requests)) {
    const command = match[1] ?? "";
    rewritten += `${page.slice(end, match.index)}\`\`\`sh\n${command}\n\`\`\`\n\n\`\`\`json\n${pretty(await run(command))}\n\`\`\``;
    end = match.index + match[0].length;
    count++;
  }
  expect(count).toBe(16);
  rewritten += page.slice(end);

  // What the changes above made the agency report.
  await gateway.arrived(4);
  const document = /```graphql\n([\s\S]*?)\n```/.exec(page)?.[1];
  for (const { query } of gateway.received) expect(query).toBe(document);
  const reports = pretty(gateway.received.map(({ variables }) => variables));
  rewritten = rewritten.replace(/(as they arrive there:\n\n```json\n)[\s\S]*?```/, `$1${reports}\n\`\`\``);
  await expect(rewritten).toMatchFileSnapshot(PAGE);
});

test("a server that works says so", async () => {
  for (const path of ["/health/ready", "/health/live"])
    expect((await fetch(server.url + path)).status).toBe(200);
});

/** What the command's very words would send. */
async function run(command: string): Promise<unknown> {
  const [, path = ""] = /http:\/\/localhost:4005(\S*)/.exec(command) ?? [];
  const headers = [...command.matchAll(/-H '([\w-]+): ([^']+)'/g)].map(([, name = "", value = ""]) => [
    name,
    value,
  ]);
  const [, body = ""] = /-d '([\s\S]*)'$/.exec(command) ?? [];
  const response = await fetch(server.url + path, {
    method: "POST",
    headers: Object.fromEntries(headers) as Record<string, string>,
    body,
  });
  // A refusal by the rules is an answer; only what is not the schema's is none.
  expect(response.status).toBe(body.includes('agencyCase(agencyCode: \\"H56.30\\") {') ? 400 : 200);
  return response.json();
}

/** On one line what fits there; long texts are cut. */
function pretty(value: unknown, indent = ""): string {
  if (typeof value === "string" && value.length > LONGEST_TEXT)
    return JSON.stringify(`${value.slice(0, LONGEST_TEXT)}…`);
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const inner = `${indent}  `;
  const parts = Array.isArray(value)
    ? value.map((each) => pretty(each, inner))
    : Object.entries(value).map(([key, each]) => `${JSON.stringify(key)}: ${pretty(each, inner)}`);
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  const space = Array.isArray(value) ? "" : " ";
  const line = parts.length === 0 ? `${open}${close}` : `${open}${space}${parts.join(", ")}${space}${close}`;
  if (!line.includes("\n") && indent.length + line.length <= WIDTH) return line;
  return `${open}\n${parts.map((part) => inner + part).join(",\n")}\n${indent}${close}`;
}
