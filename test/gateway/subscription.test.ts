import { composeServices } from "@apollo/composition";
import { GraphQLError, parse } from "graphql";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { allLeft, connect, hear, lastErrors, subscribeBy, subscribersOf } from "./clients.ts";
import { type Feed, startFeed } from "./feeds.ts";
import { type RunningGateway, startGateway } from "./running.ts";
import { startSubgraph, type TestServer } from "./servers.ts";

const LINK = `extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@requires", "@external"])`;
const SDL = {
  news: `${LINK}
    scalar Long
    type Query { item(id: ID!): Item }
    type Subscription { changed(id: ID!): Item sure: Item! all: [Item!] feed(filter: Filter!): Item }
    input Filter { ids: [ID!]! most: Int! = 3 }
    type Item @key(fields: "id") { id: ID! size: Int secret: String exact: Long }`,
  prices: `${LINK}
    type Query { unit: String }
    type Item @key(fields: "id") {
      id: ID! size: Int @external
      price(unit: String = "m"): String @requires(fields: "size")
      stock: Int! fails: String
    }`,
};

function compose(urls: Record<string, string>, sdl: Record<string, string> = SDL): string {
  const services = Object.entries(sdl).map(([name, text]) => ({
    name,
    url: urls[name] ?? "",
    typeDefs: parse(text),
  }));
  const { supergraphSdl, errors } = composeServices(services);
  if (supergraphSdl === undefined) throw new Error(`does not compose: ${errors?.join("; ")}`);
  return supergraphSdl;
}

function startPrices(): Promise<TestServer> {
  return startSubgraph(SDL.prices, {
    Item: {
      price: ({ size }: { size: number }, { unit }: { unit: string }) => `${size * 2} ${unit}`,
      stock: ({ id }: { id: string }) => (id === "none" ? null : 7),
      fails: () => {
        throw new GraphQLError("no luck", { extensions: { code: "NO_LUCK" } });
      },
    },
  });
}

const CHANGED = "subscription Changed($id: ID!) { changed(id: $id) { id price size } }";
const FIELDS = ["changed", "sure", "all", "feed"];

