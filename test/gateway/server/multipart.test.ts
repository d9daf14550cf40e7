import { once } from "node:events";
import { type IncomingMessage, request as httpRequest } from "node:http";
import type { AddressInfo } from "node:net";
import { fastify } from "fastify";
import { expect, describe, test } from "vitest";
import { acceptedFormat, sendParts } from "../../../gateway/server/multipart.ts";

describe("the form that a client accepts", () => {
  test.each([
    [undefined, undefined],
    ["", undefined],
    ["*/*", undefined],
    ["multipart/*", undefined],
    ["application/json", undefined],
    ["application/multipart/mixed", undefined],
    ["multipart/mixed", "v0.2"],
    ["Multipart/Mixed ; IncrementalSpec=v0.2", "v0.2"],
    ['multipart/mixed;incrementalSpec="v0.2"', "v0.2"],
    ["multipart/mixed;deferSpec=20220824", "20220824"],
    ["multipart/mixed;boundary=graphql;deferSpec=20220824,application/json", "20220824"],
    ["application/json, multipart/mixed", "v0.2"],
    ["multipart/mixed;incrementalSpec=v0.2, multipart/mixed;deferSpec=20220824, application/json", "v0.2"],
    ["multipart/mixed;deferSpec=20220824, multipart/mixed;incrementalSpec=v0.2", "20220824"],
    ["multipart/mixed;deferSpec=20220824;q=0.8, multipart/mixed;incrementalSpec=v0.2;q=0.9", "v0.2"],
    ["multipart/mixed;deferSpec=20220824,application/graphql-response+json;q=0.9", "20220824"],
    ["multipart/mixed;q=0.8, application/json;q=0.9", undefined],
    ["multipart/mixed;q=0", undefined],
    ["multipart/mixed;q=nonsense", undefined],
    ["multipart/mixed;deferSpec=20991231", undefined],
    ["multipart/mixed;incrementalSpec=v9", undefined],
    ["multipart/mixed;subscriptionSpec=1.0, application/json", undefined],
  ])("%s: %s", (accept, format) => {
    expect(acceptedFormat(accept)).toBe(format);
  });
});

describe("sending", () => {
  const MANY = 60;
  const LARGE = "x".repeat(2 ** 20);

  /** A server that sends many large parts; `made` counts those that were asked for. */
  async function serve() {
    const state = { made: 0, cancelled: Promise.withResolvers<void>() };
    async function* texts() {
      for (; state.made < MANY; state.made += 1) yield JSON.stringify({ part: state.made, LARGE });
    }
    const app = fastify();
    app.get("/", (_request, reply) =>
      sendParts(reply, '{"part":"first"}', {
        format: "20220824",
        texts: texts(),
        cancel: () => state.cancelled.resolve(),
      }),
    );
    await app.listen({ host: "127.0.0.1", port: 0 });
    const sent = httpRequest(`http://127.0.0.1:${(app.server.address() as AddressInfo).port}/`);
    sent.end();
    const [response] = (await once(sent, "response")) as [IncomingMessage];
    return { state, app, sent, response };
  }

  test("no faster than the client reads, and all of it at last", async () => {
    const { state, app, response } = await serve();
    // Nothing is read: the connection fills up, and then no more is made.
    let before = -1;
    await expect
      .poll(() => {
        const still = state.made === before;
        before = state.made;
        return still && state.made > 0;
      })
      .toBe(true);
    expect(state.made).toBeLessThan(MANY / 2);
    let size = 0;
    for await (const chunk of response) size += (chunk as Buffer).length;
    expect(state.made).toBe(MANY);
    expect(size).toBeGreaterThan(MANY * LARGE.length);
    await app.close();
  });

  test("a client that leaves ends it", async () => {
    const { state, app, sent, response } = await serve();
    await once(response, "data");
    sent.destroy();
    await state.cancelled.promise;
    expect(state.made).toBeLessThan(MANY);
    await app.close();
  });
});
