/**
 * The record's keys, made at the first start in one file that only its owner may read: one signs what is written, the
 * other turns keys of persons into pseudonyms. After a change there are several of a kind: the first is in use.
 */
import {
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  type KeyObject,
  randomBytes,
  sign,
  verify,
} from "node:crypto";
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { newKeyPair } from "../../process/ed25519.ts";
import { StartError } from "../../process/lifecycle.ts";
import { createPrivateFile, replacePrivateFile } from "../../process/private-file.ts";
import { canonical } from "./canonical.ts";

export const publicSchema = z.object({ kty: z.literal("OKP"), crv: z.literal("Ed25519"), x: z.string() });
const signingSchema = z.strictObject({ ...publicSchema.shape, d: z.string() });
/** 32 bytes, base64url. */
const secretSchema = z.string().regex(/^[\w-]{43}$/);
const fileSchema = z.strictObject({
  /** Ed25519 (RFC 8037). */
  signing: oneOrSeveral(signingSchema),
  subjects: oneOrSeveral(secretSchema),
  /** What verifies signatures by keys that sign no more, the last first. */
  retired: z.array(publicSchema).default([]),
});

/** What verifies signatures: a JSON Web Key (RFC 7517). */
export type PublicKey = z.infer<typeof publicSchema>;
export type SigningKey = z.infer<typeof signingSchema>;
/** What the key file holds. */
export type KeyFile = z.infer<typeof fileSchema>;

export interface Signer {
  readonly publicKey: PublicKey;
  /** Thumbprint of the public key (RFC 7638). */
  readonly keyId: string;
  readonly sign: (text: string) => Buffer;
}

export interface RecordKeys extends Signer {
  /** Of all that ever signed, the one in use first. */
  readonly publicKeys: readonly PublicKey[];
  /** A subject's pseudonym: always the same, and nobody without the key can tell whose it is, or try all there are. */
  readonly pseudonym: (subject: string) => string;
  /** Names the key that makes pseudonyms. */
  readonly subjectKeyId: string;
}

/** Keys that signatures of a record may be by, by their thumbprints. */
export type Verifiers = ReadonlyMap<string, KeyObject>;

/** Makes the file where there is none yet: of gateways that start at the same moment, the keys of one are those of all. */
export async function ensureRecordKeys(file: string): Promise<void> {
  await createPrivateFile(file, JSON.stringify({ signing: [newSigningKey()], subjects: [newSubjectKey()] }));
}

/** @throws StartError when the file is missing, or holds no such keys. */
export async function readRecordKeys(file: string): Promise<RecordKeys> {
  const { signing, subjects, retired } = await readKeyFile(file);
  const [subjectKey] = subjects;
  const secret = secretOf(subjectKey);
  return {
    ...signerOf(signing[0]),
    publicKeys: [...signing.map(publicPart), ...retired],
    pseudonym: (subject) => pseudonymBy(secret, subject),
    subjectKeyId: subjectKeyId(subjectKey),
  };
}

/**
 * What a subject may stand as in the record: by each key that there was, the one in use first. A file with nothing but
 * `subjects` will do: whoever looks readings up must not be able to sign any.
 * @throws StartError when the file is missing, or holds no such keys
 */
export async function readPseudonyms(file: string): Promise<(subject: string) => readonly string[]> {
  const { subjects } = await parseKeyFile(file, fileSchema.pick({ subjects: true }).loose());
  const secrets = subjects.map(secretOf);
  return (subject) => secrets.map((secret) => pseudonymBy(secret, subject));
}

/**
 * Public keys, one on each line, as `lienthong audit key` tells them.
 * @throws StartError when the file is missing, or holds none
 */
export async function readPublicKeys(file: string): Promise<readonly PublicKey[]> {
  return parsed(file, async () => {
    const lines = (await readFile(file, "utf8")).split("\n").filter((line) => line.trim() !== "");
    return z
      .array(publicSchema)
      .min(1)
      .parse(lines.map((line) => JSON.parse(line) as unknown));
  });
}

/** @throws StartError when the file is missing, or holds no such keys. */
export async function readKeyFile(file: string): Promise<KeyFile> {
  return parseKeyFile(file, fileSchema);
}

/** In place of what there was, whole or not at all. */
export async function replaceKeyFile(file: string, keys: KeyFile): Promise<void> {
  await replacePrivateFile(file, JSON.stringify(keys));
}

export function newSigningKey(): SigningKey {
  return newKeyPair();
}

export function newSubjectKey(): string {
  return randomBytes(32).toString("base64url");
}

export function signerOf(signing: SigningKey): Signer {
  const publicKey = publicPart(signing);
  const key = createPrivateKey({ key: signing, format: "jwk" });
  return {
    publicKey,
    keyId: thumbprint(publicKey),
    sign: (text) => sign(null, Buffer.from(text), key),
  };
}

/** Names a key that makes pseudonyms, and tells nothing of it. */
export function subjectKeyId(key: string): string {
  return createHash("sha256").update(key).digest("base64url").slice(0, 16);
}

export function verifiersOf(keys: readonly PublicKey[]): Verifiers {
  return new Map(keys.map((key) => [thumbprint(key), createPublicKey({ key, format: "jwk" })]));
}

/** Whether a text is what one of the keys has signed: the one that it names itself. */
export function isSigned(verifiers: Verifiers, keyId: unknown, text: string, signature: Buffer): boolean {
  const key = typeof keyId === "string" ? verifiers.get(keyId) : undefined;
  return key !== undefined && verify(null, Buffer.from(text), key, signature);
}

export function thumbprint({ kty, crv, x }: PublicKey): string {
  return createHash("sha256").update(canonical({ kty, crv, x })).digest("base64url");
}

export function publicPart({ kty, crv, x }: SigningKey): PublicKey {
  return { kty, crv, x };
}

function secretOf(key: string): KeyObject {
  return createSecretKey(key, "base64url");
}

function pseudonymBy(secret: KeyObject, subject: string): string {
  return createHmac("sha256", secret).update(subject).digest("base64url");
}

/** A list of at least one; one alone stands for itself. */
function oneOrSeveral<T>(schema: z.ZodType<T>) {
  return z.union([
    schema.transform((one): [T, ...T[]] => [one]),
    z.array(schema).transform(([first, ...rest], check): [T, ...T[]] => {
      if (first !== undefined) return [first, ...rest];
      check.addIssue({ code: "custom", message: "must not be empty" });
      return z.NEVER;
    }),
  ]);
}

async function parseKeyFile<T>(file: string, schema: z.ZodType<T>): Promise<T> {
  return parsed(file, async () => schema.parse(JSON.parse(await readFile(file, "utf8"))));
}

async function parsed<T>(file: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw new StartError(
      `${file} does not hold the record's keys: ${(error as Error).message}`,
      "A gateway with --record makes them at its first start, at the settings' keyFile.",
      { cause: error },
    );
  }
}
