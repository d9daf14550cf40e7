/**
 * The GraphQL front: @apollo/server reads, parses and validates what comes in, and hands it to `answerRequest`.
 */
import { ApolloServer, type ApolloServerOptionsWithGateway } from "@apollo/server";
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from "@apollo/server/plugin/disabled";
import type { OperationDefinitionNode } from "graphql";
import type { Logger } from "../../process/log.ts";
import type { RequestContext } from "../context.ts";
import type { Graphs } from "../graph.ts";
import { answerRequest } from "../request.ts";

/** Apollo Server works on a copy of its context: what changes during the request is one level down. */
export interface FrontContext {
  readonly opened: RequestContext;
}

type FrontGateway = ApolloServerOptionsWithGateway<FrontContext>["gateway"];

/** Makes and starts the front. It follows the graphs: a new schema serves from the next request on. */
export async function startFront(graphs: Graphs, log: Logger): Promise<ApolloServer<FrontContext>> {
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
        return answerRequest(
          {
            document,
            name: found?.name?.value ?? request.operationName,
            kind: found?.operation,
            variables: request.variables ?? {},
            hash: queryHash,
          },
          (context as FrontContext).opened,
          graphs.withSchema(schema),
          log,
        );
      },
    }),
    stop: async () => graphs.close(),
  };
}
