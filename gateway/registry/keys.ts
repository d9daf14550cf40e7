/**
 * Who may do what: the operator's key from the configuration, keys of owners and gateways from the database.
 *
 * A key is `<id>.<secret>`. Its secret is 256 random bits, of which only the SHA-256 is kept: nobody can try them all,
 * so that a slow password hash would cost every request something and protect nothing more.
 */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { Queryable } from "../../process/database.ts";
import { RegistryError } from "./errors.ts";

export interface Identity {
  readonly role: "operator" | "owner" | "gateway";
  /** `operator` for the operator. */
  readonly name: string;
  /** Keys and aliases of members that it may answer for; the operator may for all. */
  readonly names: readonly string[];
}

export interface KeyInfo {
  readonly id: string;
  readonly owner: string;
  readonly role: "owner" | "gateway";
  readonly names: readonly string[];
  readonly issuedAt: Date;
  readonly revokedAt: Date | null;
}

interface KeyRow extends Record<string, unknown> {
  id: string;
  owner: string;
  role: "owner" | "gateway";
  names: string[];
  hash: Buffer;
  issued_at: Date;
  revoked_at: Date | null;
}

const OPERATOR: Identity = { role: "operator", name: "operator", names: [] };

/** @throws RegistryError KEY_REFUSED; how a key is wrong is not told. */
export async function identify(
  db: Queryable,
  operatorKey: string,
  authorization: string | undefined,
): Promise<Identity> {
  const token = /^Bearer ([\w.-]{1,200})$/.exec(authorization ?? "")?.[1];
  if (token === undefined) throw new RegistryError("KEY_REFUSED", {});
  if (timingSafeEqual(digest(token), digest(operatorKey))) return OPERATOR;
  const [id = "", secret = ""] = token.split(".");
  const [row] = await db.query<KeyRow>("select * from access_key where id = $1", [id]);
  // A key that is not there is compared with something all the same, so that the time tells nothing.
  const isRight = timingSafeEqual(digest(secret), row?.hash ?? Buffer.alloc(32));
  if (row === undefined || !isRight || row.revoked_at !== null) throw new RegistryError("KEY_REFUSED", {});
  return { role: row.role, name: row.owner, names: row.names };
}

/** @returns the key, for the only time */
export async function issueKey(
  tx: Queryable,
  { owner, role, names }: Pick<KeyInfo, "owner" | "role" | "names">,
): Promise<{ readonly key: string; readonly id: string }> {
  const id = randomBytes(6).toString("hex");
  const secret = randomBytes(32).toString("base64url");
  await tx.query("insert into access_key (id, owner, role, names, hash) values ($1, $2, $3, $4, $5)", [
    id,
    owner,
    role,
    names,
    digest(secret),
  ]);
  return { key: `${id}.${secret}`, id };
}

/** @throws RegistryError NAME_UNKNOWN; a key that was revoked before stays so. */
export async function revokeKey(tx: Queryable, id: string): Promise<KeyInfo> {
  const [row] = await tx.query<KeyRow>(
    "update access_key set revoked_at = coalesce(revoked_at, now()) where id = $1 returning *",
    [id],
  );
  if (row === undefined) throw new RegistryError("NAME_UNKNOWN", { kind: "key", name: id });
  return toKey(row);
}

export async function listKeys(db: Queryable): Promise<KeyInfo[]> {
  return (await db.query<KeyRow>("select * from access_key order by issued_at, id")).map(toKey);
}

function toKey({ id, owner, role, names, issued_at, revoked_at }: KeyRow): KeyInfo {
  return { id, owner, role, names, issuedAt: issued_at, revokedAt: revoked_at };
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
