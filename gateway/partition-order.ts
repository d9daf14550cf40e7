/**
 * The order of a connection over members: `score desc, node.code`. Each member gives its own rows in this order already;
 * here is only how a row of one stands to a row of another.
 */
import { isRawNumber } from "./transport/json.ts";

export interface OrderTerm {
  /** Names of fields, from the edge on. */
  readonly path: readonly string[];
  readonly descending: boolean;
  readonly nullsFirst: boolean;
}

const TERM =
  /^(?<path>[_A-Za-z]\w*(?:\.[_A-Za-z]\w*)*)(?: +(?<way>asc|desc))?(?: +nulls +(?<nulls>first|last))?$/i;

/** The terms, or what is wrong with their text. A null is greater than every value, as in PostgreSQL, unless told. */
export function readOrder(text: string): readonly OrderTerm[] | string {
  const terms: OrderTerm[] = [];
  for (const part of text.split(",")) {
    const groups = TERM.exec(part.trim())?.groups;
    if (groups === undefined) return `order: "${part.trim()}" is not FIELD [asc|desc] [nulls first|last]`;
    const descending = groups["way"]?.toLowerCase() === "desc";
    const nulls = groups["nulls"]?.toLowerCase();
    terms.push({
      path: (groups["path"] ?? "").split("."),
      descending,
      nullsFirst: nulls === undefined ? descending : nulls === "first",
    });
  }
  return terms;
}

/** Negative when the first row stands before the second. @param a its values, one for each term */
export function compareRows(
  order: readonly OrderTerm[],
  a: readonly unknown[],
  b: readonly unknown[],
): number {
  for (const [index, { descending, nullsFirst }] of order.entries()) {
    const [one, other] = [a[index] ?? null, b[index] ?? null];
    if (one === null && other === null) continue;
    if (one === null || other === null) return (one === null) === nullsFirst ? -1 : 1;
    const compared = compareValues(one, other);
    if (compared !== 0) return descending ? -compared : compared;
  }
  return 0;
}

/** Numbers by size, texts by code point, false before true. Values of different kinds are equal: they have no order. */
function compareValues(a: unknown, b: unknown): number {
  if (typeof a === "string" && typeof b === "string") return compareTexts(a, b);
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a === "boolean" && typeof b === "boolean") return Number(a) - Number(b);
  return isNumber(a) && isNumber(b) ? compareLongNumbers(JSON.stringify(a), JSON.stringify(b)) : 0;
}

function isNumber(value: unknown): boolean {
  return typeof value === "number" || isRawNumber(value);
}

/** At least one of them is longer than a JavaScript number. */
function compareLongNumbers(a: string, b: string): number {
  const whole = /^-?\d+$/;
  if (!whole.test(a) || !whole.test(b)) return Number(a) - Number(b);
  const difference = BigInt(a) - BigInt(b);
  return difference === 0n ? 0 : difference < 0n ? -1 : 1;
}

/** Databases compare by code point (UTF-8); JavaScript by UTF-16 unit, where surrogates stand before U+E000. */
function compareTexts(a: string, b: string): number {
  for (let at = 0; at < a.length && at < b.length; at += 1) {
    const [one, other] = [a.charCodeAt(at), b.charCodeAt(at)];
    if (one !== other) return rank(one) - rank(other);
  }
  return a.length - b.length;
}

function rank(unit: number): number {
  const isSurrogate = unit >= 0xd800 && unit <= 0xdfff;
  return isSurrogate ? unit + 0x10000 : unit;
}
