/**
 * The mapping of a REST/JSON system onto the contract: which service gives what, and how its fields, states and times
 * read. A mapping is a JSON file; whatever is wrong in it is told with its place before anything starts.
 */
import { readFileSync } from "node:fs";
import { z } from "zod";
import { StartError } from "../../../../process/lifecycle.ts";
import { CHANGES } from "../../agency/source.ts";
import { STATES } from "../../states.ts";
import * as fields from "../fields.ts";
import { type Json, placeholdersOf } from "./template.ts";
import { timePattern } from "../time.ts";

const dates = z.string().transform((text, check) => {
  try {
    return timePattern(text);
  } catch (error) {
    check.addIssue({ code: "custom", message: (error as Error).message });
    return z.NEVER;
  }
});

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** A path; a path with a table of values or a pattern of its own; or a value that all rows have. */
const field = z.union(
  [
    z.string().min(1),
    z.strictObject({ value: z.union([scalar, z.array(z.string())]) }),
    z.strictObject({
      path: z.string().min(1),
      /** Values of the system and what the contract calls them. */
      values: z.record(z.string(), scalar).optional(),
      /** For values that the table does not have. */
      otherwise: scalar.optional(),
      dates: dates.optional(),
    }),
  ],
  { error: 'a path such as "ChuHoSo.Ten", or { "path", "values", "dates" }, or { "value" }' },
);

export type FieldSpec = z.output<typeof field>;

function fieldsOf(known: fields.Fields) {
  const shape = Object.entries(known).map(([name, { required }]) => [
    name,
    required ? field : field.optional(),
  ]);
  return z.strictObject(Object.fromEntries(shape) as Record<string, typeof field>);
}

function list(known: fields.Fields) {
  return z.strictObject({ rows: z.string().min(1), fields: fieldsOf(known) });
}

export interface ListSpec {
  readonly rows: string;
  readonly fields: Readonly<Record<string, FieldSpec | undefined>>;
}

const json: z.ZodType<Json> = z.lazy(() => z.union([scalar, z.array(json), z.record(z.string(), json)]));

/** What a change can be told by. */
export const CHANGE_VALUES: readonly string[] = [
  "key",
  "at",
  "dossierCode",
  "procedureCode",
  "state",
  "nationalState",
  "receivedAt",
  "dueAt",
  "finishedAt",
  "officerCode",
  "nextOfficerCode",
  "note",
  "documents",
  "delayReason",
  "resultNumber",
  "resultSummary",
  "applicantName",
  "personalId",
  "taxCode",
];

/** What templates of each kind of service may name. */
const PLACEHOLDERS = {
  catalogue: [],
  byCodes: ["dossierCode", "dossierCodes"],
  list: ["states", "procedureCode", "from", "until", "page", "size"],
  change: CHANGE_VALUES,
} as const;

