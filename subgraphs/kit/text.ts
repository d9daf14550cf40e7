/**
 * Free text that people type: trimmed, composed, bounded.
 */
import { AgencyError } from "./errors.ts";

/**
 * A text of 1 to `longest` characters on one or several lines, in composed form (NFC), because names are searched and
 * compared.
 * @throws AgencyError INVALID_INPUT when it is blank, too long, or holds control characters or halves of
 * characters, which PostgreSQL cannot store
 */
export function parseText(value: string, field: string, longest = 500): string {
  const text = value.normalize("NFC").trim();
  const hasControl = /[^\P{Cc}\n\r\t]|\p{Cs}/u.test(text);
  if (text !== "" && text.length <= longest && !hasControl) return text;
  throw new AgencyError("INVALID_INPUT", {
    field,
    value: text.length > 60 ? `${text.slice(0, 60)}…` : text,
    allowed: `1 to ${longest} characters, no control characters`,
  });
}
