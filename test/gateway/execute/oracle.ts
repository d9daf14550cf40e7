/**
 * What an operation ought to come to: graphql-js executes it on the API schema, as if the graph were one service that
 * reads the model.
 */
import {
  type DocumentNode,
  executeSync,
  getNamedType,
  isCompositeType,
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
    fieldResolver: (source, args, _context, { fieldName, parentType, returnType }) => {
      const thing = (source ?? { type: parentType.name, number: 0 }) as Placed;
      const all = { ...(args as object), ...argumentsFromAbove(model, seed, thing, fieldName) };
      const value = model.read(seed, thing, fieldName, all, model.require(seed, thing, fieldName));
      return isCompositeType(getNamedType(returnType)) ? placed(value, thing) : value;
    },
  });
}

/** An object, and what it stands in. */
interface Placed extends Thing {
  readonly above?: Placed;
}

function placed(value: unknown, above: Placed): unknown {
  if (Array.isArray(value)) return value.map((item) => placed(item, above));
  return value === null ? null : { ...(value as Thing), above };
}

/** The values of a field's contextual arguments: of the nearest object above that sets the context. */
function argumentsFromAbove(model: Model, seed: number, { type, above }: Placed, field: string) {
  const values: Record<string, unknown> = {};
  for (const { name, setters, selection } of model.contextual.get(`${type}.${field}`) ?? []) {
    let setter = above;
    while (setter !== undefined && !setters.has(setter.type)) setter = setter.above;
    if (setter === undefined) throw new Error(`nothing above ${type}.${field} sets the context`);
    [values[name]] = Object.values(model.select(seed, setter, selection));
  }
  return values;
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
