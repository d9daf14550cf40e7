/**
 * The language of messages: the one of `Accept-Language` (RFC 9110, section 12.5.4) that the gateway speaks.
 */
export type Language = "en" | "vi";

/** The preferred language among those spoken; English when the header names neither, or is malformed. */
export function preferredLanguage(acceptLanguage: string | undefined): Language {
  if (acceptLanguage === undefined) return "en";
  let best: Language = "en";
  let bestQuality = 0;
  for (const range of acceptLanguage.split(",")) {
    const [tag = "", ...parameters] = range.split(";");
    const language = tag.trim().toLowerCase().split("-")[0];
    if (language !== "en" && language !== "vi") continue;
    const weight = parameters.map((parameter) => /^\s*q=([0-9.]+)\s*$/.exec(parameter)?.[1]).find(Boolean);
    const quality = weight === undefined ? 1 : Number(weight);
    if (quality > bestQuality) {
      best = language;
      bestQuality = quality;
    }
  }
  return best;
}
