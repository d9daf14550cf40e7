/**
 * JSON without rounding: a number that a JavaScript number cannot hold keeps its digits, from a subgraph's answer to
 * the client's. Source: the TC39 proposal "JSON.parse source text access", in V8 since 2023.
 */

/** What TypeScript's library does not describe yet. */
interface SourceTextJson {
  rawJSON(text: string): object;
  isRawJSON(value: unknown): boolean;
  parse(
    text: string,
    reviver: (key: string, value: unknown, context: { source?: string }) => unknown,
  ): unknown;
}

const json = JSON as unknown as SourceTextJson;

/** A number with more digits than a double keeps for certain, or with a large exponent; seen also inside some strings. */
const LONG_NUMBER = /[:[,\s]-?(?:\d[\d.]{15,}|\d[\d.]*[eE][+-]?\d{3})/;
/** Without it no number is too large or too small for a double. */
const EXPONENT = /\d[eE][+-]?\d{3}/;
/** Characters of the shortest number that may be rounded, but for those with an exponent. */
const LONG = 16;

/** Parses JSON; numbers that would be rounded become raw JSON, which `JSON.stringify` writes as it came. */
export function parseJson(text: string): unknown {
  // A reviver costs several times the parsing itself: only where such a number may be.
  return (hasLongRun(text) || EXPONENT.test(text)) && LONG_NUMBER.test(text)
    ? json.parse(text, keepDigits)
    : JSON.parse(text);
}

/** A copy that shares no object with the original; numbers kept with their digits are values. */
export function copyJson<T>(value: T): T {
  if (typeof value !== "object" || value === null || isRawNumber(value)) return value;
  if (Array.isArray(value)) return value.map(copyJson) as T;
  // Spreading defines every key, `__proto__` too.
  const result: Record<string, unknown> = { ...(value as object) };
  for (const key of Object.keys(result)) {
    const field = result[key];
    if (typeof field === "object" && field !== null) result[key] = copyJson(field);
  }
  return result as T;
}

/** Whether a value is a number kept with its digits. */
export const isRawNumber = (value: unknown): boolean => json.isRawJSON(value);

/** Whether so many digits and points stand in a row: one of them is at a multiple of that number. */
function hasLongRun(text: string): boolean {
  for (let at = LONG - 1; at < text.length; at += LONG) {
    if (!isDigitOrPoint(text, at)) continue;
    let from = at;
    while (isDigitOrPoint(text, from - 1)) from -= 1;
    let to = at;
    while (isDigitOrPoint(text, to + 1)) to += 1;
    if (to - from + 1 >= LONG) return true;
  }
  return false;
}

function isDigitOrPoint(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return (code >= 48 && code <= 57) || code === 46;
}

function keepDigits(_key: string, value: unknown, { source }: { source?: string }): unknown {
  if (typeof value !== "number" || source === undefined) return value;
  return isExact(source, value) ? value : json.rawJSON(source);
}

/** Whether the shortest text of the number says the same as its source. */
function isExact(source: string, value: number): boolean {
  return Number.isFinite(value) && decimal(source) === decimal(String(value));
}

/** Sign, digits without leading and trailing zeros, and the power of ten of the first: one text for one number. */
function decimal(text: string): string {
  const [, sign = "", whole = "", fraction = "", exponent = "0"] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  const digits = (whole + fraction).replace(/^0+/, "");
  if (digits === "") return "0";
  const leadingZeros = (whole + fraction).length - digits.length;
  const power = whole.length - leadingZeros + Number(exponent);
  return `${sign}${digits.replace(/0+$/, "")}e${power}`;
}
