/**
 * The subgraphs of a test graph on one real HTTP server, one path each, answering from the model.
 */
import { createServer } from "node:http";
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
import type { TestGraph } from "./graphs/graph.ts";
import { createModel, type Model, type Thing } from "./model.ts";
import { directives } from "./shapes.ts";

export interface ServedGraph {
  readonly graph: TestGraph;
  readonly sdl: string;
  readonly model: Model;
  /** Every call, in order: `subgraph query variables`. */
  readonly asked: string[];
  close(): Promise<void>;
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
  const server = createServer((request, response) => {
    const name = decodeURIComponent((request.url ?? "").slice(1));
    let body = "";
    request.on("data", (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on("end", () => {
      const { query, variables } = JSON.parse(body) as { query: string; variables: Record<string, unknown> };
      asked.push(`${name} ${query} ${JSON.stringify(variables)}`);
      const answer = answers.get(name)?.(query, variables, Number(request.headers["authorization"] ?? 0));
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer));
    });
  });
  // A planner may hold the process up for so long that idle connections would be closed just as they are used again.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    graph,
    sdl: composeAt(graph, (name) => `http://127.0.0.1:${port}/${encodeURIComponent(name)}`),
    model,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
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

type Answer = (query: string, variables: Record<string, unknown>, seed: number) => unknown;

function answering(schema: GraphQLSchema, model: Model): Answer {
  const entityUnion = schema.getType("_Entity");
  if (isUnionType(entityUnion)) entityUnion.resolveType = undefined;
  const entities = schema.getQueryType()?.getFields()["_entities"];
  if (entities !== undefined)
    entities.resolve = (_root, { representations }) =>
      (representations as Record<string, unknown>[]).map((one) => model.find(one));
  const documents = new Map<string, DocumentNode | readonly GraphQLError[]>();
  const typeResolver = (value: unknown) => {
    const { type } = value as Thing;
    return schema.getType(type) === undefined ? model.shapes.groupOf(type) : type;
  };
  return (query, variableValues, seed) => {
    let document = documents.get(query);
    if (document === undefined) {
      document = check(schema, query);
      documents.set(query, document);
    }
    if (!("kind" in document)) return { errors: document };
    const fieldResolver: GraphQLFieldResolver<unknown, unknown> = (source, args, _context, info) => {
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
    return execute({ schema, document, variableValues, fieldResolver, typeResolver });
  };
}

function check(schema: GraphQLSchema, query: string): DocumentNode | readonly GraphQLError[] {
  const document = parse(query, { noLocation: true });
  const errors = validate(schema, document);
  return errors.length > 0
    ? errors.map(({ message }) => new GraphQLError(`invalid for the subgraph: ${message} in ${query}`))
    : document;
}
