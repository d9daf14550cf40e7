/**
 * The benchmark's subgraphs, all in one process, each on a port of its own: the shop, and the partitioned stores.
 * The parent is told their URLs; GET /counts tells how often they were asked since the last time.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { announceReady, runProgram } from "../../../process/lifecycle.ts";
import { createAnswer, type Request, type Subgraph } from "./answer.ts";
import { createShop } from "./shop.ts";
import { createDirectory, createStock } from "./stores.ts";

/** What the parent is told. */
export interface Announced {
  readonly countsUrl: string;
  readonly shop: readonly Service[];
  readonly directory: Service;
  /** The member servers, by the number of their store. */
  readonly stock: readonly Service[];
}

export interface Service {
  readonly name: string;
  readonly url: string;
  readonly sdl: string;
}

/** Since they were read last. */
export interface Counts {
  readonly requests: number;
  /** Different Authorization headers. */
  readonly authorizations: number;
}

/** Bodies whose answers are at hand. A gateway that asks for the same again costs one look into a map. */
const REMEMBERED = 5_000;
const STORES = 200;

let requests = 0;
const authorizations = new Set<string>();

runProgram(async () => {
  const shop = await Promise.all(
    Object.entries(createShop()).map(([name, subgraph]) => serve(name, subgraph)),
  );
  const directory = await serve("directory", createDirectory(STORES));
  const stock = await Promise.all(
    Array.from({ length: STORES }, (_, store) => serve("stock", createStock(store))),
  );
  const countsUrl = `http://127.0.0.1:${await listen(sendCounts)}/counts`;
  announceReady({ countsUrl, shop, directory, stock } satisfies Announced);
});

async function serve(name: string, subgraph: Subgraph): Promise<Service> {
  const answer = createAnswer(subgraph);
  const remembered = new Map<string, Buffer>();
  const port = await listen((request, response) => {
    requests += 1;
    const { authorization } = request.headers;
    if (authorization !== undefined) authorizations.add(authorization);
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = (chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)).toString();
      let bytes = remembered.get(body);
      if (bytes === undefined) {
        if (remembered.size >= REMEMBERED) remembered.clear();
        bytes = Buffer.from(answerBody(answer, body));
        remembered.set(body, bytes);
      }
      response.writeHead(200, ["content-type", "application/json", "content-length", `${bytes.length}`]);
      response.end(bytes);
    });
  });
  return { name, url: `http://127.0.0.1:${port}/graphql`, sdl: subgraph.sdl };
}

/** A gateway that asks for what is not there learns why; the answers will not be those expected. */
function answerBody(answer: ReturnType<typeof createAnswer>, body: string): string {
  try {
    const asked = JSON.parse(body) as Request | readonly Request[];
    return Array.isArray(asked) ? `[${asked.map(answer).join(",")}]` : answer(asked as Request);
  } catch (error) {
    return JSON.stringify({ errors: [{ message: (error as Error).message }] });
  }
}

function sendCounts(_request: IncomingMessage, response: ServerResponse): void {
  const counts: Counts = { requests, authorizations: authorizations.size };
  requests = 0;
  authorizations.clear();
  response.end(JSON.stringify(counts));
}

async function listen(
  listener: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<number> {
  // No limit on the time a connection stays idle: a gateway must not find one closed that it meant to use.
  const server = createServer({ keepAliveTimeout: 0 }, listener);
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return (server.address() as AddressInfo).port;
}
