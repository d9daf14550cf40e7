/**
 * The agency's lists of cases and procedures.
 */
import type { Faulty } from "./faults.ts";
import { Refusal } from "./refusal.ts";
import { dayOf, startOf } from "./scalars.ts";
import { type Case, PROCEDURES } from "./store.ts";

interface PageArguments {
  readonly first?: number | null;
  readonly after?: string | null;
}

export interface CaseFilter {
  readonly states?: readonly string[] | null;
  readonly procedureCode?: string | null;
  readonly receivedFrom?: string | null;
  readonly receivedTo?: string | null;
  readonly overdue?: boolean | null;
}

const DAY_MS = 86_400_000;

export function listCases(all: Iterable<Case>, filter: CaseFilter, page: PageArguments, has: Faulty) {
  const late = (each: Case): boolean =>
    (each.finishedAt === null || has("finished cases are overdue")) && dayOf(each.dueAt) < dayOf(Date.now());
  const rows = [...all]
    .filter(
      (each) =>
        (filter.states == null || has("states are not filtered") || filter.states.includes(each.state)) &&
        (filter.procedureCode == null || filter.procedureCode === each.procedureCode) &&
        (filter.receivedFrom == null || each.receivedAt >= startOf(filter.receivedFrom, has)) &&
        (filter.receivedTo == null || each.receivedAt < startOf(filter.receivedTo, has) + DAY_MS) &&
        (filter.overdue == null || late(each) === filter.overdue),
    )
    .toSorted((a, b) => b.receivedAt - a.receivedAt || b.id - a.id);
  if (has("oldest first")) rows.reverse();
  const follows = (row: Case, [time = 0, id = 0]: readonly number[]): boolean =>
    row.receivedAt < time || (!has("rows of one instant are lost") && row.receivedAt === time && row.id < id);
  return connection(rows, page, (row) => [row.receivedAt, row.id], follows, has);
}

export function listProcedures(
  { search, field, ...page }: PageArguments & { search?: string | null; field?: string | null },
  has: Faulty,
) {
  const plain = (text: string): string => {
    const lower = text.toLowerCase();
    if (has("diacritics are needed")) return lower;
    return lower.normalize("NFD").replaceAll(/\p{M}/gu, "").replaceAll("đ", "d");
  };
  const words = plain(search ?? "").match(/[\p{L}\p{N}]+/gu) ?? [];
  const rows = PROCEDURES.filter(
    (each) =>
      (field == null || has("fields are not filtered") || each.field === field) &&
      (has("every search finds all") || words.every((word) => plain(each.name).includes(word))),
  );
  const list = connection(
    rows,
    page,
    (row) => [Number(row.code), 0],
    (row, [code = 0]) => Number(row.code) > code,
    has,
  );
  return { ...list, totalCount: has("the total is the page's") ? list.nodes.length : rows.length };
}

function connection<T>(
  rows: readonly T[],
  { first, after }: PageArguments,
  keyOf: (row: T) => readonly number[],
  follows: (row: T, key: readonly number[]) => boolean,
  has: Faulty,
) {
  const size = first ?? 20;
  if ((size < 1 || size > 100) && !has("any page size"))
    throw new Refusal("INVALID_INPUT", { field: "first", value: String(size), allowed: "1 to 100" });
  const key = after == null ? undefined : readCursor(after, has);
  const offset = has("cursors count rows") ? (key?.[0] ?? 0) : 0;
  const left = has("cursors count rows")
    ? rows.slice(offset)
    : key
      ? rows.filter((row) => follows(row, key))
      : rows;
  const nodes = left.slice(0, Math.max(size, 0));
  const cursors = nodes.map((row, index) =>
    writeCursor(has("cursors count rows") ? [offset + index + 1, 0] : keyOf(row)),
  );
  const last = cursors.at(-1) ?? null;
  const isLost = has("no cursors of pages");
  return {
    nodes,
    edges: nodes.map((node, index) => ({
      node,
      cursor: has("one cursor for a page") ? last : cursors[index],
    })),
    pageInfo: {
      hasNextPage: left.length > nodes.length,
      startCursor: isLost ? null : (cursors[0] ?? null),
      endCursor: last,
    },
  };
}

function writeCursor(key: readonly number[]): string {
  return Buffer.from(key.join("/")).toString("base64url");
}

function readCursor(cursor: string, has: Faulty): readonly number[] {
  const text = Buffer.from(cursor, "base64url").toString();
  if (/^-?[\d.]+\/\d+$/.test(text)) return text.split("/").map(Number);
  if (has("any cursor")) return [0, 0];
  throw new Refusal("INVALID_CURSOR", { field: "after", value: cursor.slice(0, 20), allowed: "a cursor" });
}
