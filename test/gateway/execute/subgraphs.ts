/**
 * The subgraphs of a test graph on one real HTTP server, one path each, answering from the model.
 */
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { composeServices } from "@apollo/composition";
import { buildSubgraphSchema } from "@apollo/subgraph";
import {
  type DocumentNode,
  execute,
  GraphQLError,
  type GraphQLFieldResolver,
  type GraphQLSchema,
  isUnionType,
  parse,
  validate,
} from "graphql";
import { withoutGuards } from "../../../gateway/trust/unguarded.ts";
import type { TestGraph } from "./graphs/graph.ts";
import { createModel, type Model, type Thing } from "./model.ts";
import { directives } from "./shapes.ts";

export interface ServedGraph {
  readonly graph: TestGraph;
  readonly sdl: string;
  readonly model: Model;
  /** Every call, in order: `subgraph query variables`. */
  readonly asked: string[];
  /** What is wrong with the subgraphs; undefined while nothing is. */
  trouble: Trouble | undefined;
  close(): Promise<void>;
}

export interface Trouble {
  /** What happens to a call (`subgraph query variables`) instead of its answer; undefined when nothing does. */
  readonly instead: (call: string) => RequestListener | undefined;
  /** Whether a subgraph knows an entity that it is asked for. */
  readonly knows: (subgraph: string, entity: Thing) => boolean;
}

export async function serveGraph(graph: TestGraph): Promise<ServedGraph> {
  const schemas = new Map(
    Object.entries(graph.subgraphs).map(([name, sdl]) => [
      name,
      buildSubgraphSchema({ typeDefs: parse(sdl) }),
    ]),
  );
  const model = createModel(graph, [...schemas.values()]);
  const answers = new Map([...schemas].map(([name, schema]) => [name, answering(schema, model)]));
  const asked: string[] = [];
  const state: { trouble: Trouble | undefined } = { trouble: undefined };
  const server = createServer((request, response) => {
    const name = decodeURIComponent((request.url ?? "").slice(1));
    let body = "";
    request.on("data", (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on("end", () => {
      const { query, variables } = JSON.parse(body) as { query: string; variables: Record<string, unknown> };
      const call = `${name} ${query} ${JSON.stringify(variables)}`;
      asked.push(call);
      const instead = state.trouble?.instead(call);
      if (instead !== undefined) return instead(request, response);
      const answer = answers.get(name)?.(query, variables, {
        seed: Number(request.headers["authorization"] ?? 0),
        knows: (entity) => state.trouble?.knows(name, entity) ?? true,
      });
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer));
    });
  });
  // A planner may hold the process up for so long that idle connections would be closed just as they are used again.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  const composed = composeAt(graph, (name) => `http://127.0.0.1:${port}/${encodeURIComponent(name)}`);
  return Object.assign(state, {
    graph,
    sdl: graph.isOpen === true ? withoutMasks(withoutGuards(composed)) : composed,
    model,
    asked,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
}

/** The oracle and the stock engine know no masks. */
function withoutMasks(sdl: string): string {
  return sdl.replaceAll(/@masked\(keep: \d[^)]*\)/g, "");
}

/** The supergraph of a test graph. */
export function composeAt({ subgraphs }: TestGraph, urlOf: (name: string) => string): string {
  const services = Object.entries(subgraphs).map(([name, sdl]) => ({
    name,
    url: urlOf(name),
    typeDefs: parse(sdl),
  }));
  const { supergraphSdl, errors } = composeServices(services);
  if (supergraphSdl === undefined) throw new Error(`does not compose: ${errors?.join("; ")}`);
  return supergraphSdl;
}

interface Asking {
  readonly seed: number;
  readonly knows: (entity: Thing) => boolean;
}

type Answer = (query: string, variables: Record<string, unknown>, asking: Asking) => unknown;

function answering(schema: GraphQLSchema, model: Model): Answer {
  const entityUnion = schema.getType("_Entity");
  if (isUnionType(entityUnion)) entityUnion.resolveType = undefined;
  const entities = schema.getQueryType()?.getFields()["_entities"];
  if (entities !== undefined)
    entities.resolve = (_root, { representations }, { knows }: Asking) =>
      (representations as Record<string, unknown>[]).map((one) => {
        const entity = model.find(one);
        return entity !== null && knows(entity) ? entity : null;
      });
  const documents = new Map<string, DocumentNode | readonly GraphQLError[]>();
  const typeResolver = (value: unknown) => {
    const { type } = value as Thing;
    return schema.getType(type) === undefined ? model.shapes.groupOf(type) : type;
  };
  const fieldResolver: GraphQLFieldResolver<unknown, Asking> = (source, args, { seed }, info) => {
    const thing = (source ?? { type: info.parentType.name, number: 0 }) as Thing;
    const required = directives(info.parentType.getFields()[info.fieldName] ?? {}, "requires");
    return model.read(
      seed,
      thing,
      info.fieldName,
      args,
      required.length > 0 ? model.requireTold(thing, info.fieldName) : undefined,
    );
  };
  return (query, variableValues, asking) => {
    let document = documents.get(query);
    if (document === undefined) {
      document = check(schema, query);
      documents.set(query, document);
    }
    if (!("kind" in document)) return { errors: document };
    return execute({ schema, document, variableValues, contextValue: asking, fieldResolver, typeResolver });
  };
}

function check(schema: GraphQLSchema, query: string): DocumentNode | readonly GraphQLError[] {
  const document = parse(query, { noLocation: true });
  const errors = validate(schema, document);
  return errors.length > 0
    ? errors.map(({ message }) => new GraphQLError(`invalid for the subgraph: ${message} in ${query}`))
    : document;
}
