/**
 * Which servers of a partitioned subgraph are meant, where a field may mean several members.
 */
import type { Member } from "../members.ts";
import { memberNamed, type Owner, type Partition } from "./owner.ts";

/** One server to be asked; several members may share one. */
export interface Server {
  readonly url: string | undefined;
  /** The member that was named first there, or stands first in the directory. */
  readonly member: Member;
  /** Which of the keys it was named by, by their places; undefined when all members are meant. */
  readonly places: readonly number[] | undefined;
}

/** A key that names nobody who could answer. */
export interface Stranger {
  readonly kind: Exclude<Owner["kind"], "asked">;
  readonly key: string | undefined;
}

/** The servers of all members, in the directory's order. */
export function allServers({ service, directory, located }: Partition): Server[] {
  const byUrl = new Map<string | undefined, Server>();
  for (const member of directory.members) {
    const url = located.get(member.key);
    if (member.subgraphs.includes(service) && !byUrl.has(url))
      byUrl.set(url, { url, member, places: undefined });
  }
  return [...byUrl.values()];
}

/** The servers of the members that the keys name, in the keys' order. */
export function serversNamed(
  partition: Partition,
  keys: readonly unknown[],
): { servers: Server[]; strangers: Stranger[] } {
  const byUrl = new Map<string | undefined, Server & { readonly places: number[] }>();
  const strangers: Stranger[] = [];
  for (const [place, key] of keys.entries()) {
    const owner = memberNamed(partition, key);
    if (owner.kind !== "asked" || owner.member === undefined) {
      strangers.push({ kind: owner.kind === "unknown" ? "unknown" : "absent", key: textOf(key) });
      continue;
    }
    const { url, member } = owner;
    const known = byUrl.get(url);
    if (known === undefined) byUrl.set(url, { url, member, places: [place] });
    else known.places.push(place);
  }
  return { servers: [...byUrl.values()], strangers };
}

/** A key as text; undefined when it cannot be one. */
export function textOf(key: unknown): string | undefined {
  return typeof key === "string" || typeof key === "number" ? String(key) : undefined;
}
