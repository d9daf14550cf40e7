/**
 * The form of a GraphQL request over HTTP, checked before Mercurius takes it: that coerces `{"query": 1}` to text, takes
 * JSON in the query's place for a syntax tree, and compiles one operation of a document for all its names.
 */
import { GraphQLError, getOperationAST, parse } from "graphql";

/** The request is not what it should be; told to the client like every fault of a request. */
export class RequestFault extends Error {
  override readonly name = "RequestFault";
  readonly statusCode = 400;
}

type Parameters = Record<string, unknown> & { query: string };

/** Begins a JSON text, and no GraphQL document. */
const JSON_TEXT = /^\s*(?:[[\d"-]|\{\s*["}]|null|true|false)/;

/**
 * Checks a POST's body, and makes its query one that names its operation.
 * @throws RequestFault
 */
export function checkBody(body: unknown): void {
  if (!isObject(body)) throw new RequestFault("the body must be an object with a query");
  const given = checkParameters(body);
  for (const name of ["variables", "extensions"])
    if (given[name] != null && !isObject(given[name])) throw new RequestFault(`${name} must be an object`);
  nameOperation(given);
}

/**
 * Checks a GET's parameters.
 * @throws RequestFault
 */
export function checkQuery(parameters: unknown): void {
  if (!isObject(parameters)) throw new RequestFault("the URL must have a query");
  const given = checkParameters(parameters);
  for (const name of ["variables", "extensions"]) {
    const text = given[name];
    if (text !== undefined && (typeof text !== "string" || !isJson(text)))
      throw new RequestFault(`${name} must be JSON`);
  }
  const name = typeof given["operationName"] === "string" ? given["operationName"] : undefined;
  // Mercurius looks whether it is a query, and takes for granted that there is one.
  if (getOperationAST(parsed(given.query), name) == null)
    throw new RequestFault("operationName must name one of the document's operations");
  nameOperation(given);
}

function checkParameters(given: Record<string, unknown>): Parameters {
  const { query, operationName } = given;
  if (typeof query !== "string" || query === "") throw new RequestFault("query must be a GraphQL document");
  if (operationName != null && typeof operationName !== "string")
    throw new RequestFault("operationName must be a text");
  if (JSON_TEXT.test(query)) parsed(query);
  return given as Parameters;
}

/** A compiled operation is kept by its document's text: with the name in it, each operation has a text of its own. */
function nameOperation(given: Parameters): void {
  const { operationName } = given;
  if (typeof operationName === "string" && /^\w+$/.test(operationName)) given.query += `\n#${operationName}`;
}

function parsed(query: string) {
  try {
    return parse(query);
  } catch (error) {
    if (error instanceof GraphQLError) throw new RequestFault(error.message);
    throw error;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
