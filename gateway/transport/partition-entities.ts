/**
 * Entities of a partitioned subgraph: the representations are split by the key, and the answers put back in place.
 */
import type { Member } from "../members.ts";
import { clientErrors } from "./failures.ts";
import { memberNamed, ownServer, unknownMember, type Owner, type Partition } from "./owner.ts";
import type { SubgraphError, SubgraphRequest, SubgraphResponse, Transport } from "./transport.ts";

interface Share {
  readonly url: string | undefined;
  readonly member: Member | undefined;
  /** Places of its entities in the whole list. */
  readonly indices: number[];
}

/**
 * Asks each member for its own entities, all members at once. A member that fails costs its own entities: they are
 * null, with one error.
 */
export async function askEntities(
  ask: Transport,
  partition: Partition,
  request: SubgraphRequest,
): Promise<SubgraphResponse> {
  const representations = request.variables["representations"] as readonly unknown[];
  const shares = new Map<Member | undefined, Share>();
  const errors: SubgraphError[] = [];
  for (const [index, representation] of representations.entries()) {
    const owner = ownerOf(partition, representation);
    if (owner.kind === "unknown")
      errors.push(unknownMember(partition, request, owner.key, ["_entities", index]));
    if (owner.kind !== "asked") continue;
    const share = shares.get(owner.member);
    if (share === undefined) shares.set(owner.member, { ...owner, indices: [index] });
    else share.indices.push(index);
  }
  const entities: unknown[] = representations.map(() => null);
  const failures = await Promise.all(
    [...shares.values()].map(async ({ url, member, indices }) => {
      const own = indices.map((index) => representations[index]);
      const part = { ...request, url, member, variables: { ...request.variables, representations: own } };
      const response = await ask(part);
      const answered = response.data?.["_entities"];
      if (Array.isArray(answered))
        for (const [place, index] of indices.entries()) entities[index] = answered[place] ?? null;
      return clientErrors(part, response, (path) => moveInto(indices, path), ["_entities", indices[0] ?? 0]);
    }),
  );
  errors.push(...failures.flat());
  return { data: { _entities: entities }, errors: errors.length > 0 ? errors : undefined };
}

function ownerOf(partition: Partition, representation: unknown): Owner {
  const fields = representation as Readonly<Record<string, unknown>>;
  const by = partition.types.get(String(fields["__typename"]));
  return by === undefined ? ownServer(partition) : memberNamed(partition, fields[by]);
}

/** A path in one member's answer, in the whole. */
function moveInto(indices: readonly number[], path: SubgraphError["path"]): SubgraphError["path"] {
  const [root, place, ...rest] = path ?? [];
  if (root !== "_entities" || typeof place !== "number") return undefined;
  const index = indices[place];
  return index === undefined ? undefined : ["_entities", index, ...rest];
}
