/**
 * A connection over several members: their pages merged into one, in the declared order, with one cursor.
 *
 * Two rounds at most. First every member is asked for its share of the page; then those alone whose rows have all found a
 * place in it, for as many as the page may still take of them.
 */
import type { SelectionNode } from "graphql";
import { errorMessage, type GatewayErrorCode } from "../errors.ts";
import type { PageMerge } from "../partition-fields.ts";
import { compareRows } from "../partition-order.ts";
import { clientErrors } from "./failures.ts";
import { argumentValue } from "./operation.ts";
import { decodeCursor, encodeCursor, type Positions } from "./page-cursor.ts";
import { mergePages } from "./page-merge.ts";
import {
  memberSelections,
  type MemberRow,
  type PagePlace,
  type PageSelection,
  readRows,
  readSelection,
  totalSelections,
  writePage,
} from "./page-selection.ts";
import type { Answered, SeveralAnswer, SeveralQuestion } from "./partition-several.ts";
import { allServers, type Server } from "./servers.ts";
import { type SeveralDocument, severalDocument } from "./several-document.ts";
import type { SubgraphError } from "./transport.ts";

/** Rows of a page. Every member must give so many at once. */
const LARGEST_PAGE = 100;

/** One member, and what it has given so far. */
interface Source {
  readonly server: Server;
  /** By which the cursor knows the server, whichever of its members was named. */
  readonly key: string;
  readonly rows: MemberRow[];
  /** What it said last. */
  more: boolean;
  /** It gives no more in this page. */
  failed: boolean;
  total: number;
}

/** An answer, with the rows that came with it. */
interface Read extends Answered {
  readonly rows: readonly MemberRow[];
}

export async function askPages(question: SeveralQuestion, merge: PageMerge): Promise<SeveralAnswer> {
  const wanted = readArguments(question, merge);
  if (typeof wanted === "string") return refused(question, wanted);
  const { selection, fields } = readSelection(question.field, question.operation, question.variables);
  const { wantsRows } = selection;
  if (!wantsRows && selection.totals.length === 0)
    return { value: writePage(selection, merge, [], 0, NOWHERE), plain: true, errors: [] };

  const { size, list, start } = wanted;
  const sources = openSources(question);
  const reads: Read[] = [];
  const askRound = async (counts: Iterable<readonly [place: number, first: number]>, isFirst: boolean) => {
    const selections = wantsRows
      ? memberSelections(fields, merge, question.prefix, isFirst)
      : totalSelections(fields);
    const document = documentFor(question, merge, selections);
    const asked = [...counts].map(async ([place, first]) => {
      const source = sources[place] as Source;
      const after = source.rows.at(-1)?.cursor ?? start.get(source.key);
      const answered = await question.ask(source.server, document, { first, after });
      reads.push(take(question, merge, selection, source, answered));
    });
    await Promise.all(asked);
  };
  const mergeKnown = () =>
    mergePages(
      sources.map(({ rows, more, failed }) => ({ rows, more: more && !failed })),
      size,
      (a, b) => compareRows(merge.order, a.values, b.values),
    );
  const share = wantsRows ? firstShare(size, sources.length) : 1;
  await askRound(
    sources.map((_, place) => [place, share] as const),
    true,
  );
  let merged = mergeKnown();
  if (merged.wanting.size > 0) {
    await askRound(merged.wanting, false);
    merged = mergeKnown();
  }
  // A member that gave less than it was asked for, though it has more, ends the page where its rows end.
  const rows = merged.rows.slice(0, merged.certain);
  const place: PagePlace = {
    hasNextPage: merged.left || rows.length < merged.rows.length || sources.some(({ more }) => more),
    hasPreviousPage: start.size > 0,
    cursorOf: cursors(list, start, sources, rows),
  };
  const total = sources.reduce((sum, source) => sum + source.total, 0);
  const isLost = sources.length > 0 && sources.every((source) => source.failed && source.rows.length === 0);
  return {
    value: isLost ? null : writePage(selection, merge, rows, total, place),
    plain: reads.every(({ response }) => !response.data || response.plain === true),
    errors: reads.flatMap((read) => errorsOf(question, selection, read, rows)),
  };
}

/** How large the page is and behind what it begins, or why it cannot be had. */
function readArguments(
  { partition, field, variables }: SeveralQuestion,
  { firstDefault }: PageMerge,
): { size: number; list: string; start: Positions } | GatewayErrorCode {
  const [node] = field.nodes;
  const given = (name: string) => (node && argumentValue({ node }, name, variables)) ?? undefined;
  const size = given("first") ?? firstDefault;
  if (given("last") !== undefined || given("before") !== undefined) return "PARTITION_PAGE_INVALID";
  if (typeof size !== "number" || size < 1 || size > LARGEST_PAGE) return "PARTITION_PAGE_INVALID";
  const list = `${partition.service}.${field.name}`;
  const after = given("after");
  const start = after === undefined ? new Map<string, string>() : decodeCursor(list, after);
  return start === undefined ? "PARTITION_CURSOR_INVALID" : { size, list, start };
}

