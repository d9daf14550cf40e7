/**
 * The check of a graph against what its clients use: what they ran within the last days, and what they registered.
 */
import type { Queryable } from "../../process/database.ts";
import type { BrokenOperation, SchemaChange, UsedOperation } from "./compare.ts";
import type { Composer } from "./composer.ts";
import { hashOf, readSdl } from "./sql.ts";
import type { GraphState } from "./state.ts";
import { registeredOperations, usedOperations } from "./usage-sql.ts";

export interface ClientCheck {
  /** What the API of the whole graph would change. */
  readonly changes: readonly SchemaChange[];
  /** Operations that would break, with the clients that run them. */
  readonly broken: readonly (BrokenOperation & {
    /** Undefined for the whole graph. */
    readonly variant: string | undefined;
  })[];
}

export function isHarmless({ broken }: ClientCheck): boolean {
  return broken.length === 0;
}

export async function checkClients(
  db: Queryable,
  composer: Composer,
  usageDays: number,
  before: GraphState,
  after: { readonly supergraph: string; readonly variants: ReadonlyMap<string, string> },
): Promise<ClientCheck> {
  if (before.supergraph === undefined) return { changes: [], broken: [] };
  const old = await readSdl(db, before.supergraph);
  const isSame = before.variants.every(({ name, sdl }) => hashOf(after.variants.get(name) ?? "") === sdl);
  if (old === after.supergraph && isSame) return { changes: [], broken: [] };
  const persisted = await registered(db);
  const operations = [...(await usedOperations(db, "", usageDays)), ...persisted];
  const whole = await composer.run({ kind: "compare", before: old, after: after.supergraph, operations });
  const broken = whole.broken.map((operation) => ({
    ...operation,
    variant: undefined as string | undefined,
  }));
  const isBroken = new Set(broken.map(({ hash }) => hash));
  // Nothing says which graph a client registered an operation for: it counts wherever it can be executed today.
  const elsewhere = persisted.filter(({ hash }) => !isBroken.has(hash));
  for (const { name, sdl } of before.variants) {
    const used = await usedOperations(db, name, usageDays);
    const next = after.variants.get(name);
    if (next === undefined) {
      broken.push(
        ...used.map((operation) => ({ ...operation, variant: name, reasons: ["the variant is gone"] })),
      );
      continue;
    }
    if (used.length + elsewhere.length === 0) continue;
    const compared = await composer.run({
      kind: "compare",
      before: await readSdl(db, sdl),
      after: next,
      operations: [...used, ...elsewhere],
    });
    broken.push(...compared.broken.map((operation) => ({ ...operation, variant: name })));
  }
  return { changes: whole.changes, broken };
}

async function registered(db: Queryable): Promise<UsedOperation[]> {
  return (await registeredOperations(db)).map(({ hash, name, document, client }) => ({
    hash,
    name,
    document,
    coordinates: undefined,
    clients: [{ client, version: "registered", requests: 0, lastSeen: undefined }],
  }));
}