describe.each(["sse", "websocket"] as const)("from subgraphs by %s", (upstream) => {
  let news: Feed;
  let prices: TestServer;
  let gateway: RunningGateway;

  beforeAll(async () => {
    news = await startFeed(SDL.news, FIELDS, {}, [upstream]);
    prices = await startPrices();
    gateway = await startGateway(compose({ news: news.url, prices: prices.url }));
  });
  afterAll(async () => {
    await gateway.close();
    await news.close();
    await prices.close();
  });
  beforeEach(() => {
    news.opened.length = 0;
    prices.asked.length = 0;
    gateway.log.length = 0;
  });
  // Nothing is left open by any test.
  afterEach(() => allLeft(gateway, news));

  describe.each(["websocket", "sse"] as const)("to clients by %s", (downstream) => {
    const subscribe = (
      query: string,
      variables?: Record<string, unknown>,
      headers?: Record<string, string>,
    ) => subscribeBy[downstream](gateway.url, query, variables, headers);

    test("every event is enriched from other subgraphs, until the service completes", async () => {
      const heard = subscribe(CHANGED, { id: "1" });
      await expect.poll(() => news.open.size).toBe(1);
      news.emit("changed", { id: "1", size: 1 });
      news.emit("changed", { id: "1", size: 2 });
      news.emit("changed", null);
      news.complete("changed");
      await expect.poll(() => heard.end).toBe("complete");
      expect(heard.answers).toEqual([
        { data: { changed: { id: "1", price: "2 m", size: 1 } } },
        { data: { changed: { id: "1", price: "4 m", size: 2 } } },
        { data: { changed: null } },
      ]);
      expect(news.opened).toMatchObject([{ protocol: upstream, field: "changed", arguments: { id: "1" } }]);
    });

    test("the client leaves: the subgraph's subscription ends", async () => {
      const heard = subscribe(CHANGED, { id: "1" });
      await expect.poll(() => news.open.size).toBe(1);
      heard.leave();
      await expect.poll(() => news.open.size).toBe(0);
    });

    test("the connection to the subgraph breaks: an error that names it, then the end", async () => {
      const heard = subscribe(CHANGED, { id: "1" });
      await expect.poll(() => news.open.size).toBe(1);
      news.emit("changed", { id: "1", size: 1 });
      await expect.poll(() => heard.answers).toHaveLength(1);
      news.kill();
      const error = {
        message: 'Service "news" broke the subscription off.',
        extensions: { code: "SUBSCRIPTION_LOST", service: "news" },
      };
      await expect.poll(() => lastErrors(heard)).toEqual([error]);
      expect(gateway.log).toContainEqual(
        expect.objectContaining({
          msg: "subscription broken off",
          service: "news",
          code: "SUBSCRIPTION_LOST",
        }),
      );
    });

    test("errors are one event's own: of the event, of what was to enrich it, of a null that may not be", async () => {
      const heard = subscribe(
        "subscription ($no: Boolean = true) { all { id fails stock ... @skip(if: $no) { price } } }",
      );
      await expect.poll(() => news.open.size).toBe(1);
      news.emit("all", [{ id: "1" }, { id: "2", secret: new Error("never") }]);
      await expect.poll(() => heard.answers).toHaveLength(1);
      news.emit("all", [{ id: "none" }]);
      news.emit("all", new Error("bad event"));
      news.emit("all", []);
      await expect.poll(() => heard.answers).toHaveLength(4);
      heard.leave();
      expect(heard.answers[0]).toMatchObject({
        data: {
          all: [
            { id: "1", fails: null, stock: 7 },
            { id: "2", fails: null, stock: 7 },
          ],
        },
        errors: [
          {
            message: "no luck",
            path: ["all", 0, "fails"],
            extensions: { code: "NO_LUCK", service: "prices" },
          },
          { path: ["all", 1, "fails"] },
        ],
      });
      expect(heard.answers[1]?.data).toEqual({ all: null });
      expect(heard.answers[2]).toMatchObject({
        data: { all: null },
        errors: [{ path: ["all"], extensions: { code: "SUBGRAPH_ERROR", service: "news" } }],
      });
      expect(heard.answers[3]).toEqual({ data: { all: [] } });
    });

    test.each([
      ["syntax", "subscription {", {}, "GRAPHQL_PARSE_FAILED"],
      ["an unknown field", "subscription { nothing }", {}, "GRAPHQL_VALIDATION_FAILED"],
      ["two root fields", "subscription { sure { id } all { id } }", {}, "GRAPHQL_VALIDATION_FAILED"],
      ["a missing variable", CHANGED, {}, "BAD_USER_INPUT"],
      ["nothing left", "subscription { sure @skip(if: true) { id } }", {}, "BAD_USER_INPUT"],
    ])("refused: %s", async (_name, query, variables, code) => {
      const heard = subscribe(query, variables);
      await expect.poll(() => lastErrors(heard)).toMatchObject([{ extensions: { code } }]);
      expect(news.opened).toEqual([]);
    });

    test("the subgraph refuses: its own error, and where it came from", async () => {
      const heard = subscribe("subscription { feed(filter: { ids: [] }) { id } }");
      await expect.poll(() => news.open.size).toBe(1);
      heard.leave();
      const other = await startFeed(SDL.news.replace("sure: Item!", "sure(code: Int!): Item!"), FIELDS, {}, [
        upstream,
      ]);
      const strict = await startGateway(compose({ news: other.url, prices: prices.url }));
      const refused = subscribeBy[downstream](strict.url, "subscription { sure { id } }");
      await expect
        .poll(() => lastErrors(refused))
        .toMatchObject([{ message: expect.stringContaining('"code"'), extensions: { service: "news" } }]);
      await strict.close();
      await other.close();
    });

    test("a reader's headers go along, and no others", async () => {
      const headers = { authorization: "Bearer t", "accept-language": "vi", cookie: "c=1" };
      const heard = subscribe(CHANGED, { id: "1" }, headers);
      await expect.poll(() => news.open.size).toBe(1);
      news.emit("changed", { id: "1", size: 1 });
      await expect.poll(() => heard.answers).toHaveLength(1);
      heard.leave();
      expect(news.opened[0]?.headers).toMatchObject({ authorization: "Bearer t", "accept-language": "vi" });
      expect(news.opened[0]?.headers.cookie).toBeUndefined();
      expect(prices.asked[0]?.headers).toMatchObject({ authorization: "Bearer t", "accept-language": "vi" });
    });

    test("variables and defaults are coerced; long numbers keep their digits", async () => {
      const heard = subscribe("subscription ($ids: [ID!]!) { feed(filter: { ids: $ids }) { id exact } }", {
        ids: 5,
      });
      await expect.poll(() => news.open.size).toBe(1);
      news.emit("feed", { id: "1", exact: JSON.parse("1.5") });
      await expect.poll(() => heard.answers).toHaveLength(1);
      heard.leave();
      expect(news.opened[0]?.arguments).toEqual({ filter: { ids: ["5"], most: 3 } });
    });

    test("queries and mutations by the same way", async () => {
      const heard = subscribe("query Unit { unit __typename }");
      await expect.poll(() => heard.end).toBe("complete");
      expect(heard.answers).toEqual([{ data: { unit: null, __typename: "Query" } }]);
    });

    test("what is asked because of an event is traced for who wants it", async () => {
      const heard = subscribe(CHANGED, { id: "1" }, { "x-trace-calls": "1" });
      await expect.poll(() => news.open.size).toBe(1);
      for (const size of [1, 2]) news.emit("changed", { id: "1", size });
      await expect.poll(() => heard.answers).toHaveLength(2);
      heard.leave();
      for (const answer of heard.answers)
        expect(answer).toMatchObject({ extensions: { calls: [{ service: "prices", entities: 1 }] } });
    });
  });

  test("what would be deferred comes with its event", async () => {
    const heard = subscribeBy.websocket(
      gateway.url,
      "subscription ($on: Boolean!) { changed(id: 1) { id ... @defer(if: $on) { price } size } }",
      { on: true },
    );
    await expect.poll(() => news.open.size).toBe(1);
    news.emit("changed", { id: "1", size: 1 });
    await expect
      .poll(() => heard.answers)
      .toEqual([{ data: { changed: { id: "1", price: "2 m", size: 1 } } }]);
    heard.leave();
  });

  test("1,000 subscribers to the same cost the subgraphs one subscription, and one query for each event", async () => {
    const clients = Array.from({ length: 10 }, () => connect(gateway.url));
    const heard = clients.flatMap((client) =>
      Array.from({ length: 100 }, () => hear(client, CHANGED, { id: "1" })),
    );
    await expect.poll(() => subscribersOf(gateway)).toBe(1_000);
    await expect.poll(() => news.open.size).toBe(1);
    news.emit("changed", { id: "1", size: 1 });
    news.emit("changed", { id: "1", size: 2 });
    await expect.poll(() => heard.every(({ answers }) => answers.length === 2)).toBe(true);
    const first = heard[0]?.answers;
    expect(first).toEqual([
      { data: { changed: { id: "1", price: "2 m", size: 1 } } },
      { data: { changed: { id: "1", price: "4 m", size: 2 } } },
    ]);
    for (const { answers } of heard) expect(answers).toEqual(first);
    expect(news.opened).toHaveLength(1);
    expect(prices.asked).toHaveLength(2);
    for (const client of clients.slice(1)) await client.dispose();
    await expect.poll(() => subscribersOf(gateway)).toBe(100);
    expect(news.open.size).toBe(1);
    await clients[0]?.dispose();
    await expect.poll(() => news.open.size).toBe(0);
  });
});
