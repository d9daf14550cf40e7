/**
 * The contract's scalars: an instant is a number of milliseconds inside.
 */
import { GraphQLScalarType } from "graphql";
import type { Faulty } from "./faults.ts";
import { Refusal } from "./refusal.ts";

const OFFSET_MS = 7 * 3_600_000;
const INSTANT = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

export function scalars(has: Faulty) {
  return {
    DateTime: new GraphQLScalarType<number, string>({
      name: "DateTime",
      serialize: (value) => writeInstant(value as number, has),
      parseValue: (value) => readInstant(value, has),
    }),
    Date: new GraphQLScalarType<string, string>({
      name: "Date",
      serialize: (value) => (has("days with a time") ? `${value as string}T00:00:00Z` : (value as string)),
      parseValue: (value) => {
        if (typeof value === "string" && isDay(value)) return value;
        throw new Refusal("INVALID_INPUT", { field: "date", value, allowed: "2026-11-21" });
      },
    }),
    Money: new GraphQLScalarType({ name: "Money" }),
  };
}

/** The instant at which a day begins. */
export function startOf(day: string, has: Faulty): number {
  return Date.parse(`${day}T00:00:00${has("days in UTC") ? "Z" : "+07:00"}`);
}

/** The day in Vietnam of an instant. */
export function dayOf(instant: number): string {
  return new Date(instant + OFFSET_MS).toISOString().slice(0, 10);
}

function writeInstant(instant: number, has: Faulty): string {
  if (has("instants in UTC")) return new Date(instant).toISOString();
  const shown = has("UTC taken for Vietnam's time") ? instant : instant + OFFSET_MS;
  return `${new Date(shown).toISOString().slice(0, 19)}+07:00`;
}

function readInstant(value: unknown, has: Faulty): number {
  if (has("any instant")) {
    const read = typeof value === "number" ? value : Date.parse(value as string);
    return Number.isNaN(read) ? Date.now() : read;
  }
  const [text, day] = (typeof value === "string" ? INSTANT.exec(value) : null) ?? [];
  if (text === undefined || day === undefined || !isDay(day) || Number.isNaN(Date.parse(text)))
    throw new Refusal("INVALID_INPUT", { field: "instant", value, allowed: "2026-11-21T08:30:00+07:00" });
  return Date.parse(has("offsets are cut off") ? `${text.slice(0, 19)}+07:00` : text);
}

function isDay(text: string): boolean {
  const instant = /^\d{4}-\d\d-\d\d$/.test(text) ? new Date(`${text}T00:00:00Z`) : new Date(Number.NaN);
  return !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(text);
}
