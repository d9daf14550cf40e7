/**
 * An agency's existing PostgreSQL tables as a source, by a declared mapping: the kit reads them where they are, and changes
 * them only through the statements that the agency has declared.
 */
import { StartError } from "../../../../process/lifecycle.ts";
import {
  type Database,
  migrate,
  openDatabase as open,
  type Queryable,
} from "../../../../process/database.ts";
import type { CaseRow, EventRow, OfficerRow, ProcedureRow } from "../../agency/rows.ts";
import type { AgencySource, Each, OpenedAgency, SourceKind } from "../../agency/source.ts";
import { readPage, toConnection } from "../../connection.ts";
import { KIT_MIGRATIONS } from "../../database.ts";
import { AgencyError } from "../../errors.ts";
import { canonicalDossierCode, reversedDossierCode } from "../../identifiers.ts";
import { Catalogue, searchProcedures } from "../catalogue.ts";
import * as fields from "../fields.ts";
import { readCase, readEvents, readOfficer, readProcedure, type RowMapping } from "../rows.ts";
import { timePattern } from "../time.ts";
import { postgresChanges } from "./changes.ts";
import type { PostgresMapping } from "./mapping.ts";
import * as sql from "./sql.ts";

/** The schema in the agency's database that holds what the kit keeps: keys of changes, messages that wait. */
const KIT_SCHEMA = "lienthong";
/** Time of reception as digits, and dossier code. */
const CASE_KEY = [/^\d{20}$/, /^.{1,60}$/];
const DIGITS = timePattern("yyyyMMddHHmmss");

type Raw = Record<string, unknown>;

/** @param mapping as `readPostgresMapping` gives it */
export function postgresSource(mapping: PostgresMapping): SourceKind {
  const canChange = Object.keys(mapping.changes).length > 0;
  return {
    prepare: async ({ code, databaseUrl, ownMigrations }) => {
      if (databaseUrl === undefined)
        throw new StartError(
          `agency ${code} has a mapping of tables, and no database that holds them`,
          "Name it with --database-url.",
        );
      await tryMapping(databaseUrl, mapping);
      if (!canChange && ownMigrations === undefined) return;
      await createSchema(databaseUrl);
      const directories = ownMigrations === undefined ? [KIT_MIGRATIONS] : [KIT_MIGRATIONS, ownMigrations];
      await migrate(withSearchPath(databaseUrl, KIT_SCHEMA), directories);
    },
    connection: (url) => withSearchPath(url, `${KIT_SCHEMA},public`),
    open: (agency) => new PostgresSource(agency, mapping),
  };
}

export class PostgresSource implements AgencySource {
  readonly agency: OpenedAgency;
  readonly mapping: PostgresMapping;
  readonly changes: AgencySource["changes"];
  readonly #rows: RowMapping;
  readonly #procedures: Catalogue<ProcedureRow>;
  readonly #officers: Catalogue<OfficerRow>;

