/**
 * Whom a piece of a partitioned subgraph belongs to.
 */
import type { OperationTypeNode } from "graphql";
import { errorMessage } from "../errors.ts";
import type { Member, MemberDirectory } from "../members.ts";
import type { FieldPartition } from "../partition-fields.ts";
import { closest } from "./closest.ts";
import type { SubgraphError, SubgraphRequest } from "./transport.ts";

export interface Partition {
  readonly service: string;
  /** Undefined when the subgraph has no server of its own, only members. */
  readonly ownUrl: string | undefined;
  /** Name of the key field by type name. */
  readonly types: ReadonlyMap<string, string>;
  readonly fields: ReadonlyMap<OperationTypeNode, ReadonlyMap<string, FieldPartition>>;
  readonly directory: MemberDirectory;
  /** URLs by member key. */
  readonly located: ReadonlyMap<string, string>;
}

/** Whom an entity or a root field belongs to. */
export type Owner =
  | { readonly kind: "asked"; readonly url: string | undefined; readonly member: Member | undefined }
  /** A member that does not serve this subgraph: it has nothing to add. */
  | { readonly kind: "absent" }
  | { readonly kind: "unknown"; readonly key: string | undefined };

/** The subgraph's own server. */
export function ownServer({ ownUrl }: Partition): Owner {
  return { kind: "asked", url: ownUrl, member: undefined };
}

/** The member that a key names, in any of its spellings. The key comes from the network: it may be anything. */
export function memberNamed({ service, directory, located }: Partition, key: unknown): Owner {
  if (typeof key !== "string" && typeof key !== "number") return { kind: "unknown", key: undefined };
  const member = directory.find(String(key));
  if (member === undefined) return { kind: "unknown", key: String(key) };
  if (!member.subgraphs.includes(service)) return { kind: "absent" };
  return { kind: "asked", url: located.get(member.key), member };
}

const LONGEST_SHOWN_KEY = 64;

/** The error on the one entity or field whose key names no member. */
export function unknownMember(
  { service, directory }: Partition,
  { context }: SubgraphRequest,
  key: string | undefined,
  path: readonly (string | number)[],
): SubgraphError {
  const shown =
    key !== undefined && key.length > LONGEST_SHOWN_KEY ? `${key.slice(0, LONGEST_SHOWN_KEY)}…` : key;
  const serving = directory.members.filter((member) => member.subgraphs.includes(service));
  const allowed = closest(
    key ?? "",
    serving.map((member) => member.key),
  );
  return {
    message: errorMessage("PARTITION_MEMBER_UNKNOWN", { service, key: shown, allowed }, context.language),
    path,
    extensions: { code: "PARTITION_MEMBER_UNKNOWN", service, ...(shown !== undefined && { member: shown }) },
  };
}
