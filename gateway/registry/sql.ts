/**
 * All SQL of the graph and its history. Keys: keys.ts, usage: usage-sql.ts.
 */
import { createHash } from "node:crypto";
import type { Queryable } from "../../process/database.ts";
import type { Member } from "../members.ts";
import type { SubgraphSource } from "./compose.ts";
import {
  EMPTY_STATE,
  type GraphState,
  type MemberVersion,
  type SubgraphVersion,
  type VariantVersion,
} from "./state.ts";

/** The channel of NOTIFY; its payload is the id of the new composition. */
export const CHANNEL = "registry_composition";

/** One for all registries on one database: changes are made one after another. */
const CHANGE_LOCK = 7_042_116;

export interface HistoryEntry {
  readonly id: number;
  readonly at: Date;
  /** An owner, or `operator`. */
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly outcome: "DONE" | "REFUSED";
  readonly composition: number | null;
  readonly detail: Readonly<Record<string, unknown>>;
}

interface CompositionRow {
  id: number;
  created_at: Date;
  subgraphs: number[];
  members: number[];
  variants: VariantVersion[];
  supergraph: string;
}

interface SubgraphRow extends Record<string, unknown> {
  id: number;
  name: string;
  owner: string;
  url: string;
  file: string;
  hash: string;
  sdl: string;
  published_by: string;
  published_at: Date;
}

interface MemberRow extends Record<string, unknown> {
  id: number;
  key: string;
  owner: string;
  entry: Member;
  valid_from: Date;
  suspended: boolean;
  published_by: string;
  published_at: Date;
}

/** Waits until no other change is under way, in this process or another; holds until the transaction ends. */
export async function lockChanges(tx: Queryable): Promise<void> {
  await tx.query("select pg_advisory_xact_lock($1)", [CHANGE_LOCK]);
}

export async function latestComposition(db: Queryable): Promise<number | undefined> {
  const [row] = await db.query<{ id: number | null }>("select max(id) as id from composition");
  return row?.id ?? undefined;
}

/** The graph of a composition, the latest when left out; undefined when there is no such composition. */
export async function readState(db: Queryable, id?: number): Promise<GraphState | undefined> {
  const [composition] = await db.query<CompositionRow & Record<string, unknown>>(
    `select id, created_at, subgraphs, members, variants, supergraph from composition
     where id = coalesce($1, (select max(id) from composition))`,
    [id ?? null],
  );
  if (composition === undefined) return id === undefined ? EMPTY_STATE : undefined;
  const [subgraphs, members] = [
    await db.query<SubgraphRow>(
      `select v.id, v.name, v.owner, v.url, v.file, v.sdl as hash, s.text as sdl, v.published_by, v.published_at
       from subgraph_version v join sdl s on s.hash = v.sdl where v.id = any($1) order by v.name`,
      [composition.subgraphs],
    ),
    await db.query<MemberRow>("select * from member_version where id = any($1) order by key", [
      composition.members,
    ]),
  ];
  return {
    composition: { id: composition.id, createdAt: composition.created_at },
    subgraphs: subgraphs.map(toSubgraph),
    members: members.map(toMember),
    variants: composition.variants,
    supergraph: composition.supergraph,
  };
}

/** The last owner of a subgraph's name, also when the graph has the subgraph no more. */
export async function ownerOfSubgraph(db: Queryable, name: string): Promise<string | undefined> {
  const [row] = await db.query<{ owner: string }>(
    "select owner from subgraph_version where name = $1 order by id desc limit 1",
    [name],
  );
  return row?.owner;
}

/** The last owner of a member's key. */
export async function ownerOfMember(db: Queryable, key: string): Promise<string | undefined> {
  const [row] = await db.query<{ owner: string }>(
    "select owner from member_version where key = $1 order by id desc limit 1",
    [key],
  );
  return row?.owner;
}

export async function addSubgraph(
  tx: Queryable,
  { name, url, file, sdl, owner, by }: SubgraphSource & { owner: string; by: string },
): Promise<SubgraphVersion> {
  const hash = await keepSdl(tx, sdl);
  const [row] = await tx.query<SubgraphRow>(
    `insert into subgraph_version (name, owner, url, file, sdl, published_by) values ($1, $2, $3, $4, $5, $6)
     returning *, sdl as hash`,
    [name, owner, url, file, hash, by],
  );
  return toSubgraph({ ...row!, sdl });
}

export interface NewMember {
  readonly entry: Member;
  readonly owner: string;
  readonly validFrom: Date;
  readonly suspended: boolean;
}

export async function addMember(
  tx: Queryable,
  { entry, owner, validFrom, suspended }: NewMember,
  by: string,
): Promise<MemberVersion> {
  const [row] = await tx.query<MemberRow>(
    `insert into member_version (key, owner, entry, valid_from, suspended, published_by)
     values ($1, $2, $3, $4, $5, $6) returning *`,
    [entry.key, owner, JSON.stringify(entry), validFrom, suspended, by],
  );
  return toMember(row!);
}

/** Adds a composition, the current one from now on, and tells every listener at the end of the transaction. */
export async function addComposition(tx: Queryable, state: Omit<GraphState, "composition">): Promise<number> {
  const [row] = await tx.query<{ id: number }>(
    `insert into composition (subgraphs, members, variants, supergraph) values ($1, $2, $3, $4) returning id`,
    [
      state.subgraphs.map(({ id }) => id),
      state.members.map(({ id }) => id),
      JSON.stringify(state.variants),
      state.supergraph,
    ],
  );
  const id = row!.id;
  await tx.query("select pg_notify($1, $2)", [CHANNEL, String(id)]);
  return id;
}

export async function addHistory(tx: Queryable, entry: Omit<HistoryEntry, "id" | "at">): Promise<void> {
  await tx.query(
    `insert into history (actor, action, subject, outcome, composition, detail) values ($1, $2, $3, $4, $5, $6)`,
    [
      entry.actor,
      entry.action,
      entry.subject,
      entry.outcome,
      entry.composition,
      JSON.stringify(entry.detail),
    ],
  );
}

/** The latest first; `before` is an id to go on from. */
export async function readHistory(
  db: Queryable,
  limit: number,
  before: number | undefined,
): Promise<HistoryEntry[]> {
  return db.query<HistoryEntry & Record<string, unknown>>(
    `select id, at, actor, action, subject, outcome, composition, detail from history
     where $2::bigint is null or id < $2 order by id desc limit $1`,
    [limit, before ?? null],
  );
}

/** Keeps a text; @returns its hash */
export async function keepSdl(tx: Queryable, text: string): Promise<string> {
  const hash = hashOf(text);
  await tx.query("insert into sdl (hash, text) values ($1, $2) on conflict do nothing", [hash, text]);
  return hash;
}

export async function readSdl(db: Queryable, hash: string): Promise<string> {
  const [row] = await db.query<{ text: string }>("select text from sdl where hash = $1", [hash]);
  if (row === undefined) throw new Error(`a composition names a text that is not kept: ${hash}`);
  return row.text;
}

export function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function toSubgraph(row: SubgraphRow): SubgraphVersion {
  const { id, name, owner, url, file, sdl, hash } = row;
  return {
    id,
    name,
    owner,
    url,
    file,
    sdl,
    hash,
    publishedBy: row.published_by,
    publishedAt: row.published_at,
  };
}

function toMember(row: MemberRow): MemberVersion {
  const { id, key, owner, entry, suspended } = row;
  return {
    id,
    key,
    owner,
    entry,
    validFrom: row.valid_from,
    suspended,
    publishedBy: row.published_by,
    publishedAt: row.published_at,
  };
}