  constructor(agency: OpenedAgency, mapping: PostgresMapping) {
    this.agency = agency;
    this.mapping = mapping;
    this.#rows = rowMapping(mapping);
    const { database } = agency;
    this.#procedures = new Catalogue(
      () => this.#all(database, "procedures", sql.allProcedures(mapping), readProcedure),
      mapping.procedures.cacheSeconds,
    );
    this.#officers = new Catalogue(
      () => this.#all(database, "officers", sql.allOfficers(mapping), readOfficer),
      mapping.officers.cacheSeconds,
    );
    this.changes = Object.keys(mapping.changes).length === 0 ? undefined : postgresChanges(this);
  }

  procedures(codes: readonly string[]): Each<ProcedureRow> {
    return this.#procedures.byCodes(codes);
  }

  officers(codes: readonly string[]): Each<OfficerRow> {
    return this.#officers.byCodes(codes);
  }

  cases(dossierCodes: readonly string[]): Each<CaseRow> {
    return this.casesIn(this.agency.database, dossierCodes);
  }

  /** A row that does not fit costs itself. A row bears the code that it was asked for by. */
  async casesIn(db: Queryable, dossierCodes: readonly string[]): Each<CaseRow> {
    const wanted = [...new Set(dossierCodes.map((code) => this.spelled(code)))];
    const { text, values } = sql.casesByCodes(this.mapping, wanted);
    const found = new Map<string, CaseRow | Error>();
    for (const raw of await db.query<Raw>(text, values)) {
      const code = canonicalDossierCode(String(raw["dossierCode"]));
      try {
        found.set(code, this.#case(raw));
      } catch (error) {
        found.set(code, this.#explain(error, "cases") as Error);
      }
    }
    const events = await this.#eventsOf(
      db,
      [...found.values()].flatMap((row) => (row instanceof Error ? [] : row)).filter(needsHistory),
    );
    return dossierCodes.map((dossierCode) => {
      const row = found.get(canonicalDossierCode(dossierCode)) ?? null;
      if (row === null || row instanceof Error) return row;
      return { ...withHistory(row, events.get(row.dossierCode) ?? []), dossierCode };
    });
  }

  async events(cases: readonly CaseRow[]): Each<readonly EventRow[]> {
    const events = await this.#eventsOf(this.agency.database, cases);
    return cases.map((row) => events.get(canonicalDossierCode(row.dossierCode)) ?? []);
  }

  async searchProcedures(...[search, page]: Parameters<AgencySource["searchProcedures"]>) {
    return searchProcedures(await this.#procedures.all(), search, page);
  }

  get listsByApplicant(): boolean {
    const { personalId, taxCode } = this.mapping.cases.columns;
    return personalId !== undefined || taxCode !== undefined;
  }

  async searchCases(...[search, args]: Parameters<AgencySource["searchCases"]>) {
    const page = readPage(args, CASE_KEY);
    const { text, values } = sql.searchCases(this.mapping, search, page);
    const keys = new Map<CaseRow, readonly string[]>();
    try {
      const rows = (await this.agency.database.query<Raw>(text, values)).map((raw) => {
        const row = this.#case(raw);
        keys.set(row, [String(raw["receivedKey"]), String(raw["dossierCode"])]);
        return row;
      });
      return toConnection(rows, page.limit, (row) => keys.get(row) ?? []);
    } catch (error) {
      throw this.#explain(error, "cases");
    }
  }

  ready(): Promise<unknown> {
    return this.agency.database.query("select 1");
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** The dossier code as the tables spell it. */
  spelled(dossierCode: string): string {
    return this.mapping.dossierCodes === "reversed"
      ? reversedDossierCode(dossierCode)
      : canonicalDossierCode(dossierCode);
  }

  #case(raw: Raw): CaseRow {
    return readCase(this.#rows, raw, String(raw["dossierCode"])).row;
  }

  async #eventsOf(db: Queryable, cases: readonly CaseRow[]): Promise<Map<string, readonly EventRow[]>> {
    const statement = sql.eventsByCodes(
      this.mapping,
      cases.map(({ dossierCode }) => this.spelled(dossierCode)),
    );
    if (statement === undefined || cases.length === 0) return new Map();
    const reading = { dates: DIGITS, states: this.mapping.cases.states };
    const raws = await db.query<Raw>(statement.text, statement.values);
    const groups = Map.groupBy(raws, (raw) => canonicalDossierCode(String(raw["dossierCode"])));
    try {
      return new Map(
        [...groups].map(([code, group]) => [
          code,
          readEvents(
            group.map((raw) =>
              fields.readRow(fields.EVENT_FIELDS, identity(fields.EVENT_FIELDS), raw, code, reading),
            ),
          ),
        ]),
      );
    } catch (error) {
      throw this.#explain(error, "events");
    }
  }

  async #all<R>(
    database: Database,
    section: string,
    { text, values }: sql.Statement,
    read: (mapping: RowMapping, raw: unknown, where: string) => R,
  ): Promise<R[]> {
    const raws = await database.query<Raw>(text, values);
    try {
      return raws.map((raw, index) => read(this.#rows, raw, `row ${index + 1}`));
    } catch (error) {
      throw this.#explain(error, section);
    }
  }

  #explain(error: unknown, service: string): unknown {
    if (!(error instanceof fields.FieldFault)) return error;
    return new AgencyError("SOURCE_FAILED", { agency: this.agency.code, service, reason: error.message });
  }
}

/** What a pause returns to stands in the history, where the tables do not say it themselves. */
function needsHistory(row: CaseRow): boolean {
  return row.resumeState !== null;
}

function withHistory(row: CaseRow, events: readonly EventRow[]): CaseRow {
  const began = events.findLast(({ from, to }) => to === row.state && from !== row.state);
  if (row.resumeState === null || began === undefined) return row;
  return { ...row, resumeState: began.from ?? row.resumeState, pausedAt: row.pausedAt ?? began.at };
}

/** Each field from the column of its own name: the statements have renamed them. */
function rowMapping({ cases }: PostgresMapping): RowMapping {
  const list = (rows: string, known: fields.Fields) => ({ rows, fields: identity(known) });
  return {
    dates: DIGITS,
    procedures: {
      fields: identity(fields.PROCEDURE_FIELDS),
      documents: list("documents", fields.DOCUMENT_FIELDS),
      steps: list("steps", fields.PROCEDURE_STEP_FIELDS),
    },
    officers: { fields: identity(fields.OFFICER_FIELDS) },
    cases: {
      fields: identity(fields.CASE_FIELDS),
      states: cases.states,
      steps: list("steps", fields.CASE_STEP_FIELDS),
      supplements: list("supplements", fields.SUPPLEMENT_FIELDS),
    },
  };
}

function identity(known: fields.Fields): Record<string, string> {
  return Object.fromEntries(Object.keys(known).map((name) => [name, name]));
}

/** @throws StartError naming the part of the mapping that the database does not understand */
async function tryMapping(databaseUrl: string, mapping: PostgresMapping): Promise<void> {
  const database = open(databaseUrl, 1);
  const parts: readonly (readonly [string, sql.Statement | undefined])[] = [
    ["procedures", sql.allProcedures(mapping)],
    ["officers", sql.allOfficers(mapping)],
    ["cases", sql.casesByCodes(mapping, [])],
    ["events", sql.eventsByCodes(mapping, [])],
  ];
  try {
    for (const [part, statement] of parts)
      if (statement !== undefined)
        await database
          .query(`select * from (${statement.text}) as tried limit 0`, statement.values)
          .catch((error: Error) => {
            throw new StartError(
              `the mapping of ${part} does not fit the database ${new URL(databaseUrl).pathname.slice(1)}: ${error.message}`,
              `Mend \`from\` and \`columns\` of ${part}; each column is an SQL expression.`,
              { cause: error },
            );
          });
  } finally {
    await database.close();
  }
}

async function createSchema(databaseUrl: string): Promise<void> {
  const database = open(databaseUrl, 1);
  try {
    await database.query(`create schema if not exists ${KIT_SCHEMA}`);
  } finally {
    await database.close();
  }
}

/** The agency's own tables keep their names beside the kit's. */
function withSearchPath(databaseUrl: string, path: string): string {
  const url = new URL(databaseUrl);
  url.searchParams.set("options", `-c search_path=${path}`);
  return url.href;
}
