/**
 * Both engines before subgraphs with resolvers of their own, for tests in which every value matters.
 */
import { afterAll, beforeAll } from "vitest";
import { startSubgraph, type TestServer } from "../servers.ts";
import { type Engines, type NativeOnly, openEngines, openNative, type Reply } from "./engines.ts";
import { composeAt } from "./subgraphs.ts";

export interface Part {
  readonly sdl: string;
  readonly resolvers: Record<string, unknown>;
}

/** What a reply says, without its errors' extensions. */
export interface Said {
  readonly data: unknown;
  readonly errors: readonly string[];
}

export interface Both {
  readonly native: (query: string, variables?: object) => Promise<Said>;
  readonly stock: (query: string, variables?: object) => Promise<Said>;
  /** `subgraph query` of everything that was asked since the last engine was. */
  readonly asked: () => readonly string[];
  readonly sdl: () => string;
}

/**
 * Within a `describe`: the subgraphs live as long as its tests.
 * @param isRefused whether the stock engine does not take the supergraph, so that only the own one can be asked
 */
export function serveBoth(parts: Readonly<Record<string, Part>>, isRefused = false): Both {
  const servers = new Map<string, TestServer>();
  let engines: NativeOnly & Partial<Engines>;
  let sdl = "";

  beforeAll(async () => {
    for (const [name, part] of Object.entries(parts))
      servers.set(name, await startSubgraph(part.sdl, part.resolvers));
    const subgraphs = Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, part.sdl]));
    sdl = composeAt({ name: "both", subgraphs }, (name) => servers.get(name)?.url ?? "");
    engines = isRefused ? await openNative(sdl) : await openEngines(sdl);
  });
  afterAll(async () => {
    await engines?.close();
    for (const server of servers.values()) await server.close();
  });

  const ask = (which: "native" | "stock") => async (query: string, variables?: object) => {
    for (const { asked } of servers.values()) asked.length = 0;
    const engine = engines[which];
    if (engine === undefined) throw new Error("the stock engine refuses this supergraph");
    return said(await engine(query, variables));
  };
  return {
    native: ask("native"),
    stock: ask("stock"),
    asked: () =>
      [...servers].flatMap(([name, { asked }]) =>
        asked.map(({ query }) => `${name} ${query.replaceAll(/\s+/g, " ")}`),
      ),
    sdl: () => sdl,
  };
}

function said({ data, errors }: Reply): Said {
  return {
    data: data === undefined ? undefined : (JSON.parse(data) as unknown),
    errors: errors.map(({ message, path }) => `${path?.join(".") ?? "-"} ${message}`),
  };
}
