/**
 * What an operation ought to come to: graphql-js executes it on the API schema, as if the graph were one service that
 * reads the model.
 */
import { type DocumentNode, executeSync, type ExecutionResult, type GraphQLSchema } from "graphql";
import type { Model, Thing } from "./model.ts";

export function answerByOracle(
  schema: GraphQLSchema,
  model: Model,
  document: DocumentNode,
  variableValues: Readonly<Record<string, unknown>>,
  seed: number,
): ExecutionResult {
  return executeSync({
    schema,
    document,
    variableValues,
    typeResolver: (value) => (value as Thing).type,
    fieldResolver: (source, args, _context, { fieldName, parentType }) => {
      const thing = (source ?? { type: parentType.name, number: 0 }) as Thing;
      return model.read(seed, thing, fieldName, args as object, model.require(seed, thing, fieldName));
    },
  });
}
