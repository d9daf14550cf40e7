/**
 * What the registry tells: any key may read, but for the list of keys, which is the operator's.
 */
import type { FastifyInstance } from "fastify";
import { admit, read } from "./access.ts";
import { listAnswerKeys } from "./answer-keys.ts";
import { historyQuery, idParameter } from "./bodies.ts";
import { RegistryError } from "./errors.ts";
import { listGrants } from "./grants.ts";
import { listKeys } from "./keys.ts";
import type { RegistryParts } from "./server.ts";
import { readHistory, readSdl, readState } from "./sql.ts";
import type { GraphState } from "./state.ts";
import { registeredOperations, usedOperations } from "./usage-sql.ts";

export function registerReadRoutes(app: FastifyInstance, parts: RegistryParts): void {
  const { database, changes } = parts;

  const stateOf = async (id: string, request: Parameters<typeof admit>[1]): Promise<GraphState> => {
    const number = id === "latest" ? undefined : read(idParameter, id, request);
    const state = await readState(database, number);
    if (state?.composition === undefined)
      throw new RegistryError("NAME_UNKNOWN", { kind: "composition", name: id });
    return state;
  };

  app.get("/v1/whoami", async (request) => admit(parts, request, "owner", "gateway"));

  app.get("/v1/subgraphs", async (request) => {
    await admit(parts, request, "owner", "gateway");
    const { subgraphs } = (await readState(database))!;
    return { subgraphs: subgraphs.map(({ sdl: _sdl, ...subgraph }) => subgraph) };
  });

  app.get<{ Params: { name: string } }>("/v1/subgraphs/:name", async (request) => {
    await admit(parts, request, "owner", "gateway");
    const { name } = request.params;
    const subgraph = (await readState(database))!.subgraphs.find((candidate) => candidate.name === name);
    if (subgraph === undefined) throw new RegistryError("NAME_UNKNOWN", { kind: "subgraph", name });
    return subgraph;
  });

  app.get("/v1/members", async (request) => {
    await admit(parts, request, "owner", "gateway");
    return { members: (await readState(database))!.members };
  });

  app.get("/v1/variants", async (request) => {
    await admit(parts, request, "owner", "gateway");
    return { variants: (await readState(database))!.variants };
  });

  app.get("/v1/history", async (request) => {
    await admit(parts, request, "owner", "gateway");
    const { limit, before } = read(historyQuery, request.query, request);
    return { history: await readHistory(database, limit, before) };
  });

  app.get<{ Params: { id: string } }>("/v1/compositions/:id", async (request) => {
    await admit(parts, request, "owner", "gateway");
    const { composition, subgraphs, members, variants, supergraph } = await stateOf(
      request.params.id,
      request,
    );
    return {
      ...composition,
      subgraphs: subgraphs.map(({ sdl: _sdl, ...subgraph }) => subgraph),
      members,
      variants,
      hash: supergraph,
      supergraph: await readSdl(database, supergraph!),
    };
  });

  app.get<{ Params: { from: string; to: string } }>("/v1/compositions/:from/diff/:to", async (request) => {
    await admit(parts, request, "owner", "gateway");
    const [from, to] = [
      await stateOf(request.params.from, request),
      await stateOf(request.params.to, request),
    ];
    const { changes: schema } = await changes.composer.run({
      kind: "compare",
      before: await readSdl(database, from.supergraph!),
      after: await readSdl(database, to.supergraph!),
      operations: [],
    });
    return {
      from: from.composition,
      to: to.composition,
      subgraphs: difference(from.subgraphs, to.subgraphs, ({ name }) => name),
      members: difference(from.members, to.members, ({ key }) => key),
      variants: difference(
        from.variants.map((variant) => ({ ...variant, id: variant.sdl })),
        to.variants.map((variant) => ({ ...variant, id: variant.sdl })),
        ({ name }) => name,
      ),
      schema: schema.map(({ usedBy: _usedBy, ...change }) => change),
    };
  });

  app.get("/v1/keys", async (request) => {
    await admit(parts, request);
    return { keys: await listKeys(database) };
  });

  app.get("/v1/answer-keys", async (request) => {
    await admit(parts, request, "owner", "gateway");
    return { keys: await listAnswerKeys(database) };
  });

  app.get("/v1/grants", async (request) => {
    await admit(parts, request, "owner", "gateway");
    return { grants: await listGrants(database) };
  });

  app.get("/v1/operations", async (request) => {
    await admit(parts, request, "owner", "gateway");
    return {
      used: await usedOperations(database, "", changes.usageDays),
      registered: await registeredOperations(database),
    };
  });
}

interface Difference {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly string[];
}

function difference<T extends { readonly id: number | string }>(
  before: readonly T[],
  after: readonly T[],
  nameOf: (item: T) => string,
): Difference {
  const [old, next] = [before, after].map((list) => new Map(list.map((item) => [nameOf(item), item.id])));
  const names = [...next!.keys()];
  return {
    added: names.filter((name) => !old!.has(name)),
    removed: [...old!.keys()].filter((name) => !next!.has(name)),
    changed: names.filter((name) => old!.has(name) && old!.get(name) !== next!.get(name)),
  };
}
