/**
 * The language that the registry's messages shall have: the terminal's.
 */
import type { Language } from "../gateway/language.ts";

/** By the environment, as POSIX has it (XBD 8.2): the first of these that is set counts. */
export function language(env: NodeJS.ProcessEnv = process.env): Language {
  const locale = [env["LC_ALL"], env["LC_MESSAGES"], env["LANG"]].find((value) => value) ?? "";
  return /^vi(_|\.|$)/i.test(locale) ? "vi" : "en";
}
