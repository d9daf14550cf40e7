/**
 * The scalars of the graph: instants with Vietnam's offset, calendar days, whole đồng.
 */
import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from "graphql";

const RFC3339 = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i;
const OFFSET_MS = 7 * 3_600_000;
const FOUR_DIGIT_YEAR = /^\d{4}-/;

/** RFC 3339 with offset. Inside it is a `Date`; the answer always carries `+07:00`, to the second. */
export const DateTime = new GraphQLScalarType<Date, string>({
  name: "DateTime",
  serialize: (value) => formatInstant(value instanceof Date ? value : new Date(value as string)),
  parseValue: (value) => parseInstant(value),
  parseLiteral: (node) => parseInstant(textOf(node)),
});

/** ISO 8601 calendar day. Inside it is the same text. */
export const CalendarDate = new GraphQLScalarType<string, string>({
  name: "Date",
  serialize: (value) => value as string,
  parseValue: (value) => parseDay(value),
  parseLiteral: (node) => parseDay(textOf(node)),
});

/** Whole đồng: an integer from 0 to 2^53 − 1. */
export const Money = new GraphQLScalarType<number, number>({
  name: "Money",
  serialize: (value) => Number(value),
  parseValue: (value) => parseMoney(value),
  parseLiteral: (node) => parseMoney(node.kind === Kind.INT ? Number(node.value) : undefined),
});

/** `2026-11-21T08:30:00+07:00`. */
export function formatInstant(instant: Date): string {
  return `${new Date(instant.getTime() + OFFSET_MS).toISOString().slice(0, 19)}+07:00`;
}

function parseInstant(value: unknown): Date {
  const match = typeof value === "string" ? RFC3339.exec(value) : null;
  // Date.parse would let 30 February roll over into March.
  if (match?.[1] !== undefined && isDay(match[1]) && !Number.isNaN(Date.parse(match[0]))) {
    const instant = new Date(match[0]);
    // RFC 3339 writes years with four digits, also after the change to Vietnam time.
    if (FOUR_DIGIT_YEAR.test(formatInstant(instant))) return instant;
  }
  throw invalid("DateTime", value, "RFC 3339 with offset, such as 2026-11-21T08:30:00+07:00");
}

function parseDay(value: unknown): string {
  if (typeof value === "string" && isDay(value)) return value;
  throw invalid("Date", value, "ISO 8601 day, such as 2026-11-21");
}

function parseMoney(value: unknown): number {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
  throw invalid("Money", value, "a whole number of đồng, 0 or more");
}

function isDay(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const instant = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(text);
}

function textOf(node: ValueNode): string | undefined {
  return node.kind === Kind.STRING ? node.value : undefined;
}

function invalid(type: string, value: unknown, allowed: string): GraphQLError {
  const shown = JSON.stringify(value) ?? "nothing";
  return new GraphQLError(`${shown.slice(0, 60)} is not a ${type}; allowed: ${allowed}`, {
    extensions: { code: "INVALID_INPUT", allowed },
  });
}
