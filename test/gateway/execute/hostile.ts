/**
 * Two subgraphs that answer whatever a test wants, and the engine before them.
 */
import type { RequestListener } from "node:http";
import { afterAll, afterEach, beforeAll } from "vitest";
import { type Asked, startRaw, type TestServer } from "../servers.ts";
import { type NativeOnly, openNative, type Reply } from "./engines.ts";
import { link } from "./graphs/graph.ts";
import { composeAt } from "./subgraphs.ts";

const SDL = {
  main: `${link("@key")}
    scalar JSON
    enum Color { RED GREEN }
    interface Node { id: ID! }
    union Any = Thing | Box
    type Query {
      things: [Thing!] all: [Thing!]! thing: Thing must: Thing! maybe: [Thing]
      count: Int flag: Boolean ratio: Float text: String color: Color id: ID strict: Int!
      matrix: [[Int!]!] node: Node nodes: [Node] any: Any json: JSON constructor: String echo(text: String): String
    }
    type Mutation { a: Int b: Int! c: Int }
    type Thing implements Node @key(fields: "id") { id: ID! name: String sure: String! box: Box parts: [[Part!]!] }
    type Box implements Node { id: ID! name: String thing: Thing }
    type Part { weight: Int! }`,
  extra: `${link("@key")}
    type Thing @key(fields: "id") { id: ID! extra: String exact: String! other: Thing list: [Int!] }`,
} as const;

/** What a subgraph does: answers a body as it is, or JSON, or something else. */
export type Behaviour = RequestListener | { readonly body: string } | object;

type Name = keyof typeof SDL;
type Answers = Partial<Record<Name, Behaviour>>;

/** An answer with its errors in short: path, code, service, and the message where the code does not tell it all. */
interface Short<D> {
  readonly data: D;
  readonly errors: readonly string[];
}

export interface Hostile {
  readonly ask: (query: string, answers: Answers) => Promise<Short<unknown>>;
  /** The same with `data` as the text it is. */
  readonly askText: (query: string, answers: Answers) => Promise<Short<string | undefined>>;
  readonly askWhole: (query: string, answers: Answers) => Promise<Reply>;
  /** The request that a subgraph has just got. */
  readonly asked: (name: Name) => Asked;
}

/** Within a file of tests: the subgraphs live as long as the file. */
export function serveHostile(): Hostile {
  const servers = new Map<string, TestServer>();
  const behaviours = new Map<string, Behaviour>();
  let engine: NativeOnly;

  beforeAll(async () => {
    for (const name of Object.keys(SDL)) {
      const server = await startRaw((request, response) => {
        const behaviour = behaviours.get(name) ?? { errors: [{ message: `${name} is not to be asked` }] };
        if (typeof behaviour === "function") behaviour(request, response);
        else response.end("body" in behaviour ? behaviour.body : JSON.stringify(behaviour));
      });
      servers.set(name, server);
    }
    const sdl = composeAt({ name: "hostile", subgraphs: SDL }, (name) => servers.get(name)?.url ?? "");
    engine = await openNative(sdl, { deadline: 1_500, maxResponseSize: 20_000 });
  });
  afterEach(() => behaviours.clear());
  afterAll(async () => {
    await engine?.close();
    for (const server of servers.values()) await server.close();
  });

  async function askWhole(query: string, answers: Answers): Promise<Reply> {
    for (const [name, behaviour] of Object.entries(answers)) behaviours.set(name, behaviour);
    return engine.native(query);
  }

  async function askText(query: string, answers: Answers) {
    const { data, errors } = await askWhole(query, answers);
    return { data, errors: errors.map(short) };
  }

  return {
    askWhole,
    askText,
    async ask(query, answers) {
      const { data, errors } = await askText(query, answers);
      return { data: data === undefined ? undefined : (JSON.parse(data) as unknown), errors };
    },
    asked(name) {
      const asked = servers.get(name)?.asked.at(-1);
      if (asked === undefined) throw new Error(`${name} was not asked`);
      return asked;
    },
  };
}

function short({ message, path, extensions }: Reply["errors"][number]): string {
  const place = path === undefined ? "-" : path.join(".");
  const code = String(extensions["code"]);
  const named = code === "SUBGRAPH_ERROR" || code === "SUBGRAPH_INVALID_VALUE" ? ` ${message}` : "";
  return `${place} ${code} ${String(extensions["service"])}${named}`;
}
