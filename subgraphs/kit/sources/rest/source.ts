/**
 * A REST/JSON system as a source: for an agency whose one-stop software has only services such as the national
 * exchange's (`TraCuuHoSo`, `DongBoHoSoMC`), declared in a mapping file.
 */
import { fileURLToPath } from "node:url";
import { StartError } from "../../../../process/lifecycle.ts";
import { type Database, prepareDatabase } from "../../../../process/database.ts";
import type { CaseRow, OfficerRow, ProcedureRow } from "../../agency/rows.ts";
import type { AgencySource, Each, OpenedAgency, SourceKind } from "../../agency/source.ts";
import { KIT_MIGRATIONS, openDatabase } from "../../database.ts";
import { AgencyError } from "../../errors.ts";
import { canonicalDossierCode, reversedDossierCode } from "../../identifiers.ts";
import { Catalogue, searchProcedures } from "../catalogue.ts";
import { restChanges } from "./changes.ts";
import { RestClient } from "./client.ts";
import { FieldFault, rowsAt } from "../fields.ts";
import { searchCases } from "./lists.ts";
import type { RestMapping, ServiceSpec } from "./mapping.ts";
import { readCase, readOfficer, readProcedure, type ToldCase } from "../rows.ts";

/** Directory of what a source keeps of the changes that it sends. */
export const REST_MIGRATIONS = fileURLToPath(new URL("./migrations", import.meta.url));
/** Officers that cases have named, of a system that has no list of them. */
const NAMED_OFFICERS_AT_MOST = 2_000;

const ATTEMPTS_POOL = 2;

/** @param mapping as `readRestMapping` gives it */
export function restSource(mapping: RestMapping): SourceKind {
  return {
    prepare: async ({ code, databaseUrl, ownMigrations }) => {
      if (databaseUrl !== undefined) {
        const directories = [KIT_MIGRATIONS, REST_MIGRATIONS];
        await prepareDatabase(
          databaseUrl,
          ownMigrations === undefined ? directories : [...directories, ownMigrations],
        );
      } else if (Object.keys(mapping.changes).length > 0)
        throw new StartError(
          `agency ${code} has a mapping with changes, and no database to keep their keys in`,
          "Give it one with --database-url, or take the changes out of the mapping.",
        );
    },
    open: (agency) => new RestSource(agency, mapping),
  };
}

export class RestSource implements AgencySource {
  readonly agency: OpenedAgency;
  readonly mapping: RestMapping;
  readonly client: RestClient;
  readonly changes: AgencySource["changes"];
  readonly #attempts: Database | undefined;
  readonly #procedures: Catalogue<ProcedureRow>;
  readonly #officers: Catalogue<OfficerRow> | undefined;
  readonly #namedOfficers = new Map<string, OfficerRow>();

