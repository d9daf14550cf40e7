/**
 * Signed answers over real HTTP: what is used, and what is not.
 */
import { hash } from "node:crypto";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { AnswerKey, Verifiers } from "../../../gateway/answer-keys.ts";
import { locateSigners } from "../../../gateway/answer-keys.ts";
import { NO_MEMBERS } from "../../../gateway/members.ts";
import { eventFault, proofOf } from "../../../gateway/transport/answer-proof.ts";
import { createHttpTransport, type HttpTransport } from "../../../gateway/transport/http.ts";
import type { HeadersFor } from "../../../gateway/transport/headers.ts";
import type { SubgraphResponse } from "../../../gateway/transport/transport.ts";
import { signAnswer } from "../../../process/answer-signature.ts";
import { startOrders } from "../shop.ts";
import type { TestServer } from "../servers.ts";
import {
  type Front,
  isProved,
  makeAnswerKey,
  signedBy,
  signedRequests,
  startFront,
  UNSIGNED,
} from "../signers.ts";
import { newContext, request } from "./asking.ts";

const KEY = makeAnswerKey("orders-1");
const QUERY = "{ order(id: 1) { title } }";
let orders: TestServer;
let front: Front;
let http: HttpTransport;
let headersFor: HeadersFor;

beforeAll(async () => {
  orders = await startOrders([]);
  headersFor = await signedRequests();
});
beforeEach(async () => {
  front = await startFront(orders.url, signedBy(KEY));
  http = transport(headersFor);
});
afterEach(async () => {
  await http.close();
  await front.close();
});
afterAll(() => orders.close());

const transport = (headers: HeadersFor | undefined) =>
  createHttpTransport({
    deadline: 3000,
    maxResponseSize: 2 ** 20,
    shareQueries: true,
    digests: true,
    headersFor: headers,
  });

function signersOf(...keys: readonly AnswerKey[]): Verifiers {
  const urls = new Map([["orders", front.url]]);
  const signers = { subgraphs: { orders: [...keys] }, members: {} };
  return locateSigners(signers, NO_MEMBERS, new Map(), urls)("orders", front.url)!;
}

function ask(signers: Verifiers | undefined = signersOf(KEY.jwk), query = QUERY): Promise<SubgraphResponse> {
  const context = newContext();
  context.operation = { name: undefined, kind: "query" };
  return http.ask(request({ service: "orders", query, url: front.url, context, signers }));
}

const INVALID = "SUBGRAPH_SIGNATURE_INVALID";
const seconds = () => Math.floor(Date.now() / 1000);

