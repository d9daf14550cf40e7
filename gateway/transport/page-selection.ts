/**
 * What a client selects of a connection over members; what each member is asked for it, with what the merge needs beside,
 * under private names; and how the merged page is written from it.
 */
import { type FieldNode, Kind, type SelectionNode } from "graphql";
import type { PageMerge } from "../partition-fields.ts";
import { type CollectedField, collectFields, type SubgraphOperation } from "./operation.ts";

/** The client's response keys, by what stands under them. */
export interface PageSelection {
  /** Of lists of edges, each with the keys of its edges' cursors. */
  readonly edges: ReadonlyMap<string, readonly string[]>;
  readonly nodes: readonly string[];
  readonly pageInfos: readonly { readonly responseKey: string; readonly fields: readonly CollectedField[] }[];
  readonly totals: readonly string[];
  readonly typenames: readonly string[];
  /** Whether rows are needed, and not only how many there are. */
  readonly wantsRows: boolean;
}

export function readSelection(
  { nodes }: CollectedField,
  { fragments }: SubgraphOperation,
  variables: Readonly<Record<string, unknown>>,
): { selection: PageSelection; fields: readonly CollectedField[] } {
  const fields = collectFields(nodes, fragments, variables);
  const named = (name: string) => fields.filter((field) => field.name === name);
  const keys = (name: string) => named(name).map(({ responseKey }) => responseKey);
  const inner = (field: CollectedField) => collectFields(field.nodes, fragments, variables);
  const edges = new Map(
    named("edges").map((field) => [
      field.responseKey,
      inner(field).flatMap(({ name, responseKey }) => (name === "cursor" ? [responseKey] : [])),
    ]),
  );
  const pageInfos = named("pageInfo").map((field) => ({
    responseKey: field.responseKey,
    fields: inner(field),
  }));
  const rows = keys("nodes");
  return {
    fields,
    selection: {
      edges,
      nodes: rows,
      pageInfos,
      totals: keys("totalCount"),
      typenames: keys("__typename"),
      wantsRows: edges.size + rows.length + pageInfos.length > 0,
    },
  };
}

/** @param withTotals how many rows a member has is asked in the first round only */
export function memberSelections(
  fields: readonly CollectedField[],
  { order }: PageMerge,
  prefix: string,
  withTotals: boolean,
): SelectionNode[] {
  const asked = new Set(["edges", "nodes", ...(withTotals ? ["totalCount"] : [])]);
  const own = fields.filter(({ name }) => asked.has(name)).flatMap(({ nodes }) => nodes.map(unconditional));
  return [
    ...own,
    node("edges", `${prefix}rows`, [
      node("cursor", "cursor"),
      ...order.map(({ path }, index) => pathNode(path, `${prefix}${index}`)),
    ]),
    node("pageInfo", `${prefix}info`, [node("hasNextPage", "hasNextPage")]),
  ];
}

/** How many rows there are, and nothing else. */
export function totalSelections(fields: readonly CollectedField[]): SelectionNode[] {
  return fields.filter(({ name }) => name === "totalCount").flatMap(({ nodes }) => nodes.map(unconditional));
}

/** A row as one member gave it. */
export interface MemberRow {
  /** Its place in the member's answer. */
  readonly index: number;
  readonly connection: Readonly<Record<string, unknown>>;
  /** The member's own. */
  readonly cursor: string;
  /** Of the terms of the order. */
  readonly values: readonly unknown[];
}

/** The rows of a member's connection and whether more follow; undefined when it is not one. */
export function readRows(
  connection: Readonly<Record<string, unknown>>,
  { edges, nodes }: PageSelection,
  { order }: PageMerge,
  prefix: string,
): { rows: MemberRow[]; more: boolean } | undefined {
  const own = connection[`${prefix}rows`];
  const more = at(connection[`${prefix}info`], ["hasNextPage"]);
  if (!Array.isArray(own) || typeof more !== "boolean" || (more && own.length === 0)) return undefined;
  for (const key of [...edges.keys(), ...nodes]) {
    const list = connection[key];
    if (!Array.isArray(list) || list.length !== own.length) return undefined;
  }
  const rows: MemberRow[] = [];
  for (const [index, row] of (own as readonly unknown[]).entries()) {
    const cursor = at(row, ["cursor"]);
    if (typeof cursor !== "string") return undefined;
    const values = order.map(({ path }, term) => at(row, [`${prefix}${term}`, ...path.slice(1)]));
    rows.push({ index, connection, cursor, values });
  }
  return { rows, more };
}

/** What a client reads of where the page stands. */
export interface PagePlace {
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  /** Undefined without rows. @param row its place in the page */
  cursorOf(row: number): string | undefined;
}

/** The connection that the client asked for. Takes over the rows' objects. */
export function writePage(
  { edges, nodes, pageInfos, totals, typenames }: PageSelection,
  { connectionType, pageInfoType }: PageMerge,
  rows: readonly MemberRow[],
  total: number,
  place: PagePlace,
): Record<string, unknown> {
  // No prototype: response keys are chosen by clients.
  const page: Record<string, unknown> = Object.create(null);
  const listed = (key: string) =>
    rows.map(({ connection, index }) => (connection[key] as readonly unknown[])[index]);
  for (const key of nodes) page[key] = listed(key);
  for (const [key, cursors] of edges) {
    const list = listed(key) as (Record<string, unknown> | null)[];
    for (const [index, edge] of list.entries())
      if (edge !== null) for (const cursor of cursors) edge[cursor] = place.cursorOf(index);
    page[key] = list;
  }
  for (const { responseKey, fields } of pageInfos) {
    const info: Record<string, unknown> = Object.create(null);
    for (const field of fields)
      info[field.responseKey] = infoOf(field.name, pageInfoType, rows.length, place);
    page[responseKey] = info;
  }
  for (const key of totals) page[key] = total;
  for (const key of typenames) page[key] = connectionType;
  return page;
}

function infoOf(name: string, type: string, count: number, place: PagePlace): unknown {
  switch (name) {
    case "hasNextPage":
      return place.hasNextPage;
    case "hasPreviousPage":
      return place.hasPreviousPage;
    case "startCursor":
      return place.cursorOf(0) ?? null;
    case "endCursor":
      return place.cursorOf(count - 1) ?? null;
    default:
      return type;
  }
}

/** Its conditions have been decided when the client's fields were collected. */
function unconditional(field: FieldNode): FieldNode {
  const directives = (field.directives ?? []).filter(
    ({ name }) => name.value !== "skip" && name.value !== "include",
  );
  return { ...field, directives };
}

function pathNode([name = "", ...rest]: readonly string[], alias: string): FieldNode {
  const [next] = rest;
  return node(name, alias, next === undefined ? [] : [pathNode(rest, next)]);
}

function node(name: string, alias: string, selections: readonly SelectionNode[] = []): FieldNode {
  return {
    kind: Kind.FIELD,
    ...(alias !== name && { alias: { kind: Kind.NAME, value: alias } }),
    name: { kind: Kind.NAME, value: name },
    ...(selections.length > 0 && { selectionSet: { kind: Kind.SELECTION_SET, selections } }),
  };
}

function at(value: unknown, path: readonly string[]): unknown {
  let found = value;
  for (const key of path) {
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, key)) return undefined;
    found = (found as Record<string, unknown>)[key];
  }
  return found;
}
