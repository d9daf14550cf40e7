/**
 * What `npm start` keeps under the data directory: the keys of the development issuer and of the gateway, made
 * at the first start, the trust file that gateways read, and the tokens that the agencies' programs send their messages
 * with, each its own.
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ensureDevelopmentKey, issueToken, readDevelopmentKey } from "../gateway/trust/development.ts";
import { ensureSigningKeys } from "../gateway/trust/signing-keys.ts";
import { SCHEMA_DIRECTORY } from "../schema/build/sources.ts";
import type { AnswerKeys } from "../gateway/answer-keys.ts";
import { forAgency } from "../subgraphs/kit/for-agency.ts";
import { prepareAnswerKeys } from "./answer-keys.ts";
import { AGENCIES, CENTER } from "./catalogue/agencies.ts";
import { SIGNING_FILE, type TrustFiles, trustFiles } from "./trust-files.ts";

/** Of schema/trust.json, the one that reads every dossier. */
export const FIRST_ROLE = "center-officer";
const KEY_FILE = "development.key.json";
const ANSWER_KEYS_FILE = "answer-keys.json";
/** As subgraphs read it in tokens. */
const GATEWAY_NAME = "province";
/** Seconds. Every start makes a new one. */
const SYSTEM_TOKEN_LIFETIME = 30 * 24 * 3600;

/**
 * Writes the files; the keys stay what they were.
 * @param registered whether a registry has the keys that answers are signed with; a file has them otherwise
 */
export async function prepareTrust(
  data: string,
  registered = false,
): Promise<TrustFiles & { readonly answerKeys: AnswerKeys }> {
  const files = trustFiles(data);
  const keyFile = join(data, "trust", KEY_FILE);
  await mkdir(join(data, "trust"), { recursive: true, mode: 0o700 });
  await ensureDevelopmentKey(keyFile);
  await ensureSigningKeys(files.signingKeys);
  const meaning = JSON.parse(await readFile(join(SCHEMA_DIRECTORY, "trust.json"), "utf8")) as object;
  const keys = {
    development: { keyFile: KEY_FILE, role: FIRST_ROLE },
    signing: { name: GATEWAY_NAME, keyFile: SIGNING_FILE },
    ...(!registered && { answerKeys: ANSWER_KEYS_FILE }),
  };
  const answerKeys = await prepareAnswerKeys(files.answerKey);
  await writeFile(join(data, "trust", ANSWER_KEYS_FILE), `${JSON.stringify(answerKeys, null, 2)}\n`);
  await writeFile(files.trust, `${JSON.stringify({ ...keys, ...meaning }, null, 2)}\n`);
  const key = await readDevelopmentKey(keyFile);
  await mkdir(dirname(files.systemToken), { recursive: true, mode: 0o700 });
  for (const { code } of AGENCIES) {
    const wish = {
      subject: `system of ${code}`,
      // The centre's software is an agency's, too.
      role: code === CENTER ? ["center-system", "agency-system"] : "agency-system",
      organisation: code,
      lifetime: SYSTEM_TOKEN_LIFETIME,
    };
    await writeFile(forAgency(files.systemToken, code), await issueToken(key, wish), { mode: 0o600 });
  }
  return { ...files, answerKeys };
}
