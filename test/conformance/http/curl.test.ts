/**
 * The commands of a report do what they say: run by a shell, they send the request that they were made from.
 */
import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { CHECKS } from "../../../conformance/checks.ts";
import { hostileBodies } from "../../../conformance/hostile/bodies.ts";
import { hostileDocuments } from "../../../conformance/hostile/documents.ts";
import { requestOf } from "../../../conformance/hostile/hostile.ts";
import { hostileHttp } from "../../../conformance/hostile/http.ts";
import { hostileValues } from "../../../conformance/hostile/values.ts";
import { bytesOf } from "../../../conformance/http/body.ts";
import { curlOf } from "../../../conformance/http/curl.ts";
import { HttpClient, type HttpRequest } from "../../../conformance/http/exchange.ts";
import { Subject } from "../../../conformance/subject.ts";

const run = promisify(execFile);

interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Buffer;
}

let origin: string;
let received: Received[] = [];
beforeAll(async () => {
  const server = createServer({ maxHeaderSize: 1_000_000 }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { host: _, connection: __, "user-agent": ___, ...headers } = request.headers;
      received.push({
        method: request.method ?? "",
        path: request.url ?? "",
        headers,
        body: Buffer.concat(chunks),
      });
      response.end("seen");
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return () => {
    server.close();
    server.closeAllConnections();
  };
});

/** What arrives from the checks' own client, and what from the command. */
async function bothWays(request: HttpRequest): Promise<Received[]> {
  received = [];
  const client = new HttpClient(request.url, 20_000);
  await client.send(request, true);
  client.close();
  const { stdout } = await run("/bin/sh", ["-c", curlOf(request)]);
  expect(stdout).toMatch(/^HTTP\/1\.1 200/m);
  return received;
}

function hex(each: Received | undefined): string | undefined {
  return each?.body.toString("hex");
}

/** What the command sent, and what it should have. */
async function compared(request: HttpRequest): Promise<readonly [pasted: object, wanted: object]> {
  const [sent, pasted] = await bothWays(request);
  // curl says that it takes any media type, where nothing is said.
  const accept = request.headers["accept"] === undefined ? { accept: "*/*" } : {};
  return [
    { ...pasted, body: hex(pasted) },
    { ...sent, headers: { ...sent?.headers, ...accept }, body: hex(sent) },
  ];
}

const JSON_HEADERS = { "content-type": "application/json", accept: "application/json" };

describe("a command sends what was sent", () => {
  const hostile = [...hostileBodies, ...hostileDocuments, ...hostileValues, ...hostileHttp]
    // The server of this test would refuse it before it could say what it got.
    .filter(({ name }) => name !== "method-unknown");
  test.each(hostile.map((each) => [each.name, each] as const))("%s", async (_name, each) => {
    const url = `${origin}/graphql`;
    const client = new HttpClient(url, 20_000);
    const subject = new Subject({ url, agency: "H56.14", client, readOnly: false, latencyLimit: 1 });
    const [pasted, wanted] = await compared(requestOf(each, subject));
    expect(pasted).toEqual(wanted);
  });

  test("whatever the body is", async () => {
    const piece = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.string(),
      fc.uint8Array({ maxLength: 40 }),
      fc.record({
        repeat: fc.string({ minLength: 1 }).filter((text) => !/[\n-]/.test(text)),
        times: fc.integer({ min: 1, max: 50 }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { minLength: 1, maxLength: 4 }), async (body) => {
        const [pasted, wanted] = await compared({
          method: "POST",
          url: `${origin}/a'b?c={d}&e=[1-9]`,
          headers: JSON_HEADERS,
          body: body,
        });
        expect(pasted).toEqual(wanted);
      }),
      { numRuns: 15, examples: [[[Uint8Array.of(0x2d, 0)]], [["--", Uint8Array.of(0)]]] },
    );
  });

  test("without a body, with an empty header, and in quotes", async () => {
    for (const headers of [{ accept: "x", "x-empty": "" }, { accept: 'it\'s; $(x) `y` "z" %d' }]) {
      const [pasted, wanted] = await compared({ method: "GET", url: `${origin}/`, headers });
      expect(pasted).toEqual(wanted);
    }
  });
});

test("a body is its pieces, one after another", () => {
  expect(bytesOf(["a", Buffer.from([0xff]), { repeat: "bc", times: 2 }])).toEqual(
    Buffer.from([0x61, 0xff, 0x62, 0x63, 0x62, 0x63]),
  );
});

test("there are at least sixty hostile requests, each with a name of its own", () => {
  const names = CHECKS.filter(({ id }) => id.startsWith("hostile.")).map(({ id }) => id);
  expect(names.length).toBeGreaterThanOrEqual(60);
  expect(new Set(names).size).toBe(names.length);
});
