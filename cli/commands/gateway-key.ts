/**
 * The keys by which subgraphs know a gateway (docs/signing.md). A gateway follows its file, so that nothing is restarted.
 */
import { resolve } from "node:path";
import {
  ensureSigningKeys,
  newSigningKey,
  publicSigningKeys,
  readSigningKeys,
  type SigningKeys,
  writeSigningKeys,
} from "../../gateway/trust/signing-keys.ts";
import { StartError } from "../../process/lifecycle.ts";
import { trustFiles } from "../../province/trust-files.ts";
import { defineCommand, type Result } from "../command.ts";
import { z } from "zod";

const fileOptions = {
  keyFile: {
    schema: z.string().min(1).optional(),
    placeholder: "FILE",
    help: "The gateway's keys, as the trust file names them in signing; by default those of --data.",
  },
  data: {
    schema: z.string().min(1).default(".data"),
    placeholder: "DIR",
    help: "Data directory of a province that asks who asks; .data by default.",
  },
};

export const newGatewayKey = defineCommand({
  options: fileOptions,
  examples: ["lienthong gateway-key new", "lienthong gateway-key new --key-file gateway.key"],
  async run(options) {
    const file = fileOf(options);
    if (await ensureSigningKeys(file)) return told(file, await readSigningKeys(file), "the first key");
    const key = await newSigningKey();
    const keys: SigningKeys = [...(await readSigningKeys(file)), key];
    await writeSigningKeys(file, keys);
    return told(file, keys, `${key.kid} is published, and signs after lienthong gateway-key rotate`);
  },
});

export const showGatewayKeys = defineCommand({
  options: fileOptions,
  examples: ["lienthong gateway-key show > gateway-keys.json"],
  async run(options) {
    const set = publicSigningKeys(await readSigningKeys(fileOf(options)));
    // The set alone, so that it can be sent into a file.
    return { ok: true, data: set, lines: JSON.stringify(set, undefined, 2).split("\n") };
  },
});

export const rotateGatewayKeys = defineCommand({
  options: fileOptions,
  examples: ["lienthong gateway-key rotate"],
  async run(options) {
    const file = fileOf(options);
    const [signing, next, ...others] = await readSigningKeys(file);
    if (next === undefined)
      throw new StartError(
        `${file} has one key only, ${signing.kid}.`,
        "Make the next with lienthong gateway-key new, and give subgraphs time to know it.",
      );
    const keys: SigningKeys = [next, ...others, signing];
    await writeSigningKeys(file, keys);
    return told(file, keys, `${next.kid} signs; ${signing.kid} still counts until it is retired`);
  },
});

export const retireGatewayKey = defineCommand({
  options: {
    keyId: {
      schema: z.string({ error: "is required: the key's kid" }),
      placeholder: "KID",
      positional: true,
      help: "The key, as gateway-key show tells it.",
    },
    ...fileOptions,
  },
  examples: ["lienthong gateway-key retire 4yzt8ElnGHFGvzCGHGGvoVJvxIGnMGUWNsSCzBA5vGM"],
  async run({ keyId, ...options }) {
    const file = fileOf(options);
    const [signing, ...others] = await readSigningKeys(file);
    if (keyId === signing.kid)
      throw new StartError(`${keyId} signs.`, "Let another sign first, with lienthong gateway-key rotate.");
    const left = others.filter(({ kid }) => kid !== keyId);
    if (left.length === others.length)
      throw new StartError(
        `${file} has no key ${keyId}.`,
        `Its keys: ${[signing, ...others].map(({ kid }) => kid).join(", ")}.`,
      );
    const keys: SigningKeys = [signing, ...left];
    await writeSigningKeys(file, keys);
    return told(
      file,
      keys,
      `${keyId} counts no more once subgraphs have read the keys anew, within a minute`,
    );
  },
});

function fileOf({ keyFile, data }: { readonly keyFile: string | undefined; readonly data: string }): string {
  return keyFile ?? trustFiles(resolve(data)).signingKeys;
}

function told(file: string, keys: SigningKeys, what: string): Result {
  const [{ kid: signs }, ...others] = keys;
  return {
    ok: true,
    data: { file, signs, published: keys.map(({ kid }) => kid) },
    lines: [
      what,
      `  signs      ${signs}`,
      ...others.map(({ kid }) => `  published  ${kid}`),
      `  in         ${file}`,
    ],
  };
}
