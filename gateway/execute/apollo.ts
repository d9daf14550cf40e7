/**
 * The stock engine: plans and executes with @apollo/gateway.
 *
 * One engine serves one supergraph and never changes. A new supergraph gets a new engine: requests under way keep the
 * one they began with, and a supergraph that cannot be loaded leaves nothing half changed behind, as replacing the
 * schema within one ApolloGateway may.
 */
import { ApolloGateway, type GraphQLDataSource } from "@apollo/gateway";
import type { GatewayGraphQLRequestContext } from "@apollo/server-gateway-interface";
import type { DocumentNode, ExecutionResult, GraphQLSchema, OperationTypeNode } from "graphql";
import type { Logger } from "../../process/log.ts";
import type { RequestContext } from "../context.ts";
import type { Transport } from "../transport/transport.ts";

/** A parsed operation, valid against the engine's schema. */
export interface Operation {
  readonly document: DocumentNode;
  readonly name: string | undefined;
  /** Undefined when the document has no operation of that name: then executing it says so. */
  readonly kind: OperationTypeNode | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
  /** Names the document, so that its plan is made only once. */
  readonly hash: string;
}

export interface StockEngine {
  readonly kind: "apollo";
  /** What clients see of the supergraph. */
  readonly schema: GraphQLSchema;
  /** Executes an operation; every subgraph is asked through `ask`. */
  execute(operation: Operation, context: RequestContext, ask: Transport): Promise<ExecutionResult>;
}

/** What the gateway hands from an operation to its data sources. */
interface StockContext {
  readonly context: RequestContext;
  readonly ask: Transport;
}

/** @throws Error when the SDL is not a supergraph that the planner can work with. */
export async function createStockEngine(supergraphSdl: string, log: Logger): Promise<StockEngine> {
  // Without this, the gateway's constructor begins to send metrics to its makers.
  process.env["APOLLO_TELEMETRY_DISABLED"] = "true";
  const quiet = (message: unknown) => log.debug({ engine: message }, "engine");
  const gateway = new ApolloGateway({
    supergraphSdl,
    buildService: ({ name }) => dataSource(name),
    validateSupergraph: true,
    __exposeQueryPlanExperimental: false,
    // It reports at length what this program reports itself, or throws.
    logger: { debug: quiet, info: quiet, warn: quiet, error: quiet },
  });
  const { schema, executor } = await gateway.load();
  return {
    kind: "apollo",
    schema,
    execute: (operation, context, ask) => executor(stockRequest(operation, schema, { context, ask })),
  };
}

function dataSource(service: string): GraphQLDataSource {
  return {
    async process({ request, context }) {
      const { context: requestContext, ask } = context as StockContext;
      const { data, errors } = await ask({
        service,
        query: request.query ?? "",
        operationName: request.operationName,
        variables: request.variables ?? {},
        context: requestContext,
      });
      return { data: data ?? null, ...(errors && { errors }) } as Awaited<
        ReturnType<GraphQLDataSource["process"]>
      >;
    },
  };
}

/** The parts of an Apollo request that the stock executor reads, by the interface of Apollo Server 4. */
function stockRequest(
  { document, name, variables, hash }: Operation,
  schema: GraphQLSchema,
  context: StockContext,
): GatewayGraphQLRequestContext {
  const operation = {
    request: { variables, ...(name !== undefined && { operationName: name }) },
    document,
    operationName: name ?? null,
    queryHash: hash,
    schema,
    context,
    metrics: {},
  };
  return operation as unknown as GatewayGraphQLRequestContext;
}
