/**
 * What `npm start -- --trust` keeps under the data directory: the keys of the development issuer and of the gateway, made
 * at the first start, the trust file that gateways read, and the token that the agencies' programs send their messages
 * with.
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ensureDevelopmentKey, issueToken, readDevelopmentKey } from "../gateway/trust/development.ts";
import { ensureSigningKeys } from "../gateway/trust/signing-keys.ts";
import { SCHEMA_DIRECTORY } from "../schema/build/sources.ts";

export interface TrustFiles {
  readonly trust: string;
  readonly systemToken: string;
  /** The gateway's private keys. */
  readonly signingKeys: string;
}

const KEY_FILE = "development.key.json";
const SIGNING_FILE = "gateway.key.json";
/** As subgraphs read it in tokens. */
const GATEWAY_NAME = "province";
/** Seconds. Every start makes a new one. */
const SYSTEM_TOKEN_LIFETIME = 30 * 24 * 3600;

/** Beneath the data directory. */
export function trustFiles(data: string): TrustFiles {
  const directory = join(data, "trust");
  return {
    trust: join(directory, "trust.json"),
    systemToken: join(directory, "system.token"),
    signingKeys: join(directory, SIGNING_FILE),
  };
}

/** Writes the files; the keys stay what they were. */
export async function prepareTrust(data: string): Promise<TrustFiles> {
  const files = trustFiles(data);
  const keyFile = join(data, "trust", KEY_FILE);
  await mkdir(join(data, "trust"), { recursive: true, mode: 0o700 });
  await ensureDevelopmentKey(keyFile);
  await ensureSigningKeys(files.signingKeys);
  const meaning = JSON.parse(await readFile(join(SCHEMA_DIRECTORY, "trust.json"), "utf8")) as object;
  const keys = {
    development: { keyFile: KEY_FILE },
    signing: { name: GATEWAY_NAME, keyFile: SIGNING_FILE },
  };
  await writeFile(files.trust, `${JSON.stringify({ ...keys, ...meaning }, null, 2)}\n`);
  const token = await issueToken(await readDevelopmentKey(keyFile), {
    subject: "agencies",
    role: "agency-system",
    lifetime: SYSTEM_TOKEN_LIFETIME,
  });
  await writeFile(files.systemToken, token, { mode: 0o600 });
  return files;
}
