/**
 * Documents of clients, parsed and validated once (GraphQL sections 2 and 5): kept by their text, and shared by texts
 * that differ only in what does not matter, so that a plan is made once for all of them.
 */
import {
  type DocumentNode,
  getOperationAST,
  GraphQLError,
  type GraphQLSchema,
  type OperationTypeNode,
  print,
} from "graphql";
import type { Limits } from "../limits/limits.ts";
import { excesses, parseWithin } from "../limits/operation.ts";
import { Refusal } from "../limits/refusal.ts";
import { createLru } from "../transport/lru.ts";
import { RULES } from "./defer-rules.ts";
import { validateBy } from "./validate.ts";

/** A valid operation, as the engine takes it but for the values of its variables. */
export interface OpenedOperation {
  readonly document: DocumentNode;
  readonly name: string | undefined;
  readonly kind: OperationTypeNode;
  /** Names the operation, whatever the spacing and comments of its text. */
  readonly hash: string;
}

/** An operation that can be executed, or why not. */
export type Opened =
  | { readonly operation: OpenedOperation; readonly errors?: undefined }
  | { readonly operation?: undefined; readonly errors: readonly GraphQLError[] };

export interface Documents {
  /** Opens the operation `name` of a document; `name` may be left out where there is only one. */
  readonly open: (text: string, name: string | undefined) => Opened;
  /** Texts and names opened last, the latest first. */
  readonly recent: (count: number) => readonly { readonly text: string; readonly name: string | undefined }[];
}

const KEPT = 2_000;
/** Characters; of longer documents only a few are kept, rather than let the cache grow without bound. */
const LONGEST = 20_000;
const KEPT_LONG = 4;

export function createDocuments(schema: GraphQLSchema, limits?: Limits): Documents {
  const opened = createLru<Opened>(KEPT, LONGEST);
  /** A request opens its document several times on its way: a long one is worked on once all the same. */
  const long = createLru<Opened>(KEPT_LONG, Number.POSITIVE_INFINITY);
  return {
    open(text, name) {
      const key = `${name ?? ""}\n${text}`;
      return (key.length > LONGEST ? long : opened).get(key, () => open(schema, limits, text, name));
    },
    recent: (count) =>
      opened.recent(count).map((key) => {
        const end = key.indexOf("\n");
        return { text: key.slice(end + 1), name: end === 0 ? undefined : key.slice(0, end) };
      }),
  };
}

function open(
  schema: GraphQLSchema,
  limits: Limits | undefined,
  text: string,
  name: string | undefined,
): Opened {
  const document = parseWithin(text, limits);
  if (document instanceof Refusal) return { errors: [document] };
  if (document instanceof GraphQLError) return refused("GRAPHQL_PARSE_FAILED", [document]);
  // Before validation: rules compare fields in pairs.
  const tooMuch = excesses(document, limits);
  if (tooMuch.length > 0) return { errors: tooMuch };
  const faults = validateBy(RULES, schema, document);
  if (faults.length > 0) return refused("GRAPHQL_VALIDATION_FAILED", faults);
  const operation = getOperationAST(document, name);
  if (operation == null) {
    const reason =
      name === undefined
        ? "The document has several operations; name the one to execute in operationName."
        : `The document has no operation named "${name}".`;
    return refused("OPERATION_RESOLUTION_FAILURE", [new GraphQLError(reason)]);
  }
  if (schema.getRootType(operation.operation) == null)
    return refused("GRAPHQL_VALIDATION_FAILED", [
      new GraphQLError(`The graph has no ${operation.operation} fields.`, { nodes: operation }),
    ]);
  const hash = `${operation.name?.value ?? ""}\n${print(document)}`;
  return { operation: { document, name: operation.name?.value, kind: operation.operation, hash } };
}

function refused(code: string, faults: readonly GraphQLError[]): Opened {
  const errors = faults.map(
    ({ message, nodes, source, positions }) =>
      new GraphQLError(message, {
        nodes: nodes ?? null,
        source: source ?? null,
        positions: positions ?? null,
        extensions: { code },
      }),
  );
  return { errors };
}
