/**
 * Keys that answers are signed with, as the registry keeps them: registered by whoever answers for the subgraph or the
 * member, given up, never forgotten. A new key counts beside the old ones until those are retired or expire.
 */
import type { Queryable } from "../../process/database.ts";
import { type AnswerKey, type AnswerKeys, NO_ANSWER_KEYS } from "../answer-keys.ts";
import type { ChangeSurroundings } from "./change.ts";
import { RegistryError } from "./errors.ts";
import type { Identity } from "./keys.ts";
import { addHistory, CHANNEL, lockChanges, ownerOfMember, ownerOfSubgraph } from "./sql.ts";

/** Whose answers a key is for. */
export interface Signer {
  readonly kind: "subgraph" | "member";
  /** Of the subgraph, or the member's key. */
  readonly name: string;
}

export interface AnswerKeyVersion extends Signer {
  readonly id: number;
  readonly key: AnswerKey;
  readonly addedBy: string;
  readonly addedAt: Date;
  readonly retiredBy: string | null;
  readonly retiredAt: Date | null;
}

interface AnswerKeyRow extends Record<string, unknown> {
  id: number;
  kind: Signer["kind"];
  name: string;
  jwk: AnswerKey;
  added_by: string;
  added_at: Date;
  retired_by: string | null;
  retired_at: Date | null;
}

/** @throws RegistryError NOT_OWNER, NAME_UNKNOWN, or NAME_TAKEN when another key has that id, or had it */
export async function addAnswerKey(
  { database }: ChangeSurroundings,
  actor: Identity,
  signer: Signer,
  key: AnswerKey,
): Promise<{ readonly changed: boolean }> {
  return database.transaction(async (tx) => {
    await lockChanges(tx);
    await requireOwner(tx, actor, signer);
    const known = (await keysOf(tx, signer)).find((each) => each.key.kid === key.kid);
    if (known !== undefined) {
      if (known.retiredAt === null && sameKey(known.key, key)) return { changed: false };
      throw new RegistryError("NAME_TAKEN", { kind: "answer key", name: key.kid });
    }
    await tx.query("insert into answer_key (kind, name, kid, jwk, added_by) values ($1, $2, $3, $4, $5)", [
      signer.kind,
      signer.name,
      key.kid,
      JSON.stringify(key),
      actor.name,
    ]);
    await tell(tx, actor, "add answer key", signer, { ...key });
    return { changed: true };
  });
}

/**
 * @param last whether it may be the last that counts: then nobody's, or only expired keys are left
 * @throws RegistryError NOT_OWNER, NAME_UNKNOWN, or ANSWER_KEY_LAST
 */
export async function retireAnswerKey(
  { database }: ChangeSurroundings,
  actor: Identity,
  signer: Signer,
  kid: string,
  last: boolean,
): Promise<{ readonly changed: boolean }> {
  return database.transaction(async (tx) => {
    await lockChanges(tx);
    await requireOwner(tx, actor, signer);
    const all = await keysOf(tx, signer);
    const known = all.find(({ key }) => key.kid === kid);
    if (known === undefined) throw new RegistryError("NAME_UNKNOWN", { kind: "answer key", name: kid });
    if (known.retiredAt !== null) return { changed: false };
    if (!last && !all.some((each) => each !== known && counts(each)))
      throw new RegistryError("ANSWER_KEY_LAST", { kind: "answer key", name: kid, owner: signer.name });
    await tx.query("insert into answer_key_retirement (answer_key, retired_by) values ($1, $2)", [
      known.id,
      actor.name,
    ]);
    await tell(tx, actor, "retire answer key", signer, { kid, last });
    return { changed: true };
  });
}

/** All that ever were, the oldest first. */
export async function listAnswerKeys(db: Queryable): Promise<AnswerKeyVersion[]> {
  return (
    await db.query<AnswerKeyRow>(
      `select k.*, r.retired_by, r.retired_at
       from answer_key k left join answer_key_retirement r on r.answer_key = k.id order by k.id`,
    )
  ).map(toVersion);
}

/** Those that were not retired, of whom the graph has. */
export async function answerKeysNow(
  db: Queryable,
  subgraphs: readonly { readonly name: string }[],
  members: readonly { readonly key: string }[],
): Promise<AnswerKeys> {
  const now = (await listAnswerKeys(db)).filter(({ retiredAt }) => retiredAt === null);
  if (now.length === 0) return NO_ANSWER_KEYS;
  const collect = (kind: Signer["kind"], names: readonly string[]) =>
    Object.fromEntries(
      names
        .map((name) => [name, now.filter((each) => each.kind === kind && each.name === name)] as const)
        .filter(([, keys]) => keys.length > 0)
        .map(([name, keys]) => [name, keys.map(({ key }) => key)]),
    );
  return {
    subgraphs: collect(
      "subgraph",
      subgraphs.map(({ name }) => name),
    ),
    members: collect(
      "member",
      members.map(({ key }) => key),
    ),
  };
}

async function requireOwner(tx: Queryable, actor: Identity, { kind, name }: Signer): Promise<void> {
  const owner = await (kind === "subgraph" ? ownerOfSubgraph(tx, name) : ownerOfMember(tx, name));
  if (owner === undefined) throw new RegistryError("NAME_UNKNOWN", { kind, name });
  if (actor.role !== "operator" && (actor.role !== "owner" || owner !== actor.name))
    throw new RegistryError("NOT_OWNER", { kind, name, owner });
}

async function keysOf(tx: Queryable, { kind, name }: Signer): Promise<AnswerKeyVersion[]> {
  return (await listAnswerKeys(tx)).filter((each) => each.kind === kind && each.name === name);
}

/** Now, or later. */
function counts({ key: { exp }, retiredAt }: AnswerKeyVersion): boolean {
  return retiredAt === null && (exp === undefined || exp > Date.now() / 1000);
}

function sameKey(one: AnswerKey, other: AnswerKey): boolean {
  return one.x === other.x && one.nbf === other.nbf && one.exp === other.exp;
}

/** Written down, and told to every listener at the end of the transaction. */
async function tell(
  tx: Queryable,
  actor: Identity,
  action: string,
  { kind, name }: Signer,
  detail: Readonly<Record<string, unknown>>,
): Promise<void> {
  await addHistory(tx, {
    actor: actor.name,
    action,
    subject: name,
    outcome: "DONE",
    composition: null,
    detail: { kind, ...detail },
  });
  await tx.query("select pg_notify($1, $2)", [CHANNEL, action]);
}

function toVersion(row: AnswerKeyRow): AnswerKeyVersion {
  const { id, kind, name, jwk } = row;
  return {
    id,
    kind,
    name,
    key: jwk,
    addedBy: row.added_by,
    addedAt: row.added_at,
    retiredBy: row.retired_by,
    retiredAt: row.retired_at,
  };
}
