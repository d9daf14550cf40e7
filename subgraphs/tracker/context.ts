/**
 * What the tracker's resolvers work with: the record, and what the fields in it mean.
 */
import type { Access, Tracker } from "../../gateway/record/tracker.ts";
import type { Connection } from "../kit/connection.ts";
import type { RequestContext } from "../kit/server.ts";
import type { FieldMeanings } from "./meanings.ts";

export interface TrackerRequest extends RequestContext {
  /** Undefined where nothing is recorded. */
  readonly tracker: Tracker | undefined;
  readonly meanings: FieldMeanings;
}

/** A reading, with whose data it was. */
export interface OwnAccess extends Access {
  readonly subject: string;
}

/** `Type.field`. */
export type FieldName = string;

export interface AgencyKey {
  readonly code: string;
}

export type AccessConnection = Connection<OwnAccess>;
export type AccessEdge = AccessConnection["edges"][number];