function openSources({ partition, servers }: SeveralQuestion): Source[] {
  const keys = new Map(allServers(partition).map(({ url, member }) => [url, member.key]));
  return servers.map((server) => ({
    server,
    key: keys.get(server.url) ?? server.member.key,
    rows: [],
    more: false,
    failed: false,
    total: 0,
  }));
}

function documentFor(
  { operation, request, field, rule, prefix }: SeveralQuestion,
  { keysType, firstType, afterType }: PageMerge,
  selections: readonly SelectionNode[],
): SeveralDocument {
  const privates = [
    { name: rule.argument, type: keysType },
    { name: "first", type: firstType },
    { name: "after", type: afterType },
  ];
  return severalDocument(operation, request.variables, field, privates, prefix, selections);
}

/** Of the page without rows that nobody was asked for. */
const NOWHERE: PagePlace = { hasNextPage: false, hasPreviousPage: false, cursorOf: () => undefined };

/** Twice a fair share of the page, and one: where rows are spread evenly, one round is enough. */
function firstShare(size: number, members: number): number {
  return Math.min(size, Math.ceil((2 * size) / members) + 1);
}

/** Adds what a member answered to what it has given; what is not an answer becomes a failure. */
function take(
  { field, prefix }: SeveralQuestion,
  merge: PageMerge,
  selection: PageSelection,
  source: Source,
  { part, response }: Answered,
): Read {
  const value = response.data?.[field.responseKey];
  if (!isRecord(value)) {
    source.failed = response.failure !== undefined || response.errors !== undefined;
    if (!source.failed) source.more = false;
    return { part, response, rows: [] };
  }
  const [total] = selection.totals.map((key) => value[key]);
  if (typeof total === "number") source.total = total;
  if (!selection.wantsRows) return { part, response, rows: [] };
  const read = readRows(value, selection, merge, prefix);
  if (read === undefined) {
    source.failed = true;
    const reason = `${field.responseKey} is not a page of a connection`;
    return { part, response: { failure: { code: "SUBGRAPH_MALFORMED_RESPONSE", reason } }, rows: [] };
  }
  source.rows.push(...read.rows);
  source.more = read.more;
  return { part, response, rows: read.rows };
}

/** A member's errors, each at its row's place in the page; those of rows that are not in it are left out. */
function errorsOf(
  { field, prefix }: SeveralQuestion,
  { edges, nodes }: PageSelection,
  { part, response, rows }: Read,
  page: readonly MemberRow[],
): SubgraphError[] {
  const { responseKey } = field;
  const placeOf = (path: SubgraphError["path"]): readonly (string | number)[] | undefined => {
    const [, key, index, ...rest] = path ?? [];
    const isShown = typeof key === "string" && (edges.has(key) || nodes.includes(key));
    // Without rows the member gave its page up: the error is the whole page's.
    if (typeof index !== "number" || rows.length === 0 || !(isShown || key === `${prefix}rows`))
      return [responseKey];
    const row = rows[index];
    const place = row === undefined ? -1 : page.indexOf(row);
    if (place === -1) return undefined;
    return isShown ? [responseKey, key, place, ...rest] : [responseKey];
  };
  // One error says that a member's page is missing, however many it gave.
  const isLost = !isRecord(response.data?.[responseKey]);
  const told = isLost ? response.errors?.slice(0, 1) : response.errors;
  const errors = told?.filter(({ path }) => placeOf(path) !== undefined);
  return clientErrors(part, { ...response, errors }, placeOf, [responseKey]);
}

/** The cursor behind each row: where every member stands then. Rows are asked for in order, or the last alone. */
function cursors(
  list: string,
  start: Positions,
  sources: readonly Source[],
  rows: readonly MemberRow[],
): PagePlace["cursorOf"] {
  const keys = new Map(sources.flatMap(({ key, rows: own }) => own.map((row) => [row, key] as const)));
  const made = new Map<number, string>();
  return (index) => {
    const known = made.get(index);
    if (known !== undefined || index < 0 || index >= rows.length) return known;
    const positions = new Map(start);
    for (const row of rows.slice(0, index + 1)) positions.set(keys.get(row) ?? "", row.cursor);
    const cursor = encodeCursor(list, positions);
    made.set(index, cursor);
    return cursor;
  };
}

function refused({ partition, request, field }: SeveralQuestion, code: GatewayErrorCode): SeveralAnswer {
  const { service } = partition;
  const details = { service, name: field.name, limit: LARGEST_PAGE };
  const error: SubgraphError = {
    message: errorMessage(code, details, request.context.language),
    path: [field.responseKey],
    extensions: { code, service },
  };
  return { value: null, plain: true, errors: [error] };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
