/**
 * Pages of cases from a system that lists them by pages of its own: read from the cursor's time of reception backwards, so
 * that rows that come meanwhile move nothing.
 */
import type { CaseRow, CaseSearch } from "../../agency/rows.ts";
import { type Connection, encodeCursor, type PageArguments, readPage } from "../../connection.ts";
import { AgencyError } from "../../errors.ts";
import { rowsAt } from "../fields.ts";
import type { RestSource } from "./source.ts";

/** Time of reception in milliseconds since 1970, and dossier code. */
const CASE_KEY = [/^-?\d{1,16}$/, /^.{1,60}$/];
/** Pages of the system read for one page of the contract, where its own filters leave little. */
const PAGES_AT_MOST = 20;

type Key = readonly [receivedAt: number, dossierCode: string];

/** @throws AgencyError NOT_SUPPORTED when the system cannot list its cases */
export async function searchCases(
  source: RestSource,
  search: CaseSearch,
  args: PageArguments,
): Promise<Connection<CaseRow>> {
  const { limit, after } = readPage(args, CASE_KEY);
  const { list } = source.mapping.cases;
  if (list === undefined)
    throw new AgencyError("NOT_SUPPORTED", {
      agency: source.agency.code,
      field: "Agency.cases",
      allowed: "agencyCase, dossier by dossier",
    });
  const cursor: Key | undefined = after && [Number(after[0]), after[1] ?? ""];
  const found: CaseRow[] = [];
  const seen = new Set<string>();
  let scanned: Key | undefined;
  let ended = false;
  for (let page = 1; page <= PAGES_AT_MOST && !ended; page++) {
    const rows = await readOne(source, search, cursor, page);
    for (const row of rows) {
      scanned = keyOf(row);
      if (seen.has(row.dossierCode)) continue;
      seen.add(row.dossierCode);
      if ((cursor === undefined || isAfter(scanned, cursor)) && matches(row, search)) found.push(row);
    }
    found.sort(byKey);
    ended = rows.length < list.pageSize;
    // Rows received at the same moment may stand in any order, and on the next page too.
    const last = found[limit];
    if (last !== undefined && scanned !== undefined && scanned[0] < last.receivedAt.getTime()) break;
  }
  const nodes = found.slice(0, limit);
  const edges = nodes.map((node) => ({ cursor: cursorOf(keyOf(node)), node }));
  const isFull = found.length > limit;
  return {
    edges,
    nodes,
    pageInfo: {
      hasNextPage: isFull || !ended,
      startCursor: edges[0]?.cursor ?? null,
      // A page that the filters left short ends where the reading ended: the next one goes on from there.
      endCursor:
        (isFull || ended || scanned === undefined ? edges.at(-1)?.cursor : cursorOf(scanned)) ?? null,
    },
  };
}

async function readOne(
  source: RestSource,
  search: CaseSearch,
  cursor: Key | undefined,
  page: number,
): Promise<readonly CaseRow[]> {
  const { list, cacheSeconds } = source.mapping.cases;
  if (list === undefined) return [];
  const until = cursor === undefined ? search.before : new Date(cursor[0]);
  const outcome = await source.client.read(
    "cases.list",
    list,
    {
      page,
      size: list.pageSize,
      states: search.states && oldStates(source, search.states),
      procedureCode: search.procedureCode,
      from: search.from,
      until: until ?? new Date(),
    },
    { cacheSeconds },
  );
  if (outcome.kind !== "ok") return [];
  try {
    return rowsAt(outcome.body, list.rows, "answer").map(
      (raw, index) => source.readCase(raw, "cases.list", `${list.rows ?? "answer"}[${index}]`).row,
    );
  } catch (error) {
    throw source.explain(error, "cases.list");
  }
}

/** The system's own names of national states. */
function oldStates(source: RestSource, states: readonly string[]): readonly string[] {
  const table = source.mapping.cases.states;
  if (table === undefined) return states;
  return Object.entries(table)
    .filter(([, national]) => states.includes(national))
    .map(([old]) => old);
}

/** What the system may have left out of its own filters. */
function matches(row: CaseRow, search: CaseSearch): boolean {
  const { states, procedureCode, from, before, overdue, today } = search;
  return (
    (states === undefined || states.includes(row.state)) &&
    (procedureCode === undefined || row.procedureCode === procedureCode) &&
    (from === undefined || row.receivedAt >= from) &&
    (before === undefined || row.receivedAt < before) &&
    (overdue === undefined || overdue === (row.finishedAt === null && row.dueAt < today))
  );
}

function keyOf(row: CaseRow): Key {
  return [row.receivedAt.getTime(), row.dossierCode];
}

function cursorOf([receivedAt, dossierCode]: Key): string {
  return encodeCursor([String(receivedAt), dossierCode]);
}

function byKey(a: CaseRow, b: CaseRow): number {
  return isAfter(keyOf(a), keyOf(b)) ? 1 : -1;
}

/** Latest received first, then by code, highest first. */
function isAfter(a: Key, b: Key): boolean {
  return a[0] < b[0] || (a[0] === b[0] && a[1] < b[1]);
}
