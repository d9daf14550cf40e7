/**
 * The stock stack, selected by `--engine apollo`: @apollo/server reads, parses and validates what comes in, and
 * @apollo/gateway executes it. The reference that the own engine is compared with.
 */
import { ApolloServer, type ApolloServerOptionsWithGateway } from "@apollo/server";
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from "@apollo/server/plugin/disabled";
import { fastifyApolloHandler } from "@as-integrations/fastify";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { type ExecutionResult, GraphQLError, type OperationDefinitionNode, OperationTypeNode } from "graphql";
import type { Logger } from "../../process/log.ts";
import { extensionsOf, ownError, uniformErrors } from "../answer.ts";
import type { RequestContext } from "../context.ts";
import { GATEWAY_ERRORS, type GatewayErrorCode } from "../errors.ts";
import type { Operation, StockEngine } from "../execute/apollo.ts";
import type { Graphs } from "../graph.ts";
import type { Transport } from "../transport/transport.ts";

/** Apollo Server works on a copy of its context: what changes during the request is one level down. */
export interface FrontContext {
  readonly opened: RequestContext;
}

type FrontGateway = ApolloServerOptionsWithGateway<FrontContext>["gateway"];

/** Serves POST and GET at `path`. */
export async function registerStock(
  app: FastifyInstance,
  path: string,
  graphs: Graphs,
  log: Logger,
  contextOf: (request: FastifyRequest) => RequestContext,
): Promise<void> {
  const front = await startStockFront(graphs, log);
  app.route({
    url: path,
    method: ["GET", "POST"],
    handler: fastifyApolloHandler(front, { context: async (request) => ({ opened: contextOf(request) }) }),
  });
  app.addHook("onClose", () => front.stop());
}

/** Makes and starts the front. It follows the graphs: a new schema serves from the next request on. */
async function startStockFront(graphs: Graphs, log: Logger): Promise<ApolloServer<FrontContext>> {
  const front = new ApolloServer<FrontContext>({
    gateway: followGraphs(graphs, log),
    introspection: true,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    logger: log,
    // Nothing is reported to anybody, whatever keys the environment holds.
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
    ],
  });
  await front.start();
  return front;
}

/** Apollo Server's interface to a gateway, over the graphs. */
function followGraphs(graphs: Graphs, log: Logger): FrontGateway {
  return {
    onSchemaLoadOrUpdate(callback) {
      const tell = ({ engine, supergraph }: Graphs["current"]) =>
        callback({ apiSchema: engine.schema, coreSupergraphSdl: supergraph.sdl });
      tell(graphs.current);
      return graphs.onSchema(tell);
    },
    load: async () => ({
      executor: ({ document, operation, request, queryHash, schema, context }) => {
        // Undefined, against its type, when the document has no operation of the name asked for.
        const found = operation as OperationDefinitionNode | undefined;
        const { engine, transport } = graphs.withSchema(schema);
        if (engine.kind !== "apollo") throw new Error("the stock front serves the stock engine");
        return answerStock(
          {
            document,
            name: found?.name?.value ?? request.operationName,
            kind: found?.operation,
            variables: request.variables ?? {},
            hash: queryHash,
          },
          (context as FrontContext).opened,
          engine,
          transport,
          log,
        );
      },
    }),
    stop: async () => graphs.close(),
  };
}

/** Executes a valid operation. Never throws: what goes wrong stands in the result. */
async function answerStock(
  operation: Operation,
  context: RequestContext,
  engine: StockEngine,
  ask: Transport,
  log: Logger,
): Promise<ExecutionResult> {
  const { document, name, kind } = operation;
  if (kind !== undefined) context.operation = { document, name, kind };
  if (operation.kind === OperationTypeNode.SUBSCRIPTION)
    return { errors: [withStatus(ownError("SUBSCRIPTION_UNSUPPORTED", context))] };
  let result: ExecutionResult;
  try {
    result = await engine.execute(operation, context, ask);
  } catch (error) {
    result = { errors: [error as GraphQLError] };
  }
  const errors = uniformErrors(result.errors, context, log);
  const extensions = extensionsOf(result.extensions, context);
  return {
    ...("data" in result && { data: result.data ?? null }),
    ...(errors.length > 0 && { errors: "data" in result ? errors : errors.map(withStatus) }),
    ...(extensions && { extensions }),
  };
}

/** Apollo Server takes the HTTP status of a request that was not executed from its errors, and does not tell it. */
function withStatus(error: GraphQLError): GraphQLError {
  const code = error.extensions["code"] as GatewayErrorCode;
  const status = Object.hasOwn(GATEWAY_ERRORS, code) ? GATEWAY_ERRORS[code].status : undefined;
  if (status === undefined) return error;
  const { message, nodes = null, path = null } = error;
  return new GraphQLError(message, { nodes, path, extensions: { ...error.extensions, http: { status } } });
}
