/**
 * The agency's one-stop software, in which its procedures and cases are: where SYSTEM_URL says, with the session of
 * SYSTEM_SESSION, or, without them, the stand-in. mapping.json says which of its services gives what.
 */
import { fileURLToPath } from "node:url";
import type { SourceKind } from "lienthong/kit/agency/source";
import { readRestMapping } from "lienthong/kit/sources/rest/mapping";
import { restSource } from "lienthong/kit/sources/rest/source";
import { startStandIn } from "./stand-in.ts";

const MAPPING = fileURLToPath(new URL("./mapping.json", import.meta.url));

/** @throws StartError naming every fault of the mapping */
export async function openSystem(
  env: NodeJS.ProcessEnv = process.env,
): Promise<{ source: SourceKind; close: () => Promise<void> }> {
  if (env["SYSTEM_URL"] !== undefined)
    return { source: restSource(readRestMapping(MAPPING, env)), close: () => Promise.resolve() };
  const standIn = await startStandIn();
  const mapping = readRestMapping(MAPPING, { SYSTEM_URL: standIn.url, SYSTEM_SESSION: standIn.session });
  return { source: restSource(mapping), close: standIn.close };
}
