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
  const wordsOf = (text: string) => plain(text).match(/[\p{L}\p{N}]+/gu) ?? [];
  const words = wordsOf(search ?? "");
  const rows = PROCEDURES.filter(
    (each) =>
      (field == null || has("fields are not filtered") || each.field === field) &&
      (has("every search finds all") ||
        words.every((word) => plain(`${each.name} ${each.field}`).includes(word))),
  ).map((row) => ({ ...row, score: scoreOf(row) * (has("scores of its own") ? 2 : 1) }));
  if (!has("found in the order of codes")) rows.sort((a, b) => b.score - a.score);
  const list = connection(
    rows,
    page,
    (row) => [row.score, Number(row.code.slice(2))],
    (row, [score = 0, code = 0]) => {
      const isLater = Number(row.code.slice(2)) > code;
      if (has("cursors forget the score")) return isLater;
      return row.score < score || (row.score === score && isLater);
    },
    has,
  );
  return {
    ...list,
    edges: list.edges.map((edge) => ({ ...edge, score: edge.node.score })),
    totalCount: has("the total is the page's") ? list.nodes.length : rows.length,
  };

  function scoreOf(row: { readonly name: string; readonly field: string }): number {
    return 10 * countIn(wordsOf(row.name), words) + 4 * countIn(wordsOf(row.field), words);
  }
}

/** How many of the words are among the others; the last may be a beginning. */
function countIn(others: readonly string[], words: readonly string[]): number {
  return words.filter((word, index) =>
    others.some((other) => (index === words.length - 1 ? other.startsWith(word) : other === word)),
  ).length;
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
