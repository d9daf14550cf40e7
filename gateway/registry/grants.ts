/**
 * Grants beside the SDL, as the registry keeps them: stated by whoever answers for the subgraph or the member, revoked,
 * never forgotten.
 */
import type { Queryable } from "../../process/database.ts";
import type { StatedGrant } from "../trust/grant.ts";
import type { ChangeSurroundings } from "./change.ts";
import { RegistryError } from "./errors.ts";
import type { Identity } from "./keys.ts";
import {
  addHistory,
  CHANNEL,
  lockChanges,
  ownerOfMember,
  ownerOfSubgraph,
  readSdl,
  readState,
} from "./sql.ts";

export interface GrantVersion {
  readonly id: number;
  readonly grant: StatedGrant;
  readonly grantedBy: string;
  readonly grantedAt: Date;
  readonly revokedBy: string | null;
  readonly revokedAt: Date | null;
}

interface GrantRow extends Record<string, unknown> {
  id: number;
  service: string;
  member: string | null;
  at: string;
  consumers: string[];
  purposes: string[] | null;
  granted_by: string;
  granted_at: Date;
  revoked_by: string | null;
  revoked_at: Date | null;
}

export interface Granted {
  readonly id: number;
  /** False when the same is granted already. */
  readonly changed: boolean;
  /** What is to be known of it all the same; left out where that is nothing. */
  readonly hints?: readonly string[];
}

/** @throws RegistryError NOT_OWNER, or NAME_UNKNOWN when there is no such subgraph or member of it */
export async function addGrant(
  { database }: ChangeSurroundings,
  actor: Identity,
  grant: StatedGrant,
): Promise<Granted> {
  return database.transaction(async (tx) => {
    await lockChanges(tx);
    await requireProvider(tx, actor, grant);
    const same = (await listGrants(tx)).find(
      (each) => each.revokedAt === null && textOf(each.grant) === textOf(grant),
    );
    if (same !== undefined) return { id: same.id, changed: false };
    const [row] = await tx.query<{ id: number }>(
      `insert into data_grant (service, member, at, consumers, purposes, granted_by)
       values ($1, $2, $3, $4, $5, $6) returning id`,
      [grant.service, grant.member ?? null, grant.at, grant.to, grant.for ?? null, actor.name],
    );
    const { id } = row!;
    await tell(tx, actor, "grant", grant, id);
    return { id, changed: true };
  });
}

/** What its grant brings along that whoever gave it may not mean: that it is about nothing the graph has, for one. */
export async function hintsOfGrant(
  { database, composer }: ChangeSurroundings,
  grant: StatedGrant,
): Promise<readonly string[]> {
  const state = await readState(database);
  if (state?.supergraph === undefined) return [];
  const supergraph = await readSdl(database, state.supergraph);
  const keys = state.members.map(({ entry }) => entry);
  const grants = await grantsNow(database, state.subgraphs, keys);
  const others = grants.filter((each) => textOf(each) !== textOf(grant));
  const [now, before] = await Promise.all([
    composer.run({ kind: "hints", supergraph, grants }),
    composer.run({ kind: "hints", supergraph, grants: others }),
  ]);
  return now.filter((hint) => !before.includes(hint));
}

/** @throws RegistryError NOT_OWNER, or NAME_UNKNOWN */
export async function revokeGrant(
  { database }: ChangeSurroundings,
  actor: Identity,
  id: number,
): Promise<Granted> {
  return database.transaction(async (tx) => {
    await lockChanges(tx);
    const known = (await listGrants(tx)).find((each) => each.id === id);
    if (known === undefined) throw new RegistryError("NAME_UNKNOWN", { kind: "grant", name: String(id) });
    await requireOwner(tx, actor, known.grant);
    if (known.revokedAt !== null) return { id, changed: false };
    await tx.query("insert into data_grant_revocation (data_grant, revoked_by) values ($1, $2)", [
      id,
      actor.name,
    ]);
    await tell(tx, actor, "revoke grant", known.grant, id);
    return { id, changed: true };
  });
}

/** All that ever were, the oldest first. */
export async function listGrants(db: Queryable): Promise<GrantVersion[]> {
  return (
    await db.query<GrantRow>(
      `select g.*, r.revoked_by, r.revoked_at
       from data_grant g left join data_grant_revocation r on r.data_grant = g.id order by g.id`,
    )
  ).map(toVersion);
}

/** Those that were not revoked, of whom the graph has. */
export async function grantsNow(
  db: Queryable,
  subgraphs: readonly { readonly name: string }[],
  members: readonly { readonly key: string }[],
): Promise<readonly StatedGrant[]> {
  const services = new Set(subgraphs.map(({ name }) => name));
  const keys = new Set(members.map(({ key }) => key));
  return (await listGrants(db))
    .filter(({ revokedAt }) => revokedAt === null)
    .map(({ grant }) => grant)
    .filter(({ service, member }) => services.has(service) && (member === undefined || keys.has(member)));
}

/** Whoever answers for it, of a member that has rows of the subgraph. */
async function requireProvider(tx: Queryable, actor: Identity, grant: StatedGrant): Promise<void> {
  await requireOwner(tx, actor, grant);
  const { service, member: key } = grant;
  if (key === undefined) return;
  const member = (await readState(tx))?.members.find((each) => each.key === key);
  if (member?.entry.subgraphs.includes(service) !== true)
    throw new RegistryError("NAME_UNKNOWN", { kind: "subgraph", name: service, owner: key });
}

async function requireOwner(tx: Queryable, actor: Identity, { service, member }: StatedGrant): Promise<void> {
  const kind = member === undefined ? "subgraph" : "member";
  const name = member ?? service;
  const owner = await (member === undefined ? ownerOfSubgraph(tx, service) : ownerOfMember(tx, member));
  if (owner === undefined) throw new RegistryError("NAME_UNKNOWN", { kind, name });
  if (actor.role !== "operator" && (actor.role !== "owner" || owner !== actor.name))
    throw new RegistryError("NOT_OWNER", { kind, name, owner });
}

function textOf({ service, member, at, to, for: purposes }: StatedGrant): string {
  return JSON.stringify([service, member, at, to.toSorted(), purposes?.toSorted()]);
}

/** Written down, and told to every listener at the end of the transaction. */
async function tell(
  tx: Queryable,
  actor: Identity,
  action: string,
  grant: StatedGrant,
  id: number,
): Promise<void> {
  await addHistory(tx, {
    actor: actor.name,
    action,
    subject: grant.member ?? grant.service,
    outcome: "DONE",
    composition: null,
    detail: { id, ...grant },
  });
  await tx.query("select pg_notify($1, $2)", [CHANNEL, action]);
}

function toVersion(row: GrantRow): GrantVersion {
  const { id, service, member, at, consumers, purposes } = row;
  return {
    id,
    grant: {
      service,
      ...(member !== null && { member }),
      at,
      to: consumers,
      ...(purposes !== null && { for: purposes }),
    },
    grantedBy: row.granted_by,
    grantedAt: row.granted_at,
    revokedBy: row.revoked_by,
    revokedAt: row.revoked_at,
  };
}
