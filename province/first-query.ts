/**
 * What `npm start` tells in the end: how to ask, with a token where one is needed.
 */
import { issueToken, readDevelopmentKey } from "../gateway/trust/development.ts";
import { readTrustFile } from "../gateway/trust/settings.ts";
import { StartError } from "../process/lifecycle.ts";
import { FIRST_ROLE as ROLE } from "./trust.ts";
import type { TrustFiles } from "./trust-files.ts";

/** Seconds. */
const LIFETIME = 8 * 3600;

/** The README's first query. */
const QUERY = "{ dossiers(first: 3) { nodes { code } } }";

/** A shell's command. @param token whether a token is needed, which the shell has as `TOKEN` */
export function firstQuery(gatewayUrl: string, token: boolean): string {
  const authorization = token ? ' -H "authorization: Bearer $TOKEN"' : "";
  return `curl -s ${gatewayUrl} -H 'content-type: application/json'${authorization} -d '${JSON.stringify({ query: QUERY })}'`;
}

/** A token of the development issuer, for whoever reads what `npm start` says. */
export async function tokenToTry(
  files: TrustFiles,
): Promise<{ readonly role: string; readonly token: string }> {
  const { development } = await readTrustFile(files.trust);
  if (development === undefined)
    throw new StartError(`${files.trust} has no development issuer.`, "Remove it: npm start makes it anew.");
  const key = await readDevelopmentKey(development.keyFile);
  return {
    role: ROLE,
    token: await issueToken(key, { subject: "developer", role: ROLE, lifetime: LIFETIME }),
  };
}
