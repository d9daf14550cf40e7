/**
 * A page of procedures, best match first, then by code: the same form for every source, so that pages of several agencies
 * can be merged.
 */
import type { ProcedureRow } from "../agency/rows.ts";
import type { ProcedurePage } from "../agency/source.ts";
import { toConnection } from "../connection.ts";

export interface FoundProcedure {
  readonly row: ProcedureRow;
  /** Points of the search: of every word `NAME_POINTS` and `FIELD_POINTS`, 0 without a search. */
  readonly score: number;
}

export const NAME_POINTS = 10;
export const FIELD_POINTS = 4;

/** Forms of a cursor's parts: score, and code. */
export const PROCEDURE_KEY = [/^\d{1,9}$/, /^\d\.\d{6}$/];

/** @param found in order, one more than `limit` where more follow */
export function toProcedurePage(
  found: readonly FoundProcedure[],
  limit: number,
  total: ProcedurePage["total"],
): ProcedurePage {
  const { edges, pageInfo } = toConnection(found, limit, ({ row, score }) => [String(score), row.code]);
  return {
    edges: edges.map(({ cursor, node: { row, score } }) => ({ cursor, score, node: row })),
    nodes: edges.map(({ node }) => node.row),
    pageInfo,
    total,
  };
}

/** What nobody has. */
export const NO_PROCEDURES = toProcedurePage([], 0, () => Promise.resolve(0));
