/**
 * The kit's own tables as a source: for an agency that has no software of its own for its cases, or moves to this.
 */
import { fileURLToPath } from "node:url";
import { type Database, prepareDatabase, type Queryable } from "../../../../process/database.ts";
import type { CaseRow, OfficerRow, ProcedureRow, ProcedureSearch } from "../../agency/rows.ts";
import {
  type AgencySource,
  CHANGES,
  type ChangeSession,
  type Each,
  type SavedChange,
  type SourceKind,
} from "../../agency/source.ts";
import { readPage, toConnection } from "../../connection.ts";
import { KIT_MIGRATIONS } from "../../database.ts";
import { PROCEDURE_KEY, toProcedurePage } from "../procedure-page.ts";
import * as sql from "./sql.ts";

/** Directory of the tables. */
export const TABLES_MIGRATIONS = fileURLToPath(new URL("./migrations", import.meta.url));

/** Time of reception in microseconds since 1970, and id. */
const CASE_KEY = [/^-?\d{1,16}$/, /^\d{1,16}$/];

export const tablesSource: SourceKind = {
  prepare: async ({ code, databaseUrl, ownMigrations }) => {
    if (databaseUrl === undefined) throw new TypeError(`agency ${code} has no database`);
    const directories = [KIT_MIGRATIONS, TABLES_MIGRATIONS];
    await prepareDatabase(
      databaseUrl,
      ownMigrations === undefined ? directories : [...directories, ownMigrations],
    );
  },
  open: ({ database }) => openTables(database),
};

function openTables(database: Database): AgencySource {
  return {
    procedures: (codes) => procedures(database, codes),
    officers: (codes) => officers(database, codes),
    cases: async (codes) => inOrder(codes, await sql.findCases(database, codes), (row) => row.dossierCode),
    events: async (cases) => {
      const events = await sql.findEvents(database, cases.map(idOf));
      const byCase = Map.groupBy(events, (event) => event.caseId);
      return cases.map((row) => byCase.get(idOf(row)) ?? []);
    },
    searchProcedures: async (given, args) => {
      const page = readPage(args, PROCEDURE_KEY);
      const search = await wordsOf(database, given);
      const rows = await sql.searchProcedures(database, search, page);
      const found = rows.map(({ score, ...row }) => ({ row, score }));
      return toProcedurePage(found, page.limit, () => sql.countProcedures(database, search));
    },
    listsByApplicant: true,
    searchCases: async (search, args) => {
      const page = readPage(args, CASE_KEY);
      const rows = await sql.searchCases(database, search, page);
      return toConnection(rows, page.limit, (row) => [row.receivedKey, String(row.id)]);
    },
    changes: { supported: new Set(CHANGES), begin },
    ready: () => database.query("select 1"),
    close: () => Promise.resolve(),
  };
}

function begin(tx: Queryable): ChangeSession {
  return {
    procedures: (codes) => procedures(tx, codes),
    officers: (codes) => officers(tx, codes),
    hold: (dossierCode) => sql.lockCase(tx, dossierCode),
    open: async (row, at) => {
      const opened = await sql.insertCase(tx, row);
      if (opened !== undefined)
        await sql.insertEvent(tx, {
          caseId: opened.id,
          at,
          from: null,
          to: opened.state,
          officerCode: null,
          note: null,
        });
      return opened;
    },
    save: async ({ before, after, via, at, officerCode, note }: SavedChange) => {
      await sql.updateCase(tx, after);
      const event = { caseId: idOf(after), at, officerCode, note };
      if (via !== undefined) await sql.insertEvent(tx, { ...event, from: before.state, to: via });
      const sequence = await sql.insertEvent(tx, { ...event, from: via ?? before.state, to: after.state });
      return { row: after, mark: String(sequence) };
    },
  };
}

async function procedures(db: Queryable, codes: readonly string[]): Each<ProcedureRow> {
  return inOrder(codes, await sql.findProcedures(db, codes), (row) => row.code);
}

async function officers(db: Queryable, codes: readonly string[]): Each<OfficerRow> {
  return inOrder(codes, await sql.findOfficers(db, codes), (row) => row.code);
}

/** A tsquery for each word, the last as a prefix, because people search while they type; undefined for no search. */
async function wordsOf(
  database: Database,
  { text, field, onlineLevel }: ProcedureSearch,
): Promise<sql.ProcedureWords> {
  if (text === undefined) return { words: undefined, field, onlineLevel };
  const plain = await sql.plainText(database, text);
  // A tsquery has a syntax of its own: nothing but letters and digits may reach it.
  const words = plain.match(/[\p{L}\p{N}]+/gu) ?? [];
  const queries = words.map((word, index) => (index === words.length - 1 ? `${word}:*` : word));
  return { words: queries, field, onlineLevel };
}

/** Of a row that these tables gave. */
function idOf(row: CaseRow): number {
  return Number(row.id);
}

function inOrder<R>(keys: readonly string[], rows: readonly R[], keyOf: (row: R) => string): (R | null)[] {
  const byKey = new Map(rows.map((row) => [keyOf(row), row]));
  return keys.map((key) => byKey.get(key) ?? null);
}
