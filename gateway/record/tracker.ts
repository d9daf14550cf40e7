/**
 * What a subject is shown of the record: who has read their data, when, why and what. Of a reader it tells role,
 * organisation and software, and no name: an auditor finds the person by the entry's number.
 */
import { type Database, openDatabase, prepareDatabase } from "../../process/database.ts";
import { type EntryBody, readBody } from "./entry.ts";
import { readPseudonyms } from "./keys.ts";
import { RECORD_MIGRATIONS } from "./recorder.ts";
import type { RecordSettings } from "./settings.ts";
import { readEntriesOf, type SubjectPage } from "./sql.ts";

/** One answer in which data of the subject was. */
export interface Access {
  /** Number of its entry. */
  readonly seq: number;
  readonly at: Date;
  /** Undefined for whoever showed no token. */
  readonly reader: Reader | undefined;
  readonly purpose: StatedPurpose | undefined;
  /** What of the subject was read: `Type.field`, in order. */
  readonly fields: readonly string[];
  /** What the reader was refused in the same operation, whoever's it is: `Type.field`. */
  readonly refused: readonly string[];
  /** Whom the operation asked: services, with their members. */
  readonly answers: readonly Asked[];
}

export interface StatedPurpose {
  readonly code: string;
  /** Legal basis, as it was then. */
  readonly basis: string | undefined;
}

export interface Asked {
  readonly service: string;
  readonly member?: string | undefined;
}

export interface Reader {
  readonly roles: readonly string[];
  readonly organisation: string | undefined;
  readonly client: string | undefined;
  readonly isSubject: boolean;
}

export type AccessPage = Omit<SubjectPage, "pseudonyms">;

export interface Tracker {
  /** Latest first. */
  accesses(subject: string, page: AccessPage): Promise<Access[]>;
  /** Rejects while the record cannot be read. */
  ready(): Promise<unknown>;
  close(): Promise<void>;
}

const CONNECTIONS = 4;

/**
 * Its database role needs to read only, once a gateway has made the tables; of the key file, only the part that makes
 * pseudonyms.
 * @throws StartError when the database or the keys cannot be had
 */
export async function openTracker({
  database: url,
  keyFile,
}: Pick<RecordSettings, "database" | "keyFile">): Promise<Tracker> {
  await readPseudonyms(keyFile);
  await prepareDatabase(url, [RECORD_MIGRATIONS]);
  const database: Database = openDatabase(url, CONNECTIONS);
  return {
    async accesses(subject, page) {
      // Anew each time: a key that is changed counts from then on.
      const pseudonyms = (await readPseudonyms(keyFile))(subject);
      const rows = await readEntriesOf(database, { ...page, pseudonyms });
      return rows.flatMap(({ seq, body }) => {
        const entry = readBody(body);
        return entry === undefined ? [] : [accessOf(seq, entry, new Set(pseudonyms), subject)];
      });
    },
    ready: () => database.query("select 1 from subject_entry limit 1"),
    close: () => database.close(),
  };
}

function accessOf(
  seq: number,
  { at, caller, purpose, basis, reads, refused, answers }: EntryBody,
  pseudonyms: ReadonlySet<string>,
  subject: string,
): Access {
  const own = reads.filter(({ subjects }) => subjects.some((each) => pseudonyms.has(each)));
  return {
    seq,
    at: new Date(at),
    reader:
      caller === null
        ? undefined
        : {
            roles: caller.roles,
            organisation: caller.organisation,
            client: caller.client,
            isSubject: caller.subject === subject || pseudonyms.has(caller.pseudonym ?? ""),
          },
    purpose: purpose === null ? undefined : { code: purpose, basis },
    fields: [...new Set(own.flatMap(({ fields }) => fields))].toSorted(),
    refused,
    answers,
  };
}