  constructor(agency: OpenedAgency, mapping: RestMapping) {
    this.agency = agency;
    this.mapping = mapping;
    this.client = new RestClient(agency.code, mapping);
    const { procedures, officers } = mapping;
    this.#procedures = new Catalogue(
      () => this.#list("procedures", procedures.list, (raw, where) => readProcedure(mapping, raw, where)),
      procedures.cacheSeconds,
    );
    this.#officers =
      officers &&
      new Catalogue(
        () => this.#list("officers", officers.list, (raw, where) => readOfficer(mapping, raw, where)),
        officers.cacheSeconds,
      );
    const canChange = agency.databaseUrl !== undefined && Object.keys(mapping.changes).length > 0;
    this.#attempts = canChange ? openDatabase(agency.databaseUrl, ATTEMPTS_POOL) : undefined;
    this.changes = this.#attempts && restChanges(this, this.#attempts);
  }

  procedures(codes: readonly string[]): Each<ProcedureRow> {
    return this.#procedures.byCodes(codes);
  }

  async officers(codes: readonly string[]): Each<OfficerRow> {
    if (this.#officers !== undefined) return this.#officers.byCodes(codes);
    return codes.map((code) => this.#namedOfficers.get(code) ?? null);
  }

  /** Whether it knows all its officers: only then an unknown one can be told from one who was never named. */
  get listsOfficers(): boolean {
    return this.#officers !== undefined;
  }

  async cases(dossierCodes: readonly string[]): Each<CaseRow> {
    const told = await this.tell(dossierCodes);
    // A row bears the code that it was asked for by, in the spelling of the question.
    return told.map((each, index) => {
      if (each === null || each instanceof Error) return each;
      const dossierCode = dossierCodes[index] ?? each.row.dossierCode;
      return { ...each.row, dossierCode };
    });
  }

  async events(cases: readonly CaseRow[]): ReturnType<AgencySource["events"]> {
    if (this.mapping.cases.events === undefined) return cases.map(() => []);
    const told = await this.tell(cases.map(({ dossierCode }) => dossierCode));
    return told.map((each) => (each === null || each instanceof Error ? each : each.events));
  }

  async searchProcedures(...[search, page]: Parameters<AgencySource["searchProcedures"]>) {
    return searchProcedures(await this.#procedures.all(), search, page);
  }

  /** Its services cannot be asked for the cases of one applicant. */
  readonly listsByApplicant = false;

  searchCases(...[search, page]: Parameters<AgencySource["searchCases"]>) {
    return searchCases(this, search, page);
  }

  /** The system is asked for nothing: a subgraph is not sick because the software behind it pauses. */
  ready(): Promise<unknown> {
    return this.changes === undefined ? Promise.resolve() : this.agency.database.query("select 1");
  }

  async close(): Promise<void> {
    this.client.close();
    await this.#attempts?.close();
  }

  /** What the system says of each dossier, in order; several codes in one call where it can. */
  async tell(dossierCodes: readonly string[]): Each<ToldCase> {
    const wanted = [...new Set(dossierCodes.map(canonicalDossierCode))];
    const { batch } = this.mapping.cases.byCodes;
    const chunks = Array.from({ length: Math.ceil(wanted.length / batch) }, (_, index) =>
      wanted.slice(index * batch, (index + 1) * batch),
    );
    const told = new Map<string, ToldCase | Error>();
    await Promise.all(chunks.map((codes) => this.#tellChunk(codes, told)));
    return dossierCodes.map((code) => told.get(canonicalDossierCode(code)) ?? null);
  }

  /** A case of a list, whose officer is known from now on. @throws AgencyError SOURCE_FAILED */
  readCase(raw: unknown, service: string, where: string): ToldCase {
    try {
      const told = readCase(this.mapping, raw, where);
      if (told.officer !== undefined) this.#remember(told.officer);
      return told;
    } catch (error) {
      throw this.explain(error, service);
    }
  }

  explain(error: unknown, service: string): unknown {
    if (!(error instanceof FieldFault)) return error;
    return new AgencyError("SOURCE_FAILED", { agency: this.agency.code, service, reason: error.message });
  }

  /** The dossier code as the system spells it. */
  spelled(dossierCode: string): string {
    return this.mapping.dossierCodes === "reversed"
      ? reversedDossierCode(dossierCode)
      : canonicalDossierCode(dossierCode);
  }

  /** A failure costs the codes of its chunk, a row that does not fit costs itself. */
  async #tellChunk(codes: readonly string[], told: Map<string, ToldCase | Error>): Promise<void> {
    const { byCodes, cacheSeconds, fields } = this.mapping.cases;
    const dossierCodes = codes.map((code) => this.spelled(code));
    try {
      const values = { dossierCodes, dossierCode: dossierCodes[0] ?? null };
      const outcome = await this.client.read("cases.byCodes", byCodes, values, { cacheSeconds });
      if (outcome.kind !== "ok") {
        // "Not found" for several codes may mean only one of them.
        if (codes.length > 1) await Promise.all(codes.map((code) => this.#tellChunk([code], told)));
        return;
      }
      const rows = rowsAt(outcome.body, byCodes.rows, "answer");
      for (const [index, raw] of rows.entries()) {
        const where = `${byCodes.rows ?? "answer"}[${index}]`;
        try {
          const each = this.readCase(raw, "cases.byCodes", where);
          told.set(each.row.dossierCode, each);
        } catch (error) {
          const named = namedCode(raw, fields["dossierCode"]) ?? (codes.length === 1 ? codes[0] : undefined);
          if (named === undefined) throw error;
          told.set(canonicalDossierCode(named), error as Error);
        }
      }
    } catch (error) {
      const fault = this.explain(error, "cases.byCodes") as Error;
      for (const code of codes) if (!told.has(code)) told.set(code, fault);
    }
  }

  async #list<R>(name: string, service: ServiceSpec, read: (raw: unknown, where: string) => R): Promise<R[]> {
    const outcome = await this.client.read(`${name}.list`, service, {}, { cacheSeconds: 0 });
    if (outcome.kind !== "ok") return [];
    try {
      const rows = rowsAt(outcome.body, service.rows, "answer");
      return rows.map((raw, index) => read(raw, `${service.rows ?? "answer"}[${index}]`));
    } catch (error) {
      throw this.explain(error, `${name}.list`);
    }
  }

  #remember(officer: OfficerRow): void {
    this.#namedOfficers.delete(officer.code);
    this.#namedOfficers.set(officer.code, officer);
    const [oldest] = this.#namedOfficers.keys();
    if (this.#namedOfficers.size > NAMED_OFFICERS_AT_MOST && oldest !== undefined)
      this.#namedOfficers.delete(oldest);
  }
}

function namedCode(raw: unknown, spec: unknown): string | undefined {
  if (typeof spec !== "string" || typeof raw !== "object" || raw === null) return undefined;
  const code = (raw as Record<string, unknown>)[spec];
  return typeof code === "string" ? code : undefined;
}
