/**
 * What an operation ought to come to: graphql-js executes it on the API schema, as if the graph were one service that
 * reads the model.
 */
import {
  type DocumentNode,
  executeSync,
  type ExecutionResult,
  type GraphQLSchema,
  isLeafType,
  isListType,
  isNonNullType,
  type GraphQLOutputType,
} from "graphql";
import { canonical, type Model, type Thing } from "./model.ts";

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

/** An object, and what a reply tells of it. */
interface Told {
  readonly thing: Thing;
  readonly told: Readonly<Record<string, unknown>>;
}

/**
 * What is wrong with `data` when some of the answer could not be had: it may have nulls where null is allowed; all else
 * must be as the model has it. Empty when nothing is wrong.
 */
export function faultsOfPart(
  schema: GraphQLSchema,
  model: Model,
  document: DocumentNode,
  variableValues: Readonly<Record<string, unknown>>,
  seed: number,
  data: string,
): readonly string[] {
  const faults: string[] = [];
  const root = JSON.parse(data) as Record<string, unknown> | null;
  // Null as a whole: whether it had to be is seen from its errors.
  if (root === null) return [];

  /** What graphql-js is to complete. */
  function pair(type: GraphQLOutputType, value: unknown, told: unknown, key: string): unknown {
    if (isNonNullType(type)) return pair(type.ofType, value, told, key);
    if (told === null || told === undefined) return null;
    const isList = isListType(type);
    if (value === null || isList !== Array.isArray(told)) {
      faults.push(`${key}: ${canonical(told)} instead of ${canonical(value)}`);
      return null;
    }
    if (isListType(type)) {
      const values = value as unknown[];
      const items = told as unknown[];
      if (values.length !== items.length) faults.push(`${key}: another length`);
      return items.map((item, index) => pair(type.ofType, values[index] ?? null, item, key));
    }
    if (!isLeafType(type)) return { thing: value, told };
    if (canonical(value) !== canonical(told))
      faults.push(`${key}: ${canonical(told)} instead of ${canonical(value)}`);
    return told;
  }

  const { errors = [], data: completed } = executeSync({
    schema,
    document,
    variableValues,
    rootValue: { thing: undefined, told: root },
    typeResolver: (value) => (value as Told).thing.type,
    fieldResolver: (source, args, _context, info) => {
      const { told, thing = { type: info.parentType.name, number: 0 } } = source as Partial<Told>;
      let value: unknown = null;
      try {
        value = model.read(seed, thing, info.fieldName, args as object);
      } catch {
        // Failed: null.
      }
      return pair(info.returnType, value, told?.[info.path.key], String(info.path.key));
    },
  });
  for (const { message } of errors) faults.push(message);
  if (faults.length === 0 && JSON.stringify(completed) !== data) faults.push("the order or number of fields");
  return faults;
}