describe("an answer of a service that must sign", () => {
  test("is used when it is signed, and can be proved afterwards", async () => {
    const { data, failure, proof, digest } = await ask();
    expect(failure).toBeUndefined();
    expect(data).toEqual({ order: { title: "First" } });
    expect(proof).toMatchObject({ key: "orders-1", status: 200 });
    expect(digest).toBe(hash("sha256", '{"data":{"order":{"title":"First"}}}', "base64"));
    expect(isProved(KEY.jwk, proof!, digest!)).toBe(true);
    expect(isProved(KEY.jwk, { ...proof!, status: 400 }, digest!)).toBe(false);
  });

  test("is used with its errors, whatever its status", async () => {
    const { errors, status, failure } = await ask(undefined, "{ nothing }");
    expect(failure).toBeUndefined();
    expect([status, errors?.length]).toEqual([400, 1]);
  });

  test("is not used without a signature", async () => {
    front.reply = UNSIGNED;
    const { data, failure } = await ask(signersOf(KEY.jwk));
    expect(data).toBeUndefined();
    expect(failure).toMatchObject({ code: "SUBGRAPH_SIGNATURE_MISSING", reason: "the answer is not signed" });
  });

  test.each<[string, () => void, RegExp]>([
    [
      "by a key that is not registered",
      () => (front.reply = signedBy(makeAnswerKey("other"))),
      /not registered: other/,
    ],
    [
      "by another key of the same id",
      () => (front.reply = signedBy(makeAnswerKey("orders-1"))),
      /not of this message/,
    ],
    [
      "for another body",
      () =>
        (front.reply = ({ body }, signature) => ({
          ...signedBy(KEY)({ status: 200, body: body.replace("First", "Third") }, signature),
          body,
        })),
      /Content-Digest/,
    ],
    [
      "for another status",
      () =>
        (front.reply = ({ body }, signature) => ({
          ...signedBy(KEY)({ status: 400, body }, signature),
          status: 200,
        })),
      /not of this message/,
    ],
    [
      "without a digest of its body",
      () =>
        (front.reply = (answer, signature) => {
          const { headers, ...rest } = signedBy(KEY)(answer, signature);
          const { "content-digest": _digest, ...others } = headers;
          return { ...rest, headers: others };
        }),
      /no Content-Digest/,
    ],
    [
      "an hour ago",
      () =>
        (front.reply = ({ status, body }, requestSignature) => ({
          status,
          body,
          headers: { ...signAnswer({ status, body, requestSignature }, KEY.signing, seconds() - 3600) },
        })),
      /has expired/,
    ],
    [
      "under another name",
      () =>
        (front.reply = (answer, signature) => {
          const { headers, ...rest } = signedBy(KEY)(answer, signature);
          const renamed = Object.entries(headers).map(([name, value]) => [
            name,
            value.replace(/^answer=/, "other="),
          ]);
          return { ...rest, headers: Object.fromEntries(renamed) as Record<string, string> };
        }),
      /no signature "answer"/,
    ],
  ])("is not used when it is signed %s", async (_how, lie, reason) => {
    lie();
    const { data, failure, digest } = await ask();
    expect([data, digest]).toEqual([undefined, undefined]);
    expect(failure).toMatchObject({ code: INVALID, reason: expect.stringMatching(reason) });
  });

  test("is not used when it answers another request, be it the same question a moment ago", async () => {
    let older: ReturnType<Front["reply"]> | undefined;
    front.reply = (answer, signature) => (older ??= signedBy(KEY)(answer, signature));
    expect((await ask()).failure).toBeUndefined();
    expect((await ask()).failure).toMatchObject({ code: INVALID });
  });

  test("is not used when its key has expired, or does not count yet", async () => {
    for (const time of [{ exp: seconds() - 1 }, { nbf: seconds() + 100 }])
      expect((await ask(signersOf({ ...KEY.jwk, ...time }))).failure?.code).toBe(INVALID);
  });

  test("is used by the old key and by the new one while both are registered", async () => {
    const next = makeAnswerKey("orders-2");
    const both = signersOf(KEY.jwk, next.jwk);
    expect((await ask(both)).proof?.key).toBe("orders-1");
    front.reply = signedBy(next);
    expect((await ask(both)).proof?.key).toBe("orders-2");
    expect((await ask(signersOf(next.jwk))).failure).toBeUndefined();
    expect((await ask(signersOf(KEY.jwk))).failure?.code).toBe(INVALID);
  });

  test("keeps its own fault where there is no answer to use anyway", async () => {
    front.reply = () => ({ status: 502, body: "<h1>Bad gateway</h1>", headers: {} });
    expect((await ask()).failure).toMatchObject({ code: "SUBGRAPH_HTTP_ERROR", status: 502 });
  });

  test("is verified once for all who asked together", async () => {
    let verified = 0;
    const signers = signersOf(KEY.jwk);
    const counting: Verifiers = {
      find: (kid, at) => {
        verified += 1;
        return signers.find(kid, at);
      },
    };
    const answers = await Promise.all([ask(counting), ask(counting), ask(counting)]);
    expect(answers.map(({ failure }) => failure)).toEqual([undefined, undefined, undefined]);
    expect([front.asked, verified]).toEqual([1, 1]);
  });

  test("is not used by a gateway that signs no requests", async () => {
    await http.close();
    http = transport(undefined);
    front.reply = (answer) => signedBy(KEY)(answer, "gateway=:AAAA:");
    expect((await ask()).failure).toMatchObject({ code: INVALID });
  });
});

test("an answer of a service without keys is used as it comes", async () => {
  front.reply = UNSIGNED;
  const { data, proof } = await http.ask(request({ service: "orders", query: QUERY, url: front.url }));
  expect([data, proof]).toEqual([{ order: { title: "First" } }, undefined]);
});

