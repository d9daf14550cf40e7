import { createPrivateKey, createPublicKey, generateKeyPairSync } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { component, type Message, type RequestMessage } from "../../process/http-components.ts";
import {
  type ReceivedSignature,
  readSignature,
  signatureBase,
  signatureFault,
  signMessage,
} from "../../process/http-signature.ts";

// RFC 9421, appendix B.1.4.
const RFC_KEY = createPrivateKey({
  key: {
    kty: "OKP",
    crv: "Ed25519",
    x: "JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs",
    d: "n4Ni-HpISpVObnQMW0wOhCKROaIKqKtW_2ZYb2p9KcU",
  },
  format: "jwk",
});
// Appendix B.2: the request of all examples.
const RFC_REQUEST: RequestMessage = {
  method: "POST",
  target: "/foo?param=Value&Pet=dog",
  headers: {
    host: "example.com",
    date: "Tue, 20 Apr 2021 02:07:55 GMT",
    "content-type": "application/json",
    "content-digest":
      "sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:",
    "content-length": "18",
  },
};
// Appendix B.2.6.
const RFC_COVERED = [
  '"date"',
  '"@method"',
  '"@path"',
  '"@authority"',
  '"content-type"',
  '"content-length"',
].map(component);
const RFC_CREATED = 1_618_884_473;
const RFC_INPUT =
  '("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"';
const RFC_HEADERS = {
  "signature-input": `sig-b26=${RFC_INPUT}`,
  signature:
    "sig-b26=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==:",
};

const pair = generateKeyPairSync("ed25519");
const other = generateKeyPairSync("ed25519");
const SIGNING = { key: pair.privateKey, keyId: "one" };
const COVERED = ['"@method"', '"@path"', '"@query"', '"content-digest"'].map(component);
const WISH = { label: "sig", components: COVERED, created: 1_000, nonce: "n-1" };
const EXPECTED = { components: COVERED, key: pair.publicKey, now: 1_000, lifetime: 60, tolerance: 30 };

describe("the example of RFC 9421, appendix B.2.6", () => {
  test("its base", () => {
    expect(signatureBase(RFC_REQUEST, RFC_COVERED, RFC_INPUT)).toEqual({
      text: [
        '"date": Tue, 20 Apr 2021 02:07:55 GMT',
        '"@method": POST',
        '"@path": /foo',
        '"@authority": example.com',
        '"content-type": application/json',
        '"content-length": 18',
        `"@signature-params": ${RFC_INPUT}`,
      ].join("\n"),
    });
  });

  test("its signature is made", () => {
    const wish = { label: "sig-b26", components: RFC_COVERED, created: RFC_CREATED };
    expect(signMessage(RFC_REQUEST, wish, { key: RFC_KEY, keyId: "test-key-ed25519" })).toEqual(RFC_HEADERS);
  });

  test("its signature is verified", () => {
    const signature = read(RFC_HEADERS, "sig-b26");
    expect(signature.keyId).toBe("test-key-ed25519");
    const expected = {
      ...EXPECTED,
      components: RFC_COVERED,
      key: createPublicKey(RFC_KEY),
      now: RFC_CREATED,
    };
    expect(signatureFault(RFC_REQUEST, signature, expected)).toBeUndefined();
  });
});

describe("a request", () => {
  const request = requestWith("/graphql?a=1", "d");

  test("is what was signed", () => {
    expect(faultOf(request)).toBeUndefined();
  });

  test.each([
    ["method", { ...request, method: "PUT" }],
    ["path", { ...request, target: "/graphq?a=1" }],
    ["query", { ...request, target: "/graphql?a=2" }],
    ["digest", requestWith("/graphql?a=1", "e")],
  ])("with another %s is another", (_what, changed) => {
    expect(faultOf(request, changed)).toBe("the signature is not of this message by the key that it names");
  });

  test("without what is covered is another", () => {
    expect(faultOf(request, { ...request, headers: {} })).toBe(
      'the signature covers "content-digest", which there is not',
    );
  });

  test("must be covered by all that is asked for", () => {
    const wish = { ...WISH, components: COVERED.slice(1) };
    expect(faultOf(request, request, {}, wish)).toBe('the signature does not cover "@method"');
  });

  test("may be covered by more", () => {
    const wish = { ...WISH, components: [component('"x-more"'), ...COVERED] };
    const more = { ...request, headers: { ...request.headers, "x-more": [" 1", "2 "] } };
    expect(faultOf(more, more, {}, wish)).toBeUndefined();
    const joined = { ...request, headers: { ...request.headers, "x-more": "1, 2" } };
    expect(faultOf(more, joined, {}, wish)).toBeUndefined();
  });

  test("signed by another key", () => {
    expect(faultOf(request, request, { key: other.publicKey })).toBe(
      "the signature is not of this message by the key that it names",
    );
  });

  test.each([
    ["until its lifetime and the tolerance are over", 1_090, undefined],
    ["no longer", 1_091, "the signature has expired"],
    ["by a clock that is behind", 970, undefined],
    ["by a clock that is further behind", 969, "the signature is of the future"],
  ])("counts %s", (_when, now, fault) => {
    expect(faultOf(request, request, { now })).toBe(fault);
  });

  test("does not count after it says itself that it has expired", () => {
    const signed = signMessage(request, WISH, SIGNING);
    const signature = { ...read(signed, "sig"), expires: 1_010 };
    expect(signatureFault(request, signature, { ...EXPECTED, now: 1_041 })).toBe("the signature has expired");
  });
});

