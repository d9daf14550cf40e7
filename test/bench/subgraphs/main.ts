/**
 * The benchmark's subgraphs, all in one process, each on a port of its own: the shop, and the partitioned stores.
 * The parent is told their URLs.
 */
import { generateKeyPairSync } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { type AnswerKey, answerKeySchema } from "../../../gateway/answer-keys.ts";
import { signAnswer } from "../../../process/answer-signature.ts";
import type { SignatureKey } from "../../../process/http-signature.ts";
import { announceReady, runProgram } from "../../../process/lifecycle.ts";
import { createAnswer, type Request, type Subgraph } from "./answer.ts";
import { count, listen, readBody, serveCounts } from "./counts.ts";
import { createShop } from "./shop.ts";
import { createDirectory, createStock } from "./stores.ts";

/** What the parent is told. */
export interface Announced {
  readonly countsUrl: string;
  readonly shop: readonly Service[];
  readonly directory: Service;
  /** The shop again, signing its answers to requests that are signed; and what they are verified with. */
  readonly signingShop: readonly Service[];
  readonly answerKey: AnswerKey;
  /** The member servers, by the number of their store. */
  readonly stock: readonly Service[];
}

export interface Service {
  readonly name: string;
  readonly url: string;
  readonly sdl: string;
}

/** Bodies whose answers are at hand. A gateway that asks for the same again costs one look into a map. */
const REMEMBERED = 5_000;
const STORES = 200;

runProgram(async () => {
  const shop = await Promise.all(
    Object.entries(createShop()).map(([name, subgraph]) => serve(name, subgraph)),
  );
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const signer = { keyId: "bench", key: privateKey };
  const { kty, crv, x } = publicKey.export({ format: "jwk" });
  const answerKey = answerKeySchema.parse({ kty, crv, x, kid: signer.keyId });
  const signingShop = await Promise.all(
    Object.entries(createShop()).map(([name, subgraph]) => serve(name, subgraph, signer)),
  );
  const directory = await serve("directory", createDirectory(STORES));
  const stock = await Promise.all(
    Array.from({ length: STORES }, (_, store) => serve("stock", createStock(store))),
  );
  const countsUrl = await serveCounts();
  announceReady({ countsUrl, shop, signingShop, answerKey, directory, stock } satisfies Announced);
});

async function serve(name: string, subgraph: Subgraph, signer?: SignatureKey): Promise<Service> {
  const answer = createAnswer(subgraph);
  const remembered = new Map<string, Buffer>();
  const port = await listen((request, response) => {
    count(request);
    readBody(request, (body) => {
      let bytes = remembered.get(body);
      if (bytes === undefined) {
        if (remembered.size >= REMEMBERED) remembered.clear();
        bytes = Buffer.from(answerBody(answer, body));
        remembered.set(body, bytes);
      }
      response.writeHead(200, [...headersOf(bytes), ...proofOf(request, bytes, signer)]);
      response.end(bytes);
    });
  });
  return { name, url: `http://127.0.0.1:${port}/graphql`, sdl: subgraph.sdl };
}

function headersOf(bytes: Buffer): readonly string[] {
  return ["content-type", "application/json", "content-length", `${bytes.length}`];
}

/** The signature is of this answer to this request: it cannot be remembered. What was asked is not verified. */
function proofOf(
  { headers: { signature } }: IncomingMessage,
  body: Buffer,
  signer: SignatureKey | undefined,
): readonly string[] {
  if (signer === undefined || typeof signature !== "string") return [];
  const created = Math.floor(Date.now() / 1000);
  return Object.entries(
    signAnswer({ status: 200, body, requestSignature: signature }, signer, created) ?? {},
  ).flat();
}

/** A gateway that asks for what is not there learns why; the answers will not be those expected. */
function answerBody(answer: ReturnType<typeof createAnswer>, body: string): string {
  try {
    const asked = JSON.parse(body) as Request | readonly Request[];
    return Array.isArray(asked) ? `[${asked.map(answer).join(",")}]` : answer(asked as Request);
  } catch (error) {
    return JSON.stringify({ errors: [{ message: (error as Error).message }] });
  }
}
