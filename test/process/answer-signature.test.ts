import { generateKeyPairSync } from "node:crypto";
import { expect, test } from "vitest";
import { ANSWER_COMPONENTS, ANSWER_LABEL, requestOf, signAnswer } from "../../process/answer-signature.ts";
import { readSignature, signatureFault } from "../../process/http-signature.ts";

const { privateKey, publicKey } = generateKeyPairSync("ed25519");
const KEY = { keyId: "a", key: privateKey };
const ASKED = `gateway=:${Buffer.alloc(64, 1).toString("base64")}:`;
const answer = { status: 200, body: '{"data":{}}', requestSignature: ASKED };

function faultOf(headers: object, requestSignature = ASKED): string | undefined {
  const message = { status: 200, headers: { ...headers }, request: requestOf(requestSignature) };
  const read = readSignature(message.headers, ANSWER_LABEL);
  if ("fault" in read) return read.fault;
  const expected = { components: ANSWER_COMPONENTS, key: publicKey, now: 1_000, lifetime: 60, tolerance: 0 };
  return signatureFault(message, read, expected);
}

test("an answer is signed for the request that it answers", () => {
  const headers = signAnswer(answer, KEY, 1_000)!;
  expect(faultOf(headers)).toBeUndefined();
  expect(faultOf(headers, ASKED.replace("AQEB", "AQEC"))).toMatch(/not of this message/);
});

test("the gateway's signature is found among others of the request", () => {
  const several = `proxy=:${Buffer.alloc(64, 2).toString("base64")}:, ${ASKED}`;
  const headers = signAnswer({ ...answer, requestSignature: several }, KEY, 1_000)!;
  expect(faultOf(headers)).toBeUndefined();
});

test.each([[""], ["other=:AAAA:"], ["gateway=("]])(
  "nothing is signed for a request whose signature is %j",
  (requestSignature) => {
    expect(signAnswer({ ...answer, requestSignature }, KEY, 1_000)).toBeUndefined();
  },
);

test("an event has its number", () => {
  expect(signAnswer({ ...answer, number: 3 }, KEY, 1_000)?.["signature-input"]).toContain(';nonce="3";');
});
