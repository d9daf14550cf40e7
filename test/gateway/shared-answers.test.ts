import { pino } from "pino";
import { beforeEach, describe, expect, test } from "vitest";
import { openContext, type RequestContext } from "../../gateway/context.ts";
import { createNativeEngine } from "../../gateway/execute/engine.ts";
import type { GraphQLParameters, TextAnswer } from "../../gateway/request.ts";
import { shareAnswers, type AnswerRequest } from "../../gateway/shared-answers.ts";
import { startGateway } from "./running.ts";
import { composeShop, startOrders } from "./shop.ts";

type Means = Parameters<AnswerRequest>[2];

const DOCUMENT = "query A($id: ID!) { order(id: $id) { id } } query B($id: ID!) { order(id: $id) { id } }";
const DEFERRED = "{ order(id: 1) { id ... @defer { title } } }";
const MUTATION = { query: "mutation { touch(id: 1) { id } }", name: undefined, variables: {} };
const log = pino({ level: "silent" });
const engine = await createNativeEngine(composeShop());

/** Executions under way: each ends when the test says so. */
let executions: { context: RequestContext; end: (answer: TextAnswer) => void }[];
let answer: AnswerRequest;

beforeEach(() => {
  executions = [];
  answer = shareAnswers((_parameters, context) => {
    const { promise, resolve } = Promise.withResolvers<TextAnswer>();
    executions.push({ context, end: resolve });
    return promise;
  });
});

function meansOfAGraph(): Means {
  return { engine, transport: () => Promise.reject(new Error("nobody is to be asked")) };
}
const means = meansOfAGraph();

interface Asked extends Partial<GraphQLParameters> {
  readonly headers?: Record<string, string>;
  readonly of?: Means;
}

function ask({ headers = {}, of = means, ...parameters }: Asked = {}) {
  const context = openContext(`${Math.random()}`, headers);
  const asked = { query: DOCUMENT, name: "A", variables: { id: "1" }, ...parameters };
  return { context, answered: answer(asked, context, of, log) };
}

const ANSWER = { status: 200, text: '{"data":{"order":{"id":"1"}}}' };

test("identical queries are executed once, and answered all", async () => {
  const [first, ...others] = [ask(), ask(), ask()];
  expect(executions.map(({ context }) => context)).toEqual([first?.context]);
  executions[0]?.context.errorCodes.push("SUBGRAPH_TIMEOUT");
  executions[0]?.end(ANSWER);
  for (const { answered, context } of others) {
    expect(await answered).toEqual({ ...ANSWER, bytes: Buffer.from(ANSWER.text) });
    expect(context).toMatchObject({
      operation: { name: "A", kind: "query" },
      errorCodes: ["SUBGRAPH_TIMEOUT"],
      calls: [],
    });
  }
});

test("one that comes after the answer is executed", async () => {
  const { answered } = ask();
  executions[0]?.end(ANSWER);
  await answered;
  ask();
  expect(executions).toHaveLength(2);
});

describe("not shared", () => {
  test.each<[string, Asked]>([
    ["other variables", { variables: { id: "2" } }],
    ["another operation of the document", { name: "B" }],
    ["another text", { query: `${DOCUMENT} ` }],
    ["another identity", { headers: { authorization: "Bearer other" } }],
    ["another language", { headers: { "accept-language": "vi" } }],
    ["another graph", { of: meansOfAGraph() }],
  ])("%s", (_name, other) => {
    ask();
    ask(other);
    ask(other);
    expect(executions).toHaveLength(2);
  });

  test.each<[string, Asked]>([
    ["the list of calls asked for", { headers: { "x-trace-calls": "1" } }],
    ["the list of members asked for", { headers: { "x-trace-members": "1" } }],
    ["an answer in parts", { query: DEFERRED, name: undefined, format: "v0.2" }],
    ["a mutation", MUTATION],
  ])("with nobody, %s", (_name, other) => {
    ask(other);
    ask(other);
    expect(executions).toHaveLength(2);
  });

  test("but where nothing is deferred, one answer is the same to all", () => {
    ask();
    ask({ format: "v0.2" });
    expect(executions).toHaveLength(1);
  });

  test("what a mutation may have changed since", async () => {
    ask();
    const { answered } = ask(MUTATION);
    executions[1]?.end(ANSWER);
    await answered;
    ask();
    expect(executions).toHaveLength(3);
  });

  test("refusals", () => {
    const faulty = { query: "{ nothing }", name: undefined };
    ask(faulty);
    ask(faulty);
    expect(executions).toHaveLength(2);
  });
});

test("--dedupe-requests: a gateway answers as without it", async () => {
  const orders = await startOrders([]);
  const gateway = await startGateway(
    composeShop({ orders: orders.url, notes: orders.url, stock: orders.url }),
    [],
    { dedupeRequests: true },
  );
  const query = "{ order(id: 1) { id } }";
  const answers = await Promise.all([gateway.ask(query), gateway.ask(query), gateway.ask(query)]);
  for (const { status, data, errors } of answers)
    expect({ status, data, errors }).toEqual({ status: 200, data: { order: { id: "1" } }, errors: [] });
  expect(new Set(answers.map(({ headers }) => headers.get("x-request-id"))).size).toBe(3);
  await gateway.close();
  await orders.close();
});
