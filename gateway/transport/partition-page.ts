/**
 * A connection over several members: their pages merged into one, in the declared order, with one cursor.
 *
 * Two rounds at most. First every member is asked for its share of the page; then those alone whose rows have all found a
 * place in it, for as many as the page may still take of them.
 */
import type { PageMerge } from "../partition-fields.ts";
import { compareRows } from "../partition-order.ts";
import { errorMessage, type GatewayErrorCode } from "../errors.ts";
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
import { severalDocument } from "./several-document.ts";
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
  const { operation, field, variables, servers } = question;
  const [node] = field.nodes;
  const given = (name: string) => node && argumentValue({ node }, name, variables);
  const size = given("first") ?? merge.firstDefault;
  const isBackward = (given("last") ?? given("before") ?? null) !== null;
  if (isBackward || !Number.isInteger(size) || Number(size) < 1 || Number(size) > LARGEST_PAGE)
    return refused(question, "PARTITION_PAGE_INVALID");
  const after = given("after") ?? undefined;
  const list = `${question.partition.service}.${field.name}`;
  const start = after === undefined ? new Map<string, string>() : decodeCursor(list, after);
  if (start === undefined) return refused(question, "PARTITION_CURSOR_INVALID");

  const { selection, fields } = readSelection(field, operation, variables);
  const canonical = new Map(allServers(question.partition).map(({ url, member }) => [url, member.key]));
  const sources = servers.map(
    (server): Source => ({
      server,
      key: canonical.get(server.url) ?? server.member.key,
      rows: [],
      more: false,
      failed: false,
      total: 0,
    }),
  );
  if (!selection.wantsRows && selection.totals.length === 0)
    return { value: writePage(selection, merge, [], 0, NOWHERE), plain: true, errors: [] };

  const privates = [
    { name: question.rule.argument, type: merge.keysType },
    { name: "first", type: merge.firstType },
    { name: "after", type: merge.afterType },
  ];
  const documentOf = (withTotals: boolean) =>
    severalDocument(
      operation,
      question.request.variables,
      field,
      privates,
      question.prefix,
      selection.wantsRows
        ? memberSelections(fields, merge, question.prefix, withTotals)
        : totalSelections(fields),
    );
  const reads: Read[] = [];
  const ask = async (
    source: Source,
    first: number,
    document: ReturnType<typeof documentOf>,
  ): Promise<void> => {
    const position = source.rows.at(-1)?.cursor ?? start.get(source.key);
    const answered = await question.ask(source.server, document, { first, after: position });
    reads.push(take(question, merge, selection, source, answered));
  };
  const pageSize = Number(size);
  const shares = selection.wantsRows ? firstShare(pageSize, sources.length) : 1;
  const firstDocument = documentOf(true);
  await Promise.all(sources.map((source) => ask(source, shares, firstDocument)));
  const compare = (a: MemberRow, b: MemberRow) => compareRows(merge.order, a.values, b.values);
  const known = () => sources.map(({ rows, more, failed }) => ({ rows, more: more && !failed }));
  let merged = mergePages(known(), pageSize, compare);
  if (merged.wanting.size > 0) {
    const document = documentOf(false);
    await Promise.all(
      [...merged.wanting].map(([place, count]) => ask(sources[place] as Source, count, document)),
    );
    merged = mergePages(known(), pageSize, compare);
  }
  // A member that gave less than it was asked for, though it has more, ends the page where its rows end.
  const rows = merged.rows.slice(0, merged.certain);
  const place: PagePlace = {
    hasNextPage: merged.left || rows.length < merged.rows.length || sources.some(({ more }) => more),
    hasPreviousPage: after !== undefined,
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