describe("an event of a stream", () => {
  const asked = `gateway=:${Buffer.alloc(64, 5).toString("base64")}:`;
  const DATA = '{"data":{"told":"một"}}';
  const idOf = (number: number, requestSignature = asked) =>
    JSON.stringify(signAnswer({ status: 200, body: DATA, requestSignature, number }, KEY.signing, seconds()));
  const judge = (id: string | undefined, data = DATA) =>
    eventFault(id, data, 2, asked, signersOf(KEY.jwk))?.code ?? "used";

  test("is used when it is signed, with its place in this stream", () => {
    expect(judge(idOf(2))).toBe("used");
  });

  test.each([
    ["out of its turn", idOf(1), DATA],
    ["of another stream", idOf(2, `gateway=:${Buffer.alloc(64, 6).toString("base64")}:`), DATA],
    ["with other words", idOf(2), DATA.replace("một", "hai")],
  ])("is not used %s", (_how, id, data) => {
    expect(judge(id, data)).toBe(INVALID);
  });

  test.each([[undefined], ["7"], ["{"], ['{"signature":1}']])("is not signed by an id such as %s", (id) => {
    expect(judge(id)).toBe("SUBGRAPH_SIGNATURE_MISSING");
  });
});

describe("whatever byte is changed", () => {
  const requestSignature = `gateway=:${Buffer.alloc(64, 3).toString("base64")}:`;
  const body = Buffer.from('{"data":{"order":{"title":"Đơn thứ nhất"}}}');
  const answer = { status: 200, body, requestSignature };
  const headers = { ...signAnswer(answer, KEY.signing, seconds())! };
  const judge = (changed: { status?: number; body?: Buffer; headers?: object; asked?: string }) => {
    const reply = { status: 200, body, headers, ...changed } as Parameters<typeof proofOf>[0];
    const digest = hash("sha256", reply.body, "base64");
    const proof = proofOf(reply, digest, changed.asked ?? requestSignature, signersOf(KEY.jwk));
    return "code" in proof ? proof.code : "used";
  };
  test("the answer as it was signed is used", () => {
    expect(judge({})).toBe("used");
  });

  test("of the body", () => {
    fc.assert(
      fc.property(fc.nat(body.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const changed = Buffer.from(body);
        changed[at] = changed[at]! ^ change;
        expect(judge({ body: changed })).toBe(INVALID);
      }),
    );
  });

  test("of the status", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 100, max: 599 }).filter((status) => status !== 200),
        (status) => {
          expect(judge({ status })).toBe(INVALID);
        },
      ),
    );
  });

  test("of the digest", () => {
    fc.assert(
      fc.property(altered(headers["content-digest"]), (changed) => {
        expect(judge({ headers: { ...headers, "content-digest": changed } })).toBe(INVALID);
      }),
    );
  });

  test("of the request's signature", () => {
    fc.assert(
      fc.property(altered(Buffer.alloc(64, 3).toString("hex")), (hex) => {
        const other = Buffer.from(hex, "hex");
        fc.pre(other.length === 64 && !other.equals(Buffer.alloc(64, 3)));
        expect(judge({ asked: `gateway=:${other.toString("base64")}:` })).toBe(INVALID);
      }),
    );
  });

  test("of what the signature says of itself: key, time, components", () => {
    const [, said] = /^answer=(.*)$/.exec(headers["signature-input"])!;
    fc.assert(
      fc.property(altered(said!), (changed) => {
        const input = { ...headers, "signature-input": `answer=${changed}` };
        // Spaces around parameters do not count: they are not signed as they were sent.
        fc.pre(changed.replaceAll(" ", "") !== said!.replaceAll(" ", ""));
        expect(judge({ headers: input })).toBe(INVALID);
      }),
    );
  });
});

/** One character in place of another. */
function altered(value: string) {
  return fc
    .tuple(fc.nat(value.length - 1), fc.integer({ min: 0x20, max: 0x7e }))
    .map(([at, code]) => value.slice(0, at) + String.fromCharCode(code) + value.slice(at + 1))
    .filter((changed) => changed !== value);
}
