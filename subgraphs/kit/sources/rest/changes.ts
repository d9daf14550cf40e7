/**
 * Changes sent to a REST/JSON system: one at a time for a case, and once, also when a first try ended without an answer:
 * what was about to be changed is written down before, and a repetition looks whether it has happened.
 */
import type { Database, Queryable } from "../../../../process/database.ts";
import type { CaseRow, NewCase } from "../../agency/rows.ts";
import type { CaseChanges, ChangeName, ChangeSession, Saved, SavedChange } from "../../agency/source.ts";
import { AgencyError } from "../../errors.ts";
import type { KeyedRequest } from "../../idempotency.ts";
import { canonicalDossierCode } from "../../identifiers.ts";
import { codeOf, type State, stateOf } from "../../states.ts";
import { changeMark, type ChangeValues, changeValues, ownState } from "../changes.ts";
import type { Outcome } from "./client.ts";
import type { RestSource } from "./source.ts";

/** What is written down of a change before it is sent. States are national codes. */
interface Attempt extends Record<string, unknown> {
  /** Null for a case to be opened. */
  readonly from: number | null;
  readonly resume: number | null;
  readonly to: number;
}

/** @param attempts a pool of its own: each change holds a connection of the other while it waits for the system */
export function restChanges(source: RestSource, attempts: Database): CaseChanges {
  const supported = new Set(Object.keys(source.mapping.changes) as ChangeName[]);
  return { supported, begin: (tx, request) => new RestSession(source, attempts, tx, request) };
}

class RestSession implements ChangeSession {
  readonly #source: RestSource;
  readonly #attempts: Database;
  readonly #tx: Queryable;
  readonly #request: KeyedRequest;
  #hasHappened = false;

  constructor(source: RestSource, attempts: Database, tx: Queryable, request: KeyedRequest) {
    this.#source = source;
    this.#attempts = attempts;
    this.#tx = tx;
    this.#request = request;
  }

  procedures(codes: readonly string[]): ReturnType<RestSource["procedures"]> {
    return this.#source.procedures(codes);
  }

  /** A system that does not list its officers is not asked whether it has this one. */
  officers(codes: readonly string[]): ReturnType<RestSource["officers"]> {
    if (this.#source.listsOfficers) return this.#source.officers(codes);
    return Promise.resolve(codes.map((code) => ({ code, name: code, title: "" })));
  }

  async hold(dossierCode: string): Promise<CaseRow | undefined> {
    await this.#lock(dossierCode);
    const row = await this.#read(dossierCode);
    const attempt = row && (await this.#attempted());
    if (attempt === undefined || attempt.from === null || attempt.from === attempt.to) return row;
    if (row === undefined || codeOf(row.state) !== attempt.to) return row;
    // An earlier try with this key got through: seen from here the change is still to be made.
    this.#hasHappened = true;
    return {
      ...row,
      state: stateOf(attempt.from),
      resumeState: attempt.resume === null ? null : stateOf(attempt.resume),
    };
  }

  async open(row: NewCase, at: Date): Promise<CaseRow | undefined> {
    await this.#lock(row.dossierCode);
    const isRepeated = (await this.#attempted()) !== undefined;
    await this.#write({ from: null, resume: null, to: codeOf("REGISTERED") });
    const { steps: _, ...values } = row;
    const outcome = await this.#send("openCase", row.dossierCode, "REGISTERED", at, values);
    if (outcome.kind === "exists" && !isRepeated) return undefined;
    const opened = await this.#read(row.dossierCode);
    if (opened !== undefined) return opened;
    throw this.#failed("openCase", "the case is not there after it was opened");
  }

  async save({ name, before, after, via, at, officerCode, note }: SavedChange): Promise<Saved> {
    if (!this.#hasHappened) {
      await this.#write({
        from: codeOf(before.state),
        resume: before.resumeState === null ? null : codeOf(before.resumeState),
        to: codeOf(after.state),
      });
      const values = changeValues(after, officerCode, note);
      if (via !== undefined) await this.#send("advanceCase", after.dossierCode, via, at, values);
      await this.#send(name, after.dossierCode, after.state, at, values);
    }
    // The system's own word counts, and where it has become silent meanwhile, what it was told.
    const row = (await this.#read(after.dossierCode).catch(() => after)) ?? after;
    if (row.state === before.state && after.state !== before.state)
      throw this.#failed(name, `the case is still ${row.state}`);
    return { row: { ...row, dossierCode: after.dossierCode }, mark: changeMark(this.#request) };
  }

  async #read(dossierCode: string): Promise<CaseRow | undefined> {
    this.#source.client.forget();
    const [row] = await this.#source.cases([dossierCode]);
    if (row instanceof Error) throw row;
    return row ?? undefined;
  }

  async #send(
    name: ChangeName,
    dossierCode: string,
    state: State,
    at: Date,
    values: ChangeValues,
  ): Promise<Outcome> {
    const { mapping, agency, client } = this.#source;
    const service = mapping.changes[name];
    if (service === undefined)
      throw new AgencyError("NOT_SUPPORTED", {
        agency: agency.code,
        field: name,
        allowed: Object.keys(mapping.changes).join(", "),
      });
    const outcome = await client.change(`changes.${name}`, service, {
      ...values,
      key: this.#request.key,
      at,
      dossierCode: this.#source.spelled(dossierCode),
      state: ownState(agency.code, mapping.cases.states, state),
      nationalState: codeOf(state),
    });
    if (outcome.kind === "missing")
      throw new AgencyError("UNKNOWN_CASE", { agency: agency.code, dossier: dossierCode });
    if (outcome.kind === "exists" && name !== "openCase")
      throw new AgencyError("SOURCE_REFUSED", {
        agency: agency.code,
        service: `changes.${name}`,
        reason: "it has happened already",
      });
    return outcome;
  }

  async #lock(dossierCode: string): Promise<void> {
    await this.#tx.query("select pg_advisory_xact_lock(hashtextextended($1, 0))", [
      canonicalDossierCode(dossierCode),
    ]);
  }

  async #attempted(): Promise<Attempt | undefined> {
    const [attempt] = await this.#attempts.query<Attempt>(
      `select from_state as "from", resume_state as "resume", to_state as "to" from source_attempt where key = $1`,
      [this.#request.key],
    );
    return attempt;
  }

  /** Outside the transaction, which may be rolled back although the system has acted. */
  async #write({ from, resume, to }: Attempt): Promise<void> {
    await this.#attempts.query(
      `insert into source_attempt (key, from_state, resume_state, to_state) values ($1, $2, $3, $4)
       on conflict (key) do update set
         from_state = excluded.from_state, resume_state = excluded.resume_state, to_state = excluded.to_state, at = now()`,
      [this.#request.key, from, resume, to],
    );
  }

  #failed(name: ChangeName, reason: string): AgencyError {
    return new AgencyError("SOURCE_FAILED", {
      agency: this.#source.agency.code,
      service: `changes.${name}`,
      reason,
    });
  }
}
