/**
 * All SQL of what clients use: operations that gateways recorded, and operations that clients registered.
 */
import type { Queryable } from "../../process/database.ts";
import type { ClientUse, UsedOperation } from "./compare.ts";

export interface OperationReport {
  readonly hash: string;
  readonly name: string | null;
  readonly kind: string;
  readonly document: string;
  readonly coordinates: readonly string[];
  readonly variant: string;
  readonly client: string;
  readonly clientVersion: string;
  readonly requests: number;
  readonly errors: number;
}

export interface RegisteredOperation {
  readonly client: string;
  readonly hash: string;
  readonly name: string | null;
  readonly document: string;
  readonly registeredBy: string;
  readonly registeredAt: Date;
}

/** Adds what a gateway counted, to today. */
export async function addUsage(tx: Queryable, reports: readonly OperationReport[]): Promise<void> {
  // In one order everywhere, so that two gateways never wait for each other.
  const sorted = reports.toSorted((one, other) =>
    one.hash < other.hash ? -1 : one.hash > other.hash ? 1 : 0,
  );
  for (const { hash, name, kind, document, coordinates, ...use } of sorted) {
    await tx.query(
      `insert into operation (hash, name, kind, document, coordinates) values ($1, $2, $3, $4, $5)
       on conflict (hash) do update set coordinates =
         (select array_agg(distinct touched) from unnest(operation.coordinates || excluded.coordinates) touched)
       where not operation.coordinates @> excluded.coordinates`,
      [hash, name, kind, document, coordinates],
    );
    await tx.query(
      `insert into operation_usage (hash, client, client_version, variant, day, requests, errors, last_seen)
       values ($1, $2, $3, $4, current_date, $5, $6, now())
       on conflict (day, hash, client, client_version, variant) do update set
         requests = operation_usage.requests + excluded.requests,
         errors = operation_usage.errors + excluded.errors,
         last_seen = excluded.last_seen`,
      [hash, use.client, use.clientVersion, use.variant, use.requests, use.errors],
    );
  }
}

interface UsedRow extends Record<string, unknown> {
  hash: string;
  name: string | null;
  document: string;
  coordinates: string[];
  clients: ClientUse[];
}

/** Operations that clients ran in the last `days` days on a variant (`""`: the whole graph), most used first. */
export async function usedOperations(db: Queryable, variant: string, days: number): Promise<UsedOperation[]> {
  return db.query<UsedRow>(
    `with client as (
       select hash, client, client_version, sum(requests) as requests, max(last_seen) as last_seen
       from operation_usage where variant = $1 and day > current_date - $2::int
       group by hash, client, client_version)
     select o.hash, o.name, o.document, o.coordinates,
       jsonb_agg(jsonb_build_object('client', c.client, 'version', c.client_version, 'requests', c.requests,
         'lastSeen', c.last_seen) order by c.requests desc) as clients
     from operation o join client c using (hash)
     group by o.hash order by sum(c.requests) desc`,
    [variant, days],
  );
}

/** Forgets what was used before the last `days` days. */
export async function forgetUsage(tx: Queryable, days: number): Promise<void> {
  await tx.query("delete from operation_usage where day <= current_date - $1::int", [days]);
  await tx.query(
    "delete from operation o where not exists (select from operation_usage u where u.hash = o.hash)",
  );
}

/** Replaces the operations of a client. */
export async function registerOperations(
  tx: Queryable,
  client: string,
  operations: readonly Pick<RegisteredOperation, "hash" | "name" | "document">[],
  by: string,
): Promise<void> {
  await tx.query("delete from registered_operation where client = $1", [client]);
  for (const { hash, name, document } of operations)
    await tx.query(
      `insert into registered_operation (client, hash, name, document, registered_by) values ($1, $2, $3, $4, $5)
       on conflict do nothing`,
      [client, hash, name, document, by],
    );
}

export async function registeredOperations(db: Queryable): Promise<RegisteredOperation[]> {
  return db.query<RegisteredOperation & Record<string, unknown>>(
    `select client, hash, name, document, registered_by as "registeredBy", registered_at as "registeredAt"
     from registered_operation order by client, name, hash`,
  );
}

/** Who registered a client's operations; undefined when it has none. */
export async function ownerOfClient(db: Queryable, client: string): Promise<string | undefined> {
  const [row] = await db.query<{ by: string }>(
    "select registered_by as by from registered_operation where client = $1 limit 1",
    [client],
  );
  return row?.by;
}
