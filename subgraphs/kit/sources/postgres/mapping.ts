/**
 * The mapping of an agency's existing tables onto the contract: where the rows are, and which SQL expression gives each
 * field. Everything in it is SQL of the agency's own database administrator, run with the rights of the role in the URL.
 */
import { readFileSync } from "node:fs";
import { z } from "zod";
import { StartError } from "../../../../process/lifecycle.ts";
import { CHANGES } from "../../agency/source.ts";
import { STATES } from "../../states.ts";
import * as fields from "../fields.ts";
import { CHANGE_VALUES } from "../rest/mapping.ts";
import { TIME_KINDS } from "./times.ts";

/** A column or an expression over the columns of `from`. */
const expression = z
  .string("a column, or an SQL expression")
  .trim()
  .min(1)
  .refine((sql) => !sql.includes(";"), "one expression, without ;");

function columnsOf(known: fields.Fields, lists: readonly string[] = []) {
  const shape = Object.entries(known).map(([name, { required }]) => [
    name,
    required ? expression : expression.optional(),
  ]);
  const listShape = lists.map((name) => [name, expression.optional()]);
  return z.strictObject(
    Object.fromEntries([...shape, ...listShape]) as Record<string, z.ZodOptional<typeof expression>>,
  );
}

function rows(known: fields.Fields, lists: readonly string[] = []) {
  return z.strictObject({
    /** A table or view, `schema.name`, or a query in brackets. */
    from: expression,
    columns: columnsOf(known, lists),
  });
}

const change = z
  .string()
  .trim()
  .min(1)
  .refine((sql) => !sql.includes(";"), "one statement, without ;")
  .superRefine((sql, check) => {
    for (const name of parametersOf(sql))
      if (!CHANGE_VALUES.includes(name))
        check.addIssue({
          code: "custom",
          message: `:${name} is not known here; known: ${CHANGE_VALUES.map((each) => `:${each}`).join(", ")}`,
        });
  });

const cacheSeconds = z.number().min(0).max(3_600).default(300);

const MAPPING = z.strictObject({
  /** For people. */
  system: z.string().min(1),
  /** What the columns of times are. */
  times: z.enum(Object.keys(TIME_KINDS) as (keyof typeof TIME_KINDS)[]).default("timestamptz"),
  /** How dossier codes spell their agency: `H56.14-…` or, by QCVN 102:2016, `000.00.14.H56-…`. */
  dossierCodes: z.enum(["canonical", "reversed"]).default("canonical"),
  /** `documents` and `steps` are JSON lists of `name, originals, copies, optional` and `name, role, hours`. */
  procedures: rows(fields.PROCEDURE_FIELDS, ["documents", "steps"]).extend({ cacheSeconds }),
  officers: rows(fields.OFFICER_FIELDS).extend({ cacheSeconds }),
  /** `steps` and `supplements` are JSON lists with the contract's names, their times as `yyyyMMddHHmmss`. */
  cases: rows(fields.CASE_FIELDS, ["steps", "supplements"]).extend({
    /** States of the tables and the national ones; the national codes 1 to 10 when left out. */
    states: z.record(z.string(), z.enum(STATES)).optional(),
  }),
  events: z
    .strictObject({
      from: expression,
      columns: columnsOf(fields.EVENT_FIELDS).extend({ dossierCode: expression }),
    })
    .optional(),
  /** Statements, mostly of a function; `:name` stands for a value. Whatever is not here is refused. */
  changes: z.partialRecord(z.enum(CHANGES), change).default({}),
});

export type PostgresMapping = z.output<typeof MAPPING>;

/** @throws StartError naming the file and, for every fault, its field */
export function readPostgresMapping(path: string): PostgresMapping {
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
  const parsed = MAPPING.safeParse(given);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(
    (issue) => `${issue.path.join(".") || "the mapping"}: ${issue.message}`,
  );
  throw new StartError(
    `the mapping ${path} has ${faults.length === 1 ? "a fault" : `${faults.length} faults`}:\n  ${faults.join("\n  ")}`,
    "docs/sources.md says what each field holds.",
  );
}

/** Names of the values in a statement; `::type` is a cast, not a value. */
export function parametersOf(sql: string): string[] {
  return [...sql.matchAll(PARAMETER)].map((match) => match[1] ?? "");
}

export const PARAMETER = /(?<!:):([A-Za-z]\w*)/g;
