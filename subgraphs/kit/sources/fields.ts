/**
 * Reads rows of another system's JSON by the fields that a mapping names. Whatever does not fit is told with its place.
 */
import { stateOf, type State } from "../states.ts";
import type { FieldSpec, ListSpec } from "./rest/mapping.ts";
import type { TimePattern } from "./time.ts";

/** A value that does not fit: `cases[3].NgayTiepNhan: "abc" is not …`. */
export class FieldFault extends Error {
  override readonly name = "FieldFault";
}

export interface Reading {
  readonly dates: TimePattern;
  /** Undefined: the national codes 1 to 10. */
  readonly states: Readonly<Record<string, State>> | undefined;
}

/** What a value should have been: the reader adds where it stands. */
class Expected extends Error {}

/** Makes a contract value of a JSON value that is there. @throws Expected */
type Convert<T> = (value: unknown, spec: FieldSpec, reading: Reading) => T;

/** `required` fields must have a value in every row. */
export interface Field<T> {
  readonly convert: Convert<T>;
  readonly required: boolean;
}

type Optional<T> = Field<T | null>;

const required = <T>(convert: Convert<T>): Field<T> => ({ convert, required: true });
const optional = <T>(convert: Convert<T>): Optional<T> => ({ convert, required: false });

const text: Convert<string> = (value) => {
  if (typeof value === "string" && value.trim() !== "") return value.trim();
  if (typeof value === "number") return String(value);
  throw new Expected("a text");
};

const number: Convert<number> = (value) => {
  const given = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  if (typeof given === "number" && Number.isFinite(given) && given >= 0) return given;
  throw new Expected("a number, 0 or more");
};

const flag: Convert<boolean> = (value) => {
  const known = new Map<unknown, boolean>([
    [true, true],
    [false, false],
    ["true", true],
    ["false", false],
    [1, true],
    [0, false],
    ["1", true],
    ["0", false],
  ]);
  const given = known.get(value);
  if (given === undefined) throw new Expected("true or false");
  return given;
};

const instant: Convert<Date> = (value, spec, reading) => {
  const pattern = patternOf(spec) ?? reading.dates;
  const given = typeof value === "number" ? String(value) : value;
  const parsed = typeof given === "string" ? pattern.parse(given) : undefined;
  if (parsed === undefined) throw new Expected(`a time ${pattern.text}`);
  return parsed;
};

/** A calendar day, ISO 8601. */
const day: Convert<string> = (value, spec, reading) =>
  new Date(instant(value, spec, reading).getTime() + 7 * 3_600_000).toISOString().slice(0, 10);

const state: Convert<State> = (value, _spec, { states }) => {
  const code = String(value);
  const known =
    states === undefined ? nationalState(code) : Object.hasOwn(states, code) ? states[code] : undefined;
  if (known === undefined)
    throw new Expected(`a state (${Object.keys(states ?? {}).join(", ") || "1 to 10"})`);
  return known;
};

const texts: Convert<readonly string[]> = (value) => {
  const given = typeof value === "string" ? value.split(";") : value;
  if (!Array.isArray(given) || !given.every((each): each is string => typeof each === "string"))
    throw new Expected("texts, as a list or separated by ;");
  return given.map((each) => each.trim()).filter((each) => each !== "");
};

function oneOf<const V extends string>(...values: readonly V[]): Convert<V> {
  return (value) => {
    const found = values.find((each) => each === value);
    if (found === undefined) throw new Expected(`one of ${values.join(", ")}`);
    return found;
  };
}

/** What a field's value is a time of, where it is one. */
export function timeOf({ convert }: Field<unknown>): "instant" | "day" | undefined {
  if (convert === instant) return "instant";
  return convert === day ? "day" : undefined;
}

export const DOCUMENT_FIELDS = {
  name: required(text),
  originals: optional(number),
  copies: optional(number),
  optional: optional(flag),
};

export const PROCEDURE_STEP_FIELDS = { name: required(text), role: required(text), hours: required(number) };

export const PROCEDURE_FIELDS = {
  code: required(text),
  name: required(text),
  field: required(text),
  level: required(oneOf("CENTRAL", "PROVINCE", "DISTRICT", "COMMUNE")),
  statutoryDays: required(number),
  committedDays: required(number),
  onlineDays: optional(number),
  calendarDays: optional(flag),
  fee: required(number),
  onlineLevel: required(oneOf("NONE", "PARTIAL", "FULL")),
  oneStopKind: required(oneOf("ONE_STOP", "INTERCONNECTED", "INTERCONNECTED_LEVELS")),
  decision: required(text),
  issuedOn: required(day),
  validFrom: required(day),
  validTo: optional(day),
  supplementClock: optional(oneOf("RESTART", "PAUSE")),
  receptionCutoff: optional(text),
};