function service(kind: keyof typeof PLACEHOLDERS) {
  const allowed: readonly string[] = PLACEHOLDERS[kind];
  const known = (template: Json, check: z.RefinementCtx): void => {
    for (const name of placeholdersOf(template))
      if (!allowed.includes(name))
        check.addIssue({
          code: "custom",
          message: `{${name}} is not known here; known: ${allowed.map((each) => `{${each}}`).join(", ") || "none"}`,
        });
  };
  return z.strictObject({
    method: z.enum(["GET", "POST", "PUT", "PATCH"]).default("POST"),
    path: z.string().regex(/^\//, "a path such as /api/TraCuuHoSo").superRefine(known),
    body: json.superRefine(known).optional(),
    /** Where the rows are in an answer; the answer itself when left out. */
    rows: z.string().min(1).optional(),
  });
}

const cacheSeconds = z.number().min(0).max(3_600);

const MAPPING = z.strictObject({
  /** For people. */
  system: z.string().min(1),
  baseUrl: z.url({ protocol: /^https?$/, error: "a URL such as https://motcua.example.vn" }),
  headers: z.record(z.string().regex(/^[\w-]+$/, "a header's name"), z.string()).default({}),
  /** For a whole reading, its second try included. */
  timeoutMs: z.number().int().min(50).max(30_000).default(2_000),
  /** Calls to the system at the same time, at most. */
  parallel: z.number().int().min(1).max(64).default(4),
  dates: dates.prefault("yyyyMMddHHmmss"),
  /** How the system spells the agency in dossier codes: `H56.14-…` or, by QCVN 102:2016, `000.00.14.H56-…`. */
  dossierCodes: z.enum(["canonical", "reversed"]).default("canonical"),
  /** Where an answer says how it went, beside its HTTP status. */
  outcome: z
    .strictObject({
      code: z.string().min(1),
      message: z.string().min(1).optional(),
      codes: z.record(z.string(), z.enum(["ok", "missing", "exists", "refused", "busy", "failed"])),
    })
    .refine(({ codes }) => Object.values(codes).includes("ok"), 'at least one code must mean "ok"')
    .optional(),
  procedures: z.strictObject({
    list: service("catalogue"),
    cacheSeconds: cacheSeconds.default(300),
    fields: fieldsOf(fields.PROCEDURE_FIELDS),
    documents: list(fields.DOCUMENT_FIELDS).optional(),
    steps: list(fields.PROCEDURE_STEP_FIELDS).optional(),
  }),
  /** Left out where cases name their officers themselves (`officerName`). */
  officers: z
    .strictObject({
      list: service("catalogue"),
      cacheSeconds: cacheSeconds.default(300),
      fields: fieldsOf(fields.OFFICER_FIELDS),
    })
    .optional(),
  cases: z.strictObject({
    byCodes: service("byCodes").extend({
      /** How many codes one call takes. */
      batch: z.number().int().min(1).max(500).default(1),
    }),
    /** Latest received first. Left out where the system has no such service. */
    list: service("list")
      .extend({ pageSize: z.number().int().min(1).max(500).default(100) })
      .optional(),
    cacheSeconds: z.number().min(0).max(60).default(0),
    /** States of the system and the national ones; the national codes 1 to 10 when left out. */
    states: z.record(z.string(), z.enum(STATES)).optional(),
    fields: fieldsOf(fields.CASE_FIELDS),
    steps: list(fields.CASE_STEP_FIELDS).optional(),
    events: list(fields.EVENT_FIELDS).optional(),
    supplements: list(fields.SUPPLEMENT_FIELDS).optional(),
  }),
  /** What can be changed; everything else is refused. */
  changes: z.partialRecord(z.enum(CHANGES), service("change")).default({}),
});

export type RestMapping = z.output<typeof MAPPING>;
export type ServiceSpec = RestMapping["procedures"]["list"];

/**
 * Reads a mapping file. `${NAME}` in a text stands for a variable of the environment: addresses and keys.
 * @throws StartError naming the file and, for every fault, its field
 */
export function readRestMapping(
  path: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): RestMapping {
  let given: unknown;
  try {
    given = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new StartError(
      `the mapping ${path} cannot be read: ${(error as Error).message}`,
      "It is a JSON file; docs/sources.md shows one.",
      { cause: error },
    );
  }
  const missing: string[] = [];
  const expanded = expand(given, env, "", missing);
  const parsed = MAPPING.safeParse(expanded);
  const faults = [
    ...missing,
    ...(parsed.error?.issues ?? []).map(
      (issue) => `${issue.path.join(".") || "the mapping"}: ${issue.message}`,
    ),
  ];
  if (parsed.success && faults.length === 0) return parsed.data;
  throw new StartError(
    `the mapping ${path} has ${faults.length === 1 ? "a fault" : `${faults.length} faults`}:\n  ${faults.join("\n  ")}`,
    "docs/sources.md says what each field holds.",
  );
}

function expand(
  value: unknown,
  env: Readonly<Record<string, string | undefined>>,
  place: string,
  missing: string[],
): unknown {
  if (typeof value === "string")
    return value.replaceAll(/\$\{(\w+)\}/g, (whole, name: string) => {
      const found = env[name];
      if (found === undefined) missing.push(`${place}: the environment has no ${name}`);
      return found ?? whole;
    });
  if (Array.isArray(value))
    return value.map((part: unknown, index) => expand(part, env, `${place}.${index}`, missing));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [
      key,
      expand(part, env, place === "" ? key : `${place}.${key}`, missing),
    ]),
  );
}
