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

/** A number with more digits than a double keeps for certain, or with an exponent; seen also inside some strings. */
const LONG_NUMBER = /[:[,\s]-?(?:\d[\d.]{15,}|\d[\d.]*[eE])/;
/** Without either of these there is none: two searches that skip through a text instead of trying every comma. */
const DIGITS = /[\d.]{16}/;
const EXPONENT = /\d[eE][+-]?\d/;

/** Parses JSON; numbers that would be rounded become raw JSON, which `JSON.stringify` writes as it came. */
export function parseJson(text: string): unknown {
  // A reviver costs several times the parsing itself: only where such a number may be.
  return (DIGITS.test(text) || EXPONENT.test(text)) && LONG_NUMBER.test(text)
    ? json.parse(text, keepDigits)
    : JSON.parse(text);
}

/** Whether a value is a number kept with its digits. */
export const isRawNumber = (value: unknown): boolean => json.isRawJSON(value);

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
