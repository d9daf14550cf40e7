/**
 * The record's keys, made at the first start in one file that only its owner may read: one signs what is written, the
 * other turns keys of persons into pseudonyms.
 */
import {
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  randomUUID,
  sign,
  verify,
} from "node:crypto";
import { link, mkdir, readFile, unlink, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";
import { StartError } from "../../process/lifecycle.ts";
import { canonical } from "./canonical.ts";

const publicSchema = z.object({ kty: z.literal("OKP"), crv: z.literal("Ed25519"), x: z.string() });
const fileSchema = z.strictObject({
  /** Ed25519 (RFC 8037). */
  signing: z.strictObject({ ...publicSchema.shape, d: z.string() }),
  /** 32 bytes, base64url. */
  subjects: z.string().regex(/^[\w-]{43}$/),
});

/** What verifies signatures: a JSON Web Key (RFC 7517). */
export type PublicKey = z.infer<typeof publicSchema>;

export interface RecordKeys {
  readonly publicKey: PublicKey;
  /** Thumbprint of the public key (RFC 7638). */
  readonly keyId: string;
  readonly sign: (text: string) => Buffer;
  /** A subject's pseudonym: always the same, and nobody without the key can tell whose it is, or try all there are. */
  readonly pseudonym: (subject: string) => string;
}

/** Keys that signatures of a record may be by, by their thumbprints. */
export type Verifiers = ReadonlyMap<string, KeyObject>;

/** Makes the file where there is none yet. */
export async function ensureRecordKeys(file: string): Promise<void> {
  const { privateKey } = generateKeyPairSync("ed25519");
  const { kty, crv, x, d } = privateKey.export({ format: "jwk" });
  const keys = { signing: { kty, crv, x, d }, subjects: randomBytes(32).toString("base64url") };
  await mkdir(dirname(file), { recursive: true });
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, JSON.stringify(keys), { mode: 0o600 });
  // Whole or not at all: another gateway may start at the same moment, and the keys of one are those of all.
  try {
    await link(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    await unlink(draft);
  }
}

/** @throws StartError when the file is missing, or holds no such keys. */
export async function readRecordKeys(file: string): Promise<RecordKeys> {
  const { signing, subjects } = await readKeyFile(file, fileSchema);
  const { d: _private, ...publicKey } = signing;
  const key = createPrivateKey({ key: signing, format: "jwk" });
  const secret = Buffer.from(subjects, "base64url");
  return {
    publicKey,
    keyId: thumbprint(publicKey),
    sign: (text) => sign(null, Buffer.from(text), key),
    pseudonym: (subject) => createHmac("sha256", secret).update(subject).digest("base64url"),
  };
}

/** @throws StartError when the file is missing, or holds no public key. */
export async function readPublicKey(file: string): Promise<PublicKey> {
  return readKeyFile(
    file,
    publicSchema.transform(({ kty, crv, x }) => ({ kty, crv, x })),
  );
}

export function verifiersOf(keys: readonly PublicKey[]): Verifiers {
  return new Map(keys.map((key) => [thumbprint(key), createPublicKey({ key, format: "jwk" })]));
}

/** Whether a text is what one of the keys has signed: the one that it names itself. */
export function isSigned(verifiers: Verifiers, keyId: unknown, text: string, signature: Buffer): boolean {
  const key = typeof keyId === "string" ? verifiers.get(keyId) : undefined;
  return key !== undefined && verify(null, Buffer.from(text), key, signature);
}

function thumbprint(key: PublicKey): string {
  return createHash("sha256").update(canonical(key)).digest("base64url");
}

async function readKeyFile<T>(file: string, schema: z.ZodType<T>): Promise<T> {
  try {
    return schema.parse(JSON.parse(await readFile(file, "utf8")));
  } catch (error) {
    throw new StartError(
      `${file} does not hold the record's keys: ${(error as Error).message}`,
      "A gateway with --record makes them at its first start, at the settings' keyFile.",
      { cause: error },
    );
  }
}
