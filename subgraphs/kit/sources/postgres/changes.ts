/**
 * Changes of an agency's existing tables, by the statements that it has declared: in one transaction with the idempotency
 * key and the report to the centre, so that all of it happens or nothing.
 */
import { type Queryable, sqlState } from "../../../../process/database.ts";
import type { CaseRow, NewCase } from "../../agency/rows.ts";
import type { CaseChanges, ChangeName, ChangeSession, Saved, SavedChange } from "../../agency/source.ts";
import { AgencyError } from "../../errors.ts";
import type { KeyedRequest } from "../../idempotency.ts";
import { canonicalDossierCode } from "../../identifiers.ts";
import { codeOf, type State } from "../../states.ts";
import { changeMark, type ChangeValues, changeValues, ownState } from "../changes.ts";
import { PARAMETER } from "./mapping.ts";
import type { PostgresSource } from "./source.ts";
import { localTimestamp, TIME_KINDS } from "./times.ts";

/** SQLSTATE: what a declared statement says by raising it. */
const NO_DATA_FOUND = "P0002";
const UNIQUE_VIOLATION = "23505";
const RAISED = "P0001";

export function postgresChanges(source: PostgresSource): CaseChanges {
  const supported = new Set(Object.keys(source.mapping.changes) as ChangeName[]);
  return { supported, begin: (tx, request) => new PostgresSession(source, tx, request) };
}

class PostgresSession implements ChangeSession {
  readonly #source: PostgresSource;
  readonly #tx: Queryable;
  readonly #request: KeyedRequest;

  constructor(source: PostgresSource, tx: Queryable, request: KeyedRequest) {
    this.#source = source;
    this.#tx = tx;
    this.#request = request;
  }

  procedures(codes: readonly string[]): ReturnType<PostgresSource["procedures"]> {
    return this.#source.procedures(codes);
  }

  officers(codes: readonly string[]): ReturnType<PostgresSource["officers"]> {
    return this.#source.officers(codes);
  }

  async hold(dossierCode: string): Promise<CaseRow | undefined> {
    // The rows may be a view's, which cannot be locked.
    await this.#tx.query("select pg_advisory_xact_lock(hashtextextended($1, 0))", [
      canonicalDossierCode(dossierCode),
    ]);
    return this.#read(dossierCode);
  }

  async open(row: NewCase, at: Date): Promise<CaseRow | undefined> {
    if ((await this.hold(row.dossierCode)) !== undefined) return undefined;
    const { steps: _, ...values } = row;
    await this.#run("openCase", row.dossierCode, "REGISTERED", at, values);
    const opened = await this.#read(row.dossierCode);
    if (opened === undefined) throw this.#failed("openCase", "the case is not there after it was opened");
    return opened;
  }

  async save({ name, before, after, via, at, officerCode, note }: SavedChange): Promise<Saved> {
    const values = changeValues(after, officerCode, note);
    if (via !== undefined) await this.#run("advanceCase", after.dossierCode, via, at, values);
    await this.#run(name, after.dossierCode, after.state, at, values);
    const row = await this.#read(after.dossierCode);
    if (row === undefined || (row.state === before.state && after.state !== before.state))
      throw this.#failed(name, `the case is still ${before.state}`);
    return { row, mark: changeMark(this.#request) };
  }

  async #read(dossierCode: string): Promise<CaseRow | undefined> {
    const [row] = await this.#source.casesIn(this.#tx, [dossierCode]);
    if (row instanceof Error) throw row;
    return row ?? undefined;
  }

  async #run(
    name: ChangeName,
    dossierCode: string,
    state: State,
    at: Date,
    given: ChangeValues,
  ): Promise<void> {
    const { agency, mapping } = this.#source;
    const statement = mapping.changes[name];
    if (statement === undefined)
      throw new AgencyError("NOT_SUPPORTED", {
        agency: agency.code,
        field: name,
        allowed: Object.keys(mapping.changes).join(", "),
      });
    const values: ChangeValues = {
      ...given,
      key: this.#request.key,
      at,
      dossierCode: this.#source.spelled(dossierCode),
      state: ownState(agency.code, mapping.cases.states, state),
      nationalState: codeOf(state),
    };
    const parameters: unknown[] = [];
    const text = statement.replaceAll(PARAMETER, (_, valueName: string) => {
      const value = values[valueName] ?? null;
      if (!(value instanceof Date)) return `$${parameters.push(value)}`;
      return TIME_KINDS[mapping.times].value(`$${parameters.push(localTimestamp(value))}`);
    });
    try {
      await this.#tx.query(text, parameters);
    } catch (error) {
      throw this.#explain(error, name, dossierCode);
    }
  }

  #explain(error: unknown, name: ChangeName, dossier: string): unknown {
    const agency = this.#source.agency.code;
    const state = sqlState(error);
    if (state === NO_DATA_FOUND) return new AgencyError("UNKNOWN_CASE", { agency, dossier });
    if (state === UNIQUE_VIOLATION && name === "openCase")
      return new AgencyError("CASE_EXISTS", { agency, dossier });
    if (state !== RAISED) return error;
    const reason = (error as Error).message;
    return new AgencyError(
      "SOURCE_REFUSED",
      { agency, service: `changes.${name}`, reason },
      { cause: error },
    );
  }

  #failed(name: ChangeName, reason: string): AgencyError {
    const { code } = this.#source.agency;
    return new AgencyError("SOURCE_FAILED", { agency: code, service: `changes.${name}`, reason });
  }
}
