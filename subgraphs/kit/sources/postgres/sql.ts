/**
 * The statements that a mapping makes: each reads rows under the contract's names, times as digits.
 */
import type { CaseSearch } from "../../agency/rows.ts";
import type { Page } from "../../connection.ts";
import { type Fields, timeOf } from "../fields.ts";
import * as fields from "../fields.ts";
import { codeOf, type State } from "../../states.ts";
import type { PostgresMapping } from "./mapping.ts";
import { localTimestamp, TIME_KINDS, timestampOfDigits } from "./times.ts";

export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

type Columns = Readonly<Record<string, string | undefined>>;

export function allProcedures({ procedures, times }: PostgresMapping): Statement {
  const list = selected(fields.PROCEDURE_FIELDS, procedures.columns, times, ["documents", "steps"]);
  return { text: `select ${list} from ${procedures.from} as source`, values: [] };
}

export function allOfficers({ officers, times }: PostgresMapping): Statement {
  const list = selected(fields.OFFICER_FIELDS, officers.columns, times);
  return { text: `select ${list} from ${officers.from} as source`, values: [] };
}

export function casesByCodes(mapping: PostgresMapping, codes: readonly string[]): Statement {
  const { from, columns } = mapping.cases;
  return {
    text: `select ${caseColumns(mapping)} from ${from} as source where (${columns["dossierCode"]}) = any($1)`,
    values: [codes],
  };
}

export function eventsByCodes(
  { events, times }: PostgresMapping,
  codes: readonly string[],
): Statement | undefined {
  if (events === undefined) return undefined;
  const { dossierCode, ...columns } = events.columns;
  const list = selected(fields.EVENT_FIELDS, columns, times);
  return {
    text: `select (${dossierCode})::text as "dossierCode", ${list} from ${events.from} as source
      where (${dossierCode}) = any($1) order by (${events.columns["at"]})`,
    values: [codes],
  };
}

/** Latest received first; conditions and order are on the columns as they are, so that their indexes serve. */
export function searchCases(mapping: PostgresMapping, search: CaseSearch, page: Page): Statement {
  const { from, columns, states } = mapping.cases;
  const column = (name: string): string => `(${columns[name]})`;
  const values: unknown[] = [];
  const conditions: string[] = [];
  const value = (given: unknown): string => `$${values.push(given)}`;
  const time = (given: Date): string => TIME_KINDS[mapping.times].value(value(localTimestamp(given)));
  if (search.audience.kind === "applicant") conditions.push(ofApplicant(search.audience, columns, value));
  if (search.states !== undefined)
    conditions.push(`${column("state")}::text = any(${value(ownStates(states, search.states))})`);
  if (search.procedureCode !== undefined)
    conditions.push(`${column("procedureCode")} like ${value(`${search.procedureCode}%`)}`);
  if (search.from !== undefined) conditions.push(`${column("receivedAt")} >= ${time(search.from)}`);
  if (search.before !== undefined) conditions.push(`${column("receivedAt")} < ${time(search.before)}`);
  if (search.overdue !== undefined) {
    const finished =
      columns["finishedAt"] === undefined ? "true" : `nullif(${column("finishedAt")}::text, '') is null`;
    conditions.push(
      `(${finished} and ${column("dueAt")} < ${time(search.today)}) = ${value(search.overdue)}::boolean`,
    );
  }
  if (page.after !== undefined) {
    const [digits = "", code = ""] = page.after;
    const bound = TIME_KINDS[mapping.times].value(value(timestampOfDigits(digits)));
    conditions.push(`(${column("receivedAt")}, ${column("dossierCode")}) < (${bound}, ${value(code)})`);
  }
  const where = conditions.length === 0 ? "" : `where ${conditions.join(" and ")}`;
  return {
    text: `select ${caseColumns(mapping)}, ${TIME_KINDS[mapping.times].digits(column("receivedAt"))} as "receivedKey"
      from ${from} as source ${where}
      order by ${column("receivedAt")} desc, ${column("dossierCode")} desc limit ${value(page.limit + 1)}`,
    values,
  };
}

/** No column, no cases: whose they are is then not known. */
function ofApplicant(
  applicant: { readonly personalId: string | undefined; readonly taxCode: string | undefined },
  columns: Columns,
  value: (given: unknown) => string,
): string {
  const ways = (["personalId", "taxCode"] as const).flatMap((name) =>
    columns[name] === undefined || applicant[name] === undefined
      ? []
      : `(${columns[name]})::text = ${value(applicant[name])}`,
  );
  return ways.length === 0 ? "false" : `(${ways.join(" or ")})`;
}

function caseColumns({ cases, times }: PostgresMapping): string {
  return selected(fields.CASE_FIELDS, cases.columns, times, ["steps", "supplements"]);
}

function selected(
  known: Fields,
  columns: Columns,
  times: PostgresMapping["times"],
  lists: readonly string[] = [],
): string {
  const single = Object.entries(known).flatMap(([name, field]) => {
    const expression = columns[name];
    if (expression === undefined) return [];
    const time = timeOf(field);
    if (time === "instant") return `left(${TIME_KINDS[times].digits(expression)}, 14) as "${name}"`;
    // Days are dates, whatever the instants are.
    if (time === "day") return `to_char((${expression})::date, 'YYYYMMDD') || '000000' as "${name}"`;
    return `(${expression}) as "${name}"`;
  });
  const listed = lists.flatMap((name) =>
    columns[name] === undefined ? [] : `(${columns[name]})::jsonb as "${name}"`,
  );
  return [...single, ...listed].join(", ");
}

function ownStates(table: PostgresMapping["cases"]["states"], national: readonly State[]): readonly string[] {
  if (table === undefined) return national.map((state) => String(codeOf(state)));
  return Object.entries(table)
    .filter(([, state]) => national.includes(state))
    .map(([own]) => own);
}
