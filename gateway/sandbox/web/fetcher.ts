/**
 * Sends operations to the graph, asks it to report its calls, and hands the report to the panel.
 */
import type { GraphiQLProps } from "graphiql";
import { getOperationAST, Kind, OperationTypeNode, parse } from "graphql";
import { endRun, startRun, type Call } from "./calls/store.ts";
import { readEvents } from "./events.ts";
import { readParts } from "./parts.ts";
import { authorization } from "./tokens.ts";

type Fetcher = GraphiQLProps["fetcher"];
type Operation = Parameters<Fetcher>[0];

interface Answer {
  extensions?: { calls?: readonly Call[]; [name: string]: unknown };
}

/** GraphiQL's own query for the schema: nobody ran it, so it leaves the panel as it is. */
const INTROSPECTION = "IntrospectionQuery";

/** What is deferred comes in parts. */
const ACCEPTED =
  "multipart/mixed;incrementalSpec=v0.2, application/graphql-response+json, application/json;q=0.9";

export function createFetcher(graphqlPath: string): Fetcher {
  return async (operation, options) => {
    // What the reader writes into the headers counts for more than the role chosen.
    const own = { ...(await authorization()), ...options?.headers };
    if (operation.operationName === INTROSPECTION) return post(graphqlPath, operation, own);
    startRun();
    const asked = withOwnName(operation);
    const headers = { "x-trace-calls": "1", ...own };
    if (isSubscription(asked)) return showCalls(readEvents<Answer>(graphqlPath, asked, headers));
    try {
      const answer = await post(graphqlPath, asked, headers);
      if (Symbol.asyncIterator in answer) return showCalls(answer);
      endRun(takeCalls(answer));
      return answer;
    } catch (error) {
      endRun(undefined);
      throw error;
    }
  };
}

/**
 * GraphiQL learns the name of the operation a moment after the text changes. Whoever changes tabs and runs at once
 * would ask for the operation of the tab before, which the graph does not know.
 */
function withOwnName(operation: Operation): Operation {
  try {
    const { definitions } = parse(operation.query, { noLocation: true });
    const names = definitions.map((one) => one.kind === Kind.OPERATION_DEFINITION && one.name?.value);
    if (names.includes(operation.operationName ?? "")) return operation;
  } catch {
    // The graph says what is wrong with the text.
  }
  return { ...operation, operationName: null };
}

function isSubscription({ query, operationName }: Operation): boolean {
  try {
    const operation = getOperationAST(parse(query, { noLocation: true }), operationName);
    return operation?.operation === OperationTypeNode.SUBSCRIPTION;
  } catch {
    return false;
  }
}

/** The panel shows what the latest event cost, or what all parts so far did. */
function showCalls(answers: AsyncIterableIterator<Answer>): AsyncIterableIterator<Answer> {
  return {
    async next() {
      const result = await answers.next();
      if (!result.done) endRun(takeCalls(result.value));
      return result;
    },
    async return() {
      endRun(undefined);
      return (await answers.return?.()) ?? { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

async function post(
  url: string,
  operation: object,
  headers?: Record<string, unknown>,
): Promise<Answer | AsyncIterableIterator<Answer>> {
  const leaving = new AbortController();
  const response = await fetch(url, {
    method: "POST",
    headers: {
      accept: ACCEPTED,
      "content-type": "application/json",
      ...(headers as Record<string, string>),
    },
    body: JSON.stringify(operation),
    signal: leaving.signal,
  });
  const parts = readParts<Answer>(response, () => leaving.abort());
  if (parts !== undefined) return parts;
  const text = await response.text();
  try {
    return JSON.parse(text) as Answer;
  } catch {
    throw new Error(
      `HTTP ${response.status} ${response.statusText}: ${text.slice(0, 500) || "empty answer"}`,
    );
  }
}

/** Takes the report out of the answer: the panel shows it, and the user did not ask for it. */
function takeCalls(answer: Answer): readonly Call[] | undefined {
  const { extensions } = answer;
  const calls = extensions?.calls;
  if (!extensions || !Array.isArray(calls)) return undefined;
  delete extensions.calls;
  if (Object.keys(extensions).length === 0) delete answer.extensions;
  return calls;
}
