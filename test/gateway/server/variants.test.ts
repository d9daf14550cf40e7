/**
 * Variants of a graph, each at a path of its own: what is shared on the way is not shared between them.
 */
import type { AddressInfo } from "node:net";
import { composeServices } from "@apollo/composition";
import type { FastifyInstance } from "fastify";
import { parse } from "graphql";
import { pino } from "pino";
import { NO_GRANTS } from "../../../gateway/trust/grants-file.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { NO_ANSWER_KEYS } from "../../../gateway/answer-keys.ts";
import { openGraphs } from "../../../gateway/graph.ts";
import { createTexts } from "../../../gateway/limits/texts.ts";
import { NO_MEMBERS } from "../../../gateway/members.ts";
import { createServer } from "../../../gateway/server/http.ts";
import { createSubscriptions } from "../../../gateway/subscriptions.ts";
import { readSupergraph } from "../../../gateway/supergraph.ts";
import { connectStreams } from "../../../gateway/transport/stream-negotiate.ts";
import { shareStreams } from "../../../gateway/transport/stream-share.ts";
import { EVERYBODY_ANONYMOUS } from "../../../gateway/trust/authenticate.ts";
import { subscribeBy } from "../clients.ts";
import { type Feed, startFeed } from "../feeds.ts";
import { ask } from "../running.ts";

const SDL = `
  type Query { hello: String }
  type Subscription { told: Thing }
  union Thing = Open | Secret
  type Open { id: ID }
  type Secret { id: ID }`;

let talk: Feed;
let server: FastifyInstance;
let origin: string;
const asked: (() => void)[] = [];

function compose(sdl: string): string {
  return composeServices([{ name: "talk", url: talk.url, typeDefs: parse(sdl) }]).supergraphSdl ?? "";
}

beforeAll(async () => {
  talk = await startFeed(SDL, ["told"]);
  const log = pino({ level: "silent" });
  const connections = connectStreams({ deadline: 3_000, maxEventSize: 2 ** 20, heartbeat: 60_000 });
  const open = SDL.replace("| Secret", "").replace("type Secret { id: ID }", "");
  const graphs = await openGraphs({
    source: {
      origin: "the test",
      faulty: "faulty",
      load: async () => ({
        supergraph: readSupergraph(compose(SDL), "test.graphql"),
        directory: NO_MEMBERS,
        answerKeys: NO_ANSWER_KEYS,
        grants: NO_GRANTS,
        variants: new Map([["open", compose(open)]]),
      }),
      watch: () => () => undefined,
    },
    variants: ["open"],
    urls: new Map(),
    engine: "native",
    // Answered only when both have asked.
    ask: () =>
      new Promise((resolve) => {
        asked.push(() => resolve({ data: { hello: "you" } }));
        if (asked.length === 2) for (const answer of asked) answer();
      }),
    stream: shareStreams(connections.open),
    log,
  });
  server = await createServer({
    graphs,
    log,
    bodyLimit: 2 ** 16,
    sandbox: undefined,
    variants: new Map([["open", "/open"]]),
    usage: undefined,
    dedupeRequests: true,
    subscriptions: createSubscriptions(10, log),
    connections: { requestTimeout: 30_000 },
    texts: createTexts({ manifest: () => undefined, safelist: false, automatic: true }),
    authenticate: EVERYBODY_ANONYMOUS,
    maxSubscriptionsPerConnection: 10,
    heartbeat: 60_000,
  });
  server.addHook("onClose", connections.close);
  await server.listen({ host: "127.0.0.1", port: 0 });
  origin = `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await server.close();
  await talk.close();
});

const NAMES = '{ hello __type(name: "Secret") { name } }';

test("an answer for the whole graph is not given to a reader of a variant, identical requests are shared or not", async () => {
  const [whole, variant] = await Promise.all([ask(`${origin}/graphql`, NAMES), ask(`${origin}/open`, NAMES)]);
  expect(whole.data).toEqual({ hello: "you", __type: { name: "Secret" } });
  expect(variant.data).toEqual({ hello: "you", __type: null });
});

test("a subscription neither: events are shared, what is made of them is each graph's own", async () => {
  const query = "subscription { told { __typename } }";
  const heard = ["/graphql", "/open"].map((path) => subscribeBy.websocket(origin + path, query));
  await expect
    .poll(async () => (await fetch(`${origin}/health/ready`)).json())
    .toMatchObject({ subscriptions: 2 });
  await expect.poll(() => talk.open.size).toBe(1);
  talk.emit("told", { __typename: "Secret", id: "1" });
  talk.complete("told");
  await expect.poll(() => heard.map(({ end }) => end)).toEqual(["complete", "complete"]);
  expect(heard[0]?.answers).toEqual([{ data: { told: { __typename: "Secret" } } }]);
  expect(JSON.stringify(heard[1]?.answers)).not.toContain("Secret");
  expect(talk.opened).toHaveLength(1);
});
