/**
 * What the engine asks of the record: that a reading be written before its answer leaves.
 */
import { fileURLToPath } from "node:url";
import { openDatabase, prepareDatabase } from "../../process/database.ts";
import type { Logger } from "../../process/log.ts";
import { KEPT_OF_NAME, type RequestContext } from "../context.ts";
import type { Caller } from "../trust/caller.ts";
import type { Purposes } from "../trust/purposes.ts";
import { answersOf } from "./answers.ts";
import type { Json } from "./canonical.ts";
import { ensureRecordKeys, readRecordKeys } from "./keys.ts";
import { createLog, type EntryContent } from "./log.ts";
import type { Reading } from "./readings.ts";
import type { RecordSettings } from "./settings.ts";

export const RECORD_MIGRATIONS = fileURLToPath(new URL("./migrations", import.meta.url));

export interface RecordedOperation {
  readonly name: string | undefined;
  readonly kind: string;
  /** SHA-256 of its text. */
  readonly hash: string;
}

/** What became of an operation. */
export interface Read {
  readonly readings: readonly Reading[];
  /** What its caller was refused: `Type.field`. */
  readonly refused: readonly string[];
  /** Code of the error table, where the operation was refused as a whole. */
  readonly code?: string;
}

export interface Recorder {
  /** Whether personal data is read for a purpose only. */
  readonly requiresPurpose: boolean;
  /** False when it cannot be written: then nobody may have what was read. */
  record(context: RequestContext, operation: RecordedOperation, read: Read): Promise<boolean>;
  close(): Promise<void>;
}

/** One for entries, one for checkpoints: a process writes one batch at a time. */
const CONNECTIONS = 2;

/**
 * @param purposes legal basis of each that may be named
 * @throws StartError when the database or the keys cannot be had.
 */
export async function createRecorder(
  settings: RecordSettings,
  log: Logger,
  purposes: Purposes = {},
): Promise<Recorder> {
  const { database: url, keyFile, checkpointFile, personRoles, requirePurpose: requiresPurpose } = settings;
  await ensureRecordKeys(keyFile);
  const keys = await readRecordKeys(keyFile);
  await prepareDatabase(url, [RECORD_MIGRATIONS]);
  const database = openDatabase(url, CONNECTIONS);
  const entries = createLog({ database, keys, checkpointFile, log });
  const legalBasis = new Map(Object.entries(purposes));
  // Whoever verifies the record needs it, and from elsewhere than from the record.
  log.info({ publicKey: keys.publicKey, keyId: keys.keyId }, "readings of personal data are recorded");

  return {
    requiresPurpose,
    async record(context, operation, read) {
      try {
        const reads = read.readings.map(({ fields, subjects }) => ({
          fields,
          subjects: subjects.map(keys.pseudonym),
        }));
        const caller = callerOf(context.caller, personRoles, keys.pseudonym);
        const content = {
          ...contentOf(context, operation, read),
          // As it is today: the list may change.
          basis: context.purpose === undefined ? undefined : legalBasis.get(context.purpose),
          caller,
          reads,
          subjectKey: keys.subjectKeyId,
        };
        await entries.append(content, [...new Set(reads.flatMap(({ subjects }) => subjects))]);
        return true;
      } catch (error) {
        log.error({ err: error, requestId: context.id }, "a reading cannot be recorded");
        return false;
      }
    },
    async close() {
      await entries.close();
      await database.close();
    },
  };
}

function contentOf(
  context: RequestContext,
  { name, kind, hash }: RecordedOperation,
  { refused, code }: Read,
): EntryContent {
  const { purpose, id } = context;
  return {
    v: 1,
    request: id,
    purpose: purpose?.slice(0, KEPT_OF_NAME) ?? null,
    operation: { name: name?.slice(0, KEPT_OF_NAME) ?? null, kind, hash },
    answers: answersOf(context).map(({ service, member, digest, signed }) => ({
      service,
      member,
      digest,
      signed: signed && { ...signed },
    })),
    refused,
    code,
  };
}

/** Whoever works for others answers by name for what was read; whoever asks for themselves stands as a subject does. */
function callerOf(
  { isAuthenticated, subject, client, organisation, roles }: Caller,
  personRoles: readonly string[],
  pseudonym: (subject: string) => string,
): Json {
  if (!isAuthenticated) return null;
  const isPerson = subject !== undefined && personRoles.some((role) => roles.has(role));
  return {
    ...(isPerson ? { pseudonym: pseudonym(subject) } : { subject }),
    client,
    organisation,
    roles: [...roles].toSorted(),
  };
}
