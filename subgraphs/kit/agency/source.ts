/**
 * Where an agency's procedures and cases come from: what a source must give, so that the kit can answer the whole
 * contract. `sources/` holds the ones that come with it.
 */
import type { Database, Queryable } from "../../../process/database.ts";
import type { WorkingCalendar } from "../calendar.ts";
import type { Connection, PageArguments } from "../connection.ts";
import type { KeyedRequest } from "../idempotency.ts";
import type { State } from "../states.ts";
import type {
  CaseRow,
  CaseSearch,
  EventRow,
  NewCase,
  OfficerRow,
  ProcedureRow,
  ProcedureSearch,
} from "./rows.ts";

/** The changes of the contract, named as its mutations. */
export const CHANGES = [
  "openCase",
  "advanceCase",
  "finishStep",
  "requestSupplement",
  "receiveSupplement",
  "withdrawCase",
  "completeCase",
  "apologiseForDelay",
] as const;

export type ChangeName = (typeof CHANGES)[number];

/**
 * One answer a key, in the keys' order: the row, null where there is none, or the error of that key alone. A rejection
 * is the error of all keys.
 */
export type Each<R> = Promise<readonly (R | null | Error)[]>;

/** Reads are batched: one call has all the keys of a request. */
export interface AgencySource {
  /** By short procedure code. */
  procedures(codes: readonly string[]): Each<ProcedureRow>;
  /** By officer code. */
  officers(codes: readonly string[]): Each<OfficerRow>;
  /** By dossier code. */
  cases(dossierCodes: readonly string[]): Each<CaseRow>;
  /** The history of each case, oldest first. */
  events(cases: readonly CaseRow[]): Each<readonly EventRow[]>;
  /** Best match first, then by code. */
  searchProcedures(search: ProcedureSearch, page: PageArguments): Promise<ProcedurePage>;
  /** Whether it can list the cases of one applicant; where it cannot, applicants have no list. */
  readonly listsByApplicant: boolean;
  /** Latest received first; only of the search's audience. */
  searchCases(search: CaseSearch, page: PageArguments): Promise<Connection<CaseRow>>;
  /** Undefined where nothing can be changed. */
  readonly changes: CaseChanges | undefined;
  /** Rejects while the source cannot be read. */
  ready(): Promise<unknown>;
  close(): Promise<void>;
}

export type ProcedurePage = Omit<Connection<ProcedureRow>, "edges"> & {
  readonly edges: readonly (Connection<ProcedureRow>["edges"][number] & { readonly score: number })[];
  /** How many match in all: counted only when it is asked for. */
  readonly total: () => Promise<number>;
};

export interface CaseChanges {
  readonly supported: ReadonlySet<ChangeName>;
  /** What one request changes, in the transaction that keeps its answer by its idempotency key. */
  begin(tx: Queryable, request: KeyedRequest): ChangeSession;
}

export interface ChangeSession {
  procedures(codes: readonly string[]): Each<ProcedureRow>;
  officers(codes: readonly string[]): Each<OfficerRow>;
  /** The case as it is now; until the transaction ends nobody else changes it through this program. */
  hold(dossierCode: string): Promise<CaseRow | undefined>;
  /** Opens a case as `REGISTERED`, with its first event; undefined when the dossier already has one here. */
  open(row: NewCase, at: Date): Promise<CaseRow | undefined>;
  /** Stores a change that the rules allow, with its event; answers with the case as it then stands. */
  save(change: SavedChange): Promise<Saved>;
}

export interface SavedChange {
  readonly name: ChangeName;
  readonly before: CaseRow;
  readonly after: CaseRow;
  /** A state passed through on the way, with an event of its own. */
  readonly via: State | undefined;
  readonly at: Date;
  readonly officerCode: string | null;
  readonly note: string | null;
}

export interface Saved {
  readonly row: CaseRow;
  /** Names this change among those of the case: the report to the centre carries it. */
  readonly mark: string;
}

/** A kind of source, as a server opens it for one agency. */
export interface SourceKind {
  /**
   * Sees to it that what it needs is there, in the agency's database too.
   * @throws StartError when that cannot be
   */
  prepare(agency: PreparedAgency): Promise<void>;
  /** The URL by which the agency's database is used, where it is not the one given. */
  readonly connection?: (databaseUrl: string) => string;
  open(agency: OpenedAgency): AgencySource;
}

export interface PreparedAgency {
  /** Canonical agency code. */
  readonly code: string;
  /** Undefined for an agency that keeps nothing of its own. */
  readonly databaseUrl: string | undefined;
  /** Directory of the migrations of what it adds to the contract. */
  readonly ownMigrations: string | undefined;
}

export interface OpenedAgency {
  readonly code: string;
  readonly databaseUrl: string | undefined;
  readonly database: Database;
  readonly calendar: WorkingCalendar;
}