describe("a response", () => {
  const request = requestWith("/graphql", "d");
  const asked = { ...request, headers: { ...request.headers, ...signMessage(request, WISH, SIGNING) } };
  const bound = ['"@status"', '"content-digest"', '"signature";req;key="sig"', '"@path";req'].map(component);
  const response = { status: 200, headers: { "content-digest": "sha-256=:AA==:" }, request: asked };
  const wish = { ...WISH, components: bound };

  test("is bound to its request", () => {
    expect(faultOf(response, response, { components: bound }, wish)).toBeUndefined();
    const again = signMessage(request, { ...WISH, nonce: "n-2" }, SIGNING);
    const replayed = { ...response, request: { ...request, headers: { ...request.headers, ...again } } };
    expect(faultOf(response, replayed, { components: bound }, wish)).toBe(
      "the signature is not of this message by the key that it names",
    );
  });

  test("has its status covered", () => {
    expect(faultOf(response, { ...response, status: 201 }, { components: bound }, wish)).toBe(
      "the signature is not of this message by the key that it names",
    );
  });

  test("to a request without the signature", () => {
    expect(faultOf(response, { ...response, request }, { components: bound }, wish)).toBe(
      'the signature covers "signature";req;key="sig", which there is not',
    );
  });
});

describe("what is not a signature", () => {
  const good = '("@method");created=1;keyid="k"';
  const bytes = `sig=:${Buffer.alloc(64).toString("base64")}:`;
  test.each([
    ["nothing", undefined, undefined, "there is no signature"],
    ["another label", `x=${good}`, bytes, 'there is no signature "sig"'],
    ["no list", "sig=1", bytes, "Signature-Input is not a list, or Signature not a byte sequence"],
    ["no bytes", `sig=${good}`, "sig=1", "Signature-Input is not a list, or Signature not a byte sequence"],
    [
      "a list of bytes",
      `sig=${good}`,
      "sig=(:AA==:)",
      "Signature-Input is not a list, or Signature not a byte sequence",
    ],
    ["too short", `sig=${good}`, "sig=:AA==:", "the signature is not 64 bytes"],
    ["no key", 'sig=("@method");created=1', bytes, "the signature names no key (keyid)"],
    ["no time", 'sig=("@method");keyid="k"', bytes, "the signature does not say when it was made (created)"],
    [
      "half a second",
      'sig=("@method");created=1.5;keyid="k"',
      bytes,
      "the signature does not say when it was made (created)",
    ],
    ["another algorithm", `sig=${good};alg="rsa-v1_5-sha256"`, bytes, "the signature is not an Ed25519 one"],
    [
      "an unknown component",
      'sig=("@target-uri");created=1;keyid="k"',
      bytes,
      "the signature covers a component that is not known here",
    ],
    [
      "an unknown parameter",
      'sig=("date";sf);created=1;keyid="k"',
      bytes,
      "the signature covers a component that is not known here",
    ],
    [
      "a name in capitals",
      'sig=("Date");created=1;keyid="k"',
      bytes,
      "the signature covers a component that is not known here",
    ],
    [
      "the prototype's",
      'sig=("@constructor");created=1;keyid="k"',
      bytes,
      "the signature covers a component that is not known here",
    ],
    ["one twice", 'sig=("date" "date");created=1;keyid="k"', bytes, "the signature covers a component twice"],
    ["a numeric nonce", `sig=${good};nonce=1`, bytes, "nonce is not a text"],
    ["no time of expiry", `sig=${good};expires="x"`, bytes, "expires is not a time"],
  ])("%s", (_what, input, signature, fault) => {
    expect(readSignature({ "signature-input": input, signature }, "sig")).toEqual({ fault });
  });

  test("not a dictionary", () => {
    const told = readSignature({ "signature-input": "sig=(", signature: bytes }, "sig");
    expect(told).toHaveProperty("fault", expect.stringContaining("is not a dictionary"));
  });

  test("whatever else comes", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (input, signature) => {
        const told = readSignature(
          { "signature-input": `sig=${input}`, signature: `sig=${signature}` },
          "sig",
        );
        expect(told).toHaveProperty("fault");
      }),
    );
  });
});

test("a signature beside others, and one that is written otherwise, are read all the same", () => {
  const request = requestWith("/graphql", "d");
  const signed = signMessage(request, WISH, SIGNING);
  const plain = read(signed, "sig");
  const beside = {
    "signature-input": `other=("date");created=1;keyid="x", ${signed["signature-input"]}`,
    signature: ["other=:AA==:", signed.signature],
  };
  expect(read(beside, "sig")).toEqual({ ...plain, signature: new Uint8Array(plain.signature) });
  const spaced = { ...signed, "signature-input": signed["signature-input"].replace(" ", "   ") };
  expect(read(spaced, "sig").input).toBe(plain.input);
  expect(signatureFault(request, read(spaced, "sig"), EXPECTED)).toBeUndefined();
});

test("nothing is signed that is not there", () => {
  const request = { method: "POST", target: "/", headers: {} };
  expect(() => signMessage(request, WISH, SIGNING)).toThrow('there is no "content-digest" to sign');
});

function requestWith(target: string, digest: string): RequestMessage {
  return { method: "POST", target, headers: { "content-digest": digest } };
}

function read(headers: Record<string, string> | object, label: string): ReceivedSignature {
  const signature = readSignature(headers as Record<string, string>, label);
  if ("fault" in signature) throw new Error(signature.fault);
  return signature;
}

/** Signs one message, and verifies the signature as that of another. */
function faultOf(signed: Message, verified = signed, expected = {}, wish = WISH): string | undefined {
  const signature = read(signMessage(signed, wish, SIGNING), "sig");
  return signatureFault(verified, signature, { ...EXPECTED, ...expected });
}