export const OFFICER_FIELDS = { code: required(text), name: required(text), title: required(text) };

export const CASE_FIELDS = {
  dossierCode: required(text),
  procedureCode: required(text),
  state: required(state),
  resumeState: optional(state),
  receivedAt: required(instant),
  dueAt: required(instant),
  finishedAt: optional(instant),
  officerCode: optional(text),
  officerName: optional(text),
  officerTitle: optional(text),
  personalId: optional(text),
  taxCode: optional(text),
  delayReason: optional(text),
  delayApologisedAt: optional(instant),
  delayPreviousDueAt: optional(instant),
  resultNumber: optional(text),
  resultSummary: optional(text),
  resultIssuedAt: optional(instant),
};

export const CASE_STEP_FIELDS = {
  name: required(text),
  officer: optional(text),
  startedAt: optional(instant),
  finishedAt: optional(instant),
};

export const EVENT_FIELDS = {
  at: required(instant),
  from: optional(state),
  to: required(state),
  officerCode: optional(text),
  note: optional(text),
};

export const SUPPLEMENT_FIELDS = {
  documents: required(texts),
  reason: required(text),
  requestedAt: required(instant),
  receivedAt: optional(instant),
};

export type Fields = Readonly<Record<string, Field<unknown>>>;
export type Read<F extends Fields> = { readonly [K in keyof F]: F[K] extends Field<infer T> ? T : never };

/** @throws FieldFault naming the place `where` and what is wrong there */
export function readRow<F extends Fields>(
  fields: F,
  specs: Readonly<Record<string, FieldSpec | undefined>>,
  row: unknown,
  where: string,
  reading: Reading,
): Read<F> {
  const result: Record<string, unknown> = Object.create(null);
  for (const [name, field] of Object.entries(fields)) {
    const spec = specs[name];
    const value = spec === undefined ? undefined : valueOf(spec, row);
    if (spec === undefined || isAbsent(value)) {
      if (field.required) throw new FieldFault(`${where}.${pathOf(spec, name)} is missing (${name})`);
      result[name] = null;
      continue;
    }
    try {
      result[name] = field.convert(value, spec, reading);
    } catch (error) {
      if (!(error instanceof Expected)) throw error;
      const shown = JSON.stringify(value).slice(0, 60);
      throw new FieldFault(`${where}.${pathOf(spec, name)}: ${shown} is not ${error.message} (${name})`);
    }
  }
  return result as Read<F>;
}

/** The rows of a list within a row; an absent list is empty. */
export function readList<F extends Fields>(
  fields: F,
  spec: ListSpec | undefined,
  row: unknown,
  where: string,
  reading: Reading,
): Read<F>[] {
  if (spec === undefined) return [];
  return rowsAt(row, spec.rows, where).map((each, index) =>
    readRow(fields, spec.fields, each, `${where}.${spec.rows}[${index}]`, reading),
  );
}

/** The list at a path: one object counts as a list of one, nothing as an empty list. */
export function rowsAt(value: unknown, path: string | undefined, where: string): readonly unknown[] {
  const found = path === undefined ? value : at(value, path);
  if (isAbsent(found)) return [];
  if (Array.isArray(found)) return found as readonly unknown[];
  if (typeof found === "object") return [found];
  throw new FieldFault(`${where}.${path ?? ""} is neither a list nor an object`);
}

/** The value at a path such as `data.0.MaHoSo`; undefined where there is none. */
export function at(value: unknown, path: string): unknown {
  let found = value;
  for (const key of path.split(".")) {
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, key)) return undefined;
    found = (found as Record<string, unknown>)[key];
  }
  return found;
}

function valueOf(spec: FieldSpec, row: unknown): unknown {
  if (typeof spec === "string") return at(row, spec);
  if ("value" in spec) return spec.value;
  const found = at(row, spec.path);
  if (spec.values === undefined || isAbsent(found)) return found;
  const key = String(found);
  return Object.hasOwn(spec.values, key) ? spec.values[key] : (spec.otherwise ?? found);
}

function patternOf(spec: FieldSpec): TimePattern | undefined {
  return typeof spec === "object" && "path" in spec ? spec.dates : undefined;
}

function pathOf(spec: FieldSpec | undefined, name: string): string {
  if (spec === undefined) return name;
  if (typeof spec === "string") return spec;
  return "path" in spec ? spec.path : name;
}

/** Systems of this age write nothing as null, as an empty text, or leave it out. */
function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === "string" && value.trim() === "");
}

function nationalState(code: string): State | undefined {
  return /^([1-9]|10)$/.test(code) ? stateOf(Number(code)) : undefined;
}
