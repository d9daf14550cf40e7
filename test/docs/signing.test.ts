/**
 * The test vectors of docs/signing.md, computed anew (`npx vitest run test/docs -u` writes them).
 */
import { createPrivateKey, createPublicKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ANONYMOUS } from "../../gateway/trust/caller.ts";
import { signedHeaders, signingBy } from "../../gateway/trust/signer.ts";
import { ANSWER_COMPONENTS, signAnswer } from "../../process/answer-signature.ts";
import { isDigestOf } from "../../process/content-digest.ts";
import {
  type ReceivedSignature,
  readSignature,
  signatureBase,
  signatureFault,
} from "../../process/http-signature.ts";

const PAGE = new URL("../../docs/signing.md", import.meta.url);

const KEY = {
  kty: "OKP",
  crv: "Ed25519",
  x: "JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs",
  d: "n4Ni-HpISpVObnQMW0wOhCKROaIKqKtW_2ZYb2p9KcU",
  kid: "poqkLGiymh_W0uP6PZFw-dvez3QJT5SolqXBCW38r0U",
} as const;
const NOW = 1_767_225_600;
const BODY = '{"query":"{ agency(code: \\"G12.56\\") { procedures { totalCount } } }","variables":{}}';
const REQUEST = { method: "POST", target: "/graphql", body: BODY } as const;
const WISH = {
  caller: {
    ...ANONYMOUS,
    isAuthenticated: true,
    subject: "an.nguyen",
    client: "one-stop",
    organisation: "H56",
    roles: new Set(["center-officer"]),
    scopes: new Set(["dossier:read"]),
  },
  purpose: "dossier-processing",
  audience: "agencies/G12.56",
};
const headers = signedHeaders(signingBy("province", [KEY]), WISH, REQUEST, NOW, "1f0c7c1e-vector");
const ANSWER_KEY = {
  kty: "OKP",
  crv: "Ed25519",
  x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
  d: "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
  kid: "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k",
} as const;
const ANSWER = { status: 200, body: '{"data":{"agency":{"procedures":{"totalCount":3}}}}' } as const;
const EVENT = '{"data":{"dossierChanged":{"code":"H56.14-251231-0001"}}}';
const answered = signed(ANSWER.body);
const message = { method: REQUEST.method, target: REQUEST.target, headers };

test("docs/signing.md has the vectors that the code computes", async () => {
  let page = readFileSync(PAGE, "utf8");
  for (const [name, vectors] of Object.entries({ request: requestVectors, answer: answerVectors })) {
    const marked = new RegExp(`(<!-- ${name}: .* -->\\n)[^]*?(<!-- end -->)`);
    expect(page).toMatch(marked);
    page = page.replace(marked, (_all, begin: string, end: string) => `${begin}${vectors()}\n${end}`);
  }
  await expect(page).toMatchFileSnapshot("../../docs/signing.md");
});

test("what the page shows verifies", () => {
  const key = createPublicKey({ key: { kty: KEY.kty, crv: KEY.crv, x: KEY.x }, format: "jwk" });
  const { components } = signature();
  const expected = { components, key, now: NOW, lifetime: 30, tolerance: 30 };
  expect(signatureFault(message, signature(), expected)).toBeUndefined();
  expect(isDigestOf(headers["content-digest"] ?? "", BODY)).toBe(true);

  const { kty, crv, x } = ANSWER_KEY;
  const answerKey = createPublicKey({ key: { kty, crv, x }, format: "jwk" });
  const ofAnswer = { ...expected, components: ANSWER_COMPONENTS, key: answerKey };
  const answer = { status: ANSWER.status, headers: { ...answered }, request: message };
  expect(signatureFault(answer, answerSignature(), ofAnswer)).toBeUndefined();
  expect(isDigestOf(answered["content-digest"], ANSWER.body)).toBe(true);
});

function signed(body: string, number?: number) {
  const { kid, ...jwk } = ANSWER_KEY;
  const key = { keyId: kid, key: createPrivateKey({ key: jwk, format: "jwk" }) };
  const requestSignature = headers["signature"] ?? "";
  const place = number === undefined ? {} : { number };
  return signAnswer({ status: ANSWER.status, body, requestSignature, ...place }, key, NOW + 1)!;
}

function answerSignature(): ReceivedSignature {
  const read = readSignature({ ...answered }, "answer");
  if ("fault" in read) throw new Error(read.fault);
  return read;
}

function signature(): ReceivedSignature {
  const read = readSignature(headers, "gateway");
  if ("fault" in read) throw new Error(read.fault);
  return read;
}

function answerVectors(): string {
  const { components, input } = answerSignature();
  const base = signatureBase(
    { status: ANSWER.status, headers: { ...answered }, request: message },
    components,
    input,
  );
  const lines = Object.entries(answered).map(([name, value]) => `${name}: ${value}`);
  return [
    block("json", JSON.stringify(ANSWER_KEY)),
    "The answer:",
    block("http", ["HTTP/1.1 200 OK", ...lines, "", ANSWER.body].join("\n")),
    "Its signature base, without a line feed at the end:",
    block("text", "text" in base ? base.text : ""),
    "The first event of a stream that answers the same request:",
    block("text", ["event: next", `id: ${JSON.stringify(signed(EVENT, 1))}`, `data: ${EVENT}`].join("\n")),
  ].join("\n");
}

function requestVectors(): string {
  const base = signatureBase(message, signature().components, signature().input);
  const [protectedHeader, claims] = (headers["gateway-identity"] ?? "").split(".").map(decoded);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [
    block("json", JSON.stringify(KEY)),
    `The token's header and claims, as they are encoded in it:`,
    block("json", `${protectedHeader}\n${claims}`),
    "The request:",
    block("http", [`POST /graphql HTTP/1.1`, ...lines, "", BODY].join("\n")),
    "Its signature base, without a line feed at the end:",
    block("text", "text" in base ? base.text : ""),
  ].join("\n");
}

function decoded(part: string): string {
  return Buffer.from(part, "base64url").toString();
}

function block(language: string, text: string): string {
  return `\n\`\`\`${language}\n${text}\n\`\`\`\n`;
}
